"""The history of the tables, run at every start; a released step never changes."""

from __future__ import annotations

from pkgutil import iter_modules
from typing import Final

STEPS: Final = tuple(sorted(each.name[1:5] for each in iter_modules(__path__)))
"""Every step, the first one first; a database of another version is a newer one."""

HEAD: Final = STEPS[-1]
"""The latest step; a database that has it needs no look at the others."""
