"""What nobody could mean is refused with a reason, and is never a fault of ours."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from service.ports import (
    CredentialsRefused,
    VendorBusy,
    VendorLock,
    VendorRefused,
    VendorWebhooks,
)
from tests.service.env import ServiceEnv
from tests.service.stub_vendor import PASSWORD, StubVendor
from tests.service.web.conftest import api_of, by_hand, event

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from service.ports import Credentials, VendorError
    from tests.service.web.conftest import ApiClient


@pytest.fixture
def on_each(database_url: str) -> Iterator[ApiClient]:
    env = ServiceEnv(database_url)
    yield api_of(env)
    env.close()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/webhooks/a%00b", 404),
        ("POST", "/vendor-events/a%00b", 404),
        ("GET", "/api/connections/a%00b", 404),
        ("GET", "/api/accesses?booking=a%00b", 422),
        ("GET", "/api/work?connection=%00", 422),
        ("GET", "/api/events?%00=1", 422),
    ],
)
def test_nul_in_a_path_or_a_query_is_refused(
    on_each: ApiClient, method: str, path: str, status: int
) -> None:
    answer = on_each.call(method, path, json={})
    assert answer.status_code == status
    assert "NUL" in answer.text


@pytest.mark.parametrize(
    "start", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"]
)
def test_instant_at_the_edge_of_the_calendar_is_refused(
    api: ApiClient, start: str
) -> None:
    connection = api.ready()
    answer = api.call("POST", "/api/accesses", json=by_hand(connection, start=start))
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "start"


@pytest.mark.parametrize("language", ["..", "x" * 8_000, "s", "sv;"])
def test_template_of_no_language_is_refused(api: ApiClient, language: str) -> None:
    path = f"/api/connections/{api.ready()['id']}/templates/email/{language}"
    answer = api.call("PUT", path, json={"subject": "Code", "body": "{codes}"})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "language"
    assert len(answer.text) < 1_000


@pytest.mark.parametrize("battery", [10**30, -1, 101])
def test_battery_that_cannot_be_is_unknown(on_each: ApiClient, battery: int) -> None:
    on_each.env.stub_vendor.devices = [
        VendorLock("front", "Front", "lock", usable=True, battery=battery)
    ]
    made = on_each.connect()
    (lock,) = on_each.get(f"/api/connections/{made['id']}/locks")["items"]
    assert lock["battery"] is None


class StrangeWebhooks(VendorWebhooks):
    """Genuine messages about the lock that their body names."""

    instructions = ""
    registration = None

    def parse_webhook(
        self, credentials: Credentials, headers: Mapping[str, str], body: bytes
    ) -> frozenset[str]:
        del credentials, headers
        return frozenset({json.loads(body)})


@dataclass
class PushingVendor(StubVendor):
    """A stub vendor that sends messages of its own."""

    webhooks = StrangeWebhooks()


@pytest.mark.parametrize("lock_id", [r"\ud800", r"a\u0000b", "1" * 300])
def test_genuine_event_of_a_vendor_with_a_strange_lock_is_taken(
    database_url: str, lock_id: str
) -> None:
    env = ServiceEnv(database_url, stub_vendor=PushingVendor())
    path = f"/vendor-events/{env.connection.key}"
    answer = api_of(env).client.post(path, data=f'"{lock_id}"')
    env.close()
    assert answer.status_code == 204


@pytest.mark.parametrize("secret", ["CANARY" + "x" * 10_000, "CANARY\x00"])
def test_credential_that_is_refused_is_not_repeated(
    api: ApiClient, secret: str
) -> None:
    new = {"vendor": "stub", "name": "Club", "timezone": "UTC"}
    answer = api.call(
        "POST", "/api/connections", json=new | {"credentials": {"password": secret}}
    )
    assert answer.status_code == 400
    assert "credentials.password" in answer.text
    assert "CANARY" not in answer.text


@pytest.mark.parametrize("zone", ["Factory", "posixrules", "localtime", "right/UTC"])
def test_zone_of_no_place_is_refused(api: ApiClient, zone: str) -> None:
    new = {"vendor": "stub", "name": "Club", "timezone": zone, "credentials": {}}
    answer = api.call("POST", "/api/connections", json=new)
    assert answer.status_code == 400
    assert answer.json["errors"][0]["field"] == "timezone"


@pytest.mark.parametrize("error", [CredentialsRefused, VendorRefused, VendorBusy])
def test_vendor_that_repeats_a_credential_is_not_quoted(
    api: ApiClient, error: type[VendorError]
) -> None:
    said = f"ada@example.org has no password {PASSWORD} here"
    made = api.connect()
    credentials = {"user": "ada@example.org", "password": PASSWORD}
    new = {"vendor": "stub", "name": "B", "timezone": "UTC", "credentials": credentials}
    path = f"/api/connections/{made['id']}"
    calls = [
        ("POST", "/api/connections", new),
        ("PATCH", path, {"credentials": credentials}),
        ("POST", f"{path}/verify", None),
    ]
    for method, where, body in calls:
        api.env.stub_vendor.on_verify.append(error(said))
        answer = api.call(method, where, json=body)
        assert answer.status_code in (422, 502, 503)
        assert "has no password •••" in answer.json["detail"]
        assert PASSWORD not in answer.text


@pytest.mark.parametrize("ref", [".", "..", "x/customer", "a//b", "%2e", "/x", "x/"])
def test_booking_of_any_id_is_read_back(api: ApiClient, ref: str) -> None:
    connection = api.ready()
    assert api.send(connection, event(booking={"id": ref})).status_code == 202
    api.env.work()
    path = f"/api/connections/{connection['id']}/bookings/{quote(ref, safe='')}"
    found = api.get(f"/api/accesses?booking={quote(ref, safe='')}")["items"]
    assert [each["booking"] for each in found] == [ref]
    assert api.get(path)["id"] == ref
