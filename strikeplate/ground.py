"""The ground of one scenario: its worlds, its doors, and the time that passes there.

A scenario speaks of one vendor: that of its folder, else the profile's default; a door
whose words are another vendor's turns it to that one.

What a scenario names is made when it is first named. Each account at a vendor is a
world of its own; all of them share one timeline with the subject. Where the subject's
clock cannot be turned, the scenario's days are shifted to begin tomorrow or later, each
scenario's a day after the one before, since such a subject remembers them all; only
the doors go on in time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from strikeplate.dialect import LOCK, speaker
from strikeplate.timeline import Timeline
from strikeplate.verdict import HarnessFault, NotApplicable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from strikeplate.dialect import Dialect
    from strikeplate.profile import Profile
    from strikeplate.subject import Subject
    from strikeplate.transcript import Transcript
    from strikeplate.world import Door, Entry, Fakes, World

MAIN = "main"
"""The account that a scenario means when it names none."""

HOME = "Europe/Stockholm"
"""Where doors are when a scenario does not say."""


@dataclass(frozen=True)
class Stage:
    """What all scenarios against one target share; `vendor` is the scenario's own."""

    fakes: Fakes
    subject: Subject | None
    profile: Profile
    dialects: Mapping[str, Dialect]
    seed: str
    vendor: str = ""
    shifted: Iterator[int] = field(default_factory=count)


@dataclass(frozen=True)
class Place:
    """A door, and the world that it hangs in."""

    door: Door
    world: World


class Ground:
    """The worlds and doors of one scenario, and its time."""

    def __init__(self, stage: Stage, tag: str, transcript: Transcript) -> None:
        self.stage = stage
        self.tag = tag
        self.zone = ZoneInfo(HOME)
        self.vendor = stage.vendor
        self._transcript = transcript
        self._worlds: dict[str, World] = {}
        self._places: dict[str, Place] = {}
        self._told: dict[str, int] = {}
        self._timeline: Timeline | None = None
        self._shift = timedelta()

    @property
    def now(self) -> datetime:
        """The scenario's present, as the doors have it."""
        return self._timeline.now if self._timeline else self.stage.profile.clock.start

    @property
    def dialect(self) -> Dialect:
        """The words of the vendor that the scenario speaks of."""
        return self.stage.dialects[self.vendor]

    @property
    def credentials(self) -> Mapping[str, str]:
        """What the main account's vendor is asked with."""
        return self.world().credentials[self.vendor]

    @property
    def present(self) -> datetime:
        """The subject's present."""
        turned = self.stage.subject is None or self.stage.subject.clock != "none"
        return self.now if turned else datetime.now(UTC)

    def instant(self, written: datetime) -> datetime:
        """Return the instant that a scenario writes: local to its doors, or offset."""
        self.world()
        if written.tzinfo is None:
            return (written + self._shift).replace(tzinfo=self.zone).astimezone(UTC)
        if self._shift:
            raise NotApplicable("its days cannot be chosen, since its clock stands")
        return written.astimezone(UTC)

    def move_to(self, instant: datetime) -> None:
        """Let time go on to an instant, for doors and subject alike."""
        if self._timeline is None:
            message = "time passes before there is any world; name a door first"
            raise HarnessFault(message)
        self._timeline.move_to(instant)

    def world(self, account: str = MAIN) -> World:
        """Return the world of an account, made when it is first named."""
        if account not in self._worlds:
            world = self._new_world(account)
            self._worlds[account] = world
            self._told[account] = 0
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
        """Hang a door of that name; the first one decides where the scenario is.

        `what` hangs there is said in the words of a vendor; `more` goes beyond them.
        """
        self._speak_of(speaker(self.stage.dialects, what, self.vendor))
        if not self._places:
            self.zone = ZoneInfo(zone or HOME)
        world = self.world(account)
        subject, where = self.stage.subject, zone or str(self.zone)
        wish = {**self.dialect.doors[what], **more}
        if subject:
            door = subject.desk.door(world, self.vendor, name, where, **wish)
        else:
            door = world.add_door(self.vendor, name, timezone=where, **wish)
        self._places[name] = Place(door, world)
        return self._places[name]

    def share(self, name: str, other: str) -> Place:
        """Let a door go by another name as well."""
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
        """The door that was hung first."""
        return self.place(next(iter(self._places), "of any name"))

    def change(self, name: str, **what: object) -> None:
        """Change what hangs at a door: its network, its keypad, its clock."""
        place = self.place(name)
        place.world.patch_door(place.door, **what)

    def try_code(self, place: Place, code: str, at: datetime, **more: object) -> Entry:
        """Type a code at a door at an instant, and return what the door made of it.

        `more` is given with the code, as that door knows it: link, then, slot.
        """
        self.move_to(at)
        usual = self.stage.dialects[place.door.vendor].entry
        entry = place.world.enter(place.door, code, **{**usual, **more})
        found = "opens" if entry.opened else f"stays shut: {entry.reason}"
        rule = f" ({entry.rule})" if entry.rule else ""
        text = f"{place.door.name}: a code is typed, and it {found}{rule}"
        self._transcript.add("door", text, at=at)
        return entry

    def codes(self, place: Place, truth: str = "cloud") -> tuple[str, ...]:
        """Return every code that the vendor has for a door, each once.

        The truth is that of its cloud, of what is on its way, or of the door itself.
        What a door has for nobody in particular is left out.
        """
        made = self.stage.dialects[place.door.vendor].made
        found = place.world.codes(place.door, truth)
        return tuple(code for code in found if made.fullmatch(code))

    def tell_calls(self) -> None:
        """Write down what the vendors were asked since it was last told."""
        for account, world in self._worlds.items():
            asked = world.requests()
            for line in asked[self._told[account] :]:
                text = (
                    f"{line['method']} {line['path']}: {line['status'] or 'no answer'}"
                )
                self._transcript.add("fake", text, at=self.now)
            self._told[account] = len(asked)

    def close(self) -> None:
        """End the worlds that were made."""
        for world in self._worlds.values():
            if world.id != "demo":
                world.drop()

    def _speak_of(self, dialect: Dialect) -> None:
        profile = self.stage.profile
        if not profile.supports(dialect.vendor):
            raise NotApplicable(profile.unsupported(dialect.vendor))
        self.vendor = dialect.vendor

    def _new_world(self, account: str) -> World:
        name, seed = f"{self.tag}-{account}", f"{self.stage.seed}-{account}"
        start = self.now
        if self.stage.subject is None:
            world = self.stage.fakes.new_world(name=name, seed=seed, now=start)
        else:
            world = self.stage.subject.desk.world(name, seed, start)
        if self._timeline is None:
            self._begin(world.stop_clock())
        if self._timeline:
            self._timeline.join(world)
        return world

    def _begin(self, start: datetime) -> None:
        """Let the scenario begin where its first world stands."""
        subject = self.stage.subject
        self._timeline = Timeline(start, subject)
        if subject is None or subject.clock != "none":
            if subject:
                subject.turn(start)
            return
        first = start.date() + timedelta(days=1 + next(self.stage.shifted))
        self._shift = first - self.stage.profile.clock.start.date()
