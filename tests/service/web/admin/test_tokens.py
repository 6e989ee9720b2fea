"""API tokens by hand: made with name and scopes, shown once, rotated, revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.service.web.admin.conftest import USER, text_of

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

    from tests.service.web.admin.conftest import Browser


def shown(page: BeautifulSoup) -> str:
    """Return the token that a page shows this once."""
    (field,) = page.select(".note .copy input")
    return str(field["value"])


def ask(browser: Browser, token: str, method: str = "GET") -> int:
    """Return the status of a call with the token."""
    headers = {"Authorization": f"Bearer {token}"}
    path = "/api/connections" if method == "GET" else "/api/connections/none/verify"
    return browser.api.client.open(path, method=method, headers=headers).status_code


def make(browser: Browser, name: str = "tablet", *scopes: str) -> str:
    fields: dict[str, Any] = {"name": name, "scopes": list(scopes) or ["read"]}
    return shown(browser.submit("/tokens", fields))


def link_of(browser: Browser, name: str, step: str) -> str:
    """Return the path of a step of the one token of the name that has no end."""
    rows = browser.open("/tokens").select("table.rows tbody tr")
    (row,) = [each for each in rows if name in each.text and each.select(".menu")]
    for each in row.select("form, a"):
        path = str(each.get("action") or each.get("href"))
        if path.endswith(step):
            return path
    raise AssertionError(step)


def test_token_is_made_and_shown_once(browser: Browser) -> None:
    token = make(browser)
    page = browser.open("/tokens")
    assert token not in page.text
    assert not page.select(".note .copy")
    assert "tablet Read everything, codes masked" in text_of(page)
    assert ask(browser, token) == 200


def test_token_allows_what_was_chosen_alone(browser: Browser) -> None:
    assert ask(browser, make(browser), "POST") == 403
    assert ask(browser, make(browser, "desk", "write"), "POST") == 404


def test_name_that_has_a_token_is_refused(browser: Browser) -> None:
    make(browser)
    answer = browser.send("/tokens", {"name": "tablet", "scopes": ["read"]})
    assert answer.status_code == 409
    assert "rotate it, or take another name" in answer.text


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "", "scopes": ["read"]},
        {"name": "tablet"},
        {"name": "tablet", "scopes": ["everything"]},
        {"name": "x" * 201, "scopes": ["read"]},
    ],
)
def test_token_without_name_or_scope_is_refused(
    browser: Browser, fields: dict[str, Any]
) -> None:
    answer = browser.send("/tokens", fields)
    assert answer.status_code == 400
    assert 'class="wrong"' in answer.text
    assert browser.open("/tokens").select("table.rows") == []


def test_rotated_token_counts_for_a_day_beside_the_new_one(browser: Browser) -> None:
    old = make(browser)
    new = shown(browser.submit(link_of(browser, "tablet", "/rotate")))
    assert new != old
    assert [ask(browser, each) for each in (old, new)] == [200, 200]
    assert len(browser.open("/tokens").select("table.rows tbody tr")) == 2


def test_revoked_token_is_refused_at_once(browser: Browser) -> None:
    token = make(browser)
    path = link_of(browser, "tablet", "/revoke")
    assert "Revoke this token?" in text_of(browser.open(path))
    assert ask(browser, token) == 200
    browser.submit(path)
    assert ask(browser, token) == 401
    assert browser.send(path).status_code == 404


def test_trail_says_who_made_and_revoked_a_token(browser: Browser) -> None:
    token = make(browser)
    browser.submit(link_of(browser, "tablet", "/rotate"))
    browser.submit(link_of(browser, "tablet", "/revoke"))
    text = text_of(browser.open("/audit"))
    for step in ("token made", "token rotated", "token revoked"):
        assert f"user {USER} {step} tablet" in text
    assert token not in text


@pytest.mark.parametrize("path", ["/tokens", "/tokens/tok_1/rotate"])
def test_forged_form_makes_no_token(browser: Browser, path: str) -> None:
    fields = {"name": "tablet", "scopes": "read", "form_token": "forged"}
    assert browser.client.post(path, data=fields).status_code == 403
    assert browser.open("/tokens").select("table.rows") == []


def test_tokens_are_shown_to_nobody_without_a_session(visitor: Browser) -> None:
    answer = visitor.client.get("/tokens")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in")
