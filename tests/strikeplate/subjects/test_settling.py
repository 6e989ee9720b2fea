"""When a subject has finished, by what is seen of it; no clock is involved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from strikeplate.subjects.settling import (
    POLL_SECONDS,
    RETRY_SECONDS,
    Next,
    Retries,
    Settling,
    Signs,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

IDLE = Signs(changes=1)


def steps(settling: Settling, signs: Iterable[Signs]) -> list[Next]:
    return [settling.after(each, 0.5) for each in signs]


def test_patience_runs_from_the_last_change() -> None:
    seen = [Signs(), Signs(), Signs(changes=1), IDLE, IDLE]
    found = steps(Settling(1.0, 30.0), seen)
    assert found == [Next.WAIT, Next.GO_ON, Next.WAIT, Next.WAIT, Next.GO_ON]


def test_open_call_is_work() -> None:
    found = steps(Settling(1.0, 30.0), [Signs(open=1)] * 6)
    assert found == [Next.WAIT] * 6


def test_looking_alone_is_no_work() -> None:
    looking = [Signs(looks=number) for number in range(3)]
    assert steps(Settling(1.0, 30.0), looking)[1:] == [Next.GO_ON, Next.GO_ON]


def test_who_polls_looks_once_more_at_what_came() -> None:
    settling = Settling(1.0, 30.0)
    steps(settling, [Signs(looks=3)] * 2)
    settling.something_came()
    assert steps(settling, [Signs(looks=3)] * 8) == [Next.WAIT] * 8
    looked = steps(settling, [Signs(looks=4)] * 3)
    assert looked == [Next.WAIT, Next.WAIT, Next.GO_ON]


def test_failed_call_is_waited_for_until_it_is_made_again() -> None:
    owing = Signs(changes=1, pause=RETRY_SECONDS)
    settling = Settling(1.0, 60.0)
    assert set(steps(settling, [owing] * 20)) == {Next.WAIT}
    again = [Signs(changes=2)] * 3
    assert steps(settling, again) == [Next.WAIT, Next.WAIT, Next.GO_ON]


def test_who_never_tries_again_is_not_waited_for_for_ever() -> None:
    owing = Signs(changes=1, pause=RETRY_SECONDS)
    number = int(RETRY_SECONDS / 0.5) + 1
    assert steps(Settling(1.0, 60.0), [owing] * number)[-1] is Next.GO_ON


def test_who_never_stops_is_given_up() -> None:
    busy = [Signs(changes=number) for number in range(1, 7)]
    assert steps(Settling(1.0, 3.0), busy)[-1] is Next.GIVE_UP


def test_pause_after_faults_is_as_long_as_they_lasted_and_half_again() -> None:
    retries = Retries()
    assert retries.pause(0.0, struck=True, over=False) == 0.0
    assert retries.pause(4.0, struck=True, over=False) == 0.0
    assert retries.pause(4.1, struck=True, over=True) == RETRY_SECONDS
    assert retries.pause(4.2, struck=False, over=True) == 6.0


def test_no_pause_is_waited_for_where_nothing_failed() -> None:
    assert Retries().pause(4.0, struck=False, over=True) == 0.0


def test_quiet_subject_is_looked_at_rarely_and_never_after_its_patience() -> None:
    settling, waits = Settling(1.0, 30.0), [0.05]
    while settling.after(Signs(), waits[-1]) is Next.WAIT:
        waits.append(settling.pause)
    assert len(waits) < 10
    assert sum(waits) == pytest.approx(1.0)
    settling.after(Signs(changes=1), settling.pause)
    assert settling.pause == POLL_SECONDS
