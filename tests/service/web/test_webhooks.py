"""Webhooks: every mistake has its own clear answer, and a good event is kept."""

from __future__ import annotations

import json
from contextlib import closing
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.store import connections
from service.store.store import Store, StoreUnavailable
from tests.service.conftest import KEY
from tests.service.web.conftest import event, signed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.service.web.conftest import ApiClient

NUL = "court\x00one"


def test_a_good_event_is_accepted_and_stored(api: ApiClient) -> None:
    connection = api.ready()
    payload = event()
    answer = api.send(connection, payload)
    assert (answer.status_code, answer.json) == (
        202,
        {"event": payload["id"], "status": "accepted"},
    )
    (stored,) = api.get(f"/api/events?connection={connection['id']}")["items"]
    assert (stored["event"], stored["status"]) == (payload["id"], "accepted")


def test_a_duplicate_and_an_ignored_event_are_told_apart(api: ApiClient) -> None:
    connection = api.ready()
    payload = event()
    api.send(connection, payload)
    reload_connection = api.send(connection, json.dumps(payload, indent=4).encode())
    assert reload_connection.json == {"event": payload["id"], "status": "duplicate"}
    other = api.send(connection, event(booking={"id": "B-2", "resource": "attic"})).json
    assert other["status"] == "ignored"
    assert "attic" in other["reason"]


def test_a_membership_without_a_rule_is_kept_and_ignored(api: ApiClient) -> None:
    connection = api.ready()
    payload: dict[str, Any] = {
        "id": "evt_m",
        "type": "membership.started",
        "occurred_at": "2026-11-01T09:00:00Z",
        "membership": {
            "id": "m",
            "community": "club",
            "member": {"name": "Ada", "email": "ada@example.org"},
        },
    }
    answer = api.send(connection, payload).json
    assert answer["status"] == "ignored"
    assert "no rule for community 'club'" in answer["reason"]
    payload["id"], payload["membership"]["member"] = "evt_n", {"email": ["ada"]}
    refused = api.send(connection, payload)
    assert refused.status_code == 400
    assert "membership.member" in refused.text


def test_a_booking_whose_id_is_kept_for_memberships_is_refused(api: ApiClient) -> None:
    answer = api.send(api.ready(), event(booking={"id": "membership:1"}))
    assert answer.status_code == 422
    assert "kept for memberships" in answer.text


def booking(**change: Any) -> Callable[[dict[str, Any]], object]:
    def spoil(payload: dict[str, Any]) -> object:
        kept = {k: v for k, v in (payload["booking"] | change).items() if v is not None}
        return payload | {"booking": kept}

    return spoil


WRONG: list[tuple[str, Callable[[dict[str, Any]], object], int, str]] = [
    ("no JSON", lambda payload: json.dumps(payload).encode()[:-1], 400, "JSON"),
    ("no object", lambda payload: [payload], 400, "object"),
    ("NaN", lambda t: json.dumps(t | {"occurred_at": float("nan")}), 400, '"nan"'),
    ("deep", lambda _: b"[" * 30_000, 400, "JSON"),
    ("lone half", lambda t: json.dumps(booking(resource="\ud800")(t)), 400, "JSON"),
    ("Latin-1", lambda _: "å".encode("latin-1"), 400, "UTF-8"),
    ("no id", lambda t: {k: v for k, v in t.items() if k != "id"}, 400, "id"),
    ("empty id", lambda payload: payload | {"id": ""}, 400, "id"),
    ("long id", lambda payload: payload | {"id": "x" * 201}, 400, "id"),
    ("wrong type", lambda payload: payload | {"type": "booking.eaten"}, 400, "type"),
    ("no booking", lambda t: {k: v for k, v in t.items() if k != "booking"}, 400, "b"),
    ("a number for an instant", booking(start=5), 400, "booking.start"),
    ("a date for an instant", booking(start="2027-12-01"), 400, "booking.start"),
    ("no offset", booking(start="2027-12-01T15:20:00"), 400, "booking.start"),
    ("seconds", booking(start="1796000000"), 400, "booking.start"),
    ("no place's", booking(start="2027-12-01T15:20:00+23:59"), 400, "booking.start"),
    ("an empty list", booking(resource=[]), 400, "booking.resource"),
    ("NUL", booking(resource=NUL), 400, "booking.resource"),
    ("a wrong address", booking(customer={"email": 5}), 422, "customer.email"),
    ("a list of them", booking(customer={"email": ["a"]}), 400, "customer.email"),
    ("to come", lambda t: t | {"occurred_at": "2099-01-01T00:00:00Z"}, 422, "occurred"),
    ("end before start", booking(end="2027-12-01T15:00:00+01:00"), 422, "booking.end"),
    ("too far", booking(end="9999-12-31T23:59:59+00:00"), 422, "booking.end"),
    ("too early", booking(start="0001-01-01T00:00:00+14:00"), 422, "booking.start"),
]


@pytest.mark.parametrize(
    ("spoil", "status", "says"),
    [case[1:] for case in WRONG],
    ids=[case[0] for case in WRONG],
)
def test_what_is_wrong_is_named_and_nothing_is_stored(
    api: ApiClient, spoil: Callable[[dict[str, Any]], object], status: int, says: str
) -> None:
    connection = api.ready()
    payload = spoil(event())
    answer = api.send(
        connection, payload.encode() if isinstance(payload, str) else payload
    )
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    assert answer.json["status"] == status
    assert says in answer.text
    assert api.get("/api/events")["items"] == []


def test_a_customers_data_is_not_repeated_in_an_answer(api: ApiClient) -> None:
    connection = api.ready()
    customer = {"email": "ada@example.org", "phone": ["+46701234567"]}
    answer = api.send(connection, event(booking={"customer": customer}))
    assert "customer.phone" in answer.text
    assert "4670" not in answer.text


def test_the_id_of_another_event_is_refused(api: ApiClient) -> None:
    connection = api.ready()
    payload = event()
    api.send(connection, payload)
    answer = api.send(connection, payload | {"type": "booking.paid"})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "id"


SMALL = 65_536


@pytest.mark.parametrize("length", [True, False], ids=["announced", "chunked"])
def test_one_byte_too_many_is_too_large(api: ApiClient, *, length: bool) -> None:
    connection = api.ready()
    body = json.dumps(event()).encode()
    fitting = body + b" " * (SMALL - len(body))
    assert api.send(connection, fitting).status_code == 202
    headers = {} if length else {"Content-Length": "", "Transfer-Encoding": "chunked"}
    answer = api.send(connection, fitting + b" ", headers)
    assert answer.status_code in ({413} if length else {413, 401})
    assert "64 KiB" in answer.text or not length


def test_another_kind_of_content_is_refused(api: ApiClient) -> None:
    answer = api.send(api.ready(), event(), {"Content-Type": "text/plain"})
    assert answer.status_code == 415
    assert "application/json" in answer.text


def test_an_unknown_url_and_another_method_are_refused(api: ApiClient) -> None:
    connection = api.ready()
    wrong = connection | {"webhook_url": connection["webhook_url"] + "x"}
    assert api.send(wrong, event()).status_code == 404
    answer = api.client.get("/webhooks/x")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


@given(
    headers=st.dictionaries(
        st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60),
    ),
    body=st.binary(max_size=60),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_is_no_fault_of_the_service(
    api: ApiClient, headers: dict[str, str], body: bytes
) -> None:
    connection = api.connect()
    answer = api.send(connection, body, headers)
    assert 400 <= answer.status_code < 500


def test_a_connection_that_is_switched_off_refuses_with_the_fix(api: ApiClient) -> None:
    connection = api.ready()
    path = f"/api/connections/{connection['id']}"
    api.call("PATCH", path, json={"active": False})
    answer = api.send(connection, event())
    assert answer.status_code == 409
    assert "not active" in answer.text
    api.call("PATCH", path, json={"active": True, "terms_accepted": False})
    assert "terms" in api.send(connection, event()).text


@pytest.mark.parametrize("off", [{"active": False}, {"terms_accepted": False}])
@pytest.mark.parametrize("kind", ["cancelled", "checked_out"])
def test_cancellation_is_taken_while_switched_off_by_the_bookings_id_alone(
    api: ApiClient, off: dict[str, bool], kind: str
) -> None:
    connection = api.ready()
    api.send(connection, event())
    api.call("PATCH", f"/api/connections/{connection['id']}", json=off)
    payload = event(kind) | {"booking": {"id": "B-1"}}
    answer = api.send(connection, payload)
    assert (answer.status_code, answer.json["status"]) == (202, "accepted")


@pytest.mark.parametrize(
    "customer",
    [
        None,
        {},
        {"name": "Ada"},
        {"name": None, "email": "ada@example.org"},
        {"name": "Ada", "email": "", "phone": 46701234567},
        {"name": "A" * 1000, "email": None, "phone": " ", "language": None},
        {"id": 7, "name": "Ada", "tags": []},
    ],
)
def test_customer_as_platforms_write_them_is_taken(
    api: ApiClient, customer: dict[str, Any] | None
) -> None:
    payload = event()
    payload["booking"]["customer"] = customer
    assert api.send(api.ready(), payload).json["status"] == "accepted"


def test_resource_that_looks_like_the_rules_is_the_rules(api: ApiClient) -> None:
    connection = api.ready(resource="Caf\u00e9")
    answer = api.send(connection, event(booking={"resource": "Cafe\u0301"}))
    assert answer.json["status"] == "accepted"


def test_several_resources_are_booked_at_once(api: ApiClient) -> None:
    connection = api.ready()
    several = event(booking={"resource": ["garage", "court-1"]})
    assert api.send(connection, several).json["status"] == "accepted"
    shown = api.get(f"/api/connections/{connection['id']}/bookings/B-1")
    assert shown["resource"] == "court-1, garage"


def test_what_another_process_changes_counts_at_once(api: ApiClient) -> None:
    connection = api.ready()
    assert api.send(connection, event()).status_code == 202
    other = Store(api.env.database_url, KEY)

    def switch(*, on: bool) -> None:
        here = {"active": on}
        other.write(lambda tx: connections.change(tx, connection["id"], **here))

    with closing(other):
        switch(on=False)
        assert api.send(connection, event()).status_code == 409
        switch(on=True)
        assert api.send(connection, event()).status_code == 202


def test_what_cannot_be_stored_is_to_be_sent_again(
    api: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = api.ready()

    def fail(*_: object) -> None:
        raise StoreUnavailable("disk full at /home/ada")

    store = api.env.service.deps.store
    monkeypatch.setattr(type(store), "write_for", fail)
    answer = api.send(connection, event())
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "/home" not in answer.text


@pytest.mark.parametrize("address", ["noat", "a@x,b@y", "=?utf-8?q?a=0A?=@x.org"])
def test_address_that_no_mail_reaches_is_refused_and_not_repeated(
    api: ApiClient, address: str
) -> None:
    connection = api.ready()
    customer = {"name": "Ada", "email": address}
    answer = api.send(connection, event(booking={"customer": customer}))
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "booking.customer.email"
    assert address not in answer.text
    cancelled = event("cancelled", booking={"customer": customer})
    assert api.send(connection, cancelled).status_code == 202


class UnreadableBody(BytesIO):
    """A body whose sender is silent; whoever reads it waits for ever."""

    def read(self, _: int | None = -1) -> bytes:
        raise AssertionError("the body was read")


@pytest.mark.parametrize("path", ["/webhooks/nobody", "/vendor-events/nobody"])
def test_unknown_url_is_refused_before_the_body_is_read(
    api: ApiClient, path: str
) -> None:
    answer = api.client.post(
        path,
        input_stream=UnreadableBody(),
        headers={"Content-Type": "application/json", "Content-Length": "10"},
    )
    assert answer.status_code == 404


CHUNKED = {"Content-Type": "application/json", "Transfer-Encoding": "chunked"}


def test_chunked_body_that_is_too_large_is_called_so(api: ApiClient) -> None:
    connection = api.ready()
    body = json.dumps(event()).encode()
    headers = signed(connection["webhook_secret"], body)
    answer = api.client.post(
        connection["webhook_url"].removeprefix("http://127.0.0.1:8800"),
        input_stream=BytesIO(body + b" " * SMALL),
        headers=headers | CHUNKED,
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == 413
