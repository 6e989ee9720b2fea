"""Load tests: everything here speaks HTTP to what it tests, as anybody else would."""
