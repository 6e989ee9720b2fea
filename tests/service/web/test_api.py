"""The JSON API: what the owner sets and sees."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
from openapi_spec_validator import validate

from tests.service.stub_vendor import PASSWORD
from tests.service.web.conftest import by_hand

if TYPE_CHECKING:
    from tests.service.web.conftest import ApiClient


@pytest.mark.parametrize(
    "token", ["", "Bearer", "Bearer wrong", "Basic b3Blbg==", "bear open sesame", "å"]
)
def test_every_call_needs_the_token(api: ApiClient, token: str) -> None:
    for rule in api.client.application.url_map.iter_rules():
        if not rule.endpoint.startswith("api."):
            continue
        path = str(rule).replace("<", "").replace(">", "")
        method = min((rule.methods or set()) - {"HEAD", "OPTIONS"})
        answer = api.client.open(path, method=method, headers={"Authorization": token})
        assert answer.status_code == 401, path
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_document_is_valid_and_tells_every_call(api: ApiClient) -> None:
    document = api.client.get("/api/openapi.json").json
    validate(document)
    payload = {
        (method.upper(), path.replace("{", "<").replace("}", ">"))
        for path, calls in document["paths"].items()
        for method in calls
    }
    served = {
        (method, str(rule).replace("any_id:", ""))
        for rule in api.client.application.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint.startswith(("api.", "webhooks."))
    }
    assert served == payload


def test_answers_have_the_shape_that_the_document_tells(api: ApiClient) -> None:
    document = api.client.get("/api/openapi.json").json
    models = document["components"]["schemas"]
    connection = api.ready()
    access = api.call("POST", "/api/accesses", json=by_hand(connection)).json
    assert set(access) == set(models["Access"]["properties"])
    assert set(api.get("/api/work")) == set(models["Work"]["properties"])


def test_a_connection_is_made_shown_changed_and_removed(api: ApiClient) -> None:
    made = api.connect(owner_email="owner@example.org")
    path = f"/api/connections/{made['id']}"
    assert made["webhook_secret"].startswith("whsec_")
    assert made["webhook_url"].startswith("http://127.0.0.1:8800/webhooks/")
    assert (made["linked"], made["active"], made["account"]) == (
        True,
        False,
        "stub of ada",
    )
    shown = api.get(path)
    assert shown["webhook_secret"] is None
    assert shown["credentials"] == {"user": "ada", "password": None}
    assert shown["secrets"] == ["password"]
    change = {"active": True, "terms_accepted": True, "name": "New"}
    changed = api.call("PATCH", path, json=change).json
    assert changed["terms_accepted_at"] is not None
    assert (changed["active"], changed["name"]) == (True, "New")
    assert changed["owner_email"] == "owner@example.org"
    assert api.call("DELETE", path).json == {"notice": None}
    assert api.call("GET", path).status_code == 404


def test_no_answer_shows_a_secret_of_the_vendor(api: ApiClient) -> None:
    made = api.connect(credentials={"password": PASSWORD, "user": "eva"})
    wrong = api.call(
        "PATCH",
        f"/api/connections/{made['id']}",
        json={"credentials": {"password": "hunter2"}},
    )
    assert wrong.status_code == 422
    assert "hunter2" not in wrong.text
    assert PASSWORD not in api.call("GET", "/api/connections").text


def test_wrong_credentials_are_told_and_link_nothing(api: ApiClient) -> None:
    body = {
        "vendor": "stub",
        "name": "Other",
        "timezone": "UTC",
        "credentials": {"password": "no"},
    }
    answer = api.call("POST", "/api/connections", json=body)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "credentials"
    names = [each["name"] for each in api.get("/api/connections")["items"]]
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
    api: ApiClient, change: dict[str, Any], field: str
) -> None:
    body = {
        "vendor": "stub",
        "name": "Club",
        "timezone": "UTC",
        "credentials": {"password": PASSWORD},
    }
    answer = api.call("POST", "/api/connections", json=body | change)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json["errors"]] == [field]


def test_locks_are_listed_read_again_and_moved_to_another_zone(api: ApiClient) -> None:
    path = f"/api/connections/{api.connect()['id']}/locks"
    listed = api.get(path)["items"]
    assert [each["usable"] for each in listed] == [True, True, False]
    assert api.call("POST", f"{path}/refresh").json["items"] == listed
    lock = f"/api/locks/{listed[0]['id']}"
    assert api.call("PATCH", lock, json={"timezone": "Mars"}).status_code == 400
    moved = api.call("PATCH", lock, json={"timezone": "Asia/Kolkata"}).json
    assert moved["timezone"] == "Asia/Kolkata"


@pytest.mark.parametrize(
    ("change", "status", "says"),
    [
        ({"margin_before_minutes": 30}, 422, "margins in whole hours only"),
        ({"margin_before_minutes": 1.5}, 400, "margin_before_minutes"),
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
    api: ApiClient, change: dict[str, Any], status: int, says: str
) -> None:
    connection = api.ready()
    path = f"/api/rules/{connection['rule']}"
    before = api.get(path)
    answer = api.call("PATCH", path, json=change)
    assert answer.status_code == status
    assert says in answer.text
    assert api.get(path) == before


def test_a_rule_for_a_device_that_takes_no_codes_is_refused_with_the_reason(
    api: ApiClient,
) -> None:
    connection = api.connect()
    path = f"/api/connections/{connection['id']}"
    hub = api.get(f"{path}/locks")["items"][2]["id"]
    rule = {"resource": "court-1", "locks": [hub]}
    answer = api.call("POST", f"{path}/rules", json=rule)
    assert answer.status_code == 422
    assert "Hub cannot be used: no lock" in answer.text


def test_rules_are_edited_and_deleted(api: ApiClient) -> None:
    connection = api.ready(send_hours_before=2)
    path = f"/api/rules/{connection['rule']}"
    change = {"trigger": "paid", "send_hours_before": None, "margin_before_hours": 3}
    edited = api.call("PATCH", path, json=change).json
    assert (edited["trigger"], edited["send_hours_before"]) == ("paid", None)
    assert edited["resource"] == "court-1"
    listed = api.get(f"/api/connections/{connection['id']}/rules")["items"]
    assert listed == [edited]
    assert api.call("DELETE", path).status_code == 204
    assert api.call("GET", path).status_code == 404


def test_vendor_that_sends_no_messages_has_no_address_for_them(api: ApiClient) -> None:
    made = api.connect()
    assert made["vendor_events_url"] is None
    answer = api.call("POST", f"/api/connections/{made['id']}/vendor-events")
    assert answer.status_code == 409
    assert "sends no messages of its own" in answer.json["detail"]


@pytest.mark.parametrize("field", ["owner_email", "manager_email"])
@pytest.mark.parametrize("address", ["noat", "a\r\nBcc: b@x.org", "a@x,b@y"])
def test_address_of_the_owner_is_checked_when_it_is_given(
    api: ApiClient, field: str, address: str
) -> None:
    made = api.connect()
    new = {"vendor": "stub", "name": "Club", "timezone": "UTC"}
    new |= {"credentials": {"password": PASSWORD}, field: address}
    path = f"/api/connections/{made['id']}"
    for answer in (
        api.call("POST", "/api/connections", json=new),
        api.call("PATCH", path, json={field: address}),
    ):
        assert answer.status_code == 422
        assert answer.json["errors"][0]["field"] == field


def test_call_beyond_the_bulkhead_is_told_to_come_back(api: ApiClient) -> None:
    made = api.ready()
    path = f"/api/connections/{made['id']}"
    calls = api.env.service.vendor_calls
    with ExitStack() as hanging:
        for _ in range(4):
            hanging.enter_context(calls.slot(made["id"]))
        refused = [
            api.call("POST", f"{path}/verify"),
            api.call("POST", f"{path}/locks/refresh"),
            api.call("PATCH", path, json={"credentials": {"password": PASSWORD}}),
            api.call("DELETE", path),
        ]
        page = api.get(f"/api/locks/{made['front']}")
    assert [answer.status_code for answer in refused] == [503] * 4
    assert all("Retry-After" in answer.headers for answer in refused)
    assert "too many calls" in page["master_code_reason"]
    assert api.call("POST", f"{path}/verify").status_code == 200
