"""Whatever is sent to whichever call, its answer is no fault of the service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import one_of
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error

from service.web import openapi
from tests.campaigns import budget
from tests.service.web.conftest import TOKEN, by_hand, event

if TYPE_CHECKING:
    from tests.service.web.conftest import ApiClient

CALLS = [
    (method, path) for path, found in openapi()["paths"].items() for method in found
]
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
schema = schemathesis.openapi.from_dict(openapi() | {"security": []})
bounded = settings(
    max_examples=budget.of(25, 400),
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def ids_of(api: ApiClient) -> dict[str, Any]:
    """Return an id of each kind, of a booking with a code and a code by hand."""
    connection = api.ready()
    api.send(connection, event())
    made = api.call("POST", "/api/accesses", json=by_hand(connection)).json
    api.env.work()
    return {
        "connection": connection["id"],
        "lock": connection["front"],
        "rule": connection["rule"],
        "access": made["id"],
        "event": api.get("/api/events")["items"][0]["id"],
        "ref": "B-1",
        "key": connection["webhook_url"].rpartition("/")[2],
    }


@pytest.mark.parametrize(("method", "path"), CALLS, ids=str)
def test_nothing_that_is_sent_is_a_fault(
    api: ApiClient, method: str, path: str
) -> None:
    known, app = ids_of(api), api.client.application
    operation = schema[path][method.upper()]
    fit, unfit = GenerationMode.POSITIVE, GenerationMode.NEGATIVE

    @bounded
    @given(one_of(*(operation.as_strategy(generation_mode=m) for m in (fit, unfit))))
    def judge(case: Case) -> None:
        for name, made_up in case.path_parameters.items():
            if len(str(made_up)) % 2 == 0:  # half of the ids are right
                case.path_parameters[name] = known.get(name, made_up)
        case.validate_response(
            case.call(app=app, headers=HEADERS), checks=[not_a_server_error]
        )

    judge()
