"""Calls are signed: by whom, when, and over what."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from werkzeug.test import Client

from fakes.kit.address import public
from tests.fakes.vendors.livionkey.tenant import Tenant
from tests.fakes.vendors.livionkey.v2 import machine as machines

if TYPE_CHECKING:
    from flask import Flask

    from fakes.kit.webhooks import Outgoing
    from tests.fakes.vendors.livionkey.v2.machine import Machine

KEYS = "/mechanical/keys"


def test_signed_call_is_answered(machine: Machine) -> None:
    answer = machine.call("GET", f"{KEYS}?limit=2&selectedStorage=1")
    assert answer.status_code == 200
    assert answer.json["data"][0] == {
        "id": "flat-1",
        "name": "flat-1",
        "organizationUnitId": answer.json["data"][0]["organizationUnitId"],
        "rfidHex": None,
        "selectedStorage": {"automatId": machine.tenant.device},
        "storage": {"automatId": machine.tenant.device},
        "targetStorage": {"automatId": machine.tenant.device},
        "status": {"available": True},
        "shared": False,
    }
    page = {name: answer.json[name] for name in ("after", "limit", "hasNext")}
    assert page == {"after": "2", "limit": 2, "hasNext": True}


@pytest.mark.parametrize(
    ("spoilt", "message"),
    [
        ({"x_signature": "AAAA"}, "x-signature is wrong"),
        ({"x_signature": "not base64!"}, "x-signature is wrong"),
        ({"x_signature": ""}, "x-signature is wrong"),
        ({"x_timestamp": ""}, "x-timestamp is missing"),
        ({"x_timestamp": "1764579600000"}, "x-timestamp is too far away"),
        ({"x_service_account_id": "nobody"}, "Unauthorized"),
    ],
)
def test_badly_signed_call_is_turned_away(
    machine: Machine, spoilt: dict[str, str], message: str
) -> None:
    refused = machine.call("GET", KEYS, **spoilt)
    assert (refused.status_code, refused.json["message"]) == (401, message)


def test_signature_covers_method_path_query_and_body(machine: Machine) -> None:
    client = machine.tenant.client
    for method, path, text in (
        ("POST", KEYS, ""),
        ("GET", f"{KEYS}?limit=1", ""),
        ("GET", "/automats", ""),
        ("GET", KEYS, "{}"),
    ):
        headers = machine.headers("GET", KEYS, "")
        url = f"/livionkey/v2{path}"
        refused = client.open(url, method=method, data=text, headers=headers)
        assert refused.status_code == 401


@pytest.mark.parametrize("query", ["?search=a+b&x=%C3%A5", "?search=a%20b"])
def test_query_is_signed_letter_by_letter(machine: Machine, query: str) -> None:
    assert machine.call("GET", f"{KEYS}{query}").status_code == 200


@pytest.mark.parametrize(
    ("late", "status"), [(-300, 200), (300, 200), (-301, 401), (301, 401)]
)
def test_timestamp_may_be_five_minutes_off(
    machine: Machine, late: int, status: int
) -> None:
    headers = machine.headers("GET", KEYS, "", machine.now() + late * 1000)
    answer = machine.tenant.client.get(f"/livionkey/v2{KEYS}", headers=headers)
    assert answer.status_code == status


def test_client_with_a_real_clock_signs_in_a_world_of_any_date(
    app: Flask, sent: list[Outgoing]
) -> None:
    tenant = Tenant(app, sent, now="2020-02-01T09:00:00Z", client_clock="real")
    machine = machines.make(tenant)
    real = int(time.time() * 1000)
    for stamp, status in ((real, 200), (machine.now(), 401)):
        headers = machine.headers("GET", KEYS, "", stamp)
        answer = tenant.client.get(f"/livionkey/v2{KEYS}", headers=headers)
        assert answer.status_code == status
    tenant.sim("POST", f"{tenant.base}/clock", {"client_clock": "world"})
    assert machine.call("GET", KEYS).status_code == 200


PROXY = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "doors.example.org"}


@pytest.mark.parametrize(
    ("root", "path", "more"),
    [
        ("https://api.livionkey.com", "", {"Host": "api.livionkey.com"}),
        ("https://doors.example.org/livionkey", "/livionkey", PROXY),
    ],
    ids=["vendor's own host", "proxy"],
)
def test_signature_is_over_the_url_that_was_called(
    app: Flask, machine: Machine, root: str, path: str, more: dict[str, str]
) -> None:
    fakes = app.extensions["strikeplate.worlds"].context.fakes
    outside = Client(public(app, fakes, None))
    for caller, status in ((replace(machine, root=root), 200), (machine, 401)):
        signed = caller.headers("GET", KEYS, "")
        answer = outside.get(f"{path}/v2{KEYS}", headers=signed | more)
        assert answer.status_code == status, answer.text


def test_token_of_the_older_interface_is_worth_nothing_here(tenant: Tenant) -> None:
    assert tenant.call("GET", "/v2/mechanical/keys").status_code == 401


def test_page_has_100_rows_at_most(machine: Machine) -> None:
    assert machine.call("GET", f"{KEYS}?limit=100").status_code == 200
    for limit in ("0", "101"):
        assert machine.call("GET", f"{KEYS}?limit={limit}").status_code == 400


def test_machine_makes_an_account_for_another_and_drops_it(machine: Machine) -> None:
    body = {"organizationUnitId": "any", "name": "second"}
    made = machine.call("POST", "/serviceAccounts", body)
    assert made.status_code == 201
    other = machines.Machine(machine.tenant, made.json["id"], machine.key)
    assert other.call("GET", "/groups").json["data"] == []
    path = f"/serviceAccounts/{other.id}"
    assert machine.call("DELETE", path).status_code == 204
    assert machine.call("DELETE", path).status_code == 404
    assert other.call("GET", "/groups").status_code == 401


def test_unknown_path_is_a_404(machine: Machine) -> None:
    refused = machine.call("GET", "/iloq/keycontracts")
    assert refused.status_code == 404
    assert refused.json["message"] == "Cannot find /iloq/keycontracts"
