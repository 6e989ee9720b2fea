"""Templates: the text of messages, changed and previewed (MSG-03)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo
from http import HTTPStatus
from typing import Final

from pydantic import Field

from service.app import Service
from service.clock import now
from service.domain.access import free_pin
from service.domain.errors import NoWindow, SemanticError
from service.domain.messages import (
    Door,
    Facts,
    Template,
    check_template,
    default_template,
    language_for,
    render,
)
from service.domain.rules import Channel
from service.domain.schedule import HOUR
from service.ids import draw
from service.ports import LockVendor
from service.secret import Secret
from service.store import locks, messages, rules
from service.store.connections import Connection
from service.store.database import Tx
from service.store.messages import StoredTemplate
from service.store.rules import StoredRule
from service.web.openapi import Endpoints
from service.web.read_models import ListOf, connection_of, shown
from service.web.validation import (
    SHOWN,
    LongText,
    OptionalText,
    Problem,
    Shape,
    ShortText,
)

endpoints = Endpoints()

PATH = "/api/connections/<connection>/templates/<channel>/<language>"


class TemplateText(Shape):
    """A text with `{placeholders}`; SMS go without a subject."""

    subject: OptionalText = ""
    body: LongText


class TemplateSchema(TemplateText):
    """The text that is in use; `own` tells whether the connection has set it."""

    channel: Channel
    language: str
    own: bool


class TemplatePreview(TemplateText):
    """A text to preview."""

    channel: Channel
    language: ShortText = Field(default="en")


class PreviewSchema(Shape):
    """The text filled in with an example; `html` is a mail's other part, if any."""

    subject: str
    body: str
    html: str | None


@endpoints.add("GET", "/api/connections/<connection>/templates")
def list_templates(service: Service, connection: str) -> ListOf[TemplateSchema]:
    """List the texts that a connection has set; all others are built in."""
    found = connection_of(service, connection)
    stored = service.deps.store.read(
        lambda tx: messages.TEMPLATES.all(tx, connection_id=found.id)
    )
    items = [
        _to_schema(Channel(each.channel), each.language, each.template, own=True)
        for each in stored
    ]
    return ListOf[TemplateSchema](items=items)


@endpoints.add("GET", PATH)
def show_template(
    service: Service, connection: str, channel: str, language: str
) -> TemplateSchema:
    """Show the text that is in use for a channel and a language."""
    found, where = connection_of(service, connection), _channel(channel)
    stored = service.deps.store.read(
        lambda tx: messages.TEMPLATES.find(tx, **_key(found, where, language))
    )
    if stored is not None:
        return _to_schema(where, stored.language, stored.template, own=True)
    spoken = language_for(language)
    return _to_schema(where, spoken, default_template(where, spoken), own=False)


@endpoints.add("PUT", PATH)
def set_template(
    service: Service, connection: str, channel: str, language: str, body: TemplateText
) -> TemplateSchema:
    """Set a text of the connection's own."""
    found, where = connection_of(service, connection), _channel(channel)
    of = _key(found, where, language)
    stored = StoredTemplate(**of, subject=body.subject, body=body.body)
    check_template(stored.template, where)
    service.deps.store.write(lambda tx: messages.put_template(tx, stored))
    return _to_schema(where, stored.language, stored.template, own=True)


@endpoints.add("DELETE", PATH)
def remove_template(
    service: Service, connection: str, channel: str, language: str
) -> None:
    """Go back to the built-in text."""
    found, where = connection_of(service, connection), _channel(channel)
    service.deps.store.write(
        lambda tx: messages.TEMPLATES.remove(tx, **_key(found, where, language))
    )


@endpoints.add("POST", "/api/connections/<connection>/templates/preview")
def preview_template(
    service: Service, connection: str, body: TemplatePreview
) -> PreviewSchema:
    """Fill a text in with an example; nothing is sent or stored."""
    found = connection_of(service, connection)
    template = Template(body.subject, body.body)
    check_template(template, body.channel)
    text = render(template, _example(service, found), language_for(body.language))
    with_html = service.deps.settings.mail_html and body.channel == Channel.EMAIL
    html = text.html if with_html else None
    return PreviewSchema(subject=text.subject, body=text.body, html=html)


def _example(service: Service, connection: Connection) -> Facts:
    """Return an example booking: tomorrow at 15:20, with an invented code.

    What a message says besides follows from the vendor, the first rule and its lock, as
    it does for what goes out: a link, the first use, how a key is given back.
    """
    vendor = service.deps.vendors[connection.vendor]
    rule, lock = service.deps.store.read(lambda tx: _first_rule(tx, connection.id))
    zone = lock.zone if lock else connection.zone
    tomorrow = now().astimezone(zone) + timedelta(days=1)
    start = tomorrow.replace(hour=15, minute=20, second=0, microsecond=0)
    end = start + 2 * HOUR
    grace = rule.rule.returning.grace if rule else timedelta()
    static = lock is not None and lock.sealed_return_code is not None
    form = vendor.pin_form
    pin = free_pin(form, draw, taken=lambda _: False) if form else DIGITS
    door = Door(
        lock.name if lock else "Front door",
        Secret(pin),
        first_use_by=_first_use_by(vendor, start, end, zone),
        link=vendor.example_link,
        return_by=end + grace if grace else None,
        return_code=Secret(RETURN_CODE) if static else None,
    )
    return Facts(
        booking="B-1001",
        resource=rule.resource if rule else "court-1",
        start=start,
        end=end,
        zone=zone,
        doors=(door,),
        customer="Ada Novak",
    )


DIGITS: Final = "012345678"
RETURN_CODE: Final = "*7001"


def _first_rule(
    tx: Tx, connection_id: str
) -> tuple[StoredRule | None, locks.Lock | None]:
    """Return the connection's first rule about bookings, and the first of its locks."""
    found = rules.of_connection(tx, connection_id)
    rule = next((each for each in found if not each.rule.of_members), None)
    return rule, locks.by_id(tx, rule.locks[0]) if rule else None


def _first_use_by(
    vendor: LockVendor, start: datetime, end: datetime, zone: tzinfo
) -> datetime | None:
    try:
        return vendor.planner.plan(start, end, now=now(), zone=zone).first_use_by
    except NoWindow:
        return None


def _channel(name: str) -> Channel:
    try:
        return Channel(name)
    except ValueError:
        known = " and ".join(Channel)
        detail = f"channel is {name!r}; messages go by {known}"
        raise Problem(HTTPStatus.NOT_FOUND, detail) from None


TAG: Final = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}")


def _tag(language: str) -> str:
    tag = language.lower().replace("_", "-")
    if not TAG.fullmatch(tag):
        fix = "write a language's tag, such as sv or pt-BR"
        raise SemanticError("language", repr(language[:SHOWN]), fix)
    return tag


def _key(connection: Connection, channel: Channel, language: str) -> dict[str, str]:
    """Return what tells a text of the connection's own."""
    of = {"connection_id": connection.id, "channel": channel}
    return of | {"language": _tag(language)}


def _to_schema(
    channel: Channel, language: str, template: Template, *, own: bool
) -> TemplateSchema:
    return shown(TemplateSchema, template, channel=channel, language=language, own=own)
