"""Senders split the workload, and repeat deliveries that were not accepted."""

from __future__ import annotations

import pytest

from loadtests.sending import WAITS, Partition
from tests.loadtests.sample_run import BEGUN, plan, workload


def partition(index: int = 0, senders: int = 1) -> Partition:
    return Partition(plan().to_json(), BEGUN, index, senders)


def drained(own: Partition) -> list[tuple[float, int, int]]:
    found = []
    while attempt := own.take():
        found.append((attempt.due, attempt.script, attempt.nth))
    return found


def test_one_sender_sends_all_deliveries_in_due_order() -> None:
    sent = [t.at for script in workload() for t in script.deliveries]
    assert [due for due, _, _ in drained(partition())] == sorted(sent)


def test_three_senders_together_send_what_one_would() -> None:
    apart = [attempt for index in range(3) for attempt in drained(partition(index, 3))]
    assert sorted(apart) == drained(partition())
    assert len(set(apart)) == len(apart)


def test_delivery_not_accepted_is_repeated_and_counts_from_its_first_due_time() -> None:
    own = partition()
    first = own.take()
    assert first is not None
    number = own.pending
    own.record(first, first.due, first.due + 0.1, 503)
    assert own.pending == number
    later = [attempt for attempt in iter(own.take, None) if attempt.number > 1]
    (again,) = later
    assert again.due == first.due + WAITS[0]
    own.record(again, again.due, again.due + 0.1, 202)
    assert own.pending == number - 1
    refused, accepted = own.take_results()
    assert (refused.accepted, accepted.accepted) == (False, True)
    assert accepted.seconds == pytest.approx(WAITS[0] + 0.1)
    assert own.take_results() == []


def test_sender_gives_up_after_its_last_wait() -> None:
    own = partition()
    attempt, number = own.take(), own.pending
    attempts = 0
    while attempt is not None:
        own.record(attempt, attempt.due, attempt.due, 0)
        attempts += 1
        attempt = attempt.next
    assert attempts == len(WAITS) + 1
    assert own.pending == number - 1
