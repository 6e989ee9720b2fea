"""Livion's events: whether they are Livion's, and which keys they tell of.

Invariants: pure but for the time that a signature is checked by. The older events are
flat and bear a fixed header; the newer ones have an envelope and are signed as Standard
Webhooks. An event may come twice, late or never; so it is a reason to poll, and never
the truth itself.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from typing import Final

from service.ports import Credentials, CredentialsRefused, VendorRefused, VendorWebhooks
from service.secret import HEADERS, Secret, reveal, verification_error
from service.vendor_kit import object_in
from service.vendors.livionkey.mapping import CabinetPlace

HOW: Final = (
    "Have Livion send its events there: the older ones with a header x-api-key, whose "
    "value is push_key, or the newer, signed ones, whose secret is webhook_secret."
)
PUSH_HEADER: Final = "x-api-key"
SIGNATURE: Final = "webhook-signature"


class LivionWebhooks(VendorWebhooks):
    """Events about keys, which Livion sends once its owner has asked by hand."""

    instructions = HOW
    registration = None

    def parse_webhook(
        self, credentials: Credentials, headers: Mapping[str, str], body: bytes
    ) -> frozenset[str]:
        """Return the keys that an event of Livion's is about."""
        names = ("push_key", "webhook_secret")
        push_key, secret = (Secret(reveal(credentials.get(each, ""))) for each in names)
        check(push_key, secret, headers, body)
        return locks_in(body)


def check(
    push_key: Secret, webhook_secret: Secret, headers: Mapping[str, str], body: bytes
) -> None:
    """Return if the event is Livion's, by the header or the signature that it has."""
    if SIGNATURE in headers and webhook_secret:
        text = body.decode(errors="replace")
        signed = {name: headers.get(name, "") for name in HEADERS}
        wrong = verification_error(webhook_secret, text, signed)
        if wrong:
            raise CredentialsRefused(wrong)
        return
    if not push_key:
        raise VendorRefused(
            "no push_key is set; have Livion send a header x-api-key, and give the "
            "connection its value"
        )
    given = headers.get(PUSH_HEADER, "").encode(errors="replace")
    if not hmac.compare_digest(push_key.reveal().encode(), given):
        raise CredentialsRefused(f"{PUSH_HEADER} is not the one that was agreed")


def locks_in(body: bytes) -> frozenset[str]:
    """Return the ids of the locks that the event is about."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        raise VendorRefused("the event is not JSON; send it as Livion does") from None
    event = object_in(message)
    fields = object_in(event, "data") or event
    device, key = (str(fields.get(name) or "") for name in ("deviceId", "keyId"))
    return (
        frozenset({CabinetPlace(device, key).lock}) if device and key else frozenset()
    )
