"""Orders that do not arrive: a lock that is away, ghosts, rows that linger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes.vendors.nuki.account import CODE, SOON

if TYPE_CHECKING:
    from tests.fakes.vendors.nuki.account import Account

OTHER = 876543


def test_an_order_for_a_lock_that_is_away_waits_for_it(account: Account) -> None:
    door = account.add_door()
    account.change(door, online=False)
    account.order(door)
    account.advance("P1D")
    assert account.row(door)["operationId"]
    assert account.truths() == {"cloud", "queue"}
    account.change(door, online=True)
    assert account.probe(door) == "wrong-code"
    account.advance(SOON)
    assert account.enter(door) == "opened"


def test_waiting_orders_arrive_in_the_order_in_which_they_were_made(
    account: Account,
) -> None:
    door = account.add_door()
    account.change(door, online=False)
    account.order(door, code=OTHER)
    account.order(door, code=CODE)
    account.advance("P1D")
    account.change(door, online=True)
    account.advance(SOON)
    assert account.row(door, OTHER)["authId"] < account.row(door, CODE)["authId"]


@pytest.mark.parametrize("shows", ["missing", "error"])
def test_an_order_for_a_lock_that_is_away_may_be_given_up(
    account: Account, shows: str
) -> None:
    account.switch(offline="drop", failure_shows=shows)
    door = account.add_door()
    account.change(door, online=False)
    account.order(door)
    account.advance("PT50S")
    assert account.row(door)["operationId"]
    account.advance("PT20S")
    if shows == "missing":
        assert account.rows(door) == []
    else:
        assert account.row(door)["error"] == "The create failed"
        assert "operationId" not in account.row(door)
    account.change(door, online=True)
    account.advance("P1D")
    assert account.probe(door) == "wrong-code"


def test_the_patience_with_a_lock_that_is_away_can_be_set(account: Account) -> None:
    account.switch(offline="drop", give_up_seconds=3600)
    door = account.add_door()
    account.change(door, online=False)
    account.order(door)
    account.advance("PT59M")
    assert account.row(door)
    account.advance("PT2M")
    assert account.rows(door) == []


def test_an_order_is_not_given_up_if_the_lock_is_back_in_time(account: Account) -> None:
    account.switch(offline="drop")
    door = account.add_door()
    account.change(door, online=False)
    account.order(door)
    account.advance("PT20S")
    account.change(door, online=True)
    account.advance("PT1M")
    assert account.probe(door) == "opened"


def test_a_failed_code_can_be_deleted_and_ordered_again(account: Account) -> None:
    account.switch(offline="drop", failure_shows="error")
    door = account.add_door()
    account.change(door, online=False)
    account.order(door)
    account.advance("PT70S")
    account.change(door, online=True)
    account.delete(door, account.row(door))
    account.advance(SOON)
    assert account.rows(door) == []
    account.store(door)
    assert account.probe(door) == "opened"


def test_a_ghost_is_listed_and_cannot_be_got_rid_of(account: Account) -> None:
    account.switch(offline="ghost")
    door = account.add_door()
    account.change(door, online=False)
    account.order(door)
    account.advance(SOON)
    account.change(door, online=True)
    ghost = account.row(door)
    assert "operationId" not in ghost
    assert account.truths() == {"cloud"}
    assert account.probe(door) == "wrong-code"
    assert account.delete(door, ghost).status_code == 204
    account.advance("P2D")
    assert account.row(door)["id"] == ghost["id"]
    assert account.order(door).status_code == 409


def test_a_sync_may_clear_ghosts(account: Account) -> None:
    account.switch(offline="ghost", sync_clears_ghosts=True)
    door = account.add_door()
    account.change(door, online=False)
    account.order(door)
    account.advance(SOON)
    account.change(door, online=True)
    account.done("POST", f"{account.lock(door)}/sync")
    account.advance(SOON)
    assert account.rows(door) == []


@pytest.mark.parametrize("offline", ["drop", "ghost"])
def test_a_deletion_that_never_arrives_leaves_a_code_that_opens(
    account: Account, offline: str
) -> None:
    account.switch(offline=offline)
    door = account.add_door()
    row = account.store(door)
    account.change(door, online=False)
    account.delete(door, row)
    account.advance("PT70S")
    assert len(account.rows(door)) == (1 if offline == "drop" else 0)
    assert account.enter(door) == "opened"
    account.change(door, online=True)
    account.advance("P1D")
    back = account.row(door)
    account.delete(door, back)
    account.advance(SOON)
    assert account.enter(door) == "wrong-code"


def test_a_deleted_row_may_linger_though_the_code_is_dead(account: Account) -> None:
    account.switch(delete_lingers_seconds=3600)
    door = account.add_door()
    account.delete(door, account.store(door))
    account.advance("PT50M")
    assert account.row(door)["enabled"] is True
    assert account.probe(door) == "wrong-code"
    assert account.order(door).status_code == 409
    account.advance("PT20M")
    assert account.rows(door) == []


def test_a_row_may_linger_for_ever(account: Account) -> None:
    account.switch(delete_lingers_seconds=-1)
    door = account.add_door()
    account.delete(door, account.store(door))
    account.advance("P20D")
    assert account.row(door)


def test_orders_may_get_lost_though_the_lock_is_there(account: Account) -> None:
    account.switch(delivery_loss=1.0, failure_shows="error")
    door = account.add_door()
    account.order(door)
    account.advance(SOON)
    assert account.row(door)["error"]
    assert account.truths() == {"cloud"}
