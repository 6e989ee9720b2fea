"""Answers about the account, its users, its keys and its receivers."""

from __future__ import annotations

from typing import Any

from fakes.vendors.nuki.schemas import Date, Shape


class AccountShape(Shape):
    """The account itself."""

    account_id: int
    type: int
    email: str
    email_verified: bool
    name: str
    language: str
    creation_date: Date
    update_date: Date


class UserShape(Shape):
    """A user of the account."""

    account_user_id: int
    account_id: int
    type: int | None = None
    email: str
    name: str
    language: str | None = None
    creation_date: Date
    update_date: Date


class KeyShape(Shape):
    """An API key."""

    api_key_id: int
    account_id: int
    description: str | None = None
    redirect_uris: list[str]
    creation_date: Date
    api_key: str


class TokenShape(Shape):
    """A token made by hand; the token itself is shown once, when it is made."""

    id: str
    account_id: int
    description: str | None = None
    access_token: str | None = None
    scopes: list[str]
    creation_date: Date


class AdvancedShape(Shape):
    """An advanced key: an application with a secret and a receiver."""

    name: str
    country: str
    description: str
    type: str
    webhook_status: str
    url: str
    email: str
    webhook_url: str
    webhook_features: list[str]
    restricted: bool
    secret: str
    status: str
    creation_date: Date
    update_date: Date


class HookShape(Shape):
    """A receiver of the account's own; the secret is shown once, when it is made."""

    id: int
    secret: str | None = None
    webhook_url: str
    webhook_features: list[str]


class HookLogMessage(Shape):
    """What went out to a receiver, or came back."""

    headers: dict[str, str]
    path: str
    timestamp: Date
    body: dict[str, Any] | None = None


class HookLogShape(Shape):
    """One webhook that was sent."""

    id: str
    request_id: str | None = None
    succeeded: bool
    response_status: int
    duration: int
    account_id: int
    api_key_id: int
    response: HookLogMessage
    created: Date
    updated: Date


class NoticeSetting(Shape):
    """Which events of a lock are pushed."""

    smartlock_id: int | None = None
    trigger_events: list[str]
    auth_ids: list[str] | None = None


class NoticeShape(Shape):
    """A push target of the older kind."""

    notification_id: str
    reference_id: str | None = None
    push_id: str
    secret: str | None = None
    os: int
    language: str
    status: int
    settings: list[NoticeSetting]
