"""What is refused about a visit's window, its doors, and the address of a digital key.

Invariants: the start may lie in the past, the end may not; every door must be one of
this site. What is stored is in UTC, however it was written.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from fakes.vendors.exivo.errors import invalid
from fakes.vendors.exivo.schemas.requests import Mail, Phone

if TYPE_CHECKING:
    from fakes.vendors.exivo.operation import Asked
    from fakes.vendors.exivo.schemas.requests import Window


# What an address must be, by form factor, and how that is said
FORMS: dict[str, tuple[TypeAdapter[Any], str]] = {
    "ma-phone": (TypeAdapter(Phone), "a phone number such as +41791234567"),
    "ma-email": (TypeAdapter(Mail), "an e-mail address"),
    "ma-custom": (TypeAdapter(UUID), "a UUID"),
}


def instant(written: datetime) -> datetime:
    """Return an instant as it is stored."""
    return written.astimezone(UTC)


def check_window(asked: Asked, body: Window) -> None:
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


def check_address(form_factor: str, address: str) -> None:
    """Refuse an address that a digital key of this form cannot be sent to."""
    adapter, form = FORMS[form_factor]
    try:
        adapter.validate_python(address)
    except ValidationError:
        raise invalid(f"publicRegistrationId must be {form}") from None
