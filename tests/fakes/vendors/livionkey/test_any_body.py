"""Whatever is sent, the answer is one of the vendor's own, and never a crash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes.vendors.livionkey.tenant import Tenant
from tests.fakes.vendors.livionkey.v2 import machine as machines

if TYPE_CHECKING:
    from flask import Flask

    from tests.fakes.vendors.livionkey.v2.machine import Machine

INSTANTS = (
    "2026-12-01T15:00:00Z",
    "2026-12-04",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
)
NAMES = (
    *("accessRightId", "automatId", "contact", "contacts", "contractId", "devices"),
    *("end", "freeLockerAfterFetch", "freeText", "id", "keyCode", "keyId", "keyName"),
    *("deviceId", "keys", "lockerIndex", "modifyTime", "name", "perm", "person"),
    *("pincode", "recurrent", "selectedStorage", "shared", "start", "type", "away"),
)
words = st.sampled_from([*INSTANTS, "flat-1", "flat-2", "keyPadKey", "", "x", "4711"])
plain = st.one_of(words, st.none(), st.booleans(), st.integers(-1, 9), st.floats())
some = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    ),
    max_leaves=6,
)
bodies = st.dictionaries(st.sampled_from(NAMES), some, max_size=8)
fuzz = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
V1 = ("contracts", "accessrights", "keys", "keys/flat-1", "contracts/{contract}")
V2 = (
    ("POST", "/mechanical/keys"),
    ("PATCH", "/mechanical/keys/flat-1"),
    ("POST", "/mechanical/keycontracts"),
    ("PATCH", "/mechanical/keycontracts/B-1001"),
)


@pytest.fixture(scope="module")
def machine(app: Flask) -> Machine:
    """Return a machine in a world that is used up by all examples."""
    return machines.make(Tenant(app, []))


def right(tenant: Tenant, keypad: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return a body that would be right but for what was drawn."""
    usual = {
        "contractId": "B-2",
        "accessRightId": "A-2",
        "deviceId": tenant.device,
        "keyId": "flat-2",
        "keyName": "Flat",
        "devices": [{"id": keypad, "keyId": "flat-2"}],
        "person": "Ada",
        "contacts": [],
        "start": INSTANTS[0],
        "end": "2026-12-04T15:00:00Z",
    }
    return usual | body


@pytest.mark.parametrize("path", V1)
def test_older_interface_answers_any_body(machine: Machine, path: str) -> None:
    tenant = machine.tenant
    keypad = tenant.add_door("Street", kind="keypad")["vendor_id"]
    made = tenant.contract("flat-3", contractId="B-3")
    url = "/" + path.format(contract=made["id"])

    @fuzz
    @given(body=bodies, place=st.sampled_from([tenant.device, keypad]))
    def check(body: dict[str, Any], place: str) -> None:
        answer = tenant.call("POST", url, right(tenant, place, body))
        assert answer.status_code in {200, 400}, answer.text

    check()
    tenant.call("DELETE", f"/contracts/{made['id']}")


@pytest.mark.parametrize(("method", "path"), V2)
def test_newer_interface_answers_any_body(
    machine: Machine, method: str, path: str
) -> None:
    machine.book("flat-1", id="B-1001")

    @fuzz
    @given(body=bodies)
    def check(body: dict[str, Any]) -> None:
        usual = {"start": INSTANTS[0], "contact": {"name": "Ada"}}
        answer = machine.call(method, path, usual | body)
        assert answer.status_code in {200, 201, 400, 404, 409}, answer.text

    check()


@pytest.mark.parametrize("text", ["", "[]", "null", '"x"', "{", "[" * 9999, "1e999"])
def test_body_that_is_no_object_is_refused(machine: Machine, text: str) -> None:
    tenant = machine.tenant
    headers = {"Authorization": f"Bearer {tenant.token}"}
    for path in ("/contracts", "/keys", "/auth/login", "/accessrights"):
        answer = tenant.client.post(
            f"/livionkey{path}",
            data=text,
            headers=headers,
            content_type="application/json",
        )
        assert answer.status_code == 400, answer.text
