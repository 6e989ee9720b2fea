"""From what is wanted and what is there to exactly one access a lock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from service.domain.access import ChangePolicy, Held, Status, Verb, decide
from service.domain.errors import NoWindow
from service.domain.rules import Wanted
from service.domain.schedule import HOUR, NO_MARGIN, Window

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def want(lock: str, minutes: int = 0) -> Wanted:
    start = NOON + minutes * MINUTE
    return Wanted(lock, start, start + HOUR, NO_MARGIN)


def plan(wanted: Wanted, now: datetime) -> Window:
    """Cut to whole hours, as of now; nothing fits once it is over."""
    if wanted.end <= now:
        raise NoWindow("over")
    start = max(wanted.start, now).replace(minute=0)
    return Window("hourly", start, wanted.end.replace(minute=0) + HOUR)


def held(wanted: Wanted, status: Status = Status.CREATED) -> Held:
    planned_at = NOON - HOUR
    return Held("A", wanted, status, plan(wanted, planned_at), planned_at)


def verbs(wanted: list[Wanted], accesses: list[Held]) -> list[tuple[str, str | None]]:
    return [(each.verb, each.access) for each in decide(wanted, accesses, plan)]


def test_new_booking_orders_one_access_a_lock() -> None:
    decisions = decide([want("door"), want("gate")], [], plan)
    assert [(each.verb, each.wanted) for each in decisions] == [
        (Verb.ORDER, want("door")),
        (Verb.ORDER, want("gate")),
    ]


def test_what_is_there_already_is_kept() -> None:
    for status in (Status.IN_PROGRESS, Status.CREATED, Status.FAILED):
        access = held(want("door"), status)
        assert verbs([want("door")], [access]) == [("keep", "A")]


def test_code_is_kept_where_the_new_times_need_the_same_window() -> None:
    assert verbs([want("door", 20)], [held(want("door", 10))]) == [("keep", "A")]


def test_code_planned_in_an_earlier_hour_is_kept_all_the_same() -> None:
    begun = Wanted("door", NOON, NOON + 3 * HOUR, NO_MARGIN)
    moved = Wanted("door", NOON, NOON + 3 * HOUR + MINUTE, NO_MARGIN)
    assert verbs([moved], [held(begun)]) == [("keep", "A")]


def test_other_window_ends_the_old_access_and_orders_one() -> None:
    access = held(want("door"))
    assert verbs([want("door", 120)], [access]) == [("end", "A"), ("order", None)]


def test_code_that_can_only_be_replaced_gives_way_to_a_new_one() -> None:
    access, moved = held(want("door")), want("door", 120)
    found = decide([moved], [access], plan, policy=ChangePolicy.REPLACE)
    assert [(each.verb, each.access) for each in found] == [
        (Verb.SUPERSEDE, "A"),
        (Verb.ORDER, None),
    ]


def test_door_left_behind_gives_way_too_but_not_to_nothing() -> None:
    access = held(want("door"))
    assert (
        decide([want("gate")], [access], plan, policy=ChangePolicy.REPLACE)[0].verb
        == "give way"
    )
    assert decide([], [access], plan, policy=ChangePolicy.REPLACE)[0].verb == "end"


def test_code_that_is_to_open_another_door_too_is_replaced() -> None:
    access = held(want("door"))
    both = replace(want("door"), extra_lock_ids=("gate",))
    found = decide([both], [access], plan, policy=ChangePolicy.REPLACE)
    assert [each.verb for each in found] == ["give way", "order"]


def test_access_without_a_code_gives_no_way() -> None:
    access = held(want("door"), Status.IN_PROGRESS)
    found = decide([want("gate")], [access], plan, policy=ChangePolicy.REPLACE)
    assert [each.verb for each in found] == ["end", "order"]


def test_access_without_a_code_is_ordered_for_the_new_times() -> None:
    for status in (Status.IN_PROGRESS, Status.FAILED):
        access = held(want("door"), status)
        assert verbs([want("door", 120)], [access]) == [("retry", "A")]


def test_moved_to_a_time_without_a_window_ends_the_old_access() -> None:
    access = held(want("door"))
    assert verbs([want("door", -600)], [access]) == [("end", "A"), ("order", None)]


def test_other_lock_ends_the_first_and_orders_the_second() -> None:
    access = held(want("door"))
    assert verbs([want("gate")], [access]) == [("end", "A"), ("order", None)]


def test_nothing_wanted_ends_everything() -> None:
    assert verbs([], [held(want("door"))]) == [("end", "A")]


def test_second_access_of_one_lock_is_ended() -> None:
    access = held(want("door"))
    assert verbs([want("door")], [access, access]) == [("end", "A"), ("keep", "A")]
