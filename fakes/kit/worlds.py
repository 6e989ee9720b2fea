"""All worlds of this process, by id, and a world as JSON that can be restored.

Invariants: world `demo` always exists. Ids follow from the server's seed and the order
of creation; an id is never used twice. A snapshot holds everything that decides a
world's future and nothing else: secrets, but no journal.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache, partial
from itertools import chain
from threading import Lock
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from fakes.kit.clock import ClockState  # noqa: TC001 - pydantic reads it
from fakes.kit.credentials import CredentialIndex, CredentialTakenError
from fakes.kit.door import YEAR
from fakes.kit.faults import Fault  # noqa: TC001 - pydantic reads it
from fakes.kit.ids import Ids
from fakes.kit.journal import Mail  # noqa: TC001 - pydantic reads it
from fakes.kit.json_api import LATEST, Problem, refusal, unknown, within_calendar
from fakes.kit.quirks import Value  # noqa: TC001 - pydantic reads it
from fakes.kit.webhooks import Deliveries, Delivery
from fakes.kit.world import DEMO, Portfolio, World, WorldConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from fakes.kit.clock import ClientClock
    from fakes.kit.door import Door
    from fakes.kit.world import AppContext, Fake


class Worlds:
    """The worlds; `now` is the instant of the demo world, None is the real present."""

    def __init__(
        self,
        context: AppContext,
        *,
        now: datetime | None = None,
        client_clock: ClientClock = "real",
    ) -> None:
        self.context = context
        self._ids = Ids(context.seed)
        self._lock = Lock()
        demo = WorldConfig(DEMO, context.seed, DEMO, now, "demo", client_clock)
        self._worlds = {DEMO: World(context, demo)}

    def __iter__(self) -> Iterator[World]:
        return iter(list(self._worlds.values()))

    def __len__(self) -> int:
        return len(self._worlds)

    def create(
        self,
        *,
        name: str = "",
        seed: str | None = None,
        now: datetime | None = None,
        portfolio: Portfolio = "empty",
        client_clock: ClientClock = "real",
    ) -> World:
        """Return a new world; without a `seed` it gets one derived from its id."""
        with self._lock:
            world_id = f"w{self._ids.hex('world', 12)}"
        own_seed = f"{self.context.seed}.{world_id}" if seed is None else seed
        name = name or world_id
        config = WorldConfig(world_id, own_seed, name, now, portfolio, client_clock)
        world = World(self.context, config)
        self._worlds[world_id] = world
        return world

    def get(self, world_id: str) -> World:
        """Return a world; a Problem (404) if there is none of that id."""
        world = self._worlds.get(world_id)
        if world is None:
            raise Problem(404, unknown("world", world_id, list(self._worlds)))
        return world

    def drop(self, world_id: str) -> None:
        """Drop a world: its credentials are invalid, its schedule never runs."""
        if world_id == DEMO:
            raise Problem(409, "world 'demo' always exists; reset it instead")
        self.get(world_id).leave()
        self._worlds.pop(world_id, None)


FORMAT = 1
SOME_CODE = "1"
Use = tuple[str, "Callable[[], Any]"]
"""A part of a state, as a refusal names it, and something that is done with it."""


@dataclass(frozen=True)
class Snapshot:
    """Everything that decides a world's future."""

    format: int
    seed: str
    clock: ClockState
    counters: dict[str, int]
    quirks: dict[str, Value]
    faults: list[Fault]
    deliveries: list[Delivery]
    outbox: list[Mail]
    vendors: dict[str, Any]  # each vendor's state, by its name
    revoked: list[str] = field(default_factory=list)


@cache
def _own() -> TypeAdapter[Snapshot]:
    return TypeAdapter(Snapshot)


def take_snapshot(world: World) -> Any:
    """Return the world as JSON values."""
    with world.lock:
        return _own().dump_python(_snapshot(world), mode="json")


def _snapshot(world: World) -> Snapshot:
    return Snapshot(
        format=FORMAT,
        seed=world.ids.seed,
        clock=world.clock.dump(),
        counters=world.ids.counters,
        quirks=world.quirks.changed,
        faults=list(world.faults),
        deliveries=list(world.deliveries),
        outbox=list(world.outbox),
        revoked=sorted(world.revoked),
        vendors={
            name: fake.adapter.dump_python(world.state(fake.state))
            for name, fake in world.fakes.items()
        },
    )


def restore_snapshot(world: World, document: Any) -> None:
    """Restore the world from a document; a Problem, and no change, if that fails."""
    snapshot = _read(_own(), document, "")
    if snapshot.format != FORMAT:
        raise Problem(422, f"format {snapshot.format} is unknown; this reads {FORMAT}")
    states = _states(world, snapshot)
    _rehearse(world, _read(_own(), document, ""))
    with world.moving(), world.lock:
        try:
            _install(world, snapshot, states)
        except CredentialTakenError as error:
            raise Problem(409, f"{error}; drop that world first") from error


def _rehearse(world: World, snapshot: Snapshot) -> None:
    """Use each part of a state in a world of nobody; a Problem if one does not fit."""
    apart = replace(world.context, send=_taken, credential_index=CredentialIndex())
    trial = World(apart, replace(world.config, portfolio="empty"))
    install = partial(_install, trial, snapshot, _states(world, snapshot))
    first: Use = ("the state", install)
    for what, use in chain([first], _uses(trial, snapshot.clock)):
        try:
            use()
        except Problem:
            raise
        except Exception as error:  # whatever a part misses, of any vendor
            raise Problem(
                422,
                f"the parts of the state do not fit together: {what} leads to "
                f"{type(error).__name__} ({error}); nothing was changed, give a state "
                "as it was taken from this world",
            ) from error


def _uses(trial: World, clock: ClockState) -> Iterator[Use]:
    """Yield what can be done with a state, and the part of it that is used."""
    yield "its clock", partial(within_calendar, clock.now)
    for delivery in trial.deliveries:
        yield f"webhook {delivery.id!r}", partial(trial.sign, delivery)
    for due in clock.due:
        if due.at <= LATEST:  # a later one never runs
            at = replace(clock, now=max(due.at, clock.now), due=[])
            yield f"the time of task {due.task!r}", partial(trial.clock.load, at)
            yield f"task {due.task!r} with {due.args}", partial(trial.run, due)
    for fake in trial.fakes.values():
        for door in list(fake.doors(trial.state(fake.state)).values()):
            yield f"door {door.id!r}", partial(_use_door, trial, fake, door)
        yield f"a code of {fake.name}", partial(_list_codes, trial, fake)
    yield "a credential", partial(trial.credentials, "http://127.0.0.1")
    yield "a value", partial(take_snapshot, trial)


def _use_door(trial: World, fake: Fake[Any], door: Door) -> None:
    drift = door.describe().get("clock_drift_seconds", 0)
    if not -YEAR <= drift <= YEAR:
        raise ValueError(f"its clock cannot be {drift} seconds off; {YEAR} is the most")
    door.probe(SOME_CODE, trial.now)
    entry = door.enter(SOME_CODE, trial.now)
    if fake.entered:
        fake.entered(trial, door, entry)
    for online in (False, True):
        with suppress(Problem):  # of a door that has no network
            fake.patch_door(trial, door, {"online": online})


def _list_codes(trial: World, fake: Fake[Any]) -> None:
    for _ in fake.codes(trial, None):
        pass


def _taken(_webhook: object) -> int:
    return 200


def _states(world: World, snapshot: Snapshot) -> dict[str, Any]:
    return {
        name: _read(
            world.fakes[name].adapter, snapshot.vendors[name], f"vendors.{name}."
        )
        for name in _vendors(world, snapshot)
    }


def _install(world: World, snapshot: Snapshot, states: dict[str, Any]) -> None:
    world.install(states)
    world.quirks.replace(snapshot.quirks)
    world.clock.load(snapshot.clock)
    world.ids = Ids(snapshot.seed, snapshot.counters)
    world.faults.replace(snapshot.seed, snapshot.faults)
    world.deliveries = Deliveries(snapshot.deliveries)
    world.revoked = set(snapshot.revoked)
    world.outbox.clear()
    world.outbox.extend(snapshot.outbox)
    world.journal.forget()
    world.notes.clear()


def _vendors(world: World, snapshot: Snapshot) -> list[str]:
    for name in snapshot.vendors:
        if name not in world.fakes:
            raise Problem(422, unknown("vendor", name, world.fakes))
    for name in world.fakes:
        if name not in snapshot.vendors:
            raise Problem(422, f"the state of vendor {name!r} is missing")
    return list(snapshot.vendors)


def _read(adapter: TypeAdapter[Any], document: Any, where: str) -> Any:
    try:
        return adapter.validate_python(document)
    except ValidationError as error:
        raise refusal(error, where) from error
