"""A lock that is full, a PIN that somebody else has, names that are cut alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contracts.nuki.room import END, START, one_working_code, patch

if TYPE_CHECKING:
    from tests.contracts.premises import Premises

OTHERS = [str(code) for code in range(345671, 345680)]


def fill(place: Premises, door: Any, *codes: str) -> None:
    """Have the owner store codes at the lock with the app; the server hears of it."""
    for code in codes:
        patch(place, door, app_adds={"code": code, "name": "owner's"})
    given = place.site.world["credentials"]["nuki"]
    url = f"{given['api_url']}/smartlock/{door['vendor_id']}/sync"
    auth = {"Authorization": f"Bearer {given['api_token']}"}
    assert place.site.http.post(url, headers=auth).status_code == 204
    place.pass_time(seconds=10)


@pytest.fixture
def full(place: Premises, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a door whose lock has no room, behind `room`."""
    monkeypatch.setattr("service.vendors.nuki.adapter.CAPACITY", len(OTHERS))
    place.site.ask("PATCH", "/quirks", nuki={"keypad-capacity": len(OTHERS)})
    door = place.site.door("nuki", timezone="Europe/Berlin")
    place.connect()
    place.rule(door)
    fill(place, door, *OTHERS)
    return door


@pytest.mark.parametrize(
    "quirks",
    [{"keypad-full": "refused"}, {"failure-shows": "error"}, {}],
    ids=["refused", "taken and given up", "taken and lost"],
)
def test_lock_that_is_full_is_told_and_tried_until_there_is_room(
    place: Premises, full: Any, quirks: dict[str, Any]
) -> None:
    place.site.ask("PATCH", "/quirks", nuki=quirks)
    place.tell("confirmed", START, END)
    place.pass_time(hours=2)
    access = place.access()
    assert access.status == "in progress"
    assert "does not take the code: it lists 9 keypad codes" in (access.reason or "")
    assert sorted(place.at_the_door()) == OTHERS
    patch(place, full, app_removes=OTHERS[0])
    place.pass_time(minutes=45)
    access = place.access()
    assert access.status == "created", access.reason
    assert place.site.opens(full, place.pin(access), START)
    assert set(place.at_the_door()) == {*OTHERS[1:], place.pin(access)}


@pytest.mark.parametrize("shows", ["missing", "error"])
def test_pin_that_an_app_has_stored_meanwhile_gives_way_to_another(
    place: Premises, door: Any, shows: str
) -> None:
    place.site.ask("PATCH", "/quirks", nuki={"failure-shows": shows})
    place.fault("PUT", "*", effect={"status": 503}, times=1)
    place.tell("confirmed", START, END)
    place.service.work()
    drawn = place.pin(place.access())
    patch(place, door, app_adds={"code": drawn, "name": "cleaner"})
    place.pass_time(minutes=10)
    access = place.access()
    assert access.status == "created", access.reason
    assert place.pin(access) != drawn
    assert sorted(place.at_the_door()) == sorted([drawn, place.pin(access)])
    assert place.site.opens(door, place.pin(access), START)


def test_pin_that_is_only_listed_is_given_up_for_one_that_works(
    place: Premises, door: Any
) -> None:
    place.site.ask("PATCH", "/quirks", nuki={"offline": "ghost"})
    patch(place, door, online=False)
    place.tell("confirmed", START, END)
    place.pass_time(hours=1)
    ghost = place.pin(place.access())
    patch(place, door, online=True)
    place.pass_time(minutes=20)
    assert one_working_code(place, door, START)
    assert place.pin(place.access()) != ghost


@pytest.mark.usefixtures("door")
def test_bookings_whose_names_are_cut_alike_have_a_code_each(place: Premises) -> None:
    long = "reservation-2026-northern-hall-000"
    for number in (1, 2):
        place.tell("confirmed", START, END, f"{long}{number}")
    place.pass_time(minutes=1)
    pins = [place.pin(place.access(f"{long}{number}")) for number in (1, 2)]
    assert sorted(place.at_the_door()) == sorted(set(pins))
    place.tell("cancelled", START, END, f"{long}1")
    place.pass_time(minutes=1)
    assert place.at_the_door() == [pins[1]]


def test_code_that_is_gone_when_it_is_to_be_deleted_counts_as_deleted(
    place: Premises, door: Any
) -> None:
    place.tell("confirmed", START, END)
    place.pass_time(minutes=1)
    place.fault("DELETE", "*", effect={"status": 404, "body": {}}, times=1)
    patch(place, door, app_removes=place.pin(place.access()))
    place.tell("cancelled", START, END)
    place.pass_time(minutes=5)
    assert [each.status for each in place.accesses()] == ["removed"]


def test_lock_that_lost_its_keypad_is_told(place: Premises, door: Any) -> None:
    patch(place, door, keypad=False)
    place.tell("confirmed", START, END)
    place.pass_time(minutes=1)
    access = place.access()
    assert access.status == "failed"
    assert "parameter type, pair a keypad with the lock" in (access.reason or "")
