"""Contracts from booking to cabinet: made once, moved in place, ended, or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contracts.livionkey.livionkey_env import (
    END,
    HOUR,
    KEYS,
    MINUTE,
    MORNING,
    START,
    LivionKeyEnv,
    advance_to,
)

if TYPE_CHECKING:
    from tests.contracts.integration import IntegrationEnv


@pytest.mark.parametrize("phase", ["before", "after"])
def test_lost_answer_leaves_one_contract_that_is_taken_over(
    livionkey_env: LivionKeyEnv, phase: str
) -> None:
    livionkey_env.env.add_fault(
        "POST", "/contracts", phase=phase, effect={"drop": True}, times=1
    )
    livionkey_env.env.send_event("confirmed", START, END, resource="flat-1")
    livionkey_env.env.advance(minutes=1)
    access = livionkey_env.env.access()
    assert access.status == "created", access.reason
    assert [row["code"] for row in livionkey_env.listed()] == [
        livionkey_env.env.pin(access)
    ]
    assert len(livionkey_env.messages()) == 1


def test_contract_that_is_not_listed_at_first_is_found_by_its_name(
    livionkey_env: LivionKeyEnv,
) -> None:
    livionkey_env.env.add_fault(
        "POST", "/contracts", phase="after", effect={"drop": True}, times=1
    )
    livionkey_env.env.add_fault(
        "GET", "/devices/*/contracts", effect={"status": 500}, times=2
    )
    livionkey_env.env.send_event("confirmed", START, END, resource="flat-1")
    livionkey_env.env.advance(minutes=5)
    assert livionkey_env.env.access().status == "created"
    assert len(livionkey_env.listed()) == 1


@pytest.mark.parametrize(("status", "times"), [(404, 1), (429, 3), (500, 3)])
def test_contract_is_ended_though_nobody_said_that_the_cabinet_has_heard(
    livionkey_env: LivionKeyEnv, status: int, times: int
) -> None:
    effect = {"status": status}
    livionkey_env.env.add_fault("GET", "/devices/*", effect=effect, times=times)
    livionkey_env.env.send_event("confirmed", START, END, "B-1", resource="flat-1")
    livionkey_env.env.advance(seconds=1)
    assert len(livionkey_env.listed()) == 1
    livionkey_env.env.send_event("cancelled", START, END, "B-1", resource="flat-1")
    livionkey_env.env.advance(minutes=2)
    (access,) = livionkey_env.env.accesses("B-1")
    assert (access.status, livionkey_env.listed()) == ("removed", [])


@pytest.mark.parametrize("hours", [-3, 2, 30])
def test_moved_booking_keeps_its_contract_and_its_code(
    livionkey_env: LivionKeyEnv, hours: int
) -> None:
    pin = livionkey_env.book("B-1", START, END)
    shift = hours * HOUR
    livionkey_env.env.send_event(
        "changed", START + shift, END + shift, "B-1", resource="flat-1"
    )
    livionkey_env.env.advance(seconds=10)
    assert livionkey_env.env.access("B-1").status == "created"
    assert livionkey_env.env.pin(livionkey_env.env.access("B-1")) == pin
    assert [row["code"] for row in livionkey_env.listed()] == [pin]
    assert livionkey_env.opens(pin, START + shift)
    assert not livionkey_env.opens(pin, END + shift)
    assert not livionkey_env.opens(pin, START + shift - MINUTE)


def test_stay_is_extended_while_the_key_is_out(livionkey_env: LivionKeyEnv) -> None:
    pin = livionkey_env.book("B-1", START, END)
    advance_to(livionkey_env, START)
    livionkey_env.type(pin, "take")
    advance_to(livionkey_env, END - HOUR)
    livionkey_env.env.send_event(
        "changed", START, END + 10 * HOUR, "B-1", resource="flat-1"
    )
    advance_to(livionkey_env, END + HOUR)
    assert livionkey_env.state() == ("out", "B-1")
    assert livionkey_env.manager_mails("Key") == []
    advance_to(livionkey_env, END + 10 * HOUR)
    assert livionkey_env.state() == ("overdue", "B-1")
    assert len(livionkey_env.manager_mails("Key not returned")) == 1


def test_late_key_that_gets_more_time_is_told_of_again_at_its_new_end(
    livionkey_env: LivionKeyEnv,
) -> None:
    pin = livionkey_env.book("B-1", START, END)
    advance_to(livionkey_env, START)
    livionkey_env.type(pin, "take")
    advance_to(livionkey_env, END + HOUR)
    assert livionkey_env.state() == ("overdue", "B-1")
    livionkey_env.env.send_event(
        "changed", START, END + 3 * HOUR, "B-1", resource="flat-1"
    )
    livionkey_env.env.advance(seconds=10)
    assert livionkey_env.state() == ("out", "B-1")
    advance_to(livionkey_env, END + 4 * HOUR)
    assert livionkey_env.state() == ("overdue", "B-1")
    assert len(livionkey_env.manager_mails("Key not returned")) == 2


def test_cancelled_booking_has_no_contract_any_more(
    livionkey_env: LivionKeyEnv,
) -> None:
    pin = livionkey_env.book("B-1", START, END)
    livionkey_env.env.send_event("cancelled", START, END, "B-1", resource="flat-1")
    livionkey_env.env.advance(seconds=5)
    (access,) = livionkey_env.env.accesses("B-1")
    assert (access.status, livionkey_env.listed()) == ("removed", [])
    assert not livionkey_env.opens(pin, START)


def test_booking_cancelled_with_its_key_out_gives_no_key_out_and_is_late_at_once(
    livionkey_env: LivionKeyEnv,
) -> None:
    livionkey_env.settings(return_grace_minutes=60)
    pin = livionkey_env.book("B-1", START, END)
    advance_to(livionkey_env, START)
    livionkey_env.type(pin, "take")
    advance_to(livionkey_env, START + HOUR)
    livionkey_env.env.send_event("cancelled", START, END, "B-1", resource="flat-1")
    livionkey_env.env.advance(seconds=10)
    (access,) = livionkey_env.env.accesses("B-1")
    assert access.status == "removed"
    assert livionkey_env.state() == ("overdue", "B-1")
    assert livionkey_env.type(pin, "return")["key"] == "flat-1"
    assert not livionkey_env.type(pin, "take")["opened"]
    assert livionkey_env.state() == ("in slot", None)


def test_back_to_back_bookings_share_a_key(livionkey_env: LivionKeyEnv) -> None:
    livionkey_env.book("B-1", START, END)
    livionkey_env.book("B-2", END, END + HOUR)
    assert len(livionkey_env.listed()) == 2


def test_key_that_is_promised_to_somebody_else_is_refused_clearly(
    livionkey_env: LivionKeyEnv,
) -> None:
    livionkey_env.book("B-1", START, END)
    livionkey_env.env.send_event(
        "confirmed", END - HOUR, END + HOUR, "B-2", resource="flat-1"
    )
    livionkey_env.env.advance(seconds=5)
    access = livionkey_env.env.access("B-2")
    assert access.status == "failed"
    assert "another contract in that time" in (access.reason or "")
    assert len(livionkey_env.messages()) == 1


def test_booking_takes_the_place_of_a_cancelled_one_at_once(
    livionkey_env: LivionKeyEnv,
) -> None:
    livionkey_env.book("B-1", START, END)
    livionkey_env.env.add_fault(
        "DELETE", "/contracts/*", effect={"status": 503}, times=2
    )
    livionkey_env.env.send_event("cancelled", START, END, "B-1", resource="flat-1")
    livionkey_env.env.send_event("confirmed", START, END, "B-2", resource="flat-1")
    livionkey_env.env.advance(minutes=3)
    assert livionkey_env.env.access("B-2").status == "created"
    assert len(livionkey_env.listed()) == 1


def test_pin_that_is_taken_is_replaced_by_another(livionkey_env: LivionKeyEnv) -> None:
    livionkey_env.env.add_fault(
        "POST",
        "/contracts",
        effect={"status": 400, "body": "Pincode already used in existing contracts"},
        times=2,
    )
    pin = livionkey_env.book("B-1", START, END)
    asked = livionkey_env.calls("POST", "/contracts")
    assert [row["status"] for row in asked] == [400, 400, 200]
    assert [row["code"] for row in livionkey_env.listed()] == [pin]


def test_walk_in_begins_now(livionkey_env: LivionKeyEnv) -> None:
    pin = livionkey_env.book("B-1", MORNING - HOUR, MORNING + HOUR)
    assert livionkey_env.type(pin)["key"] == "flat-1"


def test_cabinet_that_is_offline_keeps_the_access_in_progress(
    livionkey_env: LivionKeyEnv,
) -> None:
    livionkey_env.patch(online=False)
    livionkey_env.env.send_event("confirmed", START, END, resource="flat-1")
    livionkey_env.env.advance(minutes=10)
    access = livionkey_env.env.access()
    assert (access.status, livionkey_env.messages()) == ("in progress", [])
    assert "has not heard of the code yet" in (access.reason or "")
    livionkey_env.patch(online=True)
    livionkey_env.env.advance(minutes=10)
    assert livionkey_env.env.access().status == "created"
    assert len(livionkey_env.listed()) == 1
    assert livionkey_env.opens(livionkey_env.env.pin(livionkey_env.env.access()), START)


def test_login_is_made_once_for_a_day_of_calls(livionkey_env: LivionKeyEnv) -> None:
    before = len(livionkey_env.calls("POST", "/auth/login"))
    for n in range(6):
        livionkey_env.book(f"B-{n}", START + n * HOUR, START + (n + 1) * HOUR)
    assert len(livionkey_env.calls("POST", "/auth/login")) == before
    assert before == 2  # to be linked, and when the header was agreed


def test_device_bought_later_is_chosen_without_new_credentials(
    livionkey_env: LivionKeyEnv,
) -> None:
    env = livionkey_env.env
    other = env.world.add_door(
        "livionkey", keys=[{"id": "sauna", "name": "Sauna"}], timezone="Europe/Helsinki"
    )
    found = env.api("POST", f"{env.path}/locks/refresh")["items"]
    env.locks = {lock["vendor_id"]: lock for lock in found}
    env.rule({"vendor_id": f"{other['vendor_id']}/sauna"}, resource="sauna")
    pin = livionkey_env.book("B-1", START, END, "sauna")
    assert env.world.opens(other, pin, START)
    env.service.work()
    assert len(env.api("GET", f"{env.path}/keys")["items"]) == len(KEYS) + 1


def test_device_and_lock_ids_narrow_down_what_is_used(env: IntegrationEnv) -> None:
    one = env.world.add_door("livionkey", slots=2, keys=KEYS)
    env.world.add_door("livionkey")
    given = env.world.data["credentials"]["livionkey"]
    given |= {"device_ids": one["vendor_id"], "lock_ids": "flat-2"}
    env.connect()
    assert list(env.locks) == [f"{one['vendor_id']}/flat-2"]
    wrong = env.api("PATCH", env.path, status=422, credentials={"device_ids": "999999"})
    assert "names 999999, which this account does not have" in wrong["detail"]


def test_terms_about_keys_are_refused_where_none_are_kept(env: IntegrationEnv) -> None:
    env.vendor = "igloohome"
    door = env.world.add_door("igloohome")
    base = env.world.data["credentials"]["igloohome"]
    for name in ("token_url", "api_url"):
        base[name] = "http://fakes/" + base[name].split("/", 3)[3]
    env.connect()
    body: dict[str, Any] = {
        "resource": "room",
        "locks": [env.locks[door["vendor_id"]]["id"]],
        "overdue_after_minutes": 60,
    }
    answer = env.api("POST", f"{env.path}/rules", status=422, **body)
    assert "keeps no keys" in answer["detail"]
