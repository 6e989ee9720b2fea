"""Devices on the wall: how they are hung, furnished and changed by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.vendors.livionkey.tenant import CONTROL

if TYPE_CHECKING:
    from tests.fakes.vendors.livionkey.tenant import Tenant


def ask(tenant: Tenant, method: str, path: str, body: Any) -> Any:
    headers = {"Authorization": f"Bearer {CONTROL}"}
    url = f"{tenant.base}/doors{path}"
    return tenant.client.open(url, method=method, json=body, headers=headers)


def test_cabinet_has_one_slot_with_one_key_unless_told_otherwise(
    tenant: Tenant,
) -> None:
    door = tenant.add_door("Cottage")
    assert (door["kind"], door["product"]) == ("cabinet", "keyX")
    ((slot),) = door["slots"]
    assert (slot["slot"], slot["in"]) == (0, True)
    (key,) = tenant.get(f"/devices/{door['vendor_id']}/keys")
    assert key["keyId"] == slot["key"]
    assert len(key["keyCode"]) == 4


def test_key_may_hang_elsewhere_be_out_or_be_shared(tenant: Tenant) -> None:
    keys = [{"id": "a", "slot": 2, "inside": False, "shared": True}, {"id": "b"}]
    door = tenant.add_door("Annex", slots=3, keys=keys)
    assert [slot["key"] for slot in door["slots"]] == ["b", None, "a"]
    assert [slot["in"] for slot in door["slots"]] == [True, False, False]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"slots": 31}, "slots"),
        ({"kind": "lock"}, "kind"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"keys": [{"id": "flat-1"}]}, "key already exists"),
        ({"keys": [{"id": "a", "slot": 1}]}, "lockerIndex is too big"),
        ({"keys": [{"id": "a", "return_code": "x"}]}, "return_code"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_wrong_field_is_named(tenant: Tenant, fields: Any, reason: str) -> None:
    body = {"vendor": "livionkey", "name": "Annex"} | fields
    refused = ask(tenant, "POST", "", body)
    assert refused.status_code == 422
    assert reason in refused.json["detail"]


def test_entry_is_refused_what_no_cabinet_can_do(tenant: Tenant) -> None:
    path = f"/{tenant.cabinet['id']}/entries"
    refused = ask(tenant, "POST", path, {"code": "1234", "then": "steal"})
    assert refused.status_code == 422
    assert "take, return, nothing" in refused.json["detail"]


def test_cabinet_is_changed_by_hand(tenant: Tenant) -> None:
    door = tenant.change(name="Hall", clock_drift_seconds=90, timezone="Asia/Kolkata")
    assert (door["name"], door["clock_drift_seconds"]) == ("Hall", 90)
    assert tenant.get(f"/devices/{tenant.device}")["name"] == "Hall"
    refused = ask(tenant, "PATCH", f"/{door['id']}", {"slots": 9})
    assert refused.status_code == 422


def test_demo_world_has_a_cabinet_a_keybox_and_a_keypad(tenant: Tenant) -> None:
    made = tenant.sim("POST", "/_sim/worlds", {"portfolio": "demo", "seed": 1})
    doors = [each for each in made["doors"] if each["vendor"] == "livionkey"]
    assert [(each["name"], each["product"]) for each in doors] == [
        ("Lobby", "key30"),
        ("Cottage", "keyX"),
        ("Street door", "keypad"),
    ]
    assert [slot["key"] for slot in doors[0]["slots"]][:4] == [
        "flat-1",
        "flat-2",
        "flat-3",
        "flat-4",
    ]


def test_settings_need_the_password_and_right_values(tenant: Tenant) -> None:
    path = "/livionkey/portal/settings"
    wrong = tenant.client.get(path, auth=(tenant.login["email"], "guessed"))
    nobody = tenant.client.get(path, auth=("nobody", "guessed"))
    assert (wrong.status_code, nobody.status_code) == (401, 401)
    account = (tenant.login["email"], tenant.login["password"])
    late = {"default_checkout_time": "25:00"}
    refused = tenant.client.patch(path, json=late, auth=account)
    assert refused.status_code == 422
    tenant.settle(return_grace_minutes=60)
    assert tenant.portal("GET", "/settings") == {
        "return_grace_minutes": 60,
        "overdue_delay_minutes": 0,
        "default_checkout_time": "",
        "manager_email": "",
        "manager_phone": "",
    }


def test_contract_that_the_app_removes_is_gone_and_its_pin_is_dead(
    tenant: Tenant,
) -> None:
    made = tenant.contract()
    tenant.change(app_removes=made["pincode"])
    assert tenant.call("GET", f"/contracts/{made['id']}").status_code == 400
    assert tenant.probe(made["pincode"], "2026-12-02T12:00:00Z") == "wrong-code"
