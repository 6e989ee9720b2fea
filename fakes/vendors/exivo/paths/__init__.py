"""Exivo's operations by what they are about; `interface` puts paths on them.

Invariants: an operation is told what was asked and the ids of its path, and returns
what the state holds. It knows no HTTP and no JSON.
"""
