"""Who may see the admin: sessions, forged forms, guesses, frames."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from freezegun import freeze_time

from service.clock import now
from service.domain.errors import SemanticError
from service.secret import Secret
from service.store.users import SESSIONS, USERS
from service.use_cases import users
from service.use_cases.users import add_first_user, set_password
from tests.service.web.admin.conftest import USER, WORD, text_of

if TYPE_CHECKING:
    from tests.service.web.admin.conftest import Browser

COOKIE = "strikeplate_session"


def cookie_of(browser: Browser) -> str:
    found = browser.client.get_cookie(COOKIE)
    assert found is not None
    return found.value


def pages(browser: Browser, method: str) -> list[str]:
    """Return a path of each page of the admin, with ids that nobody has."""
    found = []
    for rule in browser.client.application.url_map.iter_rules():
        open_to_all = ("sign_in", "show_sign_in", "set_language", "static")
        name = rule.endpoint.removeprefix("admin.")
        if rule.endpoint.startswith("admin.") and name not in open_to_all:
            names = dict.fromkeys(rule.arguments, "x")
            path = browser.client.application.url_map.bind("").build(
                rule.endpoint, names, method=method if method in rule.methods else None
            )
            if method in (rule.methods or ()):
                found.append(path)
    return found


def test_without_a_session_every_page_leads_to_the_sign_in(visitor: Browser) -> None:
    assert len(pages(visitor, "GET")) > 3
    for path in pages(visitor, "GET"):
        answer = visitor.client.get(path)
        assert answer.status_code == 303, path
        assert answer.headers["Location"].startswith("/sign-in?next="), path


def test_without_a_session_no_form_is_taken(visitor: Browser) -> None:
    for path in pages(visitor, "POST"):
        answer = visitor.send(path)
        assert answer.status_code == 303, path
        assert answer.headers["Location"].startswith("/sign-in?next="), path


def test_form_without_the_token_of_its_session_changes_nothing(
    browser: Browser,
) -> None:
    for path in pages(browser, "POST"):
        for forged in (
            {},
            {"form_token": ""},
            {"form_token": "å"},
            {"form_token": "0"},
        ):
            answer = browser.client.post(path, data=forged)
            assert answer.status_code == 403, path


def test_token_of_another_session_is_a_forgery(browser: Browser) -> None:
    other = browser.client.application.test_client()
    stranger = type(browser)(browser.api, other)
    assert stranger.sign_in().status_code == 303
    forged = {"form_token": stranger.form_token()}
    paths = [*pages(browser, "POST"), "/language", "/sign-in"]
    assert "/sign-out" in paths
    for path in paths:
        assert browser.client.post(path, data=forged).status_code == 403, path
    assert browser.open("/")


def test_sign_in_needs_a_form_token_too(visitor: Browser) -> None:
    answer = visitor.client.post("/sign-in", data={"name": USER, "password": WORD})
    assert answer.status_code == 403


def test_invented_session_is_nobodys(visitor: Browser) -> None:
    visitor.client.set_cookie(COOKIE, "0" * 43)
    assert visitor.client.get("/").status_code == 303


def test_sign_in_gives_a_new_session_whatever_the_browser_had(visitor: Browser) -> None:
    visitor.open("/sign-in")
    before = cookie_of(visitor)
    assert visitor.sign_in().headers["Location"] == "/"
    assert cookie_of(visitor) != before
    assert visitor.open("/").find("h1")


def test_session_cookie_is_kept_from_scripts_and_other_sites(visitor: Browser) -> None:
    (cookie,) = visitor.sign_in().headers.getlist("Set-Cookie")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    fields = {"name": USER, "password": WORD, "form_token": visitor.form_token()}
    again = visitor.client.application.test_client()
    again.set_cookie(COOKIE, cookie_of(visitor))
    answer = again.post(
        "/sign-in", data=fields, base_url="https://localhost", follow_redirects=False
    )
    assert answer.status_code == 303
    assert "Secure" in answer.headers["Set-Cookie"]


def test_stored_session_does_not_hold_the_token(browser: Browser) -> None:
    store = browser.api.env.service.deps.store
    (session,) = store.read(SESSIONS.all)
    assert cookie_of(browser) not in session.id


def test_sign_out_ends_the_session_for_good(browser: Browser) -> None:
    token = cookie_of(browser)
    assert browser.send("/sign-out").headers["Location"] == "/sign-in"
    browser.client.set_cookie(COOKIE, token)
    assert browser.client.get("/").status_code == 303


def test_session_ends_after_a_time(browser: Browser) -> None:
    with freeze_time(now() + users.LASTS - timedelta(minutes=1)):
        assert browser.client.get("/").status_code == 200
    with freeze_time(now() + users.LASTS):
        assert browser.client.get("/").status_code == 303


def test_another_password_ends_the_sessions(browser: Browser) -> None:
    store = browser.api.env.service.deps.store
    set_password(store, USER, Secret("something else"), now())
    assert browser.client.get("/").status_code == 303
    assert browser.sign_in().status_code == 403
    assert browser.sign_in(password="something else").status_code == 303


@pytest.mark.parametrize(
    ("name", "word"), [(USER, "Tr0ub4dor"), ("eva", WORD), ("", "")]
)
def test_wrong_name_or_password_is_one_answer(
    visitor: Browser, name: str, word: str
) -> None:
    answer = visitor.sign_in(name, word)
    assert answer.status_code == 403
    assert "The user name or the password is wrong." in answer.text
    assert word not in answer.text or not word


def test_name_that_failed_too_often_waits_whatever_the_password(
    visitor: Browser,
) -> None:
    for _ in range(users.LIMITS["name"]):
        assert visitor.sign_in(password="wrong").status_code == 403
    answer = visitor.sign_in()
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) == 600
    with freeze_time(now() + users.WINDOW + timedelta(seconds=1)):
        assert visitor.sign_in().status_code == 303


def test_address_that_failed_too_often_waits_with_any_name(
    visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(users.LIMITS, "address", 3)
    for number in range(3):
        assert visitor.sign_in(f"user {number}", "wrong").status_code == 403
    assert visitor.sign_in().status_code == 429


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/audit?x=1", "/audit?x=1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/sign-in", "/"),
    ],
)
def test_sign_in_leads_on_within_this_service_only(
    visitor: Browser, wanted: str, leads_to: str
) -> None:
    fields = {"name": USER, "password": WORD, "next": wanted}
    assert visitor.send("/sign-in", fields).headers["Location"] == leads_to


def test_no_page_can_be_framed_cached_or_made_to_run_scripts(browser: Browser) -> None:
    others = ("/sign-in", "/codes/nobody", "/static/style.css")
    for path in (*pages(browser, "GET"), *others):
        with browser.client.get(path) as answer:
            headers = answer.headers
        policy = headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert ("no-store" in headers["Cache-Control"]) == ("/static/" not in path)


def test_guessed_id_is_not_found(browser: Browser) -> None:
    for method in ("GET", "POST"):
        for path in pages(browser, method):
            if "x" not in path.split("/"):
                continue
            answer = browser.client.get(path) if method == "GET" else browser.send(path)
            assert answer.status_code == 404, (method, path)


def test_pages_hold_neither_scripts_nor_styles_of_their_own(browser: Browser) -> None:
    page = browser.open("/")
    assert [each for each in page.find_all("script") if not each.get("src")] == []
    assert page.find_all("style") == []
    assert page.find_all(style=True) == []
    assert [
        each for each in page.find_all() if any(n.startswith("on") for n in each.attrs)
    ] == []


def test_first_user_is_made_only_where_there_is_none(visitor: Browser) -> None:
    store = visitor.api.env.service.deps.store
    add_first_user(store, Secret("first password"), now())
    assert [each.name for each in store.read(USERS.all)] == [USER]


def test_sign_in_says_how_to_make_the_first_user(visitor: Browser) -> None:
    store = visitor.api.env.service.deps.store
    store.write(lambda tx: USERS.remove(tx, name=USER))
    assert "python -m service user NAME" in text_of(visitor.open("/sign-in"))
    add_first_user(store, Secret("first password"), now())
    assert visitor.sign_in("admin", "first password").status_code == 303


def test_short_password_is_refused_and_not_repeated(visitor: Browser) -> None:
    store = visitor.api.env.service.deps.store
    with pytest.raises(SemanticError, match="at least 10 characters") as refused:
        set_password(store, "eva", Secret("short-one"), now())
    assert "short-one" not in str(refused.value)


def test_language_follows_the_browser_until_one_is_chosen(visitor: Browser) -> None:
    swedish = {"Accept-Language": "sv-SE,sv;q=0.9,en;q=0.5"}
    assert visitor.open("/sign-in", headers=swedish).html["lang"] == "sv"
    assert visitor.open("/sign-in").html["lang"] == "en"
    visitor.submit("/language", {"language": "cs", "next": "/sign-in"})
    assert visitor.open("/sign-in", headers=swedish).html["lang"] == "cs"
    visitor.submit("/language", {"language": "tlh", "next": "/sign-in"})
    assert visitor.open("/sign-in").html["lang"] == "cs"
