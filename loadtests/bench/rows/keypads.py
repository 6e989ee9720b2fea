"""The keypads, in process: decode an entry, decide, remember; on one core.

Invariants: the only file here that imports what it measures, since a keypad has no
network. Each door is set up as its cloud does it, and valid codes are entered. Doors
that keep codes keep `KEPT` of them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import process_time
from typing import TYPE_CHECKING, Any, Final

from fakes.doors.algopin import PinMeaning, codec
from fakes.doors.cabinet import Cabinet
from fakes.doors.codebook import Codebook, StoredCode
from fakes.doors.entrance import Entrance, Pass
from fakes.doors.key_slots import KeySlots
from fakes.doors.keycode import Grant, Memory
from fakes.doors.lock import Lock
from fakes.doors.lockclock import HOUR, paired
from fakes.doors.lockout import Lockout
from fakes.doors.onlinedoor import OnlineDoor
from fakes.doors.permit import Permit
from fakes.doors.schedule import Schedule
from fakes.doors.smartlock import SmartLock
from loadtests.bench.measure import Goal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loadtests.bench.measure import Row

    Door = Any  # what has `enter(code, now)`
    Typed = tuple[Door, list[str]]

ENTRIES: Final = 10_000
KEPT: Final = 50
ROUNDS: Final = 5
NOW: Final = datetime(2026, 12, 1, 12, 30, tzinfo=UTC)
ENOUGH: Final = 20_000
WHO: Final[dict[str, Any]] = {
    "id": "door-1",
    "vendor": "v",
    "vendor_id": "1",
    "name": "Front",
}


def measure() -> Iterator[Row]:
    """Yield a row for each kind of door."""
    for install in (
        unseen_algopin,
        known_algopin,
        smartlock,
        pin_pad,
        cabinet,
        entrance,
    ):
        kind = install.__name__.replace("_", " ")
        goal = Goal(f"keypad: entries a second, {kind}", ENOUGH, "/s")
        best = min(_seconds(*install()) for _ in range(ROUNDS))
        yield goal.row(ENTRIES / best, f"{best / ENTRIES * 1e6:.1f} µs CPU an entry")


def _seconds(door: Door, codes: list[str]) -> float:
    """Return the processor time of typing the codes, all of which open."""
    spent = process_time()
    opened = [door.enter(codes[n % len(codes)], NOW).opened for n in range(ENTRIES)]
    taken = process_time() - spent
    if not all(opened):
        raise RuntimeError(f"{type(door).__name__} opened {sum(opened)} of {ENTRIES}")
    return taken


def known_algopin() -> Typed:
    """Hang a lock that remembers the PINs typed at it."""
    lock = Lock(
        **WHO,
        kind="lock",
        clock=paired("Europe/Stockholm", NOW),
        secret="a dummy secret",  # noqa: S106
        master="24681357",
    )
    hour = int(lock.clock.reads(NOW) // HOUR)
    lengths = range(1, KEPT + 1)
    writer = codec(lock.secret, lock.epoch)
    return lock, [writer.write(PinMeaning("hourly", hour, each, 1)) for each in lengths]


def unseen_algopin() -> Typed:
    """Hang the same lock with a memory that forgets, so that it decodes every PIN."""
    lock, codes = known_algopin()
    lock.activated = _Forgetful()
    return lock, codes


class _Forgetful(dict[str, Any]):
    def __setitem__(self, pin: str, activation: object) -> None:
        """Keep nothing."""


def smartlock() -> Typed:
    """Hang a lock with a codebook; each code is for one day of the week and hours."""
    book = Codebook(100)
    codes = [f"345{n // 9 + 1}{n % 9 + 1}7" for n in range(KEPT)]
    start, end = NOW - timedelta(days=1), NOW + timedelta(days=30)
    always = Schedule(start, end, weekdays=127, from_minute=0, until_minute=1439)
    for digits in codes:
        book.add(StoredCode(digits, "Ada Novak", always))
    lock = SmartLock(
        **WHO,
        kind="smartlock",
        timezone="Europe/Berlin",
        codebook=book,
        lockout=_lockout(),
    )
    return lock, codes


def pin_pad() -> Typed:
    """Hang a PIN pad that was told permits."""
    door = OnlineDoor(
        **WHO,
        kind="electric-lock",
        timezone="Europe/Zurich",
        lockout=_lockout(),
        keypad=True,
    )
    codes = [f"{4000 + n}" for n in range(KEPT)]
    for place, pin in enumerate(codes):
        door.learn(Permit(f"p-{place}", pin, start=NOW, always=True), f"p-{place}")
    return door, codes


def cabinet() -> Typed:
    """Hang a cabinet; a guest takes the key out and brings it back."""
    key_slots = KeySlots(4)
    key_slots.add("flat-1", 0, inside=True)
    pins = [f"{590_000 + n}" for n in range(KEPT)]
    end = NOW + timedelta(days=1)
    grants = [Grant(pin, "flat-1", pin, "default", NOW, end, end) for pin in pins]
    memory = Memory(grants=grants)
    door = Cabinet(
        **WHO,
        product="key30",
        timezone="Europe/Helsinki",
        key_slots=key_slots,
        lockout=_lockout(),
        memory=memory,
    )
    return door, [pin for pin in pins for _ in ("take", "return")]


def entrance() -> Typed:
    """Hang a keypad beside a house door."""
    pins = [f"{590_000 + n}" for n in range(KEPT)]
    schedules = (Schedule(start=NOW, end=NOW + timedelta(days=1)),)
    door = Entrance(
        **WHO,
        product="keypad",
        timezone="Europe/Helsinki",
        lockout=_lockout(),
        passes=[Pass(pin, pin, schedules) for pin in pins],
    )
    return door, pins


def _lockout() -> Lockout:
    return Lockout(((5, 60),))
