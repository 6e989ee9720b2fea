"""Who may call what: no token is 401, one that lacks the scope is 403 (NUK-12)."""

from __future__ import annotations

import pytest

from tests.fakes.vendors.nuki.account import SOON, Account
from tests.fakes.vendors.nuki.document import document

LOCK = "/smartlock/17179869185"
KEY = "/api/key/7"
CALLS = {
    "account": (
        *("GET /account", "POST /account"),
        *("GET /api/key", "PUT /api/key", f"POST {KEY}", f"DELETE {KEY}"),
        *(f"GET {KEY}/token", f"PUT {KEY}/token"),
        *(f"POST {KEY}/token/x", f"DELETE {KEY}/token/x"),
        *(f"GET {KEY}/advanced", f"PUT {KEY}/advanced", f"POST {KEY}/advanced"),
        *(f"DELETE {KEY}/advanced", f"POST {KEY}/advanced/reactivate"),
        f"GET {KEY}/webhook/logs",
    ),
    "account smartlock.auth": (
        *("GET /account/user", "PUT /account/user"),
        *("GET /account/user/7", "POST /account/user/7", "DELETE /account/user/7"),
    ),
    "smartlock smartlock.readOnly": ("GET /smartlock", f"GET {LOCK}"),
    "smartlock": (f"POST {LOCK}", f"DELETE {LOCK}"),
    "smartlock.action": (
        *(f"POST {LOCK}/action", f"POST {LOCK}/action/advanced", f"POST {LOCK}/sync"),
        *(f"POST {LOCK}/action/lock", f"POST {LOCK}/action/lock/advanced"),
        *(f"POST {LOCK}/action/unlock", f"POST {LOCK}/action/unlock/advanced"),
    ),
    "smartlock.config": (
        *(f"POST {LOCK}/config", f"POST {LOCK}/advanced/config"),
        *(f"POST {LOCK}/web/config", f"POST {LOCK}/admin/pin"),
    ),
    "smartlock.auth": (
        *(f"GET {LOCK}/auth", f"PUT {LOCK}/auth", f"GET {LOCK}/auth/x"),
        *(f"POST {LOCK}/auth/x", f"DELETE {LOCK}/auth/x", "GET /smartlock/auth/paged"),
        *("GET /smartlock/auth", "PUT /smartlock/auth", "POST /smartlock/auth"),
        *("DELETE /smartlock/auth", "PUT /smartlock/auth/advanced"),
    ),
    "smartlock.log": (
        *(f"GET {LOCK}/log", "GET /smartlock/log"),
        *("GET /notification", "PUT /notification", "GET /notification/x"),
        *("POST /notification/x", "DELETE /notification/x"),
    ),
    "webhook.decentral": (
        *("GET /api/decentralWebhook", "PUT /api/decentralWebhook"),
        "DELETE /api/decentralWebhook/7",
    ),
}
ALL = [(scopes, call) for scopes, calls in CALLS.items() for call in calls]


@pytest.mark.parametrize("token", ["", "nobody's"])
@pytest.mark.parametrize("call", [call for _scopes, call in ALL])
def test_without_a_token_that_is_known_a_call_is_401(
    account: Account, call: str, token: str
) -> None:
    method, path = call.split()
    answer = account.call(method, path, token=token)
    assert answer.status_code == 401
    assert "detailMessage" in answer.json


@pytest.mark.parametrize(("scopes", "call"), ALL)
def test_a_token_needs_one_of_the_scopes_of_a_call(
    account: Account, scopes: str, call: str
) -> None:
    method, path = call.split()
    every = {scope for named in CALLS for scope in named.split()}
    lacking = account.fresh_token(*sorted(every - set(scopes.split())))
    assert account.call(method, path, token=lacking).status_code == 403
    for scope in scopes.split():
        token = account.fresh_token(scope)
        assert account.call(method, path, token=token).status_code not in {401, 403}


def test_the_scopes_are_those_of_the_vendors_document() -> None:
    for scopes, call in ALL:
        method, path = call.split()
        known = document().call(method, path)
        assert known is not None
        assert known.scopes == set(scopes.split()), call


def test_a_revoked_token_is_401_at_once(account: Account) -> None:
    token = account.fresh_token("smartlock")
    key = account.done("GET", "/api/key")[0]["apiKeyId"]
    made = account.done("GET", f"/api/key/{key}/token")[-1]
    assert account.call("GET", "/smartlock", token=token).status_code == 200
    account.done("DELETE", f"/api/key/{key}/token/{made['id']}")
    assert account.call("GET", "/smartlock", token=token).status_code == 401


def test_a_token_may_lose_a_scope(account: Account) -> None:
    token = account.fresh_token("smartlock")
    key = account.done("GET", "/api/key")[0]["apiKeyId"]
    made = account.done("GET", f"/api/key/{key}/token")[-1]
    change = {"scopes": ["account"], "description": "less"}
    account.done("POST", f"/api/key/{key}/token/{made['id']}", change)
    assert account.call("GET", "/smartlock", token=token).status_code == 403


@pytest.mark.parametrize(
    ("query", "status"), [("", 401), ("?deleteApiTokens=false", 200)]
)
def test_a_new_password_ends_the_tokens_made_by_hand(
    account: Account, query: str, status: int
) -> None:
    body = {"language": "de", "password": "longer than before"}
    account.done("POST", f"/account{query}", body)
    assert account.call("GET", "/account").status_code == status


def test_worlds_do_not_see_each_other(account: Account) -> None:
    other = Account(account.app)
    door = account.add_door()
    assert other.done("GET", "/smartlock") == []
    assert other.refused("GET", account.lock(door))[0] == 404


def test_a_token_never_expires_by_itself(account: Account) -> None:
    account.advance("P3650D")
    account.advance(SOON)
    assert account.call("GET", "/smartlock").status_code == 200
