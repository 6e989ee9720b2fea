"""Whatever a client sends, the server answers; nothing of it breaks a lock."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.kit.app import Options, create_app
from tests.fakes.vendors.nuki.account import CONTROL, Account

FIELDS = (
    *("name", "type", "code", "enabled", "remoteAllowed", "accountUserId", "id"),
    *("allowedFromDate", "allowedUntilDate", "allowedWeekDays"),
    *("allowedFromTime", "allowedUntilTime", "smartlockIds", "action", "adminPin"),
    *("timezoneId", "ledBrightness", "settings", "os", "scopes", "webhookUrl"),
)
CALLS = (
    *("PUT {lock}/auth", "POST {lock}/auth/{auth}", "PUT /smartlock/auth"),
    *("POST /smartlock/auth", "DELETE /smartlock/auth", "POST {lock}/action"),
    *("POST {lock}/config", "POST {lock}/web/config", "POST {lock}/admin/pin"),
    *("PUT /notification", "PUT /api/decentralWebhook", "PUT /account/user"),
)
dates = st.sampled_from(["2026-12-01T00:00Z", "0001-01-01T00:00:00+23:59", "soon", ""])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | dates,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner),
    max_leaves=4,
)
objects = st.dictionaries(st.sampled_from(FIELDS), values, max_size=6)
queries = st.dictionaries(
    st.sampled_from(["types", "limit", "id", "fromDate", "page", "size", "action"]),
    st.text() | st.integers().map(str),
    max_size=3,
)


@cache
def account() -> Account:
    """Return the one account that all bodies are thrown at."""
    app = create_app(Options(control_token=CONTROL), send=lambda _outgoing: 204)
    return Account(app)


@cache
def places() -> dict[str, str]:
    """Return the path of a lock, and the id of a code that it has."""
    door = account().add_door()
    return {"lock": account().lock(door), "auth": account().store(door)["id"]}


@settings(max_examples=150)
@given(call=st.sampled_from(CALLS), body=objects | st.lists(objects) | values)
def test_no_body_is_answered_with_a_failure_of_the_server(call: str, body: Any) -> None:
    method, path = call.format(**places()).split()
    assert account().call(method, path, body).status_code < 500
    account().advance("PT5S")
    assert account().call("GET", places()["lock"]).status_code == 200
    assert account().call("GET", "/smartlock/auth").status_code == 200


@settings(max_examples=100)
@given(
    path=st.sampled_from(["/smartlock/auth/paged", "/smartlock/log", "/smartlock"]),
    query=queries,
)
def test_no_query_is_answered_with_a_failure_of_the_server(
    path: str, query: dict[str, str]
) -> None:
    answer = account().call("GET", path, query_string=query)
    assert answer.status_code in {200, 400}
