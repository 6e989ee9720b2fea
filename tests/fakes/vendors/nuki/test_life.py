"""The life of a code: accepted is not on the lock, and deleted is not gone."""

from __future__ import annotations

import pytest

from tests.fakes.vendors.nuki.account import CODE, SOON, Account

OTHER = 876543


def test_an_accepted_code_is_on_its_way_and_opens_nothing_yet(account: Account) -> None:
    door = account.add_door()
    answer = account.order(door)
    assert (answer.status_code, answer.data) == (204, b"")
    assert account.row(door)["operationId"]
    assert "authId" not in account.row(door)
    assert account.truths() == {"cloud", "queue"}
    assert account.enter(door) == "wrong-code"


def test_a_delivered_code_opens_and_has_no_operation(account: Account) -> None:
    door = account.add_door()
    row = account.store(door)
    assert "operationId" not in row
    assert row["authId"] == 4097
    assert account.truths() == {"cloud", "door"}
    assert account.enter(door) == "opened"


def test_a_code_may_be_listed_only_once_it_is_confirmed(account: Account) -> None:
    account.switch(copy_shows="confirmed")
    door = account.add_door()
    account.order(door)
    assert account.rows(door) == []
    account.advance(SOON)
    assert "operationId" not in account.row(door)


def test_a_code_of_one_lock_opens_no_other(account: Account) -> None:
    door, other = account.add_door(), account.add_door("Back door")
    account.store(door)
    assert account.enter(other) == "wrong-code"
    account.store(other)
    assert account.enter(other) == "opened"


def test_a_deleted_code_is_dead_once_the_lock_has_heard_of_it(account: Account) -> None:
    door = account.add_door()
    row = account.store(door)
    assert account.delete(door, row).status_code == 204
    assert account.row(door)["operationId"]
    assert account.probe(door) == "opened"
    account.advance(SOON)
    assert account.rows(door) == []
    assert account.enter(door) == "wrong-code"
    assert account.truths() == set()


def test_an_update_overwrites_and_wipes_the_limits_it_leaves_out(
    account: Account,
) -> None:
    door = account.add_door()
    limits = {"allowedFromDate": "2027-01-01T00:00Z", "allowedWeekDays": 64}
    row = account.store(door, **limits)
    assert account.probe(door) == "early"
    account.update(door, row, name="Ada", code=CODE)
    account.advance(SOON)
    changed = account.row(door)
    assert changed["name"] == "Ada"
    assert "allowedFromDate" not in changed
    assert "allowedWeekDays" not in changed
    assert account.probe(door) == "opened"


def test_an_update_may_keep_what_it_leaves_out(account: Account) -> None:
    account.switch(update_wipes_omitted=False)
    door = account.add_door()
    row = account.store(door, allowedFromDate="2027-01-01T00:00Z", allowedWeekDays=64)
    account.update(door, row, allowedWeekDays=None)
    account.advance(SOON)
    assert account.row(door)["allowedFromDate"] == "2027-01-01T00:00:00.000Z"
    assert "allowedWeekDays" not in account.row(door)


def test_an_update_may_change_the_digits(account: Account) -> None:
    door = account.add_door()
    row = account.store(door)
    account.update(door, row, name="Ada", code=OTHER)
    assert account.truths(OTHER) == {"queue"}
    account.advance(SOON)
    assert account.probe(door, CODE) == "wrong-code"
    assert account.probe(door, OTHER) == "opened"
    assert account.row(door, OTHER)["id"] == row["id"]


def test_an_update_shows_at_once_or_once_confirmed(account: Account) -> None:
    door = account.add_door()
    row = account.store(door)
    account.update(door, row, name="Grace")
    assert account.row(door)["name"] == "Grace"
    account.switch(copy_shows="confirmed")
    assert account.row(door)["name"] == "Ada Novak"
    account.advance(SOON)
    assert account.row(door)["name"] == "Grace"


def test_a_disabled_code_does_not_open_until_it_is_enabled(account: Account) -> None:
    door = account.add_door()
    row = account.store(door)
    account.update(door, row, name="Ada", enabled=False)
    account.advance(SOON)
    assert account.probe(door) == "disabled"
    account.update(door, row, name="Ada", enabled=True)
    account.advance(SOON)
    assert account.probe(door) == "opened"


@pytest.mark.parametrize("write", ["update", "delete"])
def test_a_write_that_meets_a_running_operation_is_423(
    account: Account, write: str
) -> None:
    door = account.add_door()
    account.order(door)
    row = account.row(door)
    deeds = {
        "update": lambda: account.update(door, row, name="Ada"),
        "delete": lambda: account.delete(door, row),
    }
    answer = deeds[write]()
    assert answer.status_code == 423
    assert answer.json == {"stackTrace": [], "suppressedExceptions": []}
    account.advance(SOON)
    assert deeds[write]().status_code == 204


def test_the_last_of_two_rapid_updates_may_be_lost(account: Account) -> None:
    account.switch(rapid_updates="one-is-lost")
    door = account.add_door()
    row = account.store(door)
    answers = [
        account.update(door, row, name=name).status_code
        for name in ("first", "second", "third")
    ]
    assert answers == [204, 204, 423]
    account.advance(SOON)
    assert account.row(door)["name"] == "first"


def test_an_expired_code_stays_listed_and_enabled(account: Account) -> None:
    door = account.add_door()
    account.store(
        door,
        allowedFromDate="2026-12-01T00:00Z",
        allowedUntilDate="2026-12-02T00:00Z",
    )
    account.advance("P30D")
    assert account.row(door)["enabled"] is True
    assert account.enter(door) == "over"


@pytest.mark.parametrize("answer", ["fails-later", "refused"])
def test_the_code_that_does_not_fit_never_opens(account: Account, answer: str) -> None:
    account.switch(keypad_capacity=2, keypad_full=answer)
    door = account.add_door()
    for code in (333333, 444444):
        account.store(door, code=code)
    status = account.order(door, code=555555).status_code
    assert status == (204 if answer == "fails-later" else 400)
    account.advance(SOON)
    assert len(account.rows(door)) == 2
    assert account.probe(door, 555555) == "wrong-code"


def test_what_happens_is_told_by_the_clock(account: Account) -> None:
    door = account.add_door()
    account.order(door)
    ran = [each for each in account.advance(SOON) if each["what"] == "nuki.deliver"]
    assert [(each["order"], each["came_to"]) for each in ran] == [("create", "done")]
