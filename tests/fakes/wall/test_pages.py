"""What the pages show and do, without a line of JavaScript."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from time import process_time
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.wall.conftest import PIN, code_path, control

if TYPE_CHECKING:
    from flask import Flask

    from tests.fakes.wall.conftest import Person, Place

MANY = 100
MOST_BYTES = 100_000
MOST_SECONDS = 0.2


class Ids(HTMLParser):
    """The ids of a page, and what could run a script or style in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        bad = [name for name in given if name == "style" or name.startswith("on")]
        scripts = tag == "style" or (tag == "script" and "src" not in given)
        self.inline += [*bad, *([tag] if scripts else [])]


def test_code_stays_shut_early_and_opens_in_its_time(
    person: Person, place: Place
) -> None:
    place.nuki_code("Rehearsal room")
    door = place.door("Rehearsal room")
    early = person.does(f"{door}/entries", code=PIN, back=door)
    assert "Rehearsal room stays shut." in early
    assert "Too early: the code is not valid yet." in early
    assert "NUK-07" in early
    for _ in range(5):
        person.does(f"{place.path}/clock", step="hour", back=door)
    assert 'class="state off">shut<' in person.get(door).text
    opened = person.does(f"{door}/entries", code=PIN, back=door)
    assert "Rehearsal room opened." in opened
    assert 'class="state good">open<' in opened


def test_bolt_is_jammed_and_freed_by_hand_where_it_can_be(
    person: Person, place: Place
) -> None:
    place.nuki_code("Rehearsal room")
    door = place.door("Rehearsal room")
    for _ in range(5):
        person.does(f"{place.path}/clock", step="hour", back=door)
    jammed = person.does(f"{door}/change", jammed="yes", back=door)
    assert 'class="state bad">jammed<' in jammed
    stuck = person.does(f"{door}/entries", code=PIN, back=door)
    assert "the bolt is jammed" in stuck
    freed = person.does(f"{door}/change", jammed="no", back=door)
    assert 'class="state bad">jammed<' not in freed
    assert "opened." in person.does(f"{door}/entries", code=PIN, back=door)
    assert 'name="jammed"' not in person.get(place.door("Office keypad")).text


def test_typed_code_is_in_no_address(person: Person, place: Place) -> None:
    place.nuki_code("Rehearsal room")
    door = place.door("Rehearsal room")
    answer = person.send(f"{door}/entries", code=PIN, back=door)
    assert PIN not in answer.headers["Location"]
    assert PIN not in code_path(person, place)


def test_door_refuses_what_cannot_be_typed(person: Person, place: Place) -> None:
    said = person.does(f"{place.door('Court 1')}/entries", code="abc")
    assert "That was not done." in said
    assert "this keypad has the digits 0 to 9" in said


def test_key_is_taken_from_a_cabinet(person: Person, place: Place) -> None:
    codes = place.control("GET", f"/codes?door={place.doors['Lobby']}")
    backup = next(each["code"] for each in codes if each["code"].isdigit())
    door = place.door("Lobby")
    said = person.does(f"{door}/entries", code=backup, then="take", back=door)
    assert "Lobby opened." in said
    assert "key flat-1 was moved" in said
    assert "is out" in said


def test_link_of_a_visit_is_asked_for_where_a_door_takes_one(
    person: Person, place: Place
) -> None:
    assert 'name="link"' in person.get(place.door("Front door")).text
    assert 'name="link"' not in person.get(place.door("Court 1")).text


def test_page_of_a_code_says_when_it_opens(person: Person, place: Place) -> None:
    place.nuki_code("Rehearsal room")
    page = person.get(code_path(person, place)).text
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "opens Tue 1 Dec 15:00" in plain
    assert "Too early: the code is not valid yet." in plain
    assert "Too late: the time of the code is over." in plain


def test_codes_for_a_time_stand_before_those_that_always_work(
    person: Person, place: Place
) -> None:
    place.nuki_code("Rehearsal room")
    timed, _, standing = person.get(f"{place.path}/codes").text.partition("<details")
    assert PIN in timed
    assert "*7001" not in timed
    assert "*7001" in standing


def test_calls_that_only_read_are_shown_on_demand(
    person: Person, place: Place, app: Flask
) -> None:
    headers = {"Authorization": f"Bearer {place.credentials['nuki']['api_token']}"}
    for _ in range(3):
        app.test_client().get("/nuki/smartlock", headers=headers)
    assert "GET /smartlock" not in person.get(f"{place.path}/timeline").text
    page = person.get(f"{place.path}/timeline?reads=yes").text
    assert page.count("GET /smartlock") == 1
    assert "3 times" in page


def test_call_that_failed_is_shown_though_it_only_reads(
    person: Person, place: Place, app: Flask
) -> None:
    person.does(f"{place.path}/faults", vendor="nuki", preset="down")
    headers = {"Authorization": f"Bearer {place.credentials['nuki']['api_token']}"}
    app.test_client().get("/nuki/smartlock", headers=headers)
    page = person.get(f"{place.path}/timeline").text
    assert "Nuki answered 503. That was a fault: Nuki did not act." in page


def test_code_is_typed_from_its_page(person: Person, place: Place) -> None:
    place.nuki_code("Rehearsal room")
    said = person.does(f"{code_path(person, place)}/entries")
    assert "Rehearsal room stays shut." in said


def test_timeline_follows_a_code_to_a_door_that_is_offline(
    person: Person, place: Place
) -> None:
    door = place.door("Rehearsal room")
    person.does(f"{door}/change", online="no", back=door)
    place.nuki_code("Rehearsal room")
    page = person.get(door).text
    assert "PUT /smartlock/auth" in page
    assert "a code is on its way to the door" in page
    assert "the door itself knows a code" not in page
    person.does(f"{door}/change", online="yes", back=door)
    person.does(f"{place.path}/clock", step="minute", back=door)
    assert "the door itself knows a code" in person.get(door).text


def test_fault_is_added_seen_and_ended(person: Person, place: Place) -> None:
    said = person.does(f"{place.path}/faults", vendor="nuki", preset="down")
    assert "The fault is in force." in said
    (fault,) = place.control("GET", "/faults")
    assert fault["effect"]["status"] == 503
    person.does(f"{place.path}/faults/end", fault=fault["id"])
    assert place.control("GET", "/faults") == []


def test_fault_is_described_by_hand(person: Person, place: Place) -> None:
    answer = person.client.post(
        f"{place.path}/faults",
        data={
            "csrf": person.csrf,
            "vendor": "exivo",
            "phase": "after",
            "drop": "yes",
            "times": "2",
            "path": "/v1/*",
        },
    )
    assert answer.status_code == 303
    (fault,) = place.control("GET", "/faults")
    assert (fault["path"], fault["times"], fault["effect"]["drop"]) == (
        "/v1/*",
        2,
        True,
    )


def test_fault_without_an_effect_is_refused(person: Person, place: Place) -> None:
    said = person.does(f"{place.path}/faults", vendor="nuki", phase="before")
    assert "give at least one of" in said
    assert place.control("GET", "/faults") == []


def test_quirk_is_set_and_shown_with_its_confidence(
    person: Person, place: Place
) -> None:
    said = person.does(f"{place.path}/quirks/nuki/delivery-seconds", value="9")
    assert "Changed; the default is" in said
    assert "client-code" in said
    ledger = place.control("GET", "/quirks")
    assert ledger["nuki"]["delivery-seconds"]["value"] == 9


@pytest.mark.parametrize("value", ["many", "", "true"])
def test_value_that_a_quirk_cannot_have_is_refused(
    person: Person, place: Place, value: str
) -> None:
    said = person.does(f"{place.path}/quirks/nuki/delivery-seconds", value=value)
    assert "That was not done." in said


def test_world_is_made_reset_and_dropped(person: Person, app: Flask) -> None:
    fields = {"name": "Second", "portfolio": "demo", "now": "2026-12-24T18:00"}
    page = person.does("/wall/worlds", **fields)
    assert "15 doors" in page
    (made,) = [
        each
        for each in control(app, "GET", "/worlds").json or []
        if each["name"] == "Second"
    ]
    assert made["now"] == "2026-12-24T18:00:00Z"
    person.does(f"/wall/{made['id']}/clock", step="day")
    person.does(f"/wall/{made['id']}/reset")
    assert control(app, "GET", f"/worlds/{made['id']}").json == {
        **(control(app, "GET", f"/worlds/{made['id']}").json or {}),
        "now": "2026-12-24T18:00:00Z",
    }
    assert "Second" not in person.does(f"/wall/{made['id']}/drop")


def test_demo_world_is_not_dropped(person: Person) -> None:
    assert "always exists" in person.does("/wall/demo/drop")


def test_door_is_added(person: Person, place: Place) -> None:
    page = person.does(f"{place.path}/doors", vendor="nuki", name="Attic")
    assert "<h1>Attic</h1>" in page


@pytest.mark.parametrize(
    "back", ["https://example.org/", "//example.org", "/wall/demo", "/wall/demox"]
)
def test_form_leads_to_no_other_place(person: Person, place: Place, back: str) -> None:
    answer = person.send(f"{place.path}/clock", step="minute", back=back)
    assert answer.headers["Location"] == place.path


def test_news_are_a_cheap_304_while_nothing_changes(
    person: Person, place: Place
) -> None:
    page = person.get(place.path).text
    found = re.search(r'hx-get="([^"]+cursor=\w+)"', page)
    assert found
    quiet = person.get(found[1])
    assert (quiet.status_code, quiet.data) == (304, b"")
    place.control("POST", f"/doors/{place.doors['Court 1']}/entries", {"code": "1234"})
    news = person.get(found[1])
    assert news.status_code == 200
    assert "Court 1: a code was typed" in news.text


def test_polling_takes_no_notice_away(person: Person, place: Place) -> None:
    person.send(f"{place.path}/clock", step="minute")
    assert "Time went on." not in person.get(f"{place.path}?cursor=old").text
    assert "Time went on." in person.get(place.path).text


def every_page(person: Person, place: Place) -> dict[str, str]:
    place.nuki_code("Rehearsal room")
    paths = [place.path, place.door("Lobby"), place.door("Front door")]
    paths += [
        f"{place.path}/{name}" for name in ("codes", "timeline", "faults", "accounts")
    ]
    paths += [f"{place.path}/quirks?vendor={name}" for name in place.credentials]
    paths += ["/", code_path(person, place)]
    return {path: person.get(path).text for path in paths}


def test_no_page_needs_what_its_policy_forbids(person: Person, place: Place) -> None:
    for path, text in every_page(person, place).items():
        assert Ids(text).inline == [], path


def test_every_id_is_on_a_page_once(person: Person, place: Place) -> None:
    for path, text in every_page(person, place).items():
        ids = Ids(text).ids
        assert len(ids) == len(set(ids)), path


def test_page_of_a_hundred_doors_is_small_and_fast(
    person: Person, place: Place
) -> None:
    kinds: list[Any] = ["nuki", "igloohome", "exivo", "livionkey"]
    for number in range(MANY - len(place.doors)):
        body = {"vendor": kinds[number % 4], "name": f"Meeting room {number}"}
        place.control("POST", "/doors", body)
    page = person.get(place.path)
    assert page.text.count('class="card door') == MANY
    assert len(page.data) < MOST_BYTES
    loaded = re.findall(r'(?:href|src)="(/wall/static/[^"]+)"', page.text)
    packed = {"headers": {"Accept-Encoding": "gzip"}, "buffered": True}
    sizes = [
        len(person.client.get(each, **packed).data)
        for each in (place.path, *sorted(set(loaded)))
    ]
    assert len(sizes) == 5
    assert sum(sizes) < MOST_BYTES
    assert min(seconds_of(person, place.path) for _ in range(5)) < MOST_SECONDS


def seconds_of(person: Person, path: str) -> float:
    """Return the processor's time for a page; that of others does not count."""
    begun = process_time()
    person.get(path)
    return process_time() - begun


def test_code_of_a_visit_opens_by_its_link(
    person: Person, place: Place, app: Flask
) -> None:
    keys = place.credentials["exivo"]
    body = {
        "validFrom": "2026-12-01T09:00:00Z",
        "validTo": "2026-12-01T12:00:00Z",
        "code": "4711",
        "components": [place.locks["Front door"]],
    }
    made = app.test_client().post(
        f"/exivo/v1/{keys['site_id']}/visit",
        json=body,
        auth=(keys["api_key"], keys["api_secret"]),
    )
    assert made.status_code < 300, made.text
    page = person.get(place.door("Front door")).text
    found = re.search(rf'href="({place.path}/codes/\w+)">4711<', page)
    assert found
    assert "Front door opened." in person.does(f"{found[1]}/entries")
