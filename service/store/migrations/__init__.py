"""The history of the tables, run at every start; a released step never changes."""

from __future__ import annotations

from typing import Final

HEAD: Final = "0001"
"""The latest step; a database that has it needs no look at the others."""
