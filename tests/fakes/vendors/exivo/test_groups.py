"""Groups enter zones by time profiles, special days included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.fakes.vendors.exivo.site import Site

EVERY_DAY = ["0", "1", "2", "3", "4", "5", "6"]


@pytest.fixture
def gate(site: Site) -> dict[str, Any]:
    return site.add_door("Gate", keypad=True)


def profile(site: Site, *ranges: dict[str, Any]) -> str:
    body = {"name": "Hours", "ranges": list(ranges)}
    return str(site.done("POST", "/timeprofile", body)["id"])


def hours(start: int, end: int, days: list[str] | None = None) -> dict[str, Any]:
    return {"start": start, "end": end, "days": days or EVERY_DAY}


def special(site: Site, *commands: dict[str, str]) -> list[dict[str, str]]:
    return list(site.done("POST", "/specialdays", list(commands)))


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        ("2026-12-01T06:59:59Z", "wrong-time"),  # Zurich is an hour ahead
        ("2026-12-01T07:00:00Z", "opened"),
        ("2026-12-01T10:59:59Z", "opened"),
        ("2026-12-01T11:00:00Z", "wrong-time"),
        ("2026-12-02T07:00:00Z", "wrong-time"),  # a Wednesday
    ],
)
def test_profile_says_on_which_days_and_from_when_until_when(
    site: Site, gate: dict[str, Any], at: str, reason: str
) -> None:
    tuesday = profile(site, hours(480, 720, ["2"]))
    site.member(site.group(tuesday))
    assert site.probe(gate, at=at) == reason


def test_always_and_never_need_no_profile(site: Site, gate: dict[str, Any]) -> None:
    group = site.group("NEVER")
    site.member(group)
    assert site.enter(gate) == "wrong-code"
    zone = site.done("GET", "/accessZone")[0]["id"]
    path = f"/accessgroup/{group}/accesszone/{zone}"
    site.done("POST", path, "ALWAYS")
    assert site.enter(gate) == "opened"
    assert site.done("GET", f"/accessgroup/{group}")["accessZoneTimeProfiles"] == {
        zone: "ALWAYS"
    }
    site.done("DELETE", path)
    assert site.enter(gate) == "wrong-code"
    assert site.ask("DELETE", path).status_code == 400


@pytest.mark.parametrize("body", ["nothing", "", None, 1, {"timeProfileId": "ALWAYS"}])
def test_zone_is_entered_by_a_known_profile_alone(
    site: Site, gate: dict[str, Any], body: Any
) -> None:
    assert gate
    group = site.done("POST", "/accessgroup", {"name": "Members"})["id"]
    zone = site.done("GET", "/accessZone")[0]["id"]
    site.refused(f"/accessgroup/{group}/accesszone/{zone}", body)
    assert site.done("GET", f"/accessgroup/{group}")["accessZoneTimeProfiles"] == {}


def test_profile_that_is_written_anew_counts_at_once(
    site: Site, gate: dict[str, Any]
) -> None:
    found = profile(site, hours(0, 1440))
    site.member(site.group(found))
    assert site.probe(gate) == "opened"
    morning = {"name": "Morning", "ranges": [hours(0, 60)]}
    site.done("POST", f"/timeprofile/{found}", morning)
    assert site.probe(gate) == "wrong-time"


def test_profile_in_use_is_not_deleted(site: Site, gate: dict[str, Any]) -> None:
    assert gate
    found = profile(site, hours(0, 1440))
    group = site.group(found)
    assert site.ask("DELETE", f"/timeprofile/{found}").status_code == 400
    site.done("DELETE", f"/accessgroup/{group}")
    site.done("DELETE", f"/timeprofile/{found}")


@pytest.mark.parametrize(
    "ranges",
    [
        *([], [hours(60, 60)], [hours(120, 60)], [hours(0, 1441)], [hours(-1, 60)]),
        *([hours(0, 60, ["7"])], [{"start": 0, "end": 60, "days": []}]),
        [{"start": "0", "end": 60, "days": ["1"]}],
    ],
)
def test_range_that_makes_no_sense_is_refused(site: Site, ranges: list[Any]) -> None:
    body = {"name": "Hours", "ranges": ranges}
    assert site.refused("/timeprofile", body).startswith("ranges")


def test_group_with_persons_is_not_deleted(site: Site, gate: dict[str, Any]) -> None:
    group = site.group()
    person = site.member(group)
    path = f"/accessgroup/{group}"
    assert site.ask("DELETE", path).status_code == 400
    site.switch(group_with_persons_status=204)
    assert site.ask("DELETE", path).status_code == 204  # and is there all the same
    assert site.enter(gate) == "opened"
    site.done("POST", f"/person/{person}/unassign/accessgroup")
    site.done("DELETE", path)
    assert site.ask("GET", path).status_code == 404


def test_group_is_renamed(site: Site) -> None:
    group = site.done("POST", "/accessgroup", {"name": "Members"})["id"]
    shown = site.done("POST", f"/accessgroup/{group}", {"name": "Friends"})
    assert shown["name"] == "Friends"


def test_special_day_has_hours_of_its_own(site: Site, gate: dict[str, Any]) -> None:
    found = profile(site, hours(480, 1200, ["2"]), hours(0, 60, ["a"]))
    site.member(site.group(found))
    assert site.probe(gate) == "opened"
    days = special(site, {"date": "2026-12-01", "command": "setA"})
    assert days == [{"date": "2026-12-01", "type": "a"}]
    assert site.probe(gate) == "wrong-time"
    assert site.probe(gate, at="2026-11-30T23:30:00Z") == "opened"
    assert special(site, {"date": "2026-12-01", "command": "remove"}) == []
    assert site.probe(gate) == "opened"


def test_special_day_can_keep_its_weekday(site: Site, gate: dict[str, Any]) -> None:
    site.switch(special_day_keeps_weekday=True)
    site.member(site.group(profile(site, hours(480, 1200, ["2"]))))
    special(site, {"date": "2026-12-01", "command": "setB"})
    assert site.probe(gate) == "opened"


def test_date_of_a_special_day_can_be_written_the_other_way(site: Site) -> None:
    site.switch(special_day_date="YYYY-DD-MM")
    shown = special(site, {"date": "2026-24-12", "command": "setA"})
    assert shown == site.done("GET", "/specialdays")
    assert shown == [{"date": "2026-24-12", "type": "a"}]
    site.switch(special_day_date="YYYY-MM-DD")
    assert site.done("GET", "/specialdays")[0]["date"] == "2026-12-24"


@pytest.mark.parametrize(
    "command",
    [
        *(
            {"date": "2026-02-30", "command": "setA"},
            {"date": "soon", "command": "setA"},
        ),
        *({"date": "2026-12-01", "command": "setC"}, {"command": "setA"}, {}),
    ],
)
def test_special_days_are_changed_all_or_none(
    site: Site, command: dict[str, str]
) -> None:
    right = {"date": "2026-12-24", "command": "setA"}
    site.refused("/specialdays", [right, command])
    assert site.done("GET", "/specialdays") == []


@pytest.mark.parametrize("field", ["command", "instruction", "action"])
def test_command_is_taken_by_any_of_its_possible_names(site: Site, field: str) -> None:
    assert special(site, {"date": "2026-12-24", field: "setB"})


def test_pin_may_need_a_medium(site: Site) -> None:
    site.switch(pin_alone=False)
    door = site.add_door(keypad=True)
    site.member(site.group())
    assert site.enter(door) == "wrong-code"
