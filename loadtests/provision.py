"""Furnishing: the portfolio of doors that a run's bookings are for.

Law: each vendor that the subject can open gets an account, a world of its own, and as
many doors as the bookings need; none is named here. A stranger's few doors take all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

from loadtests import target as targets
from loadtests.plan import LoadPlan, Resource
from loadtests.present import now
from strikeplate.dialect import LOCK
from strikeplate.verdict import Misuse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from loadtests.target import ExternalTarget, LocalTarget

ZONE = "Europe/Stockholm"
MOVES = 1.4  # times that a booking takes up, moves included
FULL = 50  # times of a door that are taken up; a keypad may hold a hundred codes
PAID = 4  # every so-many-th resource waits for the payment


@dataclass(frozen=True)
class LoadOptions:
    """What is asked of a run."""

    shape: str
    seconds: float
    rate: float
    seed: int = 7
    vendors: tuple[str, ...] = ()
    faults: str = "none"
    settle_timeout: float = 120.0  # seconds to wait for convergence


def provision(target: LocalTarget | ExternalTarget, options: LoadOptions) -> LoadPlan:
    """Return the stage of a run in this house, with doors hung and rules set."""
    present = now()
    if isinstance(target, targets.LocalTarget):
        resources = tuple(_add_doors(target, options, _chosen(target, options)))
    else:
        resources = tuple(_find(target))
    return LoadPlan(
        run=f"{options.shape}-{int(present.timestamp()):x}",
        url=target.url,
        seed=options.seed,
        shape=options.shape,
        seconds=options.seconds,
        rate=options.rate,
        first_day=present.date() + timedelta(days=2),
        resources=resources,
    )


def _chosen(target: LocalTarget, options: LoadOptions) -> list[str]:
    """Return whose doors are hung: all that subject, fakes and rules know."""
    known = targets.dialects()
    found = [vendor for vendor in target.vendors() if vendor in known]
    for vendor in options.vendors:
        if vendor not in found:
            raise Misuse(f"{target.name} opens no doors of {vendor!r}, but of {found}")
    return list(options.vendors) or found


def _add_doors(
    target: LocalTarget, options: LoadOptions, vendors: Sequence[str]
) -> Iterator[Resource]:
    times = options.rate * options.seconds * MOVES / len(vendors)
    for vendor in vendors:
        yield from _account(target, vendor, ceil(times / FULL))


def _account(target: LocalTarget, vendor: str, count: int) -> Iterator[Resource]:
    """Yield the resources of a new account, each with a door of its own."""
    fields = targets.dialects()[vendor].doors[LOCK]
    world = target.fakes.new_world(name=f"load-{vendor}", seed=vendor, now=None)
    names = [f"{vendor}-{number}" for number in range(max(count, 2))]
    doors = [target.desk.door(world, vendor, name, ZONE, **fields) for name in names]
    connection = target.desk.link(world, vendor, ZONE, "owner@load.example.org")
    for number, door in enumerate(doors):
        trigger = "confirmed" if number % PAID or not number else "paid"
        target.desk.couple(connection, door.name, door, trigger=trigger)
        path, secret = connection.path, connection.secret
        told = (door.name, vendor, world.id, door.id, ZONE, trigger, path, secret)
        yield Resource(*told)


def _find(target: ExternalTarget) -> Iterator[Resource]:
    """Yield the resources that a stranger's profile names."""
    desk = target.desk
    world = desk.world("", "", now())
    connection = desk.link(world, "", desk.zone, "")
    for name in desk.resources:
        door = desk.door(world, "", name, desk.zone)
        path, secret = connection.path, connection.secret
        told = (name, door.vendor, world.id, door.id, desk.zone, "confirmed")
        yield Resource(*told, path, secret)
