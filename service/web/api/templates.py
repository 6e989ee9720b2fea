"""Templates: the text of messages, changed and previewed (MSG-03)."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from pydantic import Field

from service.clock import now
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
from service.secret import Secret
from service.store import messages
from service.store.messages import StoredTemplate
from service.web.openapi import Endpoints
from service.web.read_models import connection_of
from service.web.validation import LongText, OptionalText, Problem, Shape, ShortText

if TYPE_CHECKING:
    from datetime import tzinfo

    from service.app import Service

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
    """The text filled in with an example."""

    subject: str
    body: str


class TemplateList(Shape):
    """The texts that a connection has set."""

    items: list[TemplateSchema]


@endpoints.add("GET", "/api/connections/<connection>/templates", gives=TemplateList)
def list_templates(service: Service, connection: str) -> TemplateList:
    """List the texts that a connection has set; all others are built in."""
    found = connection_of(service, connection)
    stored = service.deps.store.read(
        lambda tx: messages.TEMPLATES.all(tx, connection_id=found.id)
    )
    items = [
        _to_schema(Channel(each.channel), each.language, each.template, own=True)
        for each in stored
    ]
    return TemplateList(items=items)


@endpoints.add("GET", PATH, gives=TemplateSchema)
def show_template(
    service: Service, connection: str, channel: str, language: str
) -> TemplateSchema:
    """Show the text that is in use for a channel and a language."""
    found, where = connection_of(service, connection), _channel(channel)
    stored = service.deps.store.read(
        lambda tx: messages.find_template(tx, found.id, where, _tag(language))
    )
    if stored is not None:
        return _to_schema(where, stored.language, stored.template, own=True)
    spoken = language_for(language)
    return _to_schema(where, spoken, default_template(where, spoken), own=False)


@endpoints.add("PUT", PATH, takes=TemplateText, gives=TemplateSchema)
def set_template(
    service: Service, connection: str, channel: str, language: str, body: TemplateText
) -> TemplateSchema:
    """Set a text of the connection's own."""
    found, where = connection_of(service, connection), _channel(channel)
    template = Template(body.subject, body.body)
    check_template(template, where)
    stored = StoredTemplate(
        found.id, where, _tag(language), template.subject, template.body
    )
    service.deps.store.write(lambda tx: messages.put_template(tx, stored))
    return _to_schema(where, stored.language, template, own=True)


@endpoints.add("DELETE", PATH, status=HTTPStatus.NO_CONTENT)
def remove_template(
    service: Service, connection: str, channel: str, language: str
) -> None:
    """Go back to the built-in text."""
    found, where = connection_of(service, connection), _channel(channel)
    service.deps.store.write(
        lambda tx: messages.remove_template(tx, found.id, where, _tag(language))
    )


@endpoints.add(
    "POST",
    "/api/connections/<connection>/templates/preview",
    takes=TemplatePreview,
    gives=PreviewSchema,
)
def preview_template(
    service: Service, connection: str, body: TemplatePreview
) -> PreviewSchema:
    """Fill a text in with an example; nothing is sent or stored."""
    found = connection_of(service, connection)
    template = Template(body.subject, body.body)
    check_template(template, body.channel)
    text = render(template, _example(found.zone), language_for(body.language))
    return PreviewSchema(subject=text.subject, body=text.body)


def _example(zone: tzinfo) -> Facts:
    """Return an example booking: tomorrow at 15:20, with an invented code."""
    tomorrow = now().astimezone(zone) + timedelta(days=1)
    start = tomorrow.replace(hour=15, minute=20, second=0, microsecond=0)
    return Facts(
        booking="B-1001",
        resource="court-1",
        start=start,
        end=start + 2 * HOUR,
        zone=zone,
        doors=(Door("Front door", Secret("012345678")),),
        customer="Ada Novak",
    )


def _channel(name: str) -> Channel:
    try:
        return Channel(name)
    except ValueError:
        known = " and ".join(Channel)
        detail = f"channel is {name!r}; messages go by {known}"
        raise Problem(HTTPStatus.NOT_FOUND, detail) from None


def _tag(language: str) -> str:
    return language.lower().replace("_", "-")


def _to_schema(
    channel: Channel, language: str, template: Template, *, own: bool
) -> TemplateSchema:
    return TemplateSchema(
        channel=channel,
        language=language,
        subject=template.subject,
        body=template.body,
        own=own,
    )
