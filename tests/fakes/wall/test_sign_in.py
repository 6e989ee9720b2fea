"""Who gets in, and what is refused: no session, a forged form, a foreign frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from werkzeug.test import Client

from fakes.wall import sign_in_path
from serving.sessions import KEYS_KEPT, SESSIONS_KEPT, Sessions
from tests.fakes.wall.conftest import TOKEN, Person, control

if TYPE_CHECKING:
    from flask import Flask

    from tests.fakes.wall.conftest import Place

PAGES = ("", "/codes", "/timeline", "/faults", "/quirks")


def test_link_signs_in_once(app: Flask, stranger: Person) -> None:
    path = sign_in_path(app)
    assert stranger.client.get(path).status_code == 303
    again = Person(app, Client(app)).client.get(path)
    assert again.status_code == 403
    assert "has been used" in again.text
    assert "Set-Cookie" not in again.headers


def test_preview_of_a_link_does_not_use_it_up(app: Flask, stranger: Person) -> None:
    path = sign_in_path(app)
    stranger.client.head(path)
    assert stranger.client.get(path).status_code == 303


def test_cookie_is_out_of_reach_of_scripts_and_other_sites(app: Flask) -> None:
    cookie = Client(app).get(sign_in_path(app)).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert TOKEN not in cookie


def test_address_after_signing_in_has_no_key(app: Flask) -> None:
    answer = Client(app).get(sign_in_path(app))
    assert answer.headers["Location"] == "/"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_control_token_signs_in(stranger: Person) -> None:
    answer = stranger.client.post("/sign-in", data={"token": TOKEN})
    assert answer.status_code == 303
    assert stranger.get("/").status_code == 200


@pytest.mark.parametrize("token", ["", "wrong", f"{TOKEN}x", "ż"])
def test_wrong_token_does_not_sign_in(stranger: Person, token: str) -> None:
    answer = stranger.client.post("/sign-in", data={"token": token})
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("page", PAGES)
def test_page_without_a_session_asks_to_sign_in(
    stranger: Person, place: Place, page: str
) -> None:
    answer = stranger.get(place.path + page)
    assert answer.status_code == 401
    assert "Control token" in answer.text
    assert "Hall" not in answer.text


def paths(app: Flask, method: str, place: Place) -> list[str]:
    """Return a path of each page or form of the wall, with the ids of this world."""
    ids = {"world_id": place.id, "door_id": place.doors["Court 1"], "vendor": "nuki"}
    urls = app.url_map.bind("localhost")
    return [
        urls.build(rule.endpoint, {n: ids.get(n, "x") for n in rule.arguments}, method)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("wall.") and method in (rule.methods or ())
        if rule.endpoint not in {"wall.static", "wall.sign_in", "wall.sign_in_by_token"}
    ]


def test_no_form_is_taken_without_a_session(
    app: Flask, stranger: Person, place: Place
) -> None:
    before = place.control("GET", "/state")
    forms = paths(app, "POST", place)
    assert f"{place.path}/accounts/nuki" in forms
    for path in forms:
        assert stranger.send(path, step="day").status_code == 401, path
    assert place.control("GET", "/state") == before


def test_no_form_is_taken_with_a_forged_token_or_another_sessions(
    app: Flask, person: Person, place: Place
) -> None:
    other = Person(app, Client(app))
    other.sign_in()
    other.get("/")
    before = place.control("GET", "/state")
    for path in paths(app, "POST", place):
        for csrf in ("", "forged", other.csrf):
            answer = person.send(path, step="day", csrf=csrf)
            assert answer.status_code == 403, path
    assert place.control("GET", "/state") == before
    assert person.get(place.path).status_code == 200


def test_no_page_may_be_framed_or_kept(
    app: Flask, person: Person, place: Place
) -> None:
    for path in paths(app, "GET", place):
        headers = person.get(path).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], path
        assert headers["X-Frame-Options"] == "DENY", path
        assert headers["Cache-Control"] == "no-store", path


def test_form_without_a_session_does_nothing(stranger: Person, place: Place) -> None:
    before = place.control("GET", "/clock")
    answer = stranger.send(f"{place.path}/clock", step="day")
    assert answer.status_code == 401
    assert place.control("GET", "/clock") == before


@pytest.mark.parametrize("csrf", ["", "forged"])
def test_forged_form_does_nothing(person: Person, place: Place, csrf: str) -> None:
    before = place.control("GET", "/clock")
    answer = person.send(f"{place.path}/clock", step="day", csrf=csrf)
    assert answer.status_code == 403
    assert place.control("GET", "/clock") == before


def test_form_of_another_session_does_nothing(
    app: Flask, person: Person, place: Place
) -> None:
    other = Person(app, Client(app))
    other.sign_in()
    other.get("/")
    answer = person.send(f"{place.path}/clock", step="day", csrf=other.csrf)
    assert answer.status_code == 403


def test_session_ends_at_the_sign_out(person: Person, place: Place) -> None:
    assert person.send("/sign-out").status_code == 303
    assert person.get(place.path).status_code == 401


@pytest.mark.parametrize("cookie", ["", "guessed"])
def test_guessed_session_is_none(app: Flask, place: Place, cookie: str) -> None:
    client = Client(app)
    client.set_cookie("strikeplate-wall-localhost", cookie)
    assert client.get(place.path).status_code == 401


@pytest.mark.parametrize("path", ["/wall/w0123", "/wall/w0123/codes"])
def test_guessed_world_is_not_found(person: Person, path: str) -> None:
    answer = person.get(path)
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"


def test_guessed_door_and_code_are_not_found(person: Person, place: Place) -> None:
    assert person.get(f"{place.path}/doors/door-99").status_code == 404
    assert person.get(f"{place.path}/codes/0123456789").status_code == 404
    entry = person.send(f"{place.path}/doors/door-99/entries", code="1234")
    assert entry.status_code == 404


@pytest.mark.parametrize("path", ["/", "/sign-in", "/wall/static/wall.css", "{world}"])
def test_page_may_not_be_framed(person: Person, place: Place, path: str) -> None:
    headers = person.get(path.format(world=place.path)).headers
    policy = headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Frame-Options"] == "DENY"


def test_link_is_made_for_the_control_token_only(app: Flask) -> None:
    assert Client(app).post("/_sim/sign-ins").status_code == 401
    made = control(app, "POST", "/sign-ins")
    assert made.status_code == 201
    assert made.json is not None
    assert Client(app).get(made.json["url"]).status_code == 303


def test_oldest_of_too_many_keys_and_sessions_dies() -> None:
    sessions = Sessions()
    keys = [sessions.new_key() for _ in range(KEYS_KEPT + 1)]
    assert sessions.redeem(keys[0]) is None
    assert sessions.redeem(keys[1]) is not None
    first, *others = [sessions.start() for _ in range(SESSIONS_KEPT + 1)]
    assert sessions.find(first.token) is None
    assert all(sessions.find(each.token) for each in others)


def test_session_hides_its_tokens() -> None:
    session = Sessions().start()
    assert session.token not in repr(session)
    assert session.csrf not in repr(session)
