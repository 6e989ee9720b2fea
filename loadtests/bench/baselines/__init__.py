"""The baselines: minimal programs to compare with."""
