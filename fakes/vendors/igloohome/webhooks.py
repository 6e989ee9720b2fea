"""Webhooks: what igloohome sends to a registered receiver, and how it signs.

Invariants: the signed text is METHOD|HOST|PATH|CONTENT-TYPE|DATE|BODY. It goes through
HMAC-SHA256 keyed with the bytes of the public key (PKCS#1, DER), and that digest is
signed by RSA with PKCS#1 v1.5 and SHA-256. A receiver needs only the public key. The
key pair is fixed and public, and protects nothing.
"""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from werkzeug.http import http_date

from fakes.kit.webhooks import push
from fakes.vendors.igloohome.errors import invalid
from fakes.vendors.igloohome.state import NAME, quirk, state_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fakes.kit.webhooks import Delivery
    from fakes.kit.world import World


JOB_COMPLETE = 3
ACTIVITY_LOG = 5
BRIDGE_CONNECTION = 10
CONTENT_TYPE = "application/json"
HEADER = "x-igloocompany-sha256"
P = int(
    "dee2fa4b0605555f27f055d06149b60a5e14f81a5b67cd6b52dff57d615bf1ba"
    "d6f0167f06546fdf0ef7c5be57722a063aa3aad5024cbca44213ede6c678dd7d"
    "49e0842ffd4e39541e7968a6c3058f44a3bc0534ade91d4164c83769fac36363"
    "c71554e74af779d086af45c0a17a9acb703b5a962dfd6dfb2a5d83824f704777",
    16,
)
Q = int(
    "c56fe2b88dd7363b0494098e0cd005a3e7b2381dbbc30b14c8446a537aff92fe"
    "175ab158eae563e2e35dba04666c6aafe78cf49b08bd3299ee7fe2a64fe98b8b"
    "60c556efd1f126d37b23a605cdffa40d7c8e0bd752de8d7a906a71bee0262110"
    "f434555e021bb22e6e0b4c39310ed105af2a4dad6fff6bd42051c643d38e0ba9",
    16,
)
E = 65537


def send(world: World, event: int, data: Mapping[str, Any]) -> None:
    """Send an event to the receiver, if one is registered."""
    url = state_of(world).webhook_url
    if url is None:
        return
    gaps = str(quirk(world, "webhook-retry-seconds")).split()
    body = json.dumps({"payload": {"event": {"type": event, "data": data}}})
    push(world, NAME, url, body, retries=[float(gap) for gap in gaps])


def sign(world: World, delivery: Delivery) -> dict[str, str]:
    """Return the headers that sign a webhook at this instant."""
    target = urlsplit(delivery.url)
    date = http_date(world.now)
    parts = ("POST", target.netloc, target.path or "/", CONTENT_TYPE, date)
    text = "|".join((*parts, delivery.body))
    digest = hmac.digest(public_key(), text.encode(), "sha256")
    signature = _key().sign(digest, padding.PKCS1v15(), SHA256())
    return {"Date": date, HEADER: b64encode(signature).decode()}


def checked_url(url: object) -> str:
    """Return the address of a receiver; Refused if it is not one."""
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        raise invalid("url must be an address such as https://example.org/webhooks")
    return url


@cache
def public_key() -> bytes:
    """Return the vendor's public key: PKCS#1, DER."""
    return _key().public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)


@cache
def _key() -> rsa.RSAPrivateKey:
    d = pow(E, -1, (P - 1) * (Q - 1))
    return rsa.RSAPrivateNumbers(
        p=P,
        q=Q,
        d=d,
        dmp1=d % (P - 1),
        dmq1=d % (Q - 1),
        iqmp=pow(Q, -1, P),
        public_numbers=rsa.RSAPublicNumbers(E, P * Q),
    ).private_key()
