"""Rules of a connection: by resource and by community, as tables of fields.

Which fields a rule has follows from what its vendor can do. The API checks the rest.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from flask import Response, request

from service.domain.booking import Trigger
from service.domain.schedule import HOUR
from service.web.admin.connections import frame_of
from service.web.admin.forms import Body, Form, FormField, body_of, fields_of, submit
from service.web.admin.frame import blueprint, done, service, show
from service.web.admin.views import CHANNELS, TRIGGERS
from service.web.api import connections as connections_api
from service.web.api import locks as locks_api
from service.web.api import rules as api
from service.web.api.connections import ConnectionSchema
from service.web.api.rules import RuleSchema
from service.web.read_models import none_such

HOURS: Final = ("margin_before_hours", "margin_after_hours")
MINUTES: Final = ("margin_before_minutes", "margin_after_minutes")
RECURRING: Final = ("recurring", "grace_minutes")
OF_BOOKINGS: Final = (
    *("resource", "trigger", "send_hours_before"),
    *(*HOURS, *MINUTES, *RECURRING),
)
RETURNING: Final = ("return_grace_minutes", "overdue_after_minutes", "report_returns")
FORMS: Final = {
    "weekly": "One key for the season, by weekday",
    "day": "One key a customer, set each night by day and minutes",
    "instants": "One key a customer, set each night by exact times",
}


def _fields(
    connection: ConnectionSchema, *, community: bool, chosen: list[str]
) -> tuple[FormField, ...]:
    """Return the fields of a rule, by what its vendor can do."""
    vendor = service().deps.vendors[connection.vendor]
    left_out = {
        OF_BOOKINGS: community,
        ("community",): not community,
        MINUTES: vendor.planner.margin_step >= HOUR,
        RECURRING: vendor.recurring is None,
        ("options",): not vendor.options,
        RETURNING: vendor.keys is None,
    }
    absent = {name for names, so in left_out.items() if so for name in names}
    forms = vendor.recurring.forms if vendor.recurring else ()
    known = locks_api.list_locks(service(), connection.id).items
    usable = [each for each in known if each.usable or each.id in chosen]
    fields = fields_of(
        "rule",
        locks=tuple((each.id, each.name) for each in usable),
        trigger=tuple(
            (each, TRIGGERS[each]) for each in Trigger if not each.of_members
        ),
        channel=tuple(CHANNELS.items()),
        recurring=(NO_KEY, *((form, FORMS.get(form, form)) for form in forms)),
        options=tuple(vendor.options.items()),
    )
    return tuple(each for each in fields if each.name not in absent)


NO_KEY: Final = ("", "No: each booking has a code of its own")
MAY_BE_EMPTY: Final = frozenset({"send_hours_before", "recurring"})


def _filled(fields: tuple[FormField, ...], body: Body) -> Body:
    """Return the body with what an empty field of a rule means: none, or zero."""
    for each in fields:
        if each.kind == "number" and each.name not in MAY_BE_EMPTY:
            body.setdefault(each.name, 0)
        elif each.name in MAY_BE_EMPTY:
            body.setdefault(each.name, None)
    return body


@blueprint.get("/connections/<connection>/rules")
def list_rules(connection: str) -> Response:
    """Show a connection's rules (CON-03)."""
    found = connections_api.show_connection(service(), connection)
    vendor = service().deps.vendors[found.vendor]
    known = locks_api.list_locks(service(), found.id).items
    names = {each.id: each.name for each in known}
    items = api.list_rules(service(), found.id).items
    return show(
        "rules.html",
        **frame_of(found, "rules"),
        rules=items,
        names=names,
        by_community=vendor.renewed_every is not None,
    )


@blueprint.get("/connections/<connection>/rules/new")
def show_new_rule(connection: str) -> Response:
    """Show the form of a new rule, by resource or by community."""
    found = connections_api.show_connection(service(), connection)
    fields = _fields(found, community=_of_community(), chosen=[])
    return _form(found, Form(fields))


def _of_community() -> bool:
    return request.args.get("by") == "community"


@blueprint.post("/connections/<connection>/rules/new")
def make_rule(connection: str) -> Response:
    """Make a rule."""
    found = connections_api.show_connection(service(), connection)
    fields = _fields(found, community=_of_community(), chosen=[])

    def act(body: Body) -> Response:
        api.make_rule(service(), found.id, body_of(api.NewRule, _filled(fields, body)))
        return _back(found.id, "The rule is made. Bookings are looked at again.")

    return submit(fields, act, lambda form, status: _form(found, form, status=status))


@blueprint.get("/connections/<connection>/rules/<rule>")
def show_rule(connection: str, rule: str) -> Response:
    """Show the form of a rule."""
    found, known = _rule_of(connection, rule)
    fields = _fields_of(found, known)
    values = {each.name: getattr(known, each.name) for each in fields}
    return _form(found, Form(fields, values), rule=known)


@blueprint.post("/connections/<connection>/rules/<rule>")
def change_rule(connection: str, rule: str) -> Response:
    """Change a rule; it holds for what is booked already, too."""
    found, known = _rule_of(connection, rule)
    fields = _fields_of(found, known)

    def act(body: Body) -> Response:
        change = body_of(api.RuleChange, _filled(fields, body))
        api.change_rule(service(), known.id, change)
        return _back(found.id, "The rule is changed. Bookings are looked at again.")

    return submit(
        fields, act, lambda form, status: _form(found, form, rule=known, status=status)
    )


def _fields_of(connection: ConnectionSchema, rule: RuleSchema) -> tuple[FormField, ...]:
    community = rule.community is not None
    return _fields(connection, community=community, chosen=rule.locks)


def _rule_of(connection: str, rule: str) -> tuple[ConnectionSchema, RuleSchema]:
    """Return both; a rule of another connection is none here."""
    found = connections_api.show_connection(service(), connection)
    known = api.show_rule(service(), rule)
    if known.connection != found.id:
        raise none_such("rule", rule)
    return found, known


@blueprint.get("/connections/<connection>/rules/<rule>/remove")
def confirm_remove_rule(connection: str, rule: str) -> Response:
    """Ask once more before a rule is deleted."""
    found, known = _rule_of(connection, rule)
    what = "Community" if known.community else "Resource"
    return show(
        "confirm.html",
        section="/connections",
        question="Delete this rule?",
        facts=[(what, known.community or known.resource)],
        text="The codes that it made are taken back, where the vendor can do so.",
        path=f"/connections/{found.id}/rules/{known.id}/remove",
        verb="Delete",
        back=f"/connections/{found.id}/rules",
    )


@blueprint.post("/connections/<connection>/rules/<rule>/remove")
def remove_rule(connection: str, rule: str) -> Response:
    """Delete a rule."""
    found, known = _rule_of(connection, rule)
    api.remove_rule(service(), known.id)
    return _back(found.id, "The rule is deleted.")


def _back(connection: str, text: str) -> Response:
    return done(f"/connections/{connection}/rules", text)


def _form(
    connection: ConnectionSchema,
    form: Form,
    *,
    rule: RuleSchema | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    frame = frame_of(connection, "rules")
    return show("rule.html", status, **frame, form=form, rule=rule)
