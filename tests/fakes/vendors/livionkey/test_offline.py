"""A cabinet without a connection: it works by what it knew, and is heard later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.vendors.livionkey.tenant import END, START

if TYPE_CHECKING:
    from tests.fakes.vendors.livionkey.tenant import Tenant


def truths(tenant: Tenant, code: str) -> list[str]:
    rows = tenant.sim("GET", f"{tenant.base}/codes?door={tenant.cabinet['id']}")
    return [row["truth"] for row in rows if row["code"] == code]


def synced(tenant: Tenant) -> bool:
    return bool(tenant.get(f"/devices/{tenant.device}")["synced"]["isSynced"])


def test_new_code_waits_in_the_queue_until_the_cabinet_is_back(tenant: Tenant) -> None:
    tenant.change(online=False)
    pin = tenant.contract(start="2026-12-01T09:00:00Z")["pincode"]
    assert truths(tenant, pin) == ["cloud", "queue"]
    assert synced(tenant) is False
    assert tenant.reason(pin) == "wrong-code"
    tenant.change(online=True)
    assert truths(tenant, pin) == ["cloud", "door"]
    assert synced(tenant) is True
    assert tenant.reason(pin) == "opened"


def test_deleted_code_works_until_the_cabinet_syncs(tenant: Tenant) -> None:
    made = tenant.contract(start="2026-12-01T09:00:00Z")
    tenant.change(online=False)
    tenant.call("DELETE", f"/contracts/{made['id']}")
    assert truths(tenant, made["pincode"]) == ["door"]
    assert tenant.reason(made["pincode"], then="nothing") == "opened"
    tenant.change(online=True)
    assert tenant.reason(made["pincode"]) == "wrong-code"


def test_events_of_a_spell_offline_come_late_with_their_own_times(
    tenant: Tenant,
) -> None:
    tenant.add_receiver()
    pin = tenant.contract()["pincode"]
    tenant.change(online=False)
    tenant.go(START)
    tenant.enter(pin)
    tenant.go("2026-12-02T09:00:00Z")
    tenant.enter(pin)
    assert tenant.key_events() == []
    tenant.go("2026-12-02T12:00:00Z")
    tenant.change(online=True)
    late = [each for each in tenant.events() if each["type"] == "key-status"]
    assert [(each["state"], each["time"]) for each in late] == [
        ("key-fetched", "2026-12-01T15:00:00.000Z"),
        ("key-returned", "2026-12-02T09:00:00.000Z"),
    ]
    tenant.change(online=True)
    assert len(tenant.key_events()) == 2


def test_cloud_misses_a_key_that_came_back_while_offline(tenant: Tenant) -> None:
    tenant.add_receiver()
    pin = tenant.contract()["pincode"]
    tenant.go(START)
    tenant.enter(pin)
    tenant.change(online=False)
    tenant.enter(pin)
    tenant.go(END)
    assert tenant.key_events() == ["key-fetched", "key-not-returned"]
    tenant.change(online=True)
    assert tenant.key_events()[2:] == ["key-returned"]
    assert tenant.events()[-1]["time"] == "2026-12-01T15:00:00.000Z"


def test_key_taken_while_offline_is_reported_overdue_once_the_cabinet_is_online(
    tenant: Tenant,
) -> None:
    tenant.add_receiver()
    pin = tenant.contract()["pincode"]
    tenant.change(online=False)
    tenant.go(START)
    tenant.enter(pin)
    tenant.go("2026-12-05T00:00:00Z")
    assert tenant.key_events() == ["key-not-fetched"]
    tenant.change(online=True)
    assert tenant.key_events() == [
        "key-not-fetched",
        "key-fetched",
        "key-not-returned",
    ]


def test_locker_list_shows_what_was_last_heard(tenant: Tenant) -> None:
    pin = tenant.contract(start="2026-12-01T09:00:00Z")["pincode"]
    tenant.change(online=False)
    tenant.enter(pin)
    path = f"/devices/{tenant.device}/lockers/0"
    assert tenant.get(path)["locker"]["isKeyInside"] is True
    tenant.change(online=True)
    assert tenant.get(path)["locker"]["isKeyInside"] is False


def test_new_grace_counts_once_the_cabinet_has_heard_of_it(tenant: Tenant) -> None:
    pin = tenant.contract()["pincode"]
    tenant.go(START)
    tenant.enter(pin)
    tenant.change(online=False)
    tenant.settle(return_grace_minutes=60)
    tenant.go(END)
    assert tenant.reason(pin) == "over"
    tenant.change(online=True)
    assert tenant.enter(pin)["rule"] == "LIV-03"


def test_backup_code_spent_offline_is_spent_for_good(tenant: Tenant) -> None:
    first, second = tenant.get("/keys/flat-1")[0]["backupCodes"]
    tenant.change(online=False)
    tenant.enter(first)
    tenant.change(online=True)
    assert tenant.get("/keys/flat-1")[0]["backupCodes"] == [second]
    assert tenant.reason(first) == "wrong-code"


def test_key_removed_while_offline_is_gone(tenant: Tenant) -> None:
    pin = tenant.contract(start="2026-12-01T09:00:00Z")["pincode"]
    tenant.change(online=False)
    tenant.call("DELETE", f"/keys/flat-1?deviceId={tenant.device}")
    assert tenant.reason(pin) == "wrong-code"
    assert tenant.reason("*7001") == "wrong-code"


def test_door_tells_since_when_it_knows_a_code(tenant: Tenant) -> None:
    first = tenant.contract(start="2026-12-01T09:00:00Z")["pincode"]
    tenant.change(online=False)
    second = tenant.contract("flat-2", contractId="B-1002")["pincode"]
    tenant.sim("POST", f"{tenant.base}/clock", {"advance": "PT1H"})
    tenant.change(online=True)
    rows = tenant.sim("GET", f"{tenant.base}/codes")
    since = {row["code"]: row["since"] for row in rows if row["truth"] == "door"}
    now = tenant.sim("GET", f"{tenant.base}/clock")["now"]
    assert since[second] == now
    assert since[first] < now


def test_codes_tell_every_truth_of_every_kind(tenant: Tenant) -> None:
    made = tenant.contract()
    rows: list[dict[str, Any]] = tenant.sim("GET", f"{tenant.base}/codes")
    at_the_door = {row["code"]: row for row in rows if row["truth"] == "door"}
    assert at_the_door[made["pincode"]]["ref"] == made["id"]
    assert at_the_door[made["pincode"]]["valid_until"] == END
    assert at_the_door["*7001"]["ref"] == "flat-1"
    assert len(at_the_door) == 1 + 3 + 6
    assert not [row for row in rows if row["truth"] == "queue"]


@pytest.mark.parametrize("online", [True, False])
def test_world_is_stored_and_restored_with_its_keys_out(
    tenant: Tenant, *, online: bool
) -> None:
    tenant.add_receiver()
    pin = tenant.contract()["pincode"]
    tenant.change(online=online)
    tenant.go(START)
    tenant.enter(pin)
    stored = tenant.sim("GET", f"{tenant.base}/state")
    tenant.go(END)
    expected = tenant.key_events()
    tenant.sent.clear()
    tenant.sim("PUT", f"{tenant.base}/state", stored)
    assert tenant.where()["in"] is False
    tenant.go(END)
    answer = tenant.key_events()
    assert answer == expected[-1:] or answer == expected
    tenant.change(online=True)
    assert tenant.enter("*7001")["key"] == "flat-1"
