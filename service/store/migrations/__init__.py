"""The history of the tables, run at every start; a released step never changes."""

from __future__ import annotations

from typing import Final

STEPS: Final = ("0001", "0002", "0003", "0004", "0005")
"""Every step, the first one first; a database of another version is a newer one."""

HEAD: Final = STEPS[-1]
"""The latest step; a database that has it needs no look at the others."""
