"""`python -m fakes`: serve every fake vendor on one port."""
