"""Each fake's OpenAPI document is valid, complete, and true of what is answered."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import one_of
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from fakes.kit.app import App, Options, create_app
from tests.campaigns import budget

if TYPE_CHECKING:
    from schemathesis import Case

CONTROL = {"Authorization": "Bearer control"}
VENDORS = ("exivo", "igloohome", "livionkey", "nuki")
FUZZED = ("igloohome", "livionkey", "nuki")  # Exivo's has a test of its own
DESCRIBED = ("igloohome", "livionkey", "nuki")  # with the shapes of their answers
READS = "reads"
SHAPELESS = {
    "igloohome": ["get /login", "post /login"],  # pages and redirects
    "livionkey": ["post /v2/automats/{automat_id}/cancelSendPincode"],  # empty
}

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
POSITIVE, NEGATIVE = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
APP: App = create_app(Options(control_token="control"))
CLIENT = APP.test_client()
bounded = settings(
    max_examples=budget.of(250, 1_000),
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@cache
def document(vendor: str) -> dict[str, Any]:
    answer = CLIENT.get(f"/_sim/openapi/{vendor}.json")
    assert answer.status_code == 200
    return dict(answer.json)


@cache
def credentials(vendor: str, _use: str) -> dict[str, str]:
    """Return those of a world for this use alone; made-up calls may revoke them."""
    made = CLIENT.post("/_sim/worlds", json={"portfolio": "demo"}, headers=CONTROL)
    return dict(made.json["credentials"][vendor])


@cache
def headers(vendor: str, use: str = "made up") -> dict[str, str]:
    """Return what a client of the vendor signs its calls with."""
    known = credentials(vendor, use)
    if vendor == "nuki":
        return {"Authorization": f"Bearer {known['api_token']}"}
    if vendor == "livionkey":
        login = {name: known[name] for name in ("email", "password")}
        token = CLIENT.post("/livionkey/auth/login", json=login).json["token"]
        return {"Authorization": f"Bearer {token}"}
    return igloohome_bearer(known)


def igloohome_bearer(known: dict[str, str]) -> dict[str, str]:
    """Return what a client of igloohome signs its calls with."""
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


@pytest.mark.parametrize("vendor", VENDORS)
def test_document_is_made_once_however_often_it_is_asked_for(vendor: str) -> None:
    path = f"/_sim/openapi/{vendor}.json"
    first = CLIENT.get(path).json
    kept = APP.extensions["vendor_documents"][vendor]
    assert CLIENT.get(path).json == first == kept
    assert APP.extensions["vendor_documents"][vendor] is kept


def test_document_of_no_vendor_is_a_problem() -> None:
    answer = CLIENT.get("/_sim/openapi/nukki.json")
    assert answer.status_code == 404
    assert "did you mean 'nuki'" in answer.json["detail"]


@pytest.mark.parametrize(
    ("mode", "checks"),
    [(POSITIVE, CHECKS), (NEGATIVE, [not_a_server_error])],
    ids=["fit", "unfit"],
)
@pytest.mark.parametrize("vendor", FUZZED)
def test_client_made_from_the_document_meets_no_failure_of_the_server(
    vendor: str, mode: GenerationMode, checks: list[Any]
) -> None:
    described = document(vendor) | {"security": []}
    schema = schemathesis.openapi.from_dict(described)
    operations = [found.ok() for found in schema.get_all_operations()]
    calls = one_of(*(each.as_strategy(generation_mode=mode) for each in operations))

    @bounded
    @given(calls)
    def asked(case: Case) -> None:
        response = case.call(
            app=APP, base_url=f"http://localhost/{vendor}", headers=headers(vendor)
        )
        case.validate_response(response, checks=checks)

    asked()


@pytest.mark.parametrize("vendor", DESCRIBED)
def test_every_operation_says_what_it_answers(vendor: str) -> None:
    described = document(vendor)["paths"]
    silent = [
        f"{method} {path}"
        for path, found in described.items()
        for method, call in found.items()
        for status, answer in call["responses"].items()
        if "content" not in answer and status not in {"204", "302"}
    ]
    assert silent == SHAPELESS.get(vendor, [])


@pytest.mark.parametrize("vendor", ["igloohome", "nuki"])  # LivionKey: test_document
def test_every_read_is_answered_as_the_document_says(vendor: str) -> None:
    """Reads with ids that exist: what the made-up ones of a fuzzer never reach."""
    schema = schemathesis.openapi.from_dict(document(vendor) | {"security": []})
    read = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        known = known_ids(vendor, operation.path)
        if operation.method != "get" or known is None:
            continue
        case = operation.Case(path_parameters=known)
        base, signed = f"http://localhost/{vendor}", headers(vendor, READS)
        response = case.call(app=APP, base_url=base, headers=signed)
        if operation.path not in BY_SCOPE:
            assert response.status_code == 200, (operation.path, response.text)
        case.validate_response(response, checks=CHECKS)
        read += 1
    assert read >= 6


BODILESS = {
    "igloohome": ["/login"],  # a page
    "nuki": [
        "/address/{address_id}/reservation/{reservation_id}/issue",
        "/address/{address_id}/reservation/{reservation_id}/revoke",
        "/api/key/{key_id}/advanced/reactivate",
        "/smartlock/{smartlock_id}/action/{command}",
        "/smartlock/{smartlock_id}/action/{command}/advanced",
        "/smartlock/{smartlock_id}/sync",
    ],
}


@pytest.mark.parametrize("vendor", BODILESS)
def test_every_body_is_described(vendor: str) -> None:
    bare = [
        path
        for path, found in document(vendor)["paths"].items()
        for method, call in found.items()
        if method in {"post", "put", "patch"} and "requestBody" not in call
    ]
    assert bare == BODILESS[vendor]


HOURS = {
    "startDate": "2026-12-01T15:00:00+01:00",
    "endDate": "2026-12-01T18:00:00+01:00",
}
PIN = {"variance": 1, "accessName": "Ada", **HOURS}
STORED = {"pin": "48291", "pinType": 4, "accessName": "Ada", **HOURS}
DEVICE = "/igloohome/devices/{device_id}"
BODIES: dict[str, tuple[str, dict[str, Any], tuple[str, ...]]] = {
    # The path of the document, where it leads, and a body; what is left out of it in
    # turns is what the document requires
    "hourly": (f"{DEVICE}/algopin/{{kind}}", PIN, ("endDate",)),
    "permanent": (f"{DEVICE}/algopin/{{kind}}", PIN, ()),
    "key": (f"{DEVICE}/ekey", HOURS | {"permissions": ["UNLOCK"]}, ()),
    "job": (
        f"{DEVICE}/jobs/bridges/{{bridge_id}}",
        {"jobType": 4, "jobData": STORED},
        ("jobData",),
    ),
}


@pytest.mark.parametrize("name", BODIES)
def test_body_of_the_igloohome_document_is_taken_and_no_less(name: str) -> None:
    path, body, also = BODIES[name]
    made = CLIENT.post(
        "/_sim/worlds",
        json={"portfolio": "demo", "now": "2026-12-01T09:00:00Z"},
        headers=CONTROL,
    ).json
    signed = igloohome_bearer(made["credentials"]["igloohome"])
    rows = CLIENT.get("/igloohome/igloohome/devices", headers=signed).json["payload"]
    ids = {"device_id": rows[0]["deviceId"], "bridge_id": rows[-1]["deviceId"]}
    ask = partial(CLIENT.post, f"/igloohome{path.format(kind=name, **ids)}")
    described = document("igloohome")["paths"][path]["post"]["requestBody"]
    ref = described["content"]["application/json"]["schema"]["$ref"].rpartition("/")
    schemas = document("igloohome")["components"]["schemas"]
    shape = schemas[ref[2]] | {"components": {"schemas": schemas}}
    OAS31Validator(shape).validate(body)
    taken = ask(json=body, headers=signed)
    assert taken.status_code == 200, taken.text
    for field in {*shape["required"], *also}:
        less = {key: each for key, each in body.items() if key != field}
        assert ask(json=less, headers=signed).status_code == 400, field


BY_SCOPE = {"/igloohome/devices/{device_id}/activity"}
"""Read with a token of one scope alone."""


def known_ids(vendor: str, path: str) -> dict[str, Any] | None:
    """Return ids that exist for the places of a path; None for those of none here."""
    names = re.findall(r"{(\w+)}", path)
    ids = existing(vendor)
    if path in PAGE_PATHS or not set(names) <= set(ids):
        return None
    return {name: ids[name] for name in names}


PAGE_PATHS = {"/login", "/oauth/authorize", "/api/key/{key_id}/advanced"}


@cache
def existing(vendor: str) -> dict[str, Any]:
    """Make one of each thing, and return its ids by the names of the paths' places."""
    ask = partial(CLIENT.open, headers=headers(vendor, READS))
    if vendor == "igloohome":
        devices = ask("/igloohome/igloohome/devices").json["payload"]
        lock, hub = devices[0]["deviceId"], devices[-1]["deviceId"]
        path = f"/igloohome/igloohome/devices/{lock}/jobs/bridges/{hub}"
        job = ask(path, method="POST", json={"jobType": 9}).json["jobId"]
        home = ask("/igloohome/igloohome/properties").json["payload"][0]["id"]
        return {"device_id": lock, "job_id": job, "home_id": home}
    lock = ask("/nuki/smartlock").json[0]["smartlockId"]
    order = {"name": "Ada", "type": 13, "code": 345678}
    ask(f"/nuki/smartlock/{lock}/auth", method="PUT", json=order)
    auth = ask(f"/nuki/smartlock/{lock}/auth").json[0]["id"]
    user = {"email": "ada@example.org", "name": "Ada"}
    made = ask("/nuki/account/user", method="PUT", json=user).json
    key = ask("/nuki/api/key").json[0]["apiKeyId"]
    known = {"smartlock_id": lock, "auth_id": auth, "key_id": key}
    return known | {"user_id": made["accountUserId"], "brand_id": 1}
