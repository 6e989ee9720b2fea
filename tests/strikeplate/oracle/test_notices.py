"""What the owner must notice of missing codes, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import pytest

from strikeplate.oracle.events import Edit, Event, Fault, Situation, Taken
from strikeplate.oracle.messages import messages
from strikeplate.oracle.notices import missing
from strikeplate.oracle.overview import accesses
from strikeplate.profiles.shape import Resource
from tests.strikeplate.oracle.test_messages import BOOKED, CONFIRMED, LATER, day, event

if TYPE_CHECKING:
    from datetime import datetime

REFUSED = Fault(day(1, "08:59"), day(3), final=True)
AWAY = Fault(day(1, "08:59"), day(3))
BRIEF = Fault(day(1, "08:59"), day(1, "09:10"))
LATE = replace(REFUSED, since=day(1, "09:04"), until=day(4))
GONE = Taken("B-1", day(2))
NOTICED = ["CON-13", "CON-15"]
MOVED = event("changed", day(3), LATER)


class Case(NamedTuple):
    """What happened until an instant, and the rules by which it must be noticed."""

    what: str
    vendor: str
    more: list[Event | Fault | Taken | Edit]
    now: tuple[int, str]
    rules: list[str]


CASES = [
    Case("nothing is missing", "nuki", [], (6, "09:00"), []),
    Case("taken away, three days ago", "nuki", [GONE], (5, "09:00"), NOTICED),
    Case("... less than that", "nuki", [GONE], (5, "08:59"), []),
    Case("... its time is over", "nuki", [GONE], (7, "17:20"), []),
    Case("... a lock that is offline", "igloohome", [GONE], (6, "09:00"), []),
    Case("... moved since: made anew", "nuki", [GONE, MOVED], (6, "09:00"), []),
    Case("refused for a day", "nuki", [REFUSED], (2, "09:00"), ["CON-15"]),
    Case("... at any vendor", "igloohome", [REFUSED], (2, "09:00"), ["CON-15"]),
    Case("... for less than a day", "nuki", [REFUSED], (2, "08:59"), []),
    Case("... and no longer", "nuki", [REFUSED], (3, "09:00"), []),
    Case("... or perhaps", "nuki", [REFUSED, BRIEF], (2, "09:00"), []),
    Case("... while it lasts", "nuki", [LATE], (3, "09:00"), []),
    Case("a vendor that is away", "nuki", [AWAY], (2, "09:00"), []),
]


def situation(case: Case) -> Situation:
    def of(kind: type) -> list[object]:
        return [each for each in case.more if isinstance(each, kind)]

    resource = Resource.model_validate({"vendor": case.vendor, "zone": "Europe/Berlin"})
    return Situation(
        {"court-1": resource},
        [CONFIRMED, *of(Event)],  # type: ignore[list-item]  # of that kind alone
        of(Fault),  # type: ignore[arg-type]  # of that kind
        edits=of(Edit),  # type: ignore[arg-type]  # of that kind
        taken=of(Taken),  # type: ignore[arg-type]  # of that kind
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.vendor}: {case.what}")
def test_missing_code_is_noticed_by_the_rules(case: Case) -> None:
    found = [*missing(situation(case), day(*case.now))]
    assert [each.rule for each in found] == case.rules
    hour = BOOKED.start if case.vendor == "nuki" else day(7, "15:00")
    assert all(each.works_at == hour for each in found)


@pytest.mark.parametrize(
    ("over", "start", "now", "least"),
    [
        (day(3), day(7), day(7), 1),  # tried again before the start
        (day(3), day(7), day(6), 0),  # the start is yet to come
        (day(5, "18:00"), day(7), day(7), 1),
        (day(6, "03:01"), day(7), day(7), 0),  # less than a day was left
    ],
)
def test_what_was_refused_is_tried_again_before_the_start(
    over: datetime, start: datetime, now: datetime, least: int
) -> None:
    fault = replace(REFUSED, until=over)
    case = Case("", "nuki", [fault], (0, ""), [])
    base = situation(case)
    placed = replace(CONFIRMED, placement=replace(BOOKED, start=start))
    (said,) = messages(replace(base, events=[placed]), now)
    assert said.at_least == least
    assert not least or said.rule == "CON-14"


def test_of_a_code_that_was_taken_away_no_message_and_no_access_is_demanded() -> None:
    held = situation(CASES[1])
    assert not messages(held, day(5))
    assert not accesses(held, day(5))


def test_rule_that_is_deleted_leaves_no_active_access() -> None:
    held = situation(CASES[0])
    rule = held.resources["court-1"].model_copy(update={"active": False})
    edited = replace(held, edits=[Edit("court-1", day(2), rule)])
    (said,) = accesses(edited, day(2, "09:05"))
    assert (said.at_most, said.rule) == (0, "CON-16")
    assert not accesses(edited, day(2, "09:04"))
    assert not messages(edited, day(2, "09:05"))
