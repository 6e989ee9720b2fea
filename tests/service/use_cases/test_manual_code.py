"""Codes by hand are made as asked for, or refused (IGL-09)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from service.clock import now
from service.domain.errors import NotPossible, NoWindow
from service.ports import VendorBusy
from service.store import accesses
from service.use_cases.manual_code import ManualCodeRequest, order, take_away
from tests.service.env import FIVE, THREE, ServiceEnv
from tests.service.stub_vendor import StubVendor

if TYPE_CHECKING:
    from service.store.accesses import Access
    from tests.service.use_cases.conftest import Clock

HOURLY = ManualCodeRequest("hourly", THREE, FIVE, "Plumber")


def made(
    env: ServiceEnv, request: ManualCodeRequest = HOURLY, lock: str = "front"
) -> Access:
    return order(env.service.deps, env.locks[lock], request, now())


def reload_connection(env: ServiceEnv, access: Access) -> Access:
    return env.service.deps.store.read(lambda tx: accesses.get(tx, access.id))


@pytest.mark.parametrize("kind", ["hourly", "permanent"])
def test_a_code_by_hand_is_made_as_asked_for(env: ServiceEnv, kind: str) -> None:
    env.rule()
    end = FIVE if kind == "hourly" else None
    access = made(env, ManualCodeRequest(kind, THREE, end, "Plumber"))
    assert access.status == "in progress"
    env.work()
    access = reload_connection(env, access)
    assert (access.status, access.valid_from, access.valid_until) == (
        "created",
        THREE,
        end,
    )
    assert env.stub_vendor.orders[0].name == "Plumber"
    assert env.outbox.taken == []


def test_what_does_not_fit_is_refused_and_not_rounded(env: ServiceEnv) -> None:
    env.rule()
    with pytest.raises(NoWindow, match="whole hours"):
        made(
            env,
            ManualCodeRequest("hourly", THREE + timedelta(minutes=1), FIVE, "Plumber"),
        )


@pytest.mark.parametrize("kind", ["hourly", "permanent"])
def test_a_code_that_is_made_late_opens_for_what_is_left(
    env: ServiceEnv, clock: Clock, kind: str
) -> None:
    env.rule()
    end = FIVE if kind == "hourly" else None
    access = made(env, ManualCodeRequest(kind, THREE, end, "Plumber"))
    clock.move_to(THREE + timedelta(minutes=70))
    env.work()
    access = reload_connection(env, access)
    assert (access.status, access.start_at) == ("created", THREE)
    assert access.valid_from == THREE + timedelta(hours=1)
    assert access.valid_until == end


def test_a_code_whose_time_is_over_before_it_was_made_says_so(
    env: ServiceEnv, clock: Clock
) -> None:
    env.rule()
    access = made(env)
    clock.move_to(FIVE)
    env.work()
    access = reload_connection(env, access)
    assert access.status == "failed"
    assert "its time was over before the vendor made it" in str(access.reason)
    assert env.stub_vendor.orders == []


def test_a_lock_that_is_coupled_to_nothing_gets_none(env: ServiceEnv) -> None:
    env.rule("front")
    with pytest.raises(NotPossible, match="not coupled"):
        made(env, lock="back")


def test_a_device_that_cannot_be_used_gets_none(env: ServiceEnv) -> None:
    env.rule("hub")
    with pytest.raises(NotPossible, match="no lock"):
        made(env, lock="hub")


def test_a_code_by_hand_shares_no_variant_with_a_booking(env: ServiceEnv) -> None:
    env.rule()
    env.send_event("confirmed")
    made(env)
    env.work()
    assert sorted(each.variant for each in env.stub_vendor.orders) == [1, 2]


def test_a_code_that_cannot_be_revoked_is_not_taken_away(env: ServiceEnv) -> None:
    env.rule()
    access = made(env)
    env.work()
    with pytest.raises(NotPossible, match="until 2026-12-01 17:00"):
        take_away(env.service.deps, access.id, now())
    assert reload_connection(env, access).cancelled_at is None


def test_a_code_that_is_not_made_yet_can_be_taken_away(env: ServiceEnv) -> None:
    env.rule()
    env.stub_vendor.before.append(VendorBusy("out"))
    access = made(env)
    env.work()
    assert take_away(env.service.deps, access.id, now()).status == "removed"
    assert env.queue_stats().next_at is None


def test_access_with_a_vendor_call_in_flight_cannot_be_removed(
    env: ServiceEnv,
) -> None:
    env.rule()
    access = made(env)

    def meanwhile(_: object) -> None:
        with pytest.raises(NotPossible, match="try again soon"):
            take_away(env.service.deps, access.id, now())

    env.stub_vendor.meanwhile = meanwhile
    env.work()
    assert reload_connection(env, access).status == "created"


def test_a_revocable_code_by_hand_is_removed_once_the_vendor_said_so(
    clock: Clock, sqlite_url: str
) -> None:
    del clock
    env = ServiceEnv(sqlite_url, stub_vendor=StubVendor(revocable=True))
    env.rule()
    start = now().replace(minute=0, second=0, microsecond=0)
    access = made(
        env, ManualCodeRequest("hourly", start, start + timedelta(hours=2), "Plumber")
    )
    env.work()
    assert take_away(env.service.deps, access.id, now()).status == "created"
    assert take_away(env.service.deps, access.id, now()).due_at is not None
    env.work()
    assert reload_connection(env, access).status == "removed"
    assert env.stub_vendor.codes == {}
    env.close()
