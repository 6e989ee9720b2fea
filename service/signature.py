"""Signatures: who sent a webhook, by Standard Webhooks.

Invariants: whatever a sender writes into these headers, the answer is yes or a reason,
and never an error of the library's. A header may hold several signatures, as when a
secret is changed; one that is right is enough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from standardwebhooks import Webhook, WebhookVerificationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from service.secret import Secret

HEADERS: Final = ("webhook-id", "webhook-timestamp", "webhook-signature")
MOST: Final = 8
"""How many signatures of one header are looked at."""


def verification_error(
    secret: Secret, text: str, headers: Mapping[str, str]
) -> str | None:
    """Return why this secret did not sign the text so, None when it did.

    `headers` holds each of `HEADERS`, empty if it was not sent. A timestamp more than
    five minutes from now, either way, is refused.
    """
    missing = [name for name in HEADERS if not headers[name].strip()]
    if missing:
        return f"header {missing[0]} is missing; sign as Standard Webhooks says"
    webhook = Webhook(secret.reveal())
    reasons = [
        _verification_error(webhook, text, {**headers, "webhook-signature": signature})
        for signature in headers["webhook-signature"].split()[:MOST]
    ]
    return None if None in reasons else reasons[0]


def _verification_error(
    webhook: Webhook, text: str, headers: dict[str, str]
) -> str | None:
    try:
        webhook.verify(text, headers, json_parse=False)
    except WebhookVerificationError as error:
        return REASONS.get(str(error), WRONG)
    except Exception:  # noqa: BLE001 (the library has no one error for bad input)
        return WRONG
    return None


WRONG: Final = "the signature does not match; sign the very bytes that are sent"
REASONS: Final = {
    "Invalid Signature Headers": "webhook-timestamp is no number of seconds",
    "Message timestamp too old": "webhook-timestamp is more than 5 minutes ago",
    "Message timestamp too new": "webhook-timestamp is more than 5 minutes ahead",
}
