"""One operation of Exivo's interface, and what it is told when it is called.

Invariants: what is read has three ends: found, empty 404, or refused before it began.
What is changed has two: done (200 with the object, or 204), or 400 with words. An
unknown id is the one or the other by the method alone, wherever it is met.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from pydantic import TypeAdapter

from fakes.kit.call import note
from fakes.vendors.exivo.state import State, quirk, state_of

if TYPE_CHECKING:
    from datetime import datetime

    from fakes.kit.world import World

T = TypeVar("T")


class Refused(Exception):  # noqa: N818 - it is the vendor's answer, not a failure
    """A refusal; without words its body is empty."""

    def __init__(self, status: int, message: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def invalid(message: str) -> Refused:
    """Return the refusal of a change."""
    return Refused(400, message)


@dataclass(frozen=True)
class Asked:
    """One call: its world, its body as the operation's own type, where links lead."""

    world: World
    body: Any  # by the operation's `body`
    reads: bool
    base: str  # of the mount, no slash at the end

    @property
    def state(self) -> State:
        """The site."""
        return state_of(self.world)

    @property
    def now(self) -> datetime:
        """The instant of the call (aware, UTC)."""
        return self.world.now

    def quirk(self, name: str) -> Any:
        """Return one of the switches."""
        return quirk(self.world, name)

    def find(self, rows: Mapping[str, T], row_id: str, what: str) -> T:
        """Return a row, and tell the journal of it; Refused if there is none."""
        note(row_id)
        found = rows.get(row_id)
        if found is None:
            raise Refused(404) if self.reads else invalid(f"no {what} with this id")
        return found


@dataclass(frozen=True)
class Operation:
    """A row of the interface's table."""

    method: str
    path: str  # below the site
    name: str  # by which generated clients call it
    run: Callable[..., Any]  # told what was asked and the ids of the path
    shape: Callable[[Asked, Any], Any] | None = None  # None: 204, without a body
    body: Any = None  # a type; None: whatever comes is not looked at
    needs_body: bool = True
    many: bool = False  # `run` returns rows, which are answered by the page
    dated: bool = False  # rows can be asked for by date

    @cached_property
    def reader(self) -> TypeAdapter[Any]:
        """What reads the body."""
        return TypeAdapter(self.body)

    @cached_property
    def answer(self) -> Any:
        """The type of one answered row."""
        return get_type_hints(self.shape)["return"] if self.shape else None


Run = Callable[..., Any]
Shape = Callable[[Asked, Any], Any]


def lists(path: str, name: str, run: Run, shape: Shape) -> Operation:
    """Return the operation that answers many rows."""
    return Operation("GET", path, name, run, shape, many=True)


def logs(path: str, name: str, run: Run, shape: Shape) -> Operation:
    """Return the operation that answers the access log."""
    return Operation("GET", path, name, run, shape, many=True, dated=True)


def shows(path: str, name: str, run: Run, shape: Shape) -> Operation:
    """Return the operation that answers one row."""
    return Operation("GET", path, name, run, shape)


def makes(path: str, name: str, run: Run, shape: Shape, body: Any) -> Operation:
    """Return the operation that makes or changes a row and answers it."""
    return Operation("POST", path, name, run, shape, body)


def does(path: str, name: str, run: Run, body: Any = None) -> Operation:
    """Return the operation that does something and says no more than that."""
    return Operation("POST", path, name, run, body=body)


def may(path: str, name: str, run: Run, body: Any) -> Operation:
    """Return the like, of which the body may be left out."""
    return Operation("POST", path, name, run, body=body, needs_body=False)


def drops(path: str, name: str, run: Run) -> Operation:
    """Return the operation that takes something away."""
    return Operation("DELETE", path, name, run)
