"""A bridge carries jobs to a lock: late, two a minute, and sometimes never."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tests.fakes.vendors.igloohome.account import BATTERY, CREATE, DELETE, PIN, UNLOCK

if TYPE_CHECKING:
    from tests.fakes.vendors.igloohome.account import Account

Door = dict[str, Any]


def test_a_queued_pin_is_not_on_the_lock_until_the_bridge_was_there(
    account: Account, gate: Door, bridge: Door
) -> None:
    job = account.queue(gate, bridge, jobType=CREATE, jobData=PIN)
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
    account.queue(gate, bridge, jobType=CREATE, jobData=PIN)
    account.advance("PT1M")
    gone = account.queue(gate, bridge, jobType=DELETE, jobData={"pin": "4711"})
    again = account.queue(gate, bridge, jobType=DELETE, jobData={"pin": "4711"})
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
    jobs = [account.queue(gate, bridge, jobType=BATTERY) for _ in range(4)]
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
        account.queue(gate, bridge, jobType=BATTERY)
    assert account.job(gate, bridge, jobType=BATTERY).status_code == 409
    account.advance("PT5S")
    account.queue(gate, bridge, jobType=BATTERY)


def test_an_offline_bridge_is_not_acceptable(
    account: Account, gate: Door, bridge: Door
) -> None:
    account.change(bridge, online=False)
    answer = account.job(gate, bridge, jobType=UNLOCK)
    assert answer.status_code == 406
    assert "contact the bridge" in answer.json["message"]
    account.change(bridge, online=True)
    account.queue(gate, bridge, jobType=UNLOCK)


def test_a_lock_out_of_reach_keeps_the_job_waiting(
    account: Account, gate: Door, bridge: Door
) -> None:
    account.change(gate, online=False)
    job = account.queue(gate, bridge, jobType=CREATE, jobData=PIN)
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
        account.queue(gate, bridge, jobType=BATTERY)
    account.advance("PT2M")
    account.change(gate, online=True)
    ran = [datetime.fromisoformat(each["at"]) for each in account.advance("PT3M")]
    gaps = {later - earlier for earlier, later in pairwise(ran)}
    assert (len(ran), gaps) == (4, {timedelta(seconds=30)})


def test_a_job_that_waits_too_long_expires_and_never_gets_there(
    account: Account, gate: Door, bridge: Door
) -> None:
    account.change(gate, online=False)
    job = account.queue(gate, bridge, jobType=CREATE, jobData=PIN)
    account.advance("PT4M59S")
    assert account.job_status(job)["completed"] is False
    account.advance("PT1S")
    assert account.job_status(job)["jobResponse"] == {"jobStatus": 2}
    account.change(gate, online=True)
    account.advance("PT1H")
    assert account.probe(gate, "4711", "2026-12-01T09:30:00+01:00") == "wrong-code"
