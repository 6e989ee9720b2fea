"""When and where a visit opens: what is refused about it.

Invariants: the start may lie in the past, the end may not; every door must be one of
this site's. What is stored is in UTC, however it was written.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from fakes.vendors.exivo.operation import invalid

if TYPE_CHECKING:
    from fakes.vendors.exivo.bodies import Window
    from fakes.vendors.exivo.operation import Asked


def instant(written: datetime) -> datetime:
    """Return an instant as it is stored."""
    return written.astimezone(UTC)


def check(asked: Asked, body: Window) -> None:
    """Refuse a window that opens nothing, or not as it seems to."""
    for written in (body.valid_from, body.valid_to):
        check_offset(asked, written)
    if body.valid_to <= asked.now:
        raise invalid("validTo must be in the future")
    if body.valid_to <= body.valid_from:
        raise invalid("validTo must be after validFrom")
    for component_id in body.components:
        component = asked.state.components.get(component_id)
        if component is None:
            raise invalid("components: no component with this id")
        if not component.is_door:
            raise invalid("components: this component is no door")


def check_offset(asked: Asked, written: datetime | None) -> None:
    """Refuse an instant that is not written in UTC, if that matters."""
    strict = asked.quirk("foreign-offset") == "refused"
    if strict and written is not None and written.utcoffset() != timedelta():
        raise invalid("instants must be written in UTC, such as 2026-12-01T14:20:00Z")
