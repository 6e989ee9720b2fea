"""Webhooks: what Nuki sends to the receivers of an account, and how it signs.

Invariants: the signature is HMAC-SHA256 over the raw bytes of the body, in lower-case
hex. A receiver of the account has a secret of its own; the receiver of an advanced key
uses the client secret. No event has an id, and nothing is sent twice unless a quirk
says so.
"""

from __future__ import annotations

import hmac
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from fakes.kit.webhooks import push
from fakes.vendors.nuki.errors import bad_value
from fakes.vendors.nuki.schemas import responses
from fakes.vendors.nuki.schemas.requests import shown
from fakes.vendors.nuki.state import (
    FEATURES,
    NAME,
    Auth,
    Device,
    Key,
    LogRow,
    quirk,
    state_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fakes.kit.webhooks import Delivery
    from fakes.kit.world import World
    from fakes.vendors.nuki.schemas.people import UserShape


SEND = "nuki.send"
CONTENT_TYPE = "application/json; charset=UTF-8"
SIGNATURE = "X-Nuki-Signature-SHA256"
OLDER_SIGNATURE = "X-Nuki-Signature"
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
Payload = dict[str, Any]


def send_auth(
    world: World,
    device: Device,
    auth: Auth,
    *,
    deleted: bool = False,
    request_id: str | None = None,
) -> None:
    """Send the new state of an auth."""
    row = responses.auth(world, device, auth).wire()
    payload = {"deleted": deleted, "smartlockAuth": row}
    send_all(world, "DEVICE_AUTHS", payload | _asked(request_id))


def send_log(world: World, row: LogRow) -> None:
    """Send a new row of the log."""
    send_all(world, "DEVICE_LOGS", {"smartlockLog": responses.log(row).wire()})


def send_status(world: World, device: Device, *, request_id: str | None = None) -> None:
    """Send the state of a lock, and whether it is online."""
    payload = {
        "smartlockId": device.smartlock_id,
        "state": responses.state(world, device).wire(),
        "serverState": responses.server_state(world, device),
        "adminPinState": 0,
    }
    send_all(world, "DEVICE_STATUS", payload | _asked(request_id))


def send_master_data(world: World, device: Device, *, deleted: bool = False) -> None:
    """Send the master data of a lock, or that it has left the account."""
    payload = {
        "deleted": deleted,
        "smartlockId": device.smartlock_id,
        "accountId": state_of(world).account.account_id,
        "type": device.type,
        "authId": device.auth_number,
        "name": device.name,
        "favorite": device.favorite,
        "firmwareVersion": responses.FIRMWARE,
        "hardwareVersion": 0,
        "serverState": responses.server_state(world, device),
        "adminPinState": 0,
        "creationDate": shown(device.created_at),
        "updateDate": shown(device.updated_at),
    }
    send_all(world, "DEVICE_MASTERDATA", payload)


def send_config(world: World, device: Device) -> None:
    """Send the settings of a lock; no such message was ever observed."""
    payload = {
        "smartlockId": device.smartlock_id,
        "config": responses.config(world, device).wire(),
        "advancedConfig": device.advanced_config,
    }
    send_all(world, "DEVICE_CONFIG", payload)


def send_user(world: World, user: UserShape, *, deleted: bool = False) -> None:
    """Send the new state of a user; no such message was ever observed."""
    send_all(world, "ACCOUNT_USER", {"deleted": deleted, "accountUser": user.wire()})


def send_all(world: World, feature: str, payload: Payload) -> None:
    """Send a message to every receiver that asked for its feature."""
    body = json.dumps({"feature": feature, **payload}, separators=(",", ":"))
    delay = timedelta(seconds=float(quirk(world, "webhook-delay-seconds")))
    for topic, url in _receivers(world, feature):
        for _ in range(int(quirk(world, "webhook-copies"))):
            world.call_at(world.now + delay, SEND, url=url, body=body, topic=topic)


def send(world: World, *, url: str, body: str, topic: str) -> None:
    """Send a message that is due."""
    gaps = [float(gap) for gap in str(quirk(world, "webhook-retry-seconds")).split()]
    head = {"content-type": CONTENT_TYPE}
    push(world, NAME, url, body, headers=head, topic=topic, retries=gaps)


def sign(world: World, delivery: Delivery) -> dict[str, str]:
    """Return the headers that sign a message."""
    habit = quirk(world, "webhook-signature")
    if habit == "absent":
        return {}
    secret = _secret(world, delivery.topic) + ("?" if habit == "wrong" else "")
    body, key = delivery.body.encode(), secret.encode()
    return {
        SIGNATURE: hmac.digest(key, body, "sha256").hex(),
        OLDER_SIGNATURE: hmac.digest(key, body, "sha1").hex(),
    }


def is_active(world: World, key: Key) -> bool:
    """Whether a key's receiver still gets events: not after many failures in a row."""
    limit = int(quirk(world, "webhook-failures-allowed"))
    if not limit or key.advanced is None:
        return True
    since = key.advanced.active_since
    sent = [each for each in logged(world, key) if each.created_at >= since]
    return len(sent) < limit or any(each.arrived for each in sent[-limit:])


def logged(world: World, key: Key) -> Iterator[Delivery]:
    """Yield what was sent to a key's receiver, oldest first."""
    for delivery in world.deliveries:
        if delivery.topic == _topic(key) and delivery.attempts:
            yield delivery


def checked_url(url: str | None) -> str:
    """Return the address of a receiver: https, or http on this very machine."""
    if not url or not _is_allowed(url):
        raise bad_value(url, "webhookUrl")
    return url


def checked_features(features: Iterable[str] | None) -> tuple[str, ...]:
    """Return the features whose events a receiver gets."""
    for feature in features or ():
        if feature not in FEATURES:
            raise bad_value(feature, "webhookFeatures")
    return tuple(features or ())


def _is_allowed(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    by_http = parts.scheme == "http" and parts.hostname in LOOPBACK
    return bool(parts.hostname) and (by_http or parts.scheme == "https")


def _receivers(world: World, feature: str) -> Iterator[tuple[str, str]]:
    state = state_of(world)
    for hook in state.hooks.values():
        if feature in hook.features:
            yield f"hook {hook.hook_id}", hook.url
    for key in state.keys.values():
        if key.advanced and feature in key.advanced.features and is_active(world, key):
            yield _topic(key), key.advanced.webhook_url


def _secret(world: World, topic: str) -> str:
    """Return the secret of a receiver; one that is gone has none."""
    kind, number = topic.split()
    state = state_of(world)
    if kind == "hook":
        hook = state.hooks.get(int(number))
        return hook.secret if hook else ""
    key = state.keys.get(int(number))
    return key.advanced.secret if key and key.advanced else ""


def _topic(key: Key) -> str:
    return f"key {key.key_id}"


def _asked(request_id: str | None) -> Payload:
    return {"requestId": request_id} if request_id else {}
