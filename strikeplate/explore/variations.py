"""One booking with a single fault: at each vendor call and each event, in turn. Pure.

at a call of the vendor   the vendor                                        in a history
refused                   answers 503, and does not act                     a fault
refused for good          answers 400, and does not act                     a fault
error after acting        acts, and answers 500                             a fault
answer lost               acts, and closes the connection                   a fault
too slow                  acts, and answers when nobody waits any more      a fault

at an event               the platform
lost                      never sends it                                    no step
doubled                   sends it twice, and once more ten minutes later   `arrives`
early                     sends it a minute before it happened, by its own clock
late                      sends it three hours later
out of order              sends it after the event that followed it

at the vendor's events    the vendor                                        a report
lost                      never sends one
doubled                   sends each twice at once
late                      sends each three hours later
out of order              sends with each those of before, the latest first

Three courses of one booking are varied so: it is made; made and changed; made and
cancelled. Of calls that are repeated at intervals each is varied where it is made for
the first time after an event.

Invariants: a course follows from its seed, the vendor and the offer alone, a variation
from its course and the calls that it led to. What is lawful under a fault the oracle
says: of what was lost nothing is known, and what a call was kept from is done in time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from itertools import pairwise, zip_longest
from random import Random
from typing import TYPE_CHECKING

from strikeplate.explore.generate import generate
from strikeplate.explore.history import EventStep, FaultStep, History, ReportsStep
from strikeplate.vocabulary import EVERY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from strikeplate.explore.generate import Offer
    from strikeplate.explore.history import ReportFault
    from strikeplate.vocabulary import Fields

SECOND, MINUTE, HOUR = (timedelta(seconds=each) for each in (1, 60, 3600))

LOGIN = "get token"
"""The words of a call that changes nothing, though it is a POST."""

AT_CALLS = {
    "refused": "503",
    "refused for good": "400",
    "error after acting": "500 after the vendor acted",
    "answer lost": "lost after the vendor acted",
    "too slow": "too late",
}
AT_EVENTS = ("lost", "doubled", "early", "late", "out of order")
AT_REPORTS: Mapping[str, ReportFault] = {
    "vendor's events lost": "lost",
    "vendor's events doubled": "doubled",
    "vendor's events late": "late",
    "vendor's events out of order": "out of order",
}
FAULTS = (*AT_CALLS, *AT_EVENTS, *AT_REPORTS)
"""Every kind of fault that a sweep plays."""

COURSES = {
    "create": ("confirmed",),
    "change": ("confirmed", "changed"),
    "cancel": ("confirmed", "cancelled"),
}
"""What happens to the booking, by what the sweep calls it."""


@dataclass(frozen=True)
class Call:
    """A call to the vendor, as its server noted it; `struck` if a fault met it."""

    at: datetime
    method: str
    path: str
    struck: bool = False


@dataclass(frozen=True)
class Variation:
    """A course with one fault; `place` is the call or the event that it is at."""

    course: str
    place: str
    fault: str
    history: History

    @property
    def at_a_call(self) -> bool:
        """Whether the fault is one of the vendor."""
        return self.fault in AT_CALLS

    def __str__(self) -> str:
        return f"{self.history.vendor}, {self.course}: {self.place} {self.fault}"


def courses(seed: int, offer: Offer) -> Iterator[tuple[str, History]]:
    """Yield each course of a booking that the subject's platform can tell of."""
    drawn = generate(seed, offer)
    for name, kinds in COURSES.items():
        if offer.kinds.issuperset(kinds):
            chance = Random(f"{seed}-{offer.vendor}-{name}")  # noqa: S311 - no secret
            yield name, _course(drawn, kinds, chance)


def _course(drawn: History, kinds: Sequence[str], chance: Random) -> History:
    """Return a history of one booking at the plain resources of a drawn one."""
    names = [
        name
        for name, each in drawn.set_up.items()
        if each.community is None and each.recurring is None
    ]
    name, gap = names[0], chance.choice((8 * HOUR, 8 * HOUR, 20 * MINUTE))
    if drawn.set_up[name].trigger == "paid":
        kinds = ("confirmed", "paid", *kinds[1:])
    told = [drawn.begin + HOUR + number * gap for number in range(len(kinds))]
    under_way = len(told) > 1 and chance.random() < 0.3
    start = told[-1] - 2 * HOUR if under_way else told[-1] + 10 * HOUR
    booked = (name, start, start + chance.choice((14 * HOUR, 20 * HOUR)))
    steps = []
    for at, kind in zip(told, kinds, strict=True):
        if kind == "changed":
            booked = _moved(booked, names, chance)
        steps.append(_event(at, kind, *booked))
    person = next(iter(drawn.people.values()))
    resources = {name: drawn.resources[name] for name in names}
    update = {"steps": tuple(steps), "people": {"b1": person}, "resources": resources}
    return drawn.model_copy(update=update)


Booked = tuple[str, datetime, datetime]


def _moved(booked: Booked, names: Sequence[str], chance: Random) -> Booked:
    """Return another time or another resource for a booking."""
    name, start, end = booked
    ways = ["later", "longer", "another" if len(names) > 1 else "shorter"]
    way = chance.choice(ways)
    if way == "later":
        return name, start + 24 * HOUR, end + 24 * HOUR
    if way == "longer":
        return name, start, end + 90 * MINUTE
    if way == "shorter":
        return name, start, end - 2 * HOUR
    return names[1], start, end


def _event(
    at: datetime, kind: str, resource: str, start: datetime, end: datetime
) -> EventStep:
    return EventStep(
        at=at,
        booking="b1",
        kind=kind,  # type: ignore[arg-type]  # one of the courses' words
        resource=resource,
        start=start,
        end=end,
    )


def variations(
    course: str,
    history: History,
    calls: Sequence[Call],
    stops: Sequence[datetime],
    known: Mapping[str, Fields],
) -> Iterator[Variation]:
    """Yield a course with each fault at each of its calls and events.

    `calls` are those that it led to, `stops` the instants at which it was looked. A
    fault begins at the last stop before its call: a stop of its own would move calls.
    `known` has the method and path of the vendor's calls, by their words.
    """
    for place, struck in _placed(history, calls, stops, known):
        for fault, effect in AT_CALLS.items():
            faulty = struck.model_copy(update={"effect": effect})
            yield Variation(course, place, fault, _with(history, faulty))
    for step in history.events:
        for fault in AT_EVENTS:
            if (varied := _at_event(fault, history, step)) is not None:
                yield Variation(course, f"event {step.kind}", fault, varied)


def report_variations(course: str, history: History) -> Iterator[Variation]:
    """Yield a course with each fault at the vendor's own events, all of them."""
    for fault, effect in AT_REPORTS.items():
        step = ReportsStep(at=history.begin, fault=effect)
        yield Variation(course, "all", fault, _with(history, step))


def _placed(
    history: History,
    calls: Sequence[Call],
    stops: Sequence[datetime],
    known: Mapping[str, Fields],
) -> Iterator[tuple[str, FaultStep]]:
    """Yield a fault for each call, and the words for the call."""
    events = [step.at for step in history.events]
    met: set[tuple[str, int]] = set()
    numbers: Counter[str] = Counter()
    for index, call in enumerate(calls):
        name = _name(call, known)
        after = sum(at <= call.at for at in events)
        changes = call.method != "GET" and name not in {EVERY, LOGIN}
        if not changes and (name, after) in met:
            continue
        met.add((name, after))
        numbers[name] += 1
        begins = max(at for at in [history.begin, *stops] if at < call.at)
        earlier = [each for each in calls[:index] if each.at > begins]
        skip = sum(name in {EVERY, _name(each, known)} for each in earlier)
        step = FaultStep(
            at=begins,
            strikes=call.at - SECOND,
            until=call.at + SECOND,
            call=name,
            skip=skip,
            times=1,
        )
        yield f'"{name}" {numbers[name]}', step


def _name(call: Call, known: Mapping[str, Fields]) -> str:
    """Return the words of a call; those of every call if the vendor has none for it."""
    for name, each in known.items():
        if each["method"] == call.method and fnmatchcase(call.path, each["path"]):
            return name
    return EVERY


def _with(history: History, *more: FaultStep | ReportsStep) -> History:
    steps = sorted([*history.steps, *more], key=lambda step: step.at)
    return history.model_copy(update={"steps": tuple(steps)})


def _at_event(fault: str, history: History, step: EventStep) -> History | None:
    """Return the history with a fault at one event; None where it has no meaning."""
    if fault == "lost":
        rest = tuple(each for each in history.steps if each is not step)
        return history.model_copy(update={"steps": rest})
    followed = next((b for a, b in pairwise(history.events) if a is step), None)
    arrives = {
        "doubled": (step.at, step.at + SECOND, step.at + 10 * MINUTE),
        "early": (step.at - MINUTE,),
        "late": (step.at + 3 * HOUR,),
        "out of order": (followed.at + MINUTE,) if followed else (),
    }[fault]
    if not arrives:
        return None
    varied = step.model_copy(update={"arrives": arrives})
    steps = tuple(varied if each is step else each for each in history.steps)
    return history.model_copy(update={"steps": steps})


def spread(
    found: Sequence[Variation], budget: int | None, seed: int
) -> list[Variation]:
    """Return so many variations, of every course and fault in turn; None for all.

    The seed draws which of them come first.
    """
    groups: defaultdict[tuple[str, str], list[Variation]] = defaultdict(list)
    for each in found:
        groups[each.course, each.fault].append(each)
    order = [*groups]
    Random(seed).shuffle(order)  # noqa: S311 - no secret
    rows = zip_longest(*(groups[key] for key in order))
    return [each for row in rows for each in row if each is not None][:budget]
