"""What the server refuses about an order for an auth, and in which order.

Invariants: the first row of `CHECKS` that finds something wrong is the answer. The
server decides by its own copy and never asks the lock: it does not know a code that an
app has stored, and it does know a row whose code never reached the lock.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from fakes.doors.codebook import FORM
from fakes.vendors.nuki.errors import bad_value, refused
from fakes.vendors.nuki.schemas.requests import AuthChange, AuthRequest, NewAuth, date
from fakes.vendors.nuki.state import (
    KEYPAD_CODE,
    Auth,
    Device,
    Limits,
    Settings,
    quirk,
    state_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from fakes.kit.world import World


APP, FOB = 0, 2
TYPES = (APP, FOB, KEYPAD_CODE)
EVERY_DAY = 127
DAY_MINUTES = 24 * 60
NAME_LENGTHS = {KEYPAD_CODE: 20}
OTHER_NAMES = 32
FIELDS = {
    "allowed_from_date": "start",
    "allowed_until_date": "end",
    "allowed_week_days": "weekdays",
    "allowed_from_time": "from_minute",
    "allowed_until_time": "until_minute",
}


@dataclass(frozen=True)
class Case:
    """An order for an auth of a lock: a new one, or a change of `auth`."""

    world: World
    device: Device
    body: AuthRequest
    auth: Auth | None = None

    @property
    def type(self) -> int:
        """The type that the auth has or is to have."""
        if self.auth is not None:
            return self.auth.type
        return (self.body.type or APP) if isinstance(self.body, NewAuth) else APP

    @property
    def code(self) -> str | None:
        """The digits that are asked for."""
        return None if self.body.code is None else str(self.body.code)

    @cached_property
    def limits(self) -> Limits:
        """The limits that the auth is to have; Refused if a date is not valid."""
        body, status = self.body, int(quirk(self.world, "bad-date-status"))
        return Limits(
            date(body.allowed_from_date, "allowedFromDate", status),
            date(body.allowed_until_date, "allowedUntilDate", status),
            body.allowed_week_days,
            body.allowed_from_time,
            body.allowed_until_time,
        )


def settings(case: Case) -> Settings:
    """Return what is ordered; Refused if it cannot be."""
    for check in CHECKS:
        check(case)
    body = case.body
    before = case.auth.settings if case.auth else Settings("")
    asked = {
        "name": body.name,
        "code": case.code,
        "enabled": body.enabled if isinstance(body, AuthChange) else None,
        "remote_allowed": body.remote_allowed,
        "account_user": body.account_user_id,
    }
    given: dict[str, Any] = {n: each for n, each in asked.items() if each is not None}
    return replace(before, limits=_limits(case, before.limits), **given)


def _limits(case: Case, before: Limits) -> Limits:
    """Return the limits as ordered; those left out are wiped, or kept by a switch."""
    if quirk(case.world, "update-wipes-omitted"):
        return case.limits
    left_out = FIELDS.keys() - case.body.model_fields_set
    kept = {FIELDS[field]: getattr(before, FIELDS[field]) for field in left_out}
    return replace(case.limits, **kept)


def _type(case: Case) -> None:
    if case.auth is None and case.type not in TYPES:
        raise bad_value(case.type, "type")
    keypad = state_of(case.world).door_of(case.device).keypad
    if case.type == KEYPAD_CODE and not keypad:
        raise bad_value(case.type, "type")


def _code(case: Case) -> None:
    if case.type != KEYPAD_CODE:
        wrong = case.code is not None
    elif case.code is None:
        wrong = case.auth is None
    else:
        wrong = not FORM.fullmatch(case.code)
    if wrong:
        raise bad_value(case.code, "code")


def _name(case: Case) -> None:
    name = case.body.name
    if name is None and (case.auth is None or quirk(case.world, "update-needs-name")):
        raise bad_value(None, "name")
    if name is not None and not name.strip():
        raise bad_value(name, "name")
    longest = NAME_LENGTHS.get(case.type, OTHER_NAMES)
    in_bytes = quirk(case.world, "name-counted-in") == "bytes"
    length = len((name or "").encode() if in_bytes else (name or ""))
    if length > longest:
        raise bad_value(name, "name", int(quirk(case.world, "long-name-status")))


def _user(case: Case) -> None:
    user = case.body.account_user_id
    needed = case.auth is None and case.type != KEYPAD_CODE
    if (user is None and needed) or (
        user is not None and user not in state_of(case.world).users
    ):
        raise bad_value(user, "accountUserId")


def _weekdays(case: Case) -> None:
    days = case.limits.weekdays
    if days is not None and not 0 <= days <= EVERY_DAY:
        raise bad_value(days, "allowedWeekDays")


def _minutes(case: Case) -> None:
    named = {
        "allowedFromTime": case.limits.from_minute,
        "allowedUntilTime": case.limits.until_minute,
    }
    for parameter, minute in named.items():
        if minute is not None and not 0 <= minute < DAY_MINUTES:
            raise bad_value(minute, parameter)


def _dates(case: Case) -> None:
    start, end = case.limits.start, case.limits.end
    if start and end and end < start and quirk(case.world, "backwards-dates-refused"):
        raise bad_value(case.body.allowed_until_date, "allowedUntilDate")


def _capacity(case: Case) -> None:
    """Refuse one code too many; by default only the lock counts."""
    if case.auth or case.type != KEYPAD_CODE:
        return
    if quirk(case.world, "keypad-full") == "refused":
        codes = [a for a in case.device.auths.values() if a.type == KEYPAD_CODE]
        if len(codes) >= quirk(case.world, "keypad-capacity"):
            raise refused(400, "There is no room for another keypad code")


def _clash(case: Case) -> None:
    """Refuse a code that another row of the copy has, or is about to have."""
    for row in case.device.auths.values():
        if row is not case.auth and case.code in _codes(case.device, row):
            raise refused(409, "The keypad code exists already")


def _codes(device: Device, row: Auth) -> set[str]:
    operation = device.operations.get(row.operation or "")
    requested = operation.requested if operation else None
    return {each.code for each in (row.settings, requested) if each and each.code}


CHECKS: tuple[Callable[[Case], None], ...] = (
    _type,
    _code,
    _name,
    _user,
    _weekdays,
    _minutes,
    _dates,
    _capacity,
    _clash,
)
