"""Visits: which one covers a booking, how it is ordered, and what the list shows.

Invariants: pure. A visit is exactly the booking with its margin; nothing is rounded. It
is known again by its name and its PIN together: the name is for people, who see it, and
the PIN was drawn by us for this one order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from service.domain.access import PinForm
from service.domain.schedule import Exact

if TYPE_CHECKING:
    from service.ports import Order

VISIT: Final = "visit"
TIMES: Final = Exact(VISIT, "Exivo has accesses", "a visit")
FORM: Final = PinForm(length=6, digits="0123456789")
LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit as the vendor tells it; a revoked one never comes back."""

    id: str
    name: str
    code: str = field(repr=False)
    link: str = field(repr=False)
    start: datetime
    end: datetime
    doors: frozenset[str]
    revoked: bool


@dataclass(frozen=True, slots=True)
class VisitRequest:
    """The visit that an order asks for."""

    name: str
    code: str = field(repr=False)
    start: datetime
    end: datetime
    doors: frozenset[str]

    def made(self, visit: Visit) -> bool:
        """Tell whether an earlier try of this order made the visit."""
        known = visit.name == self.name and visit.code == self.code
        return known and not visit.revoked

    def fits(self, visit: Visit) -> bool:
        """Tell whether the visit opens exactly what is asked for."""
        mine, its = (self.start, self.end), (visit.start, visit.end)
        return mine == its and self.doors == visit.doors

    @property
    def written(self) -> dict[str, object]:
        """Return the order's body; nobody is named, so the vendor tells nobody."""
        return {
            "name": self.name,
            "code": self.code,
            "validFrom": _written(self.start),
            "validTo": _written(self.end),
            "components": sorted(self.doors),
        }


def visit_request_of(order: Order) -> VisitRequest:
    """Return the visit that the order asks for."""
    window = order.window
    return VisitRequest(
        name=label(order.name),
        code=order.pin.reveal() if order.pin else "",
        start=window.start,
        end=window.end or window.start,
        doors=frozenset({order.lock_vendor_id, *order.extra_lock_ids}),
    )


def visit_of(body: object) -> Visit | None:
    """Return the visit that a row tells of, None where it tells of none."""
    row = body if isinstance(body, dict) else {}
    start, end = _instant(row.get("validFrom")), _instant(row.get("validTo"))
    texts = [row.get(name) for name in ("id", "code", "link")]
    ref, code, link = (text if isinstance(text, str) else "" for text in texts)
    if not (ref and code and link and start and end):
        return None
    doors = row.get("components")
    return Visit(
        id=ref,
        name=str(row.get("name") or ""),
        code=code,
        link=link,
        start=start,
        end=end,
        doors=frozenset(map(str, doors if isinstance(doors, list) else ())),
        revoked=row.get("revoked") is True,
    )


def label(text: str) -> str:
    """Return the text as one line, which the guest sees."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(printable.split())[:LONGEST_NAME].strip() or "access"


def _written(instant: datetime) -> str:
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _instant(text: object) -> datetime | None:
    try:
        read = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return read if read and read.tzinfo else None
