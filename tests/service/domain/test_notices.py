"""What whoever looks after the keys is told: key, slot, booking, and no code."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from service.domain import messages
from service.domain.messages import KeyFacts

FACTS = KeyFacts(
    key="Lobby, Flat 1",
    slot=0,
    booking="B-1",
    resource="flat-1",
    due_at=datetime(2026, 12, 2, 9, tzinfo=UTC),
    since=datetime(2026, 12, 1, 14, 7, tzinfo=UTC),
    zone=ZoneInfo("Europe/Helsinki"),
)


def test_late_key_is_named_with_slot_booking_and_local_times() -> None:
    text = messages.overdue(FACTS)
    assert text.subject == "Key not returned: Lobby, Flat 1"
    for word in ("(slot 0)", "B-1", "flat-1", "2026-12-02 at 11:00", "12-01 at 16:07"):
        assert word in text.body


def test_returned_key_is_a_checkout_free_for_cleaning() -> None:
    text = messages.returned(FACTS)
    assert text.subject == "Key returned: Lobby, Flat 1"
    for word in ("(slot 0)", "Checkout of booking B-1", "free for cleaning", "16:07"):
        assert word in text.body


def test_what_nobody_saw_is_left_out() -> None:
    bare = KeyFacts("Flat 1", None, "B-1", "flat-1", FACTS.due_at, None, FACTS.zone)
    assert "slot" not in messages.overdue(bare).body.replace("its slot", "")
    assert "taken" not in messages.overdue(bare).body
    assert "since" not in messages.returned(bare).body


def test_code_made_by_hand_has_no_booking_to_name() -> None:
    text = messages.overdue(replace(FACTS, booking=None, resource=""))
    assert "Booking" not in text.body
    assert "made by hand" in text.body
