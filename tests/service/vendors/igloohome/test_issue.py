"""An order for a code, and everything that can come back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from service.domain.schedule import Window
from service.ports import (
    Credentials,
    CredentialsRefused,
    Order,
    VendorBusy,
    VendorError,
    VendorRefused,
    VendorUnknown,
)

if TYPE_CHECKING:
    from service.vendors.igloohome.adapter import Igloohome

PATH = "/api/devices/IGK3A/algopin/hourly"
PIN = (200, {"pin": "012345678", "pinId": "p-1"})


def test_order_is_sent_as_the_vendor_wants_it(
    odd: Any, igloohome: Igloohome, credentials: Credentials, order: Order
) -> None:
    odd.answers(PATH, PIN)
    issued = igloohome.issue(credentials, order)
    assert issued.pin.reveal() == "012345678"
    assert issued.ref == "p-1"
    assert "IGK3A" in issued.vendor_place
    assert "012345678" not in repr(issued)
    (call,) = odd.asked(PATH)
    assert call.headers["Authorization"] == "Bearer t1"
    assert call.json == {
        "variance": 2,
        "startDate": "2126-12-01T15:00:00+01:00",
        "endDate": "2126-12-01T18:00:00+01:00",
        "accessName": "B-1001",
    }


@pytest.mark.parametrize("kind", ["onetime", "permanent"])
def test_code_of_a_kind_without_end_is_ordered_without_one(
    odd: Any, igloohome: Igloohome, credentials: Credentials, order: Order, kind: str
) -> None:
    path = f"/api/devices/IGK3A/algopin/{kind}"
    odd.answers(path, PIN)
    window = replace(order.window, kind=kind)
    igloohome.issue(credentials, replace(order, window=window))
    assert set(odd.asked(path)[0].json) == {"variance", "startDate", "accessName"}


def test_name_is_cut_to_what_the_vendor_takes(
    odd: Any, igloohome: Igloohome, credentials: Credentials, order: Order
) -> None:
    odd.answers(PATH, PIN)
    for name in ("x" * 99, "two\nlines\x00", "", "\n"):
        igloohome.issue(credentials, replace(order, name=name))
    names = [call.json["accessName"] for call in odd.asked(PATH)]
    assert names == ["x" * 60, "two lines", "access", "access"]


def test_device_id_stays_one_part_of_the_path(
    odd: Any, igloohome: Igloohome, credentials: Credentials, order: Order
) -> None:
    path = "/api/devices/..%2F%3Fx/algopin/hourly"
    odd.answers(path, PIN)
    igloohome.issue(credentials, replace(order, lock_vendor_id="../?x"))
    assert len(odd.asked(path)) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((400, {"error": "invalid_request", "message": "bad hour"}), VendorRefused),
        ((402, {}), CredentialsRefused),
        ((403, {}), CredentialsRefused),
        ((404, {}), VendorRefused),
        ((406, {}), VendorRefused),
        ((429, {}), VendorBusy),
        ((302, "", {"Location": "/elsewhere"}), VendorBusy),
        ((500, {"message": "oops"}), VendorUnknown),
        ((503, "<html>down</html>"), VendorUnknown),
        ((204, ""), VendorUnknown),
        ((201, {"pin": "012345678", "pinId": "p"}), VendorUnknown),
        ((200, ""), VendorUnknown),
        ((200, "<html>hello</html>"), VendorUnknown),
        ((200, '{"pin": "0123'), VendorUnknown),
        ((200, "[" * 100_000), VendorUnknown),
        ((200, []), VendorUnknown),
        ((200, {"pin": 12345678, "pinId": "p"}), VendorUnknown),
        ((200, {"pin": "", "pinId": "p"}), VendorUnknown),
        ((200, {"pin": "١٢٣٤٥٦٧", "pinId": "p"}), VendorUnknown),
        (None, VendorUnknown),
    ],
)
def test_answer_is_done_refused_busy_or_unknown(  # noqa: PLR0913, PLR0917 (fixtures)
    odd: Any,
    igloohome: Igloohome,
    credentials: Credentials,
    order: Order,
    answer: Any,
    error: type[VendorError],
) -> None:
    odd.answers(PATH, answer)
    with pytest.raises(VendorError) as failed:
        igloohome.issue(credentials, order)
    assert type(failed.value) is error
    assert "sesame" not in failed.value.reason
    assert len(odd.asked(PATH)) == 1


def test_reason_holds_the_vendors_words_in_one_short_line(
    odd: Any, igloohome: Igloohome, credentials: Credentials, order: Order
) -> None:
    odd.answers(PATH, (400, {"message": f"bad\nhour {'x' * 999}"}))
    with pytest.raises(VendorRefused) as failed:
        igloohome.issue(credentials, order)
    assert "(400: bad hour xxx" in failed.value.reason
    assert len(failed.value.reason) < 300


def test_retry_after_is_passed_on(
    odd: Any, igloohome: Igloohome, credentials: Credentials, order: Order
) -> None:
    odd.answers(
        PATH,
        (429, {}, {"Retry-After": "90"}),
        (429, {}, {"Retry-After": "9" * 40}),
        (429, {}, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}),
        (429, {}, {"Retry-After": "soon"}),
    )
    waits = []
    for _ in range(4):
        with pytest.raises(VendorBusy) as busy:
            igloohome.issue(credentials, order)
        waits.append(busy.value.retry_after)
    assert waits == [timedelta(seconds=90), timedelta(days=1), timedelta(), None]


def test_refusal_because_the_hour_turned_is_no_refusal(
    odd: Any, igloohome: Igloohome, credentials: Credentials, order: Order
) -> None:
    odd.answers(PATH, (400, {"message": "start is past"}))
    start = datetime(2020, 1, 1, 12, tzinfo=UTC)
    stale = replace(order, window=Window("hourly", start, order.window.end))
    with pytest.raises(VendorBusy, match=r"plan it again"):
        igloohome.issue(credentials, stale)


def test_vendor_that_cannot_be_reached_did_nothing(
    igloohome: Igloohome, credentials: Credentials, order: Order
) -> None:
    nowhere = {**credentials, "api_url": "http://127.0.0.1:9"}
    with pytest.raises(VendorBusy, match=r"127\.0\.0\.1 could not be reached"):
        igloohome.issue(nowhere, order)


def test_algopin_cannot_be_revoked(igloohome: Igloohome) -> None:
    assert igloohome.revocation is None
