"""Each call of both interfaces is answered as LivionKey's own OpenAPI document says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from openapi_schema_validator import OAS31Validator

from tests.fakes.vendors.livionkey.tenant import END, START
from tests.fakes.vendors.livionkey.v2 import machine as machines

if TYPE_CHECKING:
    from tests.fakes.vendors.livionkey.tenant import Json, Tenant

CONTACT = {"email": "ada@example.org", "sendEmail": True}
TIMES = {"start": START, "end": END}
WHOM = {"person": "Ada", "contacts": [CONTACT]}
AT_KEY = {"devices": [{"id": "{device_id}", "keyId": "flat-1"}]}
AT_OTHER_KEY = {"devices": [{"id": "{device_id}", "keyId": "flat-2"}]}
AT_KEYPAD = {"devices": [{"id": "{keypad_id}"}]}
OF_DEVICE = {"deviceId": "{device_id}"}
NEW_KEY = {"id": "cellar", "selectedStorage": {"automatId": "{automat_id}"}}
PUBLIC = "/contracts/public/{contract_id}/{hash_}"
CONTRACTS, KEYS = "/v2/mechanical/keycontracts", "/v2/mechanical/keys"
WEEKLY = {"startTime": "08:00", "endTime": "17:00", "days": {"2": True}}

CALLS: list[tuple[str, str, Any]] = [
    # In this order: what is made by one call is shown, changed and deleted by others
    ("post", "/auth/login", {"email": "{email}", "password": "{password}"}),
    ("get", "/devices", None),
    ("get", "/devices?limit=5&extend=lockers", None),
    ("get", "/devices/{device_id}", None),
    ("get", "/devices/{device_id}?extend=lockers", None),
    ("get", "/devices/{device_id}/keys", None),
    ("get", "/devices/{device_id}/contracts", None),
    ("get", "/devices/{device_id}/lockers", None),
    ("get", "/devices/{device_id}/lockers/{slot}", None),
    ("post", "/devices/{device_id}/opendoor", {"lockerIndex": "0"}),
    ("post", "/devices/{keypad_id}/unlock", None),
    ("post", "/keys", OF_DEVICE | {"keyId": "attic", "keyName": "Attic"}),
    ("get", "/keys/{key_id}", None),
    ("get", "/keys/{key_id}?keyStatus=true", None),
    ("get", "/keys/{key_id}/status?deviceId={device_id}", None),
    ("post", "/keys/{key_id}", OF_DEVICE | {"keyName": "Flat 1"}),
    ("post", "/keys/{key_id}/backupcodes", OF_DEVICE),
    ("delete", "/keys/attic?deviceId={device_id}", None),
    ("post", "/contracts", {"contractId": "B-2", **TIMES, **WHOM, **AT_OTHER_KEY}),
    ("get", "/contracts/{contract_id}", None),
    ("post", "/contracts/{contract_id}", AT_KEY | {"person": "Bo"}),
    ("post", "/contracts/{contract_id}/pincode", AT_KEY),
    ("get", PUBLIC, None),
    ("get", f"{PUBLIC}/key/{{key_id}}/opendoor", None),
    ("get", f"{PUBLIC}/key/{{key_id}}/opendoor-cancel", None),
    ("post", "/accessrights", {"accessRightId": "A-2", **TIMES, **WHOM, **AT_KEYPAD}),
    ("get", "/accessrights/{right_id}", None),
    ("post", "/accessrights/{right_id}", TIMES | AT_KEYPAD | {"recurrent": [WEEKLY]}),
    ("get", "/devices/{keypad_id}/accessrights", None),
    ("post", "/accessrights/{right_id}/pincode", AT_KEYPAD),
    ("delete", "/accessrights/{right_id}", None),
    ("get", "/v2/automats", None),
    ("get", "/v2/automats/{automat_id}", None),
    ("patch", "/v2/automats/{automat_id}", {"label": "A"}),
    ("post", "/v2/automats/{automat_id}/sendPincode", {"pincode": "123456"}),
    ("post", "/v2/automats/{automat_id}/cancelSendPincode", {"pincode": "123456"}),
    ("get", "/v2/organizationUnits", None),
    ("post", "/v2/groups", {"name": "North"}),
    ("get", "/v2/groups", None),
    ("patch", "/v2/groups/{group_id}", {"name": "South"}),
    ("delete", "/v2/groups/{group_id}", None),
    ("get", CONTRACTS, None),
    (
        "post",
        CONTRACTS,
        TIMES | {"contact": {"name": "Ada"}, "keys": [{"id": "flat-3"}]},
    ),
    ("get", f"{CONTRACTS}/{{reference}}", None),
    ("patch", f"{CONTRACTS}/{{reference}}", {"end": None}),
    ("delete", f"{CONTRACTS}/{{reference}}", None),
    ("get", KEYS, None),
    ("post", KEYS, NEW_KEY | {"away": False}),
    ("get", f"{KEYS}/{{key_id}}", None),
    ("patch", f"{KEYS}/{{key_id}}", {"shared": True}),
    ("delete", f"{KEYS}/cellar", {"deleteActiveContracts": True}),
    ("post", "/v2/serviceAccounts", {"name": "B", "organizationUnitId": "x"}),
    ("delete", "/v2/serviceAccounts/{account_id}", None),
    ("delete", "/contracts/{contract_id}", None),
]
REFUSED = [
    ("post", "/auth/login", {"email": "{email}", "password": "wrong"}),
    ("get", "/contracts/none", None),
    ("get", "/v2/automats/none", None),
    ("patch", "/v2/groups/none", {"name": "South"}),
]


@pytest.fixture
def document(tenant: Tenant) -> Json:
    """Return the document; its shapes take no field that they do not have."""
    found = dict(tenant.sim("GET", "/_sim/openapi/livionkey.json"))
    for shape in found["components"]["schemas"].values():
        if "properties" in shape:
            shape["additionalProperties"] = False
    return found


@pytest.fixture
def ids(tenant: Tenant) -> dict[str, str]:
    """Return one of each thing, by the names of the paths' places."""
    tenant.switch(text_answers="json")
    keypad = tenant.add_door("Street", kind="keypad")["vendor_id"]
    tenant.contract(contacts=[CONTACT])
    (mail,) = tenant.sim("GET", f"{tenant.base}/outbox")
    _, contract, hash_ = mail["body"].strip().rsplit("/", 2)
    right = {"accessRightId": "A-1", "devices": [{"id": keypad}], **TIMES, **WHOM}
    made = tenant.call("POST", "/accessrights", right).json
    tenant.go(START)
    tenant.token = tenant.fresh_token()
    return {
        **tenant.login,
        "device_id": tenant.device,
        "automat_id": tenant.device,
        "keypad_id": keypad,
        "key_id": "flat-1",
        "slot": "0",
        "contract_id": contract,
        "hash_": hash_,
        "right_id": made["id"],
    }


def filled(body: Any, ids: dict[str, str]) -> Any:
    """Return the body with the ids in their places."""
    if isinstance(body, str):
        return re.sub(r"{(\w+)}", lambda place: ids[place[1]], body)
    if isinstance(body, list):
        return [filled(each, ids) for each in body]
    if isinstance(body, dict):
        return {name: filled(each, ids) for name, each in body.items()}
    return body


def template(document: Json, method: str, path: str) -> str:
    """Return the document's own path, whatever its places are called here."""
    plain = path.partition("?")[0]
    fits = [
        known
        for known, found in document["paths"].items()
        if method in found and re.fullmatch(re.sub(r"{\w+}", "[^/]+", known), plain)
    ]
    return min(fits, key=lambda known: known.count("{"))


def check(document: Json, method: str, known: str, answer: Any) -> None:
    """Hold an answer against what the document says of its status and media type."""
    said = document["paths"][known][method]["responses"]
    status = str(answer.status_code)
    found = said.get(status) or said[f"{status[0]}XX"]
    if not answer.data:
        assert "content" not in found
        return
    schema = found["content"][answer.mimetype]["schema"]
    value = answer.json if answer.is_json else answer.text
    OAS31Validator(schema | {"components": document["components"]}).validate(value)


def test_every_call_is_answered_as_the_document_says(
    tenant: Tenant, document: Json, ids: dict[str, str]
) -> None:
    machine = machines.make(tenant)
    asked = set()
    for method, path, body in CALLS + REFUSED:
        says, said = path.startswith("/v2"), filled(body, ids)
        call = machine.call if says else tenant.call
        where = filled(path.removeprefix("/v2") if says else path, ids)
        answer = call(method.upper(), where, said)
        refused = (method, path, body) in REFUSED
        assert (answer.status_code >= 400) is refused, (method, path, answer.text)
        known = template(document, method, path)
        check(document, method, known, answer)
        asked.add((method, known))
        made = answer.json if answer.is_json else None
        if made and path == "/v2/groups" and method == "post":
            ids["group_id"] = made["id"]
        if made and path == CONTRACTS and method == "post":
            ids["reference"] = made["id"]
        if made and path == "/v2/serviceAccounts":
            ids["account_id"] = made["id"]
    described = {
        (method, path) for path, found in document["paths"].items() for method in found
    }
    assert asked == described
