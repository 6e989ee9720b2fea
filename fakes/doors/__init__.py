"""The devices at a door, apart from any cloud: keypads, locks, key cabinets.

Invariants: nothing here knows a vendor's server, HTTP, a world or a rule id. A
device has its own clock and memory, and decides alone.
"""
