"""The files of an SQLite database: who may read them, and which processes use them."""

from __future__ import annotations

import fcntl
from contextlib import suppress
from pathlib import Path
from typing import Final

PRIVATE: Final = 0o600


def keep_private(database: Path) -> None:
    """Have the file read by its owner alone; SQLite gives its others the same mode."""
    with suppress(OSError):  # what is wrong with it shows when it is opened
        database.touch(PRIVATE)
        database.chmod(PRIVATE)


class ProcessLock:
    """A lock on a file beside an SQLite database, held until `close` or death.

    A process that is `alone` may reclaim all leases, since their holders are dead. The
    system lifts the lock when a process dies, however it dies.
    """

    def __init__(self, database: Path) -> None:
        self._file = database.with_name(f"{database.name}.lock").open("w")
        self.alone = self._alone()

    def downgrade(self) -> None:
        """Let other processes in, once this one has reclaimed the leases it found."""
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def close(self) -> None:
        """Release the lock."""
        self._file.close()

    def _alone(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fcntl.flock(self._file, fcntl.LOCK_SH)
            return False
        return True
