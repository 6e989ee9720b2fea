"""The framework of every fake vendor: worlds, clock, faults, journal, control.

Invariants: the kit names no vendor. Vendors are found by walking `fakes.vendors`.
"""
