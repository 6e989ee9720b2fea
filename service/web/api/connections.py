"""Vendors, and connections to them: credentials, switch, webhook and its secret."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from pydantic import AfterValidator

from service.app import Service
from service.clock import now
from service.mail import check_address, check_country
from service.ports import LockVendor
from service.secret import Secret
from service.store import accesses, bookings, connections, locks, rules
from service.store.connections import Connection
from service.store.database import Tx
from service.use_cases import connections as connecting
from service.use_cases.watch_locks import look_at_codes
from service.web.api.rules import MarginHours
from service.web.openapi import Endpoints
from service.web.read_models import ListOf, connection_of, shown
from service.web.validation import Instant, LongText, Shape, ShortText, Zone

endpoints = Endpoints()


Country = Annotated[ShortText, AfterValidator(check_country)]
"""Two letters, as SE; phone numbers without a country code are read as from there."""


class NewConnection(Shape):
    """An account to link; its locks are in `timezone` unless they say otherwise.

    `manager_email`, else the owner, gets the notices of late keys (LIV-05).
    """

    vendor: ShortText
    name: ShortText
    timezone: Zone
    credentials: dict[ShortText, LongText]
    owner_email: ShortText | None = None
    manager_email: ShortText | None = None
    country: Country | None = None


class ConnectionChange(Shape):
    """What to change; what is left out stays as it is."""

    name: ShortText | None = None
    timezone: Zone | None = None
    active: bool | None = None
    terms_accepted: bool | None = None
    owner_email: ShortText | None = None
    manager_email: ShortText | None = None
    country: Country | None = None
    credentials: dict[ShortText, LongText] | None = None
    margin_before_hours: MarginHours | None = None
    margin_after_hours: MarginHours | None = None


class ConnectionSchema(Shape):
    """A connection; of its secrets only the names are shown (CON-06).

    `webhook_url` is null while it is not linked (CON-02). Since `refused_at` the vendor
    does not take the credentials. `notice` says of one that takes no events which codes
    it has left at the vendor. `webhook_secret` stands
    only in the answer that made it. `vendor_events_url` is where the vendor sends
    messages of its own, null where it sends none. Each rule by resource has its margin
    at least; one of recurring keys has none.
    """

    id: str
    vendor: str
    name: str
    timezone: str
    account: str
    linked: bool
    refused_at: Instant | None
    active: bool
    terms_accepted_at: Instant | None
    owner_email: str | None
    manager_email: str | None
    country: str | None
    webhook_url: str | None
    vendor_events_url: str | None
    credentials: dict[str, str | None]
    secrets: list[str]
    margin_before_hours: int
    margin_after_hours: int
    notice: str | None = None
    webhook_secret: str | None = None


class ConnectionRemoved(Shape):
    """What a removed connection may leave at the vendor; null means nothing."""

    notice: str | None


@endpoints.add("POST", "/api/connections", status=HTTPStatus.CREATED)
def make_connection(service: Service, body: NewConnection) -> ConnectionSchema:
    """Link an account after its vendor has accepted the credentials."""
    _check_addresses(body)
    request = connecting.CreateConnection(**body.model_dump())
    with service.vendor_calls.slot(body.vendor):
        connection, secret = connecting.connect(service.deps, request, now())
    return connection_schema(service, connection, secret)


@endpoints.add("GET", "/api/connections")
def list_connections(service: Service) -> ListOf[ConnectionSchema]:
    """List the connections."""
    found = service.deps.store.read(connections.GATEWAY.all)
    return ListOf[ConnectionSchema](
        items=[connection_schema(service, each) for each in found]
    )


@endpoints.add("GET", "/api/connections/<connection>")
def show_connection(service: Service, connection: str) -> ConnectionSchema:
    """Show a connection."""
    return connection_schema(service, connection_of(service, connection))


@endpoints.add("PATCH", "/api/connections/<connection>")
def change_connection(
    service: Service, connection: str, body: ConnectionChange
) -> ConnectionSchema:
    """Change a connection: its switch, its terms, its credentials."""
    found = connection_of(service, connection)
    _check_addresses(body)
    if body.credentials:
        with service.vendor_calls.slot(found.id):
            connecting.give_credentials(service.deps, found, body.credentials, now())
        service.wake()
    values = body.model_dump(
        exclude_unset=True, exclude={"credentials", "terms_accepted"}
    )
    values = {name: value for name, value in values.items() if value is not None}
    if body.terms_accepted is not None:
        accepted = found.terms_accepted_at or now()
        values["terms_accepted_at"] = accepted if body.terms_accepted else None
    service.deps.store.write(lambda tx: _change(tx, found, values))
    service.wake()
    return connection_schema(service, connection_of(service, connection))


@endpoints.add("DELETE", "/api/connections/<connection>")
def remove_connection(service: Service, connection: str) -> ConnectionRemoved:
    """Remove a connection with everything that belongs to it."""
    found = connection_of(service, connection)
    url = _vendor_events_url(service, found) or ""
    with service.vendor_calls.slot(found.id):
        notice = connecting.remove(service.deps, found, url, now())
    return ConnectionRemoved(notice=notice)


@endpoints.add("POST", "/api/connections/<connection>/verify")
def verify_connection(service: Service, connection: str) -> ConnectionSchema:
    """Ask the vendor whether it still accepts the credentials."""
    found = connection_of(service, connection)
    with service.vendor_calls.slot(found.id):
        connecting.verify(service.deps, found)
    return connection_schema(service, connection_of(service, connection))


@endpoints.add("POST", "/api/connections/<connection>/rotate-secret")
def rotate_secret(service: Service, connection: str) -> ConnectionSchema:
    """Replace the webhook's signing secret; the old one counts for a day more."""
    found = connection_of(service, connection)
    return connection_schema(
        service, found, connecting.rotate_secret(service.deps, found, now())
    )


@endpoints.add("POST", "/api/connections/<connection>/vendor-events")
def register_vendor_events(service: Service, connection: str) -> ConnectionSchema:
    """Register our webhook at the vendor, where its interface allows it."""
    found = connection_of(service, connection)
    url = _vendor_events_url(service, found) or ""
    with service.vendor_calls.slot(found.id):
        connecting.register(service.deps, found, url)
    return connection_schema(service, connection_of(service, connection))


def connection_schema(
    service: Service, connection: Connection, secret: Secret | None = None
) -> ConnectionSchema:
    """Return the connection as the API shows it."""
    vendor = service.deps.vendors[connection.vendor]
    held = service.deps.store.vault.open_all(connection.sealed_credentials)
    hidden = [field.name for field in vendor.fields if field.secret]
    here = service.deps.settings.public_url
    return shown(
        ConnectionSchema,
        connection,
        webhook_url=f"{here}/webhooks/{connection.key}" if connection.linked else None,
        vendor_events_url=_vendor_events_url(service, connection),
        credentials={
            name: None if name in hidden else value.reveal()
            for name, value in held.items()
        },
        secrets=[name for name in hidden if name in held],
        notice=_left_at_vendor(service, connection),
        webhook_secret=secret.reveal() if secret else None,
    )


def _left_at_vendor(service: Service, connection: Connection) -> str | None:
    """Return which codes go on opening doors, None while it takes events."""
    if connection.refusal is None:
        return None
    open_now = service.deps.store.read(
        lambda tx: accesses.open_of_connection(tx, connection.id, now())
    )
    left = connecting.left_open(open_now)
    return left and f"{left} Cancellations are taken all the same."


def _check_addresses(body: NewConnection | ConnectionChange) -> None:
    check_address("owner_email", body.owner_email)
    check_address("manager_email", body.manager_email)


def _vendor_events_url(service: Service, connection: Connection) -> str | None:
    sends = service.deps.vendors[connection.vendor].webhooks is not None
    here = service.deps.settings.public_url
    return f"{here}/vendor-events/{connection.key}" if sends else None


def _change(tx: Tx, connection: Connection, values: dict[str, object]) -> None:
    connections.change(tx, connection.id, **values)
    if not values.keys().isdisjoint(connections.MARGINS):
        named = {each.resource for each in rules.of_connection(tx, connection.id)}
        bookings.look_again(tx, connection.id, named, now())
    moved = values.get("timezone")
    for lock in locks.of_connection(tx, connection.id) if moved else []:
        if lock.timezone == connection.timezone:
            locks.change(tx, lock.id, timezone=moved)
            look_at_codes(tx, lock.id, now())


class CredentialFieldSchema(Shape):
    """One field of the vendor's credentials."""

    name: str
    label: str
    secret: bool
    default: str | None
    optional: bool


class VendorSchema(Shape):
    """A lock vendor; codes of `kinds` can be made by hand.

    `options` are the further ways in that a rule may add, with what each is (EXV-05).
    Rules `by_community` are possible where access can last as long as a membership.

    With `keeps_keys` its locks are keys that are taken and returned. `events` says how
    to make it send webhooks of its own, null where it sends none. `sign_in` names the
    credential that a sign-in at the vendor's page gives, null where there is no page.
    """

    name: str
    fields: list[CredentialFieldSchema]
    kinds: list[str]
    revocable: bool
    options: dict[str, str]
    by_community: bool
    keeps_keys: bool
    events: str | None
    sign_in: str | None


@endpoints.add("GET", "/api/vendors")
def list_vendors(service: Service) -> ListOf[VendorSchema]:
    """List the lock vendors that can be connected."""
    return ListOf[VendorSchema](
        items=[vendor_schema(each) for each in service.deps.vendors.values()]
    )


def vendor_schema(vendor: LockVendor) -> VendorSchema:
    """Return the vendor as the API shows it."""
    return VendorSchema(
        name=vendor.name,
        fields=[shown(CredentialFieldSchema, each) for each in vendor.fields],
        kinds=list(vendor.planner.manual_kinds),
        revocable=vendor.revocation is not None,
        options=dict(vendor.options),
        by_community=vendor.renewed_every is not None,
        keeps_keys=vendor.keys is not None,
        events=vendor.webhooks.instructions if vendor.webhooks else None,
        sign_in=vendor.sign_in.gives if vendor.sign_in else None,
    )
