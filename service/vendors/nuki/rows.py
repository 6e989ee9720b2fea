"""A keypad code as Nuki's list shows it, and whether it is what was ordered.

Invariants: pure. A row with an `operationId` is on its way; one without the lock's own
number (`authId`) is not known to be on the lock, whatever else it says.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

KEYPAD_CODE: Final = 13
EVERY_DAY: Final = 127
DATE: Final = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Limits:
    """When a code is allowed: dates in UTC, days and minutes on the lock's wall."""

    start: datetime
    end: datetime
    weekdays: int = EVERY_DAY
    from_minute: int = 0
    until_minute: int = 0

    def written(self) -> dict[str, Any]:
        """Return all five fields: one left out is cleared, or not applied (NUK-07)."""
        return {
            "allowedFromDate": self.start.astimezone(UTC).strftime(DATE),
            "allowedUntilDate": self.end.astimezone(UTC).strftime(DATE),
            "allowedWeekDays": self.weekdays,
            "allowedFromTime": self.from_minute,
            "allowedUntilTime": self.until_minute,
        }


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the list; `number` is the lock's own, None while it has none.

    `updated_at` is when the server last changed it, None where that is not told.
    """

    ref: str
    code: str = field(repr=False)
    name: str
    enabled: bool
    limits: dict[str, Any]
    number: int | None
    under_way: bool
    error: str
    updated_at: datetime | None

    def allows(self, limits: Limits) -> bool:
        """Tell whether the row says exactly these limits."""
        return self.enabled and self.limits == limits.written()


def row_of(body: Mapping[str, object]) -> Row | None:
    """Return the row, None for what is no keypad code."""
    if body.get("type") != KEYPAD_CODE or not isinstance(body.get("id"), str):
        return None
    number = body.get("authId")
    return Row(
        ref=str(body["id"]),
        code=_code(body.get("code")),
        name=str(body.get("name", "")),
        enabled=body.get("enabled") is not False,
        limits=_limits(body),
        number=number if isinstance(number, int) else None,
        under_way=bool(body.get("operationId")),
        error=str(body.get("error") or ""),
        updated_at=_instant(body.get("updateDate")),
    )


def _limits(body: Mapping[str, object]) -> dict[str, Any]:
    """Return the five fields in one writing, whatever was left out in the list."""
    return {
        "allowedFromDate": _date(body.get("allowedFromDate")),
        "allowedUntilDate": _date(body.get("allowedUntilDate")),
        "allowedWeekDays": body.get("allowedWeekDays") or EVERY_DAY,
        "allowedFromTime": body.get("allowedFromTime") or 0,
        "allowedUntilTime": body.get("allowedUntilTime") or 0,
    }


def _date(text: object) -> str | None:
    at = _instant(text)
    return at.strftime(DATE) if at else None


def _instant(text: object) -> datetime | None:
    with suppress(ValueError):
        at = datetime.fromisoformat(str(text))
        return at.astimezone(UTC) if at.tzinfo else None
    return None


def _code(value: object) -> str:
    """Return the digits: a number by the document, a list of one as some have seen."""
    one = value[0] if isinstance(value, list) and value else value
    return str(one) if isinstance(one, int | str) else ""
