"""People come and go by their groups; the door decides by what it was told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.vendors.exivo.site import CODE, Site

LATER = "2026-12-01T20:00:00Z"


@pytest.fixture
def gate(site: Site) -> dict[str, Any]:
    return site.add_door("Gate", keypad=True)


def change(site: Site, person: str, **fields: Any) -> dict[str, Any]:
    return dict(site.done("POST", f"/person/{person}", fields))


def test_member_gets_in_and_one_who_left_does_not(
    site: Site, gate: dict[str, Any]
) -> None:
    person = site.member(site.group())
    assert site.enter(gate) == "opened"
    site.done("POST", f"/person/{person}/unassign/accessgroup")
    assert site.enter(gate) == "wrong-code"


def test_person_without_a_group_gets_nowhere(site: Site, gate: dict[str, Any]) -> None:
    site.person()
    assert site.enter(gate) == "wrong-code"


def test_revoked_person_gets_nowhere_until_unrevoked(
    site: Site, gate: dict[str, Any]
) -> None:
    person = site.member(site.group())
    site.done("POST", f"/person/{person}/revoke")
    assert site.probe(gate) == "wrong-code"
    assert "already" in site.refused(f"/person/{person}/revoke")
    site.done("POST", f"/person/{person}/unrevoke")
    assert site.probe(gate) == "opened"
    assert "not revoked" in site.refused(f"/person/{person}/unrevoke")


def test_offline_door_still_lets_in_whom_it_knew(
    site: Site, gate: dict[str, Any]
) -> None:
    person = site.member(site.group())
    site.change(gate, online=False)
    site.done("POST", f"/person/{person}/revoke")
    assert (site.codes("cloud"), site.codes("door")) == ([], [CODE])
    assert site.enter(gate) == "opened"
    assert site.facts() == []
    site.change(gate, online=True)
    assert site.enter(gate) == "wrong-code"
    assert site.facts() == ["accessDenied", "componentUnlocked", "accessPermitted"]


def test_code_is_on_its_way_until_the_door_was_told(
    site: Site, gate: dict[str, Any]
) -> None:
    site.switch(update_seconds=30)
    site.member(site.group())
    assert (site.codes("cloud"), site.codes("queue")) == ([CODE], [CODE])
    assert site.enter(gate) == "wrong-code"
    site.advance("PT30S")
    assert (site.codes("queue"), site.codes("door")) == ([], [CODE])
    assert site.enter(gate) == "opened"


def test_access_ends_by_itself_at_the_exit_date(
    site: Site, gate: dict[str, Any]
) -> None:
    person = site.member(site.group(), exitDate=LATER)
    site.turn("2026-12-01T19:59:59Z")
    assert site.probe(gate) == "opened"
    site.turn(LATER)
    assert site.done("GET", f"/person/{person}")["revoked"] is True
    assert site.probe(gate) == "wrong-code"
    site.done("POST", f"/person/{person}/unrevoke")
    assert site.probe(gate) == "opened"


def test_offline_door_keeps_the_exit_date_too(site: Site, gate: dict[str, Any]) -> None:
    site.member(site.group(), exitDate=LATER)
    site.change(gate, online=False)
    site.turn(LATER)
    assert site.enter(gate) == "over"


def test_access_begins_at_the_entry_date(site: Site, gate: dict[str, Any]) -> None:
    site.member(site.group(), entryDate=LATER)
    assert site.probe(gate) == "early"
    assert site.probe(gate, at=LATER) == "opened"


def test_exit_date_that_moved_counts_and_the_old_one_does_not(
    site: Site, gate: dict[str, Any]
) -> None:
    person = site.member(site.group(), exitDate="2026-12-01T15:00:00Z")
    change(site, person, exitDate=LATER)
    site.turn("2026-12-01T15:00:00Z")
    assert site.probe(gate) == "opened"
    change(site, person, exitDate="2026-12-01T14:00:00Z")
    assert site.probe(gate) == "wrong-code"


def test_only_the_given_fields_change_and_null_takes_one_away(site: Site) -> None:
    person = site.person(email="ada@example.org", info="x", exitDate=LATER)
    shown = change(site, person, firstName="Eva", email=None, exitDate=None)
    assert (shown["firstName"], shown["lastName"]) == ("Eva", "Novak")
    assert (shown["email"], shown["exitDate"], shown["info"]) == (None, None, "x")


@pytest.mark.parametrize(
    "body",
    [
        *({"firstName": "Ada"}, {"firstName": "Ada", "lastName": None}, {}),
        {"firstName": "", "lastName": "Novak"},
    ],
)
def test_person_has_two_names(site: Site, body: dict[str, Any]) -> None:
    assert "Name:" in site.refused("/person", body)


@pytest.mark.parametrize(
    "fields",
    [
        *({"email": "x"}, {"phoneNumber": "12"}, {"gender": "x"}, {"language": "xx"}),
        *({"firstName": None}, {"exitDate": "soon"}),
    ],
)
def test_field_of_another_form_is_refused_and_nothing_changes(
    site: Site, fields: dict[str, Any]
) -> None:
    person = site.person()
    before = site.done("GET", f"/person/{person}")
    message = site.refused(f"/person/{person}", {"info": "new"} | fields)
    assert message.startswith(next(iter(fields)))
    assert site.done("GET", f"/person/{person}") == before


def test_third_gender_is_taken_by_both_names_and_answered_by_one(site: Site) -> None:
    for word in ("notspecified", "unspecified"):
        person = site.person(gender=word)
        path = f"/person/{person}"
        assert site.done("GET", path)["gender"] == "notspecified"
    site.switch(third_gender="unspecified")
    assert site.done("GET", path)["gender"] == "unspecified"
    assert change(site, person, gender="female")["gender"] == "female"


def test_languages_of_a_change_can_be_fewer(site: Site) -> None:
    person = site.person(language="sv")
    assert change(site, person, language="da")["language"] == "da"
    site.switch(change_languages="six")
    refused = site.refused(f"/person/{person}", {"language": "sv"})
    assert refused.startswith("language must be one of")
    assert change(site, person, language="it")["language"] == "it"


def test_pin_is_never_answered_and_can_be_taken_away(
    site: Site, gate: dict[str, Any]
) -> None:
    person = site.member(site.group())
    shown = site.done("GET", f"/person/{person}")
    assert shown["hasPinCode"] is True
    assert CODE not in repr(shown)
    assert site.done("DELETE", f"/person/{person}/pincode")["hasPinCode"] is False
    assert site.enter(gate) == "wrong-code"


def test_new_pin_replaces_the_old_one(site: Site, gate: dict[str, Any]) -> None:
    person = site.member(site.group())
    site.done("POST", f"/person/{person}/pincode", {"pinCode": "0099"})
    assert (site.probe(gate), site.probe(gate, "0099")) == ("wrong-code", "opened")


@pytest.mark.parametrize("pin", ["123", "1234567", "12a4", 4271])
def test_pin_of_another_form_is_refused(site: Site, pin: object) -> None:
    person = site.person()
    assert "pinCode:" in site.refused(f"/person/{person}/pincode", {"pinCode": pin})


def test_group_is_one_and_the_new_one_replaces_the_old(site: Site) -> None:
    first, second = (
        site.add_door("A", keypad=True, zones=["A"]),
        site.add_door("B", keypad=True, zones=["B"]),
    )
    old, new = site.group(zone="A"), site.group(zone="B")
    person = site.member(old)
    assert (site.probe(first), site.probe(second)) == ("opened", "wrong-code")
    path = f"/person/{person}/assign/accessgroup/{new}"
    site.done("POST", path)
    assert (site.probe(first), site.probe(second)) == ("wrong-code", "opened")
    assert "already" in site.refused(path)
    assert site.done("GET", f"/accessgroup/{old}")["persons"] == []
    assert site.done("GET", f"/accessgroup/{new}")["persons"] == [person]


def test_leaving_no_group_is_refused(site: Site) -> None:
    person = site.person()
    assert "no access group" in site.refused(f"/person/{person}/unassign/accessgroup")


def test_deleted_person_gets_nowhere_and_gives_the_media_back(
    site: Site, gate: dict[str, Any]
) -> None:
    person = site.member(site.group())
    medium = site.done("POST", "/medium", {"cid": "ab12"})["id"]
    site.done("POST", f"/person/{person}/assign/medium/{medium}")
    site.done("DELETE", f"/person/{person}")
    assert site.enter(gate) == "wrong-code"
    assert site.enter(gate, "", medium="ab12") == "unknown-medium"
    assert site.done("GET", f"/medium/{medium}")["state"] == "assignable"
