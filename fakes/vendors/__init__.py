"""One folder per simulated vendor, found by walking this package.

Invariants: a folder exports `FAKE` and nothing else; no folder imports another.
"""
