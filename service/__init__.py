"""The reference integration: a booking becomes a door code, and the customer is told.

Law: nothing in here knows `fakes`, `features` or `loadtests`; it could run without
the rest of this repository. README.md shows how a booking flows through the folders.
"""

from __future__ import annotations
