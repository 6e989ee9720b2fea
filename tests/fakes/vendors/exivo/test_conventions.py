"""How every operation answers: 200, 204, an empty 404, an explained 400; and pages."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.fakes.vendors.exivo.site import CODE, NOW, TO, Site

STRANGE = "5b0f1c5e-6d3a-4f7e-9b1d-0a1b2c3d4e5f"
RANGE = {"start": 480, "end": 720, "days": ["1"]}
RIGHT: dict[str, dict[str, Any]] = {
    "/person": {"firstName": "Ada", "lastName": "Novak"},
    "/medium": {"cid": "ab12", "formFactor": "badge"},
    "/accessgroup": {"name": "Members"},
    "/timeprofile": {"name": "Day", "ranges": [RANGE]},
}


@pytest.mark.parametrize(
    "path",
    [
        *("/component", "/visit", "/digitalKeyVisit", "/person", "/medium"),
        *("/digitalKey", "/accessgroup", "/accesszone", "/timeprofile"),
        *("/accesslog/component", "/accesslog/person"),
    ],
)
def test_reading_an_unknown_id_is_an_empty_404(site: Site, path: str) -> None:
    answer = site.ask("GET", f"{path}/{STRANGE}")
    assert (answer.status_code, answer.data) == (404, b"")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", f"/component/{STRANGE}/unlock", None),
        ("POST", f"/component/{STRANGE}/mode", {"mode": "open"}),
        ("POST", f"/visit/{STRANGE}/revoke", None),
        ("POST", f"/digitalKeyVisit/{STRANGE}/revoke", None),
        ("POST", f"/person/{STRANGE}", {"info": "x"}),
        ("DELETE", f"/person/{STRANGE}", None),
        ("POST", f"/person/{STRANGE}/revoke", None),
        ("POST", f"/person/{STRANGE}/unrevoke", None),
        ("POST", f"/person/{STRANGE}/pincode", {"pinCode": CODE}),
        ("DELETE", f"/person/{STRANGE}/pincode", None),
        ("POST", f"/person/{STRANGE}/assign/accessgroup/{STRANGE}", None),
        ("POST", f"/person/{STRANGE}/assign/medium/{STRANGE}", None),
        ("POST", f"/person/{STRANGE}/unassign/digitalKey/{STRANGE}", None),
        ("DELETE", f"/medium/{STRANGE}", None),
        ("POST", f"/digitalKey/{STRANGE}/block", None),
        ("POST", f"/accessgroup/{STRANGE}", {"name": "x"}),
        ("DELETE", f"/accessgroup/{STRANGE}", None),
        ("POST", f"/accessgroup/{STRANGE}/accesszone/{STRANGE}", "ALWAYS"),
        ("POST", f"/timeprofile/{STRANGE}", RIGHT["/timeprofile"]),
        ("DELETE", f"/timeprofile/{STRANGE}", None),
    ],
)
def test_changing_an_unknown_id_is_a_400_with_words(
    site: Site, method: str, path: str, body: Any
) -> None:
    answer = site.ask(method, path, body)
    assert answer.status_code == 400
    assert answer.json["message"].startswith("no ")


@pytest.mark.parametrize("path", RIGHT)
def test_making_answers_200_with_the_object_which_is_then_read(
    site: Site, path: str
) -> None:
    answer = site.ask("POST", path, RIGHT[path])
    assert answer.status_code == 200
    assert site.done("GET", f"{path}/{answer.json['id']}") == answer.json
    assert site.done("GET", path) == [answer.json]


@pytest.mark.parametrize("path", RIGHT)
def test_deleting_answers_204_without_a_body_and_once(site: Site, path: str) -> None:
    one = f"{path}/{site.done('POST', path, RIGHT[path])['id']}"
    answer = site.ask("DELETE", one)
    assert (answer.status_code, answer.data) == (204, b"")
    assert site.ask("GET", one).status_code == 404
    assert site.ask("DELETE", one).status_code == 400


@pytest.mark.parametrize(
    "text", ["", "no", "[]", "{", "null", "[" * 9999, '{"name":1}']
)
def test_body_that_is_none_is_a_400(site: Site, text: str) -> None:
    answer = site.ask(
        "POST", "/accessgroup", data=text, content_type="application/json"
    )
    assert answer.status_code == 400
    assert answer.json["message"]


def test_body_of_another_media_type_is_not_seen(site: Site) -> None:
    text = json.dumps({"name": "Members"})
    answer = site.ask("POST", "/accessgroup", data=text, content_type="text/plain")
    assert (answer.status_code, answer.json["message"]) == (400, "name: Field required")


def test_unknown_fields_are_ignored_unless_that_is_switched(site: Site) -> None:
    body = {"name": "Members", "colour": "red"}
    site.done("POST", "/accessgroup", body)
    site.switch(extra_fields="refused")
    assert site.refused("/accessgroup", body) == "unknown: colour"
    inner = RIGHT["/timeprofile"] | {"ranges": [RANGE | {"note": "x"}]}
    assert site.refused("/timeprofile", inner) == "unknown: note"


def test_refusal_names_the_field_and_never_the_value(site: Site) -> None:
    door = site.add_door()
    message = site.refused("/visit", site.visit_body(door, code="98765432"))
    assert message.startswith("code: ")
    assert "98765432" not in message


def names(site: Site, **query: object) -> list[str]:
    answer = site.ask("GET", "/accessgroup", query_string=query)
    assert answer.status_code == 200, answer.text
    return [group["name"] for group in answer.json]


def test_pages_are_cut_by_skip_and_limit_and_a_limit_of_0_is_none(site: Site) -> None:
    for name in "cabed":
        site.done("POST", "/accessgroup", {"name": name})
    assert names(site) == names(site, limit=0) == list("cabed")
    assert names(site, limit=2) == ["c", "a"]
    assert names(site, skip=3, limit=2) == ["e", "d"]
    assert names(site, skip=9) == []


def test_rows_are_sorted_by_a_field_in_either_direction(site: Site) -> None:
    for name in "cab":
        site.done("POST", "/accessgroup", {"name": name})
    assert names(site, sort="name") == list("abc")
    assert names(site, sort="name", sortDir="desc") == list("cba")
    assert names(site, sortDir="desc") == list("bac")


def test_a_cap_on_rows_can_be_switched_on(site: Site) -> None:
    for name in "cab":
        site.done("POST", "/accessgroup", {"name": name})
    site.switch(most_rows=2)
    assert names(site) == names(site, limit=9) == ["c", "a"]


@pytest.mark.parametrize(
    "query",
    [
        *({"skip": "x"}, {"skip": "-1"}, {"limit": "1.5"}, {"limit": "9" * 40}),
        *({"sort": "nothing"}, {"sortDir": "up"}),
    ],
)
def test_page_that_makes_no_sense_is_a_400(site: Site, query: dict[str, str]) -> None:
    site.done("POST", "/accessgroup", {"name": "Members"})
    answer = site.ask("GET", "/accessgroup", query_string=query)
    assert answer.status_code == 400
    assert next(iter(query)) in answer.json["message"]


def test_field_that_some_rows_lack_sorts_them_first(site: Site) -> None:
    door = site.add_door()
    site.visit(door, name="B")
    site.visit(door)
    rows = site.ask("GET", "/visit", query_string={"sort": "name"}).json
    assert [row.get("name") for row in rows] == [None, "B"]


def test_unset_text_is_left_out_or_null(site: Site) -> None:
    door = site.add_door()
    fields = {"name", "message", "email", "smsNr"}
    path = f"/visit/{site.visit(door)['id']}"
    assert not fields & set(site.done("GET", path))
    assert not {"labelling", "remarks"} & set(site.done("GET", "/component")[0])
    site.switch(unset_fields="null")
    shown = site.done("GET", path)
    assert [shown[name] for name in sorted(fields)] == [None] * 4


def test_instants_are_written_in_utc_with_z(site: Site) -> None:
    door = site.add_door()
    shown = site.visit(door, validFrom="2026-12-01T15:00:00.5+01:00")
    assert shown["validFrom"] == "2026-12-01T14:00:00.500000Z"
    assert (NOW[-1], shown["validTo"]) == ("Z", TO)


def test_another_offset_than_utc_can_be_refused(site: Site) -> None:
    door = site.add_door()
    site.switch(foreign_offset="refused")
    foreign = site.visit_body(door, validTo="2026-12-01T18:00:00+01:00")
    assert "UTC" in site.refused("/visit", foreign)
    site.visit(door, validTo="2026-12-01T17:00:00+00:00")
    person = RIGHT["/person"] | {"exitDate": "2026-12-01T18:00:00+01:00"}
    assert "UTC" in site.refused("/person", person)


@pytest.mark.parametrize(
    "text",
    [
        *("2026-12-01", "2026-12-01T17:00:00", "2026-13-01T17:00:00Z"),
        *("2026-12-01 17:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59"),
        *("1764608400", "tomorrow", ""),
    ],
)
def test_what_is_no_instant_is_refused(site: Site, text: str) -> None:
    door = site.add_door()
    assert site.refused("/visit", site.visit_body(door, validTo=text)).startswith(
        "validTo:"
    )


def test_number_is_no_instant_and_no_code(site: Site) -> None:
    door = site.add_door()
    for field in ("validTo", "code"):
        body = site.visit_body(door) | {field: 4271}
        assert site.refused("/visit", body).startswith(f"{field}:")
