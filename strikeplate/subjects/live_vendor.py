"""A vendor's own server or sandbox, in the place of our fakes.

Its credentials come from the environment, by the names in the vendor's `vendor.toml`:
STRIKEPLATE_NUKI_API_TOKEN for `api_token`. `api_url` is the address of the server
unless it is set. A vendor without credentials is not tested.

Scenarios use the locks that `--lock` or the profile names, by name or id, in that
order: the first lock of a scenario is the first one given.

Invariants: nothing is simulated there. There is no keypad to type at, no clock to set
and no fault to inject, so a step that needs one is inconclusive. What scenarios make is
taken back at the end, however the run ends; what cannot be taken back is not made.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from strikeplate.fakes_client import Door, Fakes, World
from strikeplate.http import HttpCaller, NoAnswer
from strikeplate.processes import wait
from strikeplate.toml_file import suggest
from strikeplate.verdict import HarnessFault, Inconclusive, NotApplicable
from strikeplate.vocabulary import LOCK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from strikeplate.http import Caller
    from strikeplate.vocabulary import VendorVocabulary

    Cleanup = Callable[[], bool]

ADDRESS = "api_url"
TRIES = 30
PAUSE_SECONDS = 1.0
NOBODY = "nothing is simulated at a vendor's own server:"


class LiveVendor(Fakes):
    """The server at an address, in the place of our fakes."""

    def __init__(
        self,
        url: str,
        vocabularies: Mapping[str, VendorVocabulary],
        locks: Sequence[str] = (),
    ) -> None:
        parts = urlsplit(url)
        self._own = HttpCaller(f"{parts.scheme}://{parts.netloc}")
        super().__init__(self._own, "")
        self._elsewhere: dict[str, HttpCaller] = {}
        self._url = url
        self.credentials = EnvironmentCredentials(url, vocabularies)
        self.vocabularies = vocabularies
        self.locks = locks
        self.list_locks: Callable[[str], Mapping[str, str]] = lambda _: {}
        """Lists an account's locks: the name of each, by its id at the vendor."""

        self.cleanups: list[tuple[str, Cleanup]] = []
        try:
            self._own("GET", parts.path or "/")
        except NoAnswer as silence:
            raise HarnessFault(f"nobody answers at {url}: {silence}") from silence

    def new_world(
        self, *, name: str, seed: str, now: datetime | None, client_clock: str = "real"
    ) -> World:
        """Return the one account there is; nothing of what is asked can be chosen."""
        del name, seed, now, client_clock
        return LiveAccount(self)

    def caller_of(self, url: str) -> Caller:
        """Return what reaches the host of an address, such as a visitor's page."""
        parts = urlsplit(url)
        host = f"{parts.scheme}://{parts.netloc}"
        return self._elsewhere.setdefault(host, HttpCaller(host))

    def close(self) -> None:
        """Take back what scenarios made there, with retries; say what was left."""
        for _ in range(TRIES):
            self.cleanups = [each for each in self.cleanups if not _done(each[1])]
            if not self.cleanups:
                break
            wait(PAUSE_SECONDS)
        for caller in (self._own, *self._elsewhere.values()):
            caller.close()
        if self.cleanups:
            left = ", ".join(sorted({what for what, _ in self.cleanups}))
            raise HarnessFault(f"this was left at {self._url}, delete it there: {left}")


def _done(cleanup: Cleanup) -> bool:
    """Return whether something is taken back now; trouble means that it is not."""
    try:
        return cleanup()
    except Exception:  # noqa: BLE001 - the others must be taken back as well
        return False


class EnvironmentCredentials(Mapping[str, Mapping[str, str]]):
    """The credentials of each vendor, read from the environment when asked for."""

    def __init__(self, url: str, vocabularies: Mapping[str, VendorVocabulary]) -> None:
        self._url = url
        self._vocabularies = vocabularies

    def __getitem__(self, vendor: str) -> Mapping[str, str]:
        """Return a vendor's credentials, all of them."""
        names = self._vocabularies[vendor].credentials
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
        return iter(self._vocabularies)

    def __len__(self) -> int:
        """Count the vendors."""
        return len(self._vocabularies)


class LiveAccount(World):
    """An account at that server; nobody can type at its doors."""

    turnable = False

    def __init__(self, live_vendor: LiveVendor) -> None:
        super().__init__(live_vendor, "sandbox", live_vendor.credentials)
        self._live_vendor = live_vendor
        self._used: list[str] = []

    def on_close(self, what: str, cleanup: Cleanup) -> None:
        """Call `cleanup` at the end, again until it returns True; `what` names it."""
        self._live_vendor.cleanups.append((what, cleanup))

    def drop(self) -> None:
        """Leave the account as it is."""

    def codes(self, door: Door | None, truth: str) -> tuple[str, ...]:
        """Return nothing of the whole account; a single door cannot be looked into."""
        return () if door is None else super().codes(door, truth)

    def stop_clock(self) -> datetime:
        """Return the present: its clock cannot be stopped."""
        return datetime.now(UTC)

    def clock(self) -> tuple[datetime, datetime | None]:
        """Return the present; what is due is unknown."""
        return datetime.now(UTC), None

    def add_door(self, vendor: str, name: str, **more: object) -> Door:
        """Return the next of the locks that are given; `more` is what any lock has."""
        zone = str(more.pop("timezone", "UTC"))
        self.credentials[vendor]
        vocabulary = self._live_vendor.vocabularies[vendor]
        if vocabulary.final:
            text = f"{NOBODY} no code of {vocabulary.brand} can be taken back"
            raise Inconclusive(f"{text}, so none is ordered there")
        if more != vocabulary.doors[LOCK]:
            raise Inconclusive(f"{NOBODY} no lock is hung there with {', '.join(more)}")
        lock = self._next_lock(vendor)
        self._used.append(lock)
        return Door("", vendor, lock, name, zone)

    def _next_lock(self, vendor: str) -> str:
        """Return the id of the first lock given that the scenario does not use yet."""
        given = self._live_vendor.locks
        if not given:
            raise Inconclusive("no lock is named that may be used; name one by --lock")
        there = self._live_vendor.list_locks(vendor)
        by_name = {name: each for each, name in there.items()}
        ids = by_name | {each: each for each in there}
        known = [ids[lock] for lock in given if lock in ids]
        if not known:
            hint = suggest(given[0], ids)
            raise Inconclusive(f"no lock there is called {given[0]!r}; {hint}")
        free = [lock for lock in known if lock not in self._used]
        if not free:
            raise Inconclusive("the scenario needs a further lock; name it by --lock")
        return free[0]

    def _call(self, method: str, path: str, data: object = None) -> object:
        del method, data
        what = path.rpartition("/")[2]
        raise Inconclusive(f"{NOBODY} it has no {WANTED.get(what, 'such control')}")


WANTED = {
    "clock": "clock that can be turned",
    "entries": "keypad that we could type at",
    "probe": "keypad that we could type at",
    "codes": "door that could be looked into",
    "faults": "trouble to order",
    "quirks": "switches",
}


def variable(vendor: str, name: str) -> str:
    """Return the variable that holds a credential."""
    return f"STRIKEPLATE_{vendor}_{name}".upper()
