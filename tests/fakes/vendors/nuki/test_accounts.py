"""The account, its users, its keys, its push targets."""

from __future__ import annotations

import pytest

from tests.fakes.vendors.nuki.account import SOON, Account, Row

ADA = {"email": "ada@example.org", "name": "Ada", "language": "de", "type": "0"}
NOTICE = {
    "os": 2,
    "pushId": "https://app.example.org/hook",
    "referenceId": "ours",
    "secret": "0" * 40,
    "settings": [{"triggerEvents": ["unlock"], "authIds": []}],
}


def test_the_account_shows_its_owner_and_takes_changes(account: Account) -> None:
    before = account.done("GET", "/account")
    account.advance("PT1H")
    account.done("POST", "/account", {"name": "New owner", "language": "sv"})
    after = account.done("GET", "/account")
    assert (after["name"], after["language"]) == ("New owner", "sv")
    assert after["email"] == before["email"]
    assert after["updateDate"] == "2026-12-01T12:00:00.000Z"


@pytest.mark.parametrize("body", [{}, {"language": "de", "password": "short"}])
def test_an_account_change_that_makes_no_sense_is_refused(
    account: Account, body: Row
) -> None:
    status, message = account.refused("POST", "/account", body)
    assert status == 400
    assert "short" not in message


def test_a_user_is_made_shown_changed_and_deleted(account: Account) -> None:
    made = account.done("PUT", "/account/user", ADA)
    path = f"/account/user/{made['accountUserId']}"
    assert account.done("GET", path) == made
    assert made["type"] == 0
    changed = account.done("POST", path, {"name": "Ada Novak"})
    assert changed == made | {"name": "Ada Novak"}
    account.done("DELETE", path)
    assert account.refused("GET", path)[0] == 404
    assert account.done("GET", "/account/user") == []


def test_users_are_listed_page_by_page_and_by_email(account: Account) -> None:
    for name in ("a", "b", "c"):
        account.done(
            "PUT", "/account/user", {"name": name, "email": f"{name}@x.example"}
        )

    def names(query: str) -> list[str]:
        return [row["name"] for row in account.done("GET", f"/account/user{query}")]

    assert names("?offset=1&limit=1") == ["b"]
    assert names("?offset=1") == ["b", "c"]
    assert names("?email=c@x.example") == ["c"]


@pytest.mark.parametrize(
    ("change", "parameter"),
    [
        ({"email": None}, "email"),
        ({"name": ""}, "name"),
        ({"language": "sv"}, "language"),
        ({"type": 2}, "type"),
    ],
)
def test_a_user_that_makes_no_sense_is_refused(
    account: Account, change: Row, parameter: str
) -> None:
    status, message = account.refused("PUT", "/account/user", ADA | change)
    assert status == 400
    assert f"parameter '{parameter}'" in message


def test_two_users_do_not_share_an_email(account: Account) -> None:
    account.done("PUT", "/account/user", ADA)
    assert account.refused("PUT", "/account/user", ADA)[0] == 400
    other = account.done("PUT", "/account/user", ADA | {"email": "b@example.org"})
    path = f"/account/user/{other['accountUserId']}"
    assert account.refused("POST", path, {"email": ADA["email"]})[0] == 409


def test_a_deleted_user_takes_the_auths_along(account: Account) -> None:
    door = account.add_door()
    owner = account.done("PUT", "/account/user", ADA)["accountUserId"]
    account.order(door, accountUserId=owner)
    assert account.refused("DELETE", f"/account/user/{owner}")[0] == 423
    account.advance(SOON)
    assert account.row(door)["accountUserId"] == owner
    account.done("DELETE", f"/account/user/{owner}")
    account.advance(SOON)
    assert account.enter(door) == "wrong-code"


def test_a_key_is_made_changed_and_deleted(account: Account) -> None:
    made = account.done("PUT", "/api/key", {"description": "Ours"})
    path = f"/api/key/{made['apiKeyId']}"
    account.done("POST", path, {"redirectUris": ["https://a.example"]})
    listed = account.done("GET", "/api/key")[-1]
    assert listed == made | {"redirectUris": ["https://a.example"]}
    account.done("DELETE", path)
    assert len(account.done("GET", "/api/key")) == 1
    assert account.refused("POST", path, {})[0] == 404


@pytest.mark.parametrize("again", [False, True])
def test_a_token_is_shown_when_it_is_made(account: Account, *, again: bool) -> None:
    account.switch(token_shown_again=again)
    key = account.done("GET", "/api/key")[0]["apiKeyId"]
    body = {"description": "Ours", "scopes": ["smartlock"]}
    made = account.done("PUT", f"/api/key/{key}/token", body)
    token = made.pop("accessToken")
    listed = account.done("GET", f"/api/key/{key}/token")[-1]
    assert listed == (made | {"accessToken": token} if again else made)


def test_a_token_without_scopes_named_may_do_everything(account: Account) -> None:
    key = account.done("GET", "/api/key")[0]["apiKeyId"]
    made = account.done("PUT", f"/api/key/{key}/token", {})
    assert "smartlock.auth" in made["scopes"]
    path = f"/api/key/{key}/token"
    assert account.refused("PUT", path, {"scopes": ["all"]})[0] == 400
    assert account.refused("DELETE", f"{path}/nobody")[0] == 404


def test_push_targets_are_kept(account: Account) -> None:
    made = account.done("PUT", "/notification", NOTICE)
    path = f"/notification/{made['notificationId']}"
    assert account.done("GET", path) == made
    assert account.done("GET", "/notification?referenceId=ours") == [made]
    assert account.done("GET", "/notification?referenceId=theirs") == []
    changed = account.done("POST", path, NOTICE | {"language": "de"})
    assert changed == made | {"language": "de"}
    account.done("DELETE", path)
    assert account.refused("GET", path)[0] == 404


@pytest.mark.parametrize(
    ("change", "parameter"),
    [
        ({"os": 9}, "os"),
        ({"pushId": None}, "pushId"),
        ({"settings": None}, "settings"),
        ({"settings": [{"authIds": []}]}, "settings"),
    ],
)
def test_a_push_target_that_makes_no_sense_is_refused(
    account: Account, change: Row, parameter: str
) -> None:
    status, message = account.refused("PUT", "/notification", NOTICE | change)
    assert status == 400
    assert f"parameter '{parameter}'" in message


def test_what_is_not_served_is_404(account: Account) -> None:
    for method, path in (("GET", "/service"), ("PATCH", "/smart"), ("GET", "/")):
        assert account.refused(method, path)[0] == 404
