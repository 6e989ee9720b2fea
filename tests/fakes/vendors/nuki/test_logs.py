"""The log: what the keypad saw, page by page, once the server has heard of it."""

from __future__ import annotations

import pytest

from tests.fakes.vendors.nuki.account import SOON, Account

OTHER = 999999


def test_an_entry_is_in_the_log_with_its_auth(account: Account) -> None:
    door = account.add_door()
    row = account.store(door)
    account.enter(door)
    assert account.log(door) == []
    account.advance(SOON)
    (line,) = account.log(door)
    assert line["authId"] == row["id"]
    assert line["name"] == "Ada Novak"
    assert (line["trigger"], line["source"], line["state"]) == (255, 1, 0)
    assert account.row(door)["lockCount"] == 1
    assert account.row(door)["lastActiveDate"] == line["date"]


def test_a_wrong_code_is_in_the_log_without_an_auth(account: Account) -> None:
    door = account.add_door()
    account.enter(door, OTHER)
    account.advance(SOON)
    (line,) = account.log(door)
    assert (line["trigger"], line["source"], line["state"]) == (255, 1, 224)
    assert line["name"] == ""
    assert "authId" not in line


@pytest.mark.parametrize("state", [224, 9])
def test_a_code_out_of_its_time_is_in_the_log(account: Account, state: int) -> None:
    account.switch(refused_state=state)
    door = account.add_door()
    row = account.store(door, allowedFromDate="2027-01-01T00:00Z")
    account.enter(door)
    account.advance(SOON)
    (line,) = account.log(door)
    assert (line["state"], line["authId"]) == (state, row["id"])
    assert account.row(door)["lockCount"] == 0


def test_a_dead_keypad_is_not_in_the_servers_log(account: Account) -> None:
    door = account.add_door()
    for _ in range(6):
        account.enter(door, OTHER)
    account.advance(SOON)
    assert len(account.log(door)) == 5


def test_the_server_may_hear_late(account: Account) -> None:
    account.switch(report_seconds=600)
    door = account.add_door()
    account.enter(door, OTHER)
    account.advance("PT9M59S")
    assert account.log(door) == []
    account.advance("PT1S")
    assert len(account.log(door)) == 1


def test_the_longer_lockout_can_be_switched(account: Account) -> None:
    account.switch(long_lockout_seconds=7200)
    door = account.add_door()
    account.store(door)
    for _ in range(15):
        account.enter(door, OTHER)
        account.advance("PT30S")
    account.advance("PT1H59M")
    assert account.enter(door) == "locked-out"
    account.advance("PT1M")
    assert account.enter(door) == "opened"


def test_the_lockout_can_be_switched(account: Account) -> None:
    account.switch(lockout_seconds=3600)
    door = account.add_door()
    account.store(door)
    for _ in range(5):
        account.enter(door, OTHER)
    account.advance("PT59M")
    assert account.enter(door) == "locked-out"
    account.advance("PT1M")
    assert account.enter(door) == "opened"


def test_a_lock_that_was_away_tells_what_it_has_seen(account: Account) -> None:
    door = account.add_door()
    account.store(door)
    account.change(door, online=False)
    account.enter(door)
    account.advance("PT1H")
    assert account.log(door) == []
    account.change(door, online=True)
    account.advance(SOON)
    (line,) = account.log(door)
    assert line["date"] == "2026-12-01T11:00:10.000Z"


def many(account: Account, count: int) -> dict[str, object]:
    door = account.add_door()
    account.store(door)
    for _ in range(count):
        account.enter(door)
        account.advance("PT1M")
    account.advance(SOON)
    return door


def test_a_call_answers_at_most_50_rows_and_20_if_nothing_is_said(
    account: Account,
) -> None:
    door = many(account, 52)
    assert len(account.log(door)) == 20
    assert len(account.log(door, "?limit=500")) == 50
    assert len(account.log(door, "?limit=3")) == 3


def test_the_id_leads_on_to_older_rows_until_none_is_left(account: Account) -> None:
    door = many(account, 7)
    rows = account.log(door, "?limit=3")
    while page := account.log(door, f"?limit=3&id={rows[-1]['id']}"):
        rows += page
    dates = [row["date"] for row in rows]
    assert len(set(dates)) == 7
    assert dates == sorted(dates, reverse=True)


def test_the_log_can_be_asked_for_a_span_an_action_an_auth(account: Account) -> None:
    door = many(account, 4)
    account.enter(door, OTHER)
    account.advance(SOON)
    row = account.row(door)
    span = "?fromDate=2026-12-01T11:01:00Z&toDate=2026-12-01T11:02:30Z"
    assert len(account.log(door, span)) == 2
    assert len(account.log(door, f"?authId={row['id']}")) == 4
    assert account.log(door, "?action=2") == []
    assert account.log(door, "?accountUserId=7") == []
    assert len(account.log(door, "?offset=3&dateSince=x")) == 5


@pytest.mark.parametrize(
    "query", ["fromDate=1764547200", "limit=0", "limit=x", "action=x"]
)
def test_a_query_that_makes_no_sense_is_refused(account: Account, query: str) -> None:
    parameter, value = query.split("=")
    status, message = account.refused("GET", f"/smartlock/log?{query}")
    assert status == 400
    assert f"'{value}' for parameter '{parameter}'" in message


def test_the_log_of_all_locks_is_in_order(account: Account) -> None:
    doors = [account.add_door("Front"), account.add_door("Back")]
    for _ in range(2):
        for door in doors:
            account.enter(door, OTHER)
            account.advance("PT1M")
    rows = account.done("GET", "/smartlock/log")
    assert [row["date"] for row in rows] == sorted(
        (row["date"] for row in rows), reverse=True
    )
    assert {row["smartlockId"] for row in rows} == {int(d["vendor_id"]) for d in doors}


@pytest.mark.parametrize(
    ("counts", "then"), [("unknown", "opened"), ("refused", "locked-out")]
)
def test_codes_outside_their_time_count_as_wrong_if_that_is_switched(
    account: Account, counts: str, then: str
) -> None:
    account.switch(lockout_counts=counts)
    door = account.add_door()
    account.store(door)
    account.store(door, code=234567, allowedFromDate="2027-01-01T00:00:00Z")
    for _ in range(5):
        assert account.enter(door, 234567) == "early"
    assert account.enter(door) == then
