"""Seeded calls to a vendor's server, its doors and lists held against the oracle.

A run makes one to three codes at two doors of an account, changes and deletes them, and
uses them, at moments around their windows. At a server of the vendor's own no time is
moved and nobody types at a door: the calls that come before any window are made, and
its lists are held against them; that its doors are not judged is said.

Invariants: one seed gives one run, and one run one result. What a server refuses that
it must do differs as well.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from strikeplate.cause import LOCKED_OUT, STALE, WRONG_DOOR
from strikeplate.context import ScenarioContext
from strikeplate.explore.compare import Counts, Difference, moments
from strikeplate.explore.generate import LONG, PLAIN_DAYS, ZONES, changes
from strikeplate.explore.vendor_clients import CLIENTS, RefusalError
from strikeplate.fakes_client import instant
from strikeplate.oracle import answers
from strikeplate.oracle.answers import Answer
from strikeplate.oracle.codes import (
    REFUSES,
    RULES,
    Asked,
    CodeStatement,
    codes,
    lists,
)
from strikeplate.oracle.events import DELIVERY
from strikeplate.oracle.windows import hour_down
from strikeplate.processes import wait
from strikeplate.profiles.shape import Resource
from strikeplate.subjects.live_vendor import LiveVendor
from strikeplate.transcript import Redact, Transcript
from strikeplate.verdict import Inconclusive
from strikeplate.vocabulary import LOCK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strikeplate.environment import Place, TargetContext
    from strikeplate.explore.vendor_clients import Times, VendorCalls

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SECOND = timedelta(seconds=1)
LENGTHS = (HOUR, 3 * HOUR, 20 * HOUR, 30 * HOUR, 3 * DAY)
DOORS = 2
ALONE = "IGL-01"
"""The rule that a lock whose codes are final decides alone: it is offline all along."""


@dataclass(frozen=True)
class Use:
    """A code is typed at its door."""

    code: str
    at: datetime


@dataclass(frozen=True)
class Run:
    """What a vendor's server is asked, by seed."""

    seed: int
    vendor: str
    zone: str
    begin: datetime
    asked: tuple[Asked, ...]
    uses: tuple[Use, ...]

    def lines(self) -> Iterator[str]:
        """Yield what is asked and typed, in order."""
        yield f"{self.vendor} {self.seed}: locks in {self.zone}"
        made: set[str] = set()
        steps: list[Asked | Use] = [*self.asked, *self.uses]
        for each in sorted(steps, key=lambda each: each.at):
            what = "is used"
            if isinstance(each, Asked):
                what = "is changed" if each.code in made else f"is made ({each.door})"
                made.add(each.code)
                times = " until ".join(map(instant, each.times or ()))
                what = f"{what} for {times}" if times else "is deleted"
            yield f"  {instant(each.at)}: {each.code} {what}"


def generate(seed: int, vendor: str) -> Run:
    """Return the run of a seed."""
    return _Draw(Random(f"{seed}-{vendor}-codes"), vendor).run(seed)  # noqa: S311 - no secret


@dataclass
class _Draw:
    chance: Random
    vendor: str
    asked: list[Asked] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)

    def run(self, seed: int) -> Run:
        """Draw it."""
        zone = self.chance.choice(ZONES)
        days = [datetime.fromisoformat(day).replace(tzinfo=UTC) for day in PLAIN_DAYS]
        near = self.chance.choice((*changes(zone), *days))
        begin = near - self.chance.randint(1, 3) * DAY + 8 * HOUR
        for number in range(self.chance.randint(1, 3)):
            self._code(number, begin, ZoneInfo(zone))
        asked = tuple(sorted(self.asked, key=lambda each: each.at))
        return Run(seed, self.vendor, zone, begin, asked, tuple(self.uses))

    def _code(self, number: int, begin: datetime, zone: ZoneInfo) -> None:
        """Draw one code: when it is made, changed, used and deleted."""
        client, chance = CLIENTS[self.vendor], self.chance
        door = number % DOORS
        start = hour_down(begin + chance.randint(3, 60) * HOUR, zone)
        if self.vendor == "livionkey":  # one guest at a time has a key
            start += number // DOORS * 6 * DAY
        times = start, start + self._length(start, zone)
        name, at = f"c{number + 1}", begin + (number + 1) * 10 * MINUTE
        self.asked.append(Asked(name, at, door, times))
        if chance.random() < 0.6:
            after = chance.choice((5 * MINUTE, 5 * HOUR, 23 * HOUR))
            self.uses.append(Use(name, times[0] + after))
        if client.changes and chance.random() < 0.6:
            at, times = self._change(at, times)
            self.asked.append(Asked(name, at, door, times))
        if client.deletes and chance.random() < 0.6:
            moments = (at + HOUR, times[0] + (times[1] - times[0]) / 2)
            at = max(chance.choice(moments), at + 10 * MINUTE).replace(microsecond=0)
            self.asked.append(Asked(name, at, door))

    def _length(self, start: datetime, zone: ZoneInfo) -> timedelta:
        if self.vendor != "igloohome" or self.chance.random() < 0.6:
            return self.chance.choice(LENGTHS)
        if self.chance.random() < 0.5:
            return LONG[0]
        end = start.astimezone(zone) + self.chance.choice((29, 30, 367)) * DAY
        return end.astimezone(UTC) - start

    def _change(self, at: datetime, times: Times) -> tuple[datetime, Times]:
        """Return when a code is changed, and its new times."""
        start, end = times
        if self.chance.random() < 0.5:
            return at + HOUR, (start + DAY, end + DAY)
        return start + (end - start) / 2, (start, end + 90 * MINUTE)


@dataclass
class VendorRun:
    """One run in play."""

    ctx: ScenarioContext
    run: Run
    counts: Counts = field(default_factory=Counts)
    unjudged: set[str] = field(default_factory=set)
    _uses: dict[str, list[datetime]] = field(default_factory=dict)
    _seen: dict[tuple[str, int, bool], object] = field(default_factory=dict)

    def differences(self) -> Iterator[Difference]:
        """Play it, and yield every difference that is seen."""
        environment, run = self.ctx.environment, self.run
        self.calls: VendorCalls = CLIENTS[run.vendor](self.ctx)
        fakes = self.ctx.target_context.fakes
        self.live = isinstance(fakes, LiveVendor)
        if isinstance(fakes, LiveVendor):
            fakes.list_locks = lambda _: self.calls.locks()
        self.places = [
            environment.add_door(f"door {number + 1}", LOCK, zone=run.zone)
            for number in range(DOORS)
        ]
        for place in self.places if environment.vocabulary.final else ():
            place.world.patch_door(place.door, online=False)
        self.traits = [Resource(vendor=run.vendor, zone=run.zone)] * DOORS
        for at in self._moments():
            try:
                self._go_to(at)
            except RefusalError as refused:
                text = f"what it must do it refuses: {refused}"
                rule = REFUSES.get(run.vendor, RULES[run.vendor][0])
                yield Difference(rule, "", at, text, LOCKED_OUT)
                return
            self.counts.moments += 1
            yield from self._look(at)

    def _moments(self) -> list[datetime]:
        """Return when something happens or is looked at, in order."""
        run, last = self.run, max(each.at for each in self.run.asked)
        found = {run.begin}
        for each in run.asked:
            found |= {each.at, each.at + DELIVERY}
            if each.times:
                start, end = each.times
                found |= {start, start + DAY, end - SECOND, end + SECOND}
        found |= {use.at for use in run.uses}
        if self.live:
            first = min(each.times[0] for each in run.asked if each.times)
            return sorted(at for at in found if at < first and at <= last + DELIVERY)
        return sorted(found)

    def _go_to(self, at: datetime) -> None:
        """Move on to an instant, and do what happens then."""
        environment = self.ctx.environment
        if self.live and at not in {each.at for each in self.run.asked}:
            wait(environment.vocabulary.delivery.total_seconds())
        elif not self.live and at > environment.now:
            environment.move_to(at)
        for each in self.run.asked:
            if each.at == at:
                self._ask(each)
        for use in self.run.uses:
            if use.at == at:
                self._use(use)

    def _ask(self, each: Asked) -> None:
        if each.times is None:
            self.calls.delete(each.code)
        elif each.code in self.calls.made:
            self.calls.change(each.code, each.times)
        else:
            self.calls.make(each.code, self.places[each.door], each.times)

    def _use(self, use: Use) -> None:
        made, environment = self.calls.made.get(use.code), self.ctx.environment
        if made is None:
            return
        now = environment.now
        if environment.try_code(made.place, made.code, now, **made.extras).opened:
            self._uses.setdefault(use.code, []).append(now)

    def _look(self, now: datetime) -> Iterator[Difference]:
        asked = [each for each in self.run.asked if each.code in self.calls.made]
        try:
            for said in codes(self.traits, asked, self._uses, now):
                yield from self._door(said, now)
        except Inconclusive as obstacle:
            self.unjudged.add(str(obstacle))
        if not self.calls.lists:
            return
        for held in lists(DOORS, self.run.vendor, asked, now):
            self.counts.add(held.rule)
            listed = self.calls.listed(self.places[held.door])
            where = f"the list of door {held.door + 1}"
            for code in sorted(held.must):
                if self.calls.label(code) not in listed:
                    text = f"{where} lacks {code}"
                    yield Difference(held.rule, code, now, text, LOCKED_OUT)
            for code in sorted(held.never):
                if self.calls.label(code) in listed:
                    text = f"{where} shows {code}"
                    yield Difference(held.rule, code, now, text, STALE)

    def _door(self, said: CodeStatement, now: datetime) -> Iterator[Difference]:
        key = said.code, said.door, said.mistyped
        place = self.places[said.door]
        known = self._seen.get(key) == said.timeline
        self._seen[key] = said.timeline
        for at in (now,) if known else moments(said.timeline, now):
            stretch = answers.at(said.timeline, at)
            if stretch.answer is Answer.EITHER:
                continue
            self.counts.add(stretch.rule)
            opened = self._opens(said, place, at)
            if stretch.answer.allows(opened=opened):
                continue
            self._seen.pop(key)
            what = "opens" if opened else "does not open"
            code = f"{said.code}, mistyped," if said.mistyped else said.code
            text = f"{code} {what} door {said.door + 1} at {instant(at)}"
            here = place is self.calls.made[said.code].place
            harm = (STALE if here else WRONG_DOOR) if opened else LOCKED_OUT
            rule = stretch.rule
            if not opened and self._needs_the_server(said, place, at):
                rule = ALONE
            yield Difference(rule, said.code, now, text, harm)
            return

    def _needs_the_server(
        self, said: CodeStatement, place: Place, at: datetime
    ) -> bool:
        """Say whether a lock that decides alone opens once it is online."""
        if not self.ctx.environment.vocabulary.final:
            return False
        place.world.patch_door(place.door, online=True)
        opened = self._opens(said, place, at)
        place.world.patch_door(place.door, online=False)
        return opened

    def _opens(self, said: CodeStatement, place: Place, at: datetime) -> bool:
        self.counts.probes += 1
        made, usual = self.calls.made[said.code], self.ctx.environment.vocabulary.entry
        code, more = made.code, {**usual, **made.extras}
        if said.mistyped:
            code = code[:-1] + str((int(code[-1]) + 5) % 10)
        return place.world.probe(place.door, code, at, **more).opened


def play(run: Run, shared: TargetContext) -> tuple[list[Difference], VendorRun]:
    """Return what differs in a run against a vendor's server, and how it went."""
    clock = replace(shared.profile.clock, start=run.begin)
    own = replace(
        shared,
        seed=f"{shared.seed}-{run.seed}",
        vendor=run.vendor,
        profile=replace(shared.profile, clock=clock),
        fixed_days=True,
    )
    ctx = ScenarioContext(own, f"s{next(own.numbers)}", Transcript(), Redact())
    playing = VendorRun(ctx, run)
    try:
        return [*playing.differences()], playing
    finally:
        ctx.close()
