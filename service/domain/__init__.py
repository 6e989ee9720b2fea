"""The rules of handing out door codes, as pure functions over frozen values.

Invariants: nothing in here reads a clock, a database, the network or a log. Time comes
in as an argument, and every answer depends on the arguments alone.
"""
