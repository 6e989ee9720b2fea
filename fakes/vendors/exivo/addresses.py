"""Where a digital key goes: a phone, a mailbox, or an app of the caller's own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from fakes.kit.push import push
from fakes.vendors.exivo.bodies import Mail, Phone
from fakes.vendors.exivo.operation import invalid
from fakes.vendors.exivo.state import NAME

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fakes.vendors.exivo.operation import Asked

# What an address must be, by form factor, and how that is said
FORMS: dict[str, tuple[TypeAdapter[Any], str]] = {
    "ma-phone": (TypeAdapter(Phone), "a phone number such as +41791234567"),
    "ma-email": (TypeAdapter(Mail), "an e-mail address"),
    "ma-custom": (TypeAdapter(UUID), "a UUID"),
}


def check(form_factor: str, address: str) -> None:
    """Refuse an address that a digital key of this form cannot be sent to."""
    adapter, form = FORMS[form_factor]
    try:
        adapter.validate_python(address)
    except ValidationError:
        raise invalid(f"publicRegistrationId must be {form}") from None


def call_back(asked: Asked, url: str, body: Mapping[str, str]) -> None:
    """Call the address that the caller left, when the clock next moves."""
    push(asked.world, NAME, url, json.dumps(body), topic="callback")
