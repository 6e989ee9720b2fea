"""Each fake's OpenAPI document is valid, complete, and true of what is answered."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import one_of
from openapi_spec_validator import validate
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error

from fakes.kit.app import App, Options, create_app

if TYPE_CHECKING:
    from schemathesis import Case

CONTROL = {"Authorization": "Bearer control"}
VENDORS = ("exivo", "igloohome", "livionkey", "nuki")
FUZZED = ("igloohome", "livionkey", "nuki")  # Exivo's has a test of its own
APP: App = create_app(Options(control_token="control"))
CLIENT = APP.test_client()
bounded = settings(
    max_examples=150,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@cache
def document(vendor: str) -> dict[str, Any]:
    answer = CLIENT.get(f"/_sim/openapi/{vendor}.json")
    assert answer.status_code == 200
    return dict(answer.json)


@cache
def credentials(vendor: str) -> dict[str, str]:
    made = CLIENT.post("/_sim/worlds", json={"portfolio": "demo"}, headers=CONTROL)
    return dict(made.json["credentials"][vendor])


@cache
def headers(vendor: str) -> dict[str, str]:
    """Return what a client of the vendor signs its calls with."""
    known = credentials(vendor)
    if vendor == "nuki":
        return {"Authorization": f"Bearer {known['api_token']}"}
    if vendor == "livionkey":
        login = {name: known[name] for name in ("email", "password")}
        token = CLIENT.post("/livionkey/auth/login", json=login).json["token"]
        return {"Authorization": f"Bearer {token}"}
    pair = f"{known['client_id']}:{known['client_secret']}".encode()
    basic = {"Authorization": f"Basic {b64encode(pair).decode()}"}
    form = {"grant_type": "client_credentials"}
    answer = CLIENT.post("/igloohome/oauth2/token", data=form, headers=basic)
    return {"Authorization": f"Bearer {answer.json['access_token']}"}


@pytest.mark.parametrize("vendor", VENDORS)
def test_document_is_valid(vendor: str) -> None:
    validate(document(vendor))
    assert document(vendor)["paths"]
    assert document(vendor)["components"]["securitySchemes"]


@pytest.mark.parametrize("vendor", FUZZED)
def test_document_has_every_path_that_is_modelled(vendor: str) -> None:
    mount = f"/{vendor}"
    modelled = {
        (rule.rule.count("/") - 1, method)
        for rule in APP.url_map.iter_rules()
        if rule.rule.startswith(f"{mount}/") and "nothing_here" not in rule.endpoint
        if "/portal" not in rule.rule
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {
        (path.count("/"), method.upper())
        for path, found in document(vendor)["paths"].items()
        for method in found
    }
    assert described == modelled
    assert not [path for path in document(vendor)["paths"] if "<" in path]


def test_document_names_the_body_of_a_call() -> None:
    call = document("nuki")["paths"]["/smartlock/{smartlock_id}/auth"]["put"]
    (shape,) = call["requestBody"]["content"].values()
    assert shape["schema"] == {"$ref": "#/components/schemas/NewAuth"}
    fields = document("nuki")["components"]["schemas"]["NewAuth"]["properties"]
    assert "allowedFromDate" in fields


def test_document_of_no_vendor_is_a_problem() -> None:
    answer = CLIENT.get("/_sim/openapi/nukki.json")
    assert answer.status_code == 404
    assert "did you mean 'nuki'" in answer.json["detail"]


@pytest.mark.parametrize("vendor", FUZZED)
def test_client_made_from_the_document_meets_no_failure_of_the_server(
    vendor: str,
) -> None:
    described = document(vendor) | {"security": []}
    schema = schemathesis.openapi.from_dict(described)
    modes = [GenerationMode.POSITIVE]
    calls = one_of(
        *(
            found.ok().as_strategy(generation_mode=modes[0])
            for found in schema.get_all_operations()
        )
    )

    @bounded
    @given(calls)
    def asked(case: Case) -> None:
        response = case.call(
            app=APP, base_url=f"http://localhost/{vendor}", headers=headers(vendor)
        )
        case.validate_response(response, checks=[not_a_server_error])

    asked()
