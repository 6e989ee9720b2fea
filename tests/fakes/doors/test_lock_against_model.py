"""The lock, which sees digits only, agrees with a model that is told the windows.

The model thinks in instants of UTC and knows no permutation, no lock time and no
judge: each PIN is written down with its own window, as on a sheet of paper.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from pydantic import TypeAdapter

from fakes.doors.algopin import KINDS, codec
from fakes.doors.lock import Lock
from fakes.kit.ids import Ids
from tests.fakes.doors.expected_pins import DAY, HOUR, LENGTHS, Sheet, expected_sheet
from tests.fakes.doors.locks import install, issue_pin

FIRST = datetime(2026, 12, 1, tzinfo=UTC)
PIN_LENGTHS = (7, 9)  # a code of such a length is read as it stands
TWO_YEARS_IN_HOURS = 2 * 366 * 24
ZONES = ("Europe/Stockholm", "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe")


def test_10_000_windows_are_judged_as_on_paper_at_random_instants() -> None:
    chance = Ids("windows")
    locks = [install(zone, secret=f"secret of {zone}") for zone in ZONES]
    for _ in range(10_000):
        lock = locks[chance.below("lock", len(locks))]
        kind = ("hourly", "daily")[chance.below("kind", 2)]
        unit, shortest, longest = LENGTHS[kind]
        duration = shortest + chance.below("duration", longest - shortest + 1)
        start = whole_hour(lock, FIRST + chance.below("start", 8760) * HOUR)
        sheet = expected_sheet(kind, start, duration)
        pin = issue_pin(lock, kind, start, duration, 1 + chance.below("variant", 3))
        span = 3 * DAY + 2 * duration * unit
        late = chance.below("moment", int(span.total_seconds()))
        for moment in (start, start - DAY + timedelta(seconds=late)):
            assert lock.probe(pin, moment).reason == sheet.says(moment)


def whole_hour(lock: Lock, instant: datetime) -> datetime:
    """Return the last whole hour by standard time in the lock's zone."""
    minutes = lock.clock.offset_seconds // 60 % 60
    return instant.replace(minute=(60 - minutes) % 60)


class Keypad(RuleBasedStateMachine):
    """One lock, typed on in any order while time and drift move."""

    def __init__(self) -> None:
        super().__init__()
        self.lock = install("Asia/Kolkata", lockout_tries=3, lockout_minutes=5)
        self.now = FIRST
        self.sheets: dict[str, Sheet] = {}
        self.wrong = 0
        self.dead_until: datetime | None = None

    @property
    def shown(self) -> datetime:
        """The present by the lock's own clock."""
        return self.now + timedelta(seconds=self.lock.clock_drift_seconds)

    @rule(
        kind=st.sampled_from(sorted(KINDS)),
        hours=st.integers(-30, 30),
        duration=st.integers(1, 400),
        variant=st.integers(1, 3),
    )
    def issue(self, kind: str, hours: int, duration: int, variant: int) -> None:
        _, shortest, longest = LENGTHS.get(kind, (None, 1, 1))
        duration = min(max(duration, shortest), longest)
        hour = self.now.replace(minute=0, second=0, microsecond=0)
        start = whole_hour(self.lock, hour + hours * HOUR)
        pin = issue_pin(self.lock, kind, start, duration, variant)
        self.sheets.setdefault(pin, expected_sheet(kind, start, duration))

    @rule(seconds=st.one_of(st.integers(1, 600), st.integers(1, 40 * 86400)))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(seconds=st.integers(-7200, 7200))
    def drift(self, seconds: int) -> None:
        self.lock.clock_drift_seconds = seconds

    @rule(choice=st.integers(0, 99), decoys=st.text("0123456789", max_size=7))
    def type_one_that_was_issued(self, choice: int, decoys: str) -> None:
        if self.sheets:
            pin = sorted(self.sheets)[choice % len(self.sheets)]
            if not decoys or self.is_one_pin_only(decoys + pin, pin):
                self.press(decoys + pin, self.sheets[pin])

    @rule(code=st.text("0123456789", min_size=1, max_size=6))
    def type_a_short_one(self, code: str) -> None:
        self.press(code, None)

    @rule()
    def reset(self) -> None:
        self.lock.reset(self.now)
        self.sheets.clear()
        self.wrong, self.dead_until = 0, None

    @rule()
    def store_and_restore(self) -> None:
        stored = ADAPTER.dump_json(self.lock)
        self.lock = ADAPTER.validate_json(stored)

    def is_one_pin_only(self, typed: str, pin: str) -> bool:
        """Whether no longer tail of the typed digits is a PIN of these years too."""
        longest = max(PIN_LENGTHS)
        if len(typed) in PIN_LENGTHS or not len(pin) < longest < len(typed):
            return len(typed) not in PIN_LENGTHS
        hour = int(self.lock.reads(self.now) // 3600)
        meaning = codec(self.lock.secret, self.lock.epoch).read(
            typed[-longest:], near=hour
        )
        return meaning is None or abs(meaning.start - hour) > TWO_YEARS_IN_HOURS

    def press(self, code: str, sheet: Sheet | None) -> None:
        expected = sheet.says(self.shown) if sheet else "wrong-code"
        if self.dead_until and self.shown < self.dead_until:
            expected = "locked-out"
        assert self.lock.probe(code, self.now).opened == (expected == "opened")
        entry = self.lock.enter(code, self.now)
        assert entry.reason == expected
        self.note(sheet, expected)

    def note(self, sheet: Sheet | None, reason: str) -> None:
        if reason == "opened":
            assert sheet
            sheet.opened_at = sheet.opened_at or self.shown
            self.wrong, self.dead_until = 0, None
        elif reason != "locked-out":
            self.wrong += 1
            if self.wrong == 3:
                self.wrong = 0
                self.dead_until = self.shown + timedelta(minutes=5)

    @invariant()
    def no_pin_is_forgotten_or_made_up(self) -> None:
        opened = {pin for pin, sheet in self.sheets.items() if sheet.opened_at}
        assert set(self.lock.activated) == opened


ADAPTER = TypeAdapter(Lock)
TestKeypad = Keypad.TestCase
TestKeypad.settings = settings(max_examples=60, stateful_step_count=40)
