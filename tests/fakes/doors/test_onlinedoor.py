"""A door obeys from afar while it can be reached; its PIN pad goes by what it knows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import TypeAdapter

from fakes.doors.entry import BadEntryError
from fakes.doors.onlinedoor import MODES, OnlineDoor
from fakes.doors.permit import Calendar, Hours
from fakes.vendors.exivo.doors import PAD_RULES, rule_of
from tests.fakes.doors.onlinedoors import NOW, badge, install, permit

SECOND = timedelta(seconds=1)


def test_message_opens_for_the_length_of_a_pulse() -> None:
    door = install()
    assert door.open_from_afar("visit", NOW) == "opened"
    door.relock(NOW + 4 * SECOND)
    assert door.bolt == "unlocked"
    door.relock(NOW + 5 * SECOND)
    assert door.bolt == "locked"


def test_second_message_prolongs_the_pulse() -> None:
    door = install()
    door.open_from_afar("visit", NOW)
    door.open_from_afar("visit", NOW + 3 * SECOND)
    door.relock(NOW + 5 * SECOND)
    assert door.bolt == "unlocked"
    door.relock(NOW + 8 * SECOND)
    assert door.bolt == "locked"


@pytest.mark.parametrize("lack", [{"online": False}, {"ready": False}, {"battery": 0}])
def test_message_to_a_door_that_is_not_there_opens_nothing(
    lack: dict[str, object],
) -> None:
    door = install(**lack)
    assert door.open_from_afar("visit", NOW) == "offline"
    assert (door.bolt, door.log) == ("locked", [])


def test_door_that_is_kept_closed_refuses_messages_and_pins() -> None:
    door = install(permit())
    door.turn("closed", NOW)
    assert door.open_from_afar("visit", NOW) == "closed"
    assert door.enter("0427", NOW).reason == "closed"
    assert door.bolt == "locked"


def test_door_that_is_kept_open_lets_everybody_in_and_stays_open() -> None:
    door = install()
    door.turn("open", NOW)
    assert door.enter("9999", NOW).opened
    assert door.open_from_afar("visit", NOW) == "opened"
    door.relock(NOW + 60 * SECOND)
    assert door.bolt == "unlocked"
    door.turn("normal", NOW)
    assert door.bolt == "locked"


@pytest.mark.parametrize("mode", ["normal", "accessControl"])
def test_pin_that_was_told_opens(mode: str) -> None:
    door = install(permit(), mode=mode)
    entry = door.enter("0427", NOW)
    assert (entry.opened, rule_of(entry), entry.at) == (True, "EXV-05", NOW)
    assert door.bolt == "unlocked"


@pytest.mark.parametrize("code", ["427", "00427", "04270", "0428"])
def test_other_digits_do_not_open(code: str) -> None:
    assert install(permit()).enter(code, NOW).reason == "wrong-code"


def test_pin_opens_without_a_connection_too() -> None:
    assert install(permit(), online=False).enter("0427", NOW).opened


def test_pin_of_whom_the_door_forgot_does_not_open() -> None:
    door = install(permit())
    assert door.probe("0427", NOW).opened
    door.learn(None, "ada")
    assert door.enter("0427", NOW).reason == "wrong-code"


@pytest.mark.parametrize(
    ("lack", "reason"),
    [
        ({"keypad": False}, "no-keypad"),
        ({"battery": 0}, "no-power"),
        ({"ready": False}, "not-ready"),
    ],
)
def test_broken_or_missing_pad_says_so(lack: dict[str, object], reason: str) -> None:
    assert install(permit(), **lack).enter("0427", NOW).reason == reason


def test_pad_is_dead_for_a_while_after_wrong_pins() -> None:
    door = install(permit())
    for _ in range(5):
        assert door.enter("1111", NOW).reason == "wrong-code"
    assert door.enter("0427", NOW + 59 * SECOND).reason == "locked-out"
    assert door.enter("0427", NOW + 60 * SECOND).opened
    assert door.enter("1111", NOW + 61 * SECOND).reason == "wrong-code"


def test_hours_are_judged_by_the_doors_own_clock() -> None:
    one_minute = Hours(("2",), 780, 781)  # 13:00 in Zurich
    assert install(permit(hours=(one_minute,))).enter("0427", NOW).opened
    late = install(permit(hours=(one_minute,)), clock_drift_seconds=-1.0)
    assert late.enter("0427", NOW).reason == "wrong-time"
    assert late.enter("0427", NOW + 60 * SECOND).opened


def test_special_day_has_its_own_hours() -> None:
    door = install(permit(hours=(Hours(("2",), 0, 1440),)))
    assert door.probe("0427", NOW).opened
    door.calendar = Calendar({"2026-12-01": "b"})
    assert door.probe("0427", NOW).reason == "wrong-time"


def test_two_people_may_have_one_pin_and_the_permitted_one_gets_in() -> None:
    over = permit(ref="bob", end=NOW)
    door = install(over, permit())
    assert door.enter("0427", NOW).opened
    assert door.log[-1].ref == "ada"


def test_badge_opens_at_the_reader_even_without_a_pad() -> None:
    door = install(permit(badges=badge("ab12")), keypad=False)
    assert door.enter("", NOW, medium="ab12").opened
    assert door.enter("", NOW, medium="cd34").reason == "unknown-medium"


def test_badge_needs_the_pin_where_the_hours_say_so() -> None:
    strict = Hours(("2",), 0, 1440, pin_required=True)
    door = install(permit(badges=badge("ab12"), hours=(strict,)))
    assert door.enter("", NOW, medium="ab12").reason == "pin-needed"
    assert door.enter("1111", NOW, medium="ab12").reason == "pin-needed"
    assert door.enter("0427", NOW, medium="ab12").opened


def test_pin_needs_a_medium_where_it_does_not_open_alone() -> None:
    door = install(permit(badges=badge("ab12")), pin_alone=False)
    assert door.enter("0427", NOW).reason == "wrong-code"
    assert door.enter("0427", NOW, medium="ab12").opened


@pytest.mark.parametrize("code", ["", "12a4", "٤٢٧٠", "*0427"])
def test_what_has_no_key_on_the_pad_is_refused(code: str) -> None:
    with pytest.raises(BadEntryError, match="digits 0 to 9"):
        install(permit()).enter(code, NOW)


def test_probe_leaves_no_trace() -> None:
    door = install(permit())
    before = TypeAdapter(OnlineDoor).dump_json(door)
    for code in ("0427", "1111"):
        door.probe(code, NOW)
    assert TypeAdapter(OnlineDoor).dump_json(door) == before


def test_what_happened_at_the_pad_is_heard_once_and_names_no_pin() -> None:
    door = install(permit())
    door.enter("0427", NOW)
    door.enter("1111", NOW)
    assert [line.reason for line in door.drain_events()] == ["opened", "wrong-code"]
    assert door.drain_events() == []
    assert "0427" not in repr(door.log)
    assert "1111" not in repr(door.log)


def test_log_is_bounded() -> None:
    door = install()
    for _ in range(1100):
        door.open_from_afar("api", NOW)
    assert 500 <= len(door.log) <= 1000


def test_door_survives_being_stored() -> None:
    door = install(permit(badges=badge(until=NOW), hours=(Hours(("a",), 1, 2),)))
    door.enter("1111", NOW)
    adapter = TypeAdapter(OnlineDoor)
    assert adapter.validate_json(adapter.dump_json(door)) == door


def test_description_has_no_pin() -> None:
    answer = install(permit()).describe()
    assert "0427" not in repr(answer)
    assert answer["mode"] in MODES


def test_every_reason_has_its_rule() -> None:
    assert {rule[:4] for rule in PAD_RULES.values()} == {"EXV-"}
