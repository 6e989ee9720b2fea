"""A history: what happens to some bookings of one vendor's doors, as plain data. Pure.

    {"seed": 7, "vendor": "nuki", "begin": "2026-12-01T08:00:00Z",
     "resources": {"court-1": {"vendor": "nuki", "zone": "Europe/Berlin", "doors": 2}},
     "people": {"b1": {"name": "Ada Novak", "language": "sv", "phone": "+46701234567"}},
     "steps": [{"do": "event", "at": ..., "kind": "confirmed", "booking": "b1", ...},
               {"do": "fault", "at": ..., "until": ..., "call": ..., "effect": ...},
               {"do": "mail down", "at": ..., "until": ...},
               {"do": "restart", "at": ...},
               {"do": "reports", "at": ..., "fault": "doubled"},
               {"do": "switched off", "at": ..., "until": ...},
               {"do": "member", "at": ..., "kind": "started", "booking": "m1",
                "community": "gold"},
               {"do": "owner", "at": ..., "resource": "court-1",
                "sets": {"margin_before": "1h"}},
               {"do": "margins", "at": ..., "before": "1h", "after": "0h"},
               {"do": "credentials", "at": ..., "until": ...},
               {"do": "taken away", "at": ..., "booking": "b1"},
               {"do": "use", "at": ..., "booking": "b1", "move": "take"}]}

Resources are written as in a profile. Each booking is another customer's, as is each
membership. A rule that its owner gives to another `resource` goes by its first one in
later steps. An event
happens `at` an instant and arrives then, unless `arrives` names other instants.

Invariants: steps are in order of time. What is no history is refused with the place.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_serializer,
)

from strikeplate.oracle.events import Edit, Event, Fault, Placement, Situation
from strikeplate.profiles.shape import Duration, Resource
from strikeplate.verdict import Misuse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


class Shape(BaseModel):
    """One part of a history."""

    model_config = ConfigDict(extra="forbid", frozen=True)


S = TypeVar("S", bound=Shape)


class Customer(Shape):
    """Who booked; the address belongs to one run of a history alone."""

    name: str
    language: str = "en"


class PlatformStep(Shape):
    """Something happens to a booking or a membership, and its platform says so."""

    at: AwareDatetime
    booking: str
    arrives: tuple[AwareDatetime, ...] = ()

    @property
    def arrivals(self) -> tuple[datetime, ...]:
        """When the event arrives, each time."""
        return self.arrives or (self.at,)


class EventStep(PlatformStep):
    """Something happens to a booking; `id_alone`: its event says no more than that."""

    do: Literal["event"] = "event"
    kind: Literal[
        "confirmed", "paid", "starting", "changed", "cancelled", "checked_out"
    ]
    resource: str
    start: AwareDatetime
    end: AwareDatetime
    id_alone: bool = False


class MemberStep(PlatformStep):
    """Somebody joins a community, or leaves it."""

    do: Literal["member"] = "member"
    kind: Literal["started", "ended"]
    community: str


class FaultStep(Shape):
    """The vendor answers a call wrongly: `times` times, or all the while.

    The first `skip` such calls are answered as ever. It `strikes` no earlier than that,
    if that is known, and so does not explain what was due before.
    """

    do: Literal["fault"] = "fault"
    at: AwareDatetime
    until: AwareDatetime
    call: str = "every call"
    effect: str = "503"
    skip: int = 0
    times: int | None = None
    strikes: AwareDatetime | None = None


FINAL = ("400", "403", "422")
"""The effects after which a vendor need not be asked again."""

NOTHING = "an empty list"
"""The effect that a vendor lists no codes, though there are some."""


class MailStep(Shape):
    """The mail server refuses messages for a while."""

    do: Literal["mail down"] = "mail down"
    at: AwareDatetime
    until: AwareDatetime


class RestartStep(Shape):
    """The integration is stopped without a warning, and started again."""

    do: Literal["restart"] = "restart"
    at: AwareDatetime


ReportFault = Literal["lost", "doubled", "late", "out of order"]


class ReportsStep(Shape):
    """From then on the vendor's own events reach the integration, with a fault.

    `lost`: none comes. `doubled`: each comes twice at once. `late`: each comes three
    hours later. `out of order`: with each come those of before, the latest first.
    """

    do: Literal["reports"] = "reports"
    at: AwareDatetime
    fault: ReportFault


class OffStep(Shape):
    """The owner switches the connection off, and on again."""

    do: Literal["switched off"] = "switched off"
    at: AwareDatetime
    until: AwareDatetime


class CredentialsStep(Shape):
    """The vendor's credentials are renewed; the connection has the old ones `until`."""

    do: Literal["credentials"] = "credentials"
    at: AwareDatetime
    until: AwareDatetime


class OwnerStep(Shape):
    """The owner changes the rule of a resource; without traits the rule is deleted.

    One that sets `resource` or `community` gives the rule to another one.
    """

    do: Literal["owner"] = "owner"
    at: AwareDatetime
    resource: str
    sets: dict[str, Any] = {}


class MarginsStep(Shape):
    """The owner gives the connection margins, in whole hours.

    Each of its rules by resource has them at least.
    """

    do: Literal["margins"] = "margins"
    at: AwareDatetime
    before: Duration = timedelta()
    after: Duration = timedelta()

    @field_serializer("before", "after")
    def _written(self, margin: timedelta) -> str:
        return f"{margin // HOUR}h"

    def widened(self, rule: Resource) -> Resource:
        """Return a rule as it works with these margins."""
        if rule.community is not None or rule.recurring:
            return rule
        before = max(rule.margin_before, self.before)
        after = max(rule.margin_after, self.after)
        margins = {"margin_before": before, "margin_after": after}
        return rule.model_copy(update=margins)


class TakenStep(Shape):
    """Somebody takes a customer's codes away in the vendor's own app."""

    do: Literal["taken away"] = "taken away"
    at: AwareDatetime
    booking: str


class UseStep(Shape):
    """A customer types the code at each door of the booking, and may move its key."""

    do: Literal["use"] = "use"
    at: AwareDatetime
    booking: str
    move: Literal["take", "return"] | None = None


Step = Annotated[
    EventStep
    | MemberStep
    | CredentialsStep
    | FaultStep
    | MailStep
    | RestartStep
    | ReportsStep
    | OffStep
    | OwnerStep
    | MarginsStep
    | TakenStep
    | UseStep,
    Field(discriminator="do"),
]


class Playable(Shape):
    """What happens at a vendor's doors from `begin` on, kept as JSON."""

    seed: int = 0
    vendor: str
    begin: AwareDatetime

    def dumps(self) -> str:
        """Return it as JSON."""
        return self.model_dump_json(indent=2, exclude_none=True) + "\n"


class History(Playable):
    """What happens to bookings."""

    resources: dict[str, dict[str, Any]]
    people: dict[str, Customer]
    steps: tuple[Step, ...]

    @property
    def set_up(self) -> dict[str, Resource]:
        """The resources, read as those of a profile."""
        return {
            name: _resource(json.dumps(traits))
            for name, traits in self.resources.items()
        }

    @property
    def events(self) -> list[EventStep]:
        """What happens to bookings, in order."""
        return [step for step in self.steps if isinstance(step, EventStep)]

    @property
    def platform_steps(self) -> list[PlatformStep]:
        """What happens to bookings and memberships, in order."""
        return [step for step in self.steps if isinstance(step, PlatformStep)]

    @property
    def bookings(self) -> list[str]:
        """The bookings and memberships that anything happens to."""
        return [*dict.fromkeys(step.booking for step in self.platform_steps)]

    def situation(self) -> Situation:
        """Return what the oracle is given of it.

        Which codes are used and taken away is known only when it is played.
        """
        return Situation(
            self.set_up,
            [_event(step, at) for step in self.platform_steps for at in step.arrivals],
            [*self._faults()],
            off=[(s.at, s.until) for s in self.steps if isinstance(s, OffStep)],
            edits=[*self.edits()],
        )

    def edits(self) -> Iterator[Edit]:
        """Yield what the owner changes, each with the whole rule as it works then."""
        margins, rules = MarginsStep(at=self.begin), self.set_up
        changes: list[Edit | MarginsStep] = [*self.rule_edits()]
        changes += [step for step in self.steps if isinstance(step, MarginsStep)]
        for each in sorted(changes, key=lambda each: each.at):
            if isinstance(each, Edit):
                rules[each.resource] = each.rule
                yield replace(each, rule=margins.widened(each.rule))
                continue
            for name, rule in rules.items():
                widened = each.widened(rule)
                if rule.active and widened != margins.widened(rule):
                    yield Edit(name, each.at, widened)
            margins = each

    def rule_edits(self) -> Iterator[Edit]:
        """Yield what the owner changes in rules, each with the rule as written."""
        traits = {name: dict(each) for name, each in self.resources.items()}
        names = {name: name for name in traits}
        for step in self.steps:
            if not isinstance(step, OwnerStep):
                continue
            sets = dict(step.sets) or {"active": False}
            before = names[step.resource]
            names[step.resource] = sets.pop("resource", before)
            traits[step.resource] |= sets
            rule = _resource(json.dumps(traits[step.resource]))
            given = names[step.resource] != before
            if given:
                none = rule.model_copy(update={"active": False})
                yield Edit(before, step.at, none)
                door = rule.door or step.resource
                rule = rule.model_copy(update={"door": door})
            yield Edit(names[step.resource], step.at, rule, given=given)

    def _faults(self) -> list[Fault]:
        faults = []
        for step in self.steps:
            if isinstance(step, FaultStep):
                since = step.strikes or step.at
                faults.append(Fault(since, step.until, step.effect in FINAL))
            elif isinstance(step, MailStep | CredentialsStep):
                faults.append(Fault(step.at, step.until))
        restarts = [step for step in self.steps if isinstance(step, RestartStep)]
        return faults + [Fault(step.at, step.at + SECOND) for step in restarts]


@cache
def _resource(traits: str) -> Resource:
    """Return the resource of some traits; a history asks for the same ones often."""
    return Resource.model_validate(json.loads(traits))


def _event(step: PlatformStep, arrived: datetime) -> Event:
    if isinstance(step, MemberStep):
        community = Placement(step.community, step.at, None, step.booking)
        kind = f"membership_{step.kind}"
        return Event(step.booking, kind, step.at, arrived, community)
    assert isinstance(step, EventStep)
    placement = Placement(step.resource, step.start, step.end, step.booking)
    return Event(step.booking, step.kind, step.at, arrived, placement)


def loads(text: str, shape: type[S]) -> S:
    """Return the history of a JSON text; `Misuse` says what is wrong with it."""
    try:
        return shape.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "it"
        raise Misuse(f"this is no history: {where}: {first['msg']}") from None


def read(path: Path, shape: type[S]) -> S:
    """Return the history of a file, or whatever shape is kept there."""
    try:
        return loads(path.read_text(encoding="utf-8"), shape)
    except OSError as error:
        raise Misuse(f"{path} cannot be read: {error.strerror}") from None
