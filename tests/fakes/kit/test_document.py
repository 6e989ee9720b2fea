"""The document of the control interface is true, and nothing that is sent breaks it."""

from __future__ import annotations

import copy
import functools
import operator
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import booleans, data, one_of, sampled_from
from openapi_spec_validator import validate
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error

from fakes.kit.app import Options, create_app
from fakes.kit.control import OPEN
from fakes.kit.control.document import document
from tests.campaigns import budget

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from hypothesis.strategies import DataObject

TOKEN = {"Authorization": "Bearer t"}
APP = create_app(Options(control_token="t"))
CALLS = [
    (method, path) for path, found in document()["paths"].items() for method in found
]
bounded = settings(
    max_examples=budget.of(30, 60),
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
schema = schemathesis.openapi.from_dict(document() | {"security": []})


def test_document_is_valid_and_has_every_route() -> None:
    validate(document())
    routes = {
        (method.lower(), str(rule))
        for rule in APP.url_map.iter_rules()
        if str(rule).startswith("/_sim/") and rule.endpoint not in OPEN
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {
        (method, path.replace("{", "<").replace("}", ">")) for method, path in CALLS
    }
    assert described == routes


def test_document_is_served_without_a_token_and_holds_none() -> None:
    answer = APP.test_client().get("/_sim/openapi.json")
    assert answer.json == document()
    assert APP.test_client().get("/_sim/worlds").status_code == 401


def impatient(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    """Answer as to a caller in this process who lets no time pass."""
    return APP(environ | {"strikeplate.delay": lambda _ms: None}, start)


@pytest.mark.parametrize(("method", "path"), CALLS, ids=str)
def test_nothing_that_is_sent_is_a_server_error(method: str, path: str) -> None:
    operation = schema[path][method.upper()]
    client = APP.test_client()
    door = client.get("/_sim/worlds/demo/doors", headers=TOKEN).json[0]["id"]
    fit, unfit = GenerationMode.POSITIVE, GenerationMode.NEGATIVE

    @bounded
    @given(one_of(*(operation.as_strategy(generation_mode=m) for m in (fit, unfit))))
    def judge(case: Case) -> None:
        for name, made_up in case.path_parameters.items():
            if len(str(made_up)) % 2 == 0:  # half of the ids are right
                known = {"world_id": "demo", "door_id": door}
                case.path_parameters[name] = known.get(name, made_up)
        case.validate_response(
            case.call(app=impatient, headers=TOKEN), checks=[not_a_server_error]
        )

    judge()


ODD = (None, "", "x", -1, 10**30, [], {}, ["x"], {"x": 1}, True, "2026-12-01T09:00:00Z")


def places(document: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Return the way to each value of a JSON document."""
    pairs = document.items() if isinstance(document, dict) else enumerate(document)
    for key, value in pairs:
        yield (*path, key)
        if isinstance(value, (dict, list)):
            yield from places(value, (*path, key))


def test_state_whose_parts_do_not_fit_is_refused_or_taken_whole() -> None:
    client = APP.test_client()
    body = {"portfolio": "demo", "now": "2026-12-01T09:00:00Z"}
    world = client.post("/_sim/worlds", json=body, headers=TOKEN).json
    assert world is not None
    url = f"/_sim/worlds/{world['id']}"
    state = client.get(f"{url}/state", headers=TOKEN).json
    spots = list(places(state))

    @settings(parent=bounded, max_examples=budget.of(150, 300))
    @given(data())
    def judge(drawn: DataObject) -> None:
        changed = copy.deepcopy(state)
        *way, last = drawn.draw(sampled_from(spots))
        inner = functools.reduce(operator.getitem, way, changed)
        if drawn.draw(booleans()) and isinstance(inner, dict):
            del inner[last]
        else:
            inner[last] = drawn.draw(sampled_from(ODD))
        put = client.put(f"{url}/state", json=changed, headers=TOKEN)
        assert put.status_code in {200, 409, 422}, put.text
        assert client.get(f"{url}/doors", headers=TOKEN).status_code == 200
        assert client.get(f"{url}/codes", headers=TOKEN).status_code == 200

    judge()
    assert client.put(f"{url}/state", json=state, headers=TOKEN).status_code == 200
    assert client.get(f"{url}/state", headers=TOKEN).json == state
