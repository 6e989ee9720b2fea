"""The fakes under measurement: one process on its core, one world, orders for PINs.

Law: over HTTP only, by the paths that a client of igloohome and of the control
interface would call.
"""

from __future__ import annotations

import contextlib
from itertools import count
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from loadtests.bench.client import Caller, drive, written
from loadtests.bench.process import Server, module
from strikeplate.processes import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN: Final = "bench-control"  # noqa: S105 - it lives as long as a measurement
NOW: Final = "2026-12-01T09:00:00Z"
DAYS: Final = 27
HOURS: Final = 10
"""Windows of a door: as many an hour as the vendor has codes, ten hours a day."""


def fakes() -> Server:
    """Return the fakes, not yet started."""
    port = free_port()
    return Server(module("fakes", "--port", port, "--control-token", TOKEN), port)


@contextlib.contextmanager
def world(server: Server, doors: int) -> Iterator[World]:
    """Yield a world of its own, with so many doors."""
    control = Caller(server.port, TOKEN)
    made = control("POST", "/_sim/worlds", {"now": NOW, "portfolio": "empty"})
    here = f"/_sim/worlds/{made['id']}"
    own = made["credentials"]["igloohome"]
    yield World(server, _hang(server, control, here, doors), _bearer(server, own))
    control("DELETE", here)


class World:
    """A world's doors, and orders for PINs at them."""

    def __init__(self, server: Server, doors: list[str], bearer: str) -> None:
        self.server = server
        self._doors = doors
        self._head = {"Authorization": f"Bearer {bearer}"}
        self._numbers = count()

    def listing(self) -> bytes:
        """Return a call that lists the doors and changes nothing."""
        return written("GET", "/igloohome/igloohome/devices", headers=self._head)

    def orders(self) -> Iterator[bytes]:
        """Yield orders without end: door after door, then the next hour."""
        for number in self._numbers:
            turn, place = divmod(number, len(self._doors))
            day, hour = 1 + turn // HOURS % DAYS, 10 + turn % HOURS
            start = f"2026-12-{day:02}T{hour}:00:00+00:00"
            end = f"2026-12-{day:02}T{hour + 1}:00:00+00:00"
            body = (
                f'{{"variance":{1 + turn // (HOURS * DAYS) % 3},'
                f'"startDate":"{start}","endDate":"{end}","accessName":"B-{number}"}}'
            )
            path = f"/igloohome/igloohome/devices/{self._doors[place]}/algopin/hourly"
            yield written("POST", path, body.encode(), self._head)


def _hang(server: Server, control: Caller, here: str, doors: int) -> list[str]:
    body = b'{"vendor":"igloohome","name":"a door"}'
    head = {"Authorization": f"Bearer {TOKEN}"}
    drive(server.port, [written("POST", f"{here}/doors", body, head)] * doors)
    return [each["vendor_id"] for each in control("GET", f"{here}/doors")]


def _bearer(server: Server, own: dict[str, str]) -> str:
    caller = Caller(server.port)
    form = {
        "grant_type": "client_credentials",
        "client_id": own["client_id"],
        "client_secret": own["client_secret"],
    }
    kind = "application/x-www-form-urlencoded"
    told = caller.send("POST", "/igloohome/oauth2/token", urlencode(form), kind)
    return str(told["access_token"])
