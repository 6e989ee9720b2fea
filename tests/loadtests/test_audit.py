"""The audit finds each hazard where there is one, and none where there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from loadtests.audit import HAZARDS, NOT_REVOCABLE, SECOND, edges
from tests.loadtests.sample_run import RESOURCES, Site, find

CODE, OTHER = "345678", "987654"


@pytest.fixture
def site() -> Site:
    """One confirmed booking, in a correct state: a code at the door, sent once."""
    made = Site(find("acme", "confirmed"))
    made.give(CODE, made.script.final)
    made.receive_code(CODE)
    return made


def test_correct_booking_has_no_finding(site: Site) -> None:
    assert site.findings() == []
    assert site.audit().pending([site.script]) == 0


def test_event_never_accepted_is_not_also_counted_as_lost(site: Site) -> None:
    site.opening.clear()
    (event,) = site.script.history
    assert site.hazards(event.id) == ["not accepted"]


def test_code_that_does_not_open_is_lost_whatever_the_mail_says(site: Site) -> None:
    site.opening.clear()
    (finding,) = site.findings()
    assert finding.hazard == "lost"
    assert finding.detail == "the code that was sent does not open"


def test_booking_without_any_code_is_lost_and_pending() -> None:
    bare = Site(find("acme", "confirmed"))
    assert [each.detail for each in bare.findings()] == ["no code"]
    assert bare.audit().pending([bare.script]) == 1


def test_second_code_that_nobody_received_is_doubled(site: Site) -> None:
    site.give(OTHER, site.script.final)
    assert site.hazards() == ["doubled"]


def test_code_that_opens_an_hour_before_is_of_a_wrong_window(site: Site) -> None:
    site.opening.clear()
    site.give(CODE, site.script.final, early=timedelta(minutes=61))
    assert site.hazards() == ["wrong window"]


def test_window_rounded_by_less_than_an_hour_is_right(site: Site) -> None:
    site.opening.clear()
    site.give(CODE, site.script.final, early=timedelta(minutes=59))
    assert site.hazards() == []


@pytest.mark.parametrize("minutes", [-1, 1])
def test_code_that_is_shut_at_an_edge_is_of_a_wrong_window(
    site: Site, minutes: int
) -> None:
    ((code, start, end),) = site.opening
    late = timedelta(minutes=max(minutes, 0))
    short = timedelta(minutes=max(-minutes, 0))
    site.opening = [(code, start + late, end - short)]
    assert site.hazards() == ["wrong window"]


@pytest.mark.parametrize(
    ("vendor", "margin", "opens", "shuts"),
    [
        ("nuki", 0, "15:20:00", "17:20:00"),
        ("nuki", 5, "15:15:00", "17:20:00"),
        ("exivo", 0, "15:20:00", "17:20:00"),
        ("igloohome", 0, "15:00:00", "18:00:00"),
        ("igloohome", 60, "14:00:00", "18:00:00"),
    ],
)
def test_edges_are_those_of_the_vendors_own_window(
    vendor: str, margin: int, opens: str, shuts: str
) -> None:
    booked = find("acme", "confirmed").final
    start = booked.start.replace(hour=15, minute=20, second=0, microsecond=0)
    booking = replace(booked, start=start, end=start + timedelta(hours=2))
    before = timedelta(minutes=margin)
    place = replace(RESOURCES[0], vendor=vendor, margin_before=before)
    first, last, early, late = edges(place, booking, start - timedelta(days=2))
    assert (first[0], last[0]) == (booking.start, booking.end - SECOND)
    shown = (early[0] + SECOND, late[0] - (vendor != "igloohome") * SECOND)
    assert [at.astimezone(start.tzinfo).strftime("%X") for at in shown] == [
        opens,
        shuts,
    ]
    assert [opens for _, opens, _ in (first, last, early, late)] == [
        *(True, True, False, False)
    ]


def test_code_that_nobody_received_is_a_missing_message(site: Site) -> None:
    site.mails.clear()
    assert site.hazards() == ["message missing"]
    assert site.audit().pending([site.script]) == 1


def test_last_message_with_another_code_is_a_missing_message(site: Site) -> None:
    site.receive_code(OTHER)
    assert site.hazards() == ["message missing"]


def test_same_message_twice_is_doubled(site: Site) -> None:
    site.receive_code(CODE)
    assert site.hazards() == ["message doubled"]


def test_cancelled_booking_whose_code_opens_is_stale_and_says_since_when() -> None:
    site = Site(find("acme", "confirmed", "cancelled"))
    site.give(CODE, site.script.final)
    (finding,) = site.findings()
    assert finding.hazard == "stale"
    sent = [t.at for t in site.script.deliveries if t.event.kind == "cancelled"]
    assert finding.seconds == pytest.approx(300 - min(sent), abs=0.1)
    assert site.audit().pending([site.script]) == 1


def test_code_that_cannot_be_revoked_is_no_hazard() -> None:
    site = Site(find("mute", "confirmed", "cancelled"))
    site.give(CODE, site.script.final)
    assert site.hazards() == [NOT_REVOCABLE]
    assert NOT_REVOCABLE not in HAZARDS
    assert site.audit().pending([site.script]) == 0


def test_code_for_the_time_before_a_move_is_stale() -> None:
    site = Site(find("acme", "confirmed", "changed"))
    for code, (_, booking) in zip((OTHER, CODE), site.script.placements, strict=True):
        site.give(code, booking)
    site.receive_code(CODE)
    (finding,) = site.findings()
    assert (finding.hazard, finding.detail) == ("stale", "moved")


def test_code_that_waits_in_a_queue_keeps_the_booking_pending(site: Site) -> None:
    site.listed += [replace(entry, truth="queue") for entry in site.listed]
    assert site.audit().pending([site.script]) == 1
