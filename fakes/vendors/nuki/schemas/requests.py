"""What comes in: bodies, one model each; dates and query values.

Invariants: no state is changed here. A field that is left out is None. A body that is
no JSON or fits no model is 422; a value that fits but is wrong is 400 and named.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from pydantic.alias_generators import to_camel

from fakes.kit.dispatch import current_world
from fakes.vendors.nuki.errors import bad_value, unmapped
from fakes.vendors.nuki.state import quirk

# Seconds may be left out (NUK-04), the offset may not.
_DATE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)", re.ASCII
)


class NukiRequest(BaseModel):
    """A body that asks for something; what is left out is None."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        frozen=True,
        coerce_numbers_to_str=True,
        defer_build=True,
    )


W = TypeVar("W", bound=NukiRequest)


def read(model: type[W]) -> W:
    """Return the body of the call as the model."""
    return _mapped(model, _json())


def read_many(model: type[W]) -> list[W]:
    """Return the body of the call, a list of the model."""
    body = _json()
    if not isinstance(body, list):
        raise unmapped()
    return [_mapped(model, each) for each in body]


def read_ids() -> list[str]:
    """Return the body of the call, a list of ids."""
    body = _json()
    if not isinstance(body, list) or not all(isinstance(each, str) for each in body):
        raise unmapped()
    return list(dict.fromkeys(body))


def read_part(shape: type[BaseModel], now: Mapping[str, Any]) -> dict[str, Any]:
    """Return those fields of the body that a shape has, if the whole still fits."""
    body = _json()
    if not isinstance(body, dict):
        raise unmapped()
    known = {field.alias for field in shape.model_fields.values()}
    part = {name: each for name, each in body.items() if name in known}
    try:
        whole = shape.model_validate({**now, **part})
    except ValidationError:
        raise unmapped() from None
    return {name: whole.model_dump(by_alias=True)[name] for name in part}


def part_of(shape: type[BaseModel]) -> type[BaseModel]:
    """Return the model of what `read_part` takes of a shape: any of its fields."""
    fields: dict[str, Any] = {
        str(field.alias): (field.annotation, ...)
        for field in shape.model_fields.values()
    }
    described = ConfigDict(json_schema_extra=_require_nothing)
    return create_model(f"{shape.__name__}Change", __config__=described, **fields)


def _require_nothing(schema: dict[str, Any]) -> None:
    schema.pop("required", None)


def date(text: str | None, parameter: str, status: int = 400) -> datetime | None:
    """Return the instant that a text means (UTC), or nothing for nothing."""
    if not text:
        return None
    try:
        if _DATE.fullmatch(text):
            return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise bad_value(text, parameter, status)


def number(parameter: str) -> int | None:
    """Return a number of the query, or nothing; `limit=abc` is refused."""
    text = request.args.get(parameter)
    if text is None:
        return None
    try:
        return int(text)
    except ValueError:
        raise bad_value(text, parameter) from None


def numbers(parameter: str) -> set[int] | None:
    """Return the comma-separated numbers of the query, or nothing."""
    text = request.args.get(parameter)
    if text is None:
        return None
    try:
        return {int(each) for each in text.split(",")}
    except ValueError:
        raise bad_value(text, parameter) from None


def shown(instant: datetime) -> str:
    """Return an instant as the vendor writes one: UTC, milliseconds, Z."""
    text = instant.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def _json() -> Any:
    try:
        return json.loads(request.get_data())
    except (ValueError, RecursionError):
        raise unmapped() from None


def _mapped(model: type[W], body: Any) -> W:
    if not isinstance(body, Mapping) or _has_strangers(model, body):
        raise unmapped()
    try:
        return model.model_validate(body)
    except ValidationError:
        raise unmapped() from None


def _has_strangers(model: type[W], body: Mapping[str, Any]) -> bool:
    known = {field.alias for field in model.model_fields.values()}
    refused = quirk(current_world(), "unknown-field") == "refused"
    return refused and not set(body) <= known


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


class AddressRequest(NukiRequest):
    """A new address."""

    name: str | None = None
    smartlock_ids: list[int] | None = None


class ReservationRequest(NukiRequest):
    """A reservation, as a booking platform tells of it."""

    name: str | None = None
    email: str | None = None
    guests: int | None = None
    start_date: str | None = None
    end_date: str | None = None
    reference: str | None = None


class AccessTimes(NukiRequest):
    """When guests come and go, in minutes of the day; null is the address's own."""

    check_in_time: int | None = None
    check_out_time: int | None = None


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
