"""Who may call, and what the organisation has set in the web app.

Invariants: plain data. A token and a service account lead to this world and to no
other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 - pydantic reads it

from fakes.kit.ids import derive


@dataclass
class Settings:
    """What the organisation has chosen; grace and overdue delay are two things."""

    return_grace_minutes: int = 0  # after the end a code still takes the key back
    overdue_delay_minutes: int = 0  # after the end until a missing key is told of
    default_checkout_time: str = ""  # hh:mm in the device's zone, used without an end
    manager_email: str = ""
    manager_phone: str = ""


@dataclass(frozen=True)
class PushTarget:
    """Where the older events go: an address and fixed headers, given by hand."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Waiting:
    """An event in a lane; the first one has a delivery, which is under way."""

    type: str
    body: str
    delivery: str = ""


@dataclass
class Subscription:
    """A webhook of the newer kind; nothing is sent to it before it is active."""

    id: str
    name: str
    url: str
    secret: str
    types: list[str]
    active: bool = False
    tests: dict[str, str] = field(default_factory=dict)  # sample deliveries, by type
    lanes: dict[str, list[Waiting]] = field(default_factory=dict)


@dataclass
class Account:
    """One login, its tokens, and its ways out."""

    email: str
    password: str
    unit: str  # the organisation unit's id
    tag: str
    tokens: dict[str, datetime] = field(default_factory=dict)  # until when each lives
    logins: list[datetime] = field(default_factory=list)  # of late
    target: PushTarget | None = None
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    services: dict[str, str] = field(default_factory=dict)  # names, by id

    def secret(self, *parts: object) -> bytes:
        """Return bytes that follow from the password, so that no world shares them."""
        return derive(self.password, *parts)
