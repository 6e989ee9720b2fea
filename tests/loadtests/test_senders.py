"""Senders share a play without meeting, and tell again what was not taken."""

from __future__ import annotations

import pytest

from loadtests.senders import WAITS, Share
from tests.loadtests.paper import BEGUN, play, stage


def share(index: int = 0, senders: int = 1) -> Share:
    return Share(stage().written(), BEGUN, index, senders)


def turns(own: Share) -> list[tuple[float, int, int]]:
    found = []
    while turn := own.take():
        found.append((turn.due, turn.intent, turn.nth))
    return found


def test_all_that_is_told_is_told_by_one_sender_in_its_order() -> None:
    told = [t.at for intent in play() for t in intent.tellings]
    assert [due for due, _, _ in turns(share())] == sorted(told)


def test_three_senders_tell_together_what_one_would() -> None:
    apart = [turn for index in range(3) for turn in turns(share(index, 3))]
    assert sorted(apart) == turns(share())
    assert len(set(apart)) == len(apart)


def test_what_was_not_taken_is_told_again_and_counts_from_when_it_was_wanted() -> None:
    own = share()
    first = own.take()
    assert first is not None
    number = own.open
    own.close(first, first.due, first.due + 0.1, 503)
    assert own.open == number
    later = [turn for turn in iter(own.take, None) if turn.attempt > 1]
    (again,) = later
    assert again.due == first.due + WAITS[0]
    own.close(again, again.due, again.due + 0.1, 202)
    assert own.open == number - 1
    refused, taken = own.hand_over()
    assert (refused.taken, taken.taken) == (False, True)
    assert taken.seconds == pytest.approx(WAITS[0] + 0.1)
    assert own.hand_over() == []


def test_sender_gives_up_after_its_last_wait() -> None:
    own = share()
    turn, number = own.take(), own.open
    attempts = 0
    while turn is not None:
        own.close(turn, turn.due, turn.due, 0)
        attempts += 1
        turn = turn.next
    assert attempts == len(WAITS) + 1
    assert own.open == number - 1
