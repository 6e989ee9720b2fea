from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from fakes.kit.credentials import CredentialTakenError

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask


def test_parallel_worlds_never_meet(new_world: Callable[..., Any]) -> None:
    tenants = [new_world(name=str(number)) for number in range(8)]

    def live(number: int) -> None:
        for pin in range(10):
            assert tenants[number].make_code(f"{number}{pin}").status_code == 200
            tenants[number].advance("PT30S")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(live, range(8)))

    for number, tenant in enumerate(tenants):
        pins = {code["code"] for code in tenant.get("/codes")}
        assert pins == {f"{number}{pin}" for pin in range(10)}
        assert tenant.get("/clock")["now"] == "2026-12-01T09:05:00Z"
        assert len(tenant.get("/requests")) == 10


def test_worlds_of_one_seed_have_the_same_ids_and_other_credentials(
    new_world: Callable[..., Any],
) -> None:
    one, two = new_world(), new_world()
    assert one.made["doors"] == two.made["doors"]
    assert one.made["credentials"] != two.made["credentials"]


def test_demo_world_always_exists_with_dummy_credentials(sim: Any) -> None:
    demo = sim.get("/worlds/demo")
    assert demo["credentials"]["acme"]["key"] == "demo-acme-key"
    assert demo["mode"] == "running"
    assert [door["name"] for door in demo["doors"]] == ["Front"]
    refused = sim.ask("DELETE", "/worlds/demo")
    assert refused.status_code == 409


def test_worlds_are_listed_and_dropped(sim: Any, new_world: Callable[..., Any]) -> None:
    world = new_world(name="mine")
    assert [each["name"] for each in sim.get("/worlds")] == ["demo", "mine"]
    assert world.ask("DELETE", "").status_code == 204
    assert world.acme("GET", "/codes").status_code == 401
    assert world.ask("GET", "").status_code == 404


def test_world_without_an_instant_runs_at_the_real_present(
    new_world: Callable[..., Any],
) -> None:
    world = new_world(now=None)
    assert world.made["mode"] == "running"
    first, second = world.get("/clock")["now"], world.get("/clock")["now"]
    assert first < second


def test_credential_leads_to_its_world_until_it_is_released(
    app: Flask, new_world: Callable[..., Any]
) -> None:
    worlds = app.extensions["strikeplate.worlds"]
    tenant, other = new_world(), new_world()
    world = worlds.get(tenant.made["id"])
    tenant.made["credentials"]["acme"]["key"] = "token-1"

    world.register_credential("acme", "token-1")
    assert tenant.acme("GET", "/codes").status_code == 200
    with pytest.raises(CredentialTakenError):
        worlds.get(other.made["id"]).register_credential("acme", "token-1")
    world.release_credential("acme", "token-1")
    assert tenant.acme("GET", "/codes").status_code == 401


def test_second_move_of_one_clock_waits_and_then_gives_up(
    app: Flask, new_world: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fakes.kit.world.PATIENCE_SECONDS", 0.01)
    tenant = new_world()
    world = app.extensions["strikeplate.worlds"].get(tenant.made["id"])
    with world.moving():
        refused = tenant.ask("POST", "/clock", {"advance": "PT1H"})
    assert refused.status_code == 409
    assert "still being moved" in refused.json["detail"]


def test_running_world_runs_what_is_due_before_it_answers(
    new_world: Callable[..., Any],
) -> None:
    tenant = new_world(now=None)
    tenant.ask("PATCH", "/quirks", {"acme.sync-seconds": 0})
    tenant.make_code("4829")
    assert [code["truth"] for code in tenant.get("/codes")] == ["cloud", "door"]


def test_reset_begins_again_with_the_same_ids_and_credentials(world: Any) -> None:
    first = world.make_code("4829").json
    world.advance("PT1H")
    world.ask("PATCH", "/quirks", {"acme.sync-seconds": 1})
    again = world.post("/reset")
    assert again == world.made
    assert world.get("/requests") == []
    assert world.get("/quirks")["acme"]["sync-seconds"]["value"] == 30
    assert world.make_code("4829").json == first


def test_reset_with_a_seed_gives_other_ids_and_the_same_credentials(world: Any) -> None:
    one, two = (world.post("/reset", {"seed": seed}) for seed in (1, 2))
    assert one["credentials"] == two["credentials"] == world.made["credentials"]
    ids = [each["doors"][0]["vendor_id"] for each in (one, two, world.made)]
    assert len({*ids}) == 3
    assert world.post("/reset") == world.made
