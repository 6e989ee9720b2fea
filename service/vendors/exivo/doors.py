"""Which components are doors that a visit can open, and why the others are not.

Invariants: pure. What is certain refuses a component; what may pass, or is only
inferred, warns. A word that nobody has heard of yet is taken for a door.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from service.ports import VendorLock

if TYPE_CHECKING:
    from collections.abc import Iterable

Body = Mapping[str, object]

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
