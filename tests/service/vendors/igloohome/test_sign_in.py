"""An owner signs in at igloohome's page; its refresh token stands for the account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from service.ports import Credentials, CredentialsRefused, VendorBusy
from service.secret import Secret, reveal

if TYPE_CHECKING:
    from service.vendors.igloohome.adapter import Igloohome

BACK = "https://service.example/connections/signed-in"
NONE = (200, {"payload": [], "nextCursor": ""})


def test_page_is_the_vendors_own_and_gets_the_state(
    igloohome: Igloohome, credentials: Credentials
) -> None:
    usual = {name: credentials[name] for name in ("client_id", "client_secret")}
    page = urlsplit(igloohome.sign_in.page(usual, BACK, "s1"))
    assert page._replace(query="").geturl() == "https://auth.igloohome.co/login"
    assert parse_qs(page.query) == {
        "response_type": ["code"],
        "client_id": ["client"],
        "redirect_uri": [BACK],
        "state": ["s1"],
    }


def test_code_is_redeemed_for_a_refresh_token(
    odd: Any, igloohome: Igloohome, credentials: Credentials
) -> None:
    odd.answers("/token", (200, {"access_token": "t1", "refresh_token": "r1"}))
    given = igloohome.sign_in.redeem(credentials, BACK, "c1")
    assert reveal(given) == "r1"
    (call,) = odd.asked("/token")
    assert dict(parse_qsl(call.text)) == {
        "grant_type": "authorization_code",
        "client_id": "client",
        "redirect_uri": BACK,
        "code": "c1",
    }
    assert call.headers["Authorization"].startswith("Basic ")


def test_owners_token_is_fetched_with_the_refresh_token(
    odd: Any, igloohome: Igloohome, credentials: Credentials
) -> None:
    odd.answers("/api/devices", NONE)
    igloohome.locks({**credentials, "refresh_token": Secret("r1")})
    igloohome.locks(credentials)
    forms = [dict(parse_qsl(call.text)) for call in odd.asked("/token")]
    assert forms == [
        {"grant_type": "refresh_token", "refresh_token": "r1"},
        {"grant_type": "client_credentials"},
    ]


def test_refresh_token_that_has_ended_is_the_owners_to_renew(
    odd: Any, igloohome: Igloohome, credentials: Credentials
) -> None:
    odd.answers("/token", (400, {"error": "invalid_grant"}))
    with pytest.raises(CredentialsRefused, match="sign in again") as refused:
        igloohome.verify({**credentials, "refresh_token": Secret("r1-of-ada")})
    assert "r1-of-ada" not in str(refused.value)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((400, {"error": "invalid_grant"}), CredentialsRefused),
        ((200, {"access_token": "t1"}), VendorBusy),
        ((503, None), VendorBusy),
    ],
)
def test_code_without_a_refresh_token_links_nothing(
    odd: Any,
    igloohome: Igloohome,
    credentials: Credentials,
    answer: Any,
    error: type[Exception],
) -> None:
    odd.answers("/token", answer)
    with pytest.raises(error):
        igloohome.sign_in.redeem(credentials, BACK, "c1")
