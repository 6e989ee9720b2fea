"""Profiles: one TOML file that says what is judged, how it is reached, how it speaks.

`read` gives a `Profile`, or refuses the file with all of its mistakes at once.

shape.py      what a profile may hold: every table and key, with its default
templates.py  Jinja2 texts over event, booking, customer, resource, previous
locate.py     on which line of a TOML file a key stands
read.py       from a file to a checked profile
samples.py    from what a platform sends today to a template; bodies, notations
"""
