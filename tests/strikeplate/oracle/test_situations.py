"""What is said at the doors, against the cases in `situations.txt`, worked out by hand.

Days count from the beginning of December 2026, times are those of Berlin. There are
court-1, with the traits, and court-2 without; the attic has no rule unless it is
`given` that of court-1. `again` repeats an event (the first one,
or that of a number), `late` is when one arrives.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from strikeplate.oracle import answers, doors
from strikeplate.oracle.answers import Answer
from strikeplate.oracle.doors import Which
from strikeplate.oracle.events import (
    DELIVERY,
    Edit,
    Event,
    Fault,
    Placement,
    Situation,
    Taken,
    Use,
)
from strikeplate.oracle.overview import accesses
from strikeplate.oracle.stock import stock
from strikeplate.profiles.shape import Resource

BERLIN = ZoneInfo("Europe/Berlin")
FIRST = datetime(2026, 11, 30, tzinfo=BERLIN)


class Case(NamedTuple):
    """One situation, and what is said of a code at a door."""

    what: str
    vendor: str
    traits: str
    events: str
    now: str
    code: str
    door: str
    at: str
    answer: str
    rule: str = ""


HERE = Path(__file__).parent
HEAD, *ROWS = (HERE / "situations.txt").read_text(encoding="utf-8").splitlines()
CASES = [Case(*(cell.strip() for cell in row.split("|"))) for row in ROWS]


def instant(text: str) -> datetime:
    """Return the instant of `7 15:20` or `7 15:20:01`."""
    day, clock = text.split()
    hour, minute, *second = map(int, clock.split(":"))
    local = FIRST + timedelta(days=int(day))
    return local.replace(hour=hour, minute=minute, second=second[0] if second else 0)


EVENT = re.compile(
    r"(?P<at>\d+ [\d:]+) (?P<kind>\w+)(?: (?P<where>court-\d|attic)"
    r" (?P<start>\d+ [\d:]+) (?P<end>\d+ [\d:]+))?(?: late (?P<late>\d+ [\d:]+))?"
)


def events(text: str) -> list[Event]:
    """Return the events of a cell; one without a time of its own keeps the first's."""
    found: list[Event] = []
    for part in text.split("; "):
        if part.startswith("again"):
            _, day, clock, *which = part.split()
            first = found[int(which[0]) - 1 if which else 0]
            found.append(replace(first, arrived=instant(f"{day} {clock}")))
            continue
        told = EVENT.fullmatch(part)
        assert told, part
        placement = found[0].placement if found else None
        if told["where"]:
            times = instant(told["start"]), instant(told["end"])
            placement = Placement(told["where"], *times, "Ada")
        assert placement, part
        at = instant(told["at"])
        arrived = instant(told["late"]) if told["late"] else at
        found.append(Event("B-1", told["kind"], at, arrived, placement))
    return found


def rule(traits: dict[str, object], change: str) -> Resource:
    """Return the rule with those traits once its owner has changed one."""
    name, value = change.split("=")
    plain: dict[str, object] = {"active=no": False, "doors=1": 1}
    return Resource.model_validate({**traits, name: plain.get(change, value)})


def to_the_attic(traits: dict[str, object], at: datetime) -> list[Edit]:
    """Return what it means that the rule of court-1 is given to the attic."""
    own = Resource.model_validate({**traits, "door": "court-1"})
    return [
        Edit("court-1", at, rule(traits, "active=no")),
        Edit("attic", at, own, given=True),
    ]


def situation(case: Case) -> Situation:
    """Return the situation of a case."""
    traits: dict[str, object] = {}
    faults, uses, off, taken, edits, given = [], [], [], [], [], []
    for word in filter(None, case.traits.split(", ")):
        if word.startswith(("fault ", "refused ")):
            what, day, clock, *until = word.split()
            since, over = instant(f"{day} {clock}"), instant(" ".join(until))
            faults.append(Fault(since, over, what == "refused"))
        elif word.startswith("off "):
            _, day, clock, *until = word.split()
            off.append((instant(f"{day} {clock}"), instant(" ".join(until))))
        elif word.startswith("taken "):
            taken.append(Taken("B-1", instant(word.removeprefix("taken "))))
        elif word.startswith("edit "):
            _, day, clock, change = word.split()
            edits.append((instant(f"{day} {clock}"), change))
        elif word.startswith("given "):
            given.append(instant(word.removeprefix("given ")))
        elif word.startswith("use "):
            uses.append(Use("B-1", "court-1", 0, instant(word.removeprefix("use "))))
        else:
            name, _, value = word.partition("=")
            traits[name] = int(value) if name == "doors" else value
    plain = {"vendor": case.vendor, "zone": "Europe/Berlin"}
    return Situation(
        {
            "court-1": Resource.model_validate({**plain, **traits}),
            "court-2": Resource.model_validate(plain),
        },
        events(case.events),
        faults,
        uses,
        off,
        [
            *(Edit("court-1", at, rule({**plain, **traits}, how)) for at, how in edits),
            *(each for at in given for each in to_the_attic({**plain, **traits}, at)),
        ],
        taken,
    )


def said(case: Case) -> answers.Timeline | None:
    """Return what is said of a code at a door; None if nothing is."""
    name, _, number = case.door.partition("/")
    found = [
        each.timeline
        for each in doors.doors(situation(case), instant(case.now))
        if (each.resource, each.door) == (name, int(number or 0))
        and each.which is Which[case.code.upper()]
    ]
    assert len(found) <= 1
    return found[0] if found else None


def test_table_has_the_columns_of_a_case() -> None:
    assert [cell.strip() for cell in HEAD.split("|")][4:] == [*Case._fields[4:]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.vendor}: {case.what}")
def test_oracle_says_what_was_worked_out_by_hand(case: Case) -> None:
    found = said(case)
    if case.answer == "unsaid":
        assert found is None
        return
    assert found is not None
    stretch = answers.at(found, instant(case.at))
    assert (stretch.answer.value, stretch.rule) == (case.answer, case.rule)


def test_two_bookings_of_one_key_may_keep_each_other_from_it() -> None:
    case = CASES[8]
    base = situation(case)
    other = Placement("court-1", instant("7 16:00"), instant("7 18:00"), "Bo")
    later = Placement("court-1", instant("7 17:20"), instant("7 18:00"), "Bo")
    at, now = instant("1 10:00"), instant("2 09:00")
    for placement, unsaid in ((other, True), (later, False)):
        event = Event("B-2", "confirmed", at, at, placement)
        both = Situation(base.resources, [*base.events, event])
        assert (not doors.doors(both, now)) is unsaid


def test_key_may_have_been_kept_from_a_booking_by_a_rule_of_before() -> None:
    case = CASES[8]
    base = situation(case)
    later = Placement("court-1", instant("7 17:20"), instant("7 18:00"), "Bo")
    at = instant("1 10:00")
    plain = base.resources["court-1"]
    wide = plain.model_copy(update={"margin_after": timedelta(hours=1)})
    edits = [
        Edit("court-1", instant("1 08:00"), wide),
        Edit("court-1", instant("2 08:00"), plain),
    ]
    both = [*base.events, Event("B-2", "confirmed", at, at, later)]
    now = instant("2 09:00")
    assert doors.doors(Situation(base.resources, both), now)
    assert not doors.doors(Situation(base.resources, both, edits=edits), now)


def test_a_fourth_booking_of_the_same_hours_may_have_no_algopin() -> None:
    base = situation(CASES[9])
    (first,) = base.events
    arrivals = [
        replace(
            first,
            booking=f"B-{number}",
            placement=replace(first.placement, customer=str(number)),
        )
        for number in range(1, 5)
    ]
    for count, silent in ((3, False), (4, True)):
        held = Situation(base.resources, arrivals[:count])
        assert (not doors.doors(held, instant("1 09:05"))) is silent


def two_flats(*bookings: Event) -> Situation:
    """Return a situation of two flats whose keys are in one cabinet."""
    flat = {"vendor": "livionkey", "door": "Lobby"}
    names = ("flat-1", "flat-2")
    return Situation({name: Resource.model_validate(flat) for name in names}, bookings)


def test_code_of_a_flat_opens_the_cabinet_that_it_shares() -> None:
    at, now = instant("1 09:00"), instant("1 09:05")
    times = instant("7 15:20"), instant("9 11:00")
    event = Event("B-1", "confirmed", at, at, Placement("flat-1", *times, "Ada"))
    said = doors.doors(two_flats(event), now)
    assert {each.resource for each in said} == {"flat-1"}
    assert [each.at_most for each in stock(two_flats(event), now)] == [1, 1]
    over = replace(event, kind="cancelled", happened=instant("2 09:00"))
    ended = two_flats(event, replace(over, arrived=over.happened))
    said = doors.doors(ended, instant("2 09:05"))
    assert {each.resource for each in said} == {"flat-1", "flat-2"}
    assert {answers.at(each.timeline, now).answer for each in said} == {Answer.SHUT}


@pytest.mark.parametrize(
    ("deleted", "most"),
    [("2 09:00", 0), ("9 10:00", 0), ("9 11:30", 1), ("10 09:00", 1)],
)
def test_code_that_was_over_before_its_rule_was_deleted_may_stay(
    deleted: str, most: int
) -> None:
    at, gone = instant("1 09:00"), instant(deleted)
    times = instant("7 15:20"), instant("9 11:00")
    event = Event("B-1", "confirmed", at, at, Placement("flat-1", *times, "Ada"))
    flats, lag = two_flats(event), {"margin_after": timedelta(hours=1)}
    rules = {name: r.model_copy(update=lag) for name, r in flats.resources.items()}
    rule = rules["flat-1"].model_copy(update={"active": False})
    edits = [Edit("flat-1", gone, rule)]
    held, now = replace(flats, resources=rules, edits=edits), gone + DELIVERY
    assert bool(accesses(held, now)) is not most
    found = [*stock(held, now)]
    assert {each.at_most for each in found if each.resource == "flat-1"} == {most}


def test_member_opens_while_a_member_and_no_longer() -> None:
    traits = {"vendor": "exivo", "community": "gold"}
    place = Resource.model_validate(traits)
    joined, left = instant("1 09:00"), instant("20 09:00")
    member = Placement("gold", joined, None, "Ada")
    history = [
        Event("M-1", "membership_started", joined, joined, member),
        Event("M-1", "membership_ended", left, left, member),
    ]
    held = Situation({"court-1": place}, history)
    for day, answer in (
        ("5 12:00", "open"),
        ("19 12:00", "open"),
        ("20 09:05", "shut"),
    ):
        (statement,) = doors.doors(held, instant(day))
        found = answers.at(statement.timeline, instant(day))
        assert found.answer.value == answer


def of_members(*steps: tuple[str, str], edits: list[Edit] | None = None) -> Situation:
    """Return a situation of Ada, who joins and leaves the community gold."""
    place = Resource.model_validate({"vendor": "exivo", "community": "gold"})
    member = Placement("gold", instant("1 09:00"), None, "Ada")
    history = [
        Event("M-1", f"membership_{kind}", instant(at), instant(at), member)
        for kind, at in steps
    ]
    return Situation({"court-1": place}, history, edits=edits or [])


def at_the_club(held: Situation, now: str) -> tuple[str, str] | None:
    """Return what is said at an instant of Ada's code at the door of the club."""
    for statement in doors.doors(held, instant(now)):
        found = answers.at(statement.timeline, instant(now))
        return found.answer.value, found.rule
    return None


JOINED, LEFT, AGAIN = (
    ("started", "1 09:00"),
    ("ended", "5 09:00"),
    ("started", "9 09:00"),
)


@pytest.mark.parametrize(
    ("steps", "now", "said"),
    [
        ((JOINED, LEFT), "5 09:04", None),
        ((JOINED, LEFT), "5 09:05", ("shut", "EXV-02")),
        ((JOINED, LEFT, AGAIN), "9 09:04", None),
        ((JOINED, LEFT, AGAIN), "9 09:05", ("open", "EXV-02")),
        ((LEFT, JOINED), "5 09:05", ("shut", "EXV-02")),
    ],
)
def test_member_opens_as_the_last_change_of_the_membership_says(
    steps: tuple[tuple[str, str], ...], now: str, said: tuple[str, str] | None
) -> None:
    assert at_the_club(of_members(*steps), now) == said


@pytest.mark.parametrize("change", ["community=silver", "active=no"])
def test_member_of_a_community_without_a_rule_opens_nothing(change: str) -> None:
    traits: dict[str, object] = {"vendor": "exivo", "community": "gold"}
    edits = [Edit("court-1", instant("3 08:00"), rule(traits, change))]
    held = of_members(JOINED, edits=edits)
    assert at_the_club(held, "3 07:59") == ("open", "EXV-02")
    assert at_the_club(held, "3 08:04") is None
    assert at_the_club(held, "3 08:05") == ("shut", "CON-16")


def test_community_that_is_given_a_rule_opens_to_who_is_a_member_already() -> None:
    traits: dict[str, object] = {"vendor": "exivo", "community": "gold"}
    held = of_members(JOINED)
    silver = {"court-1": rule(traits, "community=silver")}
    edits = [Edit("court-1", instant("3 08:00"), Resource.model_validate(traits))]
    given = replace(held, resources=silver, edits=edits)
    assert at_the_club(given, "3 07:59") == ("shut", "EXV-02")
    assert at_the_club(given, "3 08:05") == ("open", "CON-16")


def test_nothing_is_said_of_what_has_not_arrived_yet() -> None:
    assert not doors.doors(situation(CASES[0]), instant("1 08:59"))


def test_instants_are_those_of_the_zone_they_are_written_in() -> None:
    assert instant("7 15:20").astimezone(UTC).hour == 14
