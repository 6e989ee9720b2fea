"""A world: one tenant with its own accounts, doors, clock, faults and records.

Invariants: worlds share nothing but the process. Whoever reads or changes a world holds
its lock; webhooks alone go out without it, so that a receiver may call back.
One thread at a time moves a world's clock.
"""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Lock, RLock
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from fakes.kit import push
from fakes.kit.clock import Clock, Due
from fakes.kit.faults import Faults
from fakes.kit.ids import LOWER, Ids, derive, spell
from fakes.kit.journal import Journal, Mail
from fakes.kit.problem import Problem
from fakes.kit.quirks import Quirks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from fakes.kit.context import AppContext
    from fakes.kit.fake import Door, Fake, Fakes
    from fakes.kit.redact import Redactor
    from fakes.kit.transport import Send

S = TypeVar("S")
Portfolio = Literal["demo", "empty"]

DEMO = "demo"
MAILS_KEPT = 1000
PATIENCE_SECONDS = 60.0  # how long a move waits for another one to end


@dataclass(frozen=True)
class WorldConfig:
    """What a world is made from, and goes back to when it is reset.

    Without `now` its clock runs at the real present; with it the clock is stopped.
    """

    id: str
    seed: str
    name: str = ""
    now: datetime | None = None
    portfolio: Portfolio = "empty"


class World:
    """One tenant. Vendors keep all they know in their state, reached by its type."""

    def __init__(self, context: AppContext, config: WorldConfig) -> None:
        self.id = config.id
        self.config = config
        self.lock = RLock()
        self._context = context
        self._move = Lock()
        self._registered: set[tuple[str, str]] = set()
        self.reset()

    def reset(self) -> None:
        """Start afresh: same seed, credentials and ids; the past is forgotten."""
        with self.moving(), self.lock:
            self.clock = Clock(self.config.now, lock=self.lock)
            self.ids = Ids(self.config.seed)
            self.quirks = Quirks({name: f.quirks for name, f in self.fakes.items()})
            self.faults = Faults(self.config.seed)
            self.journal = Journal(self._context.redactors)
            self.deliveries = push.Deliveries()
            self.outbox: deque[Mail] = deque(maxlen=MAILS_KEPT)
            self.install({n: fake.new_state(self) for n, fake in self.fakes.items()})
            if self.config.portfolio == "demo":
                for fake in self.fakes.values():
                    fake.portfolio(self)

    @property
    def now(self) -> datetime:
        """The instant at which this world stands (aware, UTC)."""
        return self.clock.now

    @property
    def fakes(self) -> Fakes:
        """The vendors, by name."""
        return self._context.fakes

    @property
    def send(self) -> Send:
        """The way out for webhooks."""
        return self._context.send

    def redactor(self, vendor: str) -> Redactor:
        """Return what is blanked in the records of a vendor."""
        return self._context.redactors[vendor]

    def state(self, kind: type[S]) -> S:
        """Return a vendor's state, named by the type that its `Fake` declares."""
        state: S = self._states[kind]
        return state

    def install(self, states: Mapping[str, Any]) -> None:
        """Take over vendors' states and the credentials in them, or neither."""
        registered = {
            (name, credential)
            for name, state in states.items()
            for credential in self.fakes[name].live_credentials(state)
        }
        self._context.credential_index.register(self, registered)
        self._context.credential_index.drop(self, self._registered - registered)
        self._registered = registered
        self._states = {self.fakes[name].state: each for name, each in states.items()}

    def key(self, vendor: str, name: str, size: int = 32, alphabet: str = LOWER) -> str:
        """Return a credential that is this world's alone and never changes.

        In the demo world it is a dummy that anybody may know: `demo-<vendor>-<name>`.
        """
        if self.id == DEMO:
            return f"{DEMO}-{vendor}-{name}"
        drawn = derive(self._context.seed, self.id, vendor, name)
        return spell(drawn, size, alphabet)

    def credentials(self, base_url: str) -> dict[str, dict[str, str]]:
        """Return what a client needs to be this tenant, by vendor."""
        return {
            name: fake.credentials(self, f"{base_url}/{name}")
            for name, fake in self.fakes.items()
        }

    def register_credential(self, vendor: str, credential: str) -> None:
        """Let a credential lead to this world; TakenError if it leads to another."""
        self._context.credential_index.register(self, {(vendor, credential)})
        self._registered.add((vendor, credential))

    def release_credential(self, vendor: str, credential: str) -> None:
        """Let a credential lead nowhere, from now on."""
        self._context.credential_index.drop(self, {(vendor, credential)})
        self._registered.discard((vendor, credential))

    def leave(self) -> None:
        """Let no credential lead here any more."""
        self._context.credential_index.drop(self, self._registered)
        self._registered = set()

    def doors(self) -> Iterator[Door]:
        """Yield every door, vendor by vendor."""
        for fake in self.fakes.values():
            yield from fake.doors(self.state(fake.state)).values()

    def door(self, door_id: str) -> tuple[Fake[Any], Door] | None:
        """Return a door with its vendor, without walking over the others."""
        for fake in self.fakes.values():
            door = fake.doors(self.state(fake.state)).get(door_id)
            if door is not None:
                return fake, door
        return None

    def call_at(self, at: datetime, task: str, **args: Any) -> None:
        """Schedule a task by its full name; its arguments are JSON values."""
        self.clock.call_at(at, task, **args)

    def mail(
        self,
        vendor: str,
        channel: Literal["mail", "sms"],
        to: str,
        subject: str,
        body: str,
    ) -> None:
        """Put a message of the vendor itself into the outbox."""
        mail_id = self.ids.name("mail")
        self.outbox.append(Mail(mail_id, self.now, vendor, channel, to, subject, body))

    @contextmanager
    def moving(self) -> Iterator[None]:
        """Hold the clock alone; a Problem (409) if another move does not end."""
        if not self._move.acquire(timeout=PATIENCE_SECONDS):
            raise Problem(409, f"the clock of world {self.id} is still being moved")
        try:
            yield
        finally:
            self._move.release()

    def move_to(self, target: datetime) -> list[dict[str, Any]]:
        """Move the clock forward, wait for the receivers of webhooks, tell what ran.

        To be called while `moving`.
        """
        return self.clock.move_to(target, self._run)

    def catch_up(self) -> None:
        """Bring a running clock to the present, unless somebody else is moving it."""
        if self.clock.mode == "running" and self._move.acquire(blocking=False):
            try:
                self.clock.catch_up(self._run_unwaited)
            finally:
                self._move.release()

    def _run(self, due: Due) -> Mapping[str, Any] | None:
        if due.task == push.TASK:
            return push.attempt_due(self, **due.args)
        with self.lock:
            return self._context.tasks[due.task](self, **due.args)

    def _run_unwaited(self, due: Due) -> Mapping[str, Any] | None:
        if due.task != push.TASK:
            return self._run(due)
        self._context.submit(partial(push.attempt_due, self, **due.args))
        return None
