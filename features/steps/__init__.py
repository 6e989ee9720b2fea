"""The step definitions: one module per subject, shared by all features.

Invariants: a Given brings about, a When acts once, a Then only looks or tries a door.
A step speaks to the scenario's context alone. `parameter_types` reads the parameters.
A new wording for what a step already does is an argument or a row of a table of that
step, not a new step (`tests/features/test_phrases.py` counts them).
"""
