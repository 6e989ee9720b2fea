"""A vendor whose PINs we choose and whose locks confirm late, as a stub."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from service.clock import now
from service.domain import retry
from service.domain.access import ChangePolicy, PinForm
from service.ports import (
    Code,
    Credentials,
    Issued,
    Order,
    PinTaken,
    VendorPending,
    VendorUnknown,
)
from tests.service.env import FIVE, THREE, ServiceEnv
from tests.service.stub_vendor import Killed, StubVendor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.service.use_cases.conftest import Clock

HOUR = timedelta(hours=1)
FORM = PinForm(4, "123456789")


@dataclass
class Slow(StubVendor):
    """Takes an order at once, and has done it only `steps` calls later."""

    revocable: bool = True
    steps: int = 2
    waits: deque[int] = field(default_factory=deque)
    stumbles: deque[VendorUnknown] = field(default_factory=deque)

    change_policy = ChangePolicy.IN_PLACE
    pin_form = FORM

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
def env(clock: Clock, sqlite_url: str, slow: Slow) -> Iterator[ServiceEnv]:
    del clock
    env = ServiceEnv(sqlite_url, stub_vendor=slow)
    env.rule()
    yield env
    env.close()


def settle(clock: Clock, env: ServiceEnv) -> None:
    """Let all looks come due that there are."""
    for _ in range(10):
        env.work()
        clock.move_to(now() + timedelta(minutes=3))


def test_code_is_in_progress_and_nobody_told_until_it_is_confirmed(
    clock: Clock, env: ServiceEnv
) -> None:
    env.send_event("confirmed")
    env.work()
    assert env.access().status == "in progress"
    assert env.access().reason == "slow: it is on its way"
    assert env.outbox.mails == {}
    settle(clock, env)
    assert env.access().status == "created"
    assert len(env.outbox.mails) == 1


def test_repeated_order_names_the_same_pin_whatever_happened(
    clock: Clock, env: ServiceEnv, slow: Slow
) -> None:
    slow.before.append(VendorUnknown("lost"))
    slow.after.append(Killed())
    env.send_event("confirmed")
    env.work()
    clock.move_to(now() + HOUR)
    with pytest.raises(Killed):
        env.work()
    env.restart()
    settle(clock, env)
    assert len({order.pin for order in slow.orders}) == 1
    assert [order.repeated for order in slow.orders][:2] == [False, True]
    assert list(slow.codes) == [("front", env.pin(env.access()))]


def test_looks_begin_close_together_however_often_it_failed_before(
    clock: Clock, env: ServiceEnv, slow: Slow
) -> None:
    slow.before.extend(VendorUnknown("lost") for _ in range(6))
    env.send_event("confirmed")
    for _ in range(6):
        env.work()
        clock.move_to(env.next_try_at())
    env.work()
    assert env.access().reason == "slow: it is on its way"
    assert env.next_try_at() == now() + retry.wait_to_poll(1)


@pytest.mark.parametrize("cancelled", [False, True])
def test_failures_are_waited_for_alike_however_often_it_was_looked(
    clock: Clock, env: ServiceEnv, slow: Slow, *, cancelled: bool
) -> None:
    env.send_event("confirmed")
    if cancelled:
        settle(clock, env)
        env.send_event("cancelled")
    slow.steps = 9
    for _ in range(6):
        env.work()
        clock.move_to(env.next_try_at())
    slow.stumbles.append(VendorUnknown("lost"))
    env.work()
    assert env.access_of_any().reason == "lost"
    assert env.next_try_at() <= now() + retry.wait_to_retry(1, spread=1)
    clock.move_to(env.next_try_at())
    env.work()
    assert env.next_try_at() == now() + retry.wait_to_poll(7)


def test_pin_that_is_taken_gives_way_to_another(
    clock: Clock, env: ServiceEnv, slow: Slow
) -> None:
    slow.before.append(PinTaken("slow: taken"))
    env.send_event("confirmed")
    settle(clock, env)
    first, *others = (order.pin for order in slow.orders)
    assert first not in others
    assert env.access().status == "created"


def test_two_bookings_of_one_hour_have_two_pins(clock: Clock, env: ServiceEnv) -> None:
    for ref in ("B-1", "B-2"):
        env.send_event("confirmed", ref)
    settle(clock, env)
    assert env.pin(env.access("B-1")) != env.pin(env.access("B-2"))


def test_changed_booking_moves_its_one_code(
    clock: Clock, env: ServiceEnv, slow: Slow
) -> None:
    env.send_event("confirmed")
    settle(clock, env)
    pin = env.pin(env.access())
    env.send_event("changed", start=THREE + HOUR, end=FIVE + HOUR)
    env.work()
    assert env.access().status == "in progress"
    settle(clock, env)
    (window,) = slow.codes.values()
    assert (window.start, env.pin(env.access())) == (THREE + HOUR, pin)
    assert len(env.accesses()) == 1


@pytest.mark.parametrize("calls", [1, 5])
def test_cancelled_booking_is_removed_only_once_its_code_is_gone(
    clock: Clock, env: ServiceEnv, slow: Slow, calls: int
) -> None:
    env.send_event("confirmed")
    for _ in range(calls):
        env.work()
        clock.move_to(now() + timedelta(minutes=3))
    slow.waits.clear()
    env.send_event("cancelled")
    env.work()
    assert env.access_of_any().status != "removed"
    settle(clock, env)
    assert env.access_of_any().status == "removed"
    assert slow.codes == {}
