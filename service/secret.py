"""Secrets, which no log, error or repr ever shows, and the signatures made with them.

Invariants: the text leaves a `Secret` only through `reveal()`, so a search for that
word finds every place that uses one in the open. Whatever a webhook's headers hold,
verification returns None or a reason and raises nothing (Standard Webhooks). A header
may hold several signatures, as during a change of secrets; one right one is enough.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from standardwebhooks import Webhook, WebhookVerificationError

MASK: Final = "•••"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Secret:
    """A PIN, token or password; it prints as `•••` wherever it is shown."""

    _text: str

    def reveal(self) -> str:
        """Return the text itself, for the one call that needs it."""
        return self._text

    def __repr__(self) -> str:
        return MASK

    def __str__(self) -> str:
        return MASK

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._text))


def reveal(value: Secret | str) -> str:
    """Return the plain text of a credential, secret or not."""
    return value.reveal() if isinstance(value, Secret) else value


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
