"""The bench: what our own parts cost, each as a ratio to a floor of the same run.

Law: it speaks to the parts over their wires, as anybody would; only `rows/keypads.py`
imports what it measures, since a keypad has no wire. README.md says how to read it.
"""
