"""Doors are taken away and others come in their place, at each vendor alike."""

from __future__ import annotations

import pytest

from tests.fakes.vendors.sim import CLIENT, CONTROL, VENDORS, Sim


@pytest.fixture
def sim() -> Sim:
    return Sim()


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_door_can_be_taken_away(sim: Sim, vendor: str) -> None:
    others = len(sim.ask("GET", "/doors")) - len(sim.doors(vendor))
    for door in sim.doors(vendor):
        sim.ask("DELETE", f"/doors/{door['id']}")
    assert sim.doors(vendor) == []
    sim.ask("POST", "/clock", {"advance": "P2D"})
    assert len(sim.ask("GET", "/doors")) == others
    sim.ask("GET", "/codes")
    sim.ask("PUT", "/state", sim.ask("GET", "/state"))


@pytest.mark.parametrize("vendor", VENDORS)
def test_door_in_the_place_of_another_is_another_device(sim: Sim, vendor: str) -> None:
    old = sim.doors(vendor)[0]
    sim.ask("DELETE", f"/doors/{old['id']}")
    new = sim.ask("POST", "/doors", {"vendor": vendor, "name": old["name"]})
    assert new["name"] == old["name"]
    assert new["vendor_id"] != old["vendor_id"]
    gone = CLIENT.get(f"{sim.path}/doors/{old['id']}", headers=CONTROL)
    assert gone.status_code == 404


def test_order_on_its_way_to_a_lock_that_is_taken_away_ends(sim: Sim) -> None:
    lock = sim.doors("nuki")[0]
    bearer = {"Authorization": f"Bearer {sim.credentials['nuki']['api_token']}"}
    path = f"/nuki/smartlock/{lock['vendor_id']}/auth"
    order = {"name": "Ada", "type": 13, "code": 345678}
    assert CLIENT.put(path, json=order, headers=bearer).status_code == 204
    sim.ask("DELETE", f"/doors/{lock['id']}")
    sim.ask("POST", "/clock", {"advance": "PT1M"})
    assert CLIENT.get(path, headers=bearer).status_code == 404


def test_job_for_a_lock_that_is_taken_away_expires(sim: Sim) -> None:
    known = sim.credentials["igloohome"]
    pair = (known["client_id"], known["client_secret"])
    form = {"grant_type": "client_credentials"}
    token = CLIENT.post("/igloohome/oauth2/token", data=form, auth=pair).json
    bearer = {"Authorization": f"Bearer {token['access_token']}"}
    doors = {each["name"]: each for each in sim.doors("igloohome")}
    lock, hub = doors["Court 1"], doors["Bridge"]
    devices = "/igloohome/igloohome/devices"
    path = f"{devices}/{lock['vendor_id']}/jobs/bridges/{hub['vendor_id']}"
    job = CLIENT.post(path, json={"jobType": 2}, headers=bearer).json["jobId"]
    sim.ask("DELETE", f"/doors/{lock['id']}")
    sim.ask("POST", "/clock", {"advance": "PT1M"})
    shown = CLIENT.get(f"/igloohome/igloohome/jobs/{job}", headers=bearer)
    assert shown.json["completed"] is True
