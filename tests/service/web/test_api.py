"""The JSON API: what the owner sets and sees."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pytest
from openapi_spec_validator import validate

from tests.service.paper import PASSWORD
from tests.service.web.conftest import event

if TYPE_CHECKING:
    from tests.service.web.conftest import Desk


@pytest.mark.parametrize(
    "token", ["", "Bearer", "Bearer wrong", "Basic b3Blbg==", "bearer open sesame", "å"]
)
def test_every_call_needs_the_token(desk: Desk, token: str) -> None:
    for rule in desk.client.application.url_map.iter_rules():
        if not rule.endpoint.startswith("api."):
            continue
        path = str(rule).replace("<", "").replace(">", "")
        method = min((rule.methods or set()) - {"HEAD", "OPTIONS"})
        answer = desk.client.open(path, method=method, headers={"Authorization": token})
        assert answer.status_code == 401, path
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_document_is_valid_and_tells_every_call(desk: Desk) -> None:
    document = desk.client.get("/api/openapi.json").json
    validate(document)
    told = {
        (method.upper(), path.replace("{", "<").replace("}", ">"))
        for path, calls in document["paths"].items()
        for method in calls
    }
    served = {
        (method, str(rule).replace("path:", ""))
        for rule in desk.client.application.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint.startswith(("api.", "webhooks."))
    }
    assert served == told


def test_answers_have_the_shape_that_the_document_tells(desk: Desk) -> None:
    document = desk.client.get("/api/openapi.json").json
    models = document["components"]["schemas"]
    connection = desk.ready()
    access = desk.call("POST", "/api/accesses", json=by_hand(connection)).json
    assert set(access) == set(models["AccessGiven"]["properties"])
    assert set(desk.get("/api/work")) == set(models["WorkGiven"]["properties"])


def test_a_connection_is_made_shown_changed_and_removed(desk: Desk) -> None:
    made = desk.connect(owner_email="owner@example.org")
    path = f"/api/connections/{made['id']}"
    assert made["webhook_secret"].startswith("whsec_")
    assert made["webhook_url"].startswith("http://127.0.0.1:8800/webhooks/")
    assert (made["linked"], made["active"], made["account"]) == (
        True,
        False,
        "paper of ada",
    )
    shown = desk.get(path)
    assert shown["webhook_secret"] is None
    assert shown["credentials"] == {"user": "ada", "password": None}
    assert shown["secrets"] == ["password"]
    change = {"active": True, "terms_accepted": True, "name": "New"}
    changed = desk.call("PATCH", path, json=change).json
    assert changed["terms_accepted_at"] is not None
    assert (changed["active"], changed["name"]) == (True, "New")
    assert changed["owner_email"] == "owner@example.org"
    assert desk.call("DELETE", path).status_code == 204
    assert desk.call("GET", path).status_code == 404


def test_no_answer_shows_a_secret_of_the_vendor(desk: Desk) -> None:
    made = desk.connect(credentials={"password": PASSWORD, "user": "eva"})
    wrong = desk.call(
        "PATCH",
        f"/api/connections/{made['id']}",
        json={"credentials": {"password": "hunter2"}},
    )
    assert wrong.status_code == 422
    assert "hunter2" not in wrong.text
    assert PASSWORD not in desk.call("GET", "/api/connections").text


def test_wrong_credentials_are_told_and_link_nothing(desk: Desk) -> None:
    wish = {
        "vendor": "paper",
        "name": "Other",
        "timezone": "UTC",
        "credentials": {"password": "no"},
    }
    answer = desk.call("POST", "/api/connections", json=wish)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "credentials"
    names = [each["name"] for each in desk.get("/api/connections")["items"]]
    assert "Other" not in names


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"name": ""}, "name"),
        ({"colour": "red"}, "colour"),
        ({"credentials": {"password": 5}}, "credentials.password"),
        ({"vendor": None}, "vendor"),
    ],
)
def test_a_connection_with_a_wrong_field_is_refused_by_its_name(
    desk: Desk, change: dict[str, Any], field: str
) -> None:
    wish = {
        "vendor": "paper",
        "name": "Club",
        "timezone": "UTC",
        "credentials": {"password": PASSWORD},
    }
    answer = desk.call("POST", "/api/connections", json=wish | change)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json["errors"]] == [field]


def test_locks_are_listed_read_again_and_moved_to_another_zone(desk: Desk) -> None:
    path = f"/api/connections/{desk.connect()['id']}/locks"
    listed = desk.get(path)["items"]
    assert [each["usable"] for each in listed] == [True, True, False]
    assert desk.call("POST", f"{path}/refresh").json["items"] == listed
    lock = f"/api/locks/{listed[0]['id']}"
    assert desk.call("PATCH", lock, json={"timezone": "Mars"}).status_code == 400
    moved = desk.call("PATCH", lock, json={"timezone": "Asia/Kolkata"}).json
    assert moved["timezone"] == "Asia/Kolkata"


@pytest.mark.parametrize(
    ("change", "status", "says"),
    [
        ({"margin_before_hours": 1.5}, 400, "whole number of hours"),
        ({"margin_after_hours": -1}, 400, "margin_after_hours"),
        ({"margin_after_hours": "1h"}, 400, "whole number of hours"),
        ({"margin_after_hours": True}, 400, "whole number of hours"),
        ({"send_hours_before": -1}, 400, "send_hours_before"),
        ({"channel": "pigeon"}, 400, "channel"),
        ({"trigger": "eclipse"}, 400, "trigger"),
        ({"locks": []}, 400, "locks"),
        ({"locks": ["lock_nobody"]}, 422, "lock_nobody"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_and_the_old_one_holds(
    desk: Desk, change: dict[str, Any], status: int, says: str
) -> None:
    connection = desk.ready()
    path = f"/api/rules/{connection['rule']}"
    before = desk.get(path)
    answer = desk.call("PATCH", path, json=change)
    assert answer.status_code == status
    assert says in answer.text
    assert desk.get(path) == before


def test_a_rule_for_a_device_that_takes_no_codes_is_refused_with_the_reason(
    desk: Desk,
) -> None:
    connection = desk.connect()
    path = f"/api/connections/{connection['id']}"
    hub = desk.get(f"{path}/locks")["items"][2]["id"]
    rule = {"resource": "court-1", "locks": [hub]}
    answer = desk.call("POST", f"{path}/rules", json=rule)
    assert answer.status_code == 422
    assert "Hub cannot be used: no lock" in answer.text


def test_rules_are_edited_and_deleted(desk: Desk) -> None:
    connection = desk.ready(send_hours_before=2)
    path = f"/api/rules/{connection['rule']}"
    change = {"trigger": "paid", "send_hours_before": None, "margin_before_hours": 3}
    edited = desk.call("PATCH", path, json=change).json
    assert (edited["trigger"], edited["send_hours_before"]) == ("paid", None)
    assert edited["resource"] == "court-1"
    listed = desk.get(f"/api/connections/{connection['id']}/rules")["items"]
    assert listed == [edited]
    assert desk.call("DELETE", path).status_code == 204
    assert desk.call("GET", path).status_code == 404


def test_a_booking_shows_its_accesses_and_messages_and_the_customers_view(
    desk: Desk,
) -> None:
    connection = desk.ready()
    desk.send(connection, event())
    desk.shop.work()
    path = f"/api/connections/{connection['id']}/bookings/B-1"
    shown, seen = desk.get(path), desk.get(f"{path}/customer")
    (access,) = shown["accesses"]
    assert (access["status"], access["active"]) == ("created", True)
    assert access["lock"]["name"] == "Front door"
    assert access["vendor_place"].startswith("paper")
    (message,) = shown["messages"]
    assert (message["status"], message["accesses"]) == ("sent", [access["id"]])
    assert seen["doors"][0]["pin"] == access["pin"]
    assert (seen["start"], seen["end"]) == (
        "2027-12-01T14:20:00Z",
        "2027-12-01T16:20:00Z",
    )
    assert desk.get("/api/messages?booking=B-1")["items"] == [message]
    assert desk.call("GET", f"{path}x").status_code == 404


def test_a_reference_may_hold_anything_a_path_can(desk: Desk) -> None:
    connection = desk.ready()
    desk.send(connection, event(booking={"id": "2026/12 ä?#"}))
    path = f"/api/connections/{connection['id']}/bookings/2026%2F12%20%C3%A4%3F%23"
    assert desk.get(path)["id"] == "2026/12 ä?#"
    assert desk.get(f"{path}/customer")["booking"] == "2026/12 ä?#"


def test_accesses_come_in_pages_newest_first_and_can_be_narrowed(desk: Desk) -> None:
    connection = desk.ready()
    for number in range(5):
        day = f"2027-12-0{number + 1}"
        times = {"start": f"{day}T10:00:00Z", "end": f"{day}T11:00:00Z"}
        desk.send(connection, event(booking={"id": f"B-{number}", **times}))
    desk.shop.work()
    found, cursor = [], ""
    while cursor is not None:
        page = desk.get(f"/api/accesses?limit=2{cursor and '&cursor=' + cursor}")
        found += page["items"]
        cursor = page["next_cursor"]
    assert [each["booking"] for each in found] == ["B-4", "B-3", "B-2", "B-1", "B-0"]
    narrowed = desk.get("/api/accesses?booking=B-3&status=created&active=true")
    assert [each["booking"] for each in narrowed["items"]] == ["B-3"]
    assert desk.get("/api/accesses?active=false")["items"] == []
    assert desk.call("GET", "/api/accesses?limit=0").status_code == 400
    assert desk.call("GET", "/api/accesses?page=2").status_code == 400


def by_hand(connection: Any, **change: Any) -> dict[str, Any]:
    wish = {
        "lock": connection["front"],
        "kind": "hourly",
        "start": "2027-12-01T15:00:00Z",
        "end": "2027-12-01T17:00:00Z",
        "name": "Plumber",
    }
    return wish | change


def test_a_code_by_hand_is_ordered_and_shown_on_the_locks_page(desk: Desk) -> None:
    connection = desk.ready()
    made = desk.call("POST", "/api/accesses", json=by_hand(connection))
    assert (made.status_code, made.json["status"]) == (201, "in progress")
    desk.shop.work()
    shown = desk.get(f"/api/accesses/{made.json['id']}")
    page = desk.get(f"/api/locks/{connection['front']}")
    assert page["accesses"] == [shown]
    assert page["master_code"] == "1234567890"
    refused = desk.call("DELETE", f"/api/accesses/{made.json['id']}")
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
    desk: Desk, change: dict[str, Any], status: int, says: str
) -> None:
    wish = by_hand(desk.ready(), **change)
    answer = desk.call("POST", "/api/accesses", json=wish)
    assert answer.status_code == status
    assert says in answer.text


def test_templates_are_set_previewed_and_taken_back(desk: Desk) -> None:
    base = f"/api/connections/{desk.connect()['id']}/templates"
    path = f"{base}/email/sv"
    assert desk.get(path)["own"] is False
    text = {"subject": "Nyckel", "body": "Koden är {codes}"}
    assert desk.call("PUT", path, json=text).status_code == 200
    assert desk.get(f"{base}/email/SV")["body"] == "Koden är {codes}"
    assert len(desk.get(base)["items"]) == 1
    tried = {"channel": "email", "language": "sv", **text}
    preview = desk.call("POST", f"{base}/preview", json=tried).json
    assert preview == {"subject": "Nyckel", "body": "Koden är 012345678\n"}
    wrong = desk.call("PUT", path, json=text | {"body": "Koden är {cods}"})
    assert wrong.status_code == 422
    assert "did you mean {codes}" in wrong.text
    assert desk.call("DELETE", path).status_code == 204
    assert desk.get(path)["own"] is False
    assert desk.call("GET", f"{base}/pigeon/sv").status_code == 404


def test_an_ignored_event_is_replayed(desk: Desk) -> None:
    connection = desk.ready()
    desk.send(connection, event(booking={"resource": "attic"}))
    (ignored,) = desk.get("/api/events")["items"]
    assert ignored["status"] == "ignored"
    path = f"/api/connections/{connection['id']}/rules"
    rule = {"resource": "attic", "locks": [connection["front"]]}
    desk.call("POST", path, json=rule)
    replayed = desk.call("POST", f"/api/events/{ignored['id']}/replay").json
    assert replayed["status"] == "accepted"
    assert desk.get("/api/work")["due"] >= 1
    desk.shop.work()
    assert len(desk.get("/api/accesses")["items"]) == 1


def test_work_is_told_for_all_and_for_one(desk: Desk) -> None:
    connection = desk.ready(send_hours_before=1)
    desk.shop.work()
    desk.send(connection, event())
    assert desk.get("/api/work")["due"] == 1
    assert desk.get(f"/api/work?connection={desk.shop.connection.id}")["due"] == 0
    desk.shop.work()
    told = desk.get(f"/api/work?connection={connection['id']}")
    assert told == {"due": 0, "in_flight": 0, "next_at": "2027-12-01T13:20:00Z"}
