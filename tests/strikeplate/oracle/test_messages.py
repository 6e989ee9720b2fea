"""Which messages customers must have, and which accesses the owner is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from strikeplate.oracle.answers import Answer, at
from strikeplate.oracle.events import Edit, Event, Fault, Placement, Situation
from strikeplate.oracle.keys import (
    Contract,
    carries_static_code,
    gives_out,
    late_from,
    static_code,
    takes_back,
)
from strikeplate.oracle.messages import MessageStatement, messages
from strikeplate.oracle.overview import AccessStatement, accesses
from strikeplate.oracle.stock import stock
from strikeplate.profiles.shape import Resource

FIRST = datetime(2026, 11, 30, tzinfo=ZoneInfo("Europe/Berlin"))
HOUR = timedelta(hours=1)


def day(number: int, clock: str = "09:00") -> datetime:
    hour, minute = map(int, clock.split(":"))
    return (FIRST + timedelta(days=number)).replace(hour=hour, minute=minute)


BOOKED = Placement("court-1", day(7, "15:20"), day(7, "17:20"), "Ada")
LATER = replace(BOOKED, start=day(8, "10:00"), end=day(8, "11:30"))
YEARS = replace(BOOKED, end=day(500))
LONG = replace(BOOKED, end=day(9, "17:20"))


def event(kind: str, happened: datetime, placement: Placement = BOOKED) -> Event:
    return Event("B-1", kind, happened, happened, placement)


CONFIRMED = event("confirmed", day(1))
MOVED = event("changed", day(2), LATER)
CANCELLED = event("cancelled", day(3))


MEMBER = ((1, "started"), (2, "ended"), (3, "started"))


class Case(NamedTuple):
    """One situation at one time, and how many messages with a code there are."""

    what: str
    traits: dict[str, object]
    history: list[Event]
    now: datetime
    at_least: int
    at_most: int
    rule: str
    """Of the limit that is the strict one."""


HOURS_BEFORE = {"send_before": "2h"}
CASES = [
    Case("while it is made", {}, [CONFIRMED], day(1), 0, 1, "CON-12"),
    Case("at once", {}, [CONFIRMED], day(1, "09:05"), 1, 1, "MSG-01"),
    Case("twice is once", {}, [CONFIRMED] * 2, day(2), 1, 1, "CON-12"),
    Case("moved", {}, [CONFIRMED, MOVED], day(2, "09:05"), 1, 2, "CON-12"),
    Case("not before it", HOURS_BEFORE, [CONFIRMED], day(7, "13:19"), 0, 0, "MSG-02"),
    Case("from then on", HOURS_BEFORE, [CONFIRMED], day(7, "13:25"), 1, 1, "MSG-02"),
    Case("moved first", HOURS_BEFORE, [CONFIRMED, MOVED], day(8), 1, 1, "CON-12"),
    Case("a hint", HOURS_BEFORE, [CONFIRMED, MOVED], day(8, "07:59"), 0, 0, "MSG-02"),
    Case("cancelled", HOURS_BEFORE, [CONFIRMED, CANCELLED], day(8), 0, 0, "MSG-06"),
    Case("afterwards", {}, [CONFIRMED, CANCELLED], day(8), 0, 1, "CON-12"),
    Case("waits", {"trigger": "paid"}, [CONFIRMED], day(5), 0, 0, "CON-04"),
    Case("years", {}, [event("confirmed", day(1), YEARS)], day(5), 0, 0, "IGL-07"),
]


def held(case: Case) -> Situation:
    traits = {"vendor": "igloohome", "zone": "Europe/Berlin", **case.traits}
    return Situation({"court-1": Resource.model_validate(traits)}, case.history)


def message(case: Case) -> MessageStatement:
    (found,) = messages(held(case), case.now)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_customer_has_as_many_messages_as_the_rules_say(case: Case) -> None:
    found = message(case)
    assert (found.at_least, found.at_most) == (case.at_least, case.at_most)
    assert case.rule in {found.rule, found.rule_at_most}


def test_message_names_the_booked_times_and_not_the_rounded_ones() -> None:
    found = message(CASES[1])
    assert found.times == {"15:20", "17:20"}
    assert found.never == {"15:00", "18:00"}
    assert found.channel == "email"


def test_message_names_the_times_of_the_lock_wherever_it_was_booked_from() -> None:
    case = CASES[1]._replace(traits={"zone": "Asia/Kolkata", "channel": "sms"})
    found = message(case)
    assert found.times == {"19:50", "21:50"}
    assert found.channel == "sms"


def test_code_that_must_be_used_in_time_may_name_the_hour_it_begins() -> None:
    case = CASES[1]._replace(history=[event("confirmed", day(1), LONG)])
    assert not message(case).never


def test_message_may_be_as_late_as_a_fault_allows() -> None:
    base = held(CASES[1])
    slow = replace(base, faults=[Fault(day(1), day(1, "10:00"))])
    for clock, least in (("15:59", 0), ("16:00", 1)):
        (found,) = messages(slow, day(1, clock))
        assert found.at_least == least


@pytest.mark.parametrize(
    ("vendor", "link"),
    [("exivo", True), ("nuki", False), ("igloohome", False), ("livionkey", False)],
)
def test_message_brings_a_link_where_the_code_is_typed_behind_one(
    vendor: str, *, link: bool
) -> None:
    assert message(CASES[1]._replace(traits={"vendor": vendor})).link is link


def shown(case: Case) -> AccessStatement | None:
    found = accesses(held(case), case.now)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("vendor", "doors", "least", "most"),
    [("igloohome", 1, 1, 1), ("nuki", 3, 3, 3), ("exivo", 3, 1, 3)],
)
def test_booking_shows_an_active_access_for_each_door(
    vendor: str, doors: int, least: int, most: int
) -> None:
    found = shown(CASES[1]._replace(traits={"vendor": vendor, "doors": doors}))
    assert found
    assert (found.at_least, found.at_most, found.rule) == (least, most, "CON-11")
    assert "in progress" in found.never
    assert found.shows_code


@pytest.mark.parametrize(
    ("vendor", "never", "rule"),
    [
        ("igloohome", {"removed"}, "IGL-08"),
        ("nuki", {"created", "in progress"}, "CON-10"),
        ("livionkey", {"created", "in progress"}, "CON-10"),
    ],
)
def test_cancelled_booking_shows_no_active_access_and_what_became_of_it(
    vendor: str, never: set[str], rule: str
) -> None:
    case = CASES[9]._replace(traits={"vendor": vendor}, now=day(4))
    found = shown(case)
    assert found
    assert (found.at_most, found.never, found.rule_status) == (0, never, rule)
    assert not found.shows_code


def test_booking_longer_than_any_code_is_not_shown_as_created() -> None:
    found = shown(CASES[11])
    assert found
    assert (found.never, found.rule) == ({"created"}, "IGL-07")


CONTRACT = Contract(day(7, "15:00"), day(8, "11:00"))
GRACE = replace(CONTRACT, grace=HOUR)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("contract", "instant", "out", "back"),
    [
        (CONTRACT, day(7, "15:00") - SECOND, Answer.SHUT, Answer.SHUT),
        (CONTRACT, day(7, "15:00"), Answer.OPEN, Answer.OPEN),
        (CONTRACT, day(8, "11:00") - SECOND, Answer.OPEN, Answer.OPEN),
        (CONTRACT, day(8, "11:00"), Answer.EITHER, Answer.EITHER),
        (CONTRACT, day(8, "11:00") + SECOND, Answer.SHUT, Answer.SHUT),
        (GRACE, day(8, "11:00"), Answer.EITHER, Answer.OPEN),
        (GRACE, day(8, "11:30"), Answer.EITHER, Answer.OPEN),
        (GRACE, day(8, "12:00") - SECOND, Answer.EITHER, Answer.OPEN),
        (GRACE, day(8, "12:00"), Answer.EITHER, Answer.EITHER),
        (GRACE, day(8, "12:00") + SECOND, Answer.SHUT, Answer.SHUT),
    ],
)
def test_key_is_given_out_and_taken_back_when_its_contract_says(
    contract: Contract, instant: datetime, out: Answer, back: Answer
) -> None:
    assert at(gives_out(contract), instant).answer is out
    assert at(takes_back(contract), instant).answer is back


def test_static_code_takes_back_and_never_gives_out() -> None:
    assert static_code(key_is_out=True) is Answer.OPEN
    assert static_code(key_is_out=False) is Answer.SHUT


def test_key_is_late_after_its_delay_and_grace_is_told_in_place_of_a_code() -> None:
    assert late_from(CONTRACT, HOUR) == day(8, "12:00")
    assert carries_static_code(CONTRACT, in_use=True)
    assert not carries_static_code(GRACE, in_use=True)
    assert not carries_static_code(CONTRACT, in_use=False)


def test_of_a_booking_that_may_be_of_two_resources_no_message_is_demanded() -> None:
    paid = event("paid", day(2), replace(BOOKED, resource="court-2"))
    resources = {
        name: Resource(vendor="nuki", zone="Europe/Berlin", trigger="paid")
        for name in ("court-1", "court-2")
    }
    assert not messages(Situation(resources, [CONFIRMED, paid]), day(2, "09:05"))
    again = replace(paid, placement=BOOKED)
    (said,) = messages(Situation(resources, [CONFIRMED, again]), day(2, "09:05"))
    assert said.at_least == 1


def test_booking_that_is_given_a_rule_is_told_a_code_by_it() -> None:
    attic = replace(BOOKED, resource="attic")
    rule = Resource(vendor="nuki", zone="Europe/Berlin", door="court-1")
    edit = Edit("attic", day(2), rule, given=True)
    held = Situation({}, [event("confirmed", day(1), attic)], edits=[edit])
    for now, least in (
        (day(1, "10:00"), 0),
        (day(2, "09:04"), 0),
        (day(2, "09:05"), 1),
    ):
        (said,) = messages(held, now)
        assert said.at_least == least
    assert said.rule == "CON-16"
    (shown,) = accesses(held, day(2, "09:05"))
    assert (shown.at_least, shown.rule) == (1, "CON-16")


def test_member_is_told_a_code_for_each_time_of_joining() -> None:
    club = Resource(vendor="exivo", zone="Europe/Berlin", community="gold")
    gold = Placement("gold", day(1), None, "Ada")
    steps = [event(f"membership_{kind}", day(number), gold) for number, kind in MEMBER]
    for count, least, most in ((1, 1, 1), (2, 0, 1), (3, 1, 2)):
        held = Situation({"club": club}, steps[:count])
        (said,) = messages(held, day(count, "09:05"))
        assert (said.at_least, said.at_most) == (least, most)
        assert not least or said.rule == "EXV-02"


@pytest.mark.parametrize(
    ("vendor", "now", "goes_on"),
    [
        ("igloohome", day(3, "09:05"), True),
        ("igloohome", day(7, "17:59"), True),
        ("igloohome", day(7, "18:00"), False),  # its time is over
        ("nuki", day(3, "09:05"), False),
    ],
)
def test_cancelled_algopin_is_shown_to_go_on_opening(
    vendor: str, now: datetime, *, goes_on: bool
) -> None:
    resource = Resource(vendor=vendor, zone="Europe/Berlin")
    (said,) = accesses(Situation({"court-1": resource}, [CONFIRMED, CANCELLED]), now)
    assert said.goes_on is goes_on


@pytest.mark.parametrize(
    ("changed", "asked"),
    [
        (day(1, "12:00"), True),  # one code from the start, to its own end
        (day(7, "16:10"), False),  # perhaps one of what is left, as short as that
    ],
)
def test_algopin_of_an_extension_under_way_is_asked_for_until_the_booking_ends(
    changed: datetime, *, asked: bool
) -> None:
    longer = replace(BOOKED, end=day(7, "18:20"))
    steps = [CONFIRMED, event("changed", changed, longer)]
    held = Situation(
        {"court-1": Resource(vendor="igloohome", zone="Europe/Berlin")}, steps
    )
    (said,) = accesses(held, day(7, "18:19"))
    assert said.at_least == 1
    assert bool(accesses(held, day(7, "18:21"))) is asked


@pytest.mark.parametrize(
    ("traits", "carried"),
    [
        ({"return_codes": True}, "court-1"),
        ({"return_codes": True, "return_grace": "1h"}, ""),
        ({}, ""),
    ],
)
def test_message_carries_the_static_codes_of_what_is_booked_where_they_are_in_use(
    traits: dict[str, object], carried: str
) -> None:
    case = CASES[1]._replace(traits={"vendor": "livionkey", **traits})
    assert message(case).static == carried


@pytest.mark.parametrize(
    ("kind", "until", "never"),
    [
        ("checked_out", day(7, "16:00"), {"created", "in progress"}),
        ("checked_out", day(7, "18:00"), set()),  # it was over before that was due
        ("cancelled", day(7, "18:00"), set()),
    ],
)
def test_access_that_was_over_before_it_had_to_be_ended_may_be_as_it_was(
    kind: str, until: datetime, never: set[str]
) -> None:
    long = replace(BOOKED, end=day(7, "23:00"))
    steps = [event("confirmed", day(1), long), event(kind, day(7, "15:40"), long)]
    flat = Resource(vendor="livionkey", zone="Europe/Berlin")
    fault = Fault(day(7, "15:30"), until)
    known = Situation({"court-1": flat}, steps, [fault])
    (said,) = accesses(known, day(9))
    assert (said.at_most, said.never) == (0, never)
    (most,) = stock(known, day(9))
    assert most.at_most == (1 if kind == "checked_out" or not never else 0)


@pytest.mark.parametrize(
    ("traits", "until"),
    [
        ({"return_grace": "90m"}, "18:50"),
        ({"return_grace": "90m", "return_codes": True}, "18:50"),
        ({"return_grace": "90m", "margin_before": "1h"}, "18:50"),
        ({"return_grace": "90m", "margin_after": "1h"}, ""),
        ({"return_codes": True}, ""),
    ],
)
def test_message_says_how_long_grace_lasts_instead_of_static_codes(
    traits: dict[str, object], until: str
) -> None:
    court = {"vendor": "livionkey", "zone": "Europe/Berlin", **traits}
    known = Situation({"court-1": Resource.model_validate(court)}, [CONFIRMED])
    (said,) = messages(known, day(1, "09:05"))
    assert said.grace == until
    assert bool(said.static) is ("return_grace" not in traits)
