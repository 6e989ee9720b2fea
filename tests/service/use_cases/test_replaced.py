"""A code that can only be replaced: the customer always has one that works."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from service.ports import MailBusy, VendorBusy, VendorRefused
from tests.service.paper import Paper
from tests.service.shop import FIVE

if TYPE_CHECKING:
    from tests.service.shop import Shop
    from tests.service.use_cases.conftest import Clock

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have paper replace its codes, and take them back."""
    plain = Paper.traits.fget  # type: ignore[attr-defined]
    traits = {"replaced": True, "revocable": True}
    monkeypatch.setattr(
        Paper, "traits", property(lambda paper: replace(plain(paper), **traits))
    )


def book(shop: Shop, **rule: str) -> None:
    """Have a confirmed booking whose code is made, and could be taken back."""
    shop.paper.revocable = True
    shop.rule(**rule)
    shop.tell("confirmed")
    shop.work()


def lengthen(shop: Shop) -> None:
    """Let the booking end two hours later."""
    shop.tell("changed", end=FIVE + 2 * HOUR)
    shop.work()


def doors(shop: Shop) -> int:
    """Return how many codes open a door."""
    return len(shop.paper.codes)


def test_old_code_goes_once_the_new_one_is_made_and_told(shop_anywhere: Shop) -> None:
    shop = shop_anywhere
    book(shop)
    lengthen(shop)
    assert [each.status for each in shop.accesses()] == ["removed", "created"]
    assert [each.status for each in shop.messages()] == ["sent", "sent"]
    assert doors(shop) == 1
    assert shop.figures().due == 0


def test_old_code_stays_while_the_new_one_cannot_be_made(
    shop: Shop, clock: Clock
) -> None:
    book(shop)
    shop.paper.before.append(VendorBusy("paper: closed"))
    lengthen(shop)
    old, new = shop.accesses()
    assert (old.status, old.cancelled_at, new.status) == (
        "created",
        None,
        "in progress",
    )
    assert old.gives_way
    assert not old.active(old.ordered_at)
    clock.move_to(new.due_at or FIVE)
    shop.work()
    assert [each.status for each in shop.accesses()] == ["removed", "created"]


def test_old_code_stays_while_nobody_can_be_told(shop: Shop, clock: Clock) -> None:
    book(shop)
    shop.letterbox.before.append(MailBusy("no mail today"))
    lengthen(shop)
    assert doors(shop) == 2
    clock.move_to(shop.messages()[-1].due_at or FIVE)
    shop.work()
    assert doors(shop) == 1


def test_old_code_goes_too_where_the_new_one_is_refused(shop: Shop) -> None:
    book(shop)
    shop.paper.before.append(VendorRefused("paper: no such door"))
    lengthen(shop)
    assert [each.status for each in shop.accesses()] == ["removed", "failed"]
    assert doors(shop) == 0


def test_old_code_goes_where_the_customer_left_no_address(shop: Shop) -> None:
    book(shop, channel="sms")
    nameless = replace(shop.event("changed").details.customer, phone=None)
    shop.tell("changed", end=FIVE + 2 * HOUR, customer=nameless)
    shop.work()
    assert [each.status for each in shop.accesses()] == ["removed", "created"]


def test_cancelling_ends_both(shop: Shop, clock: Clock) -> None:
    book(shop)
    shop.paper.before.append(VendorBusy("paper: closed"))
    lengthen(shop)
    shop.tell("cancelled", end=FIVE + 2 * HOUR)
    shop.work()
    clock.move_to("2026-12-01T09:00:00Z")
    shop.work()
    assert {each.status for each in shop.accesses()} == {"removed"}
    assert doors(shop) == 0
