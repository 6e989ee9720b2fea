"""Webhooks that vendors send out: signed, retried on virtual time, kept, replayed.

Law: every attempt is kept and signed anew. The request goes out while the world's
lock is free, so that a receiver may call back.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fakes.kit.world import World

TASK = "push.attempt"


@dataclass
class Attempt:
    """One try to deliver: when, and what the receiver said (or why it said nothing)."""

    at: datetime
    status: int | None
    error: str | None


@dataclass
class Delivery:
    """One webhook: target, body, the gaps between its attempts, the attempts made."""

    id: str
    vendor: str
    url: str
    body: str
    headers: dict[str, str]
    created_at: datetime
    retries: list[float]  # seconds of virtual time from one attempt to the next
    attempts: list[Attempt] = field(default_factory=list)
    topic: str = ""  # the vendor's own mark, for its signature


def push(
    world: World,
    vendor: str,
    url: str,
    body: str,
    *,
    headers: Mapping[str, str] | None = None,
    retries: Iterable[float] = (),
    topic: str = "",
) -> Delivery:
    """Schedule a webhook for this instant; it goes out when the clock next moves."""
    raise NotImplementedError
