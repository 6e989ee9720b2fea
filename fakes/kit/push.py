"""Webhooks that vendors send out: signed, retried on virtual time, kept, replayed.

Invariants: every attempt is kept, and signed anew for its own instant. The request goes
out while the world's lock is free, so that a receiver may call back.
Anything but a 2xx answer is a failure; redirects are not followed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from fakes.kit.transport import Outgoing, PushError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fakes.kit.world import World

TASK = "push.attempt"
KEPT = 1000  # deliveries a world


@dataclass(frozen=True)
class Attempt:
    """One try to deliver: when, and what the receiver said, or why it said nothing."""

    at: datetime
    status: int | None
    error: str | None = None
    replay: bool = False

    @property
    def arrived(self) -> bool:
        """Whether the receiver took it."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004


@dataclass
class Delivery:
    """One webhook: target, body, the gaps between its attempts, the attempts made."""

    id: str
    vendor: str
    url: str
    body: str
    created_at: datetime
    headers: dict[str, str] = field(default_factory=dict)
    retries: list[float] = field(default_factory=list)  # seconds from try to try
    topic: str = ""  # the vendor's own mark, for its signature
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def arrived(self) -> bool:
        """Whether any attempt was taken."""
        return any(attempt.arrived for attempt in self.attempts)

    def next_gap(self) -> timedelta | None:
        """Return the time to the next retry after as many as were made, if any."""
        made = sum(not attempt.replay for attempt in self.attempts)
        if not 0 < made <= len(self.retries):
            return None
        return timedelta(seconds=self.retries[made - 1])


class Deliveries:
    """The latest webhooks of one world, oldest first; the oldest goes first."""

    def __init__(self, deliveries: Iterable[Delivery] = ()) -> None:
        self._by_id = {delivery.id: delivery for delivery in deliveries}

    def __iter__(self) -> Iterator[Delivery]:
        return iter(self._by_id.values())

    def get(self, delivery_id: str) -> Delivery | None:
        """Return the delivery of that id, if it is still kept."""
        return self._by_id.get(delivery_id)

    def add(self, delivery: Delivery) -> None:
        """Keep a delivery."""
        self._by_id[delivery.id] = delivery
        if len(self._by_id) > KEPT:
            del self._by_id[next(iter(self._by_id))]


def push(world: World, vendor: str, url: str, body: str, **more: Any) -> Delivery:
    """Schedule a webhook for this instant; it goes out when the clock next moves.

    `more` are further fields of `Delivery`: headers, retries, topic.
    """
    delivery = Delivery(
        world.ids.name("delivery"), vendor, url, body, world.now, **more
    )
    world.deliveries.add(delivery)
    world.call_at(world.now, TASK, delivery=delivery.id)
    return delivery


def attempt_due(world: World, *, delivery: str) -> Mapping[str, Any] | None:
    """Make the scheduled attempt, and schedule the next one if it fails."""
    found = world.deliveries.get(delivery)
    if found is None or found.arrived:
        return None
    made = attempt(world, found, replay=False)
    gap = found.next_gap()
    if gap is not None and not made.arrived:
        world.call_at(made.at + gap, TASK, delivery=delivery)
    return {"delivery": delivery, "status": made.status, "error": made.error}


def attempt(world: World, delivery: Delivery, *, replay: bool) -> Attempt:
    """Send a webhook now, signed for this instant, and keep what came of it."""
    with world.lock:
        at = world.now
        outgoing = Outgoing(
            delivery.url, delivery.body.encode(), _head(world, delivery)
        )
    try:
        made = Attempt(at, world.send(outgoing), replay=replay)
    except PushError as refused:
        made = Attempt(at, None, str(refused), replay=replay)
    with world.lock:
        delivery.attempts.append(made)
    return made


def _head(world: World, delivery: Delivery) -> dict[str, str]:
    sign = world.fakes[delivery.vendor].sign
    signature = sign(world, delivery) if sign else {}
    return {"content-type": "application/json", **delivery.headers, **signature}
