"""All that Exivo's cloud knows of one site, and the doors, which it instructs.

Invariants: the cloud's record and what a door was told are two things. A visit exists
in the cloud alone: its link is checked there, at every opening. The rights of persons
are sent to the doors, which then decide alone; a door that is offline has old rights.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 - pydantic reads it
from typing import TYPE_CHECKING, Any
from uuid import UUID

from fakes.doors.lockout import Lockout  # noqa: TC001 - pydantic reads it
from fakes.doors.onlinedoor import OnlineDoor  # noqa: TC001 - pydantic reads it
from fakes.doors.permit import Hours  # noqa: TC001 - pydantic reads it
from fakes.kit.ids import derive

if TYPE_CHECKING:
    from fakes.kit.world import World


NAME = "exivo"
ALWAYS = "ALWAYS"
NEVER = "NEVER"


@dataclass
class Site:
    """A building; its first door decides its time zone."""

    id: str
    name: str = "Strikeplate House"
    language: str = "en"
    timezone: str = "Europe/Zurich"


@dataclass
class Component:
    """A door in the cloud's record, or a gateway, which is no door."""

    id: str
    door_id: str
    identifier: str
    template: str
    is_door: bool
    zones: list[str] = field(default_factory=list)  # two at most
    labelling: str | None = None
    remarks: str | None = None


@dataclass
class Zone:
    """Doors that are permitted together."""

    id: str
    name: str
    color: str = "blue"


@dataclass
class Visit:
    """A link that opens doors for a while, and the code that goes with it."""

    id: str
    token: str  # of the link; nothing else of a visit follows from it
    code: str
    valid_from: datetime
    valid_to: datetime
    components: list[str]
    lockout: Lockout
    name: str | None = None
    message: str | None = None
    email: str | None = None
    sms_nr: str | None = None
    revoked: bool = False
    sessions: dict[str, datetime] = field(default_factory=dict)  # until when
    made_at: datetime | None = None


@dataclass
class KeyVisit:
    """A key in the app of a visitor's phone, for a while."""

    id: str
    valid_from: datetime
    valid_to: datetime
    components: list[str]
    form_factor: str
    public_registration_id: str
    mobile_app: dict[str, str]
    install_notification: bool
    name: str | None = None
    message: str | None = None
    callback_uri: str | None = None
    revoked: bool = False


@dataclass
class Person:
    """Somebody who comes and goes by the rights of one access group."""

    id: str
    first_name: str
    last_name: str
    entry_date: datetime | None = None
    exit_date: datetime | None = None
    gender: str = "notspecified"
    email: str | None = None
    language: str = "en"
    info: str | None = None
    phone_number: str | None = None
    revoked: bool = False
    access_group_id: str | None = None
    pin_code: str | None = None


@dataclass
class Medium:
    """A badge, or a digital key: what a person holds to a reader."""

    id: str
    form_factor: str
    cid: str | None = None
    uid: str | None = None
    state: str = "assignable"
    person_id: str | None = None
    expires_at: datetime | None = None
    caption: str | None = None
    description: str | None = None
    public_registration_id: str = ""
    mobile_app_id: str = ""


@dataclass
class Group:
    """An access group: which zones its people may enter, and by which profile."""

    id: str
    name: str
    zones: dict[str, str] = field(default_factory=dict)  # zone: profile, ALWAYS, NEVER


@dataclass
class TimeProfile:
    """Hours of the week under a name."""

    id: str
    name: str
    ranges: list[Hours]


@dataclass(frozen=True)
class Fact:
    """A line of the access log; `data` is as it is answered."""

    id: str
    name: str
    component: str
    person: str | None
    occurred_at: datetime
    data: dict[str, Any]


@dataclass
class Hook:
    """Where the site's events go, and the fixed value that says whose they are."""

    url: str
    authentication: str


@dataclass
class State:
    """One Exivo site."""

    site: Site
    api_key: str
    api_secret: str
    more_keys: dict[str, str] = field(default_factory=dict)  # secrets, by API key
    components: dict[str, Component] = field(default_factory=dict)
    zones: dict[str, Zone] = field(default_factory=dict)
    visits: dict[str, Visit] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)  # of links: the visit's id
    key_visits: dict[str, KeyVisit] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    media: dict[str, Medium] = field(default_factory=dict)
    digital_keys: dict[str, Medium] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    profiles: dict[str, TimeProfile] = field(default_factory=dict)
    special_days: dict[str, str] = field(default_factory=dict)  # ISO date: "a" or "b"
    facts: list[Fact] = field(default_factory=list)
    hook: Hook | None = None
    doors: dict[str, OnlineDoor] = field(default_factory=dict)  # by door id

    @property
    def keys(self) -> dict[str, str]:
        """Return the secret of each API key, the first one first."""
        return {self.api_key: self.api_secret, **self.more_keys}

    def door_of(self, component_id: str) -> OnlineDoor:
        """Return what hangs where the cloud has a component recorded."""
        return self.doors[self.components[component_id].door_id]

    def media_of(self, person_id: str) -> list[Medium]:
        """Return the badges and digital keys of a person."""
        every = (*self.media.values(), *self.digital_keys.values())
        return [medium for medium in every if medium.person_id == person_id]


def new_state(world: World) -> State:
    """Return a site without doors, with this world's own credentials."""
    return State(
        site=Site(_uuid(world, "site_id")),
        api_key=_uuid(world, "api_key"),
        api_secret=_uuid(world, "api_secret"),
    )


def renew(world: World) -> None:
    """Replace the API key and its secret."""
    state = state_of(world)
    world.release_credential(NAME, state.api_key)
    count = world.ids.ordinal("exivo.renewal")
    state.api_key = _uuid(world, f"api_key-{count}")
    state.api_secret = _uuid(world, f"api_secret-{count}")
    world.register_credential(NAME, state.api_key)


def add_key(world: World) -> str:
    """Add an API key beside the others; return it."""
    count = world.ids.ordinal("exivo.renewal")
    key = _uuid(world, f"api_key-{count}")
    state_of(world).more_keys[key] = _uuid(world, f"api_secret-{count}")
    world.register_credential(NAME, key)
    return key


def state_of(world: World) -> State:
    """Return the site of a world."""
    return world.state(State)


def quirk(world: World, name: str) -> Any:
    """Return one of Exivo's switches, by its name in `quirks.toml`."""
    return world.quirks[f"{NAME}.{name}"]


def _uuid(world: World, name: str) -> str:
    """Return a credential; clients refuse what is no UUID."""
    drawn = derive(world.key(NAME, name), name)
    return str(UUID(bytes=drawn[:16], version=4))
