"""Auths: listed from the copy, and ordered in bulk."""

from __future__ import annotations

import pytest

from tests.fakes.vendors.nuki.account import CODE, RIGHT, SOON, Account, Row

OTHER = 876543


def user(account: Account, name: str = "Ada") -> int:
    body = {"email": f"{name}@example.org", "name": name}
    return int(account.done("PUT", "/account/user", body)["accountUserId"])


def test_ids_are_what_they_are_in_life(account: Account) -> None:
    row = account.store(account.add_door())
    assert len(row["id"]) == 24
    assert int(row["id"], 16)
    assert row["smartlockId"] > 2**32
    assert row["code"] == CODE


def test_a_code_may_be_shown_as_a_list(account: Account) -> None:
    account.switch(code_shape="array")
    account.strict = False  # the document says integer
    door = account.add_door()
    account.order(door)
    (row,) = account.rows(door)
    assert row["code"] == [CODE]


def test_auths_are_listed_by_type_and_by_user(account: Account) -> None:
    door, owner = account.add_door(), user(account)
    account.store(door)
    app = {"name": "Ada", "type": 0, "accountUserId": owner, "remoteAllowed": True}
    account.done("PUT", f"{account.lock(door)}/auth", app)
    account.advance(SOON)

    def types(query: str) -> list[int]:
        return sorted(row["type"] for row in account.done("GET", query))

    assert types("/smartlock/auth") == [0, 3, 13]
    assert types("/smartlock/auth?types=0,13") == [0, 13]
    assert types(f"/smartlock/auth?accountUserId={owner}") == [0]
    assert types("/smartlock/auth?accountUserId=-1") == [3, 13]
    assert account.refused("GET", "/smartlock/auth?types=x")[0] == 400


def test_one_auth_can_be_shown(account: Account) -> None:
    door = account.add_door()
    row = account.store(door)
    assert account.done("GET", f"{account.lock(door)}/auth/{row['id']}") == row


@pytest.mark.parametrize("status", [403, 404])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_auth_that_is_not_there(account: Account, method: str, status: int) -> None:
    account.switch(unknown_auth_status=status)
    path = f"{account.lock(account.add_door())}/auth/{'0' * 24}"
    body = {"name": "Ada"} if method == "POST" else None
    assert account.refused(method, path, body)[0] == status


def test_auths_come_page_by_page_from_page_0(account: Account) -> None:
    door = account.add_door()
    for code in (333333, 444444, 555555):
        account.order(door, code=code)
    first = account.done("GET", "/smartlock/auth/paged?size=2&types=13")
    assert [row["code"] for row in first["results"]] == [333333, 444444]
    assert first["pagination"] == {
        "totalItems": 3,
        "totalPages": 2,
        "currentPage": 0,
        "nextPage": "/smartlock/auth/paged?size=2&types=13&page=1",
        "pageSize": 2,
    }
    second = account.done("GET", first["pagination"]["nextPage"])
    assert [row["code"] for row in second["results"]] == [555555]
    assert "nextPage" not in second["pagination"]
    whole = account.done("GET", "/smartlock/auth/paged")
    assert len(whole["results"]) == 4
    for query in ("size=0", "page=-1", "page=x"):
        assert account.refused("GET", f"/smartlock/auth/paged?{query}")[0] == 400


def lock_ids(*doors: Row) -> list[int]:
    return [int(door["vendor_id"]) for door in doors]


def test_one_order_makes_a_code_on_several_locks(account: Account) -> None:
    doors = [account.add_door("Front"), account.add_door("Back")]
    account.done("PUT", "/smartlock/auth", RIGHT | {"smartlockIds": lock_ids(*doors)})
    account.advance(SOON)
    assert [account.enter(door) for door in doors] == ["opened", "opened"]


def test_several_codes_are_changed_and_deleted_at_once(account: Account) -> None:
    doors = [account.add_door("Front"), account.add_door("Back")]
    rows = [account.store(door) for door in doors]
    changes = [{"id": row["id"], "name": f"Door {n}"} for n, row in enumerate(rows)]
    account.done("POST", "/smartlock/auth", changes)
    account.advance(SOON)
    assert [account.row(door)["name"] for door in doors] == ["Door 0", "Door 1"]
    account.done("DELETE", "/smartlock/auth", [row["id"] for row in rows])
    account.advance(SOON)
    assert [account.enter(door) for door in doors] == ["wrong-code", "wrong-code"]


@pytest.mark.parametrize(("all_or_none", "left"), [(True, 2), (False, 1)])
def test_one_bad_id_stops_all_deletions_or_those_after_it(
    account: Account, left: int, *, all_or_none: bool
) -> None:
    account.switch(bulk_all_or_none=all_or_none)
    door = account.add_door()
    rows = [account.store(door, code=code) for code in (CODE, OTHER)]
    ids = [rows[0]["id"], "0" * 24, rows[1]["id"]]
    assert account.refused("DELETE", "/smartlock/auth", ids)[0] == 400
    account.advance(SOON)
    assert len(account.rows(door)) == left


def test_one_running_operation_stops_all_deletions(account: Account) -> None:
    door = account.add_door()
    row = account.store(door)
    account.order(door, code=OTHER)
    ids = [row["id"], account.row(door, OTHER)["id"]]
    assert account.refused("DELETE", "/smartlock/auth", ids)[0] == 423
    account.advance(SOON)
    assert account.enter(door) == "opened"


def test_one_clash_stops_a_whole_order(account: Account) -> None:
    doors = [account.add_door("Front"), account.add_door("Back")]
    account.store(doors[1])
    body = RIGHT | {"smartlockIds": lock_ids(*doors)}
    assert account.refused("PUT", "/smartlock/auth", body)[0] == 409
    account.advance(SOON)
    assert account.enter(doors[0]) == "wrong-code"


@pytest.mark.parametrize("ids", [None, []])
def test_an_order_for_no_lock_is_refused(
    account: Account, ids: list[int] | None
) -> None:
    body = RIGHT | {"smartlockIds": ids}
    assert account.refused("PUT", "/smartlock/auth", body)[0] == 400


@pytest.mark.parametrize("body", [{"id": "x"}, ["x", 7], "x"])
def test_deletions_are_a_list_of_ids(account: Account, body: object) -> None:
    assert account.refused("DELETE", "/smartlock/auth", body)[0] == 422
    assert account.refused("POST", "/smartlock/auth", body)[0] == 422


def test_an_advanced_order_answers_with_a_request_id(account: Account) -> None:
    door, owner = account.add_door(), user(account)
    body = {"name": "Ada", "remoteAllowed": True, "smartlockIds": lock_ids(door)}
    assert account.refused("PUT", "/smartlock/auth/advanced", body)[0] == 400
    body["accountUserId"] = owner
    answer = account.done("PUT", "/smartlock/auth/advanced", body)
    assert len(answer["requestId"]) == 36
    account.advance(SOON)
    rows = account.done("GET", f"/smartlock/auth?accountUserId={owner}")
    assert [row["type"] for row in rows] == [0]


def test_an_advanced_order_may_lack_the_subscription(account: Account) -> None:
    account.switch(subscribed=False)
    door, owner = account.add_door(), user(account)
    body = {"name": "Ada", "accountUserId": owner, "smartlockIds": lock_ids(door)}
    answer = account.done("PUT", "/smartlock/auth/advanced", body)
    assert door["vendor_id"] in answer["error"]
    account.advance(SOON)
    assert account.done("GET", f"/smartlock/auth?accountUserId={owner}") == []
