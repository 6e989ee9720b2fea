"""Link and code tried at a door: the same judgement as the page's, at any instant."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.fakes.vendors.exivo.site import CODE, FROM, TO, Phone, Site


@pytest.fixture
def studio(site: Site) -> dict[str, Any]:
    return site.add_door("Studio")


@pytest.fixture
def link(site: Site, studio: dict[str, Any]) -> str:
    return str(site.visit(studio)["link"])


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        ("2026-12-01T13:59:59Z", "early"),
        (FROM, "opened"),
        ("2026-12-01T16:59:59Z", "opened"),
        (TO, "over"),
    ],
)
def test_link_and_code_open_within_the_time_and_never_outside(
    site: Site, studio: dict[str, Any], link: str, at: str, reason: str
) -> None:
    assert site.probe(studio, link=link, at=at) == reason


def test_reasons_name_their_rules(
    site: Site, studio: dict[str, Any], link: str
) -> None:
    asked = {"code": CODE, "link": link, "at": TO}
    path = f"{site.base}/doors/{studio['id']}/probe"
    content = site.sim("POST", path, asked)
    assert content == {"opens": False, "reason": "over", "rule": "EXV-06"}


def test_wrong_code_other_door_and_unknown_link_do_not_open(
    site: Site, studio: dict[str, Any], link: str
) -> None:
    office = site.add_door("Office")
    assert site.probe(studio, "0428", link=link, at=FROM) == "wrong-code"
    assert site.probe(office, link=link, at=FROM) == "other-door"
    assert site.probe(studio, link="http://localhost/v/x", at=FROM) == "no-such-link"


def test_revoked_visit_does_not_open(
    site: Site, studio: dict[str, Any], link: str
) -> None:
    visit = site.done("GET", "/visit")[0]
    assert site.probe(studio, link=link, at=FROM) == "opened"
    site.done("POST", f"/visit/{visit['id']}/revoke")
    assert site.probe(studio, link=link, at=FROM) == "revoked"


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"online": False}, "offline"), ({"mode": "closed"}, "closed")],
)
def test_door_has_the_last_word(
    site: Site,
    studio: dict[str, Any],
    link: str,
    change: dict[str, Any],
    reason: str,
) -> None:
    site.change(studio, **change)
    assert site.probe(studio, link=link, at=FROM) == reason


def test_probe_leaves_no_trace(site: Site, studio: dict[str, Any], link: str) -> None:
    before = site.sim("GET", f"{site.base}/state")
    for code in (CODE, "1111"):
        site.probe(studio, code, link=link, at=FROM)
    assert site.sim("GET", f"{site.base}/state") == before


def test_entry_by_link_opens_the_door_and_is_logged(
    site: Site, studio: dict[str, Any], link: str
) -> None:
    site.turn(FROM)
    assert site.enter(studio, link=link) == "opened"
    assert site.door(studio)["bolt"] == "unlocked"
    assert site.facts() == ["componentUnlocked", "accessPermitted"]


def test_wrong_codes_at_the_door_and_on_the_page_are_counted_together(
    site: Site, studio: dict[str, Any]
) -> None:
    visit = site.visit(studio)
    site.turn(FROM)
    for _ in range(4):
        site.enter(studio, "1111", link=visit["link"])
    assert Phone(site.app, visit).log_in("1111").status_code == 401
    assert site.enter(studio, link=visit["link"]) == "locked-out"


def test_code_of_a_visit_is_nothing_to_a_pin_pad(site: Site) -> None:
    door = site.add_door(keypad=True)
    site.visit(door)
    site.turn(FROM)
    assert site.enter(door) == "wrong-code"


def test_door_without_a_pad_says_so(site: Site, studio: dict[str, Any]) -> None:
    assert site.enter(studio) == "no-keypad"


def test_what_a_door_does_not_take_is_a_problem(
    site: Site, studio: dict[str, Any]
) -> None:
    answer = site.client.post(
        f"{site.base}/doors/{studio['id']}/entries",
        json={"code": CODE, "then": "take"},
        headers={"Authorization": "Bearer control"},
    )
    assert answer.status_code == 422
    assert "leave out then" in answer.json["detail"]
    assert CODE not in answer.text


def test_world_is_the_same_after_it_was_stored(site: Site) -> None:
    door = site.add_door("Studio", keypad=True)
    site.member(site.group(), exitDate=TO)
    visit = site.visit(door)
    site.turn(FROM)
    Phone(site.app, visit).log_in("1111")
    site.enter(door, link=visit["link"])
    state = site.sim("GET", f"{site.base}/state")
    site.turn(TO)
    site.done("POST", f"/visit/{visit['id']}/revoke")
    site.sim("PUT", f"{site.base}/state", json.loads(json.dumps(state)))
    assert site.sim("GET", f"{site.base}/state") == state
    assert site.enter(door, link=visit["link"]) == "opened"
    site.advance("PT3H")
    assert site.enter(door) == "wrong-code"


def test_link_of_a_dropped_world_leads_nowhere(site: Site) -> None:
    path = site.visit(site.add_door())["link"].removeprefix("http://localhost")
    assert site.client.get(path).status_code == 200
    site.sim("DELETE", site.base)
    assert site.client.get(path).status_code == 404
