"""How an event proves who sent it: the schemes of a profile's `[signature]`.

    standard-webhooks   webhook-id, -timestamp, -signature (standardwebhooks.com)
    hmac                one header with a keyed digest of a text over the body
    bearer, basic       a shared secret, the same with every event
    none                nothing proves it

`sign` gives the headers; a forged event is signed with another secret, a stale one at
an earlier instant.
"""

from __future__ import annotations

import base64
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from strikeplate.profiles.shape import Signature

Headers = dict[str, str]


def sign(
    signature: Signature, secret: str, event_id: str, body: bytes, at: datetime
) -> Headers:
    """Return the headers that prove an event's sender."""
    return SCHEMES[signature.scheme](signature, secret, event_id, body, at)


def signed(secret: str, event_id: str, body: bytes, at: datetime) -> Headers:
    """Return the headers of Standard Webhooks; the secret is base 64 after `whsec_`."""
    seconds = int(at.timestamp())
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{event_id}.{seconds}.".encode() + body
    digest = base64.b64encode(hmac.digest(key, content, "sha256")).decode()
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{digest}",
    }


def keyed_digest(
    signature: Signature, secret: str, event_id: str, body: bytes, at: datetime
) -> Headers:
    """Return a header with the HMAC of `signed`, and the timestamp where it has one."""
    seconds = str(int(at.timestamp()))
    places = {b"{timestamp}": seconds.encode(), b"{id}": event_id.encode()}
    content = signature.signed.encode()
    for place, known in places.items():
        content = content.replace(place, known)
    content = content.replace(b"{body}", body)
    raw = hmac.digest(secret.encode(), content, signature.algorithm)
    hexed = signature.encoding == "hex"
    digest = raw.hex() if hexed else base64.b64encode(raw).decode()
    value = signature.value.replace("{digest}", digest).replace("{timestamp}", seconds)
    headers = {signature.header or "X-Signature": value.replace("{id}", event_id)}
    if signature.timestamp_header:
        headers[signature.timestamp_header] = seconds
    return headers


def bearer(
    signature: Signature, secret: str, _id: str, _body: bytes, _at: datetime
) -> Headers:
    """Return the secret as a bearer token, or in the header that the profile names."""
    if signature.header is None:
        return {"Authorization": f"Bearer {secret}"}
    value = signature.value.replace("{digest}", secret).replace("{secret}", secret)
    return {signature.header: value}


def basic(
    signature: Signature, secret: str, _id: str, _body: bytes, _at: datetime
) -> Headers:
    """Return user and secret as HTTP Basic has them."""
    pair = base64.b64encode(f"{signature.user}:{secret}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def unsigned(
    _signature: Signature, _secret: str, _id: str, _body: bytes, _at: datetime
) -> Headers:
    """Return no headers."""
    return {}


SCHEMES: dict[str, Callable[[Signature, str, str, bytes, datetime], Headers]] = {
    "standard-webhooks": lambda _, *event: signed(*event),
    "hmac": keyed_digest,
    "bearer": bearer,
    "basic": basic,
    "none": unsigned,
}
