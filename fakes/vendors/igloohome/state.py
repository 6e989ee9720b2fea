"""All that igloohome's cloud knows, and the doors, which it does not know.

Invariants: three records, kept apart. `devices` is the cloud's own record, `jobs` is
what waits for a bridge, `doors` are the locks, which decide alone. Cloud and lock share
a device's secret and the clock it was paired with. Nothing else crosses, except by a
bridge within Bluetooth range or by a person at the door.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 - pydantic reads it
from typing import TYPE_CHECKING, Any

from fakes.doors.lock import Lock  # noqa: TC001 - pydantic reads it
from fakes.doors.lockclock import LockClock  # noqa: TC001 - pydantic reads it
from fakes.kit.ids import LOWER

if TYPE_CHECKING:
    from fakes.kit.world import World


NAME = "igloohome"


@dataclass(frozen=True)
class Token:
    """An access token: what it may do, and until when."""

    scopes: tuple[str, ...]
    expires_at: datetime
    client_id: str = ""

    def lives(self, now: datetime) -> bool:
        """Whether it is still good."""
        return now < self.expires_at


@dataclass(frozen=True)
class Consent:
    """What a code can be turned into; without a redirect URI, a refresh token."""

    scopes: tuple[str, ...]
    until: datetime
    redirect_uri: str = ""


@dataclass(frozen=True)
class IssuedPin:
    """A PIN that the cloud gave out `at`; `until` is nothing for a permanent one."""

    ref: str
    kind: str
    pin: str
    start: datetime
    until: datetime | None
    at: datetime | None = None


@dataclass
class Device:
    """A device as the cloud has it recorded."""

    device_id: str
    door_id: str
    uid: str
    type: str
    name: str
    paired_at: datetime
    last_sync: datetime
    battery: int
    algopin: bool
    secret: str
    clock: LockClock
    master_pin: str
    epoch: int = 0
    linked: list[str] = field(default_factory=list)  # device ids
    issued: dict[str, IssuedPin] = field(default_factory=dict)  # by pinId
    custom: dict[str, IssuedPin] = field(default_factory=dict)  # by PIN
    activity: list[dict[str, Any]] = field(default_factory=list)  # rows as sent
    pulled: int = 0  # the number of the last line pulled from the lock's log
    queue: list[str] = field(default_factory=list)  # a bridge's waiting jobs, by id
    free_at: datetime | None = None  # when a bridge can take up the next job


@dataclass
class Job:
    """A job for a bridge; it may stay incomplete."""

    job_id: str
    device_id: str
    bridge_id: str
    type: int
    data: dict[str, Any]
    created_at: datetime
    expires_at: datetime
    completed: bool = False
    response: dict[str, Any] = field(default_factory=dict)


@dataclass
class State:
    """One igloohome account."""

    client_id: str
    client_secret: str
    home_id: str
    more_clients: dict[str, str] = field(default_factory=dict)  # secrets, by id
    tokens: dict[str, Token] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    doors: dict[str, Lock] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    webhook_url: str | None = None
    consents: dict[str, Consent] = field(default_factory=dict)

    @property
    def clients(self) -> dict[str, str]:
        """Return the secret of each client, the first one first."""
        return {self.client_id: self.client_secret, **self.more_clients}

    def device_of(self, door: Lock) -> Device:
        """Return the cloud's record of what hangs on a door."""
        return self.devices[door.vendor_id]

    def door_of(self, device: Device) -> Lock:
        """Return what hangs on the door of a recorded device."""
        return self.doors[device.door_id]


def new_state(world: World) -> State:
    """Return an account without devices, with this world's own credentials."""
    return State(
        client_id=world.key(NAME, "client_id", 26),
        client_secret=world.key(NAME, "client_secret", 51),
        home_id=world.ids.word("igloohome.home", 24, LOWER),
    )


def renew(world: World) -> None:
    """Replace the client's secret; no token of the old one is good any more."""
    state = state_of(world)
    count = world.ids.ordinal("igloohome.renewal")
    state.client_secret = world.key(NAME, f"client_secret-{count}", 51)
    for token, facts in list(state.tokens.items()):
        if facts.client_id == state.client_id:
            world.release_credential(NAME, token)
            del state.tokens[token]
    state.consents.clear()


def add_client(world: World) -> str:
    """Add a client beside the others; return its id."""
    count = world.ids.ordinal("igloohome.renewal")
    client = world.key(NAME, f"client_id-{count}", 26)
    secret = world.key(NAME, f"client_secret-{count}", 51)
    state_of(world).more_clients[client] = secret
    world.register_credential(NAME, client)
    return client


def state_of(world: World) -> State:
    """Return the account of a world."""
    return world.state(State)


def quirk(world: World, name: str) -> Any:
    """Return one of igloohome's switches, by its name in `quirks.toml`."""
    return world.quirks[f"{NAME}.{name}"]
