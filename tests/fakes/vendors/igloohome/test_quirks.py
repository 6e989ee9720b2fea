"""Every switch switches, and says what speaks for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jwt
import pytest

import fakes.vendors.igloohome as vendor

if TYPE_CHECKING:
    from fakes.kit.webhooks import Outgoing
    from tests.fakes.vendors.igloohome.account import Account

from tests.fakes.vendors.igloohome.test_login import code_of

START = "2026-12-01T15:00:00+01:00"
HOUR = "2026-12-01T09:00:00+01:00"
FOLDER = Path(vendor.__file__).parent


def test_every_switch_is_read_somewhere_and_told_of_here() -> None:
    code = "".join(path.read_text() for path in FOLDER.glob("*.py"))
    text = Path(__file__).read_text()
    for quirk in vendor.FAKE.quirks:
        in_two_words = quirk.name in {"lockout-tries", "lockout-minutes"}
        assert f'"{quirk.name}"' in code or in_two_words, quirk.name
        assert f"{quirk.name.replace('-', '_')}=" in text, quirk.name
        assert quirk.fact.endswith(".")
        assert quirk.source


def test_token_lifetime(account: Account) -> None:
    account.switch(token_lifetime_seconds=60)
    answer = account.ask_token().json
    assert answer["expires_in"] == 60
    account.advance("PT60S")
    stale = account.call("GET", "/devices", token=answer["access_token"])
    assert stale.status_code == 401


def test_withheld_scopes(account: Account) -> None:
    account.switch(withheld_scopes="algopin-hourly get-devices")
    text = jwt.decode(account.fresh_token(), options={"verify_signature": False})
    assert "algopin-hourly" not in text["scope"]
    assert "igloohomeapi/create-bridge-proxied-job" in text["scope"]


def test_activity_scope(account: Account) -> None:
    path = f"/devices/{account.add_door()['vendor_id']}/activity"
    account.switch(activity_scope_alone=False)
    assert account.call("GET", path).status_code == 200


def test_page_size(account: Account) -> None:
    account.add_door()
    account.add_door()
    account.switch(page_size=1)
    assert account.call("GET", "/devices").json["nextCursor"] == "1"


def test_guessed_types(account: Account) -> None:
    account.switch(guessed_types=False)
    account.add_door(kind="padlock")
    account.add_door(kind="keybox")
    devices = account.call("GET", "/devices").json["payload"]
    assert [device["type"] for device in devices] == ["Lock", "Lock"]


def test_paired_anew(account: Account) -> None:
    door = account.add_door()
    path = f"{account.base}/doors/{door['id']}/device"
    paired = account.sim("POST", path, {"state": "paired"})
    assert paired["vendor_id"] == door["vendor_id"]
    account.switch(paired_anew="new-id")
    paired = account.sim("POST", path, {"state": "paired"})
    assert paired["vendor_id"] != door["vendor_id"]
    assert account.call("GET", f"/devices/{door['vendor_id']}").status_code == 404
    assert account.probe(paired, account.pin(paired), START) == "opened"


def test_master_pin_field(account: Account) -> None:
    account.switch(master_pin_field="pin")
    path = f"/devices/{account.add_door()['vendor_id']}/masterpin"
    assert list(account.call("GET", path).json) == ["pin"]


def test_no_algopin_status(account: Account) -> None:
    account.switch(no_algopin_status=404)
    assert account.order(account.add_door(keypad=False)).status_code == 404


def test_pin_id(account: Account) -> None:
    account.switch(pin_id="same")
    door = account.add_door()
    ids = {account.order(door).json["pinId"] for _ in range(3)}
    assert len(ids) == 1
    assert len(account.codes("cloud")) == 1


def test_permanent_variances(account: Account) -> None:
    account.switch(permanent_variances=1)
    door = account.add_door()
    account.pin(door, "permanent", variance=1)
    assert account.order(door, "permanent", variance=2).status_code == 400


def test_z_and_fractions(account: Account) -> None:
    door = account.add_door()
    javascript = {
        "startDate": "2026-12-01T14:00:00.000Z",
        "endDate": "2026-12-01T17:00:00.000Z",
    }
    usual = account.pin(door)
    account.switch(accepts_z=True)
    assert account.order(door, **javascript).status_code == 400
    account.switch(accepts_z=True, accepts_fractions=True)
    assert account.pin(door, **javascript) == usual
    late = account.order(door, startDate="2026-12-01T14:00:00.001Z")
    assert "minutes and seconds" in late.json["message"]


def test_foreign_offset(account: Account) -> None:
    door = account.add_door()
    account.switch(foreign_offset="refused")
    foreign = account.order(door, startDate="2026-12-01T14:00:00+00:00")
    assert "own offset" in foreign.json["message"]
    account.pin(door)
    summer = {"startDate": "2027-07-01T15:00:00+02:00"}
    account.pin(door, "onetime", **summer)
    standard = {"startDate": "2027-07-01T14:00:00+01:00"}
    account.pin(door, "onetime", **standard)


def test_foreign_offset_by_instant(account: Account) -> None:
    door = account.add_door(timezone="Asia/Kolkata")
    window = {
        "startDate": "2026-12-01T14:00:00+00:00",  # 19:30 in Kolkata
        "endDate": "2026-12-01T16:00:00+00:00",
    }
    assert account.order(door, **window).status_code == 400
    account.switch(foreign_offset="by-instant")
    pin = account.pin(door, **window)
    assert account.probe(door, pin, "2026-12-01T13:29:59+00:00") == "early"
    assert account.probe(door, pin, "2026-12-01T13:30:00+00:00") == "opened"
    account.advance("PT6H")


def test_daily_without_end(account: Account) -> None:
    door = account.add_door()
    order = {"endDate": None, "startDate": "2026-12-02T15:00:00+01:00"}
    refused = account.order(door, "daily", **order)
    assert refused.json["message"] == "endDate is missing"
    account.switch(daily_without_end=29)
    pin = account.pin(door, "daily", **order)
    (row,) = [row for row in account.codes("cloud") if row["code"] == pin]
    assert row["valid_until"] == "2026-12-31T14:00:00Z"


def test_code_grant_and_code_seconds(account: Account) -> None:
    account.switch(code_grant=False)
    refused = account.ask_token(grant_type="authorization_code")
    assert refused.json == {"error": "unauthorized_client"}
    account.switch(code_grant=True, code_seconds=1)
    form = code_of(account)
    account.advance("PT1S")
    assert account.ask_token(**form).json == {"error": "invalid_grant"}


def test_daily_across_dst(account: Account) -> None:
    door = account.add_door()
    window = {
        "startDate": "2027-03-20T15:00:00+01:00",
        "endDate": "2027-04-18T15:00:00+02:00",
    }
    account.pin(door, "daily", **window)
    account.switch(daily_across_dst="elapsed-days")
    refused = account.order(door, "daily", **window).json
    assert "29 to 367 days" in refused["message"]
    longer = {"endDate": "2027-04-19T15:00:00+02:00"}
    refused = account.order(door, "daily", **(window | longer)).json
    assert "whole days of 24 hours" in refused["message"]
    even = {"endDate": "2027-04-18T15:00:00+01:00"}
    account.pin(door, "daily", **(window | even))


def test_lock_follows_summer_time(account: Account) -> None:
    account.switch(lock_follows_summer_time=True)
    door = account.add_door(timezone="Australia/Lord_Howe")
    assert door["follows_summer_time"] is True
    start = "2026-12-02T15:00:00+11:00"
    pin = account.pin(door, "onetime", startDate=start)
    assert account.probe(door, pin, start) == "opened"


def test_furthest_start_days(account: Account) -> None:
    account.switch(furthest_start_days=367)
    door = account.add_door()
    far = account.order(door, "onetime", startDate="2027-12-04T15:00:00+01:00")
    assert "within 367 days" in far.json["message"]


def test_lockout(account: Account) -> None:
    account.switch(lockout_tries=2)
    account.switch(lockout_minutes=1)
    door = account.add_door()
    tried = [account.enter(door, "1234") for _ in range(3)]
    assert tried == ["wrong-code", "wrong-code", "locked-out"]
    account.advance("PT1M")
    assert account.enter(door, "1234") == "wrong-code"


@pytest.fixture
def pair(account: Account) -> tuple[dict[str, Any], dict[str, Any]]:
    gate = account.add_door("Gate")
    return gate, account.add_door("Bridge", kind="bridge", locks=[gate["id"]])


def test_custom_pin_longest(account: Account, pair: Any) -> None:
    data = {"pin": "123456789", "pinType": 4, "accessName": "Ada"}
    data |= {"startDate": HOUR, "endDate": START}
    assert account.job(*pair, jobType=4, jobData=data).status_code == 400
    account.switch(custom_pin_longest=9)
    assert account.job(*pair, jobType=4, jobData=data).status_code == 200
    account.advance("PT1M")
    assert account.enter(pair[0], "123456789") == "opened"


def test_job_timing(account: Account, pair: Any) -> None:
    account.switch(job_seconds=1)
    account.switch(job_gap_seconds=10)
    for _ in range(3):
        account.job(*pair, jobType=1)
    ran = [record["at"][-3:-1] for record in account.advance("PT1M")]
    assert ran == ["01", "11", "21"]


def test_job_expiry(account: Account, pair: Any) -> None:
    account.switch(job_expiry_seconds=60)
    account.change(pair[0], online=False)
    job = account.job(*pair, jobType=1).json["jobId"]
    account.advance("PT60S")
    assert account.job_status(job)["completed"] is True


def test_job_outcome(account: Account, pair: Any) -> None:
    account.switch(job_outcome="failed")
    job = account.job(*pair, jobType=1).json["jobId"]
    account.advance("PT1M")
    response = account.job_status(job)["jobResponse"]
    assert response == {"jobStatus": 2, "opResult": {"result": 1}}
    account.switch(job_outcome="silent")
    job = account.job(*pair, jobType=1).json["jobId"]
    account.advance("PT1H")
    assert account.job_status(job)["completed"] is False


def test_expired_job(account: Account, pair: Any) -> None:
    account.switch(expired_job="silent")
    account.change(pair[0], online=False)
    job = account.job(*pair, jobType=1).json["jobId"]
    account.advance("PT1H")
    assert account.job_status(job)["completed"] is False


def test_full_queue(account: Account, pair: Any) -> None:
    account.switch(queue_length=1)
    account.switch(queue_full_status=503)
    assert account.job(*pair, jobType=1).status_code == 200
    assert account.job(*pair, jobType=1).status_code == 503


def test_webhooks(account: Account, pair: Any, sent: list[Outgoing]) -> None:
    account.switch(bridge_flag="connected")
    account.switch(webhook_retry_seconds="10")
    account.client.put(
        "/igloohome/portal/webhook",
        json={"url": "http://127.0.0.1:9/broken"},
        auth=(account.client_id, account.client_secret),
    )
    account.change(pair[1], online=False)
    account.advance("PT1H")
    assert len(sent) == 2
    assert json.loads(sent[0].body)["payload"]["event"]["data"]["connected"] is False
