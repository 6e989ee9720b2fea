"""What else happens in a history that has its bookings, mostly by its owner. Pure.

what                              where               follows by
a rule is given to another name   any vendor          CON-16
credentials are renewed           any vendor          CON-14
people join a community, leave    Exivo               EXV-02
its rule goes to another one      Exivo               CON-16
a rule loses one of its doors     any vendor          CON-16 EXV-02
margins of all rules are changed  any vendor          CON-16
one list of codes comes empty     any that lists      CON-13
a cancellation names an id alone  any vendor          RES-07
a recurring key changes its hour  Nuki                NUK-09 NUK-10
the owner gets copies             any vendor          MSG-03
slots have static return codes    LivionKey           LIV-08
... and rules have grace beside   LivionKey           LIV-09
a key is taken, and comes back    LivionKey           LIV-05 LIV-06 LIV-07

Invariants: what follows depends on the history alone, and changes no step that was
drawn before but those cancellations.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from strikeplate.explore.history import (
    NOTHING,
    CredentialsStep,
    EventStep,
    FaultStep,
    MailStep,
    MarginsStep,
    MemberStep,
    OwnerStep,
    RestartStep,
    TakenStep,
    UseStep,
)
from strikeplate.explore.people import customer
from strikeplate.oracle.events import KEYS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from strikeplate.explore.history import History, Step

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
GIVEN = "hall-1"
"""The resource that is given another one's rule."""

BOOKED = "b9"
"""The booking of it."""

HALL, RETURNS = "hall-2", "r1"
"""The resource of a recurring key, and the booking that has it."""

LIST = "list codes"
LISTS_CODES = ("exivo", "livionkey", "nuki")
"""Vendors in whose app somebody can take a code away."""

NOTICED = 30 * HOUR
"""After so long an integration that looks once a day has looked."""

HOURS = (0, 0, 5, 7, 10, 13, 16, 18, 20, 22)
"""When a recurring key begins: some hours are of another day in UTC."""

CLUB, GOLD, SILVER = "club", "gold", "silver"
OWN = (OwnerStep, TakenStep)
TROUBLE = (FaultStep, MailStep, RestartStep)


@dataclass
class More:
    """What was drawn: resources, steps, and the names of further people."""

    resources: dict[str, dict[str, Any]] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    people: list[str] = field(default_factory=list)


def extended(history: History, *, acts: bool, widens: bool) -> History:
    """Return a history in which more happens.

    Its owner `acts` or does nothing but give the connection margins, if that: `widens`.
    """
    chance = Random(f"{history.seed}-{history.vendor}-more")  # noqa: S311 - no secret
    steps = [_by_id_alone(step, chance) for step in history.steps]
    history = history.model_copy(update={"steps": tuple(steps)})
    if not history.events:
        return history
    more = _more(history, chance) if acts else More()
    lists = any(getattr(step, "effect", "") == NOTHING for step in more.steps)
    moved = any(isinstance(step, UseStep) for step in more.steps)
    if widens and chance.random() < 0.3 and not lists and not moved:
        _widen(more, history.events, chance)
    people = {name: customer(chance) for name in more.people}
    update = {
        "resources": history.resources | more.resources,
        "people": history.people | people,
        "steps": tuple(sorted([*steps, *more.steps], key=lambda step: step.at)),
    }
    return history.model_copy(update=update)


def _by_id_alone(step: Step, chance: Random) -> Step:
    """Let a cancellation name its booking's id alone, perhaps."""
    cancelled = isinstance(step, EventStep) and step.kind == "cancelled"
    if cancelled and chance.random() < 0.5:
        return step.model_copy(update={"id_alone": True})
    return step


def _more(history: History, chance: Random) -> More:
    """Draw what else an owner does."""
    found, what = More(), chance.random()
    events, steps = history.events, history.steps
    untouched = not any(isinstance(step, OWN) for step in steps)
    smooth = not any(isinstance(step, TROUBLE) for step in steps)
    listed = not any(isinstance(step, FaultStep | TakenStep) for step in steps)
    if what < 0.15 and untouched:
        _give_away(found, events, chance)
    elif what < 0.3 and smooth:
        _renew(found, chance.choice(events).at, chance)
    elif what < 0.5 and untouched:
        _lose_a_door(found, history, chance)
    elif what < 0.75 and listed and history.vendor in LISTS_CODES:
        _list_nothing(found, events, chance)
    disturbed = any(isinstance(each, OwnerStep | FaultStep) for each in found.steps)
    if history.vendor in KEYS and untouched and not disturbed:
        _borrow(found, history, chance)
    if history.vendor in KEYS and chance.random() < 0.5:
        for name, traits in (history.resources | found.resources).items():
            grace = {"return_grace": "90m"} if chance.random() < 0.3 else {}
            found.resources[name] = {**traits, "return_codes": True, **grace}
    if history.vendor == "exivo" and chance.random() < 0.4:
        zone = next(iter(history.resources.values()))["zone"]
        _found_club(found, zone, events[0].at, chance)
    if history.vendor == "nuki" and chance.random() < 0.4:
        zone = next(iter(history.resources.values()))["zone"]
        _recurs(found, zone, events[0].at, chance)
    _copy(found, history, chance)
    return found


def _copy(found: More, history: History, chance: Random) -> None:
    """Let the owner have copies of a rule's messages, unless of keys there are some."""
    moved = any(isinstance(step, UseStep) for step in found.steps)
    if chance.random() < 0.3 and not moved:
        name = chance.choice([*history.resources])
        traits = found.resources.get(name, history.resources[name])
        found.resources[name] = {**traits, "copy_to_owner": True}


def _recurs(found: More, zone: str, at: datetime, chance: Random) -> None:
    """Draw a recurring key; its booking changes its hour, and may be cancelled."""
    form = chance.choice(("weekly", "day", "instants"))
    traits = {"vendor": "nuki", "zone": zone, "recurring": form, "grace": "5m"}
    found.resources[HALL] = traits
    found.people.append(RETURNS)
    day = (at + chance.randint(1, 5) * DAY).astimezone(ZoneInfo(zone))
    kinds = ("confirmed", "changed", "cancelled")[: chance.choice((1, 2, 2, 2, 3))]
    for kind in kinds:
        hour, minute = chance.choice(HOURS), chance.choice((20, 40))
        length = chance.randint(1, min(4, 23 - hour))
        start = day.replace(hour=hour, minute=minute, second=0)
        weeks = 7 * chance.randint(1, 3) if form == "weekly" else 0
        last = start + weeks * DAY  # at the same time of day
        end = last.replace(hour=hour + length)
        step = EventStep(
            at=at + MINUTE / 6,
            booking=RETURNS,
            kind=kind,  # type: ignore[arg-type]  # one of the three
            resource=HALL,
            start=start.astimezone(UTC),
            end=end.astimezone(UTC),
        )
        found.steps.append(step)
        at += chance.choice((7, 60 * 9)) * MINUTE


def _give_away(found: More, events: Sequence[EventStep], chance: Random) -> None:
    """Give a rule to a resource that is booked after all the others."""
    event = chance.choice(events)
    at = event.at + 47 * MINUTE + MINUTE / 2  # nothing else happens then
    sets = {"resource": GIVEN}
    found.steps.append(OwnerStep(at=at, resource=event.resource, sets=sets))
    start = max(step.end for step in events) + DAY
    if chance.random() < 0.7 and start > at + DAY:
        told = chance.choice((event.at + MINUTE / 4, at + HOUR))
        kinds = ("confirmed", "paid")
        for number, kind in enumerate(kinds):
            step = EventStep(
                at=told + number * MINUTE / 4,
                booking=BOOKED,
                kind=kind,  # type: ignore[arg-type]  # one of both
                resource=GIVEN,
                start=start,
                end=start + 2 * HOUR,
            )
            found.steps.append(step)
        found.people.append(BOOKED)


def _lose_a_door(found: More, history: History, chance: Random) -> None:
    """Take the last door out of a rule that has several, once it was booked."""
    booked = [e for e in history.events if history.set_up[e.resource].doors > 1]
    if booked:
        event = chance.choice(booked)
        left = history.set_up[event.resource].doors - 1
        at = event.at + 43 * MINUTE + MINUTE / 2  # nothing else happens then
        step = OwnerStep(at=at, resource=event.resource, sets={"doors": left})
        found.steps.append(step)


def _list_nothing(found: More, events: Sequence[EventStep], chance: Random) -> None:
    """Let the vendor list no code at all, once, or twice with full lists between."""
    longest = max(events, key=lambda step: step.end - step.at)
    at = longest.at + 20 * MINUTE + MINUTE / 2
    for _ in range(chance.choice((1, 2, 2))):
        found.steps.append(
            FaultStep(at=at, until=at + NOTICED, call=LIST, effect=NOTHING, times=1)
        )
        at += NOTICED + HOUR


def _widen(found: More, events: Sequence[EventStep], chance: Random) -> None:
    """Give the connection margins, before all else or not, and others later."""
    at = chance.choice(events).at + 51 * MINUTE + MINUTE / 2  # nothing else is then
    at = chance.choice((at, at, events[0].at - MINUTE / 2))
    for _ in range(chance.choice((1, 2, 2))):
        before, after = (chance.choice((0, 1, 3)) * HOUR for _ in range(2))
        found.steps.append(MarginsStep(at=at, before=before, after=after))
        at += chance.choice((HOUR, 20 * HOUR))


def _borrow(found: More, history: History, chance: Random) -> None:
    """Let the last customer of each key take it, and bring it back or not."""
    for name, traits in history.resources.items():
        there = [step for step in history.events if step.resource == name]
        last = max(there, key=lambda step: step.end, default=None)
        if last is None:
            continue
        own = [step for step in history.events if step.booking == last.booking]
        length, known = last.end - last.start, max(max(s.arrivals) for s in own)
        at = (last.start + length / 4).replace(second=0, microsecond=0)
        if known + HOUR / 6 > at or own[-1] != last:
            continue
        terms: dict[str, Any] = (
            {"report_returns": True} if chance.random() < 0.5 else {}
        )
        terms |= {"overdue_after": "1h"} if chance.random() < 0.3 else {}
        found.resources[name] = {**traits, **terms}
        moves: list[Any] = [(at, "take"), (at + length / 2, "return")]
        for when, move in moves[: chance.choice((1, 2))]:
            step = UseStep(at=when, booking=last.booking, move=move)
            found.steps.append(step)


def _renew(found: More, at: datetime, chance: Random) -> None:
    """Renew credentials before something arrives, and hand them over afterwards."""
    since = at - MINUTE / 2
    until = at + chance.choice((10 * MINUTE, 3 * HOUR)) + MINUTE / 2
    found.steps.append(CredentialsStep(at=since, until=until))


def _found_club(found: More, zone: str, at: datetime, chance: Random) -> None:
    """Draw who joins a community, leaves it and joins again; its rule may move."""
    club = {"vendor": "exivo", "zone": zone, "community": GOLD}
    found.resources[CLUB] = {**club, "doors": 2} if chance.random() < 0.5 else club
    for name in ("m1", "m2")[: chance.randint(1, 2)]:
        found.people.append(name)
        community = GOLD if chance.random() < 0.8 else SILVER
        _joins_and_leaves(found, name, community, at + MINUTE / 3, chance)
    if chance.random() < 0.35:
        last = max(step.at for step in found.steps) + chance.choice((-40, 70)) * MINUTE
        ways: list[dict[str, Any]] = [{"community": SILVER}, {}]
        if "doors" in found.resources[CLUB]:
            ways.append({"doors": 1})
        sets = chance.choice(ways)
        step = OwnerStep(at=max(last, at + MINUTE), resource=CLUB, sets=sets)
        found.steps.append(step)


def _joins_and_leaves(
    found: More, name: str, community: str, at: datetime, chance: Random
) -> None:
    """Draw from one to three changes of a membership; one may arrive late."""
    kinds = ("started", "ended", "started")[: chance.randint(1, 3)]
    for kind in kinds:
        at += chance.choice((7, 60, 60 * 30)) * MINUTE
        late = (at + chance.choice((9, 70)) * MINUTE,) if chance.random() < 0.2 else ()
        found.steps.append(
            MemberStep(
                at=at.replace(microsecond=0),
                booking=name,
                kind=kind,  # type: ignore[arg-type]  # one of both
                community=community,
                arrives=tuple(each.replace(microsecond=0) for each in late),
            )
        )
