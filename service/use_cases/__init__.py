"""What the service does, one module a verb.

Invariants: a use case reads and writes through the store, decides by the domain, and
reaches the outside through the ports. It knows neither HTTP nor any vendor's name.
Two moments never share a transaction: asking a vendor and writing its answer down.
"""
