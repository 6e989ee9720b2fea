"""What is measured, a module a group: each has `measure()`, which yields its rows.

Invariants: groups are found by walking this folder; no list names them.
"""
