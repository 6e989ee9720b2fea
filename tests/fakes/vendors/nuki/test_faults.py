"""What a network or a busy server does to a call, and what the lock makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.vendors.nuki.account import RIGHT, SOON

if TYPE_CHECKING:
    from tests.fakes.vendors.nuki.account import Account, Row


def break_down(account: Account, phase: str, effect: Row, **more: Any) -> None:
    fault = {"vendor": "nuki", "phase": phase, "effect": effect, **more}
    account.sim("POST", f"{account.base}/faults", fault)


def test_too_many_calls_are_429_with_a_time_to_wait(account: Account) -> None:
    door = account.add_door()
    account.strict = False  # the document lists 429 for other calls alone
    busy = {"status": 429, "headers": {"Retry-After": "30"}}
    break_down(account, "before", busy, times=1, method="PUT")
    answer = account.order(door)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "30")
    assert account.order(door).status_code == 204


def test_an_answer_that_got_lost_leaves_a_code_and_a_repeat_is_409(
    account: Account,
) -> None:
    door = account.add_door()
    lost: list[bool] = []
    environ = {"strikeplate.drop": lambda: lost.append(True)}
    break_down(account, "after", {"drop": True}, times=1, path="/smartlock/*/auth")
    account.strict = False
    path = f"{account.lock(door)}/auth"
    account.call("PUT", path, RIGHT, environ_overrides=environ)
    assert lost == [True]
    assert account.order(door).status_code == 409
    account.advance(SOON)
    assert account.enter(door) == "opened"


def test_a_call_that_got_lost_on_the_way_leaves_nothing(account: Account) -> None:
    door = account.add_door()
    account.strict = False
    break_down(account, "before", {"status": 503}, times=2)
    assert [account.order(door).status_code for _ in range(3)] == [503, 503, 204]
