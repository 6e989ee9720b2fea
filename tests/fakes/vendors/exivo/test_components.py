"""Doors from afar: 204 says that a message was sent, the door says what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.fakes.vendors.exivo.site import Site


def shown(site: Site, door: dict[str, Any]) -> dict[str, Any]:
    return dict(site.done("GET", f"/component/{door['vendor_id']}"))


def unlock(site: Site, door: dict[str, Any], body: Any = None) -> None:
    site.done("POST", f"/component/{door['vendor_id']}/unlock", body)


def test_component_shows_its_door(site: Site) -> None:
    door = site.add_door("Studio", labelling="First floor", remarks="Push hard")
    zone = site.done("GET", "/accessZone")[0]["id"]
    assert shown(site, door) == {
        "id": door["vendor_id"],
        "identifier": "Studio",
        "labelling": "First floor",
        "remarks": "Push hard",
        "accessZones": [zone],
        "templateIdentifier": "electric-lock",
        "ready": True,
        "open": False,
        "mode": "normal",
    }


@pytest.mark.parametrize(
    ("kind", "template"),
    [
        ("electric-lock", "electric-lock"),
        ("cylinder", "wireless-digital-cylinder"),
        ("alarm-door", "electric-lock-with-alarm"),
        ("gateway", "wireless-gateway"),
    ],
)
def test_each_kind_of_door_has_its_template(
    site: Site, kind: str, template: str
) -> None:
    door = site.add_door(kind=kind)
    assert shown(site, door)["templateIdentifier"] == template


def test_mode_can_be_left_out(site: Site) -> None:
    door = site.add_door()
    site.switch(component_mode=False)
    assert "mode" not in shown(site, door)


def test_gateway_is_listed_and_cannot_be_opened(site: Site) -> None:
    gateway = site.add_door(kind="gateway")
    assert len(site.done("GET", "/component")) == 1
    path = f"/component/{gateway['vendor_id']}/unlock"
    assert site.refused(path) == "this component is no door"


@pytest.mark.parametrize(
    "change", [{"online": False}, {"ready": False}, {"battery": 0}]
)
def test_door_out_of_reach_is_not_ready(site: Site, change: dict[str, Any]) -> None:
    door = site.add_door()
    assert shown(site, door)["ready"] is True
    site.change(door, **change)
    assert shown(site, door)["ready"] is False


def test_open_is_what_the_contact_says(site: Site) -> None:
    door = site.add_door()
    site.change(door, contact="open")
    assert shown(site, door)["open"] is True


def test_unlock_opens_for_a_pulse_and_names_who_asked(site: Site) -> None:
    door = site.add_door(unlock_pulse_seconds=7)
    unlock(site, door, {"delegatedUser": "Ada"})
    assert site.door(door)["bolt"] == "unlocked"
    site.advance("PT7S")
    assert site.door(door)["bolt"] == "locked"
    (fact,) = site.done("GET", "/accesslog/component")
    assert fact["name"] == "componentUnlocked"
    assert fact["data"]["delegatedUser"] == "Ada"
    assert fact["data"]["apiIdentifier"] == site.key[0]


def test_two_unlocks_make_one_longer_pulse(site: Site) -> None:
    door = site.add_door()
    unlock(site, door)
    site.advance("PT3S")
    unlock(site, door)
    site.advance("PT4S")
    assert site.door(door)["bolt"] == "unlocked"
    site.advance("PT1S")
    assert site.door(door)["bolt"] == "locked"


def test_offline_door_gets_204_and_stays_shut_and_the_log_says_so_later(
    site: Site,
) -> None:
    door = site.add_door(online=False)
    unlock(site, door)
    assert site.door(door)["bolt"] == "locked"
    assert site.facts() == []
    site.advance("PT10S")
    assert site.facts() == ["componentNotReady"]
    site.change(door, online=True)
    assert site.door(door)["bolt"] == "locked"  # the message was lost


def test_closed_door_denies(site: Site) -> None:
    door = site.add_door()
    site.done("POST", f"/component/{door['vendor_id']}/mode", {"mode": "closed"})
    unlock(site, door)
    assert site.door(door)["bolt"] == "locked"
    assert site.facts() == ["accessDenied"]


@pytest.mark.parametrize("mode", ["normal", "closed", "open", "accessControl"])
def test_mode_is_set_and_shown(site: Site, mode: str) -> None:
    door = site.add_door()
    site.done("POST", f"/component/{door['vendor_id']}/mode", {"mode": mode})
    assert shown(site, door)["mode"] == mode
    assert site.door(door)["bolt"] == ("unlocked" if mode == "open" else "locked")


def test_mode_of_an_offline_door_stays(site: Site) -> None:
    door = site.add_door(online=False)
    site.done("POST", f"/component/{door['vendor_id']}/mode", {"mode": "open"})
    site.advance("PT10S")
    assert (shown(site, door)["mode"], site.facts()) == (
        "normal",
        ["componentNotReady"],
    )


@pytest.mark.parametrize("body", [None, {}, {"mode": "ajar"}])
def test_mode_must_be_one_of_four(site: Site, body: Any) -> None:
    path = f"/component/{site.add_door()['vendor_id']}/mode"
    assert site.refused(path, body).startswith("mode:")


def test_first_door_says_where_the_site_is(site: Site) -> None:
    site.add_door(timezone="Europe/Stockholm")
    second = site.add_door(timezone="Europe/Lisbon")
    assert site.done("GET", "/info")["timeZone"] == "Europe/Stockholm"
    assert second["timezone"] == "Europe/Lisbon"


def test_door_stands_in_the_zones_of_those_names(site: Site) -> None:
    site.add_door(zones=["Ground", "North"])
    door = site.add_door(zones=["North"])
    assert door["zones"] == ["North"]
    assert [each["name"] for each in site.done("GET", "/accessZone")] == [
        "Ground",
        "North",
    ]


@pytest.mark.parametrize(
    "fields",
    [
        *({"zones": ["a", "b", "c"]}, {"kind": "padlock"}, {"unlock_pulse_seconds": 0}),
        {"colour": "red"},
    ],
)
def test_door_that_cannot_be_added_is_a_problem(
    site: Site, fields: dict[str, Any]
) -> None:
    answer = site.client.post(
        f"{site.base}/doors",
        json={"vendor": "exivo", "name": "Studio", **fields},
        headers={"Authorization": "Bearer control"},
    )
    assert answer.status_code == 422
    assert next(iter(fields)) in answer.json["detail"]
