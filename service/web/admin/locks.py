"""Locks of a connection, the page of one, its master code, and where keys are."""

from __future__ import annotations

from flask import Response, request

from service.store.audit import Action
from service.web.admin.codes import rows_of
from service.web.admin.connections import frame_of
from service.web.admin.forms import body_of
from service.web.admin.frame import (
    Note,
    ask_for_codes,
    blueprint,
    done,
    local_time,
    see_other,
    service,
    show,
    take_note,
)
from service.web.admin.views import key_row, lock_state
from service.web.api import accesses as accesses_api
from service.web.api import connections as connections_api
from service.web.api import locks as api
from service.web.caller import may_see
from service.web.read_models import lock_of


@blueprint.get("/connections/<connection>/locks")
def list_locks(connection: str) -> Response:
    """Show a connection's locks as they are known (CON-05)."""
    found = connections_api.show_connection(service(), connection)
    items = api.list_locks(service(), found.id).items
    return show(
        "locks.html",
        **frame_of(found, "locks"),
        items=[(each, lock_state(each)) for each in items],
    )


@blueprint.post("/connections/<connection>/locks")
def refresh_locks(connection: str) -> Response:
    """Read the locks from the vendor again."""
    found = api.refresh_locks(service(), connection)
    text, n = "Read again. There are {n} devices.", len(found.items)
    return done(f"/connections/{connection}/locks", text, n=n)


@blueprint.get("/locks/<lock>")
def show_lock(lock: str) -> Response:
    """Show a lock and its latest codes; its master code if it was asked for."""
    found, note = lock_of(service(), lock), take_note()
    connection = connections_api.show_connection(service(), found.connection_id)
    vendor = service().deps.vendors[connection.vendor]
    query = accesses_api.AccessQuery(lock=found.id, limit=20)
    made = accesses_api.list_accesses(service(), query)
    code, reason = None, None
    if note and note.pin_of == found.id:
        ask_for_codes()
        code, reason = api.master_code_of(service(), found)
    schema = api.lock_schema(found)
    return show(
        "lock.html",
        **frame_of(connection, "locks"),
        lock=schema,
        lock_state=lock_state(schema),
        rows=rows_of(made.items),
        more=made.next_cursor,
        has_master_code=vendor.master_codes is not None,
        makes_codes=bool(vendor.planner.manual_kinds),
        code=code,
        code_reason=reason,
        note=note,
    )


@blueprint.post("/locks/<lock>/master-code")
def show_master_code(lock: str) -> Response:
    """Record who asks for the master code, then show it once."""
    found = lock_of(service(), lock)
    ask_for_codes()
    may_see(service(), Action.MASTER_CODE_SEEN, [found.id])
    return see_other(f"/locks/{found.id}", Note("", "", pin_of=found.id))


@blueprint.post("/locks/<lock>/timezone")
def change_timezone(lock: str) -> Response:
    """Set the time zone on the lock's own clock."""
    found = lock_of(service(), lock)
    typed = request.form.get("timezone", "").strip()
    body = body_of(api.LockChange, {"timezone": typed})
    api.change_lock(service(), found.id, body)
    return done(f"/locks/{found.id}", "Saved.")


@blueprint.get("/keys")
def list_keys() -> Response:
    """Show where the keys of all connections are (LIV-07)."""
    found = connections_api.list_connections(service()).items
    vendors = service().deps.vendors
    groups = [
        (
            each,
            [
                key_row(key, local_time(each.timezone))
                for key in api.list_keys(service(), each.id).items
            ],
        )
        for each in found
        if vendors[each.vendor].keys is not None
    ]
    return show("keys.html", section="/keys", groups=groups)


@blueprint.post("/connections/<connection>/keys")
def poll_keys(connection: str) -> Response:
    """Ask the vendor now where the keys are."""
    api.poll_keys(service(), connection)
    return done("/keys", "The vendor is being asked.")
