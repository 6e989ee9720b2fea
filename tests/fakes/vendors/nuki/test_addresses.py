"""Addresses, reservations that a platform has told of, companies, intercoms."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.vendors.nuki.account import SOON, Account

Json = dict[str, Any]
STAY = {
    "name": "Ada Novak",
    "email": "ada@example.org",
    "guests": 2,
    "startDate": "2026-12-04T00:00:00+01:00",
    "endDate": "2026-12-06T00:00:00+01:00",
    "reference": "HM-1",
}


@pytest.fixture
def door(account: Account) -> Json:
    return account.add_door()


@pytest.fixture
def home(account: Account, door: Json) -> str:
    body = {"name": "Flat", "smartlockIds": [int(door["vendor_id"])]}
    made = account.done("PUT", "/address", body)
    assert account.done("GET", "/address") == [made]
    return f"/address/{made['addressId']}"


@pytest.fixture
def stay(account: Account, home: str) -> str:
    made = account.done("POST", f"/portal{home}/reservation", STAY)
    assert account.done("GET", f"{home}/reservation") == [made]
    return f"{home}/reservation/{made['id']}"


def listed(account: Account, home: str) -> Json:
    (row,) = account.done("GET", f"{home}/reservation")
    return dict(row)


def test_issued_code_opens_from_check_in_to_check_out(
    account: Account, door: Json, home: str, stay: str
) -> None:
    account.done("POST", f"{stay}/issue")
    assert listed(account, home)["isCurrentlyIssuingAuth"] is True
    assert listed(account, home)["keypadIssued"] is False
    account.advance(SOON)
    assert listed(account, home)["keypadIssued"] is True
    (row,) = account.rows(door)
    assert row["name"] == "Ada Novak"
    assert account.probe(door, row["code"], "2026-12-04T14:59:59+01:00") == "early"
    assert account.probe(door, row["code"], "2026-12-04T15:00:00+01:00") == "opened"
    assert account.probe(door, row["code"], "2026-12-06T11:00:00+01:00") == "opened"
    assert account.probe(door, row["code"], "2026-12-06T11:00:01+01:00") == "over"


def test_issuing_again_orders_nothing_more(
    account: Account, door: Json, stay: str
) -> None:
    for _ in range(2):
        account.done("POST", f"{stay}/issue")
        account.advance(SOON)
    assert len(account.rows(door)) == 1


def test_other_access_times_hold_for_the_issued_code_too(
    account: Account, door: Json, home: str, stay: str
) -> None:
    account.done("POST", f"{stay}/issue")
    account.advance(SOON)
    account.done("POST", f"{stay}/update/accesstimes", {"checkInTime": 720})
    account.advance(SOON)
    (row,) = account.rows(door)
    assert account.probe(door, row["code"], "2026-12-04T12:00:00+01:00") == "opened"
    assert listed(account, home)["hasCustomAccessTimes"] is True


def test_revoked_code_is_deleted_from_the_lock(
    account: Account, door: Json, home: str, stay: str
) -> None:
    account.done("POST", f"{stay}/issue")
    account.advance(SOON)
    (row,) = account.rows(door)
    account.done("POST", f"{stay}/revoke")
    account.advance(SOON)
    assert account.rows(door) == []
    assert account.probe(door, row["code"], "2026-12-05T12:00:00Z") == "wrong-code"
    assert listed(account, home)["keypadIssued"] is False


@pytest.mark.parametrize(
    ("path", "body", "parameter"),
    [
        ("/update/accesstimes", {"checkOutTime": 1440}, "checkOutTime"),
        ("/update/accesstimes", {"checkInTime": -1}, "checkInTime"),
    ],
)
def test_minute_that_no_day_has_is_refused(
    account: Account, stay: str, path: str, body: Json, parameter: str
) -> None:
    status, message = account.refused("POST", f"{stay}{path}", body)
    assert status == 400
    assert f"parameter '{parameter}'" in message


def test_wrong_address_is_refused(account: Account, home: str) -> None:
    body = {"smartlockIds": []}
    assert account.refused("PUT", "/address", body)[0] == 400
    assert account.refused("GET", "/address/1/reservation")[0] == 404
    assert account.refused("POST", f"{home}/reservation/none/issue")[0] == 404
    stay = STAY | {"endDate": STAY["startDate"]}
    assert account.refused("POST", f"/portal{home}/reservation", stay)[0] == 400


def test_openers_know_brands_and_models_of_intercoms(account: Account) -> None:
    brands = account.done("GET", "/opener/brand")
    assert account.done("GET", "/opener/brand/1") == brands[0]
    models = account.done("GET", "/opener/intercom")
    assert account.done("GET", "/opener/intercom/1") == models[0]
    assert {each["brandId"] for each in models} <= {each["brandId"] for each in brands}
    assert account.refused("GET", "/opener/brand/99")[0] == 404
    assert account.refused("GET", "/opener/intercom/99")[0] == 404


def test_account_has_no_company(account: Account) -> None:
    assert account.done("GET", "/company") == []


def test_wrong_method_is_told_which_are_right(account: Account, door: Json) -> None:
    path = f"{account.lock(door)}/auth"
    refused = account.call("POST", path, {})
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, PUT")
    assert "POST is not allowed there, but GET, PUT" in refused.json["detailMessage"]
    account.switch(wrong_method_status=404)
    refused = account.call("POST", path, {})
    assert (refused.status_code, refused.headers.get("Allow")) == (404, None)


def test_operation_id_may_be_an_object(account: Account, door: Json) -> None:
    account.order(door)
    (row,) = account.rows(door)
    assert len(row["operationId"]) == 24
    account.switch(operation_id="object")
    account.strict = False  # the document's object is mended to a text
    (row,) = account.rows(door)
    assert row["operationId"]["timestamp"] == row["operationId"]["timeSecond"]
    assert row["operationId"]["date"] == "2026-12-01T11:00:00.000Z"
