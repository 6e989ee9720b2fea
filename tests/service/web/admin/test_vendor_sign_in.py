"""Signing in at a vendor's page: bound to one session, good once, nothing leaks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from freezegun import freeze_time

from service.clock import now
from service.ids import new_token
from service.ports import CredentialsRefused
from service.secret import Secret
from service.store.users import SESSIONS, VENDOR_SIGN_INS, Session
from service.use_cases.users import LASTS, session_id
from service.use_cases.vendor_sign_in import LASTS as OPEN_FOR
from service.web.admin.frame import SESSION_COOKIE
from tests.service.stub_vendor import PASSWORD
from tests.service.web.admin.conftest import Browser, text_of
from tests.service.web.admin.test_connections import ACCOUNT, linked

if TYPE_CHECKING:
    from service.ports import Credentials

FORM = "/connections/new/stub/sign-in"
BACK = "/connections/signed-in"


class StubSignIn:
    """A vendor's page: the code `right` is good for a refresh token."""

    gives = "refresh_token"

    def page(self, credentials: Credentials, back: str, state: str) -> str:
        """Return the address of the page."""
        assert credentials["password"]
        return f"https://vendor.example/login?redirect_uri={back}&state={state}"

    def redeem(self, credentials: Credentials, back: str, code: str) -> Secret:
        """Return the refresh token of the right code."""
        assert credentials["password"]
        if (code, back.endswith(BACK)) != ("right", True):
            raise CredentialsRefused(f"stub: it does not take the code {code}")
        return Secret("refresh-of-ada")


@pytest.fixture(autouse=True)
def _vendor_with_a_page(visitor: Browser) -> None:
    visitor.api.env.stub_vendor.sign_in = StubSignIn()


def begun(browser: Browser, path: str = FORM) -> str:
    """Send the form; return the state that the page of the vendor is given."""
    answer = browser.send(path, ACCOUNT)
    assert answer.status_code == 200, answer.text
    assert PASSWORD not in answer.text
    page = answer.text.partition('href="https://vendor.example')[2].partition('"')[0]
    (state,) = parse_qs(urlsplit(page.replace("&amp;", "&")).query)["state"]
    return state


def back(browser: Browser, **query: str) -> Any:
    return browser.client.get(BACK, query_string=query)


def count(browser: Browser) -> int:
    return len(browser.api.get("/api/connections")["items"])


def other_session(browser: Browser) -> None:
    """Have the browser be somebody else's, who is signed in as well."""
    token = new_token()
    session = Session(session_id(token), "usr_1", now() + LASTS)
    browser.api.env.service.deps.store.write(lambda tx: SESSIONS.add(tx, session))
    browser.client.set_cookie(SESSION_COOKIE, token.reveal())


def test_form_offers_the_sign_in_where_a_vendor_has_a_page(browser: Browser) -> None:
    page = browser.open("/connections/new/stub")
    assert page.find("button", {"formaction": FORM}) is not None
    assert page.find("input", {"name": "credentials.refresh_token"}) is None
    browser.api.env.stub_vendor.sign_in = None
    page = browser.open("/connections/new/stub")
    assert page.find("button", {"formaction": FORM}) is None
    assert browser.send(FORM, ACCOUNT).status_code == 409


def test_sign_in_links_the_account_and_keeps_its_token_sealed(browser: Browser) -> None:
    answer = back(browser, state=begun(browser), code="right")
    path = answer.headers["Location"]
    assert "whsec_" in str(browser.open(path))
    shown = browser.api.get(f"/api{path}")
    assert (shown["linked"], shown["credentials"]["refresh_token"]) == (True, None)
    assert "refresh_token" in shown["secrets"]
    assert "refresh-of-ada" not in str(shown) + str(browser.open(path))


def test_sign_in_counts_once(browser: Browser) -> None:
    state, before = begun(browser), count(browser)
    assert back(browser, state=state, code="right").status_code == 303
    again = back(browser, state=state, code="right")
    assert "this sign-in is over" in text_of(browser.open(again.headers["Location"]))
    assert count(browser) == before + 1


def test_newer_sign_in_of_a_session_takes_the_place_of_the_older(
    browser: Browser,
) -> None:
    older, newer = begun(browser), begun(browser)
    before = count(browser)
    back(browser, state=older, code="right")
    assert count(browser) == before
    back(browser, state=newer, code="right")
    assert count(browser) == before + 1


def test_state_of_another_session_links_nothing(browser: Browser) -> None:
    state, before = begun(browser), count(browser)
    other_session(browser)
    answer = back(browser, state=state, code="right")
    assert "another browser" in text_of(browser.open(answer.headers["Location"]))
    assert count(browser) == before


@pytest.mark.parametrize("query", [{}, {"state": "guessed"}, {"state": "å", "x": "y"}])
def test_guessed_state_links_nothing(browser: Browser, query: dict[str, str]) -> None:
    begun(browser)
    before = count(browser)
    assert back(browser, **{"code": "right"} | query).status_code == 303
    assert count(browser) == before


def test_sign_in_is_over_after_a_while(browser: Browser) -> None:
    with freeze_time(now()) as clock:
        state, before = begun(browser), count(browser)
        clock.tick(OPEN_FOR + timedelta(seconds=1))
        back(browser, state=state, code="right")
        assert count(browser) == before


def test_nobody_signs_in_without_a_session_or_with_a_forged_form(
    browser: Browser,
) -> None:
    state, before = begun(browser), count(browser)
    forged = browser.client.post(FORM, data={**ACCOUNT, "form_token": "x"})
    assert forged.status_code == 403
    browser.client.delete_cookie(SESSION_COOKIE)
    answer = back(browser, state=state, code="right")
    assert answer.headers["Location"].startswith("/sign-in")
    assert count(browser) == before


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"error": "access_denied"}, "it did not allow the access (access_denied)"),
        ({"code": ""}, "it sent no code"),
        ({"code": "wrong-7"}, "it does not take the code"),
    ],
)
def test_refused_sign_in_leads_back_to_the_form_and_says_why(
    browser: Browser, query: dict[str, str], said: str
) -> None:
    state, before = begun(browser), count(browser)
    answer = back(browser, state=state, **query)
    assert answer.headers["Location"] == "/connections/new/stub"
    page = browser.open(answer.headers["Location"])
    assert said in text_of(page)
    assert PASSWORD not in str(page)
    assert "wrong-7" not in str(page)
    assert count(browser) == before


def test_form_that_lacks_a_credential_leads_nowhere(browser: Browser) -> None:
    answer = browser.send(FORM, ACCOUNT | {"credentials.password": ""})
    assert answer.status_code == 422
    assert "vendor.example" not in answer.text


def test_connection_is_linked_anew_by_a_sign_in(browser: Browser) -> None:
    path = linked(browser)
    assert "refresh_token" not in browser.api.get(f"/api{path}")["secrets"]
    refused = back(browser, state=begun(browser, f"{path}/sign-in"), error="no")
    assert refused.headers["Location"] == path
    answer = back(browser, state=begun(browser, f"{path}/sign-in"), code="right")
    assert answer.headers["Location"] == path
    page = text_of(browser.open(path))
    assert "The vendor takes the new credentials." in page
    assert "refresh_token" in browser.api.get(f"/api{path}")["secrets"]


def test_session_that_ends_takes_its_sign_in_along(browser: Browser) -> None:
    begun(browser)
    browser.send("/sign-out")
    store = browser.api.env.service.deps.store
    assert store.read(VENDOR_SIGN_INS.all) == []
