"""Tells a starting process whether it is the only one at an SQLite database.

Invariants: a process that finds itself alone may take over all work under way, since
whoever held it is dead. The mark is a lock on a file beside the database, which the
system lifts when a process dies, however it dies.
"""

from __future__ import annotations

import fcntl
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class ProcessLock:
    """This process's mark at a database, from now until `close` or death."""

    def __init__(self, database: Path) -> None:
        self._file = database.with_name(f"{database.name}.lock").open("w")
        self.alone = self._alone()

    def downgrade(self) -> None:
        """Let other processes in, once this one has taken over what it found."""
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def close(self) -> None:
        """Lift the mark."""
        self._file.close()

    def _alone(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fcntl.flock(self._file, fcntl.LOCK_SH)
            return False
        return True
