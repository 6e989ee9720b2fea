"""Connections: linked with each vendor's own form, verified, switched on, removed.

The fields of a form are those of the vendor's folder. A signing secret is shown once,
on the page after the one that made it.
"""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import Any, Final

from flask import Response

from service.web.admin.forms import Body, Form, FormField, body_of, fields_of, submit
from service.web.admin.frame import (
    Note,
    blueprint,
    done,
    phrase,
    see_other,
    service,
    show,
)
from service.web.admin.views import brand, connection_state
from service.web.api import connections as api
from service.web.api.connections import ConnectionSchema, VendorSchema
from service.web.read_models import none_such

BACK: Final = "/connections/signed-in"
"""Where a vendor's own page sends the browser of an owner who has signed in there."""

MARGINS: Final = fields_of("margins")


def _about(vendor: VendorSchema) -> tuple[FormField, ...]:
    known = fields_of("connection")
    return tuple(
        each for each in known if each.name != "manager_email" or vendor.keeps_keys
    )


def _credentials(vendor: VendorSchema, *, linked: bool) -> tuple[FormField, ...]:
    """Return the vendor's own fields; once linked, an empty one stays as it is."""
    return tuple(
        FormField(
            f"credentials.{each.name}",
            each.label,
            "secret" if each.secret else "text",
            hint="Empty: stays as it is" if linked and each.secret else "",
            required=not (linked or each.optional or each.default is not None),
        )
        for each in vendor.fields
        if each.name != vendor.sign_in
    )


def vendor_of(name: str) -> VendorSchema:
    """Return the vendor, or the problem that there is none."""
    vendor = service().deps.vendors.get(name)
    if vendor is None:
        raise none_such("vendor", name)
    return api.vendor_schema(vendor)


@blueprint.get("/connections")
def list_connections() -> Response:
    """Show the connections, and the vendors whose accounts can be linked."""
    found = api.list_connections(service()).items
    return show(
        "connections.html",
        section="/connections",
        items=found,
        vendors=service().deps.vendors,
    )


@blueprint.get("/connections/new/<vendor>")
def show_new_connection(vendor: str) -> Response:
    """Show the vendor's own form."""
    found = vendor_of(vendor)
    defaults = {
        f"credentials.{each.name}": each.default
        for each in found.fields
        if each.default
    }
    return new_form(found, Form(new_fields(found), defaults))


@blueprint.post("/connections/new/<vendor>")
def link_connection(vendor: str) -> Response:
    """Link the account once the vendor has accepted the credentials (CON-01)."""
    found = vendor_of(vendor)
    return submit(new_fields(found), partial(link, vendor), partial(new_form, found))


def link(vendor: str, body: Body) -> Response:
    """Link the account; the next page shows the signing secret once."""
    made = api.make_connection(service(), new_connection(vendor, body))
    text = phrase(
        "Linked. This is the signing secret of the webhook. It is shown this once."
    )
    note = Note("good", text, secret=made.webhook_secret)
    return see_other(f"/connections/{made.id}", note)


def new_connection(vendor: str, body: Body) -> api.NewConnection:
    """Return the API's body, or the problem that names each wrong field."""
    return body_of(api.NewConnection, {"credentials": {}, **body, "vendor": vendor})


def new_fields(vendor: VendorSchema) -> tuple[FormField, ...]:
    """Return the fields of a new connection."""
    return (*_about(vendor), *_credentials(vendor, linked=False))


def new_form(vendor: VendorSchema, form: Form, status: int = HTTPStatus.OK) -> Response:
    """Show the vendor's own form as it stands."""
    return show(
        "new_connection.html",
        status,
        section="/connections",
        vendor=vendor,
        brand=brand(vendor.name),
        form=form,
        back=f"{service().deps.settings.public_url}{BACK}",
    )


@blueprint.get("/connections/<connection>")
def show_connection(connection: str) -> Response:
    """Show a connection: its switch, its webhook, its settings."""
    found = api.show_connection(service(), connection)
    return _page(found, {}, HTTPStatus.OK)


def _page(found: ConnectionSchema, forms: dict[str, Form], status: int) -> Response:
    vendor = vendor_of(found.vendor)
    about = (*_about(vendor), *MARGINS)
    values = {each.name: getattr(found, each.name) for each in about}
    held = {f"credentials.{name}": text for name, text in found.credentials.items()}
    plain = {
        "settings": Form(about, values),
        "credentials": Form(_credentials(vendor, linked=True), held),
    }
    return show(
        "connection.html",
        status,
        **frame_of(found, "settings"),
        vendor=vendor,
        registers=_registers(found.vendor),
        keep_days=service().deps.settings.keep_days,
        forms=plain | forms,
    )


def _registers(vendor: str) -> bool:
    webhooks = service().deps.vendors[vendor].webhooks
    return webhooks is not None and webhooks.registration is not None


def frame_of(
    found: ConnectionSchema, tab: str
) -> dict[str, Any]:  # models of pages differ
    """Return what every page of one connection shows around its own."""
    path = f"/connections/{found.id}"
    vendor = service().deps.vendors[found.vendor]
    tabs = [
        ("settings", path, "Settings"),
        ("locks", f"{path}/locks", "Locks"),
        ("rules", f"{path}/rules", "Rules"),
        ("templates", f"{path}/templates", "Messages"),
    ]
    if vendor.keys is not None:
        tabs.append(("keys", "/keys", "Keys"))
    return {
        "section": "/connections",
        "connection": found,
        "brand": brand(found.vendor),
        "state": connection_state(found),
        "tabs": tabs,
        "tab": tab,
    }


@blueprint.post("/connections/<connection>/settings")
def change_settings(connection: str) -> Response:
    """Change name, zone, addresses and margins."""
    found = api.show_connection(service(), connection)
    fields = (*_about(vendor_of(found.vendor)), *MARGINS)
    return _change(found, "settings", fields, "Saved.")


@blueprint.post("/connections/<connection>/credentials")
def change_credentials(connection: str) -> Response:
    """Replace credentials, once the vendor takes the new ones."""
    found = api.show_connection(service(), connection)
    fields = _credentials(vendor_of(found.vendor), linked=True)
    text = "The vendor takes the new credentials."
    return _change(found, "credentials", fields, text)


def _change(
    found: ConnectionSchema, form: str, fields: tuple[FormField, ...], text: str
) -> Response:
    """Change what was typed into one of the page's forms."""

    def act(body: Body) -> Response:
        asked = body_of(api.ConnectionChange, body)
        api.change_connection(service(), found.id, asked)
        return _changed(found.id, text)

    return submit(
        fields, act, lambda typed, status: _page(found, {form: typed}, status)
    )


def _changed(connection: str, text: str) -> Response:
    return done(f"/connections/{connection}", text)


SWITCHES: Final = {
    "on": ({"active": True, "terms_accepted": True}, "It is on: bookings are taken."),
    "off": ({"active": False}, "It is off: bookings are refused, cancellations taken."),
}


@blueprint.post("/connections/<connection>/switch/<position>")
def switch_connection(connection: str, position: str) -> Response:
    """Accept the terms and switch it on, or switch it off (CON-07)."""
    found = api.show_connection(service(), connection)
    if position not in SWITCHES:
        raise none_such("switch", position)
    change, text = SWITCHES[position]
    api.change_connection(service(), found.id, body_of(api.ConnectionChange, change))
    return _changed(found.id, text)


@blueprint.post("/connections/<connection>/verify")
def verify_connection(connection: str) -> Response:
    """Ask the vendor whether it still takes the credentials."""
    found = api.verify_connection(service(), connection)
    return _changed(found.id, "The vendor takes the credentials.")


@blueprint.post("/connections/<connection>/rotate-secret")
def rotate_secret(connection: str) -> Response:
    """Replace the signing secret; the next page shows it once."""
    made = api.rotate_secret(service(), connection)
    text = phrase("This is the new signing secret. The old one counts for a day more.")
    note = Note("good", text, secret=made.webhook_secret)
    return see_other(f"/connections/{made.id}", note)


@blueprint.post("/connections/<connection>/vendor-events")
def register_vendor_events(connection: str) -> Response:
    """Have the vendor send its own messages here."""
    found = api.register_vendor_events(service(), connection)
    return _changed(found.id, "The vendor sends its messages here.")


@blueprint.get("/connections/<connection>/remove")
def confirm_remove(connection: str) -> Response:
    """Ask once more before a connection is removed with all that belongs to it."""
    found = api.show_connection(service(), connection)
    return show(
        "confirm.html",
        section="/connections",
        question="Remove this connection?",
        facts=[("Name", found.name), ("Vendor", brand(found.vendor))],
        text="Its codes are taken back where the vendor can do so. Its rules, bookings "
        "and records are deleted.",
        path=f"/connections/{found.id}/remove",
        verb="Remove",
        back=f"/connections/{found.id}",
    )


@blueprint.post("/connections/<connection>/remove")
def remove_connection(connection: str) -> Response:
    """Remove it, and say what it may have left at the vendor."""
    notice = api.remove_connection(service(), connection).notice
    text = phrase("The connection is removed.")
    note = Note("warn" if notice else "good", f"{text} {notice or ''}".strip())
    return see_other("/connections", note)
