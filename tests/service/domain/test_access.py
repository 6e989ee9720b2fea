"""The life of an access: its status, its code, its changes and its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import cycle, product
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.access import (
    TABLE,
    AccessFacts,
    ChangePolicy,
    Held,
    PinForm,
    Status,
    Step,
    Verb,
    after,
    decide,
    ending,
    free_pin,
    free_variant,
)
from service.domain.errors import NoPin, NotPossible, NoVariant, NoWindow
from service.domain.rules import Wanted
from service.domain.schedule import HOUR, NO_MARGIN, Window


def test_statuses_are_named_as_the_api_shows_them() -> None:
    assert [*Status] == ["in progress", "created", "failed", "removed"]


def test_table_has_a_row_for_every_status_and_a_use_for_every_step() -> None:
    assert set(TABLE) == set(Status)
    assert {step for row in TABLE.values() for step in row} == set(Step)


@pytest.mark.parametrize("step", Step)
def test_removed_access_stays_removed(step: Step) -> None:
    with pytest.raises(NotPossible, match=r"removed cannot be .*; it can be: nothing"):
        after(Status.REMOVED, step)


def test_kept_code_is_never_called_removed() -> None:
    assert after(Status.CREATED, Step.KEPT) is Status.CREATED


def test_refusal_names_what_could_happen_instead() -> None:
    with pytest.raises(NotPossible) as refused:
        after(Status.CREATED, Step.RETRIED)
    assert refused.value.reason == (
        "an access that is created cannot be retried; it can be: issued, delayed, "
        "held, refused, taken, moved, kept, revoked, cleaned up"
    )


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


LATER = NOON + timedelta(hours=5)
ZONE = ZoneInfo("Europe/Stockholm")


def recurring(
    status: Status,
    *,
    revocable: bool = False,
    answer_lost: bool = False,
    until: datetime | None = LATER,
) -> AccessFacts:
    return AccessFacts(status, revocable, answer_lost, until, ZONE)


def test_irrevocable_code_is_kept_and_says_until_when_it_works() -> None:
    end = ending(recurring(Status.CREATED), NOON)
    assert end.step is Step.KEPT
    assert end.works_until == LATER
    assert end.notice == (
        "This code cannot be revoked: it opens the door until 2026-12-01 18:00+01:00."
    )


def test_notice_says_where_a_person_deletes_the_code() -> None:
    facts = replace(recurring(Status.CREATED), deleted_where="at the lock, in the app")
    end = ending(facts, NOON)
    assert end.notice == (
        "This code cannot be revoked: it opens the door until 2026-12-01 18:00+01:00. "
        "To end it sooner, delete it at the lock, in the app."
    )


def test_permanent_code_is_said_to_work_without_an_end() -> None:
    end = ending(recurring(Status.CREATED, until=None), NOON)
    assert end.works_until is None
    assert "without an end, until the lock itself is reset" in (end.notice or "")


def test_revocable_code_is_taken_back() -> None:
    end = ending(recurring(Status.CREATED, revocable=True), NOON)
    assert (end.step, end.revoke, end.notice) == (None, True, None)


def test_code_that_is_over_is_not_taken_back_and_not_called_working() -> None:
    end = ending(recurring(Status.CREATED, revocable=True, until=NOON), NOON)
    assert (end.step, end.revoke) == (Step.KEPT, False)
    assert "it opened the door until" in (end.notice or "")


def test_access_without_a_code_is_withdrawn() -> None:
    for status in (Status.IN_PROGRESS, Status.FAILED):
        assert ending(recurring(status), NOON).step is Step.WITHDRAWN


def test_lost_answer_is_told_and_not_called_removed() -> None:
    end = ending(recurring(Status.IN_PROGRESS, answer_lost=True), NOON)
    assert after(Status.IN_PROGRESS, Step.ABANDONED) is Status.FAILED
    assert end.step is Step.ABANDONED
    assert end.works_until == LATER
    assert "a code may exist that opens the door until" in (end.notice or "")


def test_every_ending_is_a_step_the_access_can_take() -> None:
    for status, revocable, lost, now in product(
        Status, (True, False), (True, False), (NOON, LATER)
    ):
        access = recurring(status, revocable=revocable, answer_lost=lost)
        end = ending(access, now)
        if end.step is not None:
            after(status, end.step)
        if end.revoke:
            after(status, Step.REVOKED)
            assert revocable
            assert lost or status is Status.CREATED


FORM = PinForm(length=6, digits="123456789", not_starting=("12",))


@given(st.integers())
def test_pin_has_the_form_of_the_keypad(seed: int) -> None:
    pin = free_pin(FORM, Random(seed).randrange, lambda _: False)  # noqa: S311
    assert len(pin) == 6
    assert set(pin) <= set("123456789")
    assert not pin.startswith("12")


def test_pin_that_begins_as_none_may_is_drawn_anew() -> None:
    draws = cycle([0, 1, 2, 3, 4, 5, 8, 8, 8, 8, 8, 8])
    assert free_pin(FORM, lambda _: next(draws), lambda _: False) == "999999"


def test_pin_that_is_taken_is_never_given_again() -> None:
    small = PinForm(length=1, digits="123")
    given_out: set[str] = set()
    for _ in range(3):
        given_out.add(free_pin(small, Random(1).randrange, given_out.__contains__))  # noqa: S311
    assert given_out == {"1", "2", "3"}
    with pytest.raises(NoPin, match="delete codes that are no longer needed"):
        free_pin(small, Random(1).randrange, given_out.__contains__)  # noqa: S311


WINDOW = Window("hourly", NOON, NOON + HOUR)


def test_lowest_free_variant_is_taken() -> None:
    assert free_variant(WINDOW, (), count=3, zone=ZONE) == 1
    assert free_variant(WINDOW, {1, 3}, count=3, zone=ZONE) == 2


def test_none_left_says_how_many_there_were_and_until_when() -> None:
    with pytest.raises(NoVariant) as refused:
        free_variant(WINDOW, {1, 2, 3}, count=3, zone=ZONE)
    assert refused.value.reason == (
        "all 3 hourly codes that the lock has from 2026-12-01 13:00+01:00 until "
        "2026-12-01 14:00+01:00 are given away; cancelled ones count, since they "
        "still open the door"
    )


def test_none_left_of_a_window_without_end_says_so() -> None:
    with pytest.raises(NoVariant, match=r"without an end are given away"):
        free_variant(Window("permanent", NOON, None), {1}, count=1, zone=ZONE)
