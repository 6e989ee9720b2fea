"""What the server learns from a lock, and when."""

from __future__ import annotations

from tests.fakes.vendors.nuki.account import CODE, SOON, Account, Row

OTHER = 876543
APP = {
    "code": str(OTHER),
    "name": "Cleaner",
    "start": "2026-12-01T00:00:00Z",
    "end": "2026-12-31T00:00:00Z",
    "weekdays": 32,
    "from_minute": 480,
    "until_minute": 1020,
}


def update_now(account: Account, door: Row) -> None:
    account.done("POST", f"{account.lock(door)}/sync")
    account.advance(SOON)


def test_a_code_of_the_app_opens_and_is_listed_after_a_sync(account: Account) -> None:
    door = account.add_door()
    account.change(door, app_adds=APP)
    assert account.enter(door, OTHER) == "opened"
    assert account.rows(door) == []
    update_now(account, door)
    row = account.row(door, OTHER)
    assert row["name"] == "Cleaner"
    assert row["allowedFromDate"] == "2026-12-01T00:00:00.000Z"
    assert (row["allowedWeekDays"], row["allowedFromTime"]) == (32, 480)


def test_a_code_that_the_app_deleted_is_listed_until_a_sync(account: Account) -> None:
    door = account.add_door()
    account.store(door)
    account.change(door, app_removes=str(CODE))
    assert account.enter(door) == "wrong-code"
    assert account.row(door)
    update_now(account, door)
    assert account.rows(door) == []


def test_the_server_looks_by_itself_once_a_day(account: Account) -> None:
    door = account.add_door()
    account.change(door, app_adds=APP)
    account.move_to("2026-12-02T02:59:59Z")
    assert account.rows(door) == []
    account.move_to("2026-12-02T03:00:00Z")
    assert account.row(door, OTHER)


def test_the_time_of_the_daily_look_can_be_set(account: Account) -> None:
    account.switch(daily_sync_hour=12)
    door = account.add_door()
    account.change(door, app_adds=APP)
    account.move_to("2026-12-01T12:00:00Z")
    assert account.row(door, OTHER)


def test_a_lock_that_is_away_is_looked_at_another_day(account: Account) -> None:
    door = account.add_door()
    account.change(door, app_adds=APP)
    account.change(door, online=False)
    account.advance("P3D")
    account.change(door, online=True)
    assert account.rows(door) == []
    account.advance("P1D")
    assert account.row(door, OTHER)


def test_nothing_is_due_where_nothing_can_be_wrong(account: Account) -> None:
    door = account.add_door()
    account.store(door)
    clock = account.sim("GET", f"{account.base}/clock")
    assert clock["next_at"] is None


def test_a_sync_leaves_what_is_right_alone(account: Account) -> None:
    door = account.add_door()
    limits = {"allowedFromDate": "2026-12-01T00:00Z", "allowedFromTime": 0}
    row = account.store(door, **limits)
    update_now(account, door)
    assert account.row(door) == row


def test_a_sync_leaves_orders_on_their_way_alone(account: Account) -> None:
    account.switch(delivery_seconds=60)
    door = account.add_door()
    row = account.store(door)
    account.advance("PT1M")
    row = account.row(door)
    account.update(door, row, name="Ada", code=OTHER)
    account.switch(delivery_seconds=3)
    update_now(account, door)
    assert account.row(door, OTHER)["operationId"]


def test_a_sync_finds_what_an_update_only_seemed_to_do(account: Account) -> None:
    account.switch(offline="ghost")
    door = account.add_door()
    row = account.store(door)
    account.change(door, online=False)
    account.update(door, row, name="Ada", code=OTHER)
    account.advance(SOON)
    assert account.row(door, OTHER)
    account.change(door, online=True)
    update_now(account, door)
    assert account.row(door, CODE)["name"] == "Ada Novak"
    assert account.enter(door, CODE) == "opened"


def test_an_app_cannot_store_what_the_lock_refuses(account: Account) -> None:
    door = account.add_door()
    for code in ("123456", "345670"):
        path = f"{account.base}/doors/{door['id']}"
        headers = {"Authorization": "Bearer control"}
        body = {"app_adds": {"code": code}}
        answer = account.client.patch(path, json=body, headers=headers)
        assert answer.status_code == 422
        assert "bad parameter" in answer.json["detail"]
        assert code not in answer.text
