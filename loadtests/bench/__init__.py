"""The bench: what our own parts cost, each as a ratio to a baseline of the same run.

Invariants: it measures over HTTP. Only `rows/keypads.py` imports what it measures, as
a keypad has no network. README.md says how to read the figures.
"""
