"""Every answer of Exivo's is a result or one error, and none repeats a PIN."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from service.domain.schedule import Window
from service.ports import (
    CredentialsRefused,
    Order,
    VendorBusy,
    VendorRefused,
    VendorUnknown,
)
from service.secret import Secret
from service.vendor_http import VendorHttpClient, open_transport
from service.vendors.exivo import VENDOR

if TYPE_CHECKING:
    from tests.service.vendors.conftest import OddServer

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
VISIT = {
    "id": "v-1",
    "name": "B-1",
    "code": "004270",
    "link": "https://exivo.example/v/a",
    "validFrom": "2026-12-01T12:00:00Z",
    "validTo": "2026-12-01T13:00:00Z",
    "components": ["door-1"],
    "revoked": False,
}
ORDER = Order(
    "door-1",
    Window("visit", NOON, NOON.replace(hour=13)),
    1,
    "B-1",
    ZoneInfo("UTC"),
    Secret("004270"),
)


@pytest.fixture
def vendor() -> Any:
    return VENDOR(VendorHttpClient(open_transport(), 5))


def credentials(odd: OddServer, **change: str) -> dict[str, str | Secret]:
    plain = {"site_id": "s", "api_key": "k", "api_secret": Secret("x")}
    return plain | {"api_url": odd.url} | change


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((400, {"message": "code 004270 is wrong"}), VendorRefused),
        ((400, ""), VendorRefused),
        ((401, {}), CredentialsRefused),
        ((403, {}), CredentialsRefused),
        ((404, ""), VendorRefused),
        ((418, {}), VendorRefused),
        ((429, {}, {"Retry-After": "7"}), VendorBusy),
        ((302, ""), VendorBusy),
        ((500, {}), VendorUnknown),
        ((200, "<html>"), VendorUnknown),
        ((200, {"id": "v-1"}), VendorUnknown),
        ((204, ""), VendorUnknown),
        (None, VendorUnknown),
    ],
)
def test_answer_to_an_order_ends_in_exactly_one_error(
    odd: OddServer, vendor: Any, answer: Any, error: type[Exception]
) -> None:
    odd.answers("/s/visit", answer)
    with pytest.raises(error) as raised:
        vendor.issue(credentials(odd), ORDER)
    assert type(raised.value) is error
    assert "004270" not in str(raised.value)
    assert len(odd.asked("/s/visit")) == 1


@pytest.mark.parametrize("answer", [(500, {}), (200, []), (200, "x"), (302, ""), None])
def test_reading_that_says_nothing_is_busy(
    odd: OddServer, vendor: Any, answer: Any
) -> None:
    odd.answers("/s/info", answer)
    with pytest.raises(VendorBusy):
        vendor.locks(credentials(odd))


def test_key_and_secret_go_as_http_basic_and_nowhere_else(
    odd: OddServer, vendor: Any
) -> None:
    odd.answers("/s/info", (200, {"name": "House"}))
    assert vendor.verify(credentials(odd)) == "Exivo site House"
    (call,) = odd.asked("/s/info")
    assert call.headers["Authorization"] == "Basic azp4"
    assert "x" not in call.target


@pytest.mark.parametrize("name", ["site_id", "api_key", "api_secret"])
def test_missing_credential_is_named(odd: OddServer, vendor: Any, name: str) -> None:
    with pytest.raises(CredentialsRefused, match=f"{name} is missing"):
        vendor.verify(credentials(odd, **{name: " "}))


def test_first_order_does_not_look_and_a_repeated_one_does(
    odd: OddServer, vendor: Any
) -> None:
    odd.answers("/s/visit", (200, VISIT))
    vendor.issue(credentials(odd), ORDER)
    assert [call.method for call in odd.asked("/s/visit")] == ["POST"]
    odd.answers("/s/visit", (200, [VISIT]), (200, []))
    issued = vendor.issue(credentials(odd), replace(ORDER, repeated=True))
    assert issued.ref == "v-1"
    assert [call.method for call in odd.asked("/s/visit")] == ["POST", "GET", "GET"]


def test_list_that_repeats_itself_for_ever_comes_to_an_end(
    odd: OddServer, vendor: Any
) -> None:
    odd.answers("/s/info", (200, {}))
    odd.answers("/s/component", (200, [{"id": "a"}, {"id": "b"}]))
    found = vendor.locks(credentials(odd))
    assert [lock.vendor_id for lock in found] == ["a", "b"]
    assert len(odd.asked("/s/component")) == 2
