"""Events as platforms send them: numbers for ids, of long ago, signed of old."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.service.web.conftest import event

if TYPE_CHECKING:
    from tests.service.web.conftest import ApiClient


def test_ids_that_are_numbers_are_taken_as_texts(api: ApiClient) -> None:
    connection = api.ready()
    payload = event() | {"id": 77}
    payload["booking"]["id"] = 1001
    assert api.send(connection, payload).json == {"event": "77", "status": "accepted"}
    cancelled = event("cancelled") | {"booking": {"id": "1001"}}
    assert api.send(connection, cancelled).json["status"] == "accepted"
    shown = api.get(f"/api/connections/{connection['id']}/bookings/1001")
    assert shown["status"] == "cancelled"


def test_truth_is_no_id(api: ApiClient) -> None:
    payload = event()
    payload["booking"]["id"] = True
    answer = api.send(api.ready(), payload)
    assert (answer.status_code, "booking.id" in answer.text) == (400, True)


def test_event_about_what_is_no_longer_kept_is_ignored_with_the_reason(
    api: ApiClient,
) -> None:
    connection = api.ready()
    long_ago = {"start": "2020-01-01T10:00:00Z", "end": "2020-01-01T11:00:00Z"}
    late = event(occurred_at="2020-01-01T09:00:00Z")
    late["booking"] |= long_ago | {"id": "B-old"}
    answer = api.send(connection, late).json
    assert (answer["status"], "is kept" in answer["reason"]) == ("ignored", True)
    assert api.send(connection, late).json["status"] == "duplicate"
    cancelled = event("cancelled", occurred_at="2020-01-01T09:30:00Z")
    assert (
        api.send(connection, cancelled | {"booking": {"id": "B-old"}}).json["status"]
        == "ignored"
    )
    path = f"/api/connections/{connection['id']}/bookings/B-old"
    assert api.call("GET", path).status_code == 404


def test_event_of_long_ago_about_a_booking_to_come_counts(api: ApiClient) -> None:
    payload = event(occurred_at="2020-01-01T09:00:00Z")
    assert api.send(api.ready(), payload).json["status"] == "accepted"
