"""Subjects: the integration or vendor under test, and what a scenario may ask of it.

A target names what a scenario runs against by one connect text:

external:NAME       anybody's, as its profile declares it        -> id external
inprocess:PACKAGE   an integration, called in this process       -> id inprocess
http:service        ours, served by processes the harness starts -> id http
http://..., https://...  an integration that runs elsewhere      -> id http
mutant:NAME         a known-bad integration or vendor            -> id mutant
fake                our fake vendors, as a vendor's server       -> id fake
http://..., https://...  fakes elsewhere, or a vendor's own      -> id vendor

A subject raises `NotApplicable` or `Inconclusive` for what it cannot do. It must do
whatever its profile does not declare absent.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from strikeplate import HOME
from strikeplate.toml_file import suggest
from strikeplate.verdict import Misuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from strikeplate.allotment import Bound
    from strikeplate.fakes_client import Door, Fakes, World
    from strikeplate.http import Answer
    from strikeplate.platforms.standard import Delivery, EventFormat
    from strikeplate.profile import Profile
    from strikeplate.subjects.admin_client import ApiAdminClient


Role = Literal["service", "vendor"]

EXTRAS = {"service": "sqlalchemy", "load": "locust"}
"""The optional parts of an installation, each with a package that it brings."""

MUTANTS = HOME / "tests" / "mutants"
"""Known-bad integrations and vendors, one in each file."""

TARGET_IDS: dict[Role, dict[str, str]] = {
    "service": {
        "external": "external",
        "inprocess": "inprocess",
        "http": "http",
        "mutant": "mutant",
    },
    "vendor": {"fake": "fake", "http": "vendor", "mutant": "mutant"},
}
"""The kinds of connection each role knows, and the id a run is shown by."""


@dataclass(frozen=True)
class Target:
    """One thing under test: its role, how to reach it, and its short id."""

    role: Role
    connect: str
    id: str

    @property
    def kind(self) -> str:
        """What it is: external, inprocess, http, mutant or fake."""
        return split(self.connect)[0]

    @property
    def address(self) -> str:
        """What it is called: a package, a URL or a mutant's name."""
        return split(self.connect)[1]


def split(connect: str) -> tuple[str, str]:
    """Return kind and address of a connect text; a URL stands alone, or after http:."""
    kind, _, address = connect.partition(":")
    return (kind, address) if not address.startswith("//") else ("http", connect)


def targets(role: Role, connects: Iterable[str]) -> tuple[Target, ...]:
    """Return one target per connect text; a second of one kind is numbered."""
    seen: Counter[str] = Counter()
    found = []
    for connect in connects:
        word = _target_id(role, connect)
        seen[word] += 1
        number = "" if seen[word] == 1 else str(seen[word])
        found.append(Target(role, connect, word + number))
    return tuple(found)


def need(extra: str) -> None:
    """Refuse what an optional part of the installation is missing for."""
    if importlib.util.find_spec(EXTRAS[extra]) is None:
        fix = f'pip install "strikeplate[{extra}]"'
        raise Misuse(f"this needs {EXTRAS[extra]}, which is not installed: {fix}")


def mutant_files() -> dict[str, Path]:
    """Return the file of each mutant, by its name."""
    found = MUTANTS.rglob("*.py")
    return {
        path.stem: path
        for path in found
        if path.stem != "conftest" and not path.stem.startswith(("test_", "_"))
    }


def _target_id(role: Role, connect: str) -> str:
    kind, address = split(connect)
    known = TARGET_IDS[role]
    if kind not in known:
        hint = suggest(kind, known)
        raise Misuse(f"cannot connect to {connect!r}: unknown kind; {hint}")
    if kind == "mutant" and address not in (files := mutant_files()):
        raise Misuse(f"no mutant is called {address!r}; {suggest(address, files)}")
    if not address and kind != "fake":
        raise Misuse(f"cannot connect to {connect!r}: write {kind}:WHAT")
    if role == "service" and address == REFERENCE:
        need("service")
    return known[kind]


@dataclass(frozen=True)
class Connection:
    """One connection of the subject to a vendor account, as the platform knows it.

    `path` is where events go, `secret` what they are signed with; `id` is the
    subject's own, empty where it has no API. `former` is what they were signed with
    until its owner replaced that.
    """

    id: str
    path: str
    secret: str | None
    world: World
    former: str | None = None


class AdminClient(Protocol):
    """Where connections and rules of a subject are set up, or found as declared."""

    @property
    def owner(self) -> str:
        """The owner's address, where it is set up already; else empty."""

    @property
    def api(self) -> ApiAdminClient | None:
        """The owner's actions that are calls, if there are any."""

    def bind(self, bound: Mapping[str, Bound], /) -> None:
        """Let declared resources stand for the names of a scenario from now on."""

    def world(self, name: str, seed: str, now: datetime, /) -> World:
        """Return a world, its clock at `now` or at the real present."""

    def door(
        self, world: World, vendor: str, name: str, zone: str, /, **more: object
    ) -> Door:
        """Return a door of that world in that zone, with the fields in `more`."""

    def link(self, world: World, vendor: str, zone: str, owner: str, /) -> Connection:
        """Return a connection to the world's account, switched on, terms accepted."""

    def create_rule(
        self, connection: Connection, resource: str, /, *doors: Door
    ) -> str:
        """Create the rule by which a resource opens doors, and return its id."""

    def unlink(self, connection: Connection) -> None:
        """Remove a connection with all that belongs to it."""


class Message(Protocol):
    """One message to one address or phone number, as it arrived."""

    @property
    def to(self) -> str:
        """The mail address, or the phone number."""

    @property
    def subject(self) -> str:
        """The subject line; empty where there is none."""

    @property
    def headers(self) -> str:
        """All headers as one text; empty where there are none."""

    @property
    def text(self) -> str:
        """What its reader sees."""


class MessageSink(Protocol):
    """What the subject's messages arrive at, oldest first."""

    refuses: bool

    def __len__(self) -> int:
        """Return how many there are."""

    def __iter__(self) -> Iterator[Message]:
        """Return them."""

    def clear(self) -> None:
        """Forget them."""


class Subject(Protocol):
    """An integration under test."""

    @property
    def fakes(self) -> Fakes:
        """The fake vendors that it calls."""

    @property
    def sink(self) -> MessageSink:
        """Where its messages arrive."""

    @property
    def admin(self) -> AdminClient:
        """Where it is set up."""

    @property
    def turnable(self) -> bool:
        """Whether its clock can be set; otherwise scenarios run on real seconds."""

    @property
    def passed_to(self) -> datetime | None:
        """The instant that its world was let go on to for it to finish, if it was."""

    @property
    def trouble(self) -> str | None:
        """What keeps it from its work, if that is known: its own end, for example."""

    @property
    def format(self) -> EventFormat:
        """How events are told to it."""

    @property
    def keep_days(self) -> int:
        """For how many days it keeps the codes of the past."""

    def call(self, method: str, path: str, data: object = None) -> Answer:
        """Return the answer of its JSON API, called with its token."""

    def send(self, method: str, path: str, body: bytes) -> Answer:
        """Return the answer of its JSON API to a body as it is."""

    def deliver(self, delivery: Delivery) -> Answer:
        """Return its answer to a webhook, or to another call of the platform."""

    def status(self, method: str, path: str) -> int:
        """Return the status by which it answers a call without a body."""

    def set_time(self, now: datetime) -> None:
        """Set its clock, if it can be set."""

    def run_until_idle(self, *, still: bool = False) -> None:
        """Return once it has done all work that is due; `still` lets no time pass."""

    def react(self) -> None:
        """Do what a stop on the way to a later instant asks for."""

    def next_at(self) -> datetime | None:
        """Return the next instant at which it has work, if it says so."""

    def restart(self) -> None:
        """Stop it without warning and start it again."""

    def stored(self) -> bytes:
        """Return everything it stores, as bytes."""

    def close(self) -> None:
        """Stop it and all that was started for it."""


REFERENCE = "service"
"""The address of `http:service`: the reference service, started by the harness."""


def start_subject(target: Target, profile: Profile) -> Subject:
    """Return the running subject of a target."""
    module = importlib.import_module(f"strikeplate.subjects.{_module(target, profile)}")
    subject: Subject = module.start(target, profile)
    return subject


def _module(target: Target, profile: Profile) -> str:
    """Return the module whose `start(target, profile)` gives the subject."""
    if target.kind in {"inprocess", "mutant"}:
        return "inprocess"
    if target.connect == f"http:{REFERENCE}":
        return "reference"
    adapter = profile.declared and profile.declared.adapter
    return "adapted" if adapter else "declared"
