"""Load tests: booking platforms in numbers, and an audit at the doors afterwards.

Law: imports neither the service nor the fakes; everything here speaks HTTP to what it
tests, as anybody else would. What is measured is counted from the moment that an event
was meant to be told. `bench` holds our own parts against floors.
"""
