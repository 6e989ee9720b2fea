"""What the server refuses about an order for a code, and how it says so."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.vendors.nuki.account import CODE, SOON, Account


def bad(value: object, parameter: str) -> tuple[int, str]:
    text = f"The supplied value '{value}' for parameter '{parameter}' is not valid"
    return 400, text


def verdict(account: Account, **body: Any) -> tuple[int, str]:
    answer = account.order(account.add_door(), **body)
    content = answer.get_json(silent=True) or {}
    return answer.status_code, str(content.get("detailMessage", ""))


@pytest.mark.parametrize(
    ("body", "value", "parameter"),
    [
        ({"code": None}, "null", "code"),
        ({"code": 34567}, 34567, "code"),
        ({"code": 3456789}, 3456789, "code"),
        ({"code": 345670}, 345670, "code"),
        ({"code": 123456}, 123456, "code"),
        ({"type": 0, "accountUserId": 7}, CODE, "code"),
        ({"type": 7}, 7, "type"),
        ({"name": None}, "null", "name"),
        ({"name": " "}, " ", "name"),
        ({"name": "n" * 21}, "n" * 21, "name"),
        ({"accountUserId": 7}, 7, "accountUserId"),
        ({"allowedWeekDays": 128}, 128, "allowedWeekDays"),
        ({"allowedWeekDays": -1}, -1, "allowedWeekDays"),
        ({"allowedFromTime": 1440}, 1440, "allowedFromTime"),
        ({"allowedUntilTime": -1}, -1, "allowedUntilTime"),
        ({"allowedFromDate": "2026-12-01"}, "2026-12-01", "allowedFromDate"),
        ({"allowedFromDate": 1764547200}, 1764547200, "allowedFromDate"),
        ({"allowedUntilDate": "2026-13-01T00:00Z"}, "2026-13-01T00:00Z", None),
        ({"allowedUntilDate": "2026-12-01T00:00:00"}, "2026-12-01T00:00:00", None),
        (
            {"allowedUntilDate": "0001-01-01T00:00+14:00"},
            "0001-01-01T00:00+14:00",
            None,
        ),
    ],
)
def test_a_bad_value_is_named(
    account: Account, body: dict[str, Any], value: object, parameter: str | None
) -> None:
    assert verdict(account, **body) == bad(value, parameter or "allowedUntilDate")


def test_without_a_keypad_type_13_is_no_type(account: Account) -> None:
    answer = account.order(account.add_door(keypad=False))
    assert answer.json["detailMessage"] == bad(13, "type")[1]
    assert answer.json["stackTrace"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"code": "345678"},
        {"remoteAllowed": None},
        {"name": "n" * 20},
        {"allowedWeekDays": 0},
        {"allowedFromTime": 0, "allowedUntilTime": 1439},
        {"allowedFromDate": "2026-12-01T00:00Z"},
        {"allowedFromDate": "2026-12-01T00:00:00.000Z"},
        {"allowedFromDate": "2026-12-01T01:00:00+01:00"},
        {
            "allowedFromDate": "2026-12-02T00:00Z",
            "allowedUntilDate": "2026-12-01T00:00Z",
        },
        {"smartActionsEnabled": True},
    ],
)
def test_what_is_at_the_edge_is_taken(account: Account, body: dict[str, Any]) -> None:
    assert verdict(account, **body) == (204, "")


def test_an_auth_that_is_no_keypad_code_needs_a_user(account: Account) -> None:
    user = account.done("PUT", "/account/user", {"email": "a@b.example", "name": "Ada"})
    body = {"type": 0, "code": None, "name": "n" * 32}
    assert verdict(account, **body) == bad("null", "accountUserId")
    known = body | {"accountUserId": user["accountUserId"]}
    assert verdict(account, **known) == (204, "")
    assert verdict(account, **known | {"name": "n" * 33}) == bad("n" * 33, "name")


def test_a_code_that_another_row_has_is_409(account: Account) -> None:
    door = account.add_door()
    account.order(door)
    assert account.order(door, name="Grace").status_code == 409
    account.advance(SOON)
    assert account.order(door, name="Grace").status_code == 409


def test_a_code_that_another_row_is_about_to_have_is_409(account: Account) -> None:
    door = account.add_door()
    row = account.store(door)
    account.update(door, row, code=876543)
    assert account.order(door, code=876543).status_code == 409


def test_the_server_does_not_know_what_an_app_has_stored(account: Account) -> None:
    door = account.add_door()
    account.change(door, app_adds={"code": str(CODE)})
    assert account.order(door).status_code == 204
    account.advance(SOON)
    assert account.rows(door) == []


def test_an_update_is_judged_like_a_new_code(account: Account) -> None:
    door = account.add_door()
    row = account.store(door)
    path = f"{account.lock(door)}/auth/{row['id']}"
    for body, parameter in (
        ({"code": 123456}, "code"),
        ({"name": "n" * 21}, "name"),
        ({"allowedWeekDays": 200}, "allowedWeekDays"),
    ):
        status, message = account.refused("POST", path, body)
        assert status == 400
        assert f"parameter '{parameter}'" in message
    account.order(door, code=876543)
    assert account.refused("POST", path, {"code": 876543})[0] == 409
    account.advance(SOON)
    assert account.update(door, row, code=CODE).status_code == 204


def test_an_update_may_need_a_name(account: Account) -> None:
    door = account.add_door()
    row = account.store(door)
    account.switch(update_needs_name=True)
    assert account.update(door, row, code=CODE).status_code == 400


@pytest.mark.parametrize(
    "data", [b"", b"{", "{“name”: 1}".encode(), b"[]", b'"x"', b"null", b"[" * 20000]
)
def test_what_is_no_object_is_422(account: Account, data: bytes) -> None:
    path = f"{account.lock(account.add_door())}/auth"
    answer = account.call("PUT", path, data=data, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json["reasonPhrase"] == "Unprocessable Entity"


@pytest.mark.parametrize("body", [{"allowedWeekDays": "x"}, {"name": ["x"]}])
def test_what_fits_no_model_is_422(account: Account, body: dict[str, Any]) -> None:
    assert verdict(account, **body)[0] == 422


def test_an_unknown_field_is_422_or_ignored(account: Account) -> None:
    assert verdict(account, smartlockId=7)[0] == 422
    account.switch(unknown_field="ignored")
    assert verdict(account, smartlockId=7)[0] == 204


def test_statuses_that_are_not_known_can_be_switched(account: Account) -> None:
    account.switch(long_name_status=422, bad_date_status=422)
    assert verdict(account, name="n" * 21)[0] == 422
    assert verdict(account, allowedFromDate="soon")[0] == 422


def test_a_name_may_be_counted_in_bytes(account: Account) -> None:
    assert verdict(account, name="é" * 20)[0] == 204
    account.switch(name_counted_in="bytes")
    assert verdict(account, name="é" * 11)[0] == 400
    assert verdict(account, name="é" * 10)[0] == 204


def test_an_end_before_the_start_may_be_refused(account: Account) -> None:
    dates = {
        "allowedFromDate": "2026-12-02T00:00Z",
        "allowedUntilDate": "2026-12-01T00:00Z",
    }
    account.switch(backwards_dates_refused=True)
    assert verdict(account, **dates) == bad("2026-12-01T00:00Z", "allowedUntilDate")


@pytest.mark.parametrize("offered", ["detail", "empty"])
def test_a_refusal_without_a_known_body_has_one_or_none(
    account: Account, offered: str
) -> None:
    account.switch(other_errors=offered)
    door = account.add_door()
    account.order(door)
    answer = account.order(door)
    assert answer.status_code == 409
    assert bool(answer.data) == (offered == "detail")
