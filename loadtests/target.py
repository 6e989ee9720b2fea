"""The target of a load test: a subject, the fake vendors and a mail server.

Invariants: each is a process of its own, reached over HTTP or SMTP as the profile says.
The reference service is started here, with a database on disk and workers. An external
integration already runs and is used as it is. Each vendor that the subject supports
gets a world of its own, with as many doors as the bookings need.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from loadtests import now
from loadtests.workload import LoadPlan, Resource
from strikeplate import FEATURES, vocabulary
from strikeplate.fakes_client import Fakes
from strikeplate.http import JSON, HttpCaller, NoAnswer
from strikeplate.processes import TOKEN_VARIABLE, Process, free_port, fresh_token
from strikeplate.profile import load_profile, read_capabilities
from strikeplate.smtp_sink import SmtpSink
from strikeplate.subjects import targets
from strikeplate.subjects.admin_client import ApiAdminClient
from strikeplate.subjects.declared import DeclaredSubject, start
from strikeplate.subjects.reference import service_variables
from strikeplate.verdict import Misuse
from strikeplate.vocabulary import LOCK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from strikeplate.http import Answer
    from strikeplate.profile import Profile
    from strikeplate.subjects import Message, Target
    from strikeplate.vocabulary import VendorVocabulary


SERVICE = "service"
WORKERS = 8
VENDOR_TIMEOUT_SECONDS = 10  # how long the service waits for a vendor


class ReceivedMail(NamedTuple):
    """A mail and its time of arrival."""

    at: datetime
    mail: Message


class LocalTarget:
    """The reference service and the fakes, started by the load test.

    Its database and its key are gone with it: what is left in `folder` may be shared.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.mails: list[ReceivedMail] = []
        with ExitStack() as stack:
            sink = SmtpSink(
                on_mail=lambda mail: self.mails.append(ReceivedMail(now(), mail))
            )
            stack.callback(sink.close)
            self._owner, control = fresh_token(), fresh_token()
            store = stack.enter_context(TemporaryDirectory(prefix="strikeplate-"))
            vendors = _fakes(folder, control)
            service = _service(folder, Path(store), sink.url, self._owner)
            for process in (vendors, service):
                process.start()
                stack.callback(process.stop)
            self._running = stack.pop_all()
        self.url = service.url
        self.processes = {"fakes": vendors, "service": service}
        self._caller = HttpCaller(self.url)
        self.fakes = Fakes(HttpCaller(vendors.url), control)
        self.admin = ApiAdminClient(self.call, self.fakes)

    def call(self, method: str, path: str, data: object = None) -> Answer:
        """Return the answer of its JSON API, called with its token."""
        body = b"" if data is None else json.dumps(data).encode()
        bearer = {"Authorization": f"Bearer {self._owner}"}
        return self._caller(method, path, body=body, headers={**JSON, **bearer})

    def vendors(self) -> tuple[str, ...]:
        """Return the vendors that the service supports."""
        answer = self.call("GET", "/api/vendors").json()
        return tuple(each["name"] for each in answer["items"])

    def work(self) -> int | None:
        """Return how many jobs are due or in flight."""
        try:
            work: Any = self.call("GET", "/api/work").json()
        except NoAnswer:
            return None
        return int(work["due"] + work["in_flight"]) if isinstance(work, dict) else None

    def close(self) -> None:
        """Stop both processes and the mail server."""
        self._running.close()


class ExternalTarget:
    """An external integration, started or reached as its profile declares."""

    def __init__(self, given: Profile, target: Target) -> None:
        self.name = f"{given.name} {given.version}"
        self.mails: list[ReceivedMail] = []
        declared = given.declared
        if declared and (declared.adapter or declared.messages.channel == "read"):
            text = "is told by an adapter, or asked for its codes: it cannot be loaded"
            raise Misuse(f"{given.name} {text}")
        self.subject: DeclaredSubject = start(target, given)
        self.text = given.source.read_text(encoding="utf-8")
        around = self.subject.around
        for sink in (around.sink, around.inbox):
            sink.on_mail = lambda mail: self.mails.append(ReceivedMail(now(), mail))
        self.subject.begin("load", "load", now())
        self.url = self.subject.url
        self.fakes = self.subject.fakes
        self.processes: Mapping[str, Process] = {}

    def work(self) -> int | None:
        """Return None: an external subject reports no backlog."""
        return None

    def close(self) -> None:
        """Stop what was started for it."""
        self.subject.close()


def vocabularies() -> dict[str, VendorVocabulary]:
    """Return the vocabulary of each vendor."""
    return vocabulary.read(FEATURES)


def profile(name: str) -> Profile:
    """Return the profile of that name or file; a wrong one raises Misuse."""
    known = read_capabilities(FEATURES)
    return load_profile(name, known, _rules(), vocabulary.credentials(vocabularies()))


def open_target(
    given: Profile, subject: str | None, folder: Path
) -> LocalTarget | ExternalTarget:
    """Return the target for `subject`, or else for the profile's subject."""
    asked = [subject] if subject else given.subjects
    reached = [t for t in targets("service", asked) if t.kind in {"http", "external"}]
    if not reached:
        raise Misuse(
            f"{asked}: a load test needs a running server; name its URL, http://..."
        )
    if reached[0].address == SERVICE:
        return LocalTarget(f"{given.name} {given.version}", folder)
    return ExternalTarget(given, reached[0])


def _rules() -> list[str]:
    from strikeplate import requirements  # noqa: PLC0415 - only profiles need it

    return [rule.id for rule in requirements.read(FEATURES).rules]


def _fakes(folder: Path, control: str) -> Process:
    port = free_port()
    given = ["--port", str(port)]
    words = {TOKEN_VARIABLE: control}
    return Process("fakes", given, port, folder / "fakes.log", words)


def _service(folder: Path, store: Path, smtp_url: str, owner: str) -> Process:
    """Return the service; its database and key are in `store`, its log in `folder`."""
    port = free_port()
    settings = {
        **service_variables(store, smtp_url, workers=WORKERS),
        "STRIKEPLATE_API_TOKEN": owner,
        "STRIKEPLATE_VENDOR_TIMEOUT_SECONDS": str(VENDOR_TIMEOUT_SECONDS),
        "STRIKEPLATE_PURGE_SECONDS": "300",
        "STRIKEPLATE_PORT": str(port),
        "STRIKEPLATE_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    return Process(SERVICE, [], port, folder / "service.log", settings)


ZONE = "Europe/Stockholm"
MOVES = 1.4  # times that a booking takes on average, moves included
TIMES_PER_DOOR = 50  # a keypad may hold no more than a hundred codes
PAID_EVERY = 4  # every fourth resource makes its code on payment


@dataclass(frozen=True)
class LoadOptions:
    """The options of a run."""

    shape: str
    seconds: float
    rate: float
    seed: int = 7
    vendors: tuple[str, ...] = ()
    faults: str = "none"
    settle_timeout: float = 120.0  # seconds to wait for convergence


def provision(target: LocalTarget | ExternalTarget, options: LoadOptions) -> LoadPlan:
    """Return the plan of a run on this target, with doors and rules created."""
    present = now()
    if isinstance(target, LocalTarget):
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
        profile=_profile(target),
        unsaid=tuple(_unsaid(target)),
    )


def _unsaid(target: LocalTarget | ExternalTarget) -> Iterator[str]:
    """Yield the kinds of event that are part of a load and that nobody can tell."""
    if isinstance(target, LocalTarget):
        return
    for kind in ("paid", "changed", "cancelled"):
        if not target.subject.format.can_send(kind):
            yield kind


def _profile(target: LocalTarget | ExternalTarget) -> str:
    """Return the text of an external subject's profile; empty for our own service."""
    if isinstance(target, LocalTarget):
        return ""
    return target.subject.source.read_text(encoding="utf-8")


def _chosen(target: LocalTarget, options: LoadOptions) -> list[str]:
    """Return the vendors to load: those that subject, fakes and rules all know."""
    known = vocabularies()
    found = [vendor for vendor in target.vendors() if vendor in known]
    for vendor in options.vendors:
        if vendor not in found:
            raise Misuse(
                f"{target.name} does not support the vendor {vendor!r}, but {found}"
            )
    return list(options.vendors) or found


def _add_doors(
    target: LocalTarget, options: LoadOptions, vendors: Sequence[str]
) -> Iterator[Resource]:
    times = options.rate * options.seconds * MOVES / len(vendors)
    for vendor in vendors:
        yield from _account(target, vendor, ceil(times / TIMES_PER_DOOR))


def _account(target: LocalTarget, vendor: str, count: int) -> Iterator[Resource]:
    """Yield the resources of a new vendor account, each with its own door."""
    fields = vocabularies()[vendor].doors[LOCK]
    world = target.fakes.new_world(name=f"load-{vendor}", seed=vendor, now=None)
    names = [f"{vendor}-{number}" for number in range(max(count, 2))]
    doors = [target.admin.door(world, vendor, name, ZONE, **fields) for name in names]
    connection = target.admin.link(world, vendor, ZONE, "owner@load.example.org")
    for number, door in enumerate(doors):
        trigger = "confirmed" if number % PAID_EVERY or not number else "paid"
        target.admin.create_rule(connection, door.name, door, trigger=trigger)
        path, secret = connection.path, connection.secret
        where = (vendor, world.id, door.id, ZONE)
        yield Resource(door.name, *where, trigger, path, secret)


def _find(target: ExternalTarget) -> Iterator[Resource]:
    """Yield the resources that an external subject's profile declares."""
    subject = target.subject
    world = subject.world
    if world is None:
        raise Misuse(f"{target.name} has not been started")
    for name, declared in subject.profile.resources.items():
        door = subject.doors[name][0]
        where = (door.vendor, world.id, door.id, declared.zone)
        margins = declared.margin_before, declared.margin_after
        told = declared.trigger, "/", subject.secret
        yield Resource(name, *where, *told, *margins)
