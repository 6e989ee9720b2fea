"""How events leave: flat ones at once, enveloped ones in lanes.

Invariants: an enveloped event waits behind the earlier ones of its device and type
until each has arrived or was given up. Flat ones wait for nobody, so they may overtake
one another; a 4xx other than 429 ends their retries. Each attempt is looked at once,
right after it, by `check_attempt`, which alone decides on the next.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from standardwebhooks import Webhook

from fakes.kit import push
from fakes.vendors.livionkey.account import Subscription, Waiting
from fakes.vendors.livionkey.state import NAME, quirk, state_of

if TYPE_CHECKING:
    from fakes.kit.push import Attempt, Delivery
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


def enqueue(world: World, kind: str, device: str, flat: Json, envelope: Json) -> None:
    """Send an event to whoever wants it, each in the shape that it wants."""
    account = state_of(world).account
    if account.target:
        headers = dict(account.target.headers)
        _push(world, account.target.url, flat, FLAT, headers)
    for each in account.subscriptions.values():
        if each.active and kind in each.types:
            lane = each.lanes.setdefault(f"{device} {kind}", [])
            lane.append(Waiting(kind, _text(envelope)))
            if len(lane) == 1:
                _start(world, each, lane)


def enqueue_test(
    world: World, subscription: Subscription, kind: str, body: Json
) -> None:
    """Send a sample; the subscription is active once a sample of each type arrived."""
    topic = f"test {subscription.id} {kind}"
    subscription.tests[kind] = _push(world, subscription.url, body, topic).id


def sign(world: World, delivery: Delivery) -> dict[str, str]:
    """Return the headers that sign one attempt; flat events are not signed."""
    subscription = _subscription(world, delivery)
    if subscription is None:
        return {}
    at, kind = world.now, delivery.topic.split()[-1]
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
    """Try again, unless nobody wants it any more."""
    found = world.deliveries.get(delivery)
    if found is None:
        _done(world, delivery)  # it is kept no longer
    elif _is_wanted(world, found):
        world.call_at(world.now, push.TASK, delivery=delivery)
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
    sent = push.push(world, NAME, url, text, topic=topic, headers=headers or {})
    world.call_at(world.now, CHECK_ATTEMPT, delivery=sent.id, made=1)
    return sent


def _start(world: World, subscription: Subscription, lane: list[Waiting]) -> None:
    head = lane[0]
    topic = f"lane {subscription.id} {head.type}"
    head.delivery = _push(world, subscription.url, head.body, topic).id


def _done(world: World, delivery: str) -> None:
    """Let the next in the lane go; note a sample that has arrived."""
    for subscription in state_of(world).account.subscriptions.values():
        if delivery in subscription.tests.values():
            _judge_samples(world, subscription)
        for name, lane in list(subscription.lanes.items()):
            if lane[0].delivery == delivery:
                del lane[0]
                if lane:
                    _start(world, subscription, lane)
                else:
                    del subscription.lanes[name]


def _judge_samples(world: World, subscription: Subscription) -> None:
    sent = [world.deliveries.get(each) for each in subscription.tests.values()]
    arrived = all(each is not None and each.arrived for each in sent)
    subscription.active = arrived and set(subscription.types) <= set(subscription.tests)


def _gap(world: World, topic: str, tries: list[Attempt]) -> float | None:
    """Return the seconds until the next attempt, or nothing if there is none."""
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
