"""The environment of one scenario: its worlds, its doors and its time.

A scenario is about one vendor: the one of its folder, else the profile's default. A
door that only another vendor has switches the scenario to that vendor.

A world or door is made when the scenario first names it. Each account at a vendor is
a world; all worlds share one timeline with the subject. Where the subject's clock
cannot be set, the scenario's days are shifted into the future: each scenario begins
one day after the one before, since such a subject remembers all of them. Only the
doors then move on in time.

Invariants: time only goes forward, from one due instant to the next of any member of
the timeline, so that everything happens in order; it stops exactly at its target.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from strikeplate.days import shift_from
from strikeplate.profile import START
from strikeplate.timeline import RealTime, Timeline
from strikeplate.verdict import HarnessFault, NotApplicable
from strikeplate.vocabulary import LOCK, vocabulary_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from strikeplate.allotment import Bound
    from strikeplate.fakes_client import Door, Entry, Fakes, World
    from strikeplate.profile import Profile
    from strikeplate.subjects import Subject
    from strikeplate.transcript import Transcript
    from strikeplate.vocabulary import VendorVocabulary

MAIN = "main"
"""The account that a scenario means when it names none."""

HOME = "Europe/Stockholm"
"""The doors' time zone when a scenario names none."""


TRUTHS = ("cloud", "queue", "door")
"""Where a code may be: at the vendor, on its way, in the lock."""

CALL = ("vendor", "status", "request", "answer", "fault")
"""What a transcript keeps of a call to a vendor, beside its first line."""

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)

MEMORIES = ("unused-24h",)
"""Reasons that a door has for what was not done before; asking leaves no trace."""


@dataclass(frozen=True)
class TargetContext:
    """What all scenarios against one target share; `vendor` is the scenario's own."""

    fakes: Fakes
    subject: Subject | None
    profile: Profile
    vocabularies: Mapping[str, VendorVocabulary]
    seed: str
    vendor: str = ""
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    """A number for each scenario, in the ids of its bookings and its addresses."""

    written: tuple[datetime, ...] = ()
    """The instants that the scenario's steps name."""

    bound: Mapping[str, Bound] = field(default_factory=dict)
    """The declared resource that stands for each name of the scenario, if any does."""

    fixed_days: bool = False
    """Whether its days stay as they are, since the world begins where they do."""

    day_offsets: Iterator[int] = field(default_factory=lambda: count(1))
    """How many days ahead each scenario books, where its days can be chosen."""


@dataclass(frozen=True)
class Place:
    """A door and its world."""

    door: Door
    world: World


class Environment:
    """The worlds and doors of one scenario, and its time."""

    def __init__(
        self, target_context: TargetContext, tag: str, transcript: Transcript
    ) -> None:
        self.target_context = target_context
        self.tag = tag
        self.zone = ZoneInfo(HOME)
        self.vendor = target_context.vendor
        self._transcript = transcript
        self._worlds: dict[str, World] = {}
        self._places: dict[str, Place] = {}
        self._calls_recorded: dict[str, int] = {}
        self._timeline: Timeline | RealTime | None = None
        self._shift = timedelta()
        self.hide: Callable[[str], None] = lambda _: None
        """Called with each code that the scenario learns; transcripts blank it."""

    @property
    def now(self) -> datetime:
        """The scenario's present, as the doors see it."""
        return (
            self._timeline.now
            if self._timeline
            else self.target_context.profile.clock.start
        )

    @property
    def vocabulary(self) -> VendorVocabulary:
        """The vocabulary of the scenario's vendor."""
        return self.target_context.vocabularies[self.vendor]

    @property
    def credentials(self) -> Mapping[str, str]:
        """The credentials of the main account."""
        return self.world().credentials[self.vendor]

    @property
    def present(self) -> datetime:
        """The subject's present."""
        self.catch_up()
        return self.now

    def catch_up(self) -> None:
        """Take over the time that the subject was given to finish its work."""
        subject = self.target_context.subject
        if self._timeline is not None and subject is not None:
            self._timeline.catch_up(subject.passed_to)

    @property
    def real_time(self) -> bool:
        """Whether the scenario runs on real seconds, since no clock can be set."""
        subject = self.target_context.subject
        return subject is not None and not subject.turnable

    def instant(self, written: datetime) -> datetime:
        """Return the instant that a step names: local time, or with an offset."""
        self.world()
        moved = written + self._shift
        if moved.tzinfo is None:
            moved = moved.replace(tzinfo=self.zone)
        return moved.astimezone(UTC)

    def move_to(self, instant: datetime) -> None:
        """Move doors and subject forward to an instant."""
        if self._timeline is None:
            message = "time passes before there is any world; name a door first"
            raise HarnessFault(message)
        self.catch_up()
        self._timeline.move_to(instant)

    def world(self, account: str = MAIN) -> World:
        """Return the world of an account, made when it is first named."""
        if account not in self._worlds:
            world = self._new_world(account)
            self._worlds[account] = world
            self._calls_recorded[account] = 0
        return self._worlds[account]

    def add_door(
        self,
        name: str,
        what: str = LOCK,
        *,
        zone: str | None = None,
        account: str = MAIN,
        **more: object,
    ) -> Place:
        """Add a door of that name; the first one sets the scenario's time zone.

        `what` is a kind of door in a vendor's vocabulary; `more` are further fields.
        """
        self._use_vendor(self._whose(what))
        first = not self._places
        if first:
            self.zone = ZoneInfo(zone or HOME)
        world = self.world(account)
        subject, where = self.target_context.subject, zone or str(self.zone)
        body = {**self.vocabulary.doors[what], **more}
        if subject:
            door = subject.admin.door(world, self.vendor, name, where, **body)
        else:
            door = world.add_door(self.vendor, name, timezone=where, **body)
        if first:
            self.zone = ZoneInfo(door.timezone or str(self.zone))
        self._places[name] = Place(door, world)
        return self._places[name]

    def add_alias(self, name: str, other: str) -> Place:
        """Give a door a second name."""
        self._places[other] = self.place(name)
        return self._places[other]

    def place(self, name: str) -> Place:
        """Return the door of that name."""
        if name not in self._places:
            known = ", ".join(self._places) or "none"
            raise HarnessFault(f"the scenario has no door {name!r}; it has {known}")
        return self._places[name]

    @property
    def first(self) -> Place:
        """The door that was added first."""
        return self.place(next(iter(self._places), "of any name"))

    def patch_door(self, name: str, /, **what: object) -> None:
        """Change fields of a door: its network, its keypad, its clock."""
        place = self.place(name)
        place.world.patch_door(place.door, **what)

    def try_code(self, place: Place, code: str, at: datetime, **more: object) -> Entry:
        """Type a code at a door at an instant, and return the door's answer.

        `more` is given with the code, as that door knows it: link, then, slot.
        """
        usual = self.target_context.vocabularies[place.door.vendor].entry
        entered = {**usual, **more}
        if self.real_time and at > self.now:
            entry = place.world.probe(place.door, code, at, **entered)
            if entry.reason in MEMORIES:
                text = "its clock cannot be set, so the code cannot be used in time"
                raise NotApplicable(text)
        else:
            entry = self._enter_code(place, code, at, entered)
        found = "opens" if entry.opened else f"stays shut: {entry.reason}"
        rule = f" ({entry.rule})" if entry.rule else ""
        text = f"{place.door.name}: a code is typed, and it {found}{rule}"
        self._transcript.add("door", text, at=at)
        return entry

    def _enter_code(
        self, place: Place, code: str, at: datetime, entered: Mapping[str, object]
    ) -> Entry:
        """Type a code at exactly an instant.

        A subject whose clock runs on is told of it afterwards: it must not go beyond
        the instant, a second before a booking's end, before the code is typed.
        """
        subject = self.target_context.subject
        runs_on = subject is not None and subject.passed_to is not None
        if self._timeline is None or not runs_on:
            self.move_to(at)
            return place.world.enter_code(place.door, code, **entered)
        self.catch_up()
        self._timeline.move_to(at, doors_first=True)
        entry = place.world.enter_code(place.door, code, **entered)
        assert subject is not None
        subject.set_time(at)
        subject.react()
        return entry

    def codes(self, place: Place, truth: str = "cloud") -> tuple[str, ...]:
        """Return every code that the vendor has for a door, each once.

        `truth` is cloud, queue or door.
        Codes that belong to nobody, such as a master code, are left out.
        """
        made = self.target_context.vocabularies[place.door.vendor].made
        found = place.world.codes(place.door, truth)
        for code in found:
            self.hide(code)
        return tuple(code for code in found if made.fullmatch(code))

    def known_codes(self) -> frozenset[str]:
        """Return every code that the vendors have for the scenario's doors now."""
        places = {place.door.id: place for place in self._places.values()}
        return frozenset(code for each in places.values() for code in self.codes(each))

    def record_vendor_calls(self) -> None:
        """Add the calls to vendors since the last time to the transcript.

        What keeps the subject from its work, such as its end, is added as well.
        """
        for account, world in self._worlds.items():
            asked = world.requests()
            for request in asked[self._calls_recorded[account] :]:
                status = request["status"] or "no answer"
                text = f"{request['method']} {request['path']}: {status}"
                seen = {name: request.get(name) for name in CALL}
                seen["vendor"] = self._brand(request["vendor"])
                self._transcript.add("vendor", text, at=self.now, data=seen)
            self._calls_recorded[account] = len(asked)
        self._record_unknown_calls()
        subject = self.target_context.subject
        trouble = subject.trouble if subject else None
        if trouble:
            self._transcript.explain("service", trouble, at=self.now)

    def _record_unknown_calls(self) -> None:
        """Add the calls that belong to no account, if there are no others to see."""
        context = self.target_context
        told = context.subject is None or context.profile.declared is None
        if told or any(self._calls_recorded.values()):
            return
        for each in context.fakes.new_unknown_calls():
            text = f"{each['method']} {each['path']}: {each['status']}"
            about = {"vendor": "the fakes", "answer": f"it has {each['why']}"}
            data = {**dict.fromkeys(CALL), "status": each["status"], **about}
            self._transcript.add("vendor", text, at=self.now, data=data)

    def _brand(self, vendor: str) -> str:
        known = self.target_context.vocabularies.get(vendor)
        return known.brand if known and known.brand else vendor

    def hide_codes(self) -> None:
        """Have every code blanked that the worlds know now."""
        for world in self._worlds.values():
            for truth in TRUTHS:
                for code in world.codes(None, truth):
                    self.hide(code)

    def close(self) -> None:
        """Delete the worlds that were made."""
        for world in self._worlds.values():
            world.drop()

    def _whose(self, what: str) -> VendorVocabulary:
        """Return the vocabulary that has a kind of door, of a supported vendor if any.

        Several vendors may have one, and the profile support none of these.
        """
        known, profile = self.target_context.vocabularies, self.target_context.profile
        having = [name for name, each in known.items() if what in each.doors]
        supported = {name: known[name] for name in having if profile.supports(name)}
        if len(having) > 1 and not supported:
            raise NotApplicable(f"no vendor that its profile names has {what!r}")
        return vocabulary_of(supported or known, what, self.vendor)

    def _use_vendor(self, vocabulary: VendorVocabulary) -> None:
        profile = self.target_context.profile
        if not profile.supports(vocabulary.vendor):
            raise NotApplicable(profile.unsupported(vocabulary.vendor))
        self.vendor = vocabulary.vendor

    def _new_world(self, account: str) -> World:
        name, seed = f"{self.tag}-{account}", f"{self.target_context.seed}-{account}"
        start = self.now
        if self.target_context.subject is None:
            world = self.target_context.fakes.new_world(name=name, seed=seed, now=start)
        else:
            world = self.target_context.subject.admin.world(name, seed, start)
        if self._timeline is not None:
            self._timeline.add_world(world)
            return world
        began = world.clock()[0] if self.real_time else world.stop_clock()
        self._timeline = self._started(began, world)
        self._timeline.add_world(world)
        if self._shift and not self.real_time and world.turnable:
            self._timeline.move_to(max(START + self._shift, began))
        return world

    def _started(self, start: datetime, world: World) -> Timeline | RealTime:
        """Return the timeline of a scenario that begins where its first world stands.

        Days are written from `START` on. Where the world stands later, they are
        moved: by whole weeks if time can be set, so that weekdays stay. They are moved
        back as well to the present of a vendor's own server.
        """
        context = self.target_context
        if self.real_time:
            days = timedelta(days=next(context.day_offsets))
            self._move_days(start.date() - START.date() + days, DAY)
            return RealTime()
        weeks = -((START - start) // WEEK)
        least = WEEK * (max(0, weeks) if world.turnable else weeks)
        self._move_days(least, WEEK)
        if context.subject:
            context.subject.set_time(start)
        return Timeline(start, context.subject)

    def _move_days(self, least: timedelta, step: timedelta) -> None:
        self._shift = self._transcript.moved = self._moved(least, step)

    def _moved(self, least: timedelta, step: timedelta) -> timedelta:
        """Return by how much days are moved, in the zone of the scenario's doors."""
        context = self.target_context
        if context.fixed_days:
            return timedelta()
        declared = context.profile.declared
        resources = declared.resources if declared else {}
        doors = (resources.get(each.resource) for each in context.bound.values())
        zone = next((ZoneInfo(door.zone) for door in doors if door), self.zone)
        return shift_from(least, step, context.written, zone)
