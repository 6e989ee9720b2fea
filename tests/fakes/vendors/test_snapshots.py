"""A state whose parts do not fit together is refused, at each vendor alike."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.vendors.test_removed_doors import CLIENT, CONTROL, VENDORS, Sim

if TYPE_CHECKING:
    from collections.abc import Iterator

Place = tuple[Any, Any]
"""A dictionary or a list, and a key or an index of it."""


def places(node: Any) -> Iterator[Place]:
    """Yield every place in a JSON value that holds a plain value."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        if isinstance(value, (dict, list)):
            yield from places(value)
        else:
            yield node, key


def put(sim: Sim, state: Any) -> Any:
    return CLIENT.put(f"{sim.path}/state", json=state, headers=CONTROL)


@pytest.mark.parametrize("vendor", VENDORS)
def test_door_whose_clock_is_too_far_off_is_refused(vendor: str) -> None:
    sim = Sim()
    state = sim.ask("GET", "/state")
    found = [
        (node, key)
        for node, key in places(state["vendors"][vendor])
        if key == "clock_drift_seconds"
    ]
    for node, key in found:
        node[key] = 1e308
    refused = put(sim, state)
    assert found
    assert refused.status_code == 422
    assert "its clock cannot be 1e+308 seconds off" in refused.json["detail"]


@pytest.mark.parametrize("vendor", VENDORS)
def test_door_that_is_referred_to_by_another_id_breaks_nothing(vendor: str) -> None:
    """Such a state is refused, or its doors and its clock can be used."""
    sim = Sim()
    state, door = sim.ask("GET", "/state"), sim.doors(vendor)[0]
    ids = {door["id"], door["vendor_id"]}
    refused = 0
    for number, (node, key) in enumerate(places(state["vendors"][vendor])):
        if node[key] not in ids:
            continue
        changed = deepcopy(state)
        other, _ = list(places(changed["vendors"][vendor]))[number]
        other[key] = "nobody"
        answer = put(sim, changed)
        if answer.status_code == 422:
            assert "nobody" in answer.json["detail"]
            refused += 1
            continue
        assert answer.status_code == 200
        sim.ask("POST", "/clock", {"advance": "P2D"})
        for each in sim.doors(vendor):
            path = f"/doors/{each['id']}"
            sim.ask("POST", f"{path}/entries", {"code": "1234"})
            sim.ask("PATCH", path, {"online": False})
    assert refused
