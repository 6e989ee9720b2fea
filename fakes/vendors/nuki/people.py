"""Whom the vendor knows: the account, its users, its keys, their tokens, receivers.

Invariants: plain data. A token is found by what a caller presents; one made by hand
never expires, one from the code flow does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 - pydantic reads it
from typing import Any

SCOPES = (
    "account",
    "notification",
    "smartlock",
    "smartlock.readOnly",
    "smartlock.action",
    "smartlock.auth",
    "smartlock.config",
    "smartlock.log",
    "smartlock.create",
    "webhook.decentral",
    "offline_access",
)
FEATURES = (
    "DEVICE_STATUS",
    "DEVICE_MASTERDATA",
    "DEVICE_CONFIG",
    "DEVICE_LOGS",
    "DEVICE_AUTHS",
    "ACCOUNT_USER",
)


@dataclass
class Account:
    """The account that owns the locks."""

    account_id: int
    email: str
    name: str
    language: str
    created_at: datetime
    updated_at: datetime


@dataclass
class User:
    """A person to whom auths other than keypad codes belong."""

    user_id: int
    email: str
    name: str
    created_at: datetime
    updated_at: datetime
    type: int | None = None
    language: str | None = None


@dataclass
class Token:
    """A bearer token: made by hand under a key, or got by the code flow."""

    token_id: str
    key_id: int
    scopes: tuple[str, ...]
    created_at: datetime
    description: str | None = None
    expires_at: datetime | None = None  # never, if made by hand
    by_hand: bool = True

    def lives(self, now: datetime) -> bool:
        """Whether it is still good."""
        return self.expires_at is None or now < self.expires_at


@dataclass(frozen=True)
class Consent:
    """What a code or a refresh token of the code flow can be turned into."""

    key_id: int
    scopes: tuple[str, ...]
    redirect_uri: str = ""
    expires_at: datetime | None = None


@dataclass
class Advanced:
    """What makes a key an advanced one: an application with a secret and webhooks."""

    facts: dict[str, Any]  # what the applicant said of itself
    secret: str
    webhook_url: str
    features: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    active_since: datetime  # failures before this are forgotten


@dataclass
class Key:
    """An API key; the string `api_key` is the client id of the code flow."""

    key_id: int
    api_key: str
    created_at: datetime
    description: str | None = None
    redirect_uris: tuple[str, ...] = ()
    advanced: Advanced | None = None


@dataclass(frozen=True)
class Hook:
    """A receiver that a user registered for the own account."""

    hook_id: int
    secret: str
    url: str
    features: tuple[str, ...]


@dataclass
class Notice:
    """A push target of the older kind; what it is told is not modelled."""

    notice_id: str
    requested: dict[str, Any] = field(default_factory=dict)
