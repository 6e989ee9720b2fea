"""Devices are factory-reset, paired anew and replaced at doors that stay."""

from __future__ import annotations

import pytest

from tests.fakes.vendors.sim import CLIENT, CONTROL, VENDORS, Sim

FOUND = {"livionkey": "/devices/{}", "exivo": "/component/{}"}
FOUND |= {"nuki": "/smartlock/{}", "igloohome": "/devices/{}"}
# Whether a code of before opens once the device is paired anew: the cloud decides, or
# sends it again (exivo, livionkey), or it was in the device alone
COMES_BACK = {"exivo": True, "igloohome": False, "livionkey": True, "nuki": False}
GOES_ON = {"exivo": True, "igloohome": False, "livionkey": False, "nuki": False}


@pytest.fixture
def sim() -> Sim:
    return Sim()


@pytest.mark.parametrize("vendor", VENDORS)
def test_code_does_not_open_a_device_that_was_reset(sim: Sim, vendor: str) -> None:
    door = sim.door(vendor)
    typed = sim.issue(door)
    assert sim.opens(door, typed)
    assert sim.turn(door, "reset")["paired"] is False
    assert not sim.opens(door, typed)
    assert sim.codes(door, "door") == []
    sim.ask("POST", "/clock", {"advance": "PT5M"})
    assert not sim.opens(door, typed)


@pytest.mark.parametrize("vendor", VENDORS)
def test_device_that_is_paired_anew_opens_for_new_codes(sim: Sim, vendor: str) -> None:
    door = sim.door(vendor)
    old = sim.issue(door)
    assert sim.opens(door, old)
    sim.turn(door, "reset")
    paired = sim.turn(door, "paired")
    assert paired["paired"] is True
    assert paired["vendor_id"] == door["vendor_id"]
    assert sim.opens(door, old) is COMES_BACK[vendor]
    assert sim.call(vendor, "GET", FOUND[vendor].format(door["vendor_id"]), None).json
    if vendor != "livionkey":  # the contract of before still has the key
        assert sim.opens(door, sim.issue(door))


@pytest.mark.parametrize("vendor", VENDORS)
def test_device_can_be_paired_anew_in_one_step(sim: Sim, vendor: str) -> None:
    door = sim.door(vendor)
    old = sim.issue(door)
    assert sim.opens(door, old)
    sim.turn(door, "paired")
    assert sim.opens(door, old) is COMES_BACK[vendor]


@pytest.mark.parametrize("vendor", VENDORS)
def test_replaced_device_opens_for_new_codes(sim: Sim, vendor: str) -> None:
    door = sim.door(vendor)
    old = sim.issue(door)
    assert sim.opens(door, old)
    new = sim.turn(door, "replaced")
    assert new["id"] == door["id"]
    assert (new["vendor_id"] == door["vendor_id"]) is GOES_ON[vendor]
    assert sim.opens(new, old) is GOES_ON[vendor]
    assert sim.opens(new, sim.issue(new))
    gone = sim.call(vendor, "GET", FOUND[vendor].format(door["vendor_id"]), None)
    assert (gone.status_code == 200) is GOES_ON[vendor]


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_device_can_be_changed_and_stored(sim: Sim, vendor: str) -> None:
    for state in ("reset", "paired", "replaced", "reset", "replaced"):
        for door in sim.doors(vendor):
            assert sim.turn(door, state)["paired"] is (state != "reset")
        sim.ask("POST", "/clock", {"advance": "PT1H"})
        sim.ask("PUT", "/state", sim.ask("GET", "/state"))
        sim.ask("GET", "/codes")
    assert [each["name"] for each in sim.doors(vendor)] == [
        each["name"] for each in Sim().doors(vendor)
    ]


def test_cloud_issues_pins_that_a_reset_lock_does_not_know(sim: Sim) -> None:
    door = sim.door("igloohome")
    assert sim.opens(door, sim.issue(door))
    sim.turn(door, "reset")
    assert not sim.opens(door, sim.issue(door))
    assert sim.opens(door, {"code": "1234567890"}), "as it left the factory"
    sim.turn(door, "paired")
    assert not sim.opens(door, {"code": "1234567890"})
    assert sim.opens(door, sim.issue(door))


def test_bridge_does_not_reach_a_lock_that_was_reset(sim: Sim) -> None:
    doors = {each["name"]: each for each in sim.doors("igloohome")}
    lock, hub = doors["Court 1"], doors["Bridge"]
    path = f"/devices/{lock['vendor_id']}/jobs/bridges/{hub['vendor_id']}"

    def battery_is_read() -> bool:
        job = sim.done("igloohome", "POST", path, {"jobType": 9})["jobId"]
        sim.ask("POST", "/clock", {"advance": "PT30M"})
        shown = sim.done("igloohome", "GET", f"/jobs/{job}")
        return "opResult" in shown["jobResponse"]

    assert battery_is_read()
    sim.turn(lock, "reset")
    assert not battery_is_read()
    sim.turn(lock, "paired")
    assert battery_is_read()
    sim.turn(hub, "reset")
    assert sim.call("igloohome", "POST", path, {"jobType": 9}).status_code == 406


def test_bridge_serves_the_lock_in_the_place_of_another(sim: Sim) -> None:
    doors = {each["name"]: each for each in sim.doors("igloohome")}
    lock, hub = sim.turn(doors["Court 1"], "replaced"), doors["Bridge"]
    path = f"/devices/{lock['vendor_id']}/jobs/bridges/{hub['vendor_id']}"
    assert sim.done("igloohome", "POST", path, {"jobType": 9})["jobId"]


def test_order_for_a_nuki_lock_that_was_reset_waits_until_it_is_paired(
    sim: Sim,
) -> None:
    door = sim.door("nuki")
    sim.turn(door, "reset")
    typed = sim.issue(door)
    assert not sim.opens(door, typed)
    assert sim.codes(door, "queue") == [typed["code"]]
    sim.turn(door, "paired")
    sim.ask("POST", "/clock", {"advance": "PT1M"})
    assert sim.codes(door, "queue") == []
    assert not sim.opens(door, typed), "the pairing began with an empty lock"


def test_nuki_lock_that_left_the_account_is_in_it_again_once_paired(sim: Sim) -> None:
    door = sim.door("nuki")
    path = f"/smartlock/{door['vendor_id']}"
    sim.done("nuki", "DELETE", path)
    assert sim.call("nuki", "GET", path, None).status_code == 404
    sim.turn(door, "paired")
    assert sim.done("nuki", "GET", path)["name"] == door["name"]
    assert sim.opens(door, sim.issue(door))


def test_pin_pad_of_a_paired_exivo_door_is_told_who_may_pass(sim: Sim) -> None:
    door, done = sim.door("exivo"), sim.done
    zones = {each["name"]: each["id"] for each in done("exivo", "GET", "/accessZone")}
    group = done("exivo", "POST", "/accessgroup", {"name": "Members"})["id"]
    path = f"/accessgroup/{group}/accesszone/{zones['Main']}"
    done("exivo", "POST", path, "ALWAYS")
    ada = {"firstName": "Ada", "lastName": "Novak"}
    person = done("exivo", "POST", "/person", ada)["id"]
    done("exivo", "POST", f"/person/{person}/pincode", {"pinCode": "0815"})
    done("exivo", "POST", f"/person/{person}/assign/accessgroup/{group}")
    assert sim.opens(door, {"code": "0815"})
    sim.turn(door, "reset")
    assert not sim.opens(door, {"code": "0815"})
    component = done("exivo", "GET", f"/component/{door['vendor_id']}")
    assert component["ready"] is False
    sim.turn(door, "paired")
    assert sim.opens(door, {"code": "0815"})


def test_exivo_component_is_another_if_the_quirk_says_so(sim: Sim) -> None:
    sim.switch("exivo", "replaced-component", "new-id")
    door = sim.door("exivo")
    old = sim.issue(door)
    new = sim.turn(door, "replaced")
    assert new["vendor_id"] != door["vendor_id"]
    assert not sim.opens(new, old)
    assert sim.opens(new, sim.issue(new))


def test_livionkey_contracts_move_to_the_new_cabinet_if_the_quirk_says_so(
    sim: Sim,
) -> None:
    sim.switch("livionkey", "replaced-device", "contracts-move")
    door = sim.door("livionkey")
    old = sim.issue(door)
    new = sim.turn(door, "replaced")
    assert new["vendor_id"] != door["vendor_id"]
    assert sim.opens(new, old)
    assert [each["key"] for each in new["slots"]] == [
        each["key"] for each in door["slots"]
    ]


def test_livionkey_cabinet_that_was_reset_is_disconnected(sim: Sim) -> None:
    door = sim.door("livionkey")

    def is_connected() -> bool:
        rows = sim.done("livionkey", "GET", f"/devices/{door['vendor_id']}")
        return "disconnected" not in str(rows)

    assert is_connected()
    sim.turn(door, "reset")
    assert not is_connected()
    sim.turn(door, "paired")
    assert is_connected()


def test_unknown_state_of_a_device_is_refused(sim: Sim) -> None:
    path = f"{sim.path}/doors/{sim.door('nuki')['id']}/device"
    answer = CLIENT.post(path, json={"state": "repaired"}, headers=CONTROL)
    assert answer.status_code == 422
    path = f"{sim.path}/doors/door-99/device"
    answer = CLIENT.post(path, json={"state": "reset"}, headers=CONTROL)
    assert answer.status_code == 404
