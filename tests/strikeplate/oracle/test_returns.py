"""What the owner must be told and shown of keys, worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

import pytest

from strikeplate.oracle.events import Edit, Event, Fault, Situation, Taken, Use
from strikeplate.oracle.returns import KeyStatement, returns
from strikeplate.profiles.shape import Resource
from tests.strikeplate.oracle.test_messages import CANCELLED, CONFIRMED, day, event

if TYPE_CHECKING:
    from datetime import datetime

TOOK = Use("B-1", "court-1", 0, day(7, "16:00"), "take")
BACK = Use("B-1", "court-1", 0, day(7, "16:30"), "return")
AGAIN = Use("B-1", "court-1", 0, day(7, "17:00"), "take")
TRIED = Use("B-1", "court-1", 0, day(7, "16:00"))
SECOND = Use("B-1", "court-1", 1, day(7, "16:00"), "take")
TELLS, LATER = {"report_returns": True}, {"overdue_after": "1h"}
More = list[Event | Fault | Taken | Edit | Use]


class Case(NamedTuple):
    """What happened until a time of the booked day, and what the owner must have."""

    what: str
    traits: dict[str, object]
    more: More
    now: str
    at_least: int
    at_most: int | None
    rule: str
    state: str | None


CASES = [
    Case("it is out in time", {}, [TOOK], "17:19", 0, 0, "LIV-05", "out"),
    Case("... known for an hour", {}, [TOOK], "16:59", 0, 0, "LIV-05", None),
    Case("it is late", {}, [TOOK], "17:20", 0, 1, "LIV-05", None),
    Case("... and told", {}, [TOOK], "17:25", 1, 1, "LIV-05", None),
    Case("... and shown", {}, [TOOK], "18:20", 1, 1, "LIV-05", "overdue"),
    Case("... after a delay", LATER, [TOOK], "18:19", 0, 0, "LIV-05", "out"),
    Case("... when it is over", LATER, [TOOK], "18:25", 1, 1, "LIV-05", None),
    Case("it is back", {}, [TOOK, BACK], "18:00", 0, 1, "LIV-05", "in slot"),
    Case("... told in time", TELLS, [TOOK, BACK], "17:29", 0, 1, "LIV-05", None),
    Case("... told then", TELLS, [TOOK, BACK], "17:30", 1, 1, "LIV-06", "in slot"),
    Case("out again", TELLS, [TOOK, BACK, AGAIN], "18:30", 2, 2, "LIV-06", "overdue"),
    Case("of two", {"doors": 2}, [TOOK, SECOND], "18:20", 1, 2, "LIV-05", "overdue"),
]

Thing = TypeVar("Thing")


def said(
    traits: dict[str, object], more: More, now: datetime
) -> tuple[KeyStatement, ...]:
    def of(kind: type[Thing]) -> list[Thing]:
        return [each for each in more if isinstance(each, kind)]

    court = {"vendor": "livionkey", "zone": "Europe/Berlin", **traits}
    resource = Resource.model_validate(court)
    events = [CONFIRMED, *of(Event)]
    known = Situation({"court-1": resource}, events, of(Fault), of(Use))
    return tuple(returns(known, now))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_owner_is_told_and_shown_each_key(case: Case) -> None:
    (found,) = said(case.traits, case.more, day(7, case.now))
    seen = found.at_least, found.at_most, found.rule, found.state
    assert seen == (case.at_least, case.at_most, case.rule, case.state)


AWAY = Fault(day(7, "10:59"), day(7, "11:00"))
UNSAID: dict[str, tuple[dict[str, object], More]] = {
    "nobody took it": ({}, [TRIED]),
    "at a door without keys": ({"vendor": "nuki"}, [TOOK]),
    "cancelled since": ({}, [TOOK, event("cancelled", day(7, "16:30"))]),
    "cancelled before": ({}, [CANCELLED, TOOK]),
    "with copies": ({"copy_to_owner": True}, [TOOK]),
    "after a fault of late": ({}, [AWAY, TOOK]),
}


@pytest.mark.parametrize("case", UNSAID)
def test_nothing_is_said_of_a_key(case: str) -> None:
    traits, more = UNSAID[case]
    assert said(traits, more, day(7, "18:20")) == ()


def test_of_a_fault_of_before_the_owner_may_be_told_as_well() -> None:
    (found,) = said({}, [Fault(day(2), day(3)), TOOK], day(7, "17:25"))
    assert (found.at_least, found.at_most) == (1, None)
