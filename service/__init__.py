"""The reference integration: a booking becomes a door code, and the customer is told.

Invariants: nothing in here knows `fakes`, `strikeplate`, `features` or `loadtests`; it
could run without the rest of this repository. README.md shows how a booking passes
through the folders.
"""

from __future__ import annotations

from service.app import create_app

__all__ = ["create_app"]
