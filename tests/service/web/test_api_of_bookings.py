"""The JSON API for what comes of bookings: accesses, messages, events, work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.service.web.conftest import by_hand, event

if TYPE_CHECKING:
    from tests.service.web.conftest import ApiClient


def test_a_booking_shows_its_accesses_and_messages_and_the_customers_view(
    api: ApiClient,
) -> None:
    connection = api.ready()
    api.send(connection, event())
    api.env.work()
    path = f"/api/connections/{connection['id']}/bookings/B-1"
    shown, seen = api.get(path), api.get(f"{path}/customer")
    (access,) = shown["accesses"]
    assert (access["status"], access["active"]) == ("created", True)
    assert access["lock"]["name"] == "Front door"
    assert access["vendor_place"].startswith("stub")
    (message,) = shown["messages"]
    assert (message["status"], message["accesses"]) == ("sent", [access["id"]])
    assert seen["doors"][0]["pin"] == access["pin"]
    assert (seen["start"], seen["end"]) == (
        "2027-12-01T14:20:00Z",
        "2027-12-01T16:20:00Z",
    )
    assert api.get("/api/messages?booking=B-1")["items"] == [message]
    assert api.call("GET", f"{path}x").status_code == 404


def test_a_reference_may_hold_anything_a_path_can(api: ApiClient) -> None:
    connection = api.ready()
    api.send(connection, event(booking={"id": "2026/12 ä?#"}))
    path = f"/api/connections/{connection['id']}/bookings/2026%2F12%20%C3%A4%3F%23"
    assert api.get(path)["id"] == "2026/12 ä?#"
    assert api.get(f"{path}/customer")["booking"] == "2026/12 ä?#"


def test_accesses_come_in_pages_newest_first_and_can_be_narrowed(
    api: ApiClient,
) -> None:
    connection = api.ready()
    for number in range(5):
        day = f"2027-12-0{number + 1}"
        times = {"start": f"{day}T10:00:00Z", "end": f"{day}T11:00:00Z"}
        api.send(connection, event(booking={"id": f"B-{number}", **times}))
    api.env.work()
    found, cursor = [], ""
    while cursor is not None:
        page = api.get(f"/api/accesses?limit=2{cursor and '&cursor=' + cursor}")
        found += page["items"]
        cursor = page["next_cursor"]
    assert [each["booking"] for each in found] == ["B-4", "B-3", "B-2", "B-1", "B-0"]
    narrowed = api.get("/api/accesses?booking=B-3&status=created&active=true")
    assert [each["booking"] for each in narrowed["items"]] == ["B-3"]
    assert api.get("/api/accesses?active=false")["items"] == []
    assert api.call("GET", "/api/accesses?limit=0").status_code == 400
    assert api.call("GET", "/api/accesses?page=2").status_code == 400


def test_a_code_by_hand_is_ordered_and_shown_on_the_locks_page(api: ApiClient) -> None:
    connection = api.ready()
    made = api.call("POST", "/api/accesses", json=by_hand(connection))
    assert (made.status_code, made.json["status"]) == (201, "in progress")
    api.env.work()
    shown = api.get(f"/api/accesses/{made.json['id']}")
    page = api.get(f"/api/locks/{connection['front']}")
    assert page["accesses"] == [shown]
    assert page["master_code"] == "1234567890"
    refused = api.call("DELETE", f"/api/accesses/{made.json['id']}")
    assert refused.status_code == 409
    assert "until 2027-12-01 17:00" in refused.text


@pytest.mark.parametrize(
    ("change", "status", "says"),
    [
        ({"lock": "lock_nobody"}, 404, "lock_nobody"),
        ({"start": "2027-12-01T15:30:00Z"}, 422, "whole hours"),
        ({"start": "2027-12-01"}, 400, "start"),
        ({"kind": ""}, 400, "kind"),
    ],
)
def test_a_code_by_hand_that_cannot_be_is_refused(
    api: ApiClient, change: dict[str, Any], status: int, says: str
) -> None:
    body = by_hand(api.ready(), **change)
    answer = api.call("POST", "/api/accesses", json=body)
    assert answer.status_code == status
    assert says in answer.text


def test_mail_is_plain_where_nothing_asks_for_html(api: ApiClient) -> None:
    api.send(api.ready(), event())
    api.env.work()
    (sent,) = api.env.outbox.taken
    assert sent.html == ""


def test_templates_are_set_previewed_and_taken_back(api: ApiClient) -> None:
    base = f"/api/connections/{api.connect()['id']}/templates"
    path = f"{base}/email/sv"
    assert api.get(path)["own"] is False
    text = {"subject": "Nyckel", "body": "Koden är {codes}"}
    assert api.call("PUT", path, json=text).status_code == 200
    assert api.get(f"{base}/email/SV")["body"] == "Koden är {codes}"
    assert len(api.get(base)["items"]) == 1
    tried = {"channel": "email", "language": "sv", **text}
    preview = api.call("POST", f"{base}/preview", json=tried).json
    shown = {"subject": "Nyckel", "body": "Koden är 012345678\n", "html": None}
    assert preview == shown
    wrong = api.call("PUT", path, json=text | {"body": "Koden är {cods}"})
    assert wrong.status_code == 422
    assert "did you mean {codes}" in wrong.text
    assert api.call("DELETE", path).status_code == 204
    assert api.get(path)["own"] is False
    assert api.call("GET", f"{base}/pigeon/sv").status_code == 404


def test_an_ignored_event_is_replayed(api: ApiClient) -> None:
    connection = api.ready()
    api.send(connection, event(booking={"resource": "attic"}))
    (ignored,) = api.get("/api/events")["items"]
    assert ignored["status"] == "ignored"
    path = f"/api/connections/{connection['id']}/rules"
    rule = {"resource": "attic", "locks": [connection["front"]]}
    api.call("POST", path, json=rule)
    replayed = api.call("POST", f"/api/events/{ignored['id']}/replay").json
    assert replayed["status"] == "accepted"
    assert api.get("/api/work")["due"] >= 1
    api.env.work()
    assert len(api.get("/api/accesses")["items"]) == 1


def test_work_is_told_for_all_and_for_one(api: ApiClient) -> None:
    connection = api.ready(send_hours_before=1)
    api.env.work()
    api.send(connection, event())
    assert api.get("/api/work")["due"] == 1
    assert api.get(f"/api/work?connection={api.env.connection.id}")["due"] == 0
    api.env.work()
    payload = api.get(f"/api/work?connection={connection['id']}")
    assert (payload["due"], payload["in_flight"]) == (0, 0)
    assert payload["next_at"] < "2027-12-01T13:20:00Z"  # its lock is watched
    (message,) = api.get(f"/api/connections/{connection['id']}/bookings/B-1")[
        "messages"
    ]
    assert message["next_try_at"] == "2027-12-01T13:20:00Z"


def test_booking_is_read_with_all_that_belongs_to_it(api: ApiClient) -> None:
    connection = api.ready(send_hours_before=1)
    path = f"/api/connections/{connection['id']}/bookings/B-1"
    api.send(connection, event("changed"))
    waiting = api.get(path)
    assert (waiting["status"], waiting["doors"]) == ("waiting", [])
    assert "booking.confirmed" in waiting["reason"]
    api.send(connection, event())
    api.env.work()
    shown = api.get(path)
    assert (shown["status"], shown["reason"]) == ("created", None)
    assert shown["next_try_at"] == shown["messages"][0]["send_at"]
    assert shown["doors"] == api.get(f"{path}/customer")["doors"] != []
    api.send(connection, event("cancelled"))
    api.env.work()
    assert api.get(path)["status"] == "cancelled"
    assert api.get(path)["doors"] == []


@pytest.mark.parametrize(
    ("search", "found"),
    [("b-1", 1), ("NOVAK", 1), ("ada@", 1), ("court", 1), ("plumb", 1), ("%", 0)],
)
def test_accesses_are_searched_by_what_is_known_of_them(
    api: ApiClient, search: str, found: int
) -> None:
    connection = api.ready()
    api.send(connection, event())
    api.env.work()
    api.call("POST", "/api/accesses", json=by_hand(connection))
    query = {"search": search}
    answer = api.call("GET", "/api/accesses", query_string=query).json
    assert len(answer["items"]) == found
