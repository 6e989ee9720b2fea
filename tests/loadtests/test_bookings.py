"""The play is the same for all who know the stage, and no two bookings meet."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from loadtests import bookings
from loadtests import stage as staging
from loadtests.bookings import CELL
from tests.loadtests.paper import BEGUN, SECRET, play, stage

if TYPE_CHECKING:
    from loadtests.bookings import Intent


SECOND = timedelta(seconds=1)
MIDNIGHT = datetime(2026, 12, 3, tzinfo=ZoneInfo("Europe/Stockholm"))


def kinds(intent: Intent) -> list[str]:
    return [event.kind for event in intent.history]


def test_play_follows_from_the_written_stage_alone() -> None:
    given = stage()
    again = bookings.play(staging.read(given.written()), BEGUN)
    assert again == play(given)


def test_no_two_bookings_have_the_same_hours_of_one_resource() -> None:
    taken: Counter[tuple[str, int]] = Counter()
    for intent in play():
        for resource, booking in intent.places:
            first = (booking.start - MIDNIGHT) // CELL
            last = (booking.end - SECOND - MIDNIGHT) // CELL
            assert first == last
            taken[resource.name, first] += 1
    assert max(taken.values()) == 1


def test_events_of_a_booking_occur_in_their_order() -> None:
    for intent in play():
        moments = [event.at for event in intent.history]
        assert moments == sorted(set(moments))


def test_some_events_are_told_twice_and_some_are_overtaken() -> None:
    tellings = [telling for intent in play() for telling in intent.tellings]
    assert 0.05 < sum(not each.first for each in tellings) / len(tellings) < 0.15
    overtaken = [
        intent
        for intent in play()
        for firsts in [[t.at for t in intent.tellings if t.first]]
        if firsts != sorted(firsts)
    ]
    assert overtaken


def test_every_event_is_told() -> None:
    for intent in play():
        told = {telling.event.id for telling in intent.tellings}
        assert told == {event.id for event in intent.history}


def test_unpaid_and_cancelled_bookings_have_no_right_to_a_code() -> None:
    for intent in play():
        paid = intent.needs != "paid" or "paid" in kinds(intent)
        assert intent.alive == (paid and "cancelled" not in kinds(intent))
    assert any(not i.alive and "cancelled" not in kinds(i) for i in play())


def test_booking_stays_with_its_connection_when_it_moves() -> None:
    for intent in play():
        assert len({resource.where for resource in intent.resources}) == 1
    assert any(len({r.name for r in i.resources}) > 1 for i in play())


def test_code_is_due_once_all_it_takes_has_been_told() -> None:
    for intent in play():
        if intent.alive:
            firsts = [t for t in intent.tellings if t.first]
            needed = {t.event.kind: t.at for t in firsts}[intent.needs]
            assert needed <= intent.due_at <= max(t.at for t in firsts)


def test_platform_that_was_out_repeats_all_it_had_told() -> None:
    given = stage("storm")
    tellings = [t for intent in play(given) for t in intent.tellings]
    early = {t.event.id for t in tellings if t.first and t.at < 24}
    repeated = {t.event.id for t in tellings if not t.first and 36 <= t.at <= 39}
    assert early
    assert early <= repeated
    assert not [t for t in tellings if 24 <= t.at < 36]


def test_stage_shows_no_secret_unless_it_is_written() -> None:
    assert SECRET not in repr(stage())
    assert SECRET in stage().written()
