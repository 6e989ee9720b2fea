"""What the service remembers: tables, leases, sealed secrets, durable commits.

Invariants: SQL is written here and nowhere else. What crosses to the use cases is a
frozen record or a value of the domain.
"""
