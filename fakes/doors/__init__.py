"""What is mounted on the door, apart from any cloud: a keypad and what is behind it.

Invariants: nothing here knows a vendor's server, HTTP or a world. A lock has its
secret, its own clock and its own memory, and decides alone.
"""
