"""A vendor's own server or sandbox, asked as it stands: judged by its answers alone.

Law: nothing here can be simulated. No keypad can be typed at, no clock turned and no
trouble ordered, so whatever needs one of these is inconclusive. What scenarios have
left on the server is taken back in the end.

What it is asked with stands in the environment, by the names that the vendor's folder
states: STRIKEPLATE_NUKI_API_TOKEN for `api_token`; `api_url` is the address itself
unless it is given. STRIKEPLATE_NUKI_LOCK names a lock that scenarios may use. A vendor
of whom nothing is given is not judged.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from strikeplate.call import HttpCaller, NoAnswer
from strikeplate.served import wait
from strikeplate.verdict import HarnessFault, Inconclusive, NotApplicable
from strikeplate.world import Door, Fakes, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from strikeplate.dialect import Dialect

    Tidy = Callable[[], bool]

ADDRESS = "api_url"
TRIES = 30
PAUSE_SECONDS = 1.0
NOBODY = "nothing is simulated at a vendor's own server:"


class Sandbox(Fakes):
    """The server at an address, in the place of our fakes."""

    def __init__(self, url: str, dialects: Mapping[str, Dialect]) -> None:
        parts = urlsplit(url)
        self._own = HttpCaller(f"{parts.scheme}://{parts.netloc}")
        super().__init__(self._own, "")
        self._given = Given(url, dialects)
        self._url = url
        self.left: list[Tidy] = []
        try:
            self._own("GET", parts.path or "/")
        except NoAnswer as silence:
            raise HarnessFault(f"nobody answers at {url}: {silence}") from silence

    def new_world(self, *, name: str, seed: str, now: datetime | None) -> World:
        """Return the one account there is; it has neither name nor seed of ours."""
        del name, seed, now
        return Yard(self, self._given)

    def close(self) -> None:
        """Take back what was left there, as soon as the server lets us, and hang up."""
        for _ in range(TRIES):
            self.left = [tidy for tidy in self.left if not tidy()]
            if not self.left:
                break
            wait(PAUSE_SECONDS)
        self._own.close()
        if self.left:
            raise HarnessFault(f"{len(self.left)} things were left at {self._url}")


class Given(Mapping[str, Mapping[str, str]]):
    """The credentials of each vendor, read from the environment when asked for."""

    def __init__(self, url: str, dialects: Mapping[str, Dialect]) -> None:
        self._url = url
        self._dialects = dialects

    def __getitem__(self, vendor: str) -> Mapping[str, str]:
        """Return a vendor's credentials, all of them."""
        names = self._dialects[vendor].credentials
        found = {name: os.environ.get(variable(vendor, name), "") for name in names}
        if not any(found.values()):
            known = ", ".join(variable(vendor, name) for name in names)
            raise NotApplicable(f"no credentials of {vendor} are given; set {known}")
        for name, text in found.items():
            if not text and name != ADDRESS:
                raise Inconclusive(f"${variable(vendor, name)} is empty")
        return {**found, ADDRESS: found.get(ADDRESS) or self._url}

    def __iter__(self) -> Iterator[str]:
        """Name every vendor."""
        return iter(self._dialects)

    def __len__(self) -> int:
        """Count the vendors."""
        return len(self._dialects)


class Yard(World):
    """An account at that server, and a door where somebody else stands."""

    def __init__(self, sandbox: Sandbox, given: Given) -> None:
        super().__init__(sandbox, "sandbox", given)
        self._sandbox = sandbox

    def at_end(self, tidy: Tidy) -> None:
        """Take back what a scenario leaves there; `tidy` tells whether it is gone."""
        self._sandbox.left.append(tidy)

    def drop(self) -> None:
        """Leave the account: it is nobody's to end."""

    def stop_clock(self) -> datetime:
        """Return the present: its clock goes on."""
        return datetime.now(UTC)

    def clock(self) -> tuple[datetime, datetime | None]:
        """Return the present; what is due there nobody tells."""
        return datetime.now(UTC), None

    def add_door(self, vendor: str, name: str, **more: object) -> Door:
        """Return the lock that the environment names, for a door that is plain."""
        zone = str(more.pop("timezone", "UTC"))
        self.credentials[vendor]
        if more:
            raise Inconclusive(f"{NOBODY} no lock is hung there with {', '.join(more)}")
        lock = os.environ.get(variable(vendor, "lock"))
        if not lock:
            raise Inconclusive(f"${variable(vendor, 'lock')} is empty; name a lock")
        return Door("", vendor, lock, name, zone)

    def _call(self, method: str, path: str, data: object = None) -> object:
        del method, data
        what = path.rpartition("/")[2]
        raise Inconclusive(f"{NOBODY} it has no {WANTED.get(what, 'such control')}")


WANTED = {
    "clock": "clock that can be turned",
    "entries": "keypad that we could type at",
    "codes": "door that could be looked into",
    "faults": "trouble to order",
    "quirks": "switches",
}


def variable(vendor: str, name: str) -> str:
    """Return the variable that holds a credential, or names a lock."""
    return f"STRIKEPLATE_{vendor}_{name}".upper()
