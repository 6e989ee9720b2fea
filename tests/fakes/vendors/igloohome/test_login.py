"""The owner signs in on a page; its client gets a code, and renews its tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

if TYPE_CHECKING:
    from tests.fakes.vendors.igloohome.account import Account

BACK = "https://pms.example/back"


def ask_page(account: Account, method: str = "GET", **more: str) -> Any:
    query = {
        "response_type": "code",
        "client_id": account.client_id,
        "redirect_uri": BACK,
        "state": "s1",
    }
    path = "/igloohome/login"
    return account.client.open(path, method=method, query_string=query | more)


def code_of(account: Account, **more: str) -> dict[str, str]:
    """Sign in, and return the form of the token call."""
    location = urlsplit(ask_page(account, "POST", **more).headers["Location"])
    assert location._replace(query="").geturl() == BACK
    given = parse_qs(location.query)
    assert given["state"] == ["s1"]
    (code,) = given["code"]
    return {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}


def test_page_says_who_asks(account: Account) -> None:
    page = ask_page(account)
    assert page.mimetype == "text/html"
    assert account.client_id in page.text


def test_code_gives_a_token_and_a_refresh_token_once(account: Account) -> None:
    form = code_of(account)
    tokens = account.ask_token(**form).json
    token = tokens["access_token"]
    assert account.call("GET", "/devices", token=token).status_code == 200
    assert account.ask_token(**form).json == {"error": "invalid_grant"}


def test_refresh_token_gives_fresh_tokens_for_a_year(account: Account) -> None:
    made = account.ask_token(**code_of(account, scope="igloohomeapi/get-devices"))
    form = {"grant_type": "refresh_token", "refresh_token": made.json["refresh_token"]}
    account.advance("P364D")
    renewed = account.ask_token(**form).json
    token = renewed["access_token"]
    assert account.call("GET", "/devices", token=token).status_code == 200
    assert account.call("GET", "/properties", token=token).status_code == 403
    assert "refresh_token" not in renewed
    account.advance("P1D")
    assert account.ask_token(**form).json == {"error": "invalid_grant"}


def test_code_is_for_one_redirect_uri_and_is_no_refresh_token(account: Account) -> None:
    form = code_of(account)
    as_refresh = {"grant_type": "refresh_token", "refresh_token": form["code"]}
    assert account.ask_token(**as_refresh).json == {"error": "invalid_grant"}
    elsewhere = form | {"redirect_uri": f"{BACK}/other"}
    assert account.ask_token(**elsewhere).json == {"error": "invalid_grant"}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": "token"}, "invalid_request"),
        ({"redirect_uri": "pms.example"}, "invalid_request"),
        ({"redirect_uri": "javascript:alert(1)"}, "invalid_request"),
        ({"client_id": "nobody"}, "invalid_client"),
    ],
)
def test_wrong_question_gets_no_page(
    account: Account, change: dict[str, str], error: str
) -> None:
    refused = ask_page(account, **change)
    assert (refused.status_code, refused.json) == (400, {"error": error})
