"""The vendor's server under test, for rules that the vendor must obey.

fake          our fake vendors, in this process; only this file imports them
mutant:NAME   the same with one fault, from tests/mutants
a URL         fakes that run elsewhere, if STRIKEPLATE_CONTROL_TOKEN holds their
              control token; else a vendor's own server or sandbox (`live_vendor`)
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fakes.kit.app import NOT_MOVED, create_app
from strikeplate.fakes_client import Fakes, World
from strikeplate.http import HttpCaller, WsgiCaller
from strikeplate.mutants import load_mutant
from strikeplate.processes import TOKEN_VARIABLE
from strikeplate.subjects.live_vendor import LiveVendor
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from _typeshed.wsgi import WSGIApplication

    from fakes.kit.app import App
    from strikeplate.fakes_client import Json
    from strikeplate.subjects import Target
    from strikeplate.vocabulary import VendorVocabulary

    Before = Callable[[WSGIApplication], WSGIApplication]


def fakes_app() -> App:
    """Return new fakes as one application."""
    return create_app()


class FakesHere(Fakes):
    """A client of fakes in this process; it moves their clocks without a call."""

    def __init__(self, app: App, before: Before) -> None:
        super().__init__(WsgiCaller(before(app)), app.config["CONTROL_TOKEN"])
        self.app = app

    def _world(self, payload: Json) -> World:
        return WorldHere(self, payload["id"], payload["credentials"])


class WorldHere(World):
    """A world in this process."""

    fakes: FakesHere

    def move_until_due(self, to: datetime) -> datetime:
        """Set the clock forward, to the next due thing at most; return its time."""
        try:
            return self.fakes.app.move_until_due(self.id, to)
        except NOT_MOVED as refused:
            raise HarnessFault(f"its clock was not moved: {refused}") from refused


def fakes_in(app: App, before: Before = lambda app: app) -> Fakes:
    """Return a client of such fakes; `before` wraps the application."""
    return FakesHere(app, before)


def ledger() -> tuple[tuple[str, str], ...]:
    """Return the vendor and the confidence of each fact that the fakes rest on."""
    world = fakes_in(fakes_app()).new_world(name="ledger", seed="ledger", now=None)
    return tuple(
        (vendor, fact["confidence"])
        for vendor, facts in world.quirks().items()
        for fact in facts.values()
    )


@contextmanager
def start_vendor(
    target: Target,
    vocabularies: Mapping[str, VendorVocabulary],
    locks: Sequence[str] = (),
) -> Iterator[Fakes]:
    """Yield the vendor's server of a target while it is needed.

    `locks` are those of the vendor's own server that scenarios may use.
    """
    if target.kind == "http" and (token := os.environ.get(TOKEN_VARIABLE)):
        yield Fakes(HttpCaller(target.address), token)
    elif target.kind == "http":
        live_vendor = LiveVendor(target.address, vocabularies, locks)
        try:
            yield live_vendor
        finally:
            live_vendor.close()
    elif target.kind == "mutant":
        fault = load_mutant(target.address)
        with fault.applied():
            yield fakes_in(fakes_app(), fault.before)
    else:
        yield fakes_in(fakes_app())
