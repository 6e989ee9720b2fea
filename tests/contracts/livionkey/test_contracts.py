"""Contracts from booking to cabinet: made once, moved in place, ended, or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contracts.livionkey.lobby import (
    END,
    HOUR,
    KEYS,
    MINUTE,
    MORNING,
    START,
    Lobby,
    go_to,
)

if TYPE_CHECKING:
    from tests.contracts.premises import Premises


@pytest.mark.parametrize("phase", ["before", "after"])
def test_lost_answer_leaves_one_contract_that_is_taken_over(
    lobby: Lobby, phase: str
) -> None:
    lobby.place.fault("POST", "/contracts", phase=phase, effect={"drop": True}, times=1)
    lobby.place.tell("confirmed", START, END, resource="flat-1")
    lobby.place.pass_time(minutes=1)
    access = lobby.place.access()
    assert access.status == "created", access.reason
    assert [row["code"] for row in lobby.listed()] == [lobby.place.pin(access)]
    assert len(lobby.messages()) == 1


def test_contract_that_is_not_listed_at_first_is_found_by_its_name(
    lobby: Lobby,
) -> None:
    lobby.place.fault(
        "POST", "/contracts", phase="after", effect={"drop": True}, times=1
    )
    lobby.place.fault("GET", "/devices/*/contracts", effect={"status": 500}, times=2)
    lobby.place.tell("confirmed", START, END, resource="flat-1")
    lobby.place.pass_time(minutes=5)
    assert lobby.place.access().status == "created"
    assert len(lobby.listed()) == 1


@pytest.mark.parametrize(("status", "times"), [(404, 1), (429, 3), (500, 3)])
def test_contract_is_ended_though_nobody_said_that_the_cabinet_has_heard(
    lobby: Lobby, status: int, times: int
) -> None:
    effect = {"status": status}
    lobby.place.fault("GET", "/devices/*", effect=effect, times=times)
    lobby.place.tell("confirmed", START, END, "B-1", resource="flat-1")
    lobby.place.pass_time(seconds=1)
    assert len(lobby.listed()) == 1
    lobby.place.tell("cancelled", START, END, "B-1", resource="flat-1")
    lobby.place.pass_time(minutes=2)
    (access,) = lobby.place.accesses("B-1")
    assert (access.status, lobby.listed()) == ("removed", [])


@pytest.mark.parametrize("hours", [-3, 2, 30])
def test_moved_booking_keeps_its_contract_and_its_code(
    lobby: Lobby, hours: int
) -> None:
    pin = lobby.book("B-1", START, END)
    shift = hours * HOUR
    lobby.place.tell("changed", START + shift, END + shift, "B-1", resource="flat-1")
    lobby.place.pass_time(seconds=10)
    assert lobby.place.access("B-1").status == "created"
    assert lobby.place.pin(lobby.place.access("B-1")) == pin
    assert [row["code"] for row in lobby.listed()] == [pin]
    assert lobby.opens(pin, START + shift)
    assert not lobby.opens(pin, END + shift)
    assert not lobby.opens(pin, START + shift - MINUTE)


def test_stay_is_extended_while_the_key_is_out(lobby: Lobby) -> None:
    pin = lobby.book("B-1", START, END)
    go_to(lobby, START)
    lobby.type(pin, "take")
    go_to(lobby, END - HOUR)
    lobby.place.tell("changed", START, END + 10 * HOUR, "B-1", resource="flat-1")
    go_to(lobby, END + HOUR)
    assert lobby.state() == ("out", "B-1")
    assert lobby.told("Key") == []
    go_to(lobby, END + 10 * HOUR)
    assert lobby.state() == ("overdue", "B-1")
    assert len(lobby.told("Key not returned")) == 1


def test_late_key_that_gets_more_time_is_told_of_again_at_its_new_end(
    lobby: Lobby,
) -> None:
    pin = lobby.book("B-1", START, END)
    go_to(lobby, START)
    lobby.type(pin, "take")
    go_to(lobby, END + HOUR)
    assert lobby.state() == ("overdue", "B-1")
    lobby.place.tell("changed", START, END + 3 * HOUR, "B-1", resource="flat-1")
    lobby.place.pass_time(seconds=10)
    assert lobby.state() == ("out", "B-1")
    go_to(lobby, END + 4 * HOUR)
    assert lobby.state() == ("overdue", "B-1")
    assert len(lobby.told("Key not returned")) == 2


def test_cancelled_booking_has_no_contract_any_more(lobby: Lobby) -> None:
    pin = lobby.book("B-1", START, END)
    lobby.place.tell("cancelled", START, END, "B-1", resource="flat-1")
    lobby.place.pass_time(seconds=5)
    (access,) = lobby.place.accesses("B-1")
    assert (access.status, lobby.listed()) == ("removed", [])
    assert not lobby.opens(pin, START)


def test_booking_cancelled_with_its_key_out_gives_no_key_out_and_is_late_at_once(
    lobby: Lobby,
) -> None:
    lobby.settings(return_grace_minutes=60)
    pin = lobby.book("B-1", START, END)
    go_to(lobby, START)
    lobby.type(pin, "take")
    go_to(lobby, START + HOUR)
    lobby.place.tell("cancelled", START, END, "B-1", resource="flat-1")
    lobby.place.pass_time(seconds=10)
    (access,) = lobby.place.accesses("B-1")
    assert access.status == "removed"
    assert lobby.state() == ("overdue", "B-1")
    assert lobby.type(pin, "return")["key"] == "flat-1"
    assert not lobby.type(pin, "take")["opened"]
    assert lobby.state() == ("in slot", None)


def test_back_to_back_bookings_share_a_key(lobby: Lobby) -> None:
    lobby.book("B-1", START, END)
    lobby.book("B-2", END, END + HOUR)
    assert len(lobby.listed()) == 2


def test_key_that_is_promised_to_somebody_else_is_refused_clearly(lobby: Lobby) -> None:
    lobby.book("B-1", START, END)
    lobby.place.tell("confirmed", END - HOUR, END + HOUR, "B-2", resource="flat-1")
    lobby.place.pass_time(seconds=5)
    access = lobby.place.access("B-2")
    assert access.status == "failed"
    assert "another contract in that time" in (access.reason or "")
    assert len(lobby.messages()) == 1


def test_booking_takes_the_place_of_a_cancelled_one_at_once(lobby: Lobby) -> None:
    lobby.book("B-1", START, END)
    lobby.place.fault("DELETE", "/contracts/*", effect={"status": 503}, times=2)
    lobby.place.tell("cancelled", START, END, "B-1", resource="flat-1")
    lobby.place.tell("confirmed", START, END, "B-2", resource="flat-1")
    lobby.place.pass_time(minutes=3)
    assert lobby.place.access("B-2").status == "created"
    assert len(lobby.listed()) == 1


def test_pin_that_is_taken_is_replaced_by_another(lobby: Lobby) -> None:
    lobby.place.fault(
        "POST",
        "/contracts",
        effect={"status": 400, "body": "Pincode already used in existing contracts"},
        times=2,
    )
    pin = lobby.book("B-1", START, END)
    asked = lobby.calls("POST", "/contracts")
    assert [row["status"] for row in asked] == [400, 400, 200]
    assert [row["code"] for row in lobby.listed()] == [pin]


def test_walk_in_begins_now(lobby: Lobby) -> None:
    pin = lobby.book("B-1", MORNING - HOUR, MORNING + HOUR)
    assert lobby.type(pin)["key"] == "flat-1"


def test_cabinet_that_is_offline_keeps_the_access_in_progress(lobby: Lobby) -> None:
    lobby.patch(online=False)
    lobby.place.tell("confirmed", START, END, resource="flat-1")
    lobby.place.pass_time(minutes=10)
    access = lobby.place.access()
    assert (access.status, lobby.messages()) == ("in progress", [])
    assert "has not heard of the code yet" in (access.reason or "")
    lobby.patch(online=True)
    lobby.place.pass_time(minutes=10)
    assert lobby.place.access().status == "created"
    assert len(lobby.listed()) == 1
    assert lobby.opens(lobby.place.pin(lobby.place.access()), START)


def test_login_is_made_once_for_a_day_of_calls(lobby: Lobby) -> None:
    before = len(lobby.calls("POST", "/auth/login"))
    for n in range(6):
        lobby.book(f"B-{n}", START + n * HOUR, START + (n + 1) * HOUR)
    assert len(lobby.calls("POST", "/auth/login")) == before
    assert before == 2  # to be linked, and when the header was agreed


def test_device_bought_later_is_chosen_without_new_credentials(lobby: Lobby) -> None:
    place = lobby.place
    other = place.site.door(
        "livionkey", keys=[{"id": "sauna", "name": "Sauna"}], timezone="Europe/Helsinki"
    )
    found = place.api("POST", f"{place.path}/locks/refresh")["items"]
    place.locks = {lock["vendor_id"]: lock for lock in found}
    place.rule({"vendor_id": f"{other['vendor_id']}/sauna"}, resource="sauna")
    pin = lobby.book("B-1", START, END, "sauna")
    assert place.site.opens(other, pin, START)
    place.service.work()
    assert len(place.api("GET", f"{place.path}/keys")["items"]) == len(KEYS) + 1


def test_device_and_lock_ids_narrow_down_what_is_used(place: Premises) -> None:
    one = place.site.door("livionkey", slots=2, keys=KEYS)
    place.site.door("livionkey")
    given = place.site.world["credentials"]["livionkey"]
    given |= {"device_ids": one["vendor_id"], "lock_ids": "flat-2"}
    place.connect()
    assert list(place.locks) == [f"{one['vendor_id']}/flat-2"]
    wrong = place.api(
        "PATCH", place.path, status=422, credentials={"device_ids": "999999"}
    )
    assert "names 999999, which this account does not have" in wrong["detail"]


def test_terms_about_keys_are_refused_where_none_are_kept(place: Premises) -> None:
    place.vendor = "igloohome"
    door = place.site.door("igloohome")
    base = place.site.world["credentials"]["igloohome"]
    for name in ("token_url", "api_url"):
        base[name] = "http://fakes/" + base[name].split("/", 3)[3]
    place.connect()
    wish: dict[str, Any] = {
        "resource": "room",
        "locks": [place.locks[door["vendor_id"]]["id"]],
        "overdue_after_minutes": 60,
    }
    answer = place.api("POST", f"{place.path}/rules", status=422, **wish)
    assert "keeps no keys" in answer["detail"]
