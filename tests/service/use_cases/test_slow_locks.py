"""A vendor whose PINs we choose and whose locks confirm late, on paper."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from service.clock import now
from service.domain import looks, retries
from service.ports import (
    Code,
    Credentials,
    Issued,
    Order,
    PinForm,
    PinTaken,
    Traits,
    VendorPending,
    VendorUnknown,
)
from tests.service.paper import Killed, Paper
from tests.service.shop import FIVE, THREE, Shop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.service.use_cases.conftest import Clock

HOUR = timedelta(hours=1)
FORM = PinForm(4, "123456789")


@dataclass
class Slow(Paper):
    """Takes an order at once, and has done it only `steps` calls later."""

    revocable: bool = True
    steps: int = 2
    waits: deque[int] = field(default_factory=deque)
    stumbles: deque[VendorUnknown] = field(default_factory=deque)

    @property
    def traits(self) -> Traits:
        """Return what it can do."""
        return replace(
            super().traits, confirms_later=True, changeable=True, pin_form=FORM
        )

    def issue(self, credentials: Credentials, order: Order) -> Issued:
        """Return the code that was ordered, once the lock has it."""
        super().issue(credentials, order)
        del self.codes[next(reversed(self.codes))]
        pin = order.pin
        assert pin is not None
        self._wait()
        mine = {"lock": order.lock_vendor_id, "pin": pin.reveal()}
        self.codes[mine["lock"], mine["pin"]] = order.window
        return Issued(pin, f"ref-{pin.reveal()}", None, "slow")

    def revoke(self, credentials: Credentials, code: Code) -> None:
        """Take the code out, some calls later."""
        self._wait()
        ref = code.ref or f"ref-{code.pin.reveal() if code.pin else ''}"
        super().revoke(credentials, replace(code, ref=ref))

    def _wait(self) -> None:
        if self.stumbles:
            raise self.stumbles.popleft()
        if not self.waits:
            self.waits.extend(range(self.steps))
        if self.waits.popleft() < self.steps - 1:
            raise VendorPending("slow: it is on its way")


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def shop(clock: Clock, sqlite_url: str, slow: Slow) -> Iterator[Shop]:
    del clock
    shop = Shop(sqlite_url, paper=slow)
    shop.rule()
    yield shop
    shop.close()


def settle(clock: Clock, shop: Shop) -> None:
    """Let all looks come due that there are."""
    for _ in range(10):
        shop.work()
        clock.move_to(now() + timedelta(minutes=3))


def test_code_is_in_progress_and_nobody_told_until_it_is_confirmed(
    clock: Clock, shop: Shop
) -> None:
    shop.tell("confirmed")
    shop.work()
    assert shop.access().status == "in progress"
    assert shop.access().reason == "slow: it is on its way"
    assert shop.letterbox.letters == {}
    settle(clock, shop)
    assert shop.access().status == "created"
    assert len(shop.letterbox.letters) == 1


def test_repeated_order_names_the_same_pin_whatever_happened(
    clock: Clock, shop: Shop, slow: Slow
) -> None:
    slow.before.append(VendorUnknown("lost"))
    slow.after.append(Killed())
    shop.tell("confirmed")
    shop.work()
    clock.move_to(now() + HOUR)
    with pytest.raises(Killed):
        shop.work()
    shop.restart()
    settle(clock, shop)
    assert len({order.pin for order in slow.orders}) == 1
    assert [order.repeated for order in slow.orders][:2] == [False, True]
    assert list(slow.codes) == [("front", shop.pin(shop.access()))]


def test_looks_begin_close_together_however_often_it_failed_before(
    clock: Clock, shop: Shop, slow: Slow
) -> None:
    slow.before.extend(VendorUnknown("lost") for _ in range(6))
    shop.tell("confirmed")
    for _ in range(6):
        shop.work()
        clock.move_to(shop.next_try_at())
    shop.work()
    assert shop.access().reason == "slow: it is on its way"
    assert shop.next_try_at() == now() + looks.wait(1)


@pytest.mark.parametrize("cancelled", [False, True])
def test_failures_are_waited_for_alike_however_often_it_was_looked(
    clock: Clock, shop: Shop, slow: Slow, *, cancelled: bool
) -> None:
    shop.tell("confirmed")
    if cancelled:
        settle(clock, shop)
        shop.tell("cancelled")
    slow.steps = 9
    for _ in range(6):
        shop.work()
        clock.move_to(shop.next_try_at())
    slow.stumbles.append(VendorUnknown("lost"))
    shop.work()
    assert shop.access_of_any().reason == "lost"
    assert shop.next_try_at() <= now() + retries.wait(1, spread=1)
    clock.move_to(shop.next_try_at())
    shop.work()
    assert shop.next_try_at() == now() + looks.wait(7)


def test_pin_that_is_taken_gives_way_to_another(
    clock: Clock, shop: Shop, slow: Slow
) -> None:
    slow.before.append(PinTaken("slow: taken"))
    shop.tell("confirmed")
    settle(clock, shop)
    first, *others = (order.pin for order in slow.orders)
    assert first not in others
    assert shop.access().status == "created"


def test_two_bookings_of_one_hour_have_two_pins(clock: Clock, shop: Shop) -> None:
    for ref in ("B-1", "B-2"):
        shop.tell("confirmed", ref)
    settle(clock, shop)
    assert shop.pin(shop.access("B-1")) != shop.pin(shop.access("B-2"))


def test_changed_booking_moves_its_one_code(
    clock: Clock, shop: Shop, slow: Slow
) -> None:
    shop.tell("confirmed")
    settle(clock, shop)
    pin = shop.pin(shop.access())
    shop.tell("changed", start=THREE + HOUR, end=FIVE + HOUR)
    shop.work()
    assert shop.access().status == "in progress"
    settle(clock, shop)
    (window,) = slow.codes.values()
    assert (window.start, shop.pin(shop.access())) == (THREE + HOUR, pin)
    assert len(shop.accesses()) == 1


@pytest.mark.parametrize("calls", [1, 5])
def test_cancelled_booking_is_removed_only_once_its_code_is_gone(
    clock: Clock, shop: Shop, slow: Slow, calls: int
) -> None:
    shop.tell("confirmed")
    for _ in range(calls):
        shop.work()
        clock.move_to(now() + timedelta(minutes=3))
    slow.waits.clear()
    shop.tell("cancelled")
    shop.work()
    assert shop.access_of_any().status != "removed"
    settle(clock, shop)
    assert shop.access_of_any().status == "removed"
    assert slow.codes == {}
