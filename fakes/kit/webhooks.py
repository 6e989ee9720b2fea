"""Webhooks that vendors send: signed, retried in virtual time, stored, replayed.

Invariants: every attempt is stored, and signed for its own instant. A request is sent
while the world's lock is free, so that its receiver may call back. Only a 2xx answer is
a success; redirects are not followed.
A request may go to loopback only, unless its host was allowed by name: the name is
resolved once, and the connection goes to the address that was checked.
A receiver has `TIMEOUT_SECONDS` for the head of its answer; the body is not read.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import SplitResult, urlsplit

from fakes.kit.faults.webhook import forged, wait_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager

    from fakes.kit.faults import Effect, Faults

PORTS = {"http": 80, "https": 443}
TIMEOUT_SECONDS = 10.0


class PushError(Exception):
    """No answer was received; the text gives the reason."""


@dataclass(frozen=True)
class Outgoing:
    """One webhook request; the method is always POST."""

    url: str
    body: bytes
    headers: dict[str, str]


Send = Callable[[Outgoing], int]  # the status of the answer; PushError if none came
Resolve = Callable[[str, int], list[str]]


def resolve(host: str, port: int) -> list[str]:
    """Return every address of a host, from the system's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class GuardedSend:
    """Sends to loopback, and to hosts that were allowed by name."""

    def __init__(
        self,
        allowed: Iterable[str] = (),
        *,
        resolve: Resolve = resolve,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._allowed = frozenset(host.lower() for host in allowed)
        self._resolve = resolve
        self._timeout = timeout_seconds

    def __call__(self, outgoing: Outgoing) -> int:
        """Return the status of the receiver's answer."""
        parts = _split(outgoing.url)
        port = parts.port or PORTS[parts.scheme]
        refusals = []
        for address in self._addresses(parts.hostname or "", port):
            try:
                return self._post(address, port, parts, outgoing)
            except PushError as refused:
                refusals.append(str(refused))
        raise PushError("; ".join(refusals))

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:  # UnicodeError: not a host name
            raise PushError(f"{host} cannot be resolved: {error}") from error
        outside = [each for each in addresses if not _is_loopback(each)]
        if outside and host.lower() not in self._allowed:
            raise PushError(
                f"{host} is {outside[0]}, which is not loopback; "
                f"to send there, start with --allow-push {host}"
            )
        return addresses

    def _post(
        self, address: str, port: int, parts: SplitResult, outgoing: Outgoing
    ) -> int:
        from urllib3.exceptions import HTTPError  # noqa: PLC0415 - start fast

        target = parts._replace(scheme="", netloc="").geturl() or "/"
        headers = {**outgoing.headers, "Host": parts.netloc.rpartition("@")[2]}
        pool = self._pool(address, port, parts)
        try:
            answer = pool.urlopen(
                "POST",
                target,
                outgoing.body,
                headers,
                redirect=False,
                retries=False,
                preload_content=False,
            )
            answer.close()
        except HTTPError as error:
            raise PushError(f"{parts.hostname}: {type(error).__name__}") from error
        finally:
            pool.close()
        return int(answer.status)

    def _pool(self, address: str, port: int, parts: SplitResult) -> Any:
        from fakes.kit.pools import TimedPool, TimedTlsPool  # noqa: PLC0415 - start fast

        if parts.scheme == "http":
            return TimedPool(address, port, timeout=self._timeout)
        return TimedTlsPool(
            address,
            port,
            timeout=self._timeout,
            server_hostname=parts.hostname,
            assert_hostname=parts.hostname,
        )


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError as error:
        raise PushError(f"the target is no URL: {error}") from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise PushError("the target is no URL of the form http(s)://host[:port]/path")
    return parts


def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


TASK = "push.attempt"
TAKEN, LOST = 200, "lost by a fault"
KEPT = 1000  # deliveries a world


@dataclass(frozen=True)
class Attempt:
    """One delivery attempt: its instant, and the status or the error."""

    at: datetime
    status: int | None
    error: str | None = None
    replay: bool = False

    @property
    def arrived(self) -> bool:
        """Whether the receiver accepted it (2xx)."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004


@dataclass
class Delivery:
    """One webhook: target, body, retry delays, and the attempts made."""

    id: str
    vendor: str
    url: str
    body: str
    created_at: datetime
    headers: dict[str, str] = field(default_factory=dict)
    retries: list[float] = field(default_factory=list)  # seconds between attempts
    topic: str = ""  # a label of the vendor's own, used when signing
    attempts: list[Attempt] = field(default_factory=list)
    held: bool = False  # by a fault, until the vendor's next one is sent

    @property
    def arrived(self) -> bool:
        """Whether any attempt was accepted."""
        return any(attempt.arrived for attempt in self.attempts)

    def next_gap(self) -> timedelta | None:
        """Return the delay until the next retry, or None if there is none."""
        made = sum(not attempt.replay for attempt in self.attempts)
        if not 0 < made <= len(self.retries):
            return None
        return timedelta(seconds=self.retries[made - 1])


class Deliveries:
    """The latest webhooks of one world, oldest first; the oldest is dropped first."""

    def __init__(self, deliveries: Iterable[Delivery] = ()) -> None:
        self._by_id = {delivery.id: delivery for delivery in deliveries}

    def __iter__(self) -> Iterator[Delivery]:
        return iter(self._by_id.values())

    def get(self, delivery_id: str) -> Delivery | None:
        """Return the delivery of that id, if it is still stored."""
        return self._by_id.get(delivery_id)

    def add(self, delivery: Delivery) -> None:
        """Add a delivery."""
        self._by_id[delivery.id] = delivery
        if len(self._by_id) > KEPT:
            del self._by_id[next(iter(self._by_id))]


class Sender(Protocol):
    """What webhooks need of a world."""

    deliveries: Deliveries
    faults: Faults

    @property
    def lock(self) -> AbstractContextManager[Any]:
        """Held while a delivery is read or changed, free while it is sent."""

    @property
    def now(self) -> datetime:
        """The instant of the world."""

    @property
    def send(self) -> Send:
        """Sends one request, and returns the status of the answer."""

    def delivery_id(self) -> str:
        """Return an id that no other delivery of any world has."""

    def call_at(self, at: datetime, task: str, **args: Any) -> None:
        """Schedule a task."""

    def sign(self, delivery: Delivery) -> Mapping[str, str]:
        """Return the headers that sign one attempt."""


def push(world: Sender, vendor: str, url: str, body: str, **more: Any) -> Delivery:
    """Schedule a webhook for this instant; it is sent when the clock next moves.

    `more` are further fields of `Delivery`: headers, retries, topic.
    """
    delivery = Delivery(world.delivery_id(), vendor, url, body, world.now, **more)
    world.deliveries.add(delivery)
    world.call_at(world.now, TASK, delivery=delivery.id)
    return delivery


def attempt_due(
    world: Sender, *, delivery: str, released: bool = False
) -> Mapping[str, Any] | None:
    """Make the scheduled attempt; if it fails, schedule the next one.

    `released` is the attempt that a fault has held back.
    """
    found = world.deliveries.get(delivery)
    if found is None or found.arrived or (released and found.attempts):
        return None
    effect = None if released else _effect(world, found)
    if effect is not None and not found.attempts and _hold(world, found, effect):
        return {"delivery": delivery, "held": True}
    made = attempt(world, found, replay=False, effect=effect)
    for _ in range(effect.copies - 1 if effect else 0):
        attempt(world, found, replay=True, effect=effect)
    _release(world, found)
    gap = found.next_gap()
    if gap is not None and not made.arrived:
        world.call_at(made.at + gap, TASK, delivery=delivery)
    return {"delivery": delivery, "status": made.status, "error": made.error}


def attempt(
    world: Sender, delivery: Delivery, *, replay: bool, effect: Effect | None = None
) -> Attempt:
    """Send a webhook now, signed for this instant, and store the attempt."""
    with world.lock:
        at = world.now
        head = _head(world, delivery, effect)
        outgoing = Outgoing(delivery.url, delivery.body.encode(), head)
    try:
        lost = effect is not None and effect.lost
        status = TAKEN if lost else world.send(outgoing)
        made = Attempt(at, status, LOST if lost else None, replay=replay)
    except PushError as refused:
        made = Attempt(at, None, str(refused), replay=replay)
    with world.lock:
        delivery.attempts.append(made)
    return made


def _effect(world: Sender, delivery: Delivery) -> Effect | None:
    with world.lock:
        path = urlsplit(delivery.url).path or "/"
        return world.faults.match_webhook(delivery.vendor, path, world.now)


def _hold(world: Sender, delivery: Delivery, effect: Effect) -> bool:
    """Hold a webhook back, if the effect says so."""
    wait = wait_of(effect)
    if wait is None:
        return False
    delivery.held = effect.reordered
    world.call_at(world.now + wait, TASK, delivery=delivery.id, released=True)
    return True


def _release(world: Sender, sent: Delivery) -> None:
    """Send what waited for a later webhook of the vendor to overtake it."""
    for each in list(world.deliveries):
        if each.held and each.vendor == sent.vendor and each is not sent:
            each.held = False
            world.call_at(world.now, TASK, delivery=each.id, released=True)


def _head(world: Sender, delivery: Delivery, effect: Effect | None) -> dict[str, str]:
    wrong = effect is not None and effect.wrong_signature
    signature = forged(world.sign, delivery) if wrong else world.sign(delivery)
    return {"content-type": "application/json", **delivery.headers, **signature}
