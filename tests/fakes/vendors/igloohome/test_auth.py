"""Tokens: who gets one, what it may do, and how long."""

from __future__ import annotations

from typing import Any

import jwt
import pytest

from fakes.vendors.igloohome.auth import SCOPES
from tests.fakes.vendors.igloohome.account import Account

TOKEN = "/igloohome/oauth2/token"
GRANT = {"grant_type": "client_credentials"}


def claims(token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, options={"verify_signature": False}))


def test_a_client_proves_itself_by_basic_or_by_form(account: Account) -> None:
    form = {"client_id": account.client_id, "client_secret": account.client_secret}
    by_form = account.client.post(TOKEN, data=GRANT | form)
    for answer in (account.ask_token(), by_form):
        assert answer.status_code == 200
        assert answer.json.keys() == {"access_token", "expires_in", "token_type"}
        assert answer.json["token_type"] == "Bearer"
        assert answer.json["expires_in"] == 86400


def test_a_token_tells_its_scopes_and_its_end(account: Account) -> None:
    content = claims(account.fresh_token("get-devices", "algopin-hourly"))
    assert content["scope"] == "igloohomeapi/get-devices igloohomeapi/algopin-hourly"
    assert content["exp"] - content["iat"] == 86400
    assert content["client_id"] == account.client_id
    assert content["token_use"] == "access"


def test_no_scope_named_means_every_scope_that_is_owned(account: Account) -> None:
    scopes = set(claims(account.fresh_token())["scope"].split())
    owned = {f"igloohomeapi/{scope}" for scope in SCOPES}
    assert scopes == owned - {"igloohomeapi/create-bridge-proxied-job"}


@pytest.mark.parametrize(
    "scope",
    [
        "igloohomeapi/get-devices igloohomeapi/create-bridge-proxied-job",
        "igloohomeapi/get-devices igloohomeapi/open-sesame",
        "get-devices",
    ],
)
def test_one_scope_not_owned_fails_the_whole_call(account: Account, scope: str) -> None:
    answer = account.ask_token(scope=scope)
    assert (answer.status_code, answer.json) == (400, {"error": "invalid_scope"})


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": ""}, "invalid_request"),
        ({"grant_type": "refresh_token"}, "invalid_grant"),
        ({"grant_type": "authorization_code"}, "invalid_grant"),
        ({"grant_type": "password"}, "unauthorized_client"),
        ({"grant_type": "magic"}, "unsupported_grant_type"),
    ],
)
def test_other_grants_are_refused_in_cognitos_words(
    account: Account, form: dict[str, str], error: str
) -> None:
    answer = account.ask_token(**form)
    assert (answer.status_code, answer.json) == (400, {"error": error})


@pytest.mark.parametrize("auth", [("nobody", "x"), None])
def test_an_unknown_client_is_an_invalid_one(account: Account, auth: Any) -> None:
    answer = account.client.post(TOKEN, data=GRANT, auth=auth)
    assert (answer.status_code, answer.json) == (400, {"error": "invalid_client"})


def test_a_wrong_secret_is_an_invalid_client(account: Account) -> None:
    answer = account.client.post(TOKEN, data=GRANT, auth=(account.client_id, "wrong"))
    assert (answer.status_code, answer.json) == (400, {"error": "invalid_client"})


def test_a_token_dies_at_its_end_and_not_before(account: Account) -> None:
    account.advance("PT23H59M59S")
    assert account.call("GET", "/devices").status_code == 200
    account.advance("PT1S")
    answer = account.call("GET", "/devices")
    assert (answer.status_code, answer.json["error"]) == (401, "unauthorized")
    account.token = account.fresh_token()
    assert account.call("GET", "/devices").status_code == 200


def test_dead_tokens_are_swept(account: Account) -> None:
    dead = account.token
    account.advance("P2D")
    fresh = account.fresh_token()
    vendors = account.sim("GET", f"{account.base}/state")["vendors"]
    assert list(vendors["igloohome"]["tokens"]) == [fresh]
    assert account.call("GET", "/devices", token=dead).status_code == 401


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c"])
def test_a_wrong_token_is_refused(account: Account, token: str) -> None:
    answer = account.call("GET", "/devices", token=token)
    assert answer.status_code == 401
    assert answer.json.keys() == {"error", "message"}


def test_a_token_leads_to_its_own_world_only(account: Account) -> None:
    account.add_door("Mine")
    other = Account(account.app)
    assert account.call("GET", "/devices", token=other.token).json["payload"] == []


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/devices", "get-devices"),
        ("GET", "/devices/X", "get-devices"),
        ("GET", "/devices/X/masterpin", "get-devices"),
        ("POST", "/devices/X/algopin/onetime", "algopin-onetime"),
        ("POST", "/devices/X/algopin/hourly", "algopin-hourly"),
        ("POST", "/devices/X/algopin/daily", "algopin-daily"),
        ("POST", "/devices/X/algopin/permanent", "algopin-permanent"),
        ("GET", "/devices/X/activity", "get-device-activity"),
        ("GET", "/properties", "get-properties"),
        ("GET", "/properties/X", "get-properties"),
        ("GET", "/properties/X/devices", "get-properties"),
        ("GET", "/jobs/X", "get-job-status"),
    ],
)
def test_each_call_needs_its_scope_before_anything_else(
    account: Account, method: str, path: str, scope: str
) -> None:
    without = account.fresh_token("store-device-activity")
    answer = account.call(method, path, token=without)
    assert (answer.status_code, answer.json["error"]) == (403, "forbidden")
    assert f"igloohomeapi/{scope}" in answer.json["message"]
    answer = account.call(method, path, token=account.fresh_token(scope))
    assert answer.status_code in {200, 404}


def test_the_activity_wants_a_token_asked_for_with_its_scope_alone(
    account: Account,
) -> None:
    path = f"/devices/{account.add_door()['vendor_id']}/activity"
    assert account.call("GET", path).status_code == 403
    alone = account.fresh_token("get-device-activity")
    assert account.call("GET", path, token=alone).status_code == 200
