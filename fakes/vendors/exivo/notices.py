"""The messages that Exivo itself sends to people.

Invariants: they carry the link and never the code, which the caller sends (MSG-05). If
a visit has a phone number and a mail address, the phone number is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from fakes.vendors.exivo.schemas import responses
from fakes.vendors.exivo.state import NAME

if TYPE_CHECKING:
    from fakes.vendors.exivo.operation import Asked
    from fakes.vendors.exivo.state import Visit


CHANNELS: dict[str, Literal["mail", "sms"]] = {"ma-email": "mail", "ma-phone": "sms"}


def invite(asked: Asked, visit: Visit) -> None:
    """Send the link of a visit, if there is anywhere to send it."""
    link = responses.link(asked.base, visit)
    name = visit.name or "Visitor"
    own = visit.message or f"You can open doors at {asked.state.site.name}."
    body = f"{name}: {own}\n{link}\nYou will be asked for a code."
    if visit.sms_nr:
        asked.world.mail(NAME, "sms", visit.sms_nr, "", body)
    elif visit.email:
        asked.world.mail(NAME, "mail", visit.email, "Your visit", body)


def suggest_app(asked: Asked, form_factor: str, to: str, message: str = "") -> None:
    """Send a message that a digital key waits in an app."""
    channel = CHANNELS.get(form_factor)
    if channel is not None:
        body = f"A digital key for {asked.state.site.name} waits for you in the app."
        subject = "Your digital key" if channel == "mail" else ""
        asked.world.mail(NAME, channel, to, subject, f"{body}\n{message}".strip())
