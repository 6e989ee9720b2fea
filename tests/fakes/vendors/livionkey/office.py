"""A cabinet and its cloud in a real world, driven without HTTP, for the clerk to check.

Every act tells whether it was refused; every event that leaves is written down as the
clerk would write it.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from fakes.kit.app import Options, create_app
from fakes.vendors.livionkey import contracts, doors
from fakes.vendors.livionkey.errors import ErrorCode, Refused
from fakes.vendors.livionkey.routes.portal import SettingsChange, change_settings
from fakes.vendors.livionkey.state import PushTarget, state_of
from fakes.vendors.livionkey.validation import Ask, Terms

if TYPE_CHECKING:
    from collections.abc import Callable

    from fakes.doors.cabinet import SlotEntry
    from fakes.kit.webhooks import Outgoing
    from fakes.vendors.livionkey.state import Contract
    from tests.fakes.vendors.livionkey.cabinet_model import Event, Sheet

FIRST = datetime(2026, 12, 1, tzinfo=UTC)
KEYS = [{"id": f"K{number}", "return_code": f"700{number}"} for number in range(3)]
KINDS = {
    "right-pincode": "pin-code",
    "right-return-code": "return-code",
    "right-access-code": "access-code",
}
TOLD: Counter[Event] = Counter()  # every event that left


def receive(outgoing: Outgoing) -> int:
    TOLD[read(json.loads(outgoing.body))] += 1
    return 200


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


def at(minutes: int) -> datetime:
    return FIRST + timedelta(minutes=minutes)


def minute(text: str) -> int:
    return (datetime.fromisoformat(text) - FIRST) // timedelta(minutes=1)


def refusal(act: Callable[..., object], *args: Any, **more: Any) -> ErrorCode | None:
    """Return why something was refused, if it was."""
    try:
        act(*args, **more)
    except Refused as refused:
        return refused.error
    return None


WORLDS = create_app(Options(), send=receive).extensions["strikeplate.worlds"]


class Office:
    """One world with one cabinet of five slots and three keys."""

    def __init__(self) -> None:
        TOLD.clear()
        self.world = WORLDS.create(seed="7", now=FIRST)
        hung = doors.add_door(self.world, {"name": "Lobby", "slots": 5, "keys": KEYS})
        self.door_id = hung.id
        self.take_up()
        self.state.account.target = PushTarget("http://127.0.0.1:9/push")

    def take_up(self) -> None:
        """Look at what the world holds now."""
        self.state = state_of(self.world)
        self.door = self.state.cabinets[self.door_id]
        self.made: dict[str, Contract] = {
            each.contract_id: each for each in self.state.contracts.values()
        }

    def leave(self) -> None:
        WORLDS.drop(self.world.id)

    def book(self, sheet: Sheet) -> ErrorCode | None:
        error = refusal(contracts.make, self.world, self.terms(sheet))
        self.take_up()
        return error

    def extend(self, sheet: Sheet, end: int) -> ErrorCode | None:
        made, terms = self.made[sheet.name], self.terms(sheet, end)
        return refusal(contracts.change, self.world, made, terms)

    def cancel(self, sheet: Sheet) -> ErrorCode | None:
        made = self.made[sheet.name]
        return refusal(contracts.cancel, self.world, made, even_if_out=False)

    def terms(self, sheet: Sheet, end: int | None = None) -> Terms:
        return Terms(
            contract_id=sheet.name,
            asks=(Ask(self.door.vendor_id, sheet.key, sheet.pin or None),),
            start=at(sheet.start),
            end=at(sheet.end if end is None else end),
            person="Ada",
            contacts=[],
        )

    def move_to(self, minutes: int) -> None:
        """Let the time pass until then; whatever is due happens."""
        with self.world.moving():
            self.world.move_to(at(minutes))

    def connect(self, *, online: bool) -> None:
        doors.change(self.world, self.door, {"online": online})

    def set_times(self, grace: int, delay: int) -> None:
        body = SettingsChange(return_grace_minutes=grace, overdue_delay_minutes=delay)
        change_settings(self.world, body)

    def press(self, code: str, then: str | None) -> SlotEntry:
        """Type a code; a probe before it says the same."""
        expected = self.door.probe(code, self.world.now, then=then)
        entry = self.door.enter(code, self.world.now, then=then)
        assert entry == expected
        doors.entered(self.world, self.door, entry)
        return entry

    def store_and_restore(self) -> None:
        """Let the vendor's state go through JSON and back."""
        states = {name: self.world.state(f.state) for name, f in self.fakes()}
        adapter = self.world.fakes["livionkey"].adapter
        stored = adapter.validate_json(adapter.dump_json(self.state))
        self.world.install(states | {"livionkey": stored})
        self.take_up()

    def fakes(self) -> list[tuple[str, Any]]:
        return list(self.world.fakes.items())
