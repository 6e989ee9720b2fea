"""The three truths agree with a model on paper, whatever is done in whatever order.

The model keeps three dictionaries: what the copy lists, what is on its way with its
time of arrival, what the lock has stored. It knows the rules of the life of a code (one
order at a time, three seconds to a lock that is online, waiting for one that is not, an
app that the server hears of by a sync alone) and nothing of the code under test.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from fakes.kit.app import Options, create_app
from tests.fakes.vendors.nuki.account import CONTROL, Account

CODES = (333333, 444444)
DELIVERY = 3
codes = st.sampled_from(CODES)
kinds = st.sampled_from(["update", "delete"])
spans = st.sampled_from([0, 1, 3, 3, 7])  # seconds; an order takes three
APP = create_app(Options(control_token=CONTROL), send=lambda _outgoing: 204)


@dataclass
class Way:
    """An order on its way: what for, and when it arrives, unless it waits."""

    kind: str
    code: int
    name: str
    arrives: int | None


@dataclass
class Model:
    """One lock in three truths, each code by its digits."""

    now: int = 0
    online: bool = True
    copy: dict[int, str] = field(default_factory=dict)
    door: dict[int, str] = field(default_factory=dict)
    ways: dict[int, Way] = field(default_factory=dict)
    syncs: list[int] = field(default_factory=list)

    def order(self, kind: str, code: int, name: str) -> int:
        if kind == "create" and (code in self.copy or code in self.ways):
            return 409
        if kind != "create" and code in self.ways:
            return 423
        self.ways[code] = Way(kind, code, name, self.now + DELIVERY)
        return 204

    def wait(self, seconds: int) -> None:
        for _ in range(seconds):
            self.now += 1
            for way in [way for way in self.ways.values() if way.arrives == self.now]:
                self.arrive(way)
            if self.now in self.syncs and self.online:
                self.look()

    def arrive(self, way: Way) -> None:
        if not self.online:
            way.arrives = None
            return
        del self.ways[way.code]
        known = way.code in self.door
        if way.kind == "create" and not known:
            self.copy[way.code] = self.door[way.code] = way.name
        if way.kind == "update" and known:
            self.copy[way.code] = self.door[way.code] = way.name
        if way.kind == "delete" and known:
            del self.copy[way.code], self.door[way.code]

    def look(self) -> None:
        busy = set(self.ways) & set(self.copy)
        kept = {code: self.copy[code] for code in busy}
        fresh = {code: name for code, name in self.door.items() if code not in busy}
        self.copy = kept | fresh

    def come_back(self) -> None:
        self.online = True
        for way in self.ways.values():
            way.arrives = self.now + DELIVERY if way.arrives is None else way.arrives


class Lock(RuleBasedStateMachine):
    """One lock, with a client, an app and a network that do what they like."""

    def __init__(self) -> None:
        super().__init__()
        self.account = Account(APP, strict=False)
        self.account.switch(copy_shows="confirmed")
        self.door = self.account.add_door()
        self.model = Model()
        self.names = 0

    def name(self) -> str:
        self.names += 1
        return f"name {self.names}"

    @rule(code=codes, kind=kinds, then=spans, flips=st.booleans())
    def order(self, code: int, kind: str, then: int, *, flips: bool) -> None:
        """Order a code, or a change if it is listed; the network may come or go."""
        name = self.name()
        if code not in self.model.copy:
            kind = "create"
            answer = self.account.order(self.door, code=code, name=name)
        elif kind == "update":
            row = self.account.row(self.door, code)
            answer = self.account.update(self.door, row, name=name)
        else:
            answer = self.account.delete(self.door, self.account.row(self.door, code))
        assert answer.status_code == self.model.order(kind, code, name)
        if flips:
            self.flip_the_network()
        self.wait(then)

    @rule(code=codes)
    def use_the_app(self, code: int) -> None:
        """Store a code by Bluetooth, or delete it."""
        if code in self.model.ways:
            return  # what wins then is told by other tests
        if code in self.model.door:
            self.account.change(self.door, app_removes=str(code))
            del self.model.door[code]
        elif code not in self.model.copy:  # else two rows would share its digits
            name = self.name()
            self.account.change(self.door, app_adds={"code": str(code), "name": name})
            self.model.door[code] = name

    @rule(then=spans)
    def ask_for_a_sync(self, then: int) -> None:
        self.account.done("POST", f"{self.account.lock(self.door)}/sync")
        self.model.syncs.append(self.model.now + DELIVERY)
        self.wait(then)

    @rule()
    def flip_the_network(self) -> None:
        self.account.change(self.door, online=not self.model.online)
        if self.model.online:
            self.model.online = False
        else:
            self.model.come_back()

    @rule()
    def store_and_restore(self) -> None:
        path = f"{self.account.base}/state"
        self.account.sim("PUT", path, self.account.sim("GET", path))

    def wait(self, seconds: int) -> None:
        self.account.advance(f"PT{seconds}S")
        self.model.wait(seconds)

    @invariant()
    def the_door_has_what_the_model_has(self) -> None:
        rows = self.account.sim("GET", f"{self.account.base}/codes")
        stored = {int(row["code"]) for row in rows if row["truth"] == "door"}
        assert stored == set(self.model.door)

    @invariant()
    def the_list_is_the_copy_and_says_what_is_on_its_way(self) -> None:
        rows = self.account.rows(self.door)
        assert {row["code"]: row["name"] for row in rows} == self.model.copy
        busy = {row["code"] for row in rows if "operationId" in row}
        assert busy == set(self.model.ways) & set(self.model.copy)

    def teardown(self) -> None:
        for code in CODES:
            opens = self.account.probe(self.door, code) == "opened"
            assert opens == (code in self.model.door)


TestLock = Lock.TestCase
TestLock.settings = settings(max_examples=80, stateful_step_count=25)
