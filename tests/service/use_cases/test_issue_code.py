"""A code is made once, whatever goes wrong on the way (CON-12, IGL-12)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from service.clock import now
from service.domain.schedule import HOUR
from service.ports import CredentialsRefused, VendorBusy, VendorRefused, VendorUnknown
from service.store import messages
from service.use_cases.reconcile import reconcile_due
from tests.service.env import FIVE, THREE, ServiceEnv
from tests.service.stub_vendor import Killed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.service.use_cases.conftest import Clock

MINUTE = timedelta(minutes=1)


def make_ready(env: ServiceEnv) -> None:
    env.rule()
    env.send_event("confirmed")


def one_code_one_message(env: ServiceEnv) -> bool:
    access = env.access()
    mails = list(env.outbox.mails.values())
    return (
        len(env.accesses()) == 1
        and access.status == "created"
        and [pin for _, pin in env.stub_vendor.codes] == [env.pin(access)]
        and len(mails) == 1
        and env.pin(access) in mails[0].body
    )


def test_a_booking_becomes_one_code_and_one_message(env: ServiceEnv) -> None:
    make_ready(env)
    assert env.work() > 0
    assert one_code_one_message(env)
    assert env.queue_stats().due == 0


def killed_before_any_work(env: ServiceEnv) -> None:
    del env


def killed_after_reconciling(env: ServiceEnv) -> None:
    deps = env.service.deps
    deps.store.write(lambda tx: reconcile_due(tx, deps, now()))


def killed_before_the_vendor_acted(env: ServiceEnv) -> None:
    env.stub_vendor.before.append(Killed())
    work_until_killed(env)


def killed_after_the_vendor_acted(env: ServiceEnv) -> None:
    env.stub_vendor.after.append(Killed())
    work_until_killed(env)


def killed_before_the_message(env: ServiceEnv) -> None:
    env.outbox.before.append(Killed())
    work_until_killed(env)


def killed_after_the_message(env: ServiceEnv) -> None:
    env.outbox.after.append(Killed())
    work_until_killed(env)


def work_until_killed(env: ServiceEnv) -> None:
    with pytest.raises(Killed):
        env.work()


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
    clock: Clock,
    env_on_each_database: ServiceEnv,
    step: Callable[[ServiceEnv], None],
    times: int,
) -> None:
    env = env_on_each_database
    make_ready(env)
    for _ in range(times):
        step(env)
        env.restart()
        clock.move_to(now() + 2 * MINUTE)
    env.work()
    assert one_code_one_message(env)
    assert len({(order.window, order.variant) for order in env.stub_vendor.orders}) == 1


def test_a_restart_on_sqlite_takes_over_at_once(env: ServiceEnv) -> None:
    make_ready(env)
    env.stub_vendor.after.append(Killed())
    with pytest.raises(Killed):
        env.work()
    assert env.queue_stats().in_flight == 1
    env.restart()
    env.work()
    assert one_code_one_message(env)


@pytest.mark.parametrize("killed", [True, False])
def test_mail_that_was_taken_and_not_written_down_is_not_sent_again(
    clock: Clock, env: ServiceEnv, monkeypatch: pytest.MonkeyPatch, *, killed: bool
) -> None:
    def end(*_: object, **__: object) -> bool:
        raise Killed

    make_ready(env)
    with monkeypatch.context() as dying:
        dying.setattr(messages, "conclude", end)
        work_until_killed(env)
    assert [each.status for each in env.messages()] == ["waiting"]
    if killed:
        env.restart()
    else:  # the store was away for a moment
        clock.move_to(now() + 2 * MINUTE)
    env.work()
    assert [each.status for each in env.messages()] == ["sent"]
    assert len(env.outbox.taken) == 1
    assert one_code_one_message(env)


def test_work_of_a_living_process_is_left_alone(env: ServiceEnv) -> None:
    make_ready(env)
    other = ServiceEnv(env.database_url)

    def meanwhile(_: object) -> None:
        assert other.work() == 0

    env.stub_vendor.meanwhile = meanwhile
    env.work()
    other.close()
    assert one_code_one_message(env)


def test_a_worker_that_comes_back_too_late_changes_nothing(
    env: ServiceEnv, clock: Clock
) -> None:
    make_ready(env)
    other = ServiceEnv(env.database_url, stub_vendor=env.stub_vendor, outbox=env.outbox)

    def meanwhile(_: object) -> None:
        env.stub_vendor.meanwhile = None
        clock.move_to(now() + 2 * MINUTE)
        assert other.work() > 0

    env.stub_vendor.meanwhile = meanwhile
    env.work()
    other.close()
    assert len(env.stub_vendor.orders) == 2
    assert one_code_one_message(env)


@pytest.mark.parametrize("phase", ["before", "after"])
@pytest.mark.parametrize(
    "trouble",
    [
        VendorBusy("stub is out"),
        VendorUnknown("the pigeon is lost"),
        CredentialsRefused("who are you"),
        ZeroDivisionError(),
    ],
    ids=lambda trouble: type(trouble).__name__,
)
def test_trouble_that_passes_ends_with_one_code(
    env: ServiceEnv, clock: Clock, trouble: Exception, phase: str
) -> None:
    make_ready(env)
    getattr(env.stub_vendor, phase).extend([trouble, trouble])
    env.work()
    access = env.access()
    assert (access.status, bool(access.reason)) == ("in progress", True)
    for _ in range(10):
        clock.move_to(access.next_try_at or now())
        env.work()
        access = env.access()
    assert one_code_one_message(env)
    assert access.reason is None


def test_a_vendor_may_say_when_to_come_back(env: ServiceEnv) -> None:
    make_ready(env)
    env.stub_vendor.before.append(VendorBusy("later", retry_after=40 * MINUTE))
    env.work()
    assert env.access().next_try_at == now() + 40 * MINUTE


def test_a_refusal_is_told_and_asked_again_later(env: ServiceEnv) -> None:
    make_ready(env)
    env.stub_vendor.before.append(VendorRefused("no codes left"))
    env.work()
    access = env.access()
    assert (access.status, access.reason) == ("failed", "no codes left")
    assert access.next_try_at == now() + MINUTE
    assert env.outbox.taken == []
    assert (env.queue_stats().due, env.queue_stats().in_flight) == (0, 0)


def test_access_fails_once_no_retry_fits_before_its_end(
    env: ServiceEnv, clock: Clock
) -> None:
    make_ready(env)
    env.stub_vendor.before.extend([VendorBusy("stub is out")] * 100)
    env.work()
    while (access := env.access()).next_try_at is not None:
        clock.move_to(access.next_try_at)
        env.work()
    assert access.status == "failed"
    assert "no time is left" in str(access.reason)
    assert access.valid_until is not None
    assert now() < access.valid_until


def test_an_unexpected_fault_is_told_without_its_text(env: ServiceEnv) -> None:
    make_ready(env)
    env.stub_vendor.before.append(ValueError("the code is 123456"))
    env.work()
    assert env.access().reason == "an unexpected ValueError"


def test_a_booking_that_no_window_covers_has_failed_at_once(env: ServiceEnv) -> None:
    env.rule()
    env.send_event("confirmed", end=now() + timedelta(days=30))
    env.work()
    assert env.access().status == "failed"
    assert "10 days" in str(env.access().reason)
    assert env.stub_vendor.orders == []


def test_the_window_follows_the_hour_while_the_vendor_is_away(
    env: ServiceEnv, clock: Clock
) -> None:
    env.rule()
    start = now() + 5 * MINUTE
    env.send_event("confirmed", start=start, end=start + timedelta(hours=3))
    env.stub_vendor.before.append(VendorBusy("out", retry_after=59 * MINUTE))
    env.work()
    clock.move_to(now() + 70 * MINUTE)
    env.work()
    first, second = env.stub_vendor.orders
    assert first.window.start == start.replace(minute=0)
    assert second.window.start == first.window.start + timedelta(hours=1)
    assert env.access().valid_from == second.window.start


def test_bookings_of_one_lock_and_window_never_share_a_variant(env: ServiceEnv) -> None:
    env.rule()
    for ref in ("B-1", "B-2", "B-3"):
        env.send_event("confirmed", ref)
    env.work()
    held = [env.access(ref) for ref in ("B-1", "B-2", "B-3")]
    assert sorted(access.variant or 0 for access in held) == [1, 2, 3]
    assert len({env.pin(access) for access in held}) == 3


def test_fourth_booking_of_three_variants_fails_with_its_reason(
    env: ServiceEnv,
) -> None:
    env.rule()
    for ref in ("B-1", "B-2", "B-3", "B-4"):
        env.send_event("confirmed", ref)
        env.work()
    assert env.access("B-4").status == "failed"
    assert "all 3" in str(env.access("B-4").reason)


@pytest.fixture
def used_up(env: ServiceEnv) -> ServiceEnv:
    """Return a lock that had given all codes of a window away before one was gone."""
    env.rule()
    for ref in ("B-1", "B-2", "B-3"):
        env.send_event("confirmed", ref)
        env.work()
    env.send_event("cancelled", "B-1")
    env.send_event("confirmed", "B-4")
    env.work()
    return env


def test_booking_after_cancelled_ones_gets_a_wider_window(used_up: ServiceEnv) -> None:
    env = used_up
    access = env.access("B-4")
    assert access.status == "created"
    assert (access.valid_from, access.valid_until) == (THREE - HOUR, FIVE)
    assert "opens the door longer" in str(access.notice)
    codes = len(env.stub_vendor.codes)
    env.send_event("confirmed", "B-4")
    env.work()
    assert env.access("B-4").id == access.id
    assert len(env.stub_vendor.codes) == codes


def test_booking_that_is_moved_from_a_wider_window_has_its_own_hours_again(
    used_up: ServiceEnv,
) -> None:
    env = used_up
    env.send_event("changed", "B-4", start=FIVE, end=FIVE + HOUR)
    env.work()
    access = env.access("B-4")
    assert (access.valid_from, access.valid_until) == (FIVE, FIVE + HOUR)
    assert access.notice is None


def test_a_code_that_another_access_has_is_not_given_twice(
    env: ServiceEnv, monkeypatch: pytest.MonkeyPatch
) -> None:
    digits = {1: "000000001", 2: "000000001", 3: "000000003"}
    monkeypatch.setattr(
        "tests.service.stub_vendor.digits", lambda order: digits[order.variant]
    )
    env.rule()
    env.send_event("confirmed", "B-1")
    env.work()
    env.send_event("confirmed", "B-2")
    env.work()
    assert env.pin(env.access("B-1")) == "000000001"
    assert env.pin(env.access("B-2")) == "000000003"


def test_where_every_further_code_is_another_accesss_there_is_none(
    env: ServiceEnv, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.service.stub_vendor.digits", lambda _: "000000001")
    env.rule()
    env.send_event("confirmed", "B-1")
    env.work()
    env.send_event("confirmed", "B-2")
    env.work()
    assert env.access("B-2").status == "failed"
