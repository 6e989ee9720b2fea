"""PyPI nuki-web-api, unmodified, against the served fake over a real socket.

Its constructor takes the address that it would otherwise have as a constant. Some of
its methods answer with the raw response and some with what is in it; one reads JSON
out of an answer that has none. It is taken as it is.
"""

from __future__ import annotations

from typing import Any

import pytest
import requests
from nukiwebapi import NukiWebAPI

CONTROL = {"Authorization": "Bearer control"}
KEYPAD_CODE = 13
CODE = 345678
WINDOW = {
    "allowed_from_date": "2026-12-01T00:00:00Z",
    "allowed_until_date": "2026-12-31T23:59:00Z",
    "allowed_week_days": 127,
    "allowed_from_time": 0,
    "allowed_until_time": 1439,
}


class Bed:
    """A world with two locks, and the library as its user sets it up."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.world = self.sim("POST", "", {"now": "2026-12-01T11:00:00Z"})
        account = self.world["credentials"]["nuki"]
        self.api = NukiWebAPI(account["api_token"], account["api_url"])
        self.doors = [self.add_door(name) for name in ("Front", "Back")]
        self.locks = [int(door["vendor_id"]) for door in self.doors]

    def sim(self, method: str, path: str, body: Any = None) -> Any:
        url = f"{self.base}/_sim/worlds{path}"
        answer = requests.request(method, url, json=body, headers=CONTROL, timeout=5)
        answer.raise_for_status()
        return answer.json()

    def add_door(self, name: str) -> dict[str, Any]:
        door = {"vendor": "nuki", "name": name, "timezone": "Europe/Berlin"}
        return dict(self.sim("POST", f"/{self.world['id']}/doors", door))

    def wait(self, span: str = "PT10S") -> None:
        self.sim("POST", f"/{self.world['id']}/clock", {"advance": span})

    def enter(self, code: int, door: int = 0) -> str:
        path = f"/{self.world['id']}/doors/{self.doors[door]['id']}/entries"
        return str(self.sim("POST", path, {"code": str(code)})["reason"])

    def store(self, code: int = CODE, **window: Any) -> dict[str, Any]:
        """Create a code and wait until the lock has it; return its row."""
        self.api.smartlock_auth.create_auth_for_smartlock(
            self.locks[0], "Ada", False, type=KEYPAD_CODE, code=code, **window
        )
        self.wait()
        rows = self.api.smartlock_auth.list_auths_for_smartlock(self.locks[0], "13")
        (row,) = (row for row in rows if row["code"] == code)
        return dict(row)


@pytest.fixture
def bed(base: str) -> Bed:
    return Bed(base)


def test_it_finds_the_locks_and_their_keypads(bed: Bed) -> None:
    locks = bed.api.lock_instances
    assert [lock.name for lock in locks.values()] == ["Front", "Back"]
    lock = locks[bed.locks[0]]
    assert lock.is_locked
    assert lock.battery_charge == 100
    assert lock.raw_data["config"]["keypadPaired"] is True
    assert len(lock.hex_id) == 8
    assert int(lock.hex_id, 16) == bed.locks[0] & 0xFFFFFFFF


def test_it_creates_a_code_that_opens_once_it_is_delivered(bed: Bed) -> None:
    auths = bed.api.smartlock_auth
    auths.create_auth_for_smartlock(
        bed.locks[0], "Ada", False, type=KEYPAD_CODE, code=CODE, **WINDOW
    )
    assert bed.enter(CODE) == "wrong-code"
    bed.wait()
    assert bed.enter(CODE) == "opened"
    (row,) = auths.list_auths_for_smartlock(bed.locks[0], "13")
    assert row["allowedUntilDate"] == "2026-12-31T23:59:00.000Z"
    assert auths.get_auth(bed.locks[0], row["id"]).json() == row
    page = auths.list_auths_paged(size=1, types="13").json()
    assert page["results"] == [row]
    assert page["pagination"]["totalItems"] == 1


def test_it_updates_a_code_and_the_limits_left_out_are_gone(bed: Bed) -> None:
    row = bed.store(**WINDOW | {"allowed_until_date": "2026-12-01T10:00:00Z"})
    assert bed.enter(CODE) == "over"
    bed.api.smartlock_auth.update_auth(bed.locks[0], row["id"], name="Grace")
    bed.wait()
    assert bed.enter(CODE) == "opened"
    (row,) = bed.api.smartlock_auth.list_auths(types="13")
    assert row["name"] == "Grace"
    assert "allowedUntilDate" not in row


def test_it_creates_and_changes_and_deletes_in_bulk(bed: Bed) -> None:
    auths = bed.api.smartlock_auth
    auths.create_auth_for_smartlocks(
        "Ada", bed.locks, False, type=KEYPAD_CODE, code=CODE
    )
    bed.wait()
    rows = auths.list_auths(types="13")
    assert [bed.enter(CODE, door) for door in (0, 1)] == ["opened", "opened"]
    auths.update_auths_bulk(
        [{"id": row["id"], "name": row["name"], "enabled": False} for row in rows]
    )
    bed.wait()
    assert [bed.enter(CODE, door) for door in (0, 1)] == ["disabled", "disabled"]
    auths.delete_auths([row["id"] for row in rows])
    bed.wait()
    assert auths.list_auths(types="13") == []
    assert [bed.enter(CODE, door) for door in (0, 1)] == ["wrong-code", "wrong-code"]


def test_it_deletes_one_code(bed: Bed) -> None:
    row = bed.store()
    bed.api.smartlock_auth.delete_auth(bed.locks[0], row["id"])
    bed.wait()
    assert bed.enter(CODE) == "wrong-code"


def test_it_reads_what_was_typed(bed: Bed) -> None:
    row = bed.store()
    bed.enter(CODE)
    bed.enter(999999)
    bed.wait()
    logs = bed.api.smartlock_log
    wrong, right = logs.list_logs_for_smartlock(bed.locks[0], {"limit": 2}).json()
    assert (right["authId"], right["state"]) == (row["id"], 0)
    assert wrong["state"] == 224
    assert logs.list_logs({"id": wrong["id"]}).json() == [right]


def test_it_turns_the_lock(bed: Bed) -> None:
    lock = bed.api.lock_instances[bed.locks[0]]
    lock.unlock()
    bed.wait()
    assert lock.refresh()["state"]["state"] == 3


def test_it_manages_users_keys_and_receivers(bed: Bed) -> None:
    users = bed.api.account_user
    made = users.create_account_user("ada@example.org", "Ada", type=0, language="de")
    assert users.list_account_users() == [made]
    users.delete_account_user(made["accountUserId"])
    assert users.list_account_users() == []
    assert len(bed.api.api_key.list_api_keys().json()) == 1
    hooks = bed.api.advanced_api
    hook = hooks.create_decentral_webhook("https://a.example/hook", ["DEVICE_AUTHS"])
    assert hook["secret"]
    assert [each["id"] for each in hooks.list_decentral_webhooks()] == [hook["id"]]


def test_it_reads_why_it_was_refused(bed: Bed) -> None:
    bed.store()
    auths = bed.api.smartlock_auth
    for code, status, detail in (
        (123456, 400, "The supplied value '123456' for parameter 'code' is not valid"),
        (CODE, 409, "The keypad code exists already"),
    ):
        with pytest.raises(requests.HTTPError, match=detail) as refused:
            auths.create_auth_for_smartlock(
                bed.locks[0], "Ada", False, type=KEYPAD_CODE, code=code
            )
        assert refused.value.response.status_code == status


def test_it_meets_423_while_an_operation_runs(bed: Bed) -> None:
    auths = bed.api.smartlock_auth
    auths.create_auth_for_smartlock(bed.locks[0], "A", False, type=13, code=CODE)
    (row,) = auths.list_auths(types="13")
    with pytest.raises(requests.HTTPError) as refused:
        auths.delete_auth(bed.locks[0], row["id"])
    assert refused.value.response.status_code == 423


def test_it_meets_401_with_a_token_that_is_nobodys(bed: Bed) -> None:
    bed.api.access_token = "wrong"
    with pytest.raises(requests.HTTPError, match="access token is missing, wrong"):
        bed.api.smartlock.list_smartlocks()
