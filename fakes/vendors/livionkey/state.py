"""All that Livion's cloud knows, and the devices, which report to it.

Invariants: three records, kept apart. Keys, contracts and access rights are the cloud's
own record; `unsynced` names the devices that were not told the latest; `cabinets` and
`keypads` are the devices, which decide alone by what they were last told. The cloud
knows where a key is from its cabinet's reports and from nothing else. A token and a
service account lead to this world and to no other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import (
    datetime,
    timedelta,
)
from typing import TYPE_CHECKING, Any

from fakes.doors.cabinet import Cabinet  # noqa: TC001 - pydantic reads it
from fakes.doors.entrance import Entrance  # noqa: TC001 - pydantic reads it
from fakes.kit.ids import derive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fakes.kit.world import World


NAME = "livionkey"
KEYPAD_KEY = "keyPadKey"


@dataclass(frozen=True)
class Contact:
    """Somebody whom a contract's notices go to."""

    name: str = ""
    email: str = ""
    phone: str = ""
    send_sms: bool = False
    send_email: bool = False
    language: str = ""
    # By kind of notice, then sms or email; given at all, it alone counts
    notices: dict[str, dict[str, bool]] | None = None


@dataclass
class Handover:
    """One key of a contract: waiting, then fetched, then returned.

    `missed` and `overdue` say that the cloud has told of it; they are no states,
    since a late return still comes.
    """

    device: str
    key: str
    pin: str
    status: str = "waiting"
    fetched_at: datetime | None = None
    returned_at: datetime | None = None
    missed: bool = False
    overdue: bool = False


@dataclass
class Contract:
    """A contract; `turn` counts its versions, so that older timers are void."""

    id: str
    contract_id: str  # the caller's own reference
    hash: str  # of its public link
    kind: str  # default, fetch, return
    start: datetime
    end: datetime | None  # none: permanent
    person: str
    contacts: list[Contact]
    handovers: list[Handover]
    free_text: str | None = None
    frees_slot: bool = False  # once its key is fetched
    verification: str = "0"
    created_at: datetime | None = None
    deleted: bool = False
    turn: int = 0

    def handover_of(self, key: str) -> Handover | None:
        """Return the leg of a key."""
        return next(
            (handover for handover in self.handovers if handover.key == key), None
        )

    def phase(self, now: datetime) -> str:
        """Return whether its time is future, ongoing or ended."""
        if now < self.start:
            return "future"
        return "ongoing" if self.end is None or now < self.end else "ended"

    def overlaps(self, start: datetime, end: datetime | None) -> bool:
        """Whether both have a moment in common; ends are exclusive."""
        begins_before = end is None or self.start < end
        return begins_before and (self.end is None or start < self.end)


@dataclass
class AccessRight:
    """A code for keypads; `weekly` holds the hours as they were given."""

    id: str
    access_right_id: str
    start: datetime
    end: datetime | None
    person: str
    contacts: list[Contact]
    devices: list[str]
    pin: str
    free_text: str | None = None
    weekly: list[dict[str, Any]] = field(default_factory=list)
    deleted: bool = False


@dataclass(frozen=True)
class KeyEvent:
    """The last event of a key that the cloud knows."""

    id: str
    at: datetime  # when the cloud recorded it
    action: str
    locker: int | None
    source_time: datetime


@dataclass
class Key:
    """A key in the cloud's record; `inside` is what was last reported."""

    id: str
    name: str
    device: str
    locker: int | None
    last: KeyEvent
    return_code: str | None = None
    shared: bool = False
    backup: list[str] = field(default_factory=list)
    inside: bool = True
    contracts: list[str] = field(default_factory=list)  # ids, those not deleted


@dataclass
class Device:
    """A device as the cloud has it recorded."""

    id: str
    door_id: str
    product: str  # key30, keyX, key20, keypad
    name: str
    tag: str
    synced_at: datetime
    alarms: dict[str, datetime] = field(default_factory=dict)  # since when, by type
    acknowledged: list[str] = field(default_factory=list)  # alarms that were seen to
    label: str | None = None
    known: dict[str, datetime] = field(
        default_factory=dict
    )  # when each code was first sent


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
    next_url: str = ""  # not verified yet
    tests: dict[str, str] = field(default_factory=dict)  # sample deliveries, by type
    queues: dict[str, list[Waiting]] = field(default_factory=dict)


@dataclass
class Account:
    """The logins of one organisation, their tokens, and its ways out."""

    email: str
    password: str
    unit: str  # the organisation unit's id
    tag: str
    more_logins: dict[str, str] = field(default_factory=dict)  # passwords, by e-mail
    tokens: dict[str, datetime] = field(default_factory=dict)  # until when each lives
    holders: dict[str, str] = field(default_factory=dict)  # of tokens: the e-mail
    logins: list[tuple[datetime, datetime]] = field(default_factory=list)
    """When recent ones were, by the client's clock and by the world's."""

    target: PushTarget | None = None
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    services: dict[str, str] = field(default_factory=dict)  # names, by id
    groups: dict[str, str] = field(default_factory=dict)  # names, by id

    @property
    def passwords(self) -> dict[str, str]:
        """Return the password of each login, the first one first."""
        return {self.email: self.password, **self.more_logins}

    def secret(self, *parts: object) -> bytes:
        """Return bytes that follow from the password, so that no world shares them."""
        return derive(self.password, *parts)


@dataclass
class Settings:
    """What the organisation has chosen; grace and overdue delay are two things."""

    return_grace_minutes: int = 0  # after the end a code still takes the key back
    overdue_delay_minutes: int = 0  # after the end until a missing key is reported
    default_checkout_time: str = ""  # hh:mm in the device's zone, used without an end
    manager_email: str = ""
    manager_phone: str = ""


@dataclass
class State:
    """One organisation's account, with all that belongs to it."""

    account: Account
    settings: Settings = field(default_factory=Settings)
    devices: dict[str, Device] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=dict)
    contracts: dict[str, Contract] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)  # contractId to id
    rights: dict[str, AccessRight] = field(default_factory=dict)
    unsynced: list[str] = field(default_factory=list)  # device ids
    cabinets: dict[str, Cabinet] = field(default_factory=dict)  # by door id
    keypads: dict[str, Entrance] = field(default_factory=dict)  # by door id

    def cabinet_of(self, device: Device) -> Cabinet | None:
        """Return the cabinet, unless the device is a keypad."""
        return self.cabinets.get(device.door_id)

    def door_of(self, device: Device) -> Cabinet | Entrance:
        """Return the cabinet or keypad itself."""
        return self.cabinets.get(device.door_id) or self.keypads[device.door_id]

    def keys_of(self, device: str) -> list[Key]:
        """Return the keys of a device."""
        return [key for key in self.keys.values() if key.device == device]

    def contracts_of(self, *keys: Key) -> list[Contract]:
        """Return the contracts of keys, each once, oldest first."""
        ids = dict.fromkeys(each for key in keys for each in key.contracts)
        return [self.contracts[each] for each in ids]

    def live_rights(self) -> Iterator[AccessRight]:
        """Yield the access rights that were not deleted."""
        return (each for each in self.rights.values() if not each.deleted)

    def closes(self, contract: Contract) -> datetime | None:
        """Return when a contract's code is dead: its end with the grace (LIV-03)."""
        grace = timedelta(minutes=self.settings.return_grace_minutes)
        return contract.end and contract.end + grace


def new_state(world: World) -> State:
    """Return an account without devices, with this world's own credentials."""
    mark = world.key(NAME, "account", 12)
    account = Account(
        email=f"{mark}@example.org",
        password=world.key(NAME, "password", 20),
        unit=world.ids.hex("livionkey.unit", 24),
        tag=f"livion/key/{mark}",
    )
    return State(account)


def live_credentials(state: State) -> Iterator[str]:
    """Yield every credential that leads to this account, marked with its kind."""
    yield from (f"email:{email}" for email in state.account.passwords)
    yield from (f"token:{token}" for token in state.account.tokens)
    yield from (f"service:{ref}" for ref in state.account.services)
    yield from (f"public:{each.hash}" for each in state.contracts.values())


def renew(world: World) -> None:
    """Replace the password; no token of the old one is good any more."""
    account = state_of(world).account
    count = world.ids.ordinal("livionkey.renewal")
    account.password = world.key(NAME, f"password-{count}", 20)
    for token in list(account.tokens):
        if account.holders.get(token) == account.email:
            drop_token(world, token)


def drop_token(world: World, token: str) -> None:
    """Remove a token."""
    account = state_of(world).account
    del account.tokens[token]
    account.holders.pop(token, None)
    world.release_credential(NAME, f"token:{token}")


def add_login(world: World) -> str:
    """Add a login beside the others; return its e-mail."""
    account = state_of(world).account
    count = world.ids.ordinal("livionkey.renewal")
    email = f"{world.key(NAME, f'account-{count}', 12)}@example.org"
    account.more_logins[email] = world.key(NAME, f"password-{count}", 20)
    world.register_credential(NAME, f"email:{email}")
    return email


def state_of(world: World) -> State:
    """Return the account of a world."""
    return world.state(State)


def quirk(world: World, name: str) -> Any:
    """Return one of LivionKey's switches, by its name in `quirks.toml`."""
    return world.quirks[f"{NAME}.{name}"]
