"""A lock that is full, a PIN that somebody else has, names that are cut alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contracts.nuki.helpers import END, START, one_working_code, patch

if TYPE_CHECKING:
    from tests.contracts.integration import IntegrationEnv

OTHERS = [str(code) for code in range(345671, 345680)]


def fill(env: IntegrationEnv, door: Any, *codes: str) -> None:
    """Have the owner store codes at the lock with the app; the server hears of it."""
    for code in codes:
        patch(env, door, app_adds={"code": code, "name": "owner's"})
    given = env.world.data["credentials"]["nuki"]
    url = f"{given['api_url']}/smartlock/{door['vendor_id']}/sync"
    auth = {"Authorization": f"Bearer {given['api_token']}"}
    assert env.world.http.post(url, headers=auth).status_code == 204
    env.advance(seconds=10)


@pytest.fixture
def full(env: IntegrationEnv, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a door whose lock has no room, behind `room`."""
    monkeypatch.setattr("service.vendors.nuki.mapping.CAPACITY", len(OTHERS))
    env.world.call("PATCH", "/quirks", nuki={"keypad-capacity": len(OTHERS)})
    door = env.world.add_door("nuki", timezone="Europe/Berlin")
    env.connect()
    env.rule(door)
    fill(env, door, *OTHERS)
    return door


@pytest.mark.parametrize(
    "quirks",
    [{"keypad-full": "refused"}, {"failure-shows": "error"}, {}],
    ids=["refused", "taken and given up", "taken and lost"],
)
def test_lock_that_is_full_is_told_and_tried_until_there_is_room(
    env: IntegrationEnv, full: Any, quirks: dict[str, Any]
) -> None:
    env.world.call("PATCH", "/quirks", nuki=quirks)
    env.send_event("confirmed", START, END)
    env.advance(hours=2)
    access = env.access()
    assert access.status == "in progress"
    assert "does not take the code: it lists 9 keypad codes" in (access.reason or "")
    assert sorted(env.codes_at_door()) == OTHERS
    patch(env, full, app_removes=OTHERS[0])
    env.advance(minutes=45)
    access = env.access()
    assert access.status == "created", access.reason
    assert env.world.opens(full, env.pin(access), START)
    assert set(env.codes_at_door()) == {*OTHERS[1:], env.pin(access)}


@pytest.mark.parametrize("shows", ["missing", "error"])
def test_pin_that_an_app_has_stored_meanwhile_gives_way_to_another(
    env: IntegrationEnv, door: Any, shows: str
) -> None:
    env.world.call("PATCH", "/quirks", nuki={"failure-shows": shows})
    env.add_fault("PUT", "*", effect={"status": 503}, times=1)
    env.send_event("confirmed", START, END)
    env.service.work()
    drawn = env.pin(env.access())
    patch(env, door, app_adds={"code": drawn, "name": "cleaner"})
    env.advance(minutes=10)
    access = env.access()
    assert access.status == "created", access.reason
    assert env.pin(access) != drawn
    assert sorted(env.codes_at_door()) == sorted([drawn, env.pin(access)])
    assert env.world.opens(door, env.pin(access), START)


def test_pin_that_is_only_listed_is_given_up_for_one_that_works(
    env: IntegrationEnv, door: Any
) -> None:
    env.world.call("PATCH", "/quirks", nuki={"offline": "ghost"})
    patch(env, door, online=False)
    env.send_event("confirmed", START, END)
    env.advance(hours=1)
    ghost = env.pin(env.access())
    patch(env, door, online=True)
    env.advance(minutes=20)
    assert one_working_code(env, door, START)
    assert env.pin(env.access()) != ghost


@pytest.mark.usefixtures("door")
def test_bookings_whose_names_are_cut_alike_have_a_code_each(
    env: IntegrationEnv,
) -> None:
    long = "reservation-2026-northern-hall-000"
    for number in (1, 2):
        env.send_event("confirmed", START, END, f"{long}{number}")
    env.advance(minutes=1)
    pins = [env.pin(env.access(f"{long}{number}")) for number in (1, 2)]
    assert sorted(env.codes_at_door()) == sorted(set(pins))
    env.send_event("cancelled", START, END, f"{long}1")
    env.advance(minutes=1)
    assert env.codes_at_door() == [pins[1]]


def test_code_that_is_gone_when_it_is_to_be_deleted_counts_as_deleted(
    env: IntegrationEnv, door: Any
) -> None:
    env.send_event("confirmed", START, END)
    env.advance(minutes=1)
    env.add_fault("DELETE", "*", effect={"status": 404, "body": {}}, times=1)
    patch(env, door, app_removes=env.pin(env.access()))
    env.send_event("cancelled", START, END)
    env.advance(minutes=5)
    assert [each.status for each in env.accesses()] == ["removed"]


def test_lock_that_lost_its_keypad_is_told(env: IntegrationEnv, door: Any) -> None:
    patch(env, door, keypad=False)
    env.send_event("confirmed", START, END)
    env.advance(minutes=1)
    access = env.access()
    assert access.status == "failed"
    assert "parameter type, pair a keypad with the lock" in (access.reason or "")
