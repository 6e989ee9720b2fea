"""Connections: link an account at a vendor, read its devices, take its webhooks.

Invariants:

- Credentials are tried at the vendor before they are stored, and stored sealed (CON-01,
  CON-06). Where the vendor says no, nothing changes.
- A device keeps its id here, whatever else the vendor changes (CON-05). One that the
  vendor no longer lists stays, marked unusable, since codes were made for it.
- A vendor's webhook decides nothing: what waits for the locks that it names is polled
  now, so a webhook that comes twice, late or never changes only when we know.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from service.domain.errors import NotPossible, SemanticError
from service.ids import new_id, new_signing_secret, new_webhook_key
from service.ports import (
    Code,
    Credentials,
    CredentialsRefused,
    LockVendor,
    VendorError,
    VendorLock,
    VendorPending,
    VendorRefused,
)
from service.secret import MASK, Secret, reveal
from service.store import accesses, connections, keys, locks
from service.store.accesses import Access
from service.store.connections import Connection
from service.store.database import Tx
from service.store.locks import Lock
from service.use_cases.context import Dependencies, code_of
from service.use_cases.watch_locks import GONE, note_devices

CredentialTexts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CreateConnection:
    """What a new connection is to be; `credentials` are as they were typed in."""

    vendor: str
    name: str
    timezone: str
    credentials: CredentialTexts
    owner_email: str | None = None
    manager_email: str | None = None
    country: str | None = None


def connect(
    deps: Dependencies, request: CreateConnection, now: datetime
) -> tuple[Connection, Secret]:
    """Return the linked connection and its signing secret, which is shown this once.

    The connection takes no events until its terms are accepted and it is switched
    on (CON-07).
    """
    vendor = deps.vendors.get(request.vendor)
    if vendor is None:
        fix = f"choose one of {', '.join(sorted(deps.vendors))}"
        raise SemanticError("vendor", repr(request.vendor), fix)
    credentials = checked(vendor, request.credentials)
    with without_secrets(credentials):
        account = vendor.verify(credentials)
        devices = vendor.locks(credentials)
    given = asdict(request)
    del given["credentials"]
    signing_secret = new_signing_secret()
    vault = deps.store.vault
    connection = Connection(
        id=new_id("con", now),
        key=new_webhook_key(),
        **given,
        account=account,
        linked=True,
        active=False,
        terms_accepted_at=None,
        sealed_signing_secret=vault.seal(signing_secret),
        sealed_credentials=vault.seal_all(credentials),
        created_at=now,
    )

    def store(tx: Tx) -> None:
        connections.GATEWAY.add(tx, connection)
        note_devices(tx, vendor, connection, devices, now)

    deps.store.write(store)
    return connection, signing_secret


SHORTEST_SECRET: Final = 4


@contextmanager
def without_secrets(credentials: Credentials) -> Iterator[None]:
    """Mask secrets and mail addresses in a refusal, since vendors repeat them."""
    try:
        yield
    except VendorError as error:
        reason = error.reason
        for value in credentials.values():
            hidden = isinstance(value, Secret) or "@" in value
            if hidden and len(text := reveal(value)) >= SHORTEST_SECRET:
                reason = reason.replace(text, MASK)
        raise type(error)(reason, error.retry_after) from None


def verify(deps: Dependencies, connection: Connection) -> str:
    """Return the account's name if the vendor still takes the credentials.

    A connection whose credentials are refused is no longer linked, and is linked
    again once they are taken.
    """
    vendor = deps.vendors[connection.vendor]
    credentials = deps.store.vault.open_all(connection.sealed_credentials)
    try:
        with without_secrets(credentials):
            account = vendor.verify(credentials)
    except CredentialsRefused:
        _note(deps, connection, linked=False)
        raise
    _note(deps, connection, linked=True, account=account)
    return account


def give_credentials(
    deps: Dependencies, connection: Connection, texts: CredentialTexts, now: datetime
) -> None:
    """Replace credentials by new ones that the vendor takes; what waited is due."""
    vendor, vault = deps.vendors[connection.vendor], deps.store.vault
    old = vault.open_all(connection.sealed_credentials)
    plain = {name: secret.reveal() for name, secret in old.items()}
    credentials = checked(vendor, plain | dict(texts))
    _sign_out(vendor, old)
    with without_secrets(credentials):
        account, devices = vendor.verify(credentials), vendor.locks(credentials)
    known = deps.store.read(lambda tx: locks.of_connection(tx, connection.id))
    _check_same_account(known, devices)
    sealed = vault.seal_all(credentials)

    def store(tx: Tx) -> None:
        connections.change(
            tx,
            connection.id,
            sealed_credentials=sealed,
            account=account,
            linked=True,
            refused_at=None,
            refusal_told_at=None,
        )
        note_devices(tx, vendor, connection, devices, now)
        _look_again(tx, connection, now)

    deps.store.write(store)


def _sign_out(vendor: LockVendor, credentials: Credentials) -> None:
    """Have no token outlive its credentials."""
    with suppress(VendorError):  # of credentials that never were any
        vendor.sign_out(credentials)


def _check_same_account(known: list[Lock], devices: list[VendorLock]) -> None:
    """Refuse another account, which cannot reach what was made under this one."""
    before = {lock.vendor_id for lock in known if lock.unusable_reason != GONE}
    if before and before.isdisjoint(device.vendor_id for device in devices):
        fix = (
            "they are another account's: it has none of this connection's locks, and "
            "could not take their codes back; make a connection of its own for it"
        )
        raise SemanticError("credentials", MASK, fix)


BOTH_SECRETS: Final = timedelta(hours=24)
"""How long the old signing secret counts beside a new one."""


def rotate_secret(deps: Dependencies, connection: Connection, now: datetime) -> Secret:
    """Return a new signing secret, shown this once; the old one signs for a while."""
    secret = new_signing_secret()
    _note(
        deps,
        connection,
        sealed_signing_secret=deps.store.vault.seal(secret),
        sealed_old_secret=connection.sealed_signing_secret,
        old_secret_until=now + BOTH_SECRETS,
    )
    return secret


def register(deps: Dependencies, connection: Connection, url: str) -> None:
    """Have the vendor send its messages there, and keep the credentials it returns."""
    vendor, vault = deps.vendors[connection.vendor], deps.store.vault
    if vendor.webhooks is None or vendor.webhooks.registration is None:
        raise NotPossible(f"this cannot be done from here: {_by_hand(vendor)}")
    credentials = vault.open_all(connection.sealed_credentials)
    new = vendor.webhooks.registration.register(credentials, url)

    def store(tx: Tx) -> None:
        held = vault.open_all(connections.get(tx, connection.id).sealed_credentials)
        sealed = vault.seal_all({**held, **new})
        connections.change(tx, connection.id, sealed_credentials=sealed)

    deps.store.write(store)


def remove(
    deps: Dependencies, connection: Connection, url: str, now: datetime
) -> str | None:
    """Return what may be left at the vendor, once the connection is gone with its own.

    The vendor is asked first to take the codes back, as many as there is time for, and
    to send nothing there any more. Where that fails, it goes on sending, and its
    messages are answered with 404.
    """
    vendor = deps.vendors[connection.vendor]
    left = _left_open(deps, vendor, connection, now)
    credentials = deps.store.vault.open_all(connection.sealed_credentials)
    try:
        if vendor.webhooks is not None and vendor.webhooks.registration is not None:
            vendor.webhooks.registration.unregister(credentials, url)
    except VendorError as error:
        fix = f"take the webhook {url} away there"
        left.append(f"{vendor.name} may go on sending messages; {fix}: {error.reason}")
    deps.store.write(lambda tx: connections.GATEWAY.remove(tx, id=connection.id))
    _sign_out(vendor, credentials)
    return " ".join(left) or None


TIME_TO_LEAVE: Final = timedelta(seconds=20)


def _left_open(
    deps: Dependencies, vendor: LockVendor, connection: Connection, now: datetime
) -> list[str]:
    """Take back what can be taken back; return what goes on opening doors."""
    credentials = deps.store.vault.open_all(connection.sealed_credentials)

    def find(tx: Tx) -> list[tuple[Access, Code]]:
        held = accesses.open_of_connection(tx, connection.id, now)
        return [(each, code_of(tx, each, locks.get(tx, each.lock_id))) for each in held]

    held = deps.store.read(find)
    ends, left = monotonic() + TIME_TO_LEAVE.total_seconds(), []
    for access, code in held:
        try:
            if vendor.revocation is None or monotonic() > ends:
                raise VendorRefused("it was not taken back")
            vendor.revocation.revoke(credentials, code)
        except VendorPending:
            pass
        except VendorError:
            left.append(access)
    return [notice] if (notice := left_open(left)) else []


def left_open(left: Collection[Access]) -> str | None:
    """Return in a sentence until when these codes go on opening doors."""
    if not left:
        return None
    until = max((each.valid_until for each in left if each.valid_until), default=None)
    last = f", the last one until {until:%Y-%m-%d %H:%M} UTC" if until else ""
    return f"{len(left)} codes go on opening doors{last}."


def checked(vendor: LockVendor, texts: CredentialTexts) -> dict[str, Secret | str]:
    """Return the credentials, or raise `SemanticError` naming the wrong field."""
    known = {field.name: field for field in vendor.fields}
    for name in texts:
        if name not in known:
            fix = f"{vendor.name} knows {', '.join(known)}"
            raise SemanticError(f"credentials.{name}", MASK, fix)
    values: dict[str, Secret | str] = {}
    for name, field in known.items():
        text = texts.get(name) or field.default
        if not text and field.optional:
            continue
        if not text:
            raise SemanticError(
                f"credentials.{name}", "missing", f"give the {field.label}"
            )
        values[name] = Secret(text) if field.secret else text
    return values


def _by_hand(vendor: LockVendor) -> str:
    """Return what the owner has to do instead."""
    if vendor.webhooks is None:
        return f"{vendor.name} sends no messages of its own"
    return vendor.webhooks.instructions


def _note(deps: Dependencies, connection: Connection, **values: object) -> None:
    deps.store.write(lambda tx: connections.change(tx, connection.id, **values))


def refresh(deps: Dependencies, connection: Connection, now: datetime) -> list[Lock]:
    """Return the connection's locks as the vendor lists them now."""
    vendor = deps.vendors[connection.vendor]
    devices = vendor.locks(deps.store.vault.open_all(connection.sealed_credentials))

    def store(tx: Tx) -> list[Lock]:
        note_devices(tx, vendor, connection, devices, now)
        _look_again(tx, connection, now)
        return locks.of_connection(tx, connection.id)

    return deps.store.write(store)


def _look_again(tx: Tx, connection: Connection, now: datetime) -> None:
    """Make due at once what waits for this vendor."""
    accesses.look_again(tx, now, connection_id=connection.id)
    keys.poll_now(tx, connection.id, None, now)


def handle_vendor_webhook(
    deps: Dependencies,
    connection: Connection,
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
) -> None:
    """Make polls due; raise `VendorError` for a message that is not the vendor's."""
    vendor = deps.vendors[connection.vendor]
    credentials = deps.store.vault.open_all(connection.sealed_credentials)
    if vendor.webhooks is None:
        raise VendorRefused(f"{vendor.name} sends no messages of its own")
    found = vendor.webhooks.parse_webhook(credentials, headers, body)
    vendor_ids = frozenset(filter(_can_be_stored, found))

    def note(tx: Tx) -> None:
        accesses.look_again(tx, now, connection_id=connection.id, vendor_ids=vendor_ids)
        keys.poll_now(tx, connection.id, vendor_ids, now)
        locks.watch_now(tx, connection.id, vendor_ids, now)

    if vendor_ids:
        deps.store.write(note)


def _can_be_stored(text: str) -> bool:
    """Return whether a database takes the text; no lock has an id that it does not."""
    return text == text.replace("\x00", "").encode(errors="replace").decode()
