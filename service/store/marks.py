"""Marks of what was done and is not stored yet, beside an SQLite database.

A mail that the server took, and that no transaction has written down, would go out
again after a `kill -9`. The transaction waits for its turn; a mark takes microseconds.
It is an empty file, named by the lease of the work.

Invariants: a mark stays until what it tells is durable. It outlives the process; only
the loss of power may lose it, and then the mail is repeated with the same Message-ID.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Marks:
    """The marks in a folder; without one, as beside PostgreSQL, there are none."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        if folder is not None:
            folder.mkdir(mode=0o700, exist_ok=True)

    @contextmanager
    def during(self, lease: str) -> Iterator[None]:
        """Keep a mark while the block stores what was done; it stays if that fails."""
        if self._folder is not None:
            with suppress(OSError):  # of a full disk: then there is no mark
                (self._folder / lease).touch()
        yield
        self.take(lease)

    def take(self, lease: str | None) -> bool:
        """Remove the mark of this lease; return whether it was there."""
        if self._folder is None or lease is None:
            return False
        try:
            (self._folder / lease).unlink()
        except OSError:
            return False
        return True
