"""A changed or cancelled booking leaves what fits it, and tells what stays."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from service.clock import now
from service.ports import VendorBusy, VendorRefused, VendorUnknown
from service.use_cases.manual_code import take_away
from tests.service.env import FIVE, THREE, ServiceEnv
from tests.service.stub_vendor import Killed, StubVendor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.service.use_cases.conftest import Clock

HOUR = timedelta(hours=1)
TOMORROW = {"start": THREE + 24 * HOUR, "end": FIVE + 24 * HOUR}


@pytest.fixture
def revocable(clock: Clock, sqlite_url: str) -> Iterator[ServiceEnv]:
    del clock
    env = ServiceEnv(sqlite_url, stub_vendor=StubVendor(revocable=True))
    env.rule()
    yield env
    env.close()


@pytest.fixture
def kept(env: ServiceEnv) -> ServiceEnv:
    env.rule()
    return env


def book(env: ServiceEnv) -> None:
    env.send_event("confirmed")
    env.work()


def change(env: ServiceEnv, **about: object) -> None:
    env.send_event("changed", occurred_at=now() + timedelta(seconds=1), **about)


def test_a_move_within_the_window_keeps_the_code_and_tells_the_new_time(
    kept: ServiceEnv,
) -> None:
    book(kept)
    pin = kept.pin(kept.access())
    change(kept, start=THREE + timedelta(minutes=20))
    kept.work()
    assert len(kept.accesses()) == 1
    assert len(kept.stub_vendor.orders) == 1
    bodies = [mail.body for mail in kept.outbox.taken]
    assert ["15:20" in body for body in bodies] == [False, True]
    assert all(pin in body for body in bodies)


def test_a_move_elsewhere_leaves_one_current_access_and_tells_of_the_old(
    kept: ServiceEnv,
) -> None:
    book(kept)
    change(kept, **TOMORROW)
    kept.work()
    old, new = kept.accesses()
    assert (old.wanted, old.status, old.works_until) == (False, "created", FIVE)
    assert "cannot be revoked" in str(old.notice)
    assert (new.status, new.valid_from) == ("created", TOMORROW["start"])
    assert len(kept.outbox.mails) == 2


def test_a_move_before_the_code_was_made_makes_one_code(
    kept: ServiceEnv, clock: Clock
) -> None:
    kept.stub_vendor.before.append(VendorBusy("out"))
    book(kept)
    change(kept, **TOMORROW)
    clock.move_to(now() + HOUR)
    kept.work()
    (access,) = kept.accesses()
    assert access.valid_from == TOMORROW["start"]
    assert len(kept.stub_vendor.codes) == len(kept.outbox.mails) == 1


def test_a_failed_access_is_tried_for_the_new_time(kept: ServiceEnv) -> None:
    kept.stub_vendor.before.append(VendorRefused("no"))
    book(kept)
    change(kept, **TOMORROW)
    kept.work()
    (access,) = kept.accesses()
    assert (access.status, access.reason) == ("created", None)


def test_another_customer_address_is_told_the_same_code(kept: ServiceEnv) -> None:
    book(kept)
    customer = kept.event("confirmed").details.customer
    change(kept, customer=type(customer)("Ada", "new@example.org", None, "en"))
    kept.work()
    assert [mail.to for mail in kept.outbox.taken] == [
        "ada@example.org",
        "new@example.org",
    ]
    assert len(kept.accesses()) == 1


def test_a_cancelled_booking_keeps_what_cannot_be_revoked_and_says_so(
    kept: ServiceEnv,
) -> None:
    book(kept)
    kept.send_event("cancelled")
    kept.work()
    (access,) = kept.accesses()
    assert (access.status, access.cancelled_at) == ("created", now())
    assert access.works_until == FIVE
    assert len(kept.outbox.mails) == 1


def test_a_cancellation_before_the_code_removes_the_access(kept: ServiceEnv) -> None:
    kept.stub_vendor.before.append(VendorBusy("out"))
    book(kept)
    kept.send_event("cancelled")
    kept.work()
    (access,) = kept.accesses()
    assert (access.status, access.works_until) == ("removed", None)
    assert kept.stub_vendor.codes == {}
    assert kept.queue_stats().next_at is None


def test_a_cancellation_after_a_lost_answer_says_what_may_exist(
    kept: ServiceEnv,
) -> None:
    kept.stub_vendor.after.append(VendorUnknown("lost"))
    book(kept)
    kept.send_event("cancelled")
    kept.work()
    (access,) = kept.accesses()
    assert (access.status, access.works_until) == ("failed", FIVE)
    assert "may exist" in str(access.notice)
    assert kept.queue_stats().next_at is None
    assert kept.outbox.taken == []


@pytest.mark.parametrize("kind", ["cancelled", "changed"])
def test_news_that_come_while_the_vendor_is_asked_wait_for_its_answer(
    kept: ServiceEnv, kind: str
) -> None:
    def meanwhile(_: object) -> None:
        kept.stub_vendor.meanwhile = None
        about = TOMORROW if kind == "changed" else {}
        kept.send_event(kind, occurred_at=now() + timedelta(seconds=1), **about)
        kept.work()
        assert kept.access().status == "in progress"

    kept.stub_vendor.meanwhile = meanwhile
    book(kept)
    kept.work()
    old, *new = kept.accesses()
    assert (old.wanted, old.status, old.works_until) == (False, "created", FIVE)
    assert [access.status for access in new] == ["created"] * (kind == "changed")
    answer = [kept.pin(access) for access in new]
    assert all(pin in mail.body for pin in answer for mail in kept.outbox.taken)
    assert len(kept.outbox.taken) == len(answer)


def test_news_that_come_while_the_vendor_is_asked_survive_a_crash(
    kept: ServiceEnv, clock: Clock
) -> None:
    def meanwhile(_: object) -> None:
        kept.stub_vendor.meanwhile = None
        kept.send_event("cancelled")
        kept.work()
        raise Killed

    kept.stub_vendor.meanwhile = meanwhile
    with pytest.raises(Killed):
        book(kept)
    kept.restart()
    clock.move_to(now() + HOUR)
    kept.work()
    (access,) = kept.accesses()
    assert (access.status, access.wanted) == ("failed", False)
    assert "may exist" in str(access.notice)
    assert kept.queue_stats() == type(kept.queue_stats())(0, 0, None)


def test_what_can_be_revoked_is_revoked(revocable: ServiceEnv) -> None:
    book(revocable)
    assert len(revocable.stub_vendor.codes) == 1
    revocable.send_event("cancelled")
    revocable.work()
    (access,) = revocable.accesses()
    assert access.status == "removed"
    assert revocable.stub_vendor.codes == {}


def test_a_moved_booking_leaves_one_working_code_where_they_can_be_revoked(
    revocable: ServiceEnv,
) -> None:
    book(revocable)
    change(revocable, **TOMORROW)
    revocable.work()
    old, new = revocable.accesses()
    assert (old.status, new.status) == ("removed", "created")
    assert [pin for _, pin in revocable.stub_vendor.codes] == [revocable.pin(new)]


@pytest.mark.parametrize("phase", ["before", "after"])
def test_a_revocation_is_repeated_until_the_vendor_confirms_it(
    revocable: ServiceEnv, clock: Clock, phase: str
) -> None:
    book(revocable)
    getattr(revocable.stub_vendor, phase).extend([VendorUnknown("lost")] * 3)
    revocable.send_event("cancelled")
    for _ in range(6):
        revocable.work()
        clock.move_to(now() + timedelta(minutes=10))
    (access,) = revocable.accesses()
    assert access.status == "removed"
    assert revocable.stub_vendor.codes == {}


def test_a_crash_while_revoking_ends_with_the_code_revoked(
    revocable: ServiceEnv,
) -> None:
    book(revocable)
    revocable.send_event("cancelled")
    revocable.stub_vendor.after.append(Killed())
    with pytest.raises(Killed):
        revocable.work()
    assert revocable.access_of_any().status == "created"
    revocable.restart()
    revocable.work()
    assert revocable.access_of_any().status == "removed"


def test_a_revocation_that_the_vendor_refuses_is_not_called_removed(
    revocable: ServiceEnv,
) -> None:
    book(revocable)
    revocable.stub_vendor.before.append(VendorRefused("not this one"))
    revocable.send_event("cancelled")
    revocable.work()
    access = revocable.access_of_any()
    assert (access.status, access.works_until) == ("created", FIVE)
    assert access.reason == "not this one"


def test_a_code_taken_away_by_hand_does_not_come_back_by_itself(
    revocable: ServiceEnv,
) -> None:
    book(revocable)
    take_away(revocable.service.deps, revocable.access().id, now())
    revocable.work()
    assert revocable.access().status == "removed"
    revocable.send_event("paid")
    revocable.work()
    assert len(revocable.accesses()) == 1
    change(revocable, **TOMORROW)
    revocable.work()
    assert revocable.access().status == "created"
    assert len(revocable.stub_vendor.codes) == 1
