"""What a bridge can be asked to do, what it refuses, and what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.vendors.igloohome.account import (
    CREATE,
    LOCK,
    PIN,
    PULL,
    STATUS,
    UNLOCK,
)

if TYPE_CHECKING:
    from tests.fakes.vendors.igloohome.account import Account

Door = dict[str, Any]


def test_an_unlock_by_bluetooth_ends_a_lockout(
    account: Account, gate: Door, bridge: Door
) -> None:
    for _ in range(5):
        account.enter(gate, "1234")
    account.queue(gate, bridge, jobType=UNLOCK)
    assert account.enter(gate, "1234") == "locked-out"
    account.advance("PT5S")
    assert account.enter(gate, "1234") == "wrong-code"


def test_the_battery_is_what_was_last_heard(
    account: Account, gate: Door, bridge: Door
) -> None:
    path = f"/devices/{gate['vendor_id']}"
    account.change(gate, battery=12)
    assert account.call("GET", path).json["batteryLevel"] == 100
    job = account.queue(gate, bridge, jobType=STATUS)
    account.advance("PT1M")
    shown = account.call("GET", path).json
    assert shown["batteryLevel"] == 12
    assert shown["lastSync"] == "2026-12-01T08:20:05.000Z"
    result = account.job_status(job)["jobResponse"]["opResult"]
    assert result == {"result": 0, "batteryLevel": 12, "online": True}


def test_the_activity_is_known_once_it_was_pulled_and_only_once(
    account: Account, gate: Door, bridge: Door
) -> None:
    hour = "2026-12-01T09:00:00+01:00"
    once, again = (
        account.pin(gate, kind, startDate=hour) for kind in ("onetime", "hourly")
    )
    for code in (once, again, again, "123456"):
        account.enter(gate, code)
    token = account.fresh_token("get-device-activity")
    path = f"/devices/{gate['vendor_id']}/activity"
    assert account.call("GET", path, token=token).json["payload"] == []
    for _ in range(2):
        account.queue(gate, bridge, jobType=PULL)
        account.advance("PT1M")
        rows = account.call("GET", path, token=token).json["payload"]
        assert [(row["logType"], row["pin"]) for row in rows] == [
            (20, once),
            (22, again),
            (19, again),
        ]
        assert {row["entryDate"] for row in rows} == {1796113200}
    account.queue(gate, bridge, jobType=LOCK)
    account.queue(gate, bridge, jobType=PULL)
    account.advance("PT1M")
    page = {"pageSize": "1", "cursor": "3"}
    (row,) = account.call("GET", path, token=token, query_string=page).json["payload"]
    assert row["logType"] == 37


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "jobType must be one of"),
        ({"jobType": 3}, "jobType must be one of"),
        ({"jobType": "1"}, "jobType must be one of"),
        ({"jobType": True}, "jobType must be one of"),
        ({"jobType": [1]}, "jobType must be one of"),
        ({"jobType": 1, "jobData": "x"}, "jobData must be an object"),
        ({"jobType": 4}, "jobData.pin must be 4 to 6 digits"),
        ({"jobType": 4, "jobData": PIN | {"pin": "123"}}, "4 to 6 digits"),
        ({"jobType": 4, "jobData": PIN | {"pin": "1234567"}}, "4 to 6 digits"),
        ({"jobType": 4, "jobData": PIN | {"pin": 4711}}, "4 to 6 digits"),
        ({"jobType": 4, "jobData": PIN | {"pin": "47x1"}}, "4 to 6 digits"),
        ({"jobType": 4, "jobData": PIN | {"pinType": 2}}, "pinType must be 4"),
        ({"jobType": 4, "jobData": PIN | {"accessName": ""}}, "accessName is missing"),
        ({"jobType": 4, "jobData": PIN | {"startDate": None}}, "jobData.startDate"),
        ({"jobType": 4, "jobData": PIN | {"endDate": "soon"}}, "jobData.endDate"),
        (
            {"jobType": 4, "jobData": PIN | {"endDate": "2026-12-01T10:20:00"}},
            "must end in an offset",
        ),
        (
            {"jobType": 4, "jobData": PIN | {"endDate": "2026-12-01T09:20:00+01:00"}},
            "endDate must be after startDate",
        ),
        (
            {"jobType": 4, "jobData": PIN | {"startDate": "2026-12-01T08:59:00+01:00"}},
            "before the current hour",
        ),
        ({"jobType": 5, "jobData": {}}, "4 to 6 digits"),
    ],
)
def test_a_wrong_job_is_refused_and_nothing_queued(
    account: Account, gate: Door, bridge: Door, body: dict[str, Any], message: str
) -> None:
    answer = account.job(gate, bridge, **body)
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_request")
    assert message in answer.json["message"]
    assert account.advance("PT1H") == []


def test_a_custom_pin_may_start_at_the_top_of_the_current_hour(
    account: Account, gate: Door, bridge: Door
) -> None:
    data = PIN | {"startDate": "2026-12-01T09:00:00+01:00"}
    account.queue(gate, bridge, jobType=CREATE, jobData=data)


def test_a_taken_pin_fails_at_the_lock(
    account: Account, gate: Door, bridge: Door
) -> None:
    jobs = [account.queue(gate, bridge, jobType=CREATE, jobData=PIN) for _ in range(2)]
    account.advance("PT2M")
    statuses = [account.job_status(job)["jobResponse"]["jobStatus"] for job in jobs]
    assert statuses == [0, 2]


def test_a_bridge_serves_only_the_locks_it_is_linked_to(
    account: Account, gate: Door, bridge: Door
) -> None:
    other = account.add_door("Other")
    for lock, hub in ((other, bridge), (gate, other), (bridge, bridge)):
        assert account.job(lock, hub, jobType=UNLOCK).status_code == 400
    account.change(bridge, locks=[gate["id"], other["id"]])
    account.queue(other, bridge, jobType=UNLOCK)


def test_each_job_needs_its_own_scope(
    account: Account, gate: Door, bridge: Door
) -> None:
    path = f"/devices/{gate['vendor_id']}/jobs/bridges/{bridge['vendor_id']}"
    token = account.fresh_token("lock-bridge-proxied-job")
    locked = account.call("POST", path, {"jobType": LOCK, "jobData": None}, token=token)
    assert locked.status_code == 200
    assert (
        account.call("POST", path, {"jobType": UNLOCK}, token=token).status_code == 403
    )
    account.switch(withheld_scopes="")
    token = account.fresh_token("create-bridge-proxied-job")
    for job_type in (LOCK, UNLOCK, PULL):
        body = {"jobType": job_type}
        assert account.call("POST", path, body, token=token).status_code == 200


def test_an_unknown_job_is_not_found(account: Account) -> None:
    assert account.call("GET", "/jobs/none").status_code == 404
