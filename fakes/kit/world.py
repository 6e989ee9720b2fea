"""A world, the vendors in it, and what all worlds of a process share.

Invariants: a world is one tenant with its own accounts, doors, clock, faults and
records; worlds share the `AppContext` only. Readers and writers of a world hold its
lock; webhooks are sent without it. One thread at a time moves a world's clock. No
credential leads to two worlds. A vendor is a package whose `FAKE` is a `Fake`; no list
names it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from threading import Lock, RLock
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from pydantic import TypeAdapter

from fakes.kit import webhooks
from fakes.kit.clock import ClientClock, Clock, Due
from fakes.kit.credentials import CredentialIndex
from fakes.kit.faults import Faults
from fakes.kit.ids import LOWER, Ids, as_uuid, derive, spell
from fakes.kit.journal import Journal, Mail, Note, Redactor
from fakes.kit.json_api import Problem
from fakes.kit.quirks import Quirks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, timedelta

    from flask import Blueprint
    from werkzeug import Request, Response

    from fakes.kit.companion import Companion
    from fakes.kit.credentials import Several
    from fakes.kit.door import Code, Door, Entry
    from fakes.kit.quirks import Quirk
    from fakes.kit.webhooks import Delivery, Send

S = TypeVar("S")


# Returns what it did as JSON values, for the record of a move; None: nothing to record
Task = Callable[..., Mapping[str, Any] | None]


@dataclass(frozen=True)
class Fake(Generic[S]):
    """A vendor: its paths, its state, and the functions that the kit calls.

    `state` is a dataclass that pydantic can write and read back; it holds all that
    the vendor knows, doors included. Nothing of a world is kept anywhere else.
    """

    name: str
    blueprint: Blueprint  # the vendor's own paths; the kit mounts it at /<name>
    state: type[S]
    new_state: Callable[[World], S]
    # Client settings for a world, given the base URL of the mount (no slash at the end)
    credentials: Callable[[World, str], dict[str, str]]
    # Every valid credential, read for a new or restored state; afterwards the vendor
    # calls world.register_credential and world.release_credential
    live_credentials: Callable[[S], Iterable[str]]
    # The credential of a call, if any: it alone decides the world
    presented: Callable[[Request], str | None]
    # The vendor's refusal of a call whose credential belongs to no world
    no_world: Callable[[Request], Response]
    doors: Callable[[S], Mapping[str, Door]]  # by door id
    add_door: Callable[[World, Mapping[str, Any]], Door]
    patch_door: Callable[[World, Door, Mapping[str, Any]], None]
    # The id of the rule that an entry follows from; doors know reasons alone
    rule_of: Callable[[Entry], str | None]
    codes: Callable[[World, Door | None], Iterable[Code]]
    portfolio: Callable[[World], None]  # adds the doors of a demo world
    # By full name ("vendor.task"), called as fn(world, **args)
    tasks: Mapping[str, Task] = field(default_factory=dict)
    # The headers that sign one attempt of a webhook
    sign: Callable[[World, Delivery], Mapping[str, str]] | None = None
    # Called after a code was typed, for clouds that learn of it
    entered: Callable[[World, Door, Entry], None] | None = None
    # Takes a door and its device away, with what the vendor knows of it
    remove_door: Callable[[World, Door], None] | None = None
    # What happens to the device at a door that stays: "reset", "paired", "replaced"
    device_changes: Mapping[str, Callable[[World, Door], None]] = field(
        default_factory=dict
    )
    # Replaces the credentials by new ones; the old ones are dead from then on
    renew: Callable[[World], None] | None = None
    several: Several | None = None
    # What a person gives together with a code, as fields of an entry
    typed_with: Callable[[World, Code], Mapping[str, str]] | None = None
    quirks: tuple[Quirk, ...] = ()
    # The hosts that the vendor's real interface has; clients may have them hard-coded
    hosts: tuple[str, ...] = ()
    # JSON, form and query fields that the journal redacts, besides the usual ones
    secret_fields: frozenset[str] = frozenset()
    # OpenAPI: the type of a refusal's body; the security schemes by name; a document
    # of the vendor's own, if any
    refusal: Any = None
    security: Mapping[str, Any] = field(default_factory=dict)
    document: Callable[[], dict[str, Any]] | None = None

    def __post_init__(self) -> None:
        strangers = [
            task for task in self.tasks if not task.startswith(f"{self.name}.")
        ]
        if strangers:
            raise ValueError(
                f"tasks of {self.name} start with {self.name}.: {strangers}"
            )

    @cached_property
    def adapter(self) -> TypeAdapter[S]:
        """Serialises the state and reads it back."""
        return TypeAdapter(self.state)


Fakes = Mapping[str, Fake[Any]]


# Sends a webhook of a running clock, by the world's id, without waiting for the answer
Submit = Callable[[str, Callable[[], object]], None]


def run_inline(_world: str, callback: Callable[[], object]) -> None:
    """Run the callback in this thread."""
    callback()


@dataclass(frozen=True)
class AppContext:
    """What all worlds of a process share; only the credential index changes."""

    seed: str
    fakes: Fakes
    send: Send
    submit: Submit = run_inline
    credential_index: CredentialIndex[World] = field(default_factory=CredentialIndex)

    @cached_property
    def tasks(self) -> dict[str, Task]:
        """The tasks of all vendors, by full name."""
        tasks: dict[str, Task] = {}
        for fake in self.fakes.values():
            tasks.update(fake.tasks)
        return tasks

    @cached_property
    def redactors(self) -> dict[str, Redactor]:
        """The redactor of each vendor's records."""
        fakes = self.fakes.items()
        return {name: Redactor(fake.secret_fields) for name, fake in fakes}


Portfolio = Literal["demo", "empty"]

DEMO = "demo"
MAILS_KEPT = 1000
NOTES_KEPT = 1000
PATIENCE_SECONDS = 60.0  # how long a move waits for another move


@dataclass(frozen=True)
class WorldConfig:
    """The initial settings of a world, also used for a reset.

    Without `now` its clock runs at the real present; with it the clock is stopped.
    """

    id: str
    seed: str
    name: str = ""
    now: datetime | None = None
    portfolio: Portfolio = "empty"
    client_clock: ClientClock = "real"


class World:
    """One tenant; a vendor finds its state by the type of that state."""

    def __init__(self, context: AppContext, config: WorldConfig) -> None:
        self.id = config.id
        self.config = config
        self.lock = RLock()
        self.open_calls = 0  # being answered now; guarded by the lock
        self.context = context  # shared with the other worlds
        self.companion: Companion | None = None  # goes along with its clock
        self._move = Lock()
        self._registered: set[tuple[str, str]] = set()
        self.reset()

    def reset(self, seed: str | None = None) -> None:
        """Return to the initial state: same credentials and ids, no history.

        With another `seed` the ids are others, as of doors that were never used.
        """
        with self.moving(), self.lock:
            self.clock = Clock(self.config.now, lock=self.lock)
            self.clock.client_clock = self.config.client_clock
            self.ids = Ids(seed or self.config.seed)
            self.quirks = Quirks({name: f.quirks for name, f in self.fakes.items()})
            self.faults = Faults(self.config.seed)
            self.journal = Journal(self.context.redactors)
            self.deliveries = webhooks.Deliveries()
            # Vendors, or "vendor id" of one credential
            self.revoked: set[str] = set()
            self.outbox: deque[Mail] = deque(maxlen=MAILS_KEPT)
            self.notes: deque[Note] = deque(maxlen=NOTES_KEPT)
            self.install({n: fake.new_state(self) for n, fake in self.fakes.items()})
            if self.config.portfolio == "demo":
                for fake in self.fakes.values():
                    fake.portfolio(self)

    @property
    def now(self) -> datetime:
        """The current instant of this world (aware, UTC)."""
        return self.clock.now

    @property
    def client_now(self) -> datetime:
        """The current instant by the clock of this world's clients (aware, UTC)."""
        return self.clock.client_now

    @property
    def fakes(self) -> Fakes:
        """The vendors, by name."""
        return self.context.fakes

    @property
    def tasks(self) -> Mapping[str, Task]:
        """What may be scheduled, by full name."""
        return self.context.tasks

    @property
    def send(self) -> Send:
        """Sends webhook requests."""
        return self.context.send

    def redactor(self, vendor: str) -> Redactor:
        """Return the redactor of a vendor's records."""
        return self.context.redactors[vendor]

    def sign(self, delivery: Delivery) -> Mapping[str, str]:
        """Return the headers that sign one attempt of a webhook."""
        sign = self.fakes[delivery.vendor].sign
        return sign(self, delivery) if sign else {}

    def state(self, kind: type[S]) -> S:
        """Return a vendor's state by the type that its `Fake` declares."""
        state: S = self._states[kind]
        return state

    def install(self, states: Mapping[str, Any]) -> None:
        """Replace the vendors' states and credentials, or change nothing."""
        registered = {
            (name, credential)
            for name, state in states.items()
            for credential in self.fakes[name].live_credentials(state)
        }
        self.context.credential_index.register(self, registered)
        self.context.credential_index.drop(self, self._registered - registered)
        self._registered = registered
        self._states = {self.fakes[name].state: each for name, each in states.items()}

    def key(self, vendor: str, name: str, size: int = 32, alphabet: str = LOWER) -> str:
        """Return a credential of this world only, always the same for the same name.

        In the demo world it is a dummy that anybody may know: `demo-<vendor>-<name>`.
        """
        if self.id == DEMO:
            return f"{DEMO}-{vendor}-{name}"
        drawn = derive(self.context.seed, self.id, vendor, name)
        return spell(drawn, size, alphabet)

    def credentials(self, base_url: str) -> dict[str, dict[str, str]]:
        """Return the client settings of this tenant, by vendor."""
        return {
            name: fake.credentials(self, f"{base_url}/{name}")
            for name, fake in self.fakes.items()
        }

    def is_revoked(self, vendor: str, credential: str) -> bool:
        """Whether a presented credential is withdrawn, alone or with all others."""
        several = self.fakes[vendor].several
        if not self.revoked or vendor in self.revoked or several is None:
            return vendor in self.revoked
        return f"{vendor} {several.owner(self, credential)}" in self.revoked

    def register_credential(self, vendor: str, credential: str) -> None:
        """Register a credential; CredentialTakenError if another world has it."""
        self.context.credential_index.register(self, {(vendor, credential)})
        self._registered.add((vendor, credential))

    def release_credential(self, vendor: str, credential: str) -> None:
        """Remove a credential."""
        self.context.credential_index.drop(self, {(vendor, credential)})
        self._registered.discard((vendor, credential))

    def leave(self) -> None:
        """Remove every credential of this world, and end its faults."""
        self.faults.clear()
        self.context.credential_index.drop(self, self._registered)
        self._registered = set()

    def doors(self) -> Iterator[Door]:
        """Yield every door, vendor by vendor."""
        for fake in self.fakes.values():
            yield from fake.doors(self.state(fake.state)).values()

    def door(self, door_id: str) -> tuple[Fake[Any], Door] | None:
        """Return a door with its vendor, in one look-up a vendor."""
        for fake in self.fakes.values():
            door = fake.doors(self.state(fake.state)).get(door_id)
            if door is not None:
                return fake, door
        return None

    def call_at(self, at: datetime, task: str, **args: Any) -> None:
        """Schedule a task by its full name; its arguments are JSON values."""
        self.clock.call_at(at, task, **args)

    def delivery_id(self) -> str:
        """Return a UUID that no other world gives out.

        Clients with a clock of their own may remember ids for ever, so for them no
        other run of this world gives it out either.
        """
        run = self.clock.began if self.clock.client_clock == "real" else ""
        count = self.ids.ordinal("delivery")
        return as_uuid(derive(self.context.seed, self.id, run, "delivery", count))

    def mail(
        self,
        vendor: str,
        channel: Literal["mail", "sms"],
        to: str,
        subject: str,
        body: str,
    ) -> None:
        """Add a message of the vendor to the outbox."""
        mail_id = self.ids.name("mail")
        self.outbox.append(Mail(mail_id, self.now, vendor, channel, to, subject, body))

    @contextmanager
    def moving(self) -> Iterator[None]:
        """Hold the clock exclusively; a Problem (409) if another move does not end."""
        if not self._move.acquire(timeout=PATIENCE_SECONDS):
            raise Problem(409, f"the clock of world {self.id} is still being moved")
        try:
            yield
        finally:
            self._move.release()

    def move_to(self, target: datetime) -> list[dict[str, Any]]:
        """Move the clock forward, wait for webhook receivers, return what ran.

        Call it while `moving` is held.
        """
        if self.companion is None or target <= self.now:
            return self.clock.move_to(target, self.run)
        step = partial(self.clock.move_to, run=self.run)
        return self.companion.go_along(self.clock, target, step)

    def move_until_due(self, target: datetime) -> list[dict[str, Any]]:
        """Move the clock as `move_to` does, but to the next due thing at most."""
        due = self.clock.next_at
        stops = due is not None and self.now < due < target
        return self.move_to(due if stops and due else target)

    def pass_time(self, span: timedelta) -> None:
        """Move the clock on by a span, alone among those that move it."""
        with self.moving():
            self.move_to(self.now + span)

    def catch_up(self) -> None:
        """Bring a running clock to the present, unless another thread is moving it."""
        if self.clock.mode == "running" and self._move.acquire(blocking=False):
            try:
                self.clock.catch_up(self._run_unwaited)
            finally:
                self._move.release()

    def run(self, due: Due) -> Mapping[str, Any] | None:
        """Run one scheduled task at the present instant; return what it tells."""
        if due.task == webhooks.TASK:
            return webhooks.attempt_due(self, **due.args)
        with self.lock:
            return self.context.tasks[due.task](self, **due.args)

    def _run_unwaited(self, due: Due) -> Mapping[str, Any] | None:
        if due.task != webhooks.TASK:
            return self.run(due)
        callback = partial(webhooks.attempt_due, self, **due.args)
        self.context.submit(self.id, callback)
        return None
