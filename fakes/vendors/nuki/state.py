"""All that Nuki's server knows, and the doors, of which it has a copy at best.

Invariants: three records, kept apart. `Device.auths` is the server's copy,
`Device.operations` is what is on its way, and the lock has a codebook of its own. Only
`delivery` and `device_events` carry anything across. A token is found by the text that
a caller presents; one made by hand never expires, one from the code flow does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 - pydantic reads it
from typing import TYPE_CHECKING, Any, Literal

from fakes.doors.smartlock import SmartLock  # noqa: TC001 - pydantic reads it
from fakes.kit.ids import MIXED, derive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fakes.kit.world import World


NAME = "nuki"
KEYPAD_CODE = 13
Kind = Literal["create", "update", "delete"]
SCOPES = (
    "account",
    "notification",
    "smartlock",
    "smartlock.readOnly",
    "smartlock.action",
    "smartlock.auth",
    "smartlock.config",
    "smartlock.log",
    "smartlock.create",
    "webhook.decentral",
    "offline_access",
)
FEATURES = (
    "DEVICE_STATUS",
    "DEVICE_MASTERDATA",
    "DEVICE_CONFIG",
    "DEVICE_LOGS",
    "DEVICE_AUTHS",
    "ACCOUNT_USER",
)


@dataclass(frozen=True)
class Limits:
    """When an auth is allowed, as it was written; see `limits` for what it means."""

    start: datetime | None = None
    end: datetime | None = None
    weekdays: int | None = None
    from_minute: int | None = None
    until_minute: int | None = None


@dataclass(frozen=True)
class Settings:
    """What can be ordered of an auth."""

    name: str
    code: str | None = None
    enabled: bool = True
    remote_allowed: bool = False
    limits: Limits = field(default_factory=Limits)
    account_user: int | None = None


@dataclass
class Auth:
    """A row of the server's copy. `number` is the lock's own, once the lock has it."""

    id: str
    smartlock_id: int
    type: int
    settings: Settings
    created_at: datetime
    updated_at: datetime
    number: int | None = None
    confirmed: bool = False  # has been on the lock, or is believed to be
    operation: str | None = None
    error: str | None = None
    lock_count: int = 0
    last_active_at: datetime | None = None


@dataclass
class Operation:
    """An order on its way to a lock."""

    id: str
    kind: Kind
    auth: str
    accepted_at: datetime
    requested: Settings | None = None
    request_id: str | None = None
    waiting: bool = False  # for the lock to be back
    swallowed: bool = False  # has met an update that came too fast


@dataclass(frozen=True)
class LogRow:
    """One row of the server's log."""

    id: str
    smartlock_id: int
    device_type: int
    at: datetime
    name: str
    action: int
    trigger: int
    state: int
    source: int
    auth_id: str | None = None
    account_user: int | None = None


@dataclass
class Device:
    """A lock as the server has it; `pulled` is the last line it has of its log."""

    smartlock_id: int
    door_id: str
    type: int
    name: str
    auth_number: int
    created_at: datetime
    updated_at: datetime
    bluetooth_only: bool = False
    favorite: bool = False
    admin_pin: int | None = None
    config: dict[str, Any] = field(default_factory=dict)
    advanced_config: dict[str, Any] = field(default_factory=dict)
    web_config: dict[str, Any] = field(default_factory=dict)
    auths: dict[str, Auth] = field(default_factory=dict)
    operations: dict[str, Operation] = field(default_factory=dict)
    log: list[LogRow] = field(default_factory=list)
    pulled: int = 0
    acting: str | None = None  # the action that is on its way
    last_action: int = 0
    last_trigger: int = 0
    sync_at: datetime | None = None  # when the daily sync has something to mend


@dataclass
class Account:
    """The account that owns the locks."""

    account_id: int
    email: str
    name: str
    language: str
    created_at: datetime
    updated_at: datetime


@dataclass
class User:
    """A person to whom auths other than keypad codes belong."""

    user_id: int
    email: str
    name: str
    created_at: datetime
    updated_at: datetime
    type: int | None = None
    language: str | None = None


@dataclass
class Advanced:
    """What makes a key an advanced one: an application with a secret and webhooks."""

    facts: dict[str, Any]  # what the applicant said of itself
    secret: str
    webhook_url: str
    features: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    active_since: datetime  # failures before this are forgotten


@dataclass
class Key:
    """An API key; the string `api_key` is the client id of the code flow."""

    key_id: int
    api_key: str
    created_at: datetime
    description: str | None = None
    redirect_uris: tuple[str, ...] = ()
    advanced: Advanced | None = None


@dataclass
class Token:
    """A bearer token: made by hand under a key, or got by the code flow."""

    token_id: str
    key_id: int
    scopes: tuple[str, ...]
    created_at: datetime
    description: str | None = None
    expires_at: datetime | None = None  # never, if made by hand
    by_hand: bool = True

    def lives(self, now: datetime) -> bool:
        """Whether it is still good."""
        return self.expires_at is None or now < self.expires_at


@dataclass(frozen=True)
class Consent:
    """What a code or a refresh token of the code flow can be turned into."""

    key_id: int
    scopes: tuple[str, ...]
    redirect_uri: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Hook:
    """A receiver that a user registered for the own account."""

    hook_id: int
    secret: str
    url: str
    features: tuple[str, ...]


@dataclass
class Notice:
    """A push target of the older kind; what is sent to it is not modelled."""

    notice_id: str
    requested: dict[str, Any] = field(default_factory=dict)


@dataclass
class Reservation:
    """A stay at an address, with the auths that were issued for it, by lock."""

    id: str
    address_id: int
    name: str
    email: str
    guests: int
    start: datetime
    end: datetime
    updated_at: datetime
    reference: str | None = None
    check_in: int | None = None  # minutes of the day
    check_out: int | None = None
    code: str = ""
    auths: dict[int, str] = field(default_factory=dict)


@dataclass
class Address:
    """A home with its locks."""

    address_id: int
    name: str
    smartlock_ids: list[int]
    created_at: datetime
    updated_at: datetime
    reservations: dict[str, Reservation] = field(default_factory=dict)


@dataclass
class State:
    """One account at Nuki."""

    account: Account
    api_token: str = ""  # the one that the world's clients are given
    users: dict[int, User] = field(default_factory=dict)
    keys: dict[int, Key] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)  # by what is presented
    consents: dict[str, Consent] = field(default_factory=dict)  # codes and refreshes
    devices: dict[int, Device] = field(default_factory=dict)
    doors: dict[str, SmartLock] = field(default_factory=dict)
    hooks: dict[int, Hook] = field(default_factory=dict)
    notices: dict[str, Notice] = field(default_factory=dict)
    addresses: dict[int, Address] = field(default_factory=dict)

    def device_of(self, door: SmartLock) -> Device | None:
        """Return the server's record of a door, unless it was taken off the account."""
        return self.devices.get(int(door.vendor_id))

    def door_of(self, device: Device) -> SmartLock:
        """Return the lock that a record is about."""
        return self.doors[device.door_id]

    def auths(self) -> Iterator[tuple[Device, Auth]]:
        """Yield every row with its lock."""
        for device in self.devices.values():
            for auth in device.auths.values():
                yield device, auth


def new_state(world: World) -> State:
    """Return an account with one key and one token that may do everything."""
    state = State(
        Account(
            account_id=integer(world, "account"),
            email="owner@example.org",
            name="Owner",
            language="en",
            created_at=world.now,
            updated_at=world.now,
        )
    )
    key_id = integer(world, "key")
    key = Key(key_id, credential(world, "client-id", 20), world.now, "First key")
    state.keys[key_id] = key
    state.api_token = world.key(NAME, "api_token", 80)
    state.tokens[state.api_token] = _first_token(world, state)
    return state


def _first_token(world: World, state: State) -> Token:
    key_id = next(iter(state.keys), 0)
    return Token(object_id(world), key_id, SCOPES, world.now, "First token")


def renew(world: World) -> None:
    """Replace the token that the world's clients are given."""
    state = state_of(world)
    token = state.tokens.pop(state.api_token, None) or _first_token(world, state)
    world.release_credential(NAME, state.api_token)
    count = world.ids.ordinal("nuki.renewal")
    state.api_token = world.key(NAME, f"api_token-{count}", 80)
    state.tokens[state.api_token] = token
    world.register_credential(NAME, state.api_token)


def add_token(world: World) -> str:
    """Add a token beside the others, which may do everything; return its id."""
    state = state_of(world)
    token = _first_token(world, state)
    token.description = "Further token"
    text = credential(world, "api_token")
    state.tokens[text] = token
    world.register_credential(NAME, text)
    return token.token_id


def state_of(world: World) -> State:
    """Return the account of a world."""
    return world.state(State)


def quirk(world: World, name: str) -> Any:
    """Return one of Nuki's switches, by its name in `quirks.toml`."""
    return world.quirks[f"{NAME}.{name}"]


def object_id(world: World) -> str:
    """Return 24 hexadecimal digits that rise with time, as ids of rows do.

    Four bytes of time, five of the world, three of a counter.
    """
    machine = derive(world.ids.seed, NAME, "machine").hex()[:10]
    count = world.ids.ordinal("nuki.object") % 2**24
    return f"{int(world.now.timestamp()):08x}{machine}{count:06x}"


def credential(world: World, what: str, size: int = 80) -> str:
    """Return a fresh credential, that no other world has."""
    count = world.ids.ordinal(f"nuki.{what}")
    return world.key(NAME, f"{what}-{count}", size, MIXED)


def integer(world: World, what: str) -> int:
    """Return a fresh id that is a number of 31 bits."""
    return 10**8 + world.ids.below(f"nuki.{what}", 2**31 - 10**8)
