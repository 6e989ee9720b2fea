"""What clients ask for: one model a body. What is left out is None."""

from __future__ import annotations

from typing import Any

from fakes.vendors.nuki.wire import NukiRequest


class LimitsRequest(NukiRequest):
    """The five limits, dates still as text."""

    allowed_from_date: str | None = None
    allowed_until_date: str | None = None
    allowed_week_days: int | None = None
    allowed_from_time: int | None = None
    allowed_until_time: int | None = None


class AuthRequest(LimitsRequest):
    """What a new auth and a changed one have in common."""

    name: str | None = None
    remote_allowed: bool | None = None
    code: int | None = None
    account_user_id: int | None = None


class NewAuth(AuthRequest):
    """An auth for one lock."""

    type: int | None = None
    smart_actions_enabled: bool | None = None


class NewAuths(NewAuth):
    """The same auth for several locks."""

    smartlock_ids: list[int] | None = None


class NewAppAuths(AuthRequest):
    """An app's auth for several locks, to be answered by a webhook."""

    smart_actions_enabled: bool | None = None
    smartlock_ids: list[int] | None = None


class AuthChange(AuthRequest):
    """A change of one auth; it replaces the limits as a whole (NUK-08)."""

    enabled: bool | None = None


class AuthChanges(AuthChange):
    """One change of several."""

    id: str | None = None


class LockChange(NukiRequest):
    """What the server alone keeps of a lock."""

    name: str | None = None
    favorite: bool | None = None


class Action(NukiRequest):
    """What a lock is to do."""

    action: int | None = None
    option: int | None = None


class AdminPin(NukiRequest):
    """The PIN that guards a lock's settings."""

    admin_pin: int | None = None


class AccountChange(NukiRequest):
    """A change of the account."""

    email: str | None = None
    password: str | None = None
    name: str | None = None
    language: str | None = None
    config: dict[str, Any] | None = None
    profile: dict[str, Any] | None = None


class UserRequest(NukiRequest):
    """A new or changed user."""

    type: int | None = None
    email: str | None = None
    name: str | None = None
    language: str | None = None


class ApiKeyRequest(NukiRequest):
    """A new or changed API key."""

    description: str | None = None
    redirect_uris: list[str] | None = None


class TokenRequest(NukiRequest):
    """A new or changed token."""

    description: str | None = None
    scopes: list[str] | None = None


class WebhookRequest(NukiRequest):
    """A receiver; id and secret are given by the server."""

    id: int | None = None
    secret: str | None = None
    webhook_url: str | None = None
    webhook_features: list[str] | None = None


class Application(NukiRequest):
    """What makes a key an advanced one."""

    name: str | None = None
    country: str | None = None
    description: str | None = None
    type: str | None = None
    webhook_status: str | None = None
    url: str | None = None
    email: str | None = None
    webhook_url: str | None = None
    webhook_features: list[str] | None = None
    restricted: bool | None = None


class NoticeSetting(NukiRequest):
    """Which events of a lock are pushed."""

    smartlock_id: int | None = None
    trigger_events: list[str] | None = None
    auth_ids: list[str] | None = None


class NoticeRequest(NukiRequest):
    """A push target of the older kind."""

    notification_id: str | None = None
    reference_id: str | None = None
    push_id: str | None = None
    secret: str | None = None
    os: int | None = None
    language: str | None = None
    status: int | None = None
    last_active_date: str | None = None
    settings: list[NoticeSetting] | None = None
