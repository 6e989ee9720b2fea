"""The subject: an integration that is judged, and all that a scenario may ask of it.

    inprocess:PACKAGE   subject_inprocess   called in this process, clock injected
    http:service        subject_http        ours, served by processes started here
    http:URL            subject_foreign     anyone's, running elsewhere
    mutant:NAME         subject_inprocess   ours with one fault, from tests/mutants

What a subject cannot do it says by `NotApplicable` or `Inconclusive`; what it does
not lack by its profile, it must do.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from strikeplate.fakes_client import Door, Fakes, World
    from strikeplate.http import Answer
    from strikeplate.profile import Profile
    from strikeplate.smtp_sink import SmtpSink
    from strikeplate.target import Target


@dataclass(frozen=True)
class Connection:
    """One link of the subject to one vendor account, as the platform knows it.

    `path` is where events go, `secret` what they are signed with; `id` is the
    subject's own, empty where it has no API.
    """

    id: str
    path: str
    secret: str | None
    world: World


class AdminClient(Protocol):
    """Where connections and rules of a subject are set up."""

    def world(self, name: str, seed: str, now: datetime, /) -> World:
        """Return a world to play in, its clock at `now` or at the real present."""

    def door(
        self, world: World, vendor: str, name: str, zone: str, /, **more: object
    ) -> Door:
        """Return a door of that world in that zone, hung as `more` says."""

    def link(self, world: World, vendor: str, zone: str, owner: str, /) -> Connection:
        """Return a connection to the world's account, switched on, terms accepted."""

    def create_rule(
        self, connection: Connection, resource: str, /, *doors: Door
    ) -> str:
        """Let bookings of a resource open doors, and return the rule's id."""

    def unlink(self, connection: Connection) -> None:
        """Remove a connection with all that belongs to it."""


class Subject(Protocol):
    """An integration under judgement."""

    @property
    def fakes(self) -> Fakes:
        """The fake vendors that it calls."""

    @property
    def sink(self) -> SmtpSink:
        """The mail server that it sends to."""

    @property
    def admin(self) -> AdminClient:
        """Where it is set up."""

    @property
    def clock(self) -> str:
        """How its clock is driven: injected, endpoint or none."""

    @property
    def keep_days(self) -> int:
        """For how many days it keeps the codes of the past."""

    def call(self, method: str, path: str, data: object = None) -> Answer:
        """Return the answer of its JSON API, asked with its token."""

    def send(self, method: str, path: str, body: bytes) -> Answer:
        """Return the answer of its JSON API to a body as it is."""

    def deliver(self, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Return its answer to a webhook."""

    def status(self, method: str, path: str) -> int:
        """Return the status by which it answers a call without a body."""

    def set_time(self, now: datetime) -> None:
        """Set its clock, if it can be set."""

    def run_until_idle(self) -> None:
        """Return once it has done all that is due now."""

    def next_at(self) -> datetime | None:
        """Return when it has something to do next, if it says."""

    def restart(self) -> None:
        """Stop it without warning and start it again."""

    def stored(self) -> bytes:
        """Return all that it keeps, as it is kept."""

    def close(self) -> None:
        """End what was started for it."""


KINDS = {
    "inprocess": "strikeplate.subject_inprocess",
    "mutant": "strikeplate.subject_inprocess",
    "http": "strikeplate.subject_http",
}
"""The module that knows each kind; its `start(target, profile)` gives the subject."""


def start(target: Target, profile: Profile) -> Subject:
    """Return the subject that a connect text names, running."""
    module = importlib.import_module(KINDS[target.kind])
    subject: Subject = module.start(target, profile)
    return subject
