"""The vendor's server under test, for rules that the vendor must obey.

fake          our fake vendors, in this process; only this file imports them
mutant:NAME   the same with one fault, from tests/mutants
http:URL      fakes that run elsewhere, if STRIKEPLATE_CONTROL_TOKEN holds their
              control token; else a vendor's own server or sandbox (`LiveVendor`)

Invariants: nothing is simulated at a live vendor. There is no keypad to type at, no
clock to set and no fault to inject, so a step that needs one is inconclusive. What
scenarios create on the server is deleted at the end.

Its credentials come from the environment, by the names in the vendor's `vendor.toml`:
STRIKEPLATE_NUKI_API_TOKEN for `api_token`. `api_url` is the address of the server
unless it is set. STRIKEPLATE_NUKI_LOCK names a lock that scenarios may use. A vendor
without credentials is not tested.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fakes.kit.app import create_app
from strikeplate.fakes_client import Door, Fakes, World
from strikeplate.http import HttpCaller, NoAnswer, WsgiCaller
from strikeplate.mutants import load_mutant
from strikeplate.processes import TOKEN_VARIABLE, wait
from strikeplate.verdict import HarnessFault, Inconclusive, NotApplicable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from _typeshed.wsgi import WSGIApplication
    from flask import Flask

    from strikeplate.subjects import Target
    from strikeplate.vocabulary import VendorVocabulary

    Before = Callable[[WSGIApplication], WSGIApplication]

    Cleanup = Callable[[], bool]


def fakes_app() -> Flask:
    """Return new fakes as one application."""
    return create_app()


def fakes_in(app: Flask, before: Before = lambda app: app) -> Fakes:
    """Return a client of such fakes; `before` wraps the application."""
    return Fakes(WsgiCaller(before(app)), app.config["CONTROL_TOKEN"])


def ledger() -> tuple[tuple[str, str], ...]:
    """Return the vendor and the confidence of each fact that the fakes rest on."""
    world = fakes_in(fakes_app()).new_world(name="ledger", seed="ledger", now=None)
    return tuple(
        (vendor, fact["confidence"])
        for vendor, facts in world.quirks().items()
        for fact in facts.values()
    )


ADDRESS = "api_url"
TRIES = 30
PAUSE_SECONDS = 1.0
NOBODY = "nothing is simulated at a vendor's own server:"


class LiveVendor(Fakes):
    """The server at an address, in the place of our fakes."""

    def __init__(self, url: str, vocabularies: Mapping[str, VendorVocabulary]) -> None:
        parts = urlsplit(url)
        self._own = HttpCaller(f"{parts.scheme}://{parts.netloc}")
        super().__init__(self._own, "")
        self._credentials = EnvironmentCredentials(url, vocabularies)
        self._url = url
        self.cleanups: list[Cleanup] = []
        try:
            self._own("GET", parts.path or "/")
        except NoAnswer as silence:
            raise HarnessFault(f"nobody answers at {url}: {silence}") from silence

    def new_world(self, *, name: str, seed: str, now: datetime | None) -> World:
        """Return the one account there is; name and seed are ignored."""
        del name, seed, now
        return LiveAccount(self, self._credentials)

    def close(self) -> None:
        """Delete what scenarios left there, with retries, and close the connection."""
        for _ in range(TRIES):
            self.cleanups = [cleanup for cleanup in self.cleanups if not cleanup()]
            if not self.cleanups:
                break
            wait(PAUSE_SECONDS)
        self._own.close()
        if self.cleanups:
            raise HarnessFault(f"{len(self.cleanups)} things were left at {self._url}")


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

    def __init__(
        self, live_vendor: LiveVendor, credentials: EnvironmentCredentials
    ) -> None:
        super().__init__(live_vendor, "sandbox", credentials)
        self._live_vendor = live_vendor

    def on_close(self, cleanup: Cleanup) -> None:
        """Call `cleanup` at the end, again until it returns True."""
        self._live_vendor.cleanups.append(cleanup)

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
        """Return the lock that the environment names; `more` must be empty."""
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


@contextmanager
def start_vendor(
    target: Target, vocabularies: Mapping[str, VendorVocabulary]
) -> Iterator[Fakes]:
    """Yield the vendor's server of a target while it is needed."""
    if target.kind == "http" and (token := os.environ.get(TOKEN_VARIABLE)):
        yield Fakes(HttpCaller(target.address), token)
    elif target.kind == "http":
        live_vendor = LiveVendor(target.address, vocabularies)
        yield live_vendor
        live_vendor.close()
    elif target.kind == "mutant":
        fault = load_mutant(target.address)
        with fault.applied():
            yield fakes_in(fakes_app(), fault.before)
    else:
        yield fakes_in(fakes_app())
