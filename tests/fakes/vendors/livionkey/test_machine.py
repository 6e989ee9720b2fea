"""One cabinet with guests, keys and offline spells agrees with a clerk's notebook.

The cabinet and its cloud are those of a real world, driven without HTTP; the notebook
is `paper.py`. After every step both agree where each key is, what the office has heard
of it, and on every event that ever left, none missing and none doubled.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from hypothesis.stateful import initialize
from hypothesis.stateful import invariant
from hypothesis.stateful import precondition
from hypothesis.stateful import rule

from fakes.kit.app import create_app
from fakes.kit.options import Options
from fakes.vendors.livionkey import contracts
from fakes.vendors.livionkey import doors
from fakes.vendors.livionkey import sync
from fakes.vendors.livionkey import timers
from fakes.vendors.livionkey.account import PushTarget
from fakes.vendors.livionkey.state import Contract
from fakes.vendors.livionkey.state import state_of
from fakes.vendors.livionkey.terms import Ask
from fakes.vendors.livionkey.terms import Terms
from fakes.vendors.livionkey.why import Refused
from fakes.vendors.livionkey.why import Why
from tests.fakes.vendors.livionkey.paper import Event
from tests.fakes.vendors.livionkey.paper import Paper
from tests.fakes.vendors.livionkey.paper import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from fakes.doors.slotentry import SlotEntry
    from fakes.kit.transport import Outgoing
    from fakes.kit.world import World

FIRST = datetime(2026, 12, 1, tzinfo=UTC)
KEYS = [{"id": f"K{number}", "return_code": f"700{number}"} for number in range(3)]
TOLD: Counter[Event] = Counter()  # every event that left
KINDS = {
    "right-pincode": "pin-code",
    "right-return-code": "return-code",
    "right-access-code": "access-code",
}
GRACES = st.sampled_from([0, 60, 720])  # minutes
DELAYS = st.sampled_from([0, 30, 60])
which = st.integers(0, 99)


def at(minute: int) -> datetime:
    return FIRST + timedelta(minutes=minute)


def minute(text: str) -> int:
    return (datetime.fromisoformat(text) - FIRST) // timedelta(minutes=1)


def read(body: dict[str, Any]) -> Event:
    """Return a flat event as the clerk would write it down."""
    kind, name = body["type"], body.get("contractId", "")
    if kind == "device-alarm":
        active = body["state"] == "activated"
        return ("alarm", str(active), "", minute(body["start" if active else "end"]))
    if kind in KINDS:
        return (KINDS[kind], body["code"], name, minute(body["time"]))
    if kind == "key-status":
        what = body["state"].removeprefix("key-")
        return (what, body["keyId"], name, minute(body["time"]))
    return ("update", body["keyId"], name, minute(body["time"]))


def refusal(act: Callable[..., object], *args: Any, **more: Any) -> Why | None:
    """Return why something was refused, if it was."""
    try:
        act(*args, **more)
    except Refused as refused:
        return refused.why
    return None


def receive(outgoing: Outgoing) -> int:
    TOLD[read(json.loads(outgoing.body))] += 1
    return 200


APP = create_app(Options(), send=receive)


class Cabinet(RuleBasedStateMachine):
    """Guests come and go in any order, while the connection does the same."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        TOLD.clear()
        worlds = APP.extensions["strikeplate.worlds"]
        self.world = worlds.create(seed="7", now=FIRST)
        hung = doors.hang(self.world, {"name": "Lobby", "slots": 5, "keys": KEYS})
        self.state = state_of(self.world)
        self.state.account.target = PushTarget("http://127.0.0.1:9/push")
        self.door = self.state.cabinets[hung.id]
        self.made: dict[str, Contract] = {}
        spare = {key.id: set(key.backup) for key in self.state.keys.values()}
        self.paper = Paper({key["id"]: key["return_code"] for key in KEYS}, spare)

    def teardown(self) -> None:
        worlds = APP.extensions["strikeplate.worlds"]
        worlds.drop(self.world.id)

    def pick(self, choice: int) -> Sheet | None:
        live = self.paper.live()
        return live[choice % len(live)] if live else None

    def move(self) -> None:
        """Let the world catch up with the notebook; whatever is due runs."""
        with self.world.moving():
            self.world.move_to(at(self.paper.now))

    def terms(self, sheet: Sheet) -> Terms:
        return Terms(
            contract_id=sheet.name,
            asks=(Ask(self.door.vendor_id, sheet.key, sheet.pin or None),),
            start=at(sheet.start),
            end=at(sheet.end),
            person="Ada",
            contacts=[],
        )

    @initialize(grace=GRACES, delay=DELAYS)
    def begin(self, grace: int, delay: int) -> None:
        self.set_times(grace, delay)
        for key in KEYS:
            self.book(key, 0, 200)

    @rule(key=st.sampled_from(KEYS), soon=st.integers(0, 40), long=st.integers(1, 300))
    def book(self, key: dict[str, str], soon: int, long: int) -> None:
        start = self.paper.now + soon
        name = f"B-{len(self.paper.sheets)}"
        sheet = Sheet(name, key["id"], "", start, start + long)
        fits = self.paper.is_free(sheet.key, sheet.start, sheet.end)
        why = refusal(contracts.make, self.world, self.terms(sheet))
        assert why == (None if fits else Why.OVERLAP)
        if fits:
            self.made[name] = list(self.state.contracts.values())[-1]
            sheet.pin = self.made[name].legs[0].pin
            self.paper.sign(sheet)

    @precondition(lambda self: self.paper.live())
    @rule(choice=which, end=st.integers(-60, 120))
    def extend(self, choice: int, end: int) -> None:
        sheet = self.pick(choice)
        assert sheet
        new = max(self.paper.now + end, sheet.start + 1)
        fits = self.paper.is_free(sheet.key, sheet.start, new, but=sheet.name)
        asked = self.terms(Sheet(sheet.name, sheet.key, sheet.pin, sheet.start, new))
        made = self.made[sheet.name]
        why = refusal(contracts.change, self.world, made, asked)
        assert why == (None if fits else Why.OVERLAP)
        if fits:
            self.paper.extend(sheet, new)

    @precondition(lambda self: self.paper.live())
    @rule(choice=which)
    def delete(self, choice: int) -> None:
        sheet = self.pick(choice)
        assert sheet
        made, is_out = self.made[sheet.name], sheet.heard == "fetched"
        why = refusal(contracts.cancel, self.world, made, even_if_out=False)
        assert why == (Why.KEY_IS_OUT if is_out else None)
        if not is_out:
            self.paper.delete(sheet)

    @rule(minutes=st.one_of(st.integers(1, 20), st.integers(1, 200), st.just(1500)))
    def wait(self, minutes: int) -> None:
        self.paper.wait(minutes)
        self.move()

    @rule()
    def switch(self) -> None:
        self.connect(online=not self.door.online)

    def connect(self, *, online: bool) -> None:
        doors.change(self.world, self.door, {"online": online})
        self.paper.switch(online=online)

    @rule(grace=GRACES, delay=DELAYS)
    def set_times(self, grace: int, delay: int) -> None:
        self.state.settings.return_grace_minutes = grace
        self.state.settings.overdue_delay_minutes = delay
        timers.rearm_all(self.world)
        sync.devices(self.world, list(self.state.devices))
        self.paper.set_times(grace, delay)

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

    @precondition(lambda self: self.paper.has)
    @rule(choice=which)
    def guest_returns(self, choice: int) -> None:
        away = sorted(set(self.paper.has.values()) & set(self.paper.sheets))
        if away:
            self.press(self.paper.sheets[away[choice % len(away)]].pin, moves=True)

    @precondition(lambda self: self.paper.sheets)
    @rule(choice=which)
    def anybody_comes(self, choice: int) -> None:
        sheets = list(self.paper.sheets.values())
        self.press(sheets[choice % len(sheets)].pin, moves=True)

    @rule(key=st.sampled_from(KEYS), moves=st.integers(0, 4))
    def somebody_types_a_return_code(self, key: dict[str, str], moves: int) -> None:
        entry = self.press(f"*{key['return_code']}", moves=moves > 0)
        assert self.door.log[-1].what != "taken"
        assert entry.slot is None or (moves > 0) == (entry.key is not None)

    @rule(key=st.sampled_from(KEYS), choice=which)
    def keeper_uses_a_backup_code(self, key: dict[str, str], choice: int) -> None:
        left = sorted(self.paper.backup[key["id"]])
        if left and choice % 4 == 0:
            self.press(left[choice % len(left)], moves=True)

    @precondition(lambda self: self.paper.now >= self.paper.blocked_until)
    @rule(code=st.sampled_from(["1", "*1", "123456789"]))
    def stranger_tries(self, code: str) -> None:
        self.press(code, moves=True)

    def present(self) -> list[Sheet]:
        """Return the contracts that hold now, as the office has them."""
        now, grace = self.paper.now, self.paper.grace
        return [
            each for each in self.paper.live() if each.start <= now < each.end + grace
        ]

    @rule()
    def store_and_restore(self) -> None:
        adapter = self.world.fakes["livionkey"].adapter
        stored = adapter.validate_json(adapter.dump_json(self.state))
        states = {name: self.world.state(fake.state) for name, fake in self.others()}
        self.world.install(states | {"livionkey": stored})
        self.state = state_of(self.world)
        self.door = self.state.cabinets[self.door.id]
        self.made = {each.contract_id: each for each in self.state.contracts.values()}

    def others(self) -> list[tuple[str, Any]]:
        return [each for each in self.world.fakes.items() if each[0] != "livionkey"]

    def press(self, code: str, *, moves: bool) -> SlotEntry:
        was = {key.id: key.slot for key in self.door.rack.keys.values()}
        then = None if moves else "nothing"
        expected = self.door.probe(code, self.world.now, then=then)
        entry = self.door.enter(code, self.world.now, then=then)
        assert entry == expected
        doors.entered(self.world, self.door, entry)
        outcome = self.paper.type(code, moves=moves)
        if self.paper.online:
            self.paper.read_out()
        self.compare(entry, outcome, was)
        return entry

    def compare(
        self, entry: SlotEntry, outcome: str, was: dict[str, int | None]
    ) -> None:
        assert entry.opened == (outcome != "shut")
        assert (entry.key is not None) == (outcome in {"taken", "returned"})
        if entry.key:
            assert (was[entry.key] is None) == (outcome == "returned")

    @invariant()
    def every_key_is_where_the_clerk_says(self) -> None:
        rack = self.door.rack
        out = {key.id for key in rack.keys.values() if not key.is_in}
        assert out == set(self.paper.has)
        lying = [key.slot for key in rack.keys.values() if key.is_in]
        assert len(lying) == len(set(lying))
        assert len(rack.keys) == len(KEYS)

    @invariant()
    def office_knows_what_it_has_heard(self) -> None:
        for name, sheet in self.paper.sheets.items():
            leg = self.made[name].legs[0]
            told = (leg.status, leg.missed, leg.overdue)
            assert told == (sheet.heard, sheet.missed, sheet.overdue), name

    @invariant()
    def no_event_is_missing_or_doubled(self) -> None:
        self.move()
        assert Counter(self.paper.events) == TOLD


TestCabinet = Cabinet.TestCase
TestCabinet.settings = settings(
    derandomize=True, deadline=None, max_examples=80, stateful_step_count=50
)
