"""Plays a history against a subject, and holds it against the oracle at each moment.

Invariants: time only goes forward. At one instant everything happens first, then it is
looked. The moments follow from the history and the oracle alone: each arrival and when
it must be done, each message's hour, the beginnings and ends of windows, the end.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from strikeplate.allotment import words_of
from strikeplate.context import ScenarioContext
from strikeplate.explore.compare import Comparison, Difference
from strikeplate.explore.counts import Counts
from strikeplate.explore.history import (
    CredentialsStep,
    EventStep,
    FaultStep,
    MailStep,
    MarginsStep,
    MemberStep,
    OffStep,
    OwnerStep,
    PlatformStep,
    ReportsStep,
    RestartStep,
    TakenStep,
    UseStep,
)
from strikeplate.explore.moments import moments
from strikeplate.explore.relay import Relay
from strikeplate.explore.set_up import bound, cabinet, terms, titles, typed, widen
from strikeplate.explore.variations import Call
from strikeplate.fakes_client import parse
from strikeplate.oracle.events import Taken, Use, course
from strikeplate.platforms.standard import (
    Booking,
    ByIdAlone,
    Event,
    Membership,
    Person,
)
from strikeplate.subjects.admin_client import ApiAdminClient
from strikeplate.transcript import Redact, Transcript
from strikeplate.vendor_faults import fault
from strikeplate.verdict import HarnessFault, Inconclusive, NotApplicable
from strikeplate.vocabulary import LOCK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from strikeplate.environment import Place, TargetContext
    from strikeplate.explore.history import History
    from strikeplate.profiles.shape import Resource
    from strikeplate.vocabulary import Fields

SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Outcome:
    """What came of a history: its differences, and how much was looked at."""

    differences: tuple[Difference, ...]
    counts: Counts
    unjudged: str = ""
    """Why it could not be played to its end."""

    moments: tuple[datetime, ...] = ()
    """When it was looked."""

    calls: tuple[Call, ...] = field(default=(), compare=False)
    """The calls to the vendor that followed, once all was set up."""


@dataclass(frozen=True)
class Action:
    """Something that the player does at an instant."""

    at: datetime
    do: Callable[[], None]


def play(history: History, shared: TargetContext, *, first: bool = False) -> Outcome:
    """Return what comes of a history; with `first` it ends at the first difference."""
    clock = replace(shared.profile.clock, start=history.begin.astimezone(UTC))
    own = replace(
        shared,
        seed=f"{shared.seed}-{history.seed}",
        vendor=history.vendor,
        profile=replace(shared.profile, clock=clock),
        bound=bound(history.set_up),
        fixed_days=True,
    )
    ctx = ScenarioContext(own, f"s{next(own.numbers)}", Transcript(), Redact())
    try:
        return Player(ctx, history).outcome(first=first)
    finally:
        ctx.close()


def _changed(step: OwnerStep, rule: Resource) -> dict[str, object]:
    """Return a rule as the API takes it that its owner has changed."""
    if rule.community is not None:
        return {"community": rule.community}
    given = {"resource": step.sets["resource"]} if "resource" in step.sets else {}
    return {**terms(rule), **given}


@dataclass
class Player:
    """One history in play."""

    ctx: ScenarioContext
    history: History
    uses: list[Use] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    rules: dict[str, str] = field(default_factory=dict)
    """What the subject calls the rule of each resource."""

    statics: dict[str, list[str]] = field(default_factory=dict)
    """The static codes of each resource's slots, as they are typed."""

    moments: list[datetime] = field(default_factory=list)
    renewed: Mapping[str, str] = field(default_factory=dict)
    """The vendor's credentials since they were renewed."""

    made_before: int = 0
    """How many calls to the vendor it took to set everything up."""

    def outcome(self, *, first: bool) -> Outcome:
        """Play it."""
        counts, found, obstacle = Counts(), [], ""
        try:
            for difference in self._played(counts):
                found.append(difference)
                if first:
                    break
        except Inconclusive as met:
            obstacle = str(met)
        seen, calls = tuple(self.moments), tuple(self._calls())
        return Outcome(tuple(found), counts, obstacle, seen, calls)

    def _played(self, counts: Counts) -> Iterator[Difference]:
        comparison = self._comparison(counts)
        reports = [s for s in self.history.steps if isinstance(s, ReportsStep)]
        relay = Relay(self.ctx, reports[0].fault) if reports else None
        self.made_before = len(self.ctx.environment.world().requests())
        situation = self.history.situation()
        actions = sorted(self._actions(comparison), key=lambda action: action.at)
        for at in moments(situation, self.history):
            if at < self.ctx.environment.now:
                continue
            while actions and actions[0].at <= at:
                self._do(actions.pop(0))
            self._go_to(at)
            if relay is not None:
                relay.carry()
            now = self.ctx.environment.now
            self.moments.append(now)
            held = replace(situation, uses=[*self.uses], taken=[*self.taken])
            yield from comparison.differences(held, now)

    def _calls(self) -> Iterator[Call]:
        """Yield the calls to the vendor since all was set up."""
        environment = self.ctx.environment
        for row in environment.world().requests()[self.made_before :]:
            if row["vendor"] == environment.vendor:
                at, struck = parse(row["at"]), row["fault"] is not None
                yield Call(at, row["method"], row["path"], struck)

    def _comparison(self, counts: Counts) -> Comparison:
        resources = self.history.set_up
        places = {name: self._set_up(name, each) for name, each in resources.items()}
        for step in self.history.steps:
            if isinstance(step, OwnerStep) and (new := step.sets.get("resource")):
                places[new] = places[step.resource]
                self.statics[new] = self.statics.get(step.resource, [])
        people = {
            booking: self._person(number, booking)
            for number, booking in enumerate(self.history.bookings)
        }
        references = {each: self._reference(each) for each in people}
        told = self.ctx, people, places, references, counts
        return Comparison(*told, statics=self.statics)

    def _set_up(self, name: str, resource: Resource) -> list[Place]:
        """Add the doors of a resource, and the rule by which it opens them."""
        admin = self.ctx.subject.admin
        environment = self.ctx.environment
        what = words_of(resource, environment.vocabulary) or LOCK
        slots = [self._slot(name, resource) for _ in range(resource.doors)]
        places = [
            environment.add_door(title, what, zone=resource.zone, **slot)
            for title, slot in zip(titles(name, resource), slots, strict=True)
        ]
        connection, at = self.ctx.link(), [place.door for place in places]
        if isinstance(admin, ApiAdminClient) and resource.community is not None:
            ids = admin.lock_ids(connection, *at)
            whose = {"community": resource.community, "channel": resource.channel}
            rule = admin.add_rule(connection, {**whose, "locks": ids}).json()["id"]
        elif isinstance(admin, ApiAdminClient):
            rule = admin.create_rule(connection, name, *at, **terms(resource))
        else:
            rule = admin.create_rule(connection, name, *at)
        self.rules[name] = rule
        self.ctx.platform.route_events(name, connection)
        return places

    def _slot(self, name: str, resource: Resource) -> Fields:
        """Return a cabinet with one key, which has a static code, where these are used.

        What a subject has prepared is as it is.
        """
        if not resource.return_codes or self.ctx.prepared:
            return {}
        number = sum(map(len, self.statics.values()))
        self.statics.setdefault(name, []).append(typed(number))
        return cabinet(number)

    def _person(self, number: int, booking: str) -> Person:
        """Return a customer with addresses of this run alone."""
        known, tag = self.history.people[booking], self.ctx.environment.tag
        phone = f"+4670{tag.lstrip('s'):0>5}{number:02}"
        address = f"guest{number}@{tag}.example.org"
        return Person(known.name, address, phone, known.language)

    def _reference(self, booking: str) -> str:
        told = self.history.platform_steps
        member = any(s.booking == booking and isinstance(s, MemberStep) for s in told)
        return f"{'M' if member else 'B'}-{self.ctx.environment.tag}-{booking}"

    def _actions(self, comparison: Comparison) -> Iterator[Action]:
        previous: dict[str, Booking] = {}
        for number, step in enumerate(self.history.steps):
            if isinstance(step, PlatformStep):
                event = self._event(number, step, comparison, previous)
                for at in step.arrivals:
                    yield Action(at, partial(self._deliver, event))
            elif isinstance(step, FaultStep | MailStep | OffStep | CredentialsStep):
                yield from self._for_a_while(step)
            elif isinstance(step, UseStep):
                yield Action(step.at, partial(self._use, step, comparison))
            elif isinstance(step, TakenStep):
                yield Action(step.at, partial(self._take_away, step, comparison))
            elif isinstance(step, OwnerStep):
                yield Action(step.at, partial(self._edit, step, comparison))
            elif isinstance(step, MarginsStep):
                yield Action(step.at, partial(widen, self.ctx, self.history, step))
            elif isinstance(step, RestartStep):
                yield Action(step.at, self._restart)

    def _for_a_while(
        self, step: FaultStep | MailStep | OffStep | CredentialsStep
    ) -> Iterator[Action]:
        """Yield the beginning and the end of something that lasts."""
        if isinstance(step, CredentialsStep):
            begin, end = self._renew, self._hand_over
        elif isinstance(step, OffStep):
            begin, end = (partial(self._change, active=on) for on in (False, True))
        else:
            begin, end = partial(self._begin, step), partial(self._end, step)
        yield Action(step.at, begin)
        yield Action(step.until, end)

    def _event(
        self,
        number: int,
        step: PlatformStep,
        comparison: Comparison,
        previous: dict[str, Booking],
    ) -> Event:
        name = f"evt-{self.ctx.environment.tag}-{number:03}"
        person = comparison.people[step.booking]
        if isinstance(step, MemberStep):
            known_as, of = self._reference(step.booking), step.community
            member = Booking(known_as, of, step.at, step.at, person)
            kind = f"membership_{step.kind}"
            return Membership(name, kind, step.at, member, None, of, known_as)
        assert isinstance(step, EventStep)
        before = previous.get(step.booking)
        booking = Booking(
            before.id if before else self._reference(step.booking),
            step.resource,
            step.start,
            step.end,
            person,
        )
        if step.kind == "changed":
            booking = self.ctx.platform.format.renamed(booking, name)
        previous[step.booking] = booking
        told = ByIdAlone if step.id_alone else Event
        return told(name, step.kind, step.at, booking, before)

    def _deliver(self, event: Event) -> None:
        for delivery in self.ctx.platform.prepare_all(event):
            self.ctx.platform.send(delivery)

    def _place(self, step: UseStep | TakenStep) -> str:
        """Return the resource that a customer has booked then; empty for none."""
        situation = self.history.situation().known(step.at)
        if step.booking not in situation.bookings:
            return ""
        return course(situation, step.booking).now.placement.resource

    def _take_away(self, step: TakenStep, comparison: Comparison) -> None:
        """Take a customer's latest codes away in the vendor's app, at each door."""
        environment = self.ctx.environment
        for place in comparison.places.get(self._place(step), ()):
            codes = self.ctx.inbox.codes(comparison.people[step.booking])
            for code in {*codes} & {*environment.codes(place, "cloud")}:
                place.world.patch_door(place.door, app_removes=code)
                self.taken.append(Taken(step.booking, step.at))

    def _edit(self, step: OwnerStep, comparison: Comparison) -> None:
        """Change a rule as its owner does, or delete it."""
        if self.ctx.prepared:
            raise NotApplicable("nobody can change its rules")
        rule, admin = self.rules[step.resource], self.ctx.admin
        edits = [each for each in self.history.rule_edits() if each.at == step.at]
        if step.sets:
            changed = _changed(step, edits[-1].rule)
            if "doors" in step.sets:
                left = comparison.places[step.resource][: step.sets["doors"]]
                at = (place.door for place in left)
                changed["locks"] = admin.lock_ids(self.ctx.link(), *at)
            answer = admin.edit_rule(rule, **changed)
        else:
            answer = admin.delete_rule(rule)
        if not answer.ok:
            raise HarnessFault(f"its rule was not changed: {answer.status}")
        self.ctx.run_until_idle()

    def _use(self, step: UseStep, comparison: Comparison) -> None:
        """Type a customer's latest codes at each door that is booked."""
        environment, inbox = self.ctx.environment, self.ctx.inbox
        name, moves = self._place(step), {"then": step.move} if step.move else {}
        for door, place in enumerate(comparison.places.get(name, ())):
            for code in inbox.codes(comparison.people[step.booking]):
                more = {**inbox.extras_for(code), **moves}
                entry = environment.try_code(place, code, environment.present, **more)
                if entry.opened:
                    move = step.move if entry.more.get("key") else None
                    self.uses.append(Use(step.booking, name, door, step.at, move))
                    break

    def _change(self, **what: object) -> None:
        """Change the connection as its owner does: on or off, or its credentials."""
        if self.ctx.prepared:
            raise NotApplicable("nobody can change its connection")
        answer = self.ctx.admin.switch(self.ctx.link(), **what)
        if not answer.ok:
            raise HarnessFault(f"its connection was not changed: {answer.status}")
        self.ctx.run_until_idle()

    def _renew(self) -> None:
        """Renew the vendor's credentials; those of the connection are dead from now."""
        if self.ctx.prepared:
            raise NotApplicable("nobody can give its connection other credentials")
        self.ctx.link()  # which has the old ones
        environment = self.ctx.environment
        self.renewed = environment.world().renew_credentials(environment.vendor)
        for secret in self.renewed.values():
            self.ctx.redact.hide(secret)

    def _hand_over(self) -> None:
        """Give the connection the renewed credentials, as its owner does."""
        self._change(credentials=dict(self.renewed))

    def _restart(self) -> None:
        self.ctx.subject.restart()
        self.ctx.run_until_idle()

    def _begin(self, step: FaultStep | MailStep) -> None:
        if isinstance(step, MailStep):
            self.ctx.subject.sink.refuses = True
            return
        environment = self.ctx.environment
        call = environment.vocabulary.call(step.call)
        times = {} if step.times is None else {"times": step.times}
        body = {**call, **fault(step.effect), "skip": step.skip, **times}
        environment.world().add_fault(environment.vendor, **body)

    def _end(self, step: FaultStep | MailStep) -> None:
        if isinstance(step, MailStep):
            self.ctx.subject.sink.refuses = False
        else:
            self.ctx.environment.world().clear_faults()

    def _do(self, action: Action) -> None:
        self._go_to(action.at)
        action.do()

    def _go_to(self, at: datetime) -> None:
        if at > self.ctx.environment.present:  # who finishes its work may be later
            self.ctx.environment.move_to(at)
