"""A code is made once, whatever goes wrong on the way (CON-12, IGL-12)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from service.clock import now
from service.ports import CredentialsRefused, VendorBusy, VendorRefused, VendorUnknown
from service.use_cases.reconcile import reconcile_due
from tests.service.paper import Killed
from tests.service.shop import Shop

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.service.use_cases.conftest import Clock

MINUTE = timedelta(minutes=1)


def make_ready(shop: Shop) -> None:
    shop.rule()
    shop.tell("confirmed")


def one_code_one_message(shop: Shop) -> bool:
    access = shop.access()
    letters = list(shop.letterbox.letters.values())
    return (
        len(shop.accesses()) == 1
        and access.status == "created"
        and [pin for _, pin in shop.paper.codes] == [shop.pin(access)]
        and len(letters) == 1
        and shop.pin(access) in letters[0].body
    )


def test_a_booking_becomes_one_code_and_one_message(shop: Shop) -> None:
    make_ready(shop)
    assert shop.work() > 0
    assert one_code_one_message(shop)
    assert shop.figures().due == 0


def killed_before_any_work(shop: Shop) -> None:
    del shop


def killed_after_reconciling(shop: Shop) -> None:
    parts = shop.service.parts
    parts.store.write(lambda tx: reconcile_due(tx, parts, now()))


def killed_before_the_vendor_acted(shop: Shop) -> None:
    shop.paper.before.append(Killed())
    work_until_killed(shop)


def killed_after_the_vendor_acted(shop: Shop) -> None:
    shop.paper.after.append(Killed())
    work_until_killed(shop)


def killed_before_the_message(shop: Shop) -> None:
    shop.letterbox.before.append(Killed())
    work_until_killed(shop)


def killed_after_the_message(shop: Shop) -> None:
    shop.letterbox.after.append(Killed())
    work_until_killed(shop)


def work_until_killed(shop: Shop) -> None:
    with pytest.raises(Killed):
        shop.work()


STEPS = [
    killed_before_any_work,
    killed_after_reconciling,
    killed_before_the_vendor_acted,
    killed_after_the_vendor_acted,
    killed_before_the_message,
    killed_after_the_message,
]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
@pytest.mark.parametrize("times", [1, 2])
def test_a_crash_at_any_step_leaves_one_code_and_one_message(
    clock: Clock, shop_anywhere: Shop, step: Callable[[Shop], None], times: int
) -> None:
    shop = shop_anywhere
    make_ready(shop)
    for _ in range(times):
        step(shop)
        shop.restart()
        clock.move_to(now() + 2 * MINUTE)
    shop.work()
    assert one_code_one_message(shop)
    assert len({(order.window, order.variant) for order in shop.paper.orders}) == 1


def test_a_restart_on_sqlite_takes_over_at_once(shop: Shop) -> None:
    make_ready(shop)
    shop.paper.after.append(Killed())
    with pytest.raises(Killed):
        shop.work()
    assert shop.figures().in_flight == 1
    shop.restart()
    shop.work()
    assert one_code_one_message(shop)


def test_work_of_a_living_process_is_left_alone(shop: Shop) -> None:
    make_ready(shop)
    other = Shop(shop.database_url)

    def meanwhile(_: object) -> None:
        assert other.work() == 0

    shop.paper.meanwhile = meanwhile
    shop.work()
    other.close()
    assert one_code_one_message(shop)


def test_a_worker_that_comes_back_too_late_changes_nothing(
    shop: Shop, clock: Clock
) -> None:
    make_ready(shop)
    other = Shop(shop.database_url, paper=shop.paper, letterbox=shop.letterbox)

    def meanwhile(_: object) -> None:
        shop.paper.meanwhile = None
        clock.move_to(now() + 2 * MINUTE)
        assert other.work() > 0

    shop.paper.meanwhile = meanwhile
    shop.work()
    other.close()
    assert len(shop.paper.orders) == 2
    assert one_code_one_message(shop)


@pytest.mark.parametrize("phase", ["before", "after"])
@pytest.mark.parametrize(
    "trouble",
    [
        VendorBusy("paper is out"),
        VendorUnknown("the pigeon is lost"),
        CredentialsRefused("who are you"),
        ZeroDivisionError(),
    ],
    ids=lambda trouble: type(trouble).__name__,
)
def test_trouble_that_passes_ends_with_one_code(
    shop: Shop, clock: Clock, trouble: Exception, phase: str
) -> None:
    make_ready(shop)
    getattr(shop.paper, phase).extend([trouble, trouble])
    shop.work()
    access = shop.access()
    assert (access.status, bool(access.reason)) == ("in progress", True)
    for _ in range(10):
        clock.move_to(access.next_try_at or now())
        shop.work()
        access = shop.access()
    assert one_code_one_message(shop)
    assert access.reason is None


def test_a_vendor_may_say_when_to_come_back(shop: Shop) -> None:
    make_ready(shop)
    shop.paper.before.append(VendorBusy("later", retry_after=40 * MINUTE))
    shop.work()
    assert shop.access().next_try_at == now() + 40 * MINUTE


def test_a_refusal_is_final_and_told(shop: Shop) -> None:
    make_ready(shop)
    shop.paper.before.append(VendorRefused("no paper left"))
    shop.work()
    access = shop.access()
    assert (access.status, access.reason) == ("failed", "no paper left")
    assert access.next_try_at is None
    assert shop.letterbox.taken == []
    assert shop.figures() == type(shop.figures())(0, 0, None)


def test_what_does_not_work_until_the_end_has_failed(shop: Shop, clock: Clock) -> None:
    make_ready(shop)
    shop.paper.before.extend([VendorBusy("paper is out")] * 100)
    shop.work()
    while (access := shop.access()).next_try_at is not None:
        clock.move_to(access.next_try_at)
        shop.work()
    assert access.status == "failed"
    assert "no time is left" in str(access.reason)
    assert access.valid_until is not None
    assert now() < access.valid_until


def test_an_unexpected_fault_is_told_without_its_text(shop: Shop) -> None:
    make_ready(shop)
    shop.paper.before.append(ValueError("the code is 123456"))
    shop.work()
    assert shop.access().reason == "an unexpected ValueError"


def test_a_booking_that_no_window_covers_has_failed_at_once(shop: Shop) -> None:
    shop.rule()
    shop.tell("confirmed", end=now() + timedelta(days=30))
    shop.work()
    assert shop.access().status == "failed"
    assert "10 days" in str(shop.access().reason)
    assert shop.paper.orders == []


def test_the_window_follows_the_hour_while_the_vendor_is_away(
    shop: Shop, clock: Clock
) -> None:
    shop.rule()
    start = now() + 5 * MINUTE
    shop.tell("confirmed", start=start, end=start + timedelta(hours=3))
    shop.paper.before.append(VendorBusy("out", retry_after=59 * MINUTE))
    shop.work()
    clock.move_to(now() + 70 * MINUTE)
    shop.work()
    first, second = shop.paper.orders
    assert first.window.start == start.replace(minute=0)
    assert second.window.start == first.window.start + timedelta(hours=1)
    assert shop.access().valid_from == second.window.start


def test_bookings_of_one_lock_and_window_never_share_a_variant(shop: Shop) -> None:
    shop.rule()
    for ref in ("B-1", "B-2", "B-3"):
        shop.tell("confirmed", ref)
    shop.work()
    held = [shop.access(ref) for ref in ("B-1", "B-2", "B-3")]
    assert sorted(access.variant or 0 for access in held) == [1, 2, 3]
    assert len({shop.pin(access) for access in held}) == 3


def test_the_fourth_of_three_is_told_why_it_gets_none(shop: Shop) -> None:
    shop.rule()
    for ref in ("B-1", "B-2", "B-3"):
        shop.tell("confirmed", ref)
    shop.work()
    shop.tell("cancelled", "B-1")
    shop.tell("confirmed", "B-4")
    shop.work()
    assert shop.access("B-4").status == "failed"
    assert "all 3" in str(shop.access("B-4").reason)


def test_a_code_that_another_access_has_is_not_given_twice(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    digits = {1: "000000001", 2: "000000001", 3: "000000003"}
    monkeypatch.setattr(
        "tests.service.paper.digits", lambda order: digits[order.variant]
    )
    shop.rule()
    shop.tell("confirmed", "B-1")
    shop.work()
    shop.tell("confirmed", "B-2")
    shop.work()
    assert shop.pin(shop.access("B-1")) == "000000001"
    assert shop.pin(shop.access("B-2")) == "000000003"


def test_where_every_further_code_is_another_accesss_there_is_none(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.service.paper.digits", lambda _: "000000001")
    shop.rule()
    shop.tell("confirmed", "B-1")
    shop.work()
    shop.tell("confirmed", "B-2")
    shop.work()
    assert shop.access("B-2").status == "failed"
