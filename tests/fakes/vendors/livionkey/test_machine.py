"""One cabinet with guests, keys and offline spells agrees with a clerk's notebook.

After every step the cabinet (`office.py`) and the notebook (`cabinet_model.py`) agree
where each key is, what the office knows of it, and on every event that ever left:
none is missing and none doubled. A static code never gives a key out.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from fakes.vendors.livionkey.errors import ErrorCode
from tests.fakes.vendors.livionkey.cabinet_model import CabinetModel, Sheet
from tests.fakes.vendors.livionkey.office import KEYS, TOLD, Office

if TYPE_CHECKING:
    from fakes.doors.cabinet import SlotEntry

GRACES = st.sampled_from([0, 60, 720])  # minutes
DELAYS = st.sampled_from([0, 30, 60])
CODES = {key["id"]: key["return_code"] for key in KEYS}
which = st.integers(0, 99)
key_id = st.sampled_from(sorted(CODES))


class Cabinet(RuleBasedStateMachine):
    """Guests come and go in any order, while the connection does the same."""

    def __init__(self) -> None:
        super().__init__()
        self.office = Office()
        keys = self.office.state.keys.values()
        self.model = CabinetModel(CODES, {key.id: set(key.backup) for key in keys})

    def teardown(self) -> None:
        self.office.leave()

    @initialize(grace=GRACES, delay=DELAYS)
    def begin(self, grace: int, delay: int) -> None:
        self.set_times(grace, delay)
        for key in CODES:
            self.book(key, 0, 200)

    @rule(key=key_id, soon=st.integers(0, 40), long=st.integers(1, 300))
    def book(self, key: str, soon: int, long: int) -> None:
        start = self.model.now + soon
        sheet = Sheet(f"B-{len(self.model.sheets)}", key, "", start, start + long)
        fits = self.model.is_free(key, sheet.start, sheet.end)
        assert self.office.book(sheet) == (None if fits else ErrorCode.OVERLAP)
        if fits:
            sheet.pin = self.office.made[sheet.name].handovers[0].pin
            self.model.sign(sheet)

    @precondition(lambda self: self.model.live())
    @rule(choice=which, end=st.integers(-60, 120))
    def extend(self, choice: int, end: int) -> None:
        sheet = self.pick(choice)
        new = max(self.model.now + end, sheet.start + 1)
        fits = self.model.is_free(sheet.key, sheet.start, new, but=sheet.name)
        assert self.office.extend(sheet, new) == (None if fits else ErrorCode.OVERLAP)
        if fits:
            self.model.extend(sheet, new)

    @precondition(lambda self: self.model.live())
    @rule(choice=which)
    def cancel(self, choice: int) -> None:
        sheet = self.pick(choice)
        is_out = sheet.known == "fetched"
        assert self.office.cancel(sheet) == (ErrorCode.KEY_IS_OUT if is_out else None)
        if not is_out:
            self.model.delete(sheet)

    def pick(self, choice: int) -> Sheet:
        live = self.model.live()
        return live[choice % len(live)]

    @rule(minutes=st.one_of(st.integers(1, 20), st.integers(1, 200), st.just(1500)))
    def wait(self, minutes: int) -> None:
        self.model.wait(minutes)
        self.office.move_to(self.model.now)

    @rule()
    def switch(self) -> None:
        self.connect(online=not self.model.online)

    def connect(self, *, online: bool) -> None:
        self.office.connect(online=online)
        self.model.switch(online=online)

    @rule(grace=GRACES, delay=DELAYS)
    def set_times(self, grace: int, delay: int) -> None:
        self.office.set_times(grace, delay)
        self.model.set_times(grace, delay)

    @precondition(lambda self: self.present())
    @rule(choice=which, moves=st.integers(0, 4))
    def guest_comes(self, choice: int, moves: int) -> None:
        present = self.present()
        self.press(present[choice % len(present)].pin, moves=moves > 0)

    @precondition(lambda self: self.present())
    @rule(choice=which, minutes=st.integers(1, 300))
    def guest_comes_without_a_connection(self, choice: int, minutes: int) -> None:
        self.connect(online=False)
        self.guest_comes(choice, 1)
        self.wait(minutes)
        self.connect(online=True)

    @precondition(lambda self: self.model.has)
    @rule(choice=which)
    def guest_returns(self, choice: int) -> None:
        away = sorted(set(self.model.has.values()) & set(self.model.sheets))
        if away:
            self.press(self.model.sheets[away[choice % len(away)]].pin, moves=True)

    @precondition(lambda self: self.model.sheets)
    @rule(choice=which)
    def anybody_comes(self, choice: int) -> None:
        sheets = list(self.model.sheets.values())
        self.press(sheets[choice % len(sheets)].pin, moves=True)

    @rule(key=key_id, moves=st.integers(0, 4))
    def somebody_types_a_return_code(self, key: str, moves: int) -> None:
        entry = self.press(f"*{CODES[key]}", moves=moves > 0)
        assert self.office.door.log[-1].what != "taken"
        assert entry.slot is None or (moves > 0) == (entry.key is not None)

    @rule(key=key_id, choice=which)
    def keeper_uses_a_backup_code(self, key: str, choice: int) -> None:
        left = sorted(self.model.backup[key])
        if left and choice % 4 == 0:
            self.press(left[choice % len(left)], moves=True)

    @precondition(lambda self: self.model.now >= self.model.blocked_until)
    @rule(code=st.sampled_from(["1", "*1", "123456789"]))
    def stranger_tries(self, code: str) -> None:
        self.press(code, moves=True)

    def present(self) -> list[Sheet]:
        """Return the contracts that hold now, as the office has them."""
        now, grace = self.model.now, self.model.grace
        return [
            each for each in self.model.live() if each.start <= now < each.end + grace
        ]

    @rule()
    def store_and_restore(self) -> None:
        self.office.store_and_restore()

    def press(self, code: str, *, moves: bool) -> SlotEntry:
        was_in = {key for key in CODES if key not in self.model.has}
        entry = self.office.press(code, None if moves else "nothing")
        outcome = self.model.type(code, moves=moves)
        if self.model.online:
            self.model.read_out()
        assert entry.opened == (outcome != "shut")
        assert (entry.key is not None) == (outcome in {"taken", "returned"})
        assert entry.key is None or (entry.key in was_in) == (outcome == "taken")
        return entry

    @invariant()
    def every_key_is_where_the_clerk_says(self) -> None:
        key_slots = self.office.door.key_slots
        out = {key.id for key in key_slots.keys.values() if not key.is_in}
        assert out == set(self.model.has)
        lying = [key.slot for key in key_slots.keys.values() if key.is_in]
        assert len(lying) == len(set(lying))
        assert set(key_slots.keys) == set(CODES)

    @invariant()
    def office_knows_what_was_reported(self) -> None:
        for name, sheet in self.model.sheets.items():
            handover = self.office.made[name].handovers[0]
            answer = (handover.status, handover.missed, handover.overdue)
            assert answer == (sheet.known, sheet.missed, sheet.overdue), name

    @invariant()
    def no_event_is_missing_or_doubled(self) -> None:
        self.office.move_to(self.model.now)
        assert Counter(self.model.events) == TOLD


TestCabinet = Cabinet.TestCase
TestCabinet.settings = settings(max_examples=100, stateful_step_count=50)
