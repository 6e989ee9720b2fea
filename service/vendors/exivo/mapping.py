"""Exivo's doors and visits, in the service's words and back.

Invariants: pure. A component that certainly opens no door is refused; one of which that
is only inferred gets a warning, and an unknown type is taken for a door. A visit is
exactly the booking with its margin; nothing is rounded. It is recognised by its name
and its PIN together: the name is for people, who see it, and the PIN was drawn by us
for this one order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from service.domain.access import PinForm
from service.domain.schedule import Exact
from service.ports import Order, VendorLock
from service.vendor_kit import Body, instant, label, object_in

GATEWAY: Final = "a gateway passes messages on to doors and opens none; choose a door"
ALARM: Final = "its template names an alarm: a visit that opens it may set that off"
UNREACHED: Final = (
    "Exivo does not reach it now: a link's button then sends a message that no door "
    "hears"
)


def vendor_locks(components: Iterable[Body], site: Body) -> list[VendorLock]:
    """Return every component that has an id, with what it can be used for."""
    zone = _zone(site.get("timeZone"))
    return [_lock(each, zone) for each in components if each.get("id")]


def _lock(body: Body, zone: str | None) -> VendorLock:
    kind = str(body.get("templateIdentifier") or "unknown")
    is_gateway = "gateway" in kind.lower()
    name = body.get("identifier") or body.get("labelling") or body.get("id")
    return VendorLock(
        vendor_id=str(body.get("id")),
        name=str(name),
        kind=kind,
        usable=not is_gateway,
        unusable_reason=GATEWAY if is_gateway else None,
        warning=None if is_gateway else _warning(body, kind),
        timezone=zone,
    )


def _warning(body: Body, kind: str) -> str | None:
    if body.get("ready") is False:
        return UNREACHED
    return ALARM if "alarm" in kind.lower() else None


def _zone(name: object) -> str | None:
    """Return the site's time zone, None where it is none that we know."""
    try:
        return ZoneInfo(name).key if isinstance(name, str) else None
    except (KeyError, ValueError, OSError):
        return None


VISIT: Final = "visit"
TIMES: Final = Exact(VISIT, "Exivo has accesses", "a visit")
FORM: Final = PinForm(length=6, digits="0123456789")


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit as the vendor lists it; a revoked one is never restored."""

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
        """Return whether an earlier try of this order made the visit."""
        known = visit.name == self.name and visit.code == self.code
        return known and not visit.revoked

    def fits(self, visit: Visit) -> bool:
        """Return whether the visit opens exactly what is asked for."""
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


def own_name(access: str) -> str:
    """Return what is known again of all that is made beside a visit."""
    return f"Strikeplate {access}"


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
    """Return the visit that a row describes, None where it describes none."""
    row = object_in(body)
    start, end = instant(row.get("validFrom")), instant(row.get("validTo"))
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


def _written(instant: datetime) -> str:
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
