"""The workload follows from the plan alone, and no two bookings overlap."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from loadtests.workload import CELL, generate_workload, read_plan
from tests.loadtests.sample_run import BEGUN, SECRET, plan, workload

if TYPE_CHECKING:
    from loadtests.workload import BookingScript


SECOND = timedelta(seconds=1)
MIDNIGHT = datetime(2026, 12, 3, tzinfo=ZoneInfo("Europe/Stockholm"))


def kinds(script: BookingScript) -> list[str]:
    return [event.kind for event in script.history]


def test_workload_follows_from_the_serialised_plan_alone() -> None:
    given = plan()
    again = generate_workload(read_plan(given.to_json()), BEGUN)
    assert again == workload(given)


def test_no_two_bookings_have_the_same_hours_of_one_resource() -> None:
    occupied: Counter[tuple[str, int]] = Counter()
    for script in workload():
        for resource, booking in script.placements:
            first = (booking.start - MIDNIGHT) // CELL
            last = (booking.end - SECOND - MIDNIGHT) // CELL
            assert first == last
            occupied[resource.name, first] += 1
    assert max(occupied.values()) == 1


def test_what_a_platform_cannot_tell_is_no_part_of_its_load() -> None:
    told = {kind for script in workload() for kind in kinds(script)}
    assert {"paid", "changed"} <= told
    fewer = workload(replace(plan(), unsaid=("paid", "changed")))
    assert {kind for script in fewer for kind in kinds(script)} == {
        "confirmed",
        "cancelled",
    }


def test_events_of_a_booking_occur_in_their_order() -> None:
    for script in workload():
        moments = [event.at for event in script.history]
        assert moments == sorted(set(moments))


def test_some_events_are_sent_twice_and_some_are_overtaken() -> None:
    deliveries = [delivery for script in workload() for delivery in script.deliveries]
    assert 0.05 < sum(not each.first for each in deliveries) / len(deliveries) < 0.15
    overtaken = [
        script
        for script in workload()
        for first_attempts in [[t.at for t in script.deliveries if t.first]]
        if first_attempts != sorted(first_attempts)
    ]
    assert overtaken


def test_every_event_is_sent() -> None:
    for script in workload():
        sent = {delivery.event.id for delivery in script.deliveries}
        assert sent == {event.id for event in script.history}


def test_unpaid_and_cancelled_bookings_are_not_entitled_to_a_code() -> None:
    for script in workload():
        paid = script.trigger != "paid" or "paid" in kinds(script)
        assert script.entitled == (paid and "cancelled" not in kinds(script))
    assert any(not i.entitled and "cancelled" not in kinds(i) for i in workload())


def test_booking_stays_with_its_connection_when_it_moves() -> None:
    for script in workload():
        assert len({resource.move_group for resource in script.resources}) == 1
    assert any(len({r.name for r in i.resources}) > 1 for i in workload())


def test_code_is_due_once_all_events_it_needs_were_sent() -> None:
    for script in workload():
        if script.entitled:
            first_attempts = [t for t in script.deliveries if t.first]
            needed = {t.event.kind: t.at for t in first_attempts}[script.trigger]
            assert needed <= script.due_at <= max(t.at for t in first_attempts)


def test_platform_repeats_all_it_had_sent_after_an_outage() -> None:
    given = plan("storm")
    deliveries = [t for script in workload(given) for t in script.deliveries]
    early = {t.event.id for t in deliveries if t.first and t.at < 24}
    repeated = {t.event.id for t in deliveries if not t.first and 36 <= t.at <= 39}
    assert early
    assert early <= repeated
    assert not [t for t in deliveries if 24 <= t.at < 36]


def test_plan_shows_no_secret_unless_it_is_serialised() -> None:
    assert SECRET not in repr(plan())
    assert SECRET in plan().to_json()
