"""What the owner of an external subject has set up, as its profile declares it.

A scenario that asks for a lock is given the door of the declared resource that was
allotted to it (`strikeplate.needs`) before it ran.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from strikeplate import FEATURES, vocabulary
from strikeplate.allotment import fields_of
from strikeplate.fakes_client import World
from strikeplate.platforms.declared import Speech, kind_of
from strikeplate.platforms.signatures import sign
from strikeplate.processes import fresh_token
from strikeplate.profiles.templates import Namespace
from strikeplate.subjects import Connection
from strikeplate.subjects.declared_api import DeclaredApi
from strikeplate.toml_file import suggest
from strikeplate.verdict import Misuse, NotApplicable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from strikeplate.allotment import Bound
    from strikeplate.fakes_client import Door, Fakes
    from strikeplate.http import Answer
    from strikeplate.platforms.standard import Booking, Delivery, Event
    from strikeplate.profiles.shape import Profile, Resource
    from strikeplate.subjects.admin_client import ApiAdminClient
    from strikeplate.subjects.declared import DeclaredSubject


def check_doors(profile: Profile, fakes: Callable[[], Fakes]) -> None:
    """Return if what runs already can know each door that is named; Misuse if not.

    It was told of the doors of the world `demo`. Of one that is hung for its profile it
    can only hear by a call: `[[setup]]`, or its owner's `[api]`.
    """
    if profile.run is None or profile.run.url is None or profile.setup or profile.api:
        return
    doors = fakes().world("demo").doors()
    for name, resource in profile.resources.items():
        there = [door.name for door in doors if door.vendor == resource.vendor]
        if resource.door is not None and resource.door not in there:
            raise Misuse(
                f"[resources.{name}] door = {resource.door!r}: the world demo has no "
                f"such door of {resource.vendor}, and no [[setup]] call tells the "
                f"subject of a new one; {suggest(resource.door, there)}"
            )


def demo_world(profile: Profile, fakes: Fakes, seed: str) -> World:
    """Return the world of a subject that runs already, as it was at its beginning.

    It has new locks where a call tells the subject their ids: an igloohome lock has
    three codes for the same hours (documented), and the subject may remember those of
    earlier runs.
    """
    calls = [*profile.setup, *profile.api.values()]
    told = any("doors." in call.model_dump_json() for call in calls)
    world = fakes.world("demo")
    world.reset(f"{seed}-{fresh_token()}" if told else None)
    return world


def add_doors(
    world: World, resources: Mapping[str, Resource]
) -> dict[str, tuple[Door, ...]]:
    """Return the doors of each declared resource, hung unless they are there."""
    there = {door.name: door for door in world.doors()}
    found: dict[str, tuple[Door, ...]] = {}
    for name, resource in resources.items():
        titles = _titles(name, resource)
        for title in titles:
            if title not in there:
                more = _hanging(resource, title)
                hung = world.add_door(resource.vendor, title, **more)
                there[title] = hung
        found[name] = tuple(there[title] for title in titles)
    return found


def values_of(subject: DeclaredSubject) -> dict[str, object]:
    """Return what `{places}` and templates of a profile see of its subject."""
    assert subject.world is not None
    vendors = {
        vendor: Namespace(vendor, credentials)
        for vendor, credentials in subject.world.credentials.items()
    }
    declared = subject.profile.resources
    doors = {
        name: door_values(declared[name], found)
        for name, found in subject.doors.items()
    }
    return {
        "python": sys.executable,
        "port": subject.port,
        "folder": subject.folder,
        "url": subject.url,
        "smtp": f"127.0.0.1:{subject.around.sink.port}",
        "inbox": subject.around.inbox.url,
        "secret": subject.secret,
        "doors": Namespace("doors", doors),
        "saved": Namespace("saved", subject.saved),
        **vendors,
    }


def door_values(resource: Resource, doors: tuple[Door, ...]) -> Namespace:
    """Return a resource's door as a template sees it; `all` has every one."""
    every = [_door_value(door, resource.slot or 0) for door in doors]
    return Namespace("door", {**every[0], "all": every})


def _door_value(door: Door, slot: int) -> dict[str, object]:
    """Return a door by its names; `key` is the one in the slot, else empty."""
    key = door.keys[slot] if slot < len(door.keys) else ""
    names = {"id": door.id, "vendor_id": door.vendor_id, "name": door.name}
    return {**names, "key": key}


def _titles(name: str, resource: Resource) -> list[str]:
    """Return the names of a resource's doors."""
    first = resource.door or name
    return [first, *(f"{first} {number}" for number in range(2, resource.doors + 1))]


def _hanging(resource: Resource, title: str) -> dict[str, object]:
    """Return what a door is hung with; the ids of its keys are an account's, once."""
    fields = fields_of(resource, vocabulary.read(FEATURES)[resource.vendor])
    more: dict[str, object] = {**fields, "timezone": resource.zone}
    if "keys" in fields:
        more["keys"] = [key | {"id": f"{title}-{key['id']}"} for key in fields["keys"]]
    return more


def _as_named(
    resources: Mapping[str, Resource], bound: Mapping[str, Bound]
) -> dict[str, Resource]:
    """Return the resources by the names of the scenario, each with the platform's id.

    A resource that the scenario has set up no lock for goes by an id that the subject
    has never heard of. A community goes by its own name.
    """
    strange = {name: f"{name}-without-a-lock" for name in resources}
    found = {
        name: resource.model_copy(update={"id": strange[name]})
        for name, resource in resources.items()
    }
    for alias, of in bound.items():
        declared = resources[of.resource]
        known = declared.community if of.community else declared.id or of.resource
        found[alias] = declared.model_copy(update={"id": known})
    return found


class ScenarioWorld(World):
    """A world whose end is the end of what the scenario had to itself."""

    def __init__(self, world: World, end: Callable[[], None]) -> None:
        super().__init__(world.fakes, world.id, world.credentials)
        self._end = end
        self._before = {
            truth: frozenset(super(ScenarioWorld, self).codes(None, truth))
            for truth in ("cloud", "queue", "door")
        }
        self.forget_requests()

    def codes(self, door: Door | None, truth: str) -> tuple[str, ...]:
        """Return the codes of a door that were not there before the scenario."""
        found, before = super().codes(door, truth), self._before[truth]
        return tuple(code for code in found if code not in before)

    def drop(self) -> None:
        """End the subject's process and its world, or keep both for the next."""
        self._end()


class DeclaredSetup:
    """What the owner of an external subject has set up: found, never changed."""

    def __init__(self, subject: DeclaredSubject) -> None:
        self._subject = subject
        self._in_use = False

    def world(self, name: str, seed: str, now: datetime) -> World:
        """Return the world of a scenario, with the subject running in it."""
        if self._in_use:
            raise NotApplicable("it is linked to one account of the vendor, not to two")
        self._in_use = True
        return ScenarioWorld(self._subject.begin(name, seed, now), self._subject.end)

    def bind(self, bound: Mapping[str, Bound]) -> None:
        """Let declared resources stand for the names of a scenario from now on."""
        self._subject.bound = dict(bound)
        self._in_use = False

    @property
    def owner(self) -> str:
        """The address of the owner of what is bound; empty where none is declared."""
        resources = self._subject.profile.resources
        bound = (resources[of.resource] for of in self._subject.bound.values())
        return next((each.owner_email for each in bound if each.owner_email), "")

    @property
    def api(self) -> ApiAdminClient | None:
        """The owner's actions that its profile has calls for, if it has any."""
        return DeclaredApi(self._subject) if self._subject.profile.api else None

    def door(
        self, world: World, vendor: str, name: str, zone: str, /, **more: object
    ) -> Door:
        """Return the door of the declared resource that stands for a name.

        Where its owner can choose among locks by calls, any other is hung at once.
        """
        of = self._subject.bound.get(name)
        if of is not None:
            return self._subject.doors[of.resource][of.door]
        if not self._subject.profile.api:
            text = f'no further resource is declared with vendor = "{vendor}"'
            raise NotApplicable(text)
        return world.add_door(vendor, name, timezone=zone, **more)

    def link(self, world: World, _vendor: str, _zone: str, _owner: str) -> Connection:
        """Return the one connection there is."""
        events = self._subject.profile.events
        path = (events and events.url) or "/"
        first = next(iter(self._subject.bound), "")
        secret = self._subject.format.secret_for(first)
        return Connection("", path, secret, world)

    def create_rule(self, _connection: Connection, resource: str, *_doors: Door) -> str:
        """Take it that the resource opens the door; the rule goes by its own name."""
        of = self._subject.bound.get(resource)
        return of.resource if of else resource

    def unlink(self, connection: Connection) -> None:
        """Leave the connection where it is."""


class DeclaredFormat:
    """How events are told to an external subject: by the templates of its profile."""

    def __init__(self, subject: DeclaredSubject) -> None:
        self._subject = subject
        self._replaced: dict[str, str] = {}

    @property
    def speech(self) -> Speech:
        """The templates of its events, with what they see now."""
        subject, profile = self._subject, self._subject.profile
        if profile.events is None:
            raise Misuse("its profile has no [events]: how is a booking told to it?")
        return Speech(
            profile.events,
            profile.signature,
            self.resources,
            subject.secret,
            subject.values(),
            {alias: of.resource for alias, of in subject.bound.items()},
            self._replaced,
        )

    @property
    def resources(self) -> dict[str, Resource]:
        """The resources by the names of the scenario, each with the platform's id."""
        return _as_named(self._subject.profile.resources, self._subject.bound)

    def secret_for(self, resource: str) -> str:
        """Return what events of a resource are signed with."""
        return self.speech.secret_for(resource)

    def replace_secret(self, before: str, after: str) -> None:
        """Sign by another secret from now on, also in the scenarios to come."""
        firsts = [each for each, now in self._replaced.items() if now == before]
        self._replaced |= dict.fromkeys((before, *firsts), after)

    def can_send(self, kind: str) -> bool:
        """Say whether its platform has a way to tell this kind of event."""
        return self.speech.can_send(kind_of(kind))

    def confirms(self, kind: str) -> bool:
        """Say whether its platform tells this kind as it tells a confirmation."""
        return self.speech.confirms(kind_of(kind))

    def renamed(self, booking: Booking, event_id: str) -> Booking:
        """Return a changed booking by the id that it has from now on."""
        return self.speech.renamed(booking, event_id)

    def deliveries(
        self, event: Event, _connection: Connection, at: datetime
    ) -> list[Delivery]:
        """Return the calls that tell an event."""
        self.expect(event)
        return list(self.speech.requests(event, at))

    def expect(self, event: Event) -> None:
        """Look for what comes of an event from now on."""
        self._subject.ahead.expect(event.booking.start)
        if self._subject.asked is not None:
            self._subject.asked.expect(event)

    def proof(
        self, event_id: str, body: bytes, connection: Connection, at: datetime
    ) -> dict[str, str]:
        """Return the headers that prove who sent a body, as its profile says how."""
        signature = self._subject.profile.signature
        return sign(signature, connection.secret or "", event_id, body, at)


class WithoutApi:
    """What an external subject lacks: an API that we know, another store than files."""

    folder: str
    """The folder that it was told to keep things in."""

    def stored(self) -> bytes:
        """Return all that is in its folder."""
        files = [path for path in Path(self.folder).rglob("*") if path.is_file()]
        return b"".join(path.read_bytes() for path in sorted(files))

    def call(self, _method: str, _path: str, _data: object = None) -> Answer:
        """Refuse: nothing is known of an API of it."""
        raise NotApplicable("its profile has no [api]")

    def send(self, _method: str, _path: str, _body: bytes) -> Answer:
        """Refuse: nothing is known of an API of it."""
        raise NotApplicable("its profile has no [api]")
