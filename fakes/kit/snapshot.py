"""A world as plain JSON: what is needed so that its future is the same again.

Invariants: a snapshot holds everything that decides the future and nothing else. It
holds secrets; it is for the holder of the control token. The journal is no part of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from fakes.kit.clock import ClockState  # noqa: TC001 - pydantic reads it
from fakes.kit.credentials import CredentialTakenError
from fakes.kit.faults import Fault  # noqa: TC001 - pydantic reads it
from fakes.kit.ids import Ids
from fakes.kit.journal import Mail  # noqa: TC001 - pydantic reads it
from fakes.kit.problem import Problem, unknown
from fakes.kit.push import Deliveries, Delivery
from fakes.kit.quirks import Value  # noqa: TC001 - pydantic reads it
from fakes.kit.wire import refusal

if TYPE_CHECKING:
    from fakes.kit.world import World

FORMAT = 1


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
    vendors: dict[str, Any]  # each vendor's state, by that vendor's own type


@cache
def _own() -> TypeAdapter[Snapshot]:
    return TypeAdapter(Snapshot)


def take(world: World) -> Any:
    """Return the world as JSON values."""
    with world.lock:
        snapshot = Snapshot(
            format=FORMAT,
            seed=world.ids.seed,
            clock=world.clock.dump(),
            counters=world.ids.counters,
            quirks=world.quirks.changed,
            faults=list(world.faults),
            deliveries=list(world.deliveries),
            outbox=list(world.outbox),
            vendors={
                name: fake.adapter.dump_python(world.state(fake.state))
                for name, fake in world.fakes.items()
            },
        )
        return _own().dump_python(snapshot, mode="json")


def restore(world: World, document: Any) -> None:
    """Make the world what the document says; a Problem, and no change, if it cannot."""
    snapshot = _read(_own(), document, "")
    if snapshot.format != FORMAT:
        raise Problem(422, f"format {snapshot.format} is unknown; this reads {FORMAT}")
    states = {
        name: _read(
            world.fakes[name].adapter, snapshot.vendors[name], f"vendors.{name}."
        )
        for name in _vendors(world, snapshot)
    }
    with world.moving(), world.lock:
        world.quirks.replace(snapshot.quirks)
        try:
            world.install(states)
        except CredentialTakenError as error:
            raise Problem(409, f"{error}; drop that world first") from error
        _install(world, snapshot)


def _install(world: World, snapshot: Snapshot) -> None:
    world.clock.load(snapshot.clock)
    world.ids = Ids(snapshot.seed, snapshot.counters)
    world.faults.replace(snapshot.seed, snapshot.faults)
    world.deliveries = Deliveries(snapshot.deliveries)
    world.outbox.clear()
    world.outbox.extend(snapshot.outbox)
    world.journal.forget()


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
