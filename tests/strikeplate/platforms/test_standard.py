from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from strikeplate.platforms.signatures import signed
from strikeplate.platforms.standard import (
    Booking,
    Event,
    IdentifiedPerson,
    Person,
    encoded,
    sign_delivery,
)

SECRET = "whsec_" + "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0"
START = datetime(2026, 12, 7, 15, 20, tzinfo=UTC)
END = datetime(2026, 12, 7, 17, 20, tzinfo=UTC)
ADA = Person("Ada", "ada@example.org", "+46700000000")
BOOKING = Booking("B-1", "court-1", START, END, ADA)


def test_event_tells_all_of_a_booking() -> None:
    payload = Event("evt-1", "confirmed", START, BOOKING).payload()
    assert payload["type"] == "booking.confirmed"
    assert payload["booking"]["start"] == "2026-12-07T15:20:00+00:00"
    assert payload["booking"]["customer"]["email"] == ADA.email


def test_identified_person_is_named_by_an_id_at_whatever_address() -> None:
    one = IdentifiedPerson("Bo", "bo@example.org", "+46700000001")
    other = IdentifiedPerson("Bo", ADA.email, "+46700000001")
    assert one.payload()["id"] == other.payload()["id"] == one.id
    assert "id" not in ADA.payload()


def test_moved_booking_keeps_what_did_not_move() -> None:
    assert BOOKING.moved(resource="court-2").start == START
    assert BOOKING.moved(to=(END, END)).resource == "court-1"


def test_signature_is_that_of_the_library() -> None:
    now, body = datetime.now(UTC), encoded({"name": "Åda"})
    headers = signed(SECRET, "evt-1", body, now)
    assert Webhook(SECRET).verify(body, headers) == {"name": "Åda"}
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body + b" ", headers)


def test_bytes_that_are_no_text_are_signed_as_they_are() -> None:
    one = signed(SECRET, "evt-1", b"\xc5da", START)
    other = signed(SECRET, "evt-1", b"\xc4da", START)
    assert one["webhook-signature"] != other["webhook-signature"]


def test_delivery_without_a_secret_is_not_signed() -> None:
    delivery = sign_delivery("/hook", None, "evt-1", b"{}", START)
    assert list(delivery.headers) == ["content-type"]
    assert json.loads(delivery.body) == {}
