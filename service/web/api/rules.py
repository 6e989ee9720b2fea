"""Rules: which booked resource opens which locks, on which event (CON-03, CON-04)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from service.app import Service
from service.clock import now
from service.domain.booking import Trigger
from service.domain.errors import SemanticError
from service.domain.rules import Channel
from service.domain.schedule import (
    LONGEST_MARGIN_HOURS,
    LONGEST_MARGIN_MINUTES,
    Form,
    whole_hours,
)
from service.ids import new_id
from service.store import bookings, locks, rules
from service.store.database import Tx
from service.store.rules import StoredRule
from service.use_cases.validate_rule import validate_rule
from service.web.openapi import Endpoints
from service.web.read_models import ListOf, connection_of, rule_of, shown
from service.web.validation import Problem, ResourceName, Shape, ShortText

endpoints = Endpoints()

LONGEST_AHEAD_HOURS = 24 * 366
LONGEST_GRACE_MINUTES = 120
LONGEST_AFTER_MINUTES = 60 * 24 * 14


def _whole_hours(value: object, info: ValidationInfo) -> int:
    return whole_hours(info.field_name or "margin", value)


MarginHours = Annotated[
    int, BeforeValidator(_whole_hours), Field(ge=0, le=LONGEST_MARGIN_HOURS)
]
"""Whole hours (IGL-03)."""

MarginMinutes = Annotated[int, Field(ge=0, le=LONGEST_MARGIN_MINUTES)]
"""Minutes beside the hours, where the vendor counts in minutes (EXV-01)."""

Ahead = Annotated[int, Field(ge=0, le=LONGEST_AHEAD_HOURS)]
"""Hours before the start at which the message goes out; null is at once (MSG-02)."""

GraceMinutes = Annotated[int, Field(ge=0, le=LONGEST_GRACE_MINUTES)]
"""Minutes before and after, for recurring keys."""

AfterMinutes = Annotated[int, Field(ge=0, le=LONGEST_AFTER_MINUTES)]
"""Minutes after the end, for keys that are given back."""

Locks = Annotated[list[ShortText], Field(min_length=1, max_length=20)]

Options = Annotated[list[ShortText], Field(max_length=5)]
"""Further ways in, by the names that the vendor gives them (EXV-05)."""


def _of_bookings(trigger: Trigger) -> Trigger:
    if trigger is Trigger.STARTED:
        raise ValueError("name a community instead; its members start and end")
    return trigger


BookingTrigger = Annotated[Trigger, AfterValidator(_of_bookings)]
"""The event of a booking that a rule waits for."""


class NewRule(Shape):
    """A rule: booked, `resource` opens `locks` once `trigger` was seen.

    A rule by `community` opens them to its members as long as they are (EXV-02).
    A margin is the sum of its hours and minutes. `recurring` gives returning
    customers one key each, with `grace_minutes` on both sides (NUK-09, NUK-10).
    Where locks are keys: `return_grace_minutes` says how long after the end the lock
    system takes them back by the same code (LIV-09); a key still out after
    `overdue_after_minutes` is told of (LIV-05), and with `report_returns` one that came
    back (LIV-06). With `remake_codes` a code that somebody took away at the vendor is
    made anew, instead of being shown as removed (CON-13).
    """

    resource: ResourceName | None = None
    community: ResourceName | None = None
    locks: Locks
    trigger: BookingTrigger = Trigger.CONFIRMED
    channel: Channel = Channel.EMAIL
    send_hours_before: Ahead | None = None
    margin_before_hours: MarginHours = 0
    margin_after_hours: MarginHours = 0
    margin_before_minutes: MarginMinutes = 0
    margin_after_minutes: MarginMinutes = 0
    copy_to_owner: bool = False
    recurring: Form | None = None
    grace_minutes: GraceMinutes = 0
    return_grace_minutes: AfterMinutes = 0
    overdue_after_minutes: AfterMinutes = 0
    report_returns: bool = False
    remake_codes: bool = False
    options: Options = Field(default_factory=list)


class RuleChange(Shape):
    """What to change; what is left out stays as it is."""

    resource: ResourceName | None = None
    community: ResourceName | None = None
    locks: Locks | None = None
    trigger: BookingTrigger | None = None
    channel: Channel | None = None
    send_hours_before: Ahead | None = None
    margin_before_hours: MarginHours | None = None
    margin_after_hours: MarginHours | None = None
    margin_before_minutes: MarginMinutes | None = None
    margin_after_minutes: MarginMinutes | None = None
    copy_to_owner: bool | None = None
    recurring: Form | None = None
    grace_minutes: GraceMinutes | None = None
    return_grace_minutes: AfterMinutes | None = None
    overdue_after_minutes: AfterMinutes | None = None
    report_returns: bool | None = None
    remake_codes: bool | None = None
    options: Options | None = None


class RuleSchema(NewRule):
    """A rule of a connection; that of a community has the trigger `started`."""

    trigger: Trigger
    id: str
    connection: str


@endpoints.add("POST", "/api/connections/<connection>/rules", status=HTTPStatus.CREATED)
def make_rule(service: Service, connection: str, body: NewRule) -> RuleSchema:
    """Make a rule: a booked resource opens locks."""
    found = connection_of(service, connection)
    rule = StoredRule(
        id=new_id("rule", now()),
        connection_id=found.id,
        **_rule_columns(body.model_dump()),
    )

    def store(tx: Tx) -> StoredRule:
        _check_locks(tx, found.id, rule.locks)
        validate_rule(service.deps.vendors[found.vendor], rule)
        bookings.look_again(tx, found.id, {rule.resource}, now())
        return rules.GATEWAY.add(tx, rule)

    made = service.deps.store.write(store)
    service.wake()
    return _to_schema(made)


@endpoints.add("GET", "/api/connections/<connection>/rules")
def list_rules(service: Service, connection: str) -> ListOf[RuleSchema]:
    """List a connection's rules."""
    found = connection_of(service, connection)
    stored = service.deps.store.read(lambda tx: rules.of_connection(tx, found.id))
    return ListOf[RuleSchema](items=[_to_schema(each) for each in stored])


@endpoints.add("GET", "/api/rules/<rule>")
def show_rule(service: Service, rule: str) -> RuleSchema:
    """Show a rule."""
    return _to_schema(rule_of(service, rule))


@endpoints.add("PATCH", "/api/rules/<rule>")
def change_rule(service: Service, rule: str, body: RuleChange) -> RuleSchema:
    """Change a rule; it holds for what is booked already, too."""
    found = rule_of(service, rule)
    values = _changes(body, found)
    connection = connection_of(service, found.connection_id)
    vendor = service.deps.vendors[connection.vendor]

    def store(tx: Tx) -> None:
        _check_locks(tx, found.connection_id, values.get("locks", []))
        changed = replace(found, **values)
        validate_rule(vendor, changed)
        rules.GATEWAY.change(tx, {"id": found.id}, **values)
        resources = {found.resource, changed.resource}
        bookings.look_again(tx, found.connection_id, resources, now())

    service.deps.store.write(store)
    service.wake()
    return _to_schema(rule_of(service, rule))


@endpoints.add("DELETE", "/api/rules/<rule>")
def remove_rule(service: Service, rule: str) -> None:
    """Delete a rule; the codes it made are taken back."""
    found = rule_of(service, rule)

    def store(tx: Tx) -> None:
        rules.GATEWAY.remove(tx, id=found.id)
        bookings.look_again(tx, found.connection_id, {found.resource}, now())

    service.deps.store.write(store)
    service.wake()


def _changes(body: RuleChange, before: StoredRule) -> dict[str, Any]:  # columns' types
    """Return the named changes; only `may_be_none` may be set to null."""
    named = body.model_dump(exclude_unset=True)
    may_be_none = {"send_hours_before", "recurring"}
    changes = {
        name: value
        for name, value in named.items()
        if value is not None or name in may_be_none
    }
    if {"resource", "community"} & changes.keys():
        was_of_members = before.rule.of_members
        default = {"trigger": Trigger.CONFIRMED} if was_of_members else {}
        return default | _rule_columns(changes)
    if before.rule.of_members and "trigger" in changes:
        fix = "a rule by community has none to choose; name a resource to make it one"
        raise SemanticError("trigger", changes["trigger"], fix)
    return changes


def _rule_columns(named: dict[str, Any]) -> dict[str, Any]:
    """Return the columns of a rule, for either a resource or a community."""
    resource, community = named.get("resource"), named.pop("community", None)
    if bool(resource) is bool(community):
        fix = "name what is booked, or a community, and not both"
        raise SemanticError("resource", resource, fix)
    if community:
        return named | {"resource": community, "trigger": Trigger.STARTED}
    return named


def _check_locks(tx: Tx, connection_id: str, wanted: Iterable[str]) -> None:
    """Refuse a lock that does not exist or cannot be used (NUK-01)."""
    known = {lock.id: lock for lock in locks.of_connection(tx, connection_id)}
    errors = []
    for number, lock_id in enumerate(wanted):
        lock = known.get(lock_id)
        fix = "this connection has no such lock; refresh its locks, or choose another"
        if lock is not None:
            fix = f"{lock.name} cannot be used: {lock.unusable_reason}"
        if lock is None or not lock.usable:
            errors.append({"field": f"locks.{number}", "value": lock_id, "fix": fix})
    if errors:
        detail = "; ".join(str(error["fix"]) for error in errors)
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors)


def _to_schema(stored: StoredRule) -> RuleSchema:
    rule = stored.rule
    return shown(
        RuleSchema,
        stored,
        connection=stored.connection_id,
        resource=None if rule.of_members else stored.resource,
        community=stored.resource if rule.of_members else None,
        trigger=rule.trigger,
        channel=rule.channel,
        recurring=Form(stored.recurring) if stored.recurring else None,
    )
