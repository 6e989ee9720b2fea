"""What the cloud sends to receivers: four types of event, in two shapes, in two ways.

Invariants: an event is made once, when the cloud records it, with the time at which the
thing happened. In the flat shape `type` is not always the event's own name, see
`FLAT_TYPE`. Flat events wait for nothing, so one may overtake another; a 4xx other than
429 ends their retries. An enveloped event waits until each earlier one of its device
and type has arrived or was given up. Each attempt is checked once, right after it, and
only this check decides on the next attempt. No device and no code in a sample is real.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from standardwebhooks import Webhook

from fakes.kit import webhooks
from fakes.vendors.livionkey.state import (
    NAME,
    Contract,
    Device,
    Key,
    KeyEvent,
    Subscription,
    Waiting,
    quirk,
    state_of,
)

if TYPE_CHECKING:
    from fakes.kit.webhooks import Attempt, Delivery
    from fakes.kit.world import World


CHECK_ATTEMPT = "livionkey.watch"
RETRY = "livionkey.retry"
FLAT = "flat"  # the mark of deliveries that are neither signed nor in a lane
LOOK_AGAIN = timedelta(seconds=1)  # a running clock does not wait for receivers
# Twenty attempts in about six hours: dense at first, then every half hour
GAPS = (5, 15, 30, 60, 120, 300, 600, 900, 1200, *[1800] * 10)
TOO_MANY = 429
CLIENT_ERRORS = range(400, 500)
Json = Mapping[str, Any]
TYPES = ("key-status", "contract-update", "code-entered", "device-alarm")
# The field whose value is `type` in the flat shape; the field itself is left out there
FLAT_TYPE = {"contract-update": "contractType", "code-entered": "codeType"}
DEVICE = "000000"
CONTRACT = {"contractId": "Contract1", "contractObjectId": "0" * 24}
PLACE = {"deviceId": DEVICE, "lockerIndex": 0, "keyId": "key1"}
DATA: dict[str, dict[str, Any]] = {
    "key-status": {
        "state": "key-fetched",
        "storageType": "device",
        **PLACE,
        **CONTRACT,
    },
    "contract-update": {
        "contractType": "default",
        **CONTRACT,
        "pincode": "000000",
        "deviceId": DEVICE,
        "keyId": "key1",
    },
    "code-entered": {
        "codeType": "right-pincode",
        "code": "000000",
        **PLACE,
        **CONTRACT,
    },
    "device-alarm": {
        "alarmType": "DEVICE_DISCONNECTED",
        "state": "activated",
        "deviceId": DEVICE,
        "end": None,
        "acknowledged": False,
    },
}
TIMES = {"contract-update": ("start", "end"), "device-alarm": ("start",)}


def enqueue(world: World, kind: str, device: str, flat: Json, envelope: Json) -> None:
    """Send an event to each receiver of its type, in the shape that it takes."""
    account = state_of(world).account
    if account.target:
        headers = dict(account.target.headers)
        _push(world, account.target.url, flat, FLAT, headers)
    for each in account.subscriptions.values():
        if each.active and kind in each.types:
            queue = each.queues.setdefault(f"{device} {kind}", [])
            queue.append(Waiting(kind, _text(envelope)))
            if len(queue) == 1:
                _start(world, each, queue)


def enqueue_test(
    world: World, subscription: Subscription, kind: str, body: Json
) -> None:
    """Send a sample; the subscription is active once a sample of each type arrived."""
    topic = f"test {subscription.id} {kind}"
    url = subscription.next_url or subscription.url
    subscription.tests[kind] = _push(world, url, body, topic).id


def sign(world: World, delivery: Delivery) -> dict[str, str]:
    """Return the headers that sign one attempt; flat events are not signed."""
    subscription = _subscription(world, delivery)
    if subscription is None:
        return {}
    at, kind = world.client_now, delivery.topic.split()[-1]
    signature = Webhook(subscription.secret).sign(delivery.id, at, delivery.body)
    return {
        "webhook-id": delivery.id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
        "webhook-event-type": kind,
    }


def check_attempt(
    world: World, *, delivery: str, made: int
) -> Mapping[str, Any] | None:
    """Look at what came of an attempt: try again, or let the next in the lane go."""
    found = world.deliveries.get(delivery)
    tries = [each for each in found.attempts if not each.replay] if found else []
    if found is None or found.arrived:
        _done(world, delivery)
        return None
    if len(tries) < made:
        world.call_at(
            world.now + LOOK_AGAIN, CHECK_ATTEMPT, delivery=delivery, made=made
        )
        return None
    gap = _gap(world, found.topic, tries)
    if gap is None:
        _done(world, delivery)
        return {"delivery": delivery, "given_up": True}
    at = tries[-1].at + timedelta(seconds=gap)
    world.call_at(at, RETRY, delivery=delivery, made=made + 1)
    return None


def retry(world: World, *, delivery: str, made: int) -> None:
    """Try again, unless the receiver is gone."""
    found = world.deliveries.get(delivery)
    if found is None:
        _done(world, delivery)  # it is kept no longer
    elif _is_wanted(world, found):
        world.call_at(world.now, webhooks.TASK, delivery=delivery)
        world.call_at(world.now, CHECK_ATTEMPT, delivery=delivery, made=made)


def _is_wanted(world: World, delivery: Delivery) -> bool:
    """Whether the target of a delivery is still there."""
    if delivery.topic == FLAT:
        return state_of(world).account.target is not None
    return _subscription(world, delivery) is not None


def _subscription(world: World, delivery: Delivery) -> Subscription | None:
    """Return the webhook that a delivery is for; none for a flat event."""
    if delivery.topic == FLAT:
        return None
    ref = delivery.topic.split()[1]
    return state_of(world).account.subscriptions.get(ref)


def _push(
    world: World, url: str, body: Json | str, topic: str, headers: Any = None
) -> Delivery:
    text = body if isinstance(body, str) else _text(body)
    sent = webhooks.push(world, NAME, url, text, topic=topic, headers=headers or {})
    world.call_at(world.now, CHECK_ATTEMPT, delivery=sent.id, made=1)
    return sent


def _start(world: World, subscription: Subscription, queue: list[Waiting]) -> None:
    head = queue[0]
    topic = f"lane {subscription.id} {head.type}"
    head.delivery = _push(world, subscription.url, head.body, topic).id


def _done(world: World, delivery: str) -> None:
    """Send the next event of the lane; note a sample that has arrived."""
    for subscription in state_of(world).account.subscriptions.values():
        if delivery in subscription.tests.values():
            _check_samples(world, subscription)
        for name, queue in list(subscription.queues.items()):
            if queue[0].delivery == delivery:
                del queue[0]
                if queue:
                    _start(world, subscription, queue)
                else:
                    del subscription.queues[name]


def _check_samples(world: World, subscription: Subscription) -> None:
    sent = [world.deliveries.get(each) for each in subscription.tests.values()]
    arrived = all(each is not None and each.arrived for each in sent)
    verified = arrived and set(subscription.types) <= set(subscription.tests)
    if subscription.next_url and verified:
        _move(world, subscription)
    elif not subscription.next_url:
        subscription.active = verified


def _move(world: World, subscription: Subscription) -> None:
    """Send to the verified URL from now on, what waits included."""
    subscription.url, subscription.next_url = subscription.next_url, ""
    subscription.active = True
    for queue in subscription.queues.values():
        under_way = world.deliveries.get(queue[0].delivery)
        if under_way is not None:
            under_way.url = subscription.url


def _gap(world: World, topic: str, tries: list[Attempt]) -> float | None:
    """Return the seconds until the next attempt, or None if there is none."""
    if topic.startswith("test"):
        return None
    if topic.startswith("lane"):
        return GAPS[len(tries) - 1] if len(tries) <= len(GAPS) else None
    status = tries[-1].status
    lost = status in CLIENT_ERRORS and status != TOO_MANY
    if lost or len(tries) >= quirk(world, "push-tries"):
        return None
    first: int = quirk(world, "push-first-gap-seconds")
    return float(first * 2 ** (len(tries) - 1))


def _text(body: Json) -> str:
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False)


def iso(instant: datetime) -> str:
    """Return an instant as this vendor writes one."""
    text = instant.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


@dataclass(frozen=True)
class Event:
    """One event, before it has a shape."""

    type: str
    device: str
    at: datetime
    data: dict[str, Any]

    def flat(self, tag: str) -> dict[str, Any]:
        """Return the older shape."""
        data = dict(self.data)
        data.pop("storageType", None)
        kind = data.pop(FLAT_TYPE[self.type]) if self.type in FLAT_TYPE else self.type
        if self.type == "device-alarm":
            return {"type": kind, **data}
        return {"type": kind, **data, "time": iso(self.at), "tag": tag}

    def envelope(self, created_at: datetime, unit: str) -> dict[str, Any]:
        """Return the newer shape."""
        return {
            "specVersion": "1",
            "type": self.type,
            "occurredAt": iso(self.at),
            "createdAt": iso(created_at),
            "organizationUnitId": unit,
            "data": self.data,
        }


def key_status(
    world: World, key: Key, action: str, at: datetime, contract: Contract | None
) -> None:
    """Send what happened to a key, and keep it as the key's last event."""
    ref = world.ids.hex("livionkey.event", 24)
    key.last = KeyEvent(ref, world.now, action, key.locker, at)
    data = {
        "state": action,
        "storageType": "device",
        "deviceId": key.device,
        "lockerIndex": key.locker,
        "keyId": key.id,
        **named(contract),
    }
    _send(world, Event("key-status", key.device, at, data))


def contract_update(world: World, contract: Contract) -> None:
    """Send that a contract was made or changed, once for each of its keys."""
    for handover in contract.handovers:
        data = {
            "contractType": contract.kind,
            **named(contract),
            "pincode": handover.pin,
            "start": iso(contract.start),
            "end": contract.end and iso(contract.end),
            "deviceId": handover.device,
            "keyId": handover.key,
        }
        _send(world, Event("contract-update", handover.device, world.now, data))


def code_entered(world: World, device: str, at: datetime, **data: Any) -> None:
    """Send that a code opened."""
    _send(world, Event("code-entered", device, at, data | {"deviceId": device}))


def device_alarm(
    world: World, device: Device, alarm: str, start: datetime, end: datetime | None
) -> None:
    """Send that an alarm of a device began or ended."""
    data = {
        "alarmType": alarm,
        "state": "deactivated" if end else "activated",
        "deviceId": device.id,
        "start": iso(start),
        "end": end and iso(end),
        "acknowledged": alarm in device.acknowledged,
    }
    _send(world, Event("device-alarm", device.id, end or start, data))


def named(contract: Contract | None) -> dict[str, str]:
    """Return the fields that name a contract; none if there is none."""
    if contract is None:
        return {}
    return {"contractId": contract.contract_id, "contractObjectId": contract.id}


def _send(world: World, event: Event) -> None:
    account = state_of(world).account
    flat = event.flat(account.tag)
    envelope = event.envelope(world.now, account.unit)
    enqueue(world, event.type, event.device, flat, envelope)


def sample(kind: str, now: datetime, unit: str) -> dict[str, Any]:
    """Return an envelope with a sample of a type in it."""
    times = dict.fromkeys(TIMES.get(kind, ()), iso(now))
    return Event(kind, DEVICE, now, DATA[kind] | times).envelope(now, unit)
