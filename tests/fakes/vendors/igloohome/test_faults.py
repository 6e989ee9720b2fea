"""Faults at the vendor's calls: what the caller sees, and what was done anyway."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.fakes.vendors.igloohome.account import Account

MINTING = {"vendor": "igloohome", "method": "POST", "path": "*/algopin/*"}


def fault(account: Account, **fault: Any) -> None:
    account.sim("POST", f"{account.base}/faults", MINTING | {"times": 1} | fault)


def test_a_500_after_the_pin_was_minted_leaves_it_in_the_cloud(
    account: Account,
) -> None:
    door = account.add_door()
    fault(account, phase="after", effect={"status": 500})
    assert account.order(door).status_code == 500
    (row,) = account.codes("cloud")
    assert account.pin(door) == row["code"]
    assert {each["code"] for each in account.codes("cloud")} == {row["code"]}


def test_a_500_before_leaves_nothing(account: Account) -> None:
    door = account.add_door()
    fault(account, phase="before", effect={"status": 500})
    assert account.order(door).status_code == 500
    assert account.codes("cloud") == []


@pytest.mark.parametrize("status", [402, 429, 503])
def test_402_and_429_come_only_when_asked_for(account: Account, status: int) -> None:
    door = account.add_door()
    fault(account, phase="before", effect={"status": status, "body": {"error": "x"}})
    assert account.order(door).status_code == status
    assert account.order(door).status_code == 200


def test_a_token_call_can_fail_too(account: Account) -> None:
    fault(account, path="/oauth2/token", phase="before", effect={"status": 503})
    assert account.ask_token().status_code == 503
    assert account.ask_token().status_code == 200
