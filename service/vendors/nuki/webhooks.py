"""Nuki's webhooks: asking for them, checking them, and which locks they tell of.

Invariants: the signature is HMAC-SHA256 over the raw bytes, in lower-case hex. A
message has no id and may come twice, late, or never; so it is a reason to poll, and
never the truth itself.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from typing import Final

from service.ports import (
    Credentials,
    CredentialsRefused,
    VendorRefused,
    VendorWebhooks,
    WebhookRegistration,
)
from service.secret import Secret, reveal
from service.vendors.nuki.api import Account, Client, account_of

FEATURES: Final = ("DEVICE_AUTHS", "DEVICE_STATUS")
HOW: Final = (
    "Register it here if the API token has the permission webhook.decentral; or have "
    "the webhook of your Nuki application call it, with the features "
    f"{' and '.join(FEATURES)}, and give its secret as webhook_secret."
)
SIGNATURE: Final = "x-nuki-signature-sha256"
PARTS: Final = ("smartlockAuth", "smartlockLog")


class NukiWebhooks(VendorWebhooks, WebhookRegistration):
    """Messages about codes and locks, which a token with that permission asks for."""

    instructions = HOW

    def __init__(self, client: Client) -> None:
        self._client = client
        self.registration = self

    def register(self, credentials: Credentials, url: str) -> Credentials:
        """Have Nuki report codes and locks to that URL; return the secret.

        It is shown once, so an earlier registration of the URL is replaced.
        """
        account = account_of(credentials)
        self._remove_hooks(account, url)
        secret = self._client.add_hook(account, url, FEATURES)
        return {"webhook_secret": Secret(secret)}

    def unregister(self, credentials: Credentials, url: str) -> None:
        """Have Nuki report nothing more to that URL, if it ever did."""
        if "webhook_secret" in credentials:
            self._remove_hooks(account_of(credentials), url)

    def parse_webhook(
        self, credentials: Credentials, headers: Mapping[str, str], body: bytes
    ) -> frozenset[str]:
        """Return the locks that a message of Nuki's is about."""
        secret = reveal(credentials.get("webhook_secret", ""))
        if not secret:
            raise VendorRefused("no webhook_secret is set; give the connection Nuki's")
        check(Secret(secret), headers, body)
        return locks_in(body)

    def _remove_hooks(self, account: Account, url: str) -> None:
        for hook in self._client.hooks(account):
            if hook.get("webhookUrl") == url:
                self._client.remove_hook(account, str(hook.get("id")))


def check(secret: Secret, headers: Mapping[str, str], body: bytes) -> None:
    """Return if the body is signed with the secret."""
    right = hmac.digest(secret.reveal().encode(), body, "sha256").hex()
    given = headers.get(SIGNATURE, "").encode(errors="replace")
    if not hmac.compare_digest(right.encode(), given):
        raise CredentialsRefused(f"{SIGNATURE} is not the signature of this message")


def locks_in(body: bytes) -> frozenset[str]:
    """Return the ids of the locks that the message is about."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        raise VendorRefused("the message is not JSON; send it as Nuki does") from None
    parts = [message, *(message.get(name) for name in PARTS)] if _is(message) else []
    ids = (part.get("smartlockId") for part in parts if _is(part))
    return frozenset(str(each) for each in ids if isinstance(each, int | str))


def _is(part: object) -> bool:
    return isinstance(part, dict)
