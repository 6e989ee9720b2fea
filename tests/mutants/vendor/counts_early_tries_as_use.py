"""A PIN that was tried before its start counts as used, and lives to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.doors.algopin import codec
from fakes.doors.lock import Activation, Lock
from fakes.doors.lockclock import HOUR

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from fakes.doors.entry import Entry

on = "vendor"
breaks = {"IGL-05"}


def apply(patch: pytest.MonkeyPatch) -> None:
    honest = Lock.enter

    def enter(self: Lock, code: str, now: datetime, **extra: str) -> Entry:
        entry, local = honest(self, code, now, **extra), self.reads(now)
        if entry.reason == "early" and code not in self.custom:
            hour = int(local // HOUR)
            meaning = codec(self.secret, self.epoch).read(code, near=hour)
            assert meaning is not None
            until = None if meaning.end is None else meaning.end * HOUR
            window = meaning.kind, meaning.start * HOUR, until
            self.activated[code] = Activation(*window, first_used=local)
        return entry

    patch.setattr(Lock, "enter", enter)
