"""Templates of messages: which texts are in use, changed with a live preview (MSG-03).

The preview is the API's: the very rendering of what goes out, about an example.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from flask import Response

from service.domain.messages import LANGUAGES, PLACEHOLDERS
from service.domain.rules import Channel
from service.web.admin.connections import frame_of
from service.web.admin.forms import (
    REFUSED,
    Body,
    Form,
    FormField,
    body_of,
    submit,
    typed_in,
)
from service.web.admin.frame import blueprint, done, service, show
from service.web.admin.phrases import LANGUAGES as OWN_NAMES
from service.web.admin.views import CHANNELS
from service.web.api import connections as connections_api
from service.web.api import templates as api
from service.web.api.connections import ConnectionSchema
from service.web.api.templates import PreviewSchema, TemplateSchema
from service.web.validation import problem_of

SUBJECT: Final = FormField("subject", "Subject")
TEXT: Final = FormField("body", "Text", "area")
FIELDS: Final = {Channel.EMAIL: (SUBJECT, TEXT), Channel.SMS: (TEXT,)}
PATH: Final = "/connections/<connection>/templates/<channel>/<language>"


@blueprint.get("/connections/<connection>/templates")
def list_templates(connection: str) -> Response:
    """Show for each channel and language whether the text is built in or their own."""
    found = connections_api.show_connection(service(), connection)
    stored = api.list_templates(service(), found.id).items
    own = {(each.channel, each.language) for each in stored}
    every = sorted({(way, tag) for way in Channel for tag in LANGUAGES} | own)
    rows = [
        (way, tag, CHANNELS[way], OWN_NAMES.get(tag, tag), (way, tag) in own)
        for way, tag in every
    ]
    return show("texts.html", **frame_of(found, "templates"), rows=rows)


@blueprint.get(PATH)
def show_template(connection: str, channel: str, language: str) -> Response:
    """Show the text in use with its preview."""
    found = connections_api.show_connection(service(), connection)
    text = api.show_template(service(), found.id, channel, language)
    form = Form(FIELDS[text.channel], {"subject": text.subject, "body": text.body})
    seen = _preview(found, text, {"subject": text.subject, "body": text.body})
    return _page(found, text, form, preview=seen)


@blueprint.post(PATH)
def set_template(connection: str, channel: str, language: str) -> Response:
    """Store the text."""
    found = connections_api.show_connection(service(), connection)
    text = api.show_template(service(), found.id, channel, language)

    def act(body: Body) -> Response:
        new = body_of(api.TemplateText, body)
        _preview(found, text, body)  # refuses a placeholder that does not exist
        api.set_template(service(), found.id, channel, language, new)
        text_of = "Saved. Messages go out with this text from now on."
        return done(f"/connections/{found.id}/templates", text_of)

    return submit(
        FIELDS[text.channel],
        act,
        lambda form, status: _page(found, text, form, status=status),
    )


@blueprint.post(f"{PATH}/preview")
def preview_template(connection: str, channel: str, language: str) -> Response:
    """Show the page with what was typed, and what would go out."""
    found = connections_api.show_connection(service(), connection)
    text = api.show_template(service(), found.id, channel, language)
    fields = FIELDS[text.channel]
    typed = typed_in(fields)
    form = Form(fields, typed)
    try:
        return _page(found, text, form, preview=_preview(found, text, typed))
    except REFUSED as error:
        return _page(found, text, form, problem=problem_of(error).detail)


@blueprint.post(f"{PATH}/built-in")
def remove_template(connection: str, channel: str, language: str) -> Response:
    """Go back to the built-in text."""
    found = connections_api.show_connection(service(), connection)
    api.remove_template(service(), found.id, channel, language)
    text = "The built-in text is in use again."
    return done(f"/connections/{found.id}/templates", text)


def _preview(
    connection: ConnectionSchema, text: TemplateSchema, typed: Body
) -> PreviewSchema:
    body = {**typed, "channel": text.channel, "language": text.language}
    asked = body_of(api.TemplatePreview, {"body": "", **body})
    return api.preview_template(service(), connection.id, asked)


def _page(  # noqa: PLR0913 (a page of as many parts)
    connection: ConnectionSchema,
    text: TemplateSchema,
    form: Form,
    *,
    preview: PreviewSchema | None = None,
    problem: str = "",
    status: int = HTTPStatus.OK,
) -> Response:
    return show(
        "text.html",
        status,
        **frame_of(connection, "templates"),
        path=f"/connections/{connection.id}/templates/{text.channel}/{text.language}",
        channel=CHANNELS[text.channel],
        language=OWN_NAMES.get(text.language, text.language),
        own=text.own,
        form=form,
        preview=preview,
        problem=problem,
        placeholders=PLACEHOLDERS.items(),
    )
