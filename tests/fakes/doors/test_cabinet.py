"""What the cabinet does with a code, a hand, and its own memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import TypeAdapter

from fakes.doors.cabinet import Cabinet
from fakes.doors.entry import BadEntryError
from fakes.vendors.livionkey.doors import rule_of
from tests.fakes.doors.cabinets import (
    BACKUP,
    CLOSES,
    END,
    PIN,
    SECOND,
    START,
    STATIC,
    grant,
    install,
)

MINUTE = timedelta(minutes=1)


def said(cabinet: Cabinet) -> list[str]:
    return [line.what for line in cabinet.drain_events()]


def test_guest_takes_the_key_and_brings_it_back() -> None:
    cabinet = install(grant())
    taken = cabinet.enter(PIN, START)
    assert (taken.slot, taken.key, rule_of(taken)) == (0, "flat-1", "LIV-01")
    back = cabinet.enter(PIN, END - SECOND)
    assert (back.slot, back.key, rule_of(back)) == (0, "flat-1", "LIV-06")
    assert said(cabinet) == ["entry", "taken", "entry", "returned"]


def test_open_door_moves_no_key_by_itself() -> None:
    cabinet = install(grant())
    looked = cabinet.enter(PIN, START, then="nothing")
    assert (looked.opened, looked.slot, looked.key) == (True, 0, None)
    assert said(cabinet) == ["entry"]
    assert cabinet.enter(PIN, START, then="return").key is None  # it lies there


def test_next_guest_finds_an_empty_slot() -> None:
    cabinet = install(grant(), grant(ref="B-2", pin="1234", start=START))
    cabinet.enter(PIN, START)
    found = cabinet.enter("1234", START)
    assert (found.opened, found.reason, found.key) == (True, "empty", None)
    assert cabinet.enter("1234", START, then="take").key is None


def test_somebody_else_may_put_the_key_into_the_empty_slot() -> None:
    cabinet = install(grant(), grant(ref="B-2", pin="1234"))
    cabinet.enter(PIN, START)
    assert cabinet.enter("1234", START, then="return").key == "flat-1"
    last = cabinet.log[-1]
    assert (last.what, last.ref, last.holder) == ("returned", "B-2", "B-1")


def test_static_code_takes_back_whatever_the_clock_says() -> None:
    cabinet = install(grant())
    assert cabinet.enter(STATIC, START).reason == "key-in"
    cabinet.enter(PIN, START)
    assert cabinet.enter(PIN, CLOSES).reason == "over"
    back = cabinet.enter(STATIC, CLOSES)
    assert (back.key, rule_of(back)) == ("flat-1", "LIV-04")
    assert cabinet.enter(STATIC, CLOSES).reason == "key-in"


def test_static_code_opens_no_other_slot() -> None:
    cabinet = install(grant(), grant(ref="B-2", key="flat-2", pin="1234"))
    cabinet.enter("1234", START)
    assert cabinet.enter(STATIC, START).reason == "key-in"
    assert cabinet.key_slots.keys["flat-2"].slot is None


@pytest.mark.parametrize(("spent", "reason"), [(True, "wrong-code"), (False, "opened")])
def test_backup_code_is_spent_where_it_is_single_use(
    *, spent: bool, reason: str
) -> None:
    cabinet = install(backup_is_spent=spent)
    assert cabinet.enter(BACKUP, START).key == "flat-1"
    assert cabinet.enter(BACKUP, START).reason == reason


def test_pin_for_two_keys_fetches_both_before_it_returns_any() -> None:
    cabinet = install(grant(), grant(key="flat-2"))
    moved = [cabinet.enter(PIN, START).key for _ in range(2)]
    moved += [cabinet.enter(PIN, START, then="return").key for _ in range(2)]
    assert moved == ["flat-1", "flat-2", "flat-1", "flat-2"]


def test_hand_may_choose_among_the_slots_of_one_pin() -> None:
    cabinet = install(grant(), grant(key="flat-2"))
    assert cabinet.enter(PIN, START, slot=1).key == "flat-2"
    assert cabinet.enter(PIN, START, slot=1).key == "flat-2"
    assert cabinet.enter(PIN, START, slot=3).key == "flat-1"  # no slot of its own


def test_fetch_contract_gives_its_slot_up_and_a_return_contract_finds_one() -> None:
    fetch = grant(kind="fetch", frees_slot=True)
    cabinet = install(fetch, grant(ref="B-2", kind="return", pin="1234"))
    assert cabinet.enter("1234", START).reason == "key-in"
    cabinet.enter(PIN, START)
    assert cabinet.enter(PIN, START).reason == "fetched"
    assert cabinet.key_slots.free() == [0, 2, 3]
    for slot, key in ((0, "x"), (2, "y"), (3, "z")):
        cabinet.key_slots.add(key, slot, inside=True)
    assert cabinet.enter("1234", START).reason == "no-slot"
    cabinet.key_slots.drop("y")
    assert cabinet.enter("1234", START).slot == 2


def test_return_ends_the_code_where_that_is_switched_on() -> None:
    cabinet = install(grant(), return_ends_grant=True)
    cabinet.enter(PIN, START)
    cabinet.enter(STATIC, START)
    assert cabinet.enter(PIN, START + MINUTE).reason == "over"


def test_fifth_wrong_code_blocks_the_keypad_for_a_minute() -> None:
    cabinet = install(grant())
    tried = [cabinet.enter("0000", START).reason for _ in range(6)]
    assert tried == ["wrong-code"] * 5 + ["locked-out"]
    assert cabinet.enter(PIN, START + MINUTE - SECOND).reason == "locked-out"
    assert cabinet.enter(PIN, START + MINUTE).key == "flat-1"


def test_code_out_of_its_time_is_no_wrong_code() -> None:
    cabinet = install(grant())
    for _ in range(6):
        assert cabinet.enter(PIN, START - MINUTE).reason == "early"


def test_right_code_forgets_the_wrong_ones() -> None:
    cabinet = install(grant())
    for _ in range(4):
        cabinet.enter("0000", START)
    cabinet.enter(PIN, START)
    assert cabinet.enter("0000", START).reason == "wrong-code"
    assert cabinet.enter(PIN, START).reason == "opened"


def test_cabinet_goes_by_its_own_clock() -> None:
    cabinet = install(grant())
    cabinet.clock_drift_seconds = 60
    assert cabinet.enter(PIN, START - MINUTE).opened
    assert rule_of(cabinet.probe(PIN, END - MINUTE)) == "LIV-03"


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [({"keypad": False}, "no-keypad"), ({"battery": 0}, "no-power")],
)
def test_dead_cabinet_opens_for_nobody(trouble: dict[str, int], reason: str) -> None:
    cabinet = replace(install(grant()), **trouble)
    assert cabinet.enter(PIN, START).reason == reason


def test_slot_opened_from_afar_takes_a_hand_without_a_code() -> None:
    cabinet = install(grant())
    assert cabinet.send(PIN, START, 30).opened
    taken = cabinet.enter("", START, slot=0, then="take")
    assert (taken.opened, taken.key) == (True, "flat-1")
    assert cabinet.key_slots.keys["flat-1"].holder == "B-1"
    assert cabinet.enter("", START, slot=0, then="return").reason == "shut"


def test_slot_opened_from_afar_falls_shut_after_a_while() -> None:
    cabinet = install(grant())
    cabinet.send(PIN, START, 30)
    cabinet.close(0)
    assert cabinet.enter("", START, slot=0).reason == "shut"
    cabinet.send(PIN, START, 30)
    late = START + timedelta(seconds=30)
    assert cabinet.enter("", late, slot=0, then="take").reason == "shut"
    assert not cabinet.send("0000", START, 30).opened


def test_probe_agrees_and_leaves_no_trace() -> None:
    cabinet, twin = install(grant()), install(grant())
    for code in (PIN, STATIC, BACKUP, "0000", PIN, STATIC):
        probed = cabinet.probe(code, START)
        assert cabinet == twin
        assert cabinet.enter(code, START) == probed
        twin.enter(code, START)


@pytest.mark.parametrize(
    ("code", "extra", "fix"),
    [
        ("12a4", {}, "0 to 9 and a star"),
        ("*", {}, "0 to 9 and a star"),
        ("", {}, "name the slot"),
        (PIN, {"then": "steal"}, "one of take, return, nothing"),
        (PIN, {"slot": "0"}, "give its number"),
        (PIN, {"hand": "left"}, "leave out hand"),
    ],
)
def test_bad_entry_is_told_what_would_be_right(
    code: str, extra: dict[str, str], fix: str
) -> None:
    with pytest.raises(BadEntryError, match=fix) as refused:
        install(grant()).enter(code, START, **extra)
    assert PIN not in str(refused.value)


def test_wrong_codes_are_not_written_down() -> None:
    cabinet = install(grant())
    cabinet.enter("123987", START)
    cabinet.enter(PIN, START - MINUTE)
    assert [line.code for line in cabinet.log] == ["", ""]
    assert not cabinet.drain_events()


def test_cabinet_is_stored_and_restored_whole() -> None:
    adapter = TypeAdapter(Cabinet)
    cabinet = install(grant())
    cabinet.enter(PIN, START)
    cabinet.send(STATIC, START, 30)
    restored = adapter.validate_json(adapter.dump_json(cabinet))
    assert restored == cabinet
    assert restored.enter("", START, slot=0, then="return").key == "flat-1"


def test_log_forgets_its_oldest_lines_and_the_cloud_hears_all() -> None:
    cabinet = install(grant())
    for _ in range(1200):
        cabinet.enter(PIN, START, then="nothing")
    assert len(cabinet.log) <= 1000
    assert len(cabinet.drain_events()) == 1200
    assert not cabinet.drain_events()


def test_description_tells_every_slot_and_no_code() -> None:
    cabinet = install(grant())
    cabinet.enter(PIN, START)
    answer = cabinet.describe()
    assert answer["slots"][:3] == [
        {"slot": 0, "key": "flat-1", "in": False},
        {"slot": 1, "key": "flat-2", "in": True},
        {"slot": 2, "key": None, "in": False},
    ]
    assert not {PIN, "7001", BACKUP} & set(str(answer).split("'"))
