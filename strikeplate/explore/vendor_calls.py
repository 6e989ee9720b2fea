"""Calls to a vendor's account, as far as runs need them; `vendor_clients` has each one.

Invariants: a code is known by the name that it was ordered by here; the vendor's own
ids and digits stay inside. What is made is taken back when its world ends.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from strikeplate.http import call_json
from strikeplate.vocabulary import LOCK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from strikeplate.context import ScenarioContext
    from strikeplate.environment import Place
    from strikeplate.explore.vendor_hooks import Posted, Report
    from strikeplate.explore.vendor_run import CodeStep
    from strikeplate.http import Answer


AGREED = "strikeplate agreed on this"
"""What a vendor sends with each report that does not sign."""


class RefusalError(Exception):
    """The vendor did not do what it was asked; `status` is its answer's."""

    def __init__(self, text: str, status: int) -> None:
        super().__init__(text)
        self.status = status


@dataclass
class Made:
    """A code that was made: its digits, its id at the vendor, and its door."""

    code: str
    ref: str
    place: Place
    extras: dict[str, str] = field(default_factory=dict)
    old: str = ""
    """The digits that it had before."""

    known: dict[str, str] = field(default_factory=dict)
    """What else the vendor made for it."""

    def renew(self, code: str) -> None:
        """Take it that it has other digits."""
        self.old, self.code = self.code, code


@dataclass
class VendorCalls(ABC):
    """The calls of one vendor's account."""

    ctx: ScenarioContext
    made: dict[str, Made] = field(default_factory=dict)
    alike: dict[str, str] = field(default_factory=dict)
    """Codes of another code's contract, which go by the name of that one."""

    seed: int = 0
    """The run's; it decides how things are asked for."""

    changes: ClassVar[bool] = False
    deletes: ClassVar[bool] = True
    lists: ClassVar[bool] = True
    reports: ClassVar[bool] = True
    """Whether it can be told of a webhook."""

    @property
    def own(self) -> Mapping[str, str]:
        """The account's credentials."""
        return self.ctx.environment.credentials

    def add_door(self, number: int, zone: str) -> Place:
        """Return a new door of the account, counted from 0."""
        name = f"door {number + 1}"
        return self.ctx.environment.add_door(name, LOCK, zone=zone)

    def is_out(self, place: Place) -> bool | None:
        """Say whether the key of a cabinet is shown as out, if that is shown."""
        # Only a vendor of cabinets is asked; an answer of others would hide our mistake
        raise NotImplementedError

    def set_up(self, settings: Mapping[str, int | str]) -> None:
        """Set what the account's owner sets by hand."""
        assert not settings, f"{type(self).__name__} has no settings"

    def make(self, order: CodeStep, *places: Place) -> None:
        """Order a code for a door, or one call's codes for several.

        `RefusalError` if the vendor does not make them.
        """
        if order.joins:
            self.alike[order.code] = order.joins
        if order.also:
            self.alike[order.also] = order.code
        for name, place in zip(order.codes, places, strict=True):
            undo = partial(self.gone, name)
            place.world.on_close(f"a code called {self.label(name)}", undo)
        made = self._make(order, *places)
        for name, place in zip(order.codes, places, strict=True):
            self.made[name] = replace(made, place=place)

    def gone(self, name: str) -> bool:
        """Delete a code of a real server, if it is there; return whether it is gone."""
        made = self.made.get(name)
        if made is None or self.label(name) not in self.listed(made.place):
            return True
        self.delete(name)
        return False

    def chance(self, name: str, what: str) -> Random:
        """Return what decides how a code is asked for something."""
        return Random(f"{self.seed} {name} {what}")  # noqa: S311 - no secret

    def label(self, name: str) -> str:
        """Return what a code is called at the vendor."""
        return f"strikeplate-{self.ctx.environment.tag}-{self.alike.get(name, name)}"

    def static_code(self, place: Place, *, other: bool = False) -> str:
        """Return the static code of a slot, or one of another slot."""
        raise NotImplementedError

    @abstractmethod
    def _make(self, order: CodeStep, *places: Place) -> Made: ...

    @abstractmethod
    def change(self, order: CodeStep) -> None:
        """Change when a code is good."""

    @abstractmethod
    def delete(self, *names: str) -> None:
        """Delete a code, or those of one call."""

    @abstractmethod
    def listed(self, place: Place) -> set[str]:
        """Return what the codes of a door are called that the vendor lists as good."""

    @abstractmethod
    def locks(self) -> dict[str, str]:
        """Return the name of each lock of the account, by its id."""

    @abstractmethod
    def bearer(self) -> dict[str, str]:
        """Return the headers of a call."""

    def subscribe(self, url: str) -> None:
        """Have the vendor report to an address."""
        raise NotImplementedError

    def agreed(self) -> dict[str, str]:
        """Return the credentials by which an integration checks what is reported."""
        raise NotImplementedError

    def signed(self, body: bytes) -> dict[str, str]:
        """Return the headers with which the vendor reports."""
        raise NotImplementedError

    def is_genuine(self, posted: Posted) -> bool:
        """Say whether what was posted is signed as the vendor signs."""
        raise NotImplementedError

    def read(self, posted: Posted) -> Iterator[Report]:
        """Yield what was reported."""
        raise NotImplementedError

    def ask(
        self,
        method: str,
        path: str,
        data: object = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """Return the JSON answer to a call; `RefusalError` if it is no success."""
        base = urlsplit(self.own["api_url"]).path.rstrip("/")
        server = self.ctx.target_context.fakes.vendors
        sent = self.bearer() if headers is None else headers
        answer = call_json(server, method, base + path, data, sent)
        return success(answer, f"{method} {path}")


def times(order: CodeStep) -> tuple[datetime, datetime]:
    """Return the times of an order that has both."""
    assert order.start
    assert order.end
    return order.start, order.end


def success(answer: Answer, call: str) -> Any:
    """Return the JSON of a success; `RefusalError` if it is none."""
    if not answer.ok:
        raise RefusalError(f"{call} was answered {answer.status}", answer.status)
    return answer.json()
