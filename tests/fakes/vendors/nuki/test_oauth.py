"""The OAuth code flow, as three sorts of clients go through it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.fakes.vendors.nuki.account import Account, Row

TARGET = "https://app.example.org/back"
APPLICATION = {
    "name": "App",
    "country": "SE",
    "description": "Books rooms",
    "type": "SHORT_RENTAL",
    "url": "https://app.example.org",
    "email": "app@example.org",
    "webhookUrl": "https://app.example.org/hook",
    "webhookFeatures": [],
    "restricted": False,
}


@pytest.fixture
def key(account: Account) -> Row:
    """Return a key with a secret and a place to come back to."""
    made = account.done("PUT", "/api/key", {"redirectUris": [TARGET]})
    path = f"/api/key/{made['apiKeyId']}/advanced"
    account.done("PUT", path, APPLICATION)
    return dict(made | {"secret": account.done("GET", path)["secret"]})


def consent(account: Account, key: Row, **query: str) -> TestResponse:
    asked = {
        "response_type": "code",
        "client_id": key["apiKey"],
        "redirect_uri": TARGET,
        "scope": "smartlock smartlock.auth offline_access",
        "state": "xyz",
    } | query
    return account.client.get("/nuki/oauth/authorize", query_string=asked)


def code_of(answer: TestResponse) -> str:
    assert answer.status_code == 302, answer.text
    target = urlsplit(answer.headers["Location"])
    assert target.netloc == "app.example.org"
    given = parse_qs(target.query)
    assert given["state"] == ["xyz"]
    return given["code"][0]


def exchange(
    account: Account, key: Row, way: str = "form", **body: Any
) -> TestResponse:
    proof = {"client_id": key["apiKey"], "client_secret": key["secret"]}
    path = "/nuki/oauth/token"
    if way == "form":
        return account.client.post(path, data=body | proof)
    basic = (key["apiKey"], key["secret"])
    return account.client.post(path, query_string=body, auth=basic)


def grant(account: Account, key: Row, way: str = "form") -> Row:
    code = code_of(consent(account, key))
    body = {"grant_type": "authorization_code", "code": code, "redirect_uri": TARGET}
    answer = exchange(account, key, way, **body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


@pytest.mark.parametrize("way", ["form", "basic"])
def test_a_code_becomes_a_token_that_may_do_what_was_consented_to(
    account: Account, key: Row, way: str
) -> None:
    given = grant(account, key, way)
    assert given["token_type"] == "bearer"
    token = given["access_token"]
    assert account.call("GET", "/smartlock", token=token).status_code == 200
    assert account.call("GET", "/account", token=token).status_code == 403


def test_an_access_token_lives_for_an_hour(account: Account, key: Row) -> None:
    token = grant(account, key)["access_token"]
    account.advance("PT59M59S")
    assert account.call("GET", "/smartlock", token=token).status_code == 200
    account.advance("PT1S")
    assert account.call("GET", "/smartlock", token=token).status_code == 401


def test_lifetimes_can_be_switched(account: Account, key: Row) -> None:
    account.switch(access_token_seconds=60, code_seconds=30)
    given = grant(account, key)
    assert given["expires_in"] == 60
    code = code_of(consent(account, key))
    account.advance("PT30S")
    body = {"grant_type": "authorization_code", "code": code, "redirect_uri": TARGET}
    assert exchange(account, key, **body).status_code == 400
    account.advance("PT30S")
    token = given["access_token"]
    assert account.call("GET", "/smartlock", token=token).status_code == 401


@pytest.mark.parametrize("rotates", [True, False])
def test_a_refresh_token_is_good_once_or_stays_good(
    account: Account, key: Row, *, rotates: bool
) -> None:
    account.switch(refresh_rotates=rotates)
    refresh = grant(account, key)["refresh_token"]
    body = {"grant_type": "refresh_token", "refresh_token": refresh}
    first = exchange(account, key, **body)
    assert first.status_code == 200
    assert ("refresh_token" in first.json) == rotates
    again = exchange(account, key, **body)
    assert again.status_code == (400 if rotates else 200)


def test_a_code_is_good_once_and_for_ten_minutes(account: Account, key: Row) -> None:
    code = code_of(consent(account, key))
    late = code_of(consent(account, key))
    body = {"grant_type": "authorization_code", "redirect_uri": TARGET}
    assert exchange(account, key, code=code, **body).status_code == 200
    assert exchange(account, key, code=code, **body).json == {"error": "invalid_grant"}
    account.advance("PT10M")
    assert exchange(account, key, code=late, **body).json == {"error": "invalid_grant"}


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"redirect_uri": "https://evil.example.org"}, "invalid_redirect_uri"),
        ({"scope": ""}, "invalid_scope"),
        ({"scope": "smartlock everything"}, "invalid_scope"),
    ],
)
def test_a_consent_that_makes_no_sense_is_refused(
    account: Account, key: Row, query: dict[str, str], error: str
) -> None:
    answer = consent(account, key, **query)
    assert (answer.status_code, answer.json) == (400, {"error": error})


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"redirect_uri": "https://app.example.org"}, "invalid_grant"),
        ({"code": "nobody's"}, "invalid_grant"),
        ({}, None),
    ],
)
def test_a_code_is_turned_in_as_it_was_got(
    account: Account, key: Row, change: dict[str, str], error: str | None
) -> None:
    code = code_of(consent(account, key))
    body = {"grant_type": "authorization_code", "code": code, "redirect_uri": TARGET}
    assert exchange(account, key, **body | change).json.get("error") == error


def test_a_wrong_secret_is_401(account: Account, key: Row) -> None:
    for way in ("form", "basic"):
        answer = exchange(account, key | {"secret": "wrong"}, way)
        assert (answer.status_code, answer.json) == (401, {"error": "invalid_client"})


def test_a_stranger_is_401(account: Account) -> None:
    for name in ("nobody", account.token):
        stranger = {"apiKey": name, "secret": "nothing"}
        assert exchange(account, stranger).status_code == 401
        assert consent(account, stranger).status_code == 401


def test_a_code_is_no_refresh_token_and_the_other_way_round(
    account: Account, key: Row
) -> None:
    code, refresh = code_of(consent(account, key)), grant(account, key)["refresh_token"]
    for body in (
        {"grant_type": "refresh_token", "refresh_token": code},
        {"grant_type": "authorization_code", "code": refresh, "redirect_uri": TARGET},
    ):
        assert exchange(account, key, **body).json == {"error": "invalid_grant"}


def test_a_plain_key_has_no_secret_to_prove(account: Account) -> None:
    made = account.done("PUT", "/api/key", {"redirectUris": [TARGET]})
    given = grant(account, made | {"secret": ""})
    assert given["expires_in"] == 3600


def test_dead_tokens_are_forgotten(account: Account, key: Row) -> None:
    grant(account, key)
    account.advance("PT1H")
    grant(account, key)
    state = account.sim("GET", f"{account.base}/state")["vendors"]["nuki"]
    assert len(state["tokens"]) == 2  # the one made by hand, and the latest


def test_a_key_that_is_deleted_takes_its_tokens_with_it(
    account: Account, key: Row
) -> None:
    token = grant(account, key)["access_token"]
    account.done("DELETE", f"/api/key/{key['apiKeyId']}")
    assert account.call("GET", "/smartlock", token=token).status_code == 401
    assert consent(account, key).status_code == 401
