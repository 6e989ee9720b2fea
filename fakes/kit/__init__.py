"""What every fake vendor stands on: worlds, clock, faults, journal, control.

Invariants: the kit names no vendor. Vendors are found by walking `fakes.vendors`.
"""
