"""How an unwanted access ends, and what the service says about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from service.domain.access import AccessFacts, Status, Step, after, ending

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
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
