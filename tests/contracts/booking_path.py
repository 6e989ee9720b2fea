"""Count what one booking runs through, from its webhook to its mail.

    python -m tests.contracts.booking_path igloohome

prints the modules of `service/` and how many functions of each are called between the
signed webhook and the mail that brings the code. The service runs in process, in front
of the fakes. Tests hold the number of modules (`test_booking_path.py`).
"""

from __future__ import annotations

import sys
import threading
from collections import defaultdict
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from freezegun import freeze_time

import service
from tests.contracts.integration import IntegrationEnv

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

ROOT = f"{Path(service.__file__).parent}/"
START = datetime(2026, 12, 1, 9, tzinfo=UTC)

Calls = dict[str, set[str]]
"""The functions that were called, by module."""


def path_of_a_booking(vendor: str, database_url: str) -> Calls:
    """Return what a booking runs through until its code is mailed."""
    profile = Profile()
    with freeze_time(START) as clock, profile.of_threads_to_come():
        env = IntegrationEnv(clock, database_url, vendor)
        env.world.add_door(vendor)
        env.connect()
        (lock,) = env.locks.values()
        env.rule(lock)
        env.service.work()
        with profile.recording():
            begins = START + timedelta(days=2)
            env.send_event("confirmed", begins, begins + timedelta(hours=2))
            while not env.outbox.taken:
                env.advance(seconds=1)
        assert len(env.outbox.taken) == 1
        env.close()
    return profile.called


class Profile:
    """Notes which functions of the service are called while it is recording."""

    def __init__(self) -> None:
        self.called: Calls = defaultdict(set)
        self._is_recording = False

    @contextmanager
    def of_threads_to_come(self) -> Iterator[None]:
        """Note calls of the threads too that begin meanwhile."""
        threading.setprofile(self._note)
        yield
        threading.setprofile(None)

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Note what is called meanwhile."""
        self._is_recording = True
        sys.setprofile(self._note)
        yield
        sys.setprofile(None)
        self._is_recording = False

    def _note(self, frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event != "call" or not self._is_recording or code.co_name.startswith("<"):
            return
        if code.co_filename.startswith(ROOT):
            self.called[code.co_filename.removeprefix(ROOT)].add(code.co_qualname)


def report(called: Calls) -> str:
    """Return the modules with their functions counted, and the sums."""
    rows = [f"{len(called[module]):4}  {module}" for module in sorted(called)]
    functions = sum(map(len, called.values()))
    return "\n".join([*rows, f"{len(called)} modules, {functions} functions"])


def main() -> None:
    """Print the path at the vendor that is named, or at igloohome."""
    vendor = sys.argv[1] if len(sys.argv) > 1 else "igloohome"
    with TemporaryDirectory() as folder:
        called = path_of_a_booking(vendor, f"sqlite:///{folder}/path.db")
    print(report(called))  # noqa: T201 - it is what the script is for


if __name__ == "__main__":
    main()
