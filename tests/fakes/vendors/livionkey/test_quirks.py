"""Every switch switches, and says what speaks for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import fakes.vendors.livionkey as vendor
from tests.fakes.vendors.livionkey.tenant import END, START
from tests.fakes.vendors.livionkey.v2 import machine as machines

if TYPE_CHECKING:
    from tests.fakes.vendors.livionkey.tenant import Tenant

NOW = {"start": "2026-12-01T09:00:00Z"}
FOLDER = Path(vendor.__file__).parent


def test_every_switch_is_read_somewhere_and_told_of_here() -> None:
    code = "".join(path.read_text() for path in FOLDER.rglob("*.py"))
    content = Path(__file__).read_text()
    for quirk in vendor.FAKE.quirks:
        assert f'"{quirk.name}"' in code, quirk.name
        assert f"{quirk.name.replace('-', '_')}=" in content, quirk.name
        assert quirk.fact.endswith(".")
        assert quirk.source


def test_token_lifetime(tenant: Tenant) -> None:
    tenant.switch(token_lifetime_seconds=60)
    token = tenant.fresh_token()
    tenant.advance("PT60S")
    assert tenant.call("GET", "/devices", token=token).status_code == 401


def test_login_throttle(tenant: Tenant) -> None:
    tenant.switch(login_limit=2, login_window_seconds=10)
    assert tenant.ask_login().status_code == 200
    assert tenant.ask_login().headers["Retry-After"] == "10"


def test_text_answers(tenant: Tenant) -> None:
    made = tenant.contract()
    answer = tenant.update(made, person="Ada")
    assert (answer.mimetype, answer.text) == ("text/plain", "Contract updated")
    tenant.switch(text_answers="json")
    answer = tenant.update(made, person="Ada")
    assert (answer.mimetype, answer.json) == ("application/json", "Contract updated")
    assert tenant.order().json == "ContractId already in use"


def test_unknown_device(tenant: Tenant) -> None:
    tenant.switch(unknown_device="not-authorized")
    assert tenant.call("GET", "/devices/999999").status_code == 401
    assert tenant.call("GET", f"/devices/{tenant.device}").status_code == 200


def test_replaced_device(tenant: Tenant) -> None:
    path = f"{tenant.base}/doors/{tenant.cabinet['id']}/device"
    pin = tenant.contract()["pincode"]
    tenant.switch(replaced_device="contracts-move")
    moved = tenant.sim("POST", path, {"state": "replaced"})
    assert moved["vendor_id"] != tenant.device
    assert tenant.probe(pin, at=START) == "opened"
    tenant.switch(replaced_device="contracts-end")
    tenant.sim("POST", path, {"state": "replaced"})
    assert tenant.probe(pin, at=START) != "opened"


def test_future_tolerance(tenant: Tenant) -> None:
    tenant.switch(future_tolerance_seconds=3600)
    assert tenant.order(start="2026-12-01T08:00:00Z").status_code == 200


def test_changed_start(tenant: Tenant) -> None:
    made = tenant.contract(**NOW)
    past = {"start": "2026-12-01T08:00:00Z"}
    assert tenant.update(made, **past).status_code == 400
    tenant.switch(changed_start="accepted")
    assert tenant.update(made, **past).status_code == 200


def test_pin_digits(tenant: Tenant) -> None:
    tenant.switch(pin_digits=4)
    assert len(tenant.contract()["pincode"]) == 4


def test_delete_with_key_out(tenant: Tenant) -> None:
    tenant.add_receiver()
    tenant.switch(delete_with_key_out="allowed")
    made = tenant.contract(**NOW)
    tenant.enter(made["pincode"])
    assert tenant.call("DELETE", f"/contracts/{made['id']}").status_code == 200
    assert tenant.reason(made["pincode"]) == "wrong-code"
    tenant.go(END)
    assert tenant.key_events() == ["key-fetched"]
    assert tenant.enter("*7001")["key"] == "flat-1"


def test_contract_id_after_delete(tenant: Tenant) -> None:
    tenant.switch(contract_id_after_delete="taken")
    made = tenant.contract()
    tenant.call("DELETE", f"/contracts/{made['id']}")
    assert tenant.order().text == "ContractId already in use"


def test_grace_allows_fetch(tenant: Tenant) -> None:
    tenant.add_receiver()
    tenant.switch(grace_allows_fetch=True)
    tenant.settle(return_grace_minutes=60)
    pin = tenant.contract()["pincode"]
    tenant.go(END)
    assert tenant.enter(pin)["key"] == "flat-1"
    tenant.go("2026-12-04T14:59:59Z")
    assert tenant.key_events() == ["key-not-fetched", "key-fetched"]
    tenant.go("2026-12-04T15:00:00Z")
    assert tenant.key_events()[2:] == ["key-not-returned"]


def test_invalidate_on_return(tenant: Tenant) -> None:
    tenant.switch(invalidate_on_return=True)
    pin = tenant.contract(**NOW)["pincode"]
    tenant.enter(pin)
    tenant.enter(pin)
    assert tenant.reason(pin) == "over"
    tenant.change(online=False)
    tenant.contract("flat-2", contractId="B-2")
    tenant.change(online=True)
    assert tenant.reason(pin) == "over"


def test_fetch_frees_locker(tenant: Tenant) -> None:
    tenant.switch(fetch_frees_locker=False)
    pin = tenant.contract(type="fetch", **NOW)["pincode"]
    tenant.enter(pin)
    assert tenant.where()["in"] is False
    assert tenant.get("/keys/flat-1")[0]["lockerIndex"] == 0


def test_backup_codes_spent(tenant: Tenant) -> None:
    tenant.switch(backup_codes_spent="none")
    tenant.settle()
    code = tenant.get("/keys/flat-1")[0]["backupCodes"][0]
    assert [tenant.reason(code) for _ in range(2)] == ["opened", "opened"]
    tenant.switch(backup_codes_spent="all")
    hut = tenant.add_door("Annex", keys=[{"id": "hut"}])
    code = tenant.get("/keys/hut")[0]["backupCodes"][0]
    assert [tenant.reason(code, door=hut) for _ in range(2)] == ["opened", "wrong-code"]


def test_backup_code_event(tenant: Tenant) -> None:
    tenant.add_receiver()
    first, second = tenant.get("/keys/flat-1")[0]["backupCodes"]
    tenant.switch(backup_code_event="right-pincode")
    tenant.enter(first)
    tenant.switch(backup_code_event="")
    tenant.enter(second)
    types = [event["type"] for event in tenant.events()]
    assert types == ["right-pincode", "key-status", "key-status"]


def test_return_code_names_contract(tenant: Tenant) -> None:
    tenant.add_receiver()
    tenant.switch(return_code_names_contract=True)
    tenant.enter(tenant.contract(**NOW)["pincode"])
    tenant.enter("*7001")
    assert tenant.events()[-1]["contractId"] == "B-1001"


def test_wrong_codes(tenant: Tenant) -> None:
    tenant.switch(wrong_code_tries=2, lockout_seconds=10)
    door = tenant.add_door("Annex")
    tried = [tenant.reason("1111", door=door) for _ in range(3)]
    assert tried == ["wrong-code", "wrong-code", "locked-out"]
    tenant.advance("PT10S")
    assert tenant.reason("1111", door=door) == "wrong-code"
    tenant.switch(wrong_code_tries=0)
    patient = tenant.add_door("Shed")
    tried = [tenant.reason("1111", door=patient) for _ in range(9)]
    assert set(tried) == {"wrong-code"}


def test_sync_seconds(tenant: Tenant) -> None:
    tenant.switch(sync_seconds=20)
    pin = tenant.contract(**NOW)["pincode"]
    assert tenant.reason(pin) == "wrong-code"
    assert tenant.get("/devices")[0]["synced"]["isSynced"] is False
    ran = tenant.advance("PT20S")
    assert [each["what"] for each in ran] == ["livionkey.sync"]
    assert tenant.reason(pin) == "opened"


def test_open_seconds(tenant: Tenant) -> None:
    tenant.switch(open_seconds=5)
    path = f"/devices/{tenant.device}/opendoor"
    tenant.call("POST", path, {"lockerIndex": 0})
    tenant.advance("PT5S")
    assert tenant.reason("", slot=0, then="take") == "shut"


def test_keypads_take_return_codes(tenant: Tenant) -> None:
    tenant.add_receiver()
    tenant.switch(keypads_take_return_codes=True)
    door = tenant.add_door("Street", kind="keypad")
    assert tenant.reason("*7001", door=door) == "opened"
    (event,) = tenant.events()
    assert (event["type"], event["code"]) == ("right-return-code", "*7001")
    fields = {"deviceId": tenant.device, "keyCode": "8888"}
    tenant.call("POST", "/keys/flat-1", fields)
    assert tenant.reason("*7001", door=door) == "wrong-code"
    assert tenant.reason("*8888", door=door) == "opened"


def test_weekly_day_zero(tenant: Tenant) -> None:
    door = tenant.add_door("Street", kind="keypad")
    hours = {"startTime": "00:00", "endTime": "23:59", "days": {"0": True}}
    right = {
        "devices": [{"id": door["vendor_id"]}],
        "person": "Ada",
        "contacts": [],
        "perm": True,
        "recurrent": [hours],
    } | NOW
    sunday, monday = "2026-12-06T10:00:00Z", "2026-12-07T10:00:00Z"
    for first, open_on, shut_on in (
        ("sunday", sunday, monday),
        ("monday", monday, sunday),
    ):
        tenant.switch(weekly_day_zero=first)
        body = right | {"accessRightId": first}
        pin = tenant.call("POST", "/accessrights", body).json["pincode"]
        assert tenant.probe(pin, open_on, door) == "opened"
        assert tenant.probe(pin, shut_on, door) == "wrong-day"


def test_reminders(tenant: Tenant) -> None:
    tenant.switch(start_reminder_hours=1, end_reminder_hours=1)
    ada = {"email": "ada@example.org", "sendEmail": True}
    tenant.contract(contacts=[ada])
    tenant.go("2026-12-01T14:00:00Z")
    assert tenant.outbox()[-1][1] == "Your key: soon"
    tenant.go("2026-12-04T12:59:59Z")
    assert len(tenant.outbox()) == 2
    tenant.go("2026-12-04T13:00:00Z")
    assert tenant.outbox()[-1][1] == "Your key: please return"


def test_push_tries(tenant: Tenant, replies: list[int]) -> None:
    tenant.add_receiver()
    tenant.switch(push_tries=2, push_first_gap_seconds=3)
    replies += [500] * 9
    tenant.contract()
    tenant.advance("PT1H")
    (row,) = tenant.sim("GET", f"{tenant.base}/deliveries")
    assert [each["at"][-3:] for each in row["attempts"]] == ["00Z", "03Z"]


def test_signature_window(tenant: Tenant) -> None:
    machine = machines.make(tenant)
    tenant.switch(signature_window_seconds=10)
    headers = machine.headers("GET", "/groups", "")
    tenant.go(START)
    answer = tenant.client.get("/livionkey/v2/groups", headers=headers)
    assert answer.status_code == 401
