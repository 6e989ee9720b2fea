"""The web app, as far as a simulation needs it: settings, webhooks, service accounts.

Invariants: none of this is the vendor's interface; it stands for what people do by
hand. The caller signs in with the account's e-mail and password (HTTP Basic). Changed
settings also count for contracts that exist.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Annotated, Any

from flask import Blueprint, request
from pydantic import Field

from fakes.kit.dispatch import answer
from fakes.kit.json_api import Problem, Strict, read, show
from fakes.vendors.livionkey import auth, delivery, device_events, timers, webhooks
from fakes.vendors.livionkey.auth import at_the_portal
from fakes.vendors.livionkey.state import PushTarget, Subscription, state_of
from fakes.vendors.livionkey.webhooks import TYPES

if TYPE_CHECKING:
    from werkzeug import Response

    from fakes.kit.world import World


blueprint = Blueprint("portal", __name__, url_prefix="/portal")
Minutes = Annotated[int, Field(ge=0, le=525_600)]
Url = Annotated[str, Field(pattern=r"^https?://[^/\s]+")]


class SettingsChange(Strict):
    """What the organisation sets; only the fields that are given count."""

    return_grace_minutes: Minutes | None = None
    overdue_delay_minutes: Minutes | None = None
    default_checkout_time: (
        Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$")] | None
    ) = None
    manager_email: str | None = None
    manager_phone: str | None = None


class NewTarget(Strict):
    """Where the older events go, as a customer would ask Livion for it."""

    url: Url
    headers: dict[str, str] = Field(default_factory=dict)


class NewSubscription(Strict):
    """A webhook of the newer kind."""

    name: str
    url: Url
    types: Annotated[list[str], Field(min_length=1)] = Field(
        default_factory=lambda: list(TYPES)
    )


class SubscriptionChange(Strict):
    """What changes at a webhook; only the fields that are given count."""

    name: str | None = None
    url: Url | None = None
    types: Annotated[list[str], Field(min_length=1)] | None = None


@blueprint.route("/settings", methods=["GET", "PATCH"])
def settings() -> Response:
    """Show the settings, or change some of them."""
    world = at_the_portal()
    if request.method == "PATCH":
        change_settings(world, read(SettingsChange))
    return show(state_of(world).settings)


def change_settings(world: World, body: SettingsChange) -> None:
    """Change the organisation's settings, also for contracts that exist."""
    state = state_of(world)
    for name, value in body.model_dump(exclude_unset=True).items():
        setattr(state.settings, name, value)
    timers.rearm_all(world)
    delivery.sync_devices(world, list(state.devices))


@blueprint.route("/push", methods=["GET", "PUT", "DELETE"])
def target() -> Response:
    """Show, set or drop the target of the older events."""
    account = state_of(at_the_portal()).account
    if request.method == "PUT":
        body = read(NewTarget)
        account.target = PushTarget(body.url, body.headers)
    if request.method == "DELETE":
        account.target = None
    return show({"url": account.target.url if account.target else None})


@blueprint.post("/webhooks")
def subscribe() -> Response:
    """Make a webhook; its secret is shown this once, and it is not active yet."""
    world, body = at_the_portal(), read(NewSubscription)
    _check_types(body.types)
    ref = world.ids.hex("livionkey.subscription", 24)
    secret = "whsec_" + b64encode(world.ids.draw("livionkey.secret")).decode()
    made = Subscription(ref, body.name, body.url, secret, body.types)
    state_of(world).account.subscriptions[ref] = made
    return show(_shown(made) | {"secret": secret}, 201)


@blueprint.get("/webhooks")
def list_webhooks() -> Response:
    """List the webhooks, without their secrets."""
    account = state_of(at_the_portal()).account
    return show([_shown(each) for each in account.subscriptions.values()])


@blueprint.patch("/webhooks/<ref>")
def change_webhook(ref: str) -> Response:
    """Change a webhook: its types at once, its URL once a test has arrived there."""
    world, body = at_the_portal(), read(SubscriptionChange)
    found = _find(world, ref)
    found.name = body.name or found.name
    if body.types is not None:
        _check_types(body.types)
        found.types = body.types
    if body.url is not None:
        found.next_url = "" if body.url == found.url else body.url
        found.tests.clear()
    return show(_shown(found))


@blueprint.get("/alarms")
def list_alarms() -> Response:
    """List the alarms that hold now."""
    devices = state_of(at_the_portal()).devices.values()
    return show(
        [
            {
                "deviceId": device.id,
                "alarmType": alarm,
                "start": webhooks.iso(since),
                "acknowledged": alarm in device.acknowledged,
            }
            for device in devices
            for alarm, since in device.alarms.items()
        ]
    )


@blueprint.post("/alarms/<device_id>/<alarm>/acknowledge")
def acknowledge_alarm(device_id: str, alarm: str) -> Response:
    """Note that somebody has seen to an alarm."""
    world = at_the_portal()
    device = state_of(world).devices.get(device_id)
    if device is None or not device_events.acknowledge(world, device, alarm):
        raise Problem(404, f"no alarm {alarm} of device {device_id} holds now")
    return answer(204)


@blueprint.delete("/webhooks/<ref>")
def unsubscribe(ref: str) -> Response:
    """Drop a webhook with all that waits for it."""
    world = at_the_portal()
    _find(world, ref)
    del state_of(world).account.subscriptions[ref]
    return answer(204)


@blueprint.post("/webhooks/<ref>/test")
def test_webhook(ref: str) -> Response:
    """Send a sample of each type; once all have arrived the webhook is active."""
    world = at_the_portal()
    subscription = _find(world, ref)
    unit = state_of(world).account.unit
    for kind in subscription.types:
        sample = webhooks.sample(kind, world.now, unit)
        webhooks.enqueue_test(world, subscription, kind, sample)
    return show(_shown(subscription), 202)


@blueprint.post("/serviceAccounts")
def make_service_account() -> Response:
    """Make an account for the newer interface; its private key is shown this once."""
    world = at_the_portal()
    return show(auth.make(world, "machine"), 201)


def _check_types(types: list[str]) -> None:
    unknown = sorted(set(types) - set(TYPES))
    if unknown:
        raise Problem(422, f"types {unknown}: give some of {', '.join(TYPES)}")


def _find(world: World, ref: str) -> Subscription:
    found = state_of(world).account.subscriptions.get(ref)
    if found is None:
        raise Problem(404, f"there is no webhook {ref}")
    return found


def _shown(subscription: Subscription) -> dict[str, Any]:
    return {
        "id": subscription.id,
        "name": subscription.name,
        "url": subscription.url,
        "types": subscription.types,
        "active": subscription.active,
        "next_url": subscription.next_url or None,
        "secret_ends_in": subscription.secret[-4:],
    }
