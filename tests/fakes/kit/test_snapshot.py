from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

step = st.one_of(
    st.tuples(st.just("code"), st.integers(1000, 1005)),
    st.tuples(st.just("advance"), st.integers(0, 120)),
    st.tuples(st.just("enter"), st.integers(1000, 1005)),
    st.tuples(st.just("fault"), st.integers(1, 3)),
    st.tuples(st.just("online"), st.booleans()),
)


def live(world: Any, steps: list[tuple[str, Any]]) -> list[Any]:
    """Everything that the world answers to the steps."""
    return [ACTS[name](world, value) for name, value in steps]


def _fault(world: Any, times: int) -> Any:
    effect = {"status": 503}
    body = {"vendor": "acme", "phase": "after", "effect": effect, "probability": 0.5}
    return world.post("/faults", body | {"times": times})


ACTS: dict[str, Callable[[Any, Any], Any]] = {
    "code": lambda world, pin: world.make_code(str(pin)).text,
    "advance": lambda world, span: world.advance(f"PT{span}S"),
    "enter": lambda world, pin: world.post(
        f"/doors/{world.door}/entries", {"code": str(pin)}
    ),
    "fault": _fault,
    "online": lambda world, online: (
        world.ask("PATCH", f"/doors/{world.door}", {"online": online}).json
    ),
}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(past=st.lists(step, max_size=8), future=st.lists(step, max_size=8))
def test_restored_world_has_the_same_future(
    new_world: Callable[..., Any],
    past: list[tuple[str, Any]],
    future: list[tuple[str, Any]],
) -> None:
    world = new_world()
    world.acme("PUT", "/hook", {"url": "http://127.0.0.1:9/hook"})
    live(world, past)
    state = world.get("/state")
    first = live(world, future), world.get("/state")

    assert world.ask("PUT", "/state", state).status_code == 200
    assert world.get("/state") == state
    assert (live(world, future), world.get("/state")) == first


def test_restored_world_stands_where_it_stood(world: Any) -> None:
    state = world.get("/state")
    world.advance("P1D")
    assert world.ask("PUT", "/state", state).json == world.made


def test_snapshot_of_one_world_is_refused_by_another(
    new_world: Callable[..., Any],
) -> None:
    one, two = new_world(), new_world()
    refused = two.ask("PUT", "/state", one.get("/state"))
    assert refused.status_code == 409
    assert "belongs to another world" in refused.json["detail"]
    assert two.make_code("4829").status_code == 200


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": 2}, "format 2 is unknown; this reads 1"),
        ({"vendors": {}}, "the state of vendor 'acme' is missing"),
        ({"vendors": {"acne": {}}}, "did you mean 'acme'"),
        ({"vendors": {"acme": {}}}, "vendors.acme.key: Field required"),
        ({"quirks": {"acme.greeting": "cold"}}, "give one of 'plain', 'warm'"),
    ],
)
def test_state_that_makes_no_sense_changes_nothing(
    world: Any, change: dict[str, Any], said: str
) -> None:
    state = world.get("/state")
    refused = world.ask("PUT", "/state", state | change)
    assert refused.status_code == 422
    assert said in refused.json["detail"]
    assert world.get("/state") == state


def with_code(world: Any) -> Any:
    """Return the state of a world in which a code is on its way to a door."""
    world.acme("PUT", "/hook", {"url": "http://127.0.0.1:9/hook"})
    world.make_code("4828")
    world.advance("PT1H")
    world.make_code("4829")
    return world.get("/state")


def _lose_the_code(state: Any) -> None:
    state["vendors"]["acme"]["cloud"].clear()


def _lose_the_door(state: Any) -> None:
    state["vendors"]["acme"]["doors"].clear()


def _rename_the_task(state: Any) -> None:
    state["clock"]["due"][0]["task"] = "acme.snyc"


def _forget_what_it_is_about(state: Any) -> None:
    state["clock"]["due"][0]["args"] = {}


def _leave_the_calendar(state: Any) -> None:
    state["clock"]["now"] = "9999-12-31T23:59:59Z"


def _rename_the_sender(state: Any) -> None:
    state["deliveries"][0]["vendor"] = "acne"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_lose_the_code, r"task 'acme\.sync' with .* leads to KeyError"),
        (_lose_the_door, r"task 'acme\.sync' with .* leads to KeyError \('door"),
        (_rename_the_task, r"task 'acme\.snyc' with .* KeyError \('acme\.snyc'\)"),
        (_forget_what_it_is_about, r"task 'acme\.sync' with {} .*'ref'"),
        (_leave_the_calendar, "its clock .*worlds live from 1970 to 2300"),
        (_rename_the_sender, "webhook '.*' leads to KeyError \\('acne'\\)"),
    ],
)
def test_state_that_refers_to_what_is_not_there_is_refused(
    world: Any, change: Callable[[Any], None], said: str
) -> None:
    state = with_code(world)
    changed = deepcopy(state)
    change(changed)
    refused = world.ask("PUT", "/state", changed)
    assert refused.status_code == 422
    assert re.search(said, refused.json["detail"])
    assert "nothing was changed, give a state as it was taken" in refused.json["detail"]
    assert world.get("/state") == state
    assert world.advance("P1D")["ran"]


def test_state_is_tried_out_before_it_is_taken(world: Any) -> None:
    """Nothing of the trial shows: no webhook is sent, no task is run."""
    state = with_code(world)
    assert world.ask("PUT", "/state", state).status_code == 200
    assert world.get("/state") == state
