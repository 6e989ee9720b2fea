"""Nuki's own messages: whether they are Nuki's, and which locks they tell of.

Invariants: pure. The signature is HMAC-SHA256 over the raw bytes, in lower-case hex. A
message has no id and may come twice, late, or never, so it is taken as a hint to
look and never as the truth itself.
"""

from __future__ import annotations

import hmac
import json
from typing import TYPE_CHECKING, Final

from service.ports import CredentialsRefused, VendorRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from service.secret import Secret

FEATURES: Final = ("DEVICE_AUTHS", "DEVICE_STATUS")
HOW: Final = (
    "Register it here if the API token has the permission webhook.decentral; or have "
    "the webhook of your Nuki application call it, with the features "
    f"{' and '.join(FEATURES)}, and give its secret as webhook_secret."
)
SIGNATURE: Final = "x-nuki-signature-sha256"
PARTS: Final = ("smartlockAuth", "smartlockLog")


def check(secret: Secret, headers: Mapping[str, str], body: bytes) -> None:
    """Return if the body is signed with the secret."""
    right = hmac.digest(secret.reveal().encode(), body, "sha256").hex()
    given = headers.get(SIGNATURE, "").encode(errors="replace")
    if not hmac.compare_digest(right.encode(), given):
        raise CredentialsRefused(f"{SIGNATURE} is not the signature of this message")


def locks_in(body: bytes) -> frozenset[str]:
    """Return the ids of the locks that the message tells of."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        raise VendorRefused("the message is not JSON; send it as Nuki does") from None
    parts = [message, *(message.get(name) for name in PARTS)] if _is(message) else []
    ids = (part.get("smartlockId") for part in parts if _is(part))
    return frozenset(str(each) for each in ids if isinstance(each, int | str))


def _is(part: object) -> bool:
    return isinstance(part, dict)
