"""What a vendor's folder exports as `FAKE`, and how the folders are found.

Invariants: all that the kit ever asks of a vendor stands here. A vendor is a package in
`fakes.vendors` whose `FAKE` is one of these; no list names it anywhere.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, TypeVar

from pydantic import TypeAdapter

if TYPE_CHECKING:
    from datetime import datetime
    from types import ModuleType

    from flask import Blueprint
    from werkzeug import Request, Response

    from fakes.kit.push import Delivery
    from fakes.kit.quirks import Quirk
    from fakes.kit.world import World

S = TypeVar("S")
Truth = Literal["cloud", "queue", "door"]


class Entry(Protocol):
    """The result of a code that was typed; the vendor knows which rule decided."""

    @property
    def opened(self) -> bool:
        """Whether the door opened."""

    @property
    def reason(self) -> str:
        """A short stable word."""

    @property
    def at(self) -> datetime:
        """The instant by the world's clock (aware, UTC)."""

    def details(self) -> dict[str, Any]:
        """Return further fields of the answer, as JSON values."""


class Door(Protocol):
    """A door as the kit sees it; `describe` is its JSON, `log` its own memory."""

    @property
    def id(self) -> str:
        """The door's id, unique in its world."""

    @property
    def log(self) -> Iterable[Any]:
        """What the door itself remembers: dataclasses or JSON values, oldest first."""

    def describe(self) -> dict[str, Any]:
        """Return id, vendor, vendor_id, name, kind and the rest of the door's state."""

    def enter(self, code: str, now: datetime, **extra: Any) -> Entry:
        """Type a code; the world's instant is given, the door adds its own drift."""

    def probe(self, code: str, at: datetime, **extra: Any) -> Entry:
        """Ask the same question without leaving a trace."""


@dataclass(frozen=True)
class Code:
    """One code in one of the three truths: cloud, on its way, on the door.

    `since` is when it came to be so there, as far as that is known.
    """

    door: str
    code: str
    truth: Truth
    valid_from: datetime | None
    valid_until: datetime | None
    ref: str | None
    since: datetime | None = None


# What a task did, as JSON values for the clock's answer; None: nothing to tell.
Task = Callable[..., Mapping[str, Any] | None]


@dataclass(frozen=True)
class Fake(Generic[S]):
    """A vendor: its paths, its state, and the questions the kit asks about both.

    `state` is a dataclass that pydantic can write and read back; it holds all that
    the vendor knows, doors included. Nothing of a world is kept anywhere else.
    """

    name: str
    blueprint: Blueprint  # the vendor's own paths; the kit mounts it at /<name>
    state: type[S]
    new_state: Callable[[World], S]
    # Client settings for a world, given the base URL of the mount (no slash at the end)
    credentials: Callable[[World, str], dict[str, str]]
    # Every credential now valid, asked after a new state and after a restore; in
    # between the vendor calls world.claim / world.release
    live_credentials: Callable[[S], Iterable[str]]
    # The credential that a call carries, if any: this alone finds its world
    presented: Callable[[Request], str | None]
    # The vendor's own refusal of a call whose credential belongs to no world
    no_world: Callable[[Request], Response]
    doors: Callable[[S], Mapping[str, Door]]  # by door id
    add_door: Callable[[World, Mapping[str, Any]], Door]
    patch_door: Callable[[World, Door, Mapping[str, Any]], None]
    # The id of the rule that an entry follows from; doors know reasons alone
    rule_of: Callable[[Entry], str | None]
    codes: Callable[[World, Door | None], Iterable[Code]]
    portfolio: Callable[[World], None]  # furnishes a demo world with doors
    # By full name ("vendor.task"), called as fn(world, **args)
    tasks: Mapping[str, Task] = field(default_factory=dict)
    # Headers that sign one attempt of a webhook, made anew for each attempt
    sign: Callable[[World, Delivery], Mapping[str, str]] | None = None
    # Told after a code was typed, for clouds that hear of it
    entered: Callable[[World, Door, Entry], None] | None = None
    quirks: tuple[Quirk, ...] = ()
    # JSON, form and query fields that the journal blanks, beside the usual ones
    secret_fields: frozenset[str] = frozenset()

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
        """What writes the state as plain values and reads it back."""
        return TypeAdapter(self.state)


Fakes = Mapping[str, Fake[Any]]


def discover(package: str) -> Fakes:
    """Return the `FAKE` of every folder of the package, by name, in name order."""
    home: ModuleType = importlib.import_module(package)
    folders = sorted(each.name for each in pkgutil.iter_modules(home.__path__))
    found = [importlib.import_module(f"{package}.{folder}").FAKE for folder in folders]
    return {fake.name: fake for fake in found}
