"""Each limit of an algoPIN, on both sides of it, and the order of the refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.fakes.vendors.igloohome.account import Account

START = "2026-12-01T15:00:00+01:00"
THIS_HOUR = "2026-12-01T09:00:00+01:00"
AN_HOUR_AGO = "2026-12-01T08:00:00+01:00"


def refused(account: Account, kind: str = "hourly", **body: Any) -> str:
    """Return the message of the refusal of an order."""
    door = account.add_door(timezone=body.pop("zone", "Europe/Stockholm"))
    answer = account.order(door, kind, **body)
    assert answer.status_code == 400, answer.text
    assert answer.mimetype == "application/json"
    assert answer.json["error"] == "invalid_request"
    return str(answer.json["message"])


@pytest.mark.parametrize(
    ("kind", "start", "end"),
    [
        ("hourly", START, "2026-12-01T16:00:00+01:00"),
        ("hourly", START, "2026-12-29T15:00:00+01:00"),  # 672 hours
        ("daily", START, "2026-12-30T15:00:00+01:00"),  # 29 days
        ("daily", START, "2027-12-03T15:00:00+01:00"),  # 367 days
        ("hourly", THIS_HOUR, "2026-12-01T10:00:00+01:00"),
        ("onetime", THIS_HOUR, None),
        ("permanent", START, None),
        ("onetime", "2036-11-28T09:00:00+01:00", None),  # 3650 days ahead
    ],
)
def test_windows_at_the_edge_of_a_limit_are_taken(
    account: Account, kind: str, start: str, end: str | None
) -> None:
    account.pin(account.add_door(), kind, startDate=start, endDate=end)


@pytest.mark.parametrize(
    ("kind", "start", "end", "message"),
    [
        ("hourly", START, START, "endDate must be after startDate"),
        ("hourly", START, "2026-12-01T14:00:00+01:00", "must be after startDate"),
        ("hourly", START, "2026-12-29T16:00:00+01:00", "must last 1 to 672 hours"),
        ("daily", START, "2026-12-29T15:00:00+01:00", "must last 29 to 367 days"),
        ("daily", START, "2027-12-04T15:00:00+01:00", "must last 29 to 367 days"),
        ("daily", START, "2026-12-30T16:00:00+01:00", "must have the same hour"),
        ("hourly", AN_HOUR_AGO, START, "before the current hour"),
        ("onetime", AN_HOUR_AGO, None, "before the current hour"),
        ("onetime", "2036-11-30T09:00:00+01:00", None, "within 3650 days"),
    ],
)
def test_windows_beyond_a_limit_are_refused(
    account: Account, kind: str, start: str, end: str | None, message: str
) -> None:
    assert message in refused(account, kind, startDate=start, endDate=end)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("2026-12-01T15:20:00+01:00", "minutes and seconds of"),
        ("2026-12-01T15:00:01+01:00", "minutes and seconds of"),
        ("2026-12-01T15:00:00", "numeric offset"),
        ("2026-12-01T15:00:00Z", "numeric offset"),
        ("2026-12-01T15:00:00.000+01:00", "no date of the form"),
        ("2026-12-01 15:00:00+01:00", "no date of the form"),
        ("2026-12-01T15:00+01:00", "no date of the form"),
        ("2026-12-01T15:00:00+0100", "no date of the form"),
        ("2026-12-01T24:00:00+01:00", "no date of the form"),
        ("2026-02-30T15:00:00+01:00", "no date of the form"),
        ("2026-12-01T15:00:00+99:00", "no date of the form"),
        ("9999-12-31T23:00:00-05:00", "no date of the form"),
        ("0000-01-01T00:00:00+00:00", "no date of the form"),
        ("tomorrow", "no date of the form"),
        ("", "no date of the form"),
    ],
)
@pytest.mark.parametrize("field", ["startDate", "endDate"])
def test_dates_are_taken_in_one_form_only(
    account: Account, field: str, written: str, message: str
) -> None:
    assert message in refused(account, **{field: written})


@pytest.mark.parametrize(
    ("kind", "variances"),
    [("hourly", 3), ("daily", 3), ("onetime", 5), ("permanent", 5)],
)
def test_each_kind_has_its_number_of_variances(
    account: Account, kind: str, variances: int
) -> None:
    door = account.add_door()
    window = {"endDate": "2026-12-31T15:00:00+01:00"} if kind == "daily" else {}
    pins = {
        account.pin(door, kind, variance=n, **window) for n in range(1, variances + 1)
    }
    assert len(pins) == variances
    for wrong in (0, variances + 1, -1):
        answer = account.order(door, kind, variance=wrong, **window)
        assert answer.json["message"] == f"variance must be 1 to {variances} for {kind}"


@pytest.mark.parametrize("variance", [1.0, "1", True, [1]])
def test_a_variance_is_a_whole_number(account: Account, variance: Any) -> None:
    assert refused(account, variance=variance) == "variance must be a whole number"


@pytest.mark.parametrize("field", ["variance", "startDate", "endDate", "accessName"])
def test_every_field_is_needed(account: Account, field: str) -> None:
    assert refused(account, **{field: None}) == f"{field} is missing"


def test_a_field_of_the_wrong_type_is_named(account: Account) -> None:
    assert refused(account, startDate=1764597600) == "startDate must be text"
    assert refused(account, accessName=["Ada"]) == "accessName must be text"


@pytest.mark.parametrize("letters", [0, 61])
def test_a_name_has_1_to_60_characters(account: Account, letters: int) -> None:
    assert "1 to 60 characters" in refused(account, accessName="x" * letters)
    account.pin(account.add_door(), accessName="x" * 60)


@pytest.mark.parametrize(
    ("zone", "start", "taken"),
    [
        ("Asia/Kolkata", "2026-12-01T15:00:00+05:30", True),
        ("Asia/Kolkata", "2026-12-01T15:00:00+00:00", False),
        ("Asia/Kolkata", "2026-12-01T15:00:00+06:30", True),
        ("Asia/Kathmandu", "2026-12-01T15:00:00+05:45", True),
        ("Asia/Kathmandu", "2026-12-01T15:00:00+05:30", False),
        ("Europe/Stockholm", "2026-12-01T15:00:00+00:00", True),
        ("Europe/Stockholm", "2026-12-01T15:00:00-05:00", True),
        ("Europe/Stockholm", "2026-12-01T15:00:00+05:30", False),
        ("Australia/Lord_Howe", "2026-12-02T15:00:00+10:30", True),
        ("Australia/Lord_Howe", "2026-12-02T15:00:00+11:00", False),
    ],
)
def test_a_date_must_be_a_whole_hour_of_the_locks_clock(
    account: Account, zone: str, start: str, *, taken: bool
) -> None:
    answer = account.order(account.add_door(timezone=zone), "onetime", startDate=start)
    assert answer.status_code == (200 if taken else 400)
    assert taken or "whole hour of the lock's clock" in answer.json["message"]


def test_the_current_hour_is_that_of_the_lock(account: Account) -> None:
    door = account.add_door(timezone="Asia/Kolkata")  # 13:50 there
    account.pin(door, "onetime", startDate="2026-12-01T13:00:00+05:30")
    answer = account.order(door, "onetime", startDate="2026-12-01T12:00:00+05:30")
    assert "before the current hour" in answer.json["message"]


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"accessName": None}, "is missing"),
    ({"variance": 4}, "variance must be"),
    ({"endDate": "2026-12-31T08:30:00+01:00"}, "minutes and seconds"),
    ({"startDate": "2026-12-01T08:00:00"}, "numeric offset"),
    ({"startDate": "2026-12-01T08:00:00+05:30"}, "whole hour of the lock's"),
    ({"endDate": "2026-12-01T07:00:00+01:00"}, "after startDate"),
    ({"endDate": "2026-12-31T15:00:00+01:00"}, "must last"),
    ({"startDate": "2026-12-01T08:00:00+01:00"}, "current hour"),
    ({"accessName": "x" * 61}, "characters"),
]


@pytest.mark.parametrize("first", range(len(FAULTS)))
def test_of_several_faults_the_first_in_order_is_answered(
    account: Account, first: int
) -> None:
    body: dict[str, Any] = {}
    for fault, _ in reversed(FAULTS[first:]):
        body |= fault
    assert FAULTS[first][1] in refused(account, **body)


def test_the_hour_of_a_daily_pin_is_compared_before_its_start_is(
    account: Account,
) -> None:
    message = refused(
        account,
        "daily",
        startDate="2026-12-01T08:00:00+01:00",
        endDate="2026-12-31T09:00:00+01:00",
    )
    assert "same hour" in message
