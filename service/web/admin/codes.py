"""Codes: the overview with its search, one access, its PIN on request, its end.

A PIN is on no page unless somebody asked for it by a button, and then once; who asked
is in the audit trail, as is who made a code, had it replaced or took it away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from flask import Response, request

from service.clock import now
from service.store import audit, connections, locks, rules
from service.store.audit import Action
from service.store.database import Tx
from service.store.locks import Lock
from service.use_cases import manual_code
from service.web.admin.forms import (
    Body,
    Form,
    FormField,
    at_lock,
    body_of,
    fields_of,
    submit,
)
from service.web.admin.frame import (
    Note,
    ask_for_codes,
    blueprint,
    done,
    is_local,
    local_time,
    see_other,
    service,
    show,
    take_note,
)
from service.web.admin.views import STATES, Row, brand, code_page, code_row
from service.web.api import accesses as api
from service.web.caller import may_see
from service.web.read_models import AccessSchema, access_of, access_schemas, lock_of
from service.web.validation import read_query

MOST: Final = 50
"""How many entries of the trail the page of a code shows."""


FILTERS: Final = fields_of(
    "filters",
    status=(("", "Any"), *((each, STATES[each].text) for each in STATES)),
    active=(("", "Any"), ("true", "Now or to come"), ("false", "Over or ended")),
)


@blueprint.get("/")
def list_codes() -> Response:
    """Show the codes, the newest first (CON-08)."""
    asked = {name: text for name, text in request.args.items() if text.strip()}
    found = api.list_accesses(service(), read_query(api.AccessQuery, asked))
    known = service().deps.store.read(connections.GATEWAY.all)
    linked = tuple((each.id, each.name) for each in known)
    return show(
        "codes.html",
        section="/",
        rows=rows_of(found.items),
        filters=FILTERS,
        asked=asked,
        narrowed=bool(asked.keys() - {"cursor", "limit"}),
        linked=linked,
        older=_page(asked, found.next_cursor),
        newest=_page(asked, None) if "cursor" in asked else "",
    )


def _page(asked: Mapping[str, str], cursor: str | None) -> str:
    """Return the path of another page of the same search; none has no path."""
    query = {name: text for name, text in asked.items() if name != "cursor"}
    if cursor:
        query["cursor"] = cursor
    return f"/?{urlencode(query)}" if cursor or query else "/"


def rows_of(found: Iterable[AccessSchema]) -> list[Row]:
    """Return the accesses as rows, each in the time of its lock."""
    items = list(found)
    ids = {each.lock.id for each in items}
    known = service().deps.store.read(lambda tx: locks.by_ids(tx, ids))
    return [code_row(each, local_time(known[each.lock.id].zone)) for each in items]


@blueprint.get("/codes/<access>")
def show_code(access: str) -> Response:
    """Show an access with all that CON-09 names; its PIN only if it was asked for."""
    found, note = access_of(service(), access), take_note()
    if note and note.pin_of == found.id:
        ask_for_codes()
    (schema,) = access_schemas(service(), [found])
    local = local_time(lock_of(service(), found.lock_id).zone)
    store = service().deps.store
    connection = store.read(lambda tx: connections.get(tx, found.connection_id))
    entries = store.read(lambda tx: audit.page(tx, None, MOST, subject=found.id))
    return show(
        "code.html",
        section="/",
        row=code_row(schema, local),
        access=schema,
        local=local,
        code=code_page(schema),
        booked=local.span(found.start_at, found.end_at),
        connection=connection,
        vendor=brand(connection.vendor),
        has_pin=bool(found.sealed_pin and found.created_at),
        pin=schema.pin,
        deleted_where=_deleted_where(schema, connection.vendor),
        note=note,
        entries=entries,
    )


def _deleted_where(access: AccessSchema, vendor: str) -> str:
    """Return where a person deletes the code, if it opens and none takes it back."""
    opens = access.active or access.works_until is not None
    where = service().deps.vendors[vendor].deleted_where
    return where if opens and access.created_at and not access.revocable else ""


@blueprint.post("/codes/<access>/pin")
def show_pin(access: str) -> Response:
    """Record who asks for the PIN, then show it once on the page of the access."""
    found = access_of(service(), access)
    ask_for_codes()
    may_see(service(), Action.CODE_SEEN, [found.id])
    return see_other(f"/codes/{found.id}", Note("", "", pin_of=found.id))


@blueprint.post("/codes/<access>/reissue")
def reissue_code(access: str) -> Response:
    """Have another code made in place of this one."""
    found = access_of(service(), access)
    api.reissue_access(service(), found.id)
    text = "Another code is being made. This one ends."
    return done(_back(f"/codes/{found.id}"), text)


@blueprint.get("/codes/<access>/take-away")
def confirm_take_away(access: str) -> Response:
    """Ask once more before a code is taken away."""
    found = access_of(service(), access)
    (row,) = rows_of(access_schemas(service(), [found]))
    path = f"/codes/{found.id}"
    return show(
        "confirm.html",
        section="/",
        question="Take this code away?",
        facts=[
            ("Door", row["doors"]),
            ("Booking", row["of"]),
            ("Works", row["period"]),
        ],
        text="The customer has no access any more.",
        path=f"{path}/take-away",
        verb="Take away",
        back=path,
    )


@blueprint.post("/codes/<access>/take-away")
def take_away_code(access: str) -> Response:
    """Take the code away, or say until when it works."""
    found = access_of(service(), access)
    api.remove_access(service(), found.id)
    return done(f"/codes/{found.id}", "The code is being taken away.")


@blueprint.post("/codes/<access>/try-again")
def try_code_again(access: str) -> Response:
    """Have the vendor asked again now."""
    found = access_of(service(), access)
    manual_code.try_again(service().deps, found.id, now())
    service().wake()
    return done(_back(f"/codes/{found.id}"), "It is being tried again.")


def _back(otherwise: str) -> str:
    path = request.form.get("back", "")
    return path if is_local(path) else otherwise


KINDS: Final = {
    "onetime": "One-time: dies at its first use",
    "hourly": "Hourly: whole hours, at most 28 days",
    "daily": "Daily: whole days, from 29 days up to a year",
    "permanent": "Permanent: no end",
    "timed": "Timed: a PIN for the keypad, from start to end",
    "visit": "Visit: a link and a PIN, from start to end",
    "contract": "Contract: hands the key out and takes it back, from start to end",
}
"""What each kind of code by hand is; another is shown by its vendor's word (IGL-10)."""


@blueprint.get("/codes/new")
def choose_lock() -> Response:
    """Show the locks for which codes can be made by hand."""
    return show("new_code_lock.html", section="/", locks=_locks_for_codes())


def _locks_for_codes() -> list[tuple[str, str, str]]:
    """Return id, name and connection of the locks that a rule names (IGL-09)."""
    deps = service().deps

    def look(tx: Tx) -> list[tuple[str, str, str]]:
        found = []
        for each in connections.GATEWAY.all(tx):
            if not deps.vendors[each.vendor].planner.manual_kinds:
                continue
            in_use = rules.locks_in_use(tx, each.id)
            found += [
                (lock.id, lock.name, each.name)
                for lock in locks.of_connection(tx, each.id)
                if lock.usable and lock.id in in_use
            ]
        return found

    return deps.store.read(look)


@blueprint.get("/locks/<lock>/new-code")
def show_new_code(lock: str) -> Response:
    """Show the form for a code by hand."""
    found = lock_of(service(), lock)
    start = now().astimezone(found.zone).replace(minute=0)
    values = {"start": f"{start:%Y-%m-%dT%H:%M}"}
    return _new_code_form(found, Form(_fields_at(found), values))


@blueprint.post("/locks/<lock>/new-code")
def make_code(lock: str) -> Response:
    """Order a code by hand (IGL-09)."""
    found = lock_of(service(), lock)

    def act(body: Body) -> Response:
        for name in {"start", "end"} & body.keys():
            body[name] = at_lock(body[name], found.zone)
        asked = body_of(api.NewAccess, {**body, "lock": found.id})
        made = api.make_access(service(), asked)
        return done(f"/codes/{made.id}", "Ordered.")

    return submit(_fields_at(found), act, partial(_new_code_form, found))


def _fields_at(lock: Lock) -> tuple[FormField, ...]:
    connection = service().deps.store.read(
        lambda tx: connections.get(tx, lock.connection_id)
    )
    kinds = service().deps.vendors[connection.vendor].planner.manual_kinds
    return fields_of(
        "code", kind=tuple((kind, KINDS.get(kind, kind)) for kind in kinds)
    )


def _new_code_form(lock: Lock, form: Form, status: int = HTTPStatus.OK) -> Response:
    return show("new_code.html", status, section="/", lock=lock, form=form)
