"""A bridge carries jobs to a lock: late, two a minute, and sometimes never."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from typing import Any

import pytest

if TYPE_CHECKING:
    from tests.fakes.vendors.igloohome.account import Account

PIN = {
    "accessName": "Ada",
    "pin": "4711",
    "pinType": 4,
    "startDate": "2026-12-01T09:20:00+01:00",
    "endDate": "2026-12-01T10:20:00+01:00",
}
LOCK, UNLOCK, CREATE, DELETE, BATTERY, STATUS, PULL = 1, 2, 4, 5, 9, 10, 15
Door = dict[str, Any]


@pytest.fixture
def gate(account: Account) -> Door:
    return account.hang("Gate")


@pytest.fixture
def bridge(account: Account, gate: Door) -> Door:
    return account.hang("Bridge", kind="bridge", locks=[gate["id"]])


def queue(account: Account, gate: Door, bridge: Door, **body: Any) -> str:
    answer = account.job(gate, bridge, **body)
    assert answer.status_code == 200, answer.text
    return str(answer.json["jobId"])


def test_a_queued_pin_is_not_on_the_lock_until_the_bridge_was_there(
    account: Account, gate: Door, bridge: Door
) -> None:
    job = queue(account, gate, bridge, jobType=CREATE, jobData=PIN)
    status = account.job_status(job)
    assert status.keys() == {
        *("jobId", "expiryDate", "completed", "jobType", "jobResponse"),
    }
    assert (status["completed"], status["jobType"]) == (False, "4")
    assert [row["ref"] for row in account.codes("queue")] == [job]
    assert account.enter(gate, "4711") == "wrong-code"
    (ran,) = account.advance("PT5S")
    assert ran["what"] == "igloohome.job"
    assert account.enter(gate, "4711") == "opened"
    assert account.codes("queue") == []
    assert len(account.codes("door")) == len(account.codes("cloud")) == 1
    done = account.job_status(job)
    assert done["completed"] is True
    assert done["jobResponse"] == {"jobStatus": 0, "opResult": {"result": 0}}


def test_a_custom_pin_is_taken_off_again_by_a_job(
    account: Account, gate: Door, bridge: Door
) -> None:
    queue(account, gate, bridge, jobType=CREATE, jobData=PIN)
    account.advance("PT1M")
    gone = queue(account, gate, bridge, jobType=DELETE, jobData={"pin": "4711"})
    again = queue(account, gate, bridge, jobType=DELETE, jobData={"pin": "4711"})
    account.advance("PT1M")
    assert account.enter(gate, "4711") == "wrong-code"
    assert account.codes("door") == account.codes("cloud") == []
    assert account.job_status(gone)["jobResponse"]["jobStatus"] == 0
    assert account.job_status(again)["jobResponse"]["jobStatus"] == 2


def test_a_job_cannot_take_an_algopin_off(
    account: Account, gate: Door, bridge: Door
) -> None:
    pin = account.pin(gate, "onetime", startDate="2026-12-01T09:00:00+01:00")
    answer = account.job(gate, bridge, jobType=DELETE, jobData={"pin": pin})
    assert answer.status_code == 400
    assert account.enter(gate, pin) == "opened"


def test_a_bridge_does_two_jobs_a_minute(
    account: Account, gate: Door, bridge: Door
) -> None:
    jobs = [queue(account, gate, bridge, jobType=BATTERY) for _ in range(4)]
    done_after = []
    for seconds in range(0, 120, 5):
        done = sum(account.job_status(job)["completed"] for job in jobs)
        if done > len(done_after):
            done_after.append(seconds)
        account.advance("PT5S")
    assert done_after == [5, 35, 65, 95]


def test_a_full_bridge_refuses_the_twenty_first_job(
    account: Account, gate: Door, bridge: Door
) -> None:
    for _ in range(20):
        queue(account, gate, bridge, jobType=BATTERY)
    assert account.job(gate, bridge, jobType=BATTERY).status_code == 409
    account.advance("PT5S")
    queue(account, gate, bridge, jobType=BATTERY)


def test_an_offline_bridge_is_not_acceptable(
    account: Account, gate: Door, bridge: Door
) -> None:
    account.change(bridge, online=False)
    answer = account.job(gate, bridge, jobType=UNLOCK)
    assert answer.status_code == 406
    assert "contact the bridge" in answer.json["message"]
    account.change(bridge, online=True)
    queue(account, gate, bridge, jobType=UNLOCK)


def test_a_lock_out_of_reach_keeps_the_job_waiting(
    account: Account, gate: Door, bridge: Door
) -> None:
    account.change(gate, online=False)
    job = queue(account, gate, bridge, jobType=CREATE, jobData=PIN)
    account.advance("PT2M")
    assert account.job_status(job)["completed"] is False
    account.change(gate, online=True)
    account.advance("PT1M")
    assert account.job_status(job)["jobResponse"]["jobStatus"] == 0


def test_jobs_that_waited_for_a_lock_still_go_two_a_minute(
    account: Account, gate: Door, bridge: Door
) -> None:
    account.change(gate, online=False)
    for _ in range(4):
        queue(account, gate, bridge, jobType=BATTERY)
    account.advance("PT2M")
    account.change(gate, online=True)
    ran = [datetime.fromisoformat(each["at"]) for each in account.advance("PT3M")]
    gaps = {later - earlier for earlier, later in pairwise(ran)}
    assert (len(ran), gaps) == (4, {timedelta(seconds=30)})


def test_a_job_that_waits_too_long_expires_and_never_gets_there(
    account: Account, gate: Door, bridge: Door
) -> None:
    account.change(gate, online=False)
    job = queue(account, gate, bridge, jobType=CREATE, jobData=PIN)
    account.advance("PT4M59S")
    assert account.job_status(job)["completed"] is False
    account.advance("PT1S")
    assert account.job_status(job)["jobResponse"] == {"jobStatus": 2}
    account.change(gate, online=True)
    account.advance("PT1H")
    assert account.probe(gate, "4711", "2026-12-01T09:30:00+01:00") == "wrong-code"


def test_an_unlock_by_bluetooth_ends_a_lockout(
    account: Account, gate: Door, bridge: Door
) -> None:
    for _ in range(5):
        account.enter(gate, "1234")
    queue(account, gate, bridge, jobType=UNLOCK)
    assert account.enter(gate, "1234") == "locked-out"
    account.advance("PT5S")
    assert account.enter(gate, "1234") == "wrong-code"


def test_the_battery_is_what_was_last_heard(
    account: Account, gate: Door, bridge: Door
) -> None:
    path = f"/devices/{gate['vendor_id']}"
    account.change(gate, battery=12)
    assert account.call("GET", path).json["batteryLevel"] == 100
    job = queue(account, gate, bridge, jobType=STATUS)
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
        queue(account, gate, bridge, jobType=PULL)
        account.advance("PT1M")
        rows = account.call("GET", path, token=token).json["payload"]
        assert [(row["logType"], row["pin"]) for row in rows] == [
            (20, once),
            (22, again),
            (19, again),
        ]
        assert {row["entryDate"] for row in rows} == {1796113200}
    queue(account, gate, bridge, jobType=LOCK)
    queue(account, gate, bridge, jobType=PULL)
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
    queue(account, gate, bridge, jobType=CREATE, jobData=data)


def test_a_taken_pin_fails_at_the_lock(
    account: Account, gate: Door, bridge: Door
) -> None:
    jobs = [queue(account, gate, bridge, jobType=CREATE, jobData=PIN) for _ in range(2)]
    account.advance("PT2M")
    statuses = [account.job_status(job)["jobResponse"]["jobStatus"] for job in jobs]
    assert statuses == [0, 2]


def test_a_bridge_serves_only_the_locks_it_is_linked_to(
    account: Account, gate: Door, bridge: Door
) -> None:
    other = account.hang("Other")
    for lock, hub in ((other, bridge), (gate, other), (bridge, bridge)):
        assert account.job(lock, hub, jobType=UNLOCK).status_code == 400
    account.change(bridge, locks=[gate["id"], other["id"]])
    queue(account, other, bridge, jobType=UNLOCK)


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
