"""A contract as LivionKey writes it, and whether it is what was ordered.

Invariants: pure. A contract is known by `contractId`, our own name for it, which is
unique in the account; `id` is LivionKey's. It never names the customer: our own message
brings the code, and the vendor's notices stay off.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from service.domain.schedule import Window
    from service.vendors.livionkey.devices import CabinetPlace

SOON: Final = timedelta(minutes=1)
NOT_ALLOWED: Final = re.compile(r"[^\w.-]+", re.ASCII)
LONGEST_NAME: Final = 60


def contract_id(name: str, access: str) -> str:
    """Return our name of a contract: letters, digits, `_`, `/`, `.` and `-` alone."""
    plain = NOT_ALLOWED.sub("-", name)[:LONGEST_NAME].strip("-") or "access"
    return f"{plain}/{access}" if access else plain


def written(instant: datetime) -> str:
    """Return the instant as LivionKey writes it, in UTC and to the millisecond."""
    text = instant.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract of LivionKey's."""

    ref: str
    contract_id: str
    start: datetime
    end: datetime | None
    pin: str = field(repr=False)

    def fits(self, window: Window, pin: str, now: datetime) -> bool:
        """Tell whether it is as ordered; a late one may have begun later."""
        ends = self.end is not None and window.end is not None
        same_end = ends and written(self.end or now) == written(window.end or now)
        late = window.start < self.start <= now + 2 * SOON
        begins = late or written(self.start) == written(window.start)
        return bool(same_end and begins and self.pin == pin)

    def over(self, now: datetime) -> bool:
        """Tell whether its end has passed."""
        return self.end is not None and self.end <= now


def begins(
    window: Window, now: datetime, running: Contract | None = None
) -> tuple[datetime, ...]:
    """Return the starts to write, in turn, while the vendor says that one is over.

    It goes by its own clock, so what was booked is asked for first. A start that has
    passed can only stay as it was.
    """
    begun = running.start if running and running.start <= now else now
    return window.start, begun, now + SOON


def terms(
    place: CabinetPlace, start: datetime, end: datetime, pin: str
) -> dict[str, Any]:
    """Return the part of a contract that may change; `devices` stands every time."""
    return {
        "devices": [{"id": place.device, "keyId": place.key}],
        "start": written(start),
        "end": written(end),
        "pincode": pin,
    }


def people(name: str) -> dict[str, Any]:
    """Return the part that has to be there: a person, and a contact told nothing."""
    return {"person": name, "contacts": [{"sendSms": False, "sendEmail": False}]}


def contract_of(body: Mapping[str, Any]) -> Contract | None:
    """Return the contract, None for what cannot be read as one."""
    start = instant(body.get("start"))
    if start is None or not isinstance(body.get("id"), str):
        return None
    return Contract(
        ref=body["id"],
        contract_id=str(body.get("contractId") or ""),
        start=start,
        end=instant(body.get("end")),
        pin=str(body.get("pincode") or ""),
    )


def instant(text: object) -> datetime | None:
    """Return the instant, None for what is none."""
    with suppress(ValueError):
        at = datetime.fromisoformat(str(text))
        return at.astimezone(UTC) if at.tzinfo else None
    return None
