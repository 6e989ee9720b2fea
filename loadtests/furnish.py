"""Furnishing: the portfolio of doors that a run's bookings are for.

Law: each vendor that the subject can open gets an account, a world of its own, and as
many doors as the bookings need; none is named here. A stranger's few doors take all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

from loadtests import house as housing
from loadtests.present import now
from loadtests.stage import Resource, Stage
from strikeplate.dialect import LOCK
from strikeplate.verdict import Misuse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from loadtests.house import Ours, Theirs

ZONE = "Europe/Stockholm"
MOVES = 1.4  # times that a booking takes up, moves included
FULL = 50  # times of a door that are taken up; a keypad may hold a hundred codes
PAID = 4  # every so-many-th resource waits for the payment


@dataclass(frozen=True)
class Wish:
    """What is asked of a run."""

    shape: str
    seconds: float
    rate: float
    seed: int = 7
    vendors: tuple[str, ...] = ()
    faults: str = "calm"
    patience: float = 120.0  # seconds to come to rest in


def furnish(house: Ours | Theirs, wish: Wish) -> Stage:
    """Return the stage of a run in this house, with doors hung and rules set."""
    present = now()
    if isinstance(house, housing.Ours):
        resources = tuple(_hang(house, wish, _chosen(house, wish)))
    else:
        resources = tuple(_find(house))
    return Stage(
        run=f"{wish.shape}-{int(present.timestamp()):x}",
        url=house.url,
        seed=wish.seed,
        shape=wish.shape,
        seconds=wish.seconds,
        rate=wish.rate,
        first_day=present.date() + timedelta(days=2),
        resources=resources,
    )


def _chosen(house: Ours, wish: Wish) -> list[str]:
    """Return whose doors are hung: all that subject, fakes and rules know."""
    known = housing.dialects()
    found = [vendor for vendor in house.vendors() if vendor in known]
    for vendor in wish.vendors:
        if vendor not in found:
            raise Misuse(f"{house.name} opens no doors of {vendor!r}, but of {found}")
    return list(wish.vendors) or found


def _hang(house: Ours, wish: Wish, vendors: Sequence[str]) -> Iterator[Resource]:
    times = wish.rate * wish.seconds * MOVES / len(vendors)
    for vendor in vendors:
        yield from _account(house, vendor, ceil(times / FULL))


def _account(house: Ours, vendor: str, doors: int) -> Iterator[Resource]:
    """Yield the resources of a new account, each with a door of its own."""
    fields = housing.dialects()[vendor].doors[LOCK]
    world = house.fakes.new_world(name=f"load-{vendor}", seed=vendor, now=None)
    names = [f"{vendor}-{number}" for number in range(max(doors, 2))]
    hung = [house.desk.door(world, vendor, name, ZONE, **fields) for name in names]
    connection = house.desk.link(world, vendor, ZONE, "owner@load.example.org")
    for number, door in enumerate(hung):
        needs = "confirmed" if number % PAID or not number else "paid"
        house.desk.couple(connection, door.name, door, trigger=needs)
        path, secret = connection.path, connection.secret
        told = (door.name, vendor, world.id, door.id, ZONE, needs, path, secret)
        yield Resource(*told)


def _find(house: Theirs) -> Iterator[Resource]:
    """Yield the resources that a stranger's profile names."""
    desk = house.desk
    world = desk.world("", "", now())
    connection = desk.link(world, "", desk.zone, "")
    for name in desk.resources:
        door = desk.door(world, "", name, desk.zone)
        path, secret = connection.path, connection.secret
        told = (name, door.vendor, world.id, door.id, desk.zone, "confirmed")
        yield Resource(*told, path, secret)
