"""A run against a vendor's server: doors, lists and reports held against the oracle.

At a server of the vendor's own no time is moved, nobody types at a door, and nothing
is asked that must be refused: the calls that come before any window are made, and its
lists are held against them; that its doors are not judged is said.

Invariants: one run has one result. What a server refuses that it must do differs as
well, and so does what it does that it must refuse.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from strikeplate.cause import LOCKED_OUT, SILENT, STALE, WRONG_DOOR
from strikeplate.context import ScenarioContext
from strikeplate.explore.compare import Difference, moments
from strikeplate.explore.counts import Counts
from strikeplate.explore.vendor_calls import RefusalError
from strikeplate.explore.vendor_clients import CLIENTS
from strikeplate.explore.vendor_news import News
from strikeplate.explore.vendor_run import (
    AwayStep,
    CodeStep,
    SettingsStep,
    UseStep,
    WrongCodesStep,
)
from strikeplate.explore.wrong_calls import FURTHER, WRONG_CALLS
from strikeplate.fakes_client import instant
from strikeplate.oracle import answers
from strikeplate.oracle.answers import Answer
from strikeplate.oracle.codes import (
    REFUSES,
    Account,
    Asked,
    CodeStatement,
    Use,
    codes,
    lists,
)
from strikeplate.oracle.events import DELIVERY
from strikeplate.oracle.reports import keys
from strikeplate.processes import wait
from strikeplate.profiles.shape import Resource
from strikeplate.subjects.live_vendor import LiveVendor
from strikeplate.transcript import Redact, Transcript
from strikeplate.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from strikeplate.environment import Place, TargetContext
    from strikeplate.explore.vendor_calls import VendorCalls
    from strikeplate.explore.vendor_hooks import Receiver
    from strikeplate.explore.vendor_run import Run, Step, WrongCallStep

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
SECOND = timedelta(seconds=1)
DOORS = 2
WRONG_CODES = 5
ALONE = "IGL-01"
"""The rule that a lock whose codes are final decides alone: it is offline all along."""

SECONDS = "NUK-04"
"""The rule that the seconds of a date may be left out."""


@dataclass
class VendorRun:
    """One run in play."""

    ctx: ScenarioContext
    run: Run
    receiver: Receiver | None = None
    counts: Counts = field(default_factory=Counts)
    unjudged: set[str] = field(default_factory=set)
    asked: list[Asked] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    wrong: list[tuple[int, datetime]] = field(default_factory=list)
    set_at: datetime | None = None
    away: list[tuple[int, datetime, datetime]] = field(default_factory=list)
    _seen: dict[tuple[str, int, str], object] = field(default_factory=dict)

    def differences(self) -> Iterator[Difference]:
        """Play it, and yield every difference that is seen."""
        self._set_up()
        for at in self._moments():
            self._go_to(at)
            self._come_back(at)
            for step in self.run.steps:
                if step.at == at:
                    yield from self._do(step, at)
            if self._refused:
                return
            self.counts.moments += 1
            yield from self._look(at)

    def _set_up(self) -> None:
        """Set the account and its doors up."""
        environment, run = self.ctx.environment, self.run
        self.calls: VendorCalls = CLIENTS[run.vendor](self.ctx, seed=run.seed)
        self._refused = False
        fakes = self.ctx.target_context.fakes
        self.live = isinstance(fakes, LiveVendor)
        if isinstance(fakes, LiveVendor):
            fakes.list_locks = lambda _: self.calls.locks()
        self.places = [self.calls.add_door(number, run.zone) for number in range(DOORS)]
        for place in self.places if environment.vocabulary.final else ():
            drift = {"clock_drift_seconds": run.drift} if run.drift else {}
            place.world.patch_door(place.door, online=False, **drift)
        if not self.live and run.vendor == "livionkey":
            self.calls.set_up(run.settings)
        self._has_set(run.settings)
        self.news = None if self.live else News(self.calls, self.places, self.receiver)

    def _has_set(self, settings: Mapping[str, int | str]) -> None:
        """Take it that the account has set that."""
        run = self.run
        grace = timedelta(minutes=int(settings.get("return_grace_minutes", 0)))
        traits = Resource(vendor=run.vendor, zone=run.zone, return_grace=grace)
        self.traits = [traits] * DOORS

    @property
    def account(self) -> Account:
        """What the vendor was asked and used for until now."""
        drift = timedelta(seconds=self.run.drift)
        used = self.asked, self.uses, self.wrong
        return Account(self.traits, *used, drift, self.set_at, self.away)

    def _moments(self) -> list[datetime]:
        """Return when something happens or is looked at, in order."""
        run = self.run
        last = max((each.at for each in run.asked), default=run.begin)
        found = {run.begin} | {step.at for step in run.steps}
        uses = (step for step in run.steps if isinstance(step, UseStep))
        found |= {use.at + DELIVERY for use in uses}
        sets = (step for step in run.steps if isinstance(step, SettingsStep))
        found |= {step.at + DELIVERY for step in sets}
        offline = (step for step in run.steps if isinstance(step, AwayStep))
        for gone in offline:
            found |= {gone.until, gone.until + DELIVERY}
        for each in run.asked:
            found.add(each.at + DELIVERY)
            if each.start:
                found |= {each.start, each.start + DAY}
            if each.end:
                found |= {each.end - SECOND, each.end + SECOND}
                found |= {each.end + self._delay + DELIVERY, each.end + DAY}
        if self.live:
            first = min(each.start for each in run.asked if each.start)
            return sorted(at for at in found if at < first and at <= last + DELIVERY)
        return sorted(found)

    @property
    def _delay(self) -> timedelta:
        """How long after its end a late key is reported."""
        minutes = self.run.settings.get("overdue_delay_minutes", 0)
        return int(minutes) * MINUTE

    def _go_to(self, at: datetime) -> None:
        """Move on to an instant."""
        environment = self.ctx.environment
        if self.live and at not in {each.at for each in self.run.asked}:
            wait(environment.vocabulary.delivery.total_seconds())
        elif not self.live and at > environment.now:
            environment.move_to(at)

    def _do(self, step: Step, at: datetime) -> Iterator[Difference]:
        """Do what happens at an instant; a step about no code is left out."""
        if isinstance(step, CodeStep):
            try:
                self._ask(step)
            except RefusalError as refused:
                text = f"what it must do it refuses: {refused}"
                rule = SECONDS if step.terse else REFUSES[self.run.vendor]
                yield Difference(rule, "", at, text, LOCKED_OUT)
                self._refused = True
        elif step.code in self.calls.made and not self.live:
            if isinstance(step, UseStep):
                self._use(step)
            elif isinstance(step, SettingsStep):
                self.calls.set_up(step.sets)
                self._has_set({**self.run.settings, **step.sets})
                self.set_at = at
            elif isinstance(step, AwayStep):
                self._leave(step)
            elif isinstance(step, WrongCodesStep):
                self._type_wrong_codes(step)
            else:
                yield from self._ask_wrongly(step)

    def _leave(self, step: AwayStep) -> None:
        """Take the door of a code offline."""
        place = self.calls.made[step.code].place
        place.world.patch_door(place.door, online=False)
        self.away.append((self.places.index(place), step.at, step.until))

    def _come_back(self, at: datetime) -> None:
        """Have the doors online again whose time it is."""
        for door, _, until in self.away:
            if until == at:
                place = self.places[door]
                place.world.patch_door(place.door, online=True)

    def _ask(self, step: CodeStep) -> None:
        if step.do == "make":
            if step.joins and step.joins not in self.calls.made:
                return
            doors = (step.door, 1 - step.door)[: len(step.codes)]
            self.calls.make(step, *(self.places[door] for door in doors))
        elif not any(each.code == step.code and each.times for each in self.asked):
            return
        elif step.do == "change":
            self.calls.change(step)
        elif self.account.holder(step.door) == step.code:
            return  # whether a contract can be deleted whose key is out is uncertain
        else:
            self.calls.delete(*step.codes)
        self.asked += step.asked()

    def _use(self, step: UseStep) -> None:
        made, environment = self.calls.made[step.code], self.ctx.environment
        code = self.calls.static_code(made.place) if step.static else made.code
        more = {**made.extras, **({"then": step.move} if step.move else {})}
        entry = environment.try_code(made.place, code, environment.now, **more)
        if entry.opened and (not step.move or entry.more.get("key")):
            who = self._whose(step)
            self.uses.append(Use(who, environment.now, step.move))

    def _whose(self, step: UseStep) -> str:
        """Return whose key comes back by a static code: the one who has it."""
        door = next(each.door for each in self.asked if each.code == step.code)
        holder = self.account.holder(door) if step.static else None
        return holder or step.code

    def _type_wrong_codes(self, step: WrongCodesStep) -> None:
        place, now = self.calls.made[step.code].place, self.ctx.environment.now
        for last in range(WRONG_CODES):
            self.ctx.environment.try_code(place, f"00000{last}", now)
        self.wrong.append((self.places.index(place), now))

    def _ask_wrongly(self, step: WrongCallStep) -> Iterator[Difference]:
        """Ask for what must be refused; only a 4xx is a refusal."""
        call = WRONG_CALLS[self.run.vendor][step.call]
        self.counts.add(call.rule)
        try:
            call.ask(self.calls, step.code)
            text = f"what it must refuse it does: {step.call}"
        except RefusalError as refused:
            if 400 <= refused.status < 500:
                return
            text = f"{step.call} is no clear refusal: {refused}"
        yield Difference(call.rule, step.code, step.at, text, SILENT)

    def _look(self, now: datetime) -> Iterator[Difference]:
        try:
            for said in codes(self.account, now):
                yield from self._door(said, now)
        except Inconclusive as obstacle:
            self.unjudged.add(str(obstacle))
        if self.calls.lists:
            yield from self._lists(now)
        yield from self._keys(now)
        if self.news is not None:
            yield from self.news.differences(
                self.account, now, self._delay, self.counts
            )

    def _lists(self, now: datetime) -> Iterator[Difference]:
        for held in lists(self.account, now):
            self.counts.add(held.rule)
            listed = self.calls.listed(self.places[held.door])
            where = f"the list of door {held.door + 1}"
            for code in sorted(held.must):
                if self.calls.label(code) not in listed:
                    text = f"{where} lacks {code}"
                    yield Difference(held.rule, code, now, text, LOCKED_OUT)
            for code in sorted({*held.never, FURTHER}):
                if self.calls.label(code) in listed:
                    text = f"{where} shows {code}"
                    yield Difference(held.rule, code, now, text, STALE)

    def _keys(self, now: datetime) -> Iterator[Difference]:
        for held in keys(self.account, now):
            self.counts.add(held.rule)
            if self.calls.is_out(self.places[held.door]) is (not held.out):
                wrong = "back" if held.out else "out"
                text = f"the key of door {held.door + 1} is shown as {wrong}"
                yield Difference(held.rule, "", now, text, SILENT)

    def _door(self, said: CodeStatement, now: datetime) -> Iterator[Difference]:
        key = said.code, said.door, said.how
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
            code = f"{said.code}, {said.how}," if said.how else said.code
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
        if said.how == "mistyped":
            code = code[:-1] + str((int(code[-1]) + 5) % 10)
        elif said.how == "old":
            code = made.old
        elif said.how:
            elsewhere = said.how == "static elsewhere"
            code = self.calls.static_code(place, other=elsewhere)
        return place.world.probe(place.door, code, at, **more).opened


def play(
    run: Run, shared: TargetContext, receiver: Receiver | None = None
) -> tuple[list[Difference], VendorRun]:
    """Return what differs in a run against a vendor's server, and how it went."""
    with begun(run, shared, receiver) as playing:
        return [*playing.differences()], playing


@contextmanager
def begun(
    run: Run, shared: TargetContext, receiver: Receiver | None = None
) -> Iterator[VendorRun]:
    """Yield a run that is ready to be played."""
    clock = replace(shared.profile.clock, start=run.begin)
    own = replace(
        shared,
        seed=f"{shared.seed}-{run.seed}",
        vendor=run.vendor,
        profile=replace(shared.profile, clock=clock),
        fixed_days=True,
    )
    ctx = ScenarioContext(own, f"s{next(own.numbers)}", Transcript(), Redact())
    try:
        yield VendorRun(ctx, run, receiver)
    finally:
        ctx.close()
