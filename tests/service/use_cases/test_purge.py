"""What is over is kept for the set time, then cleared; what opens a door is not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from service.clock import now
from service.store import accesses, bookings, messages
from service.store.retention import purge
from service.use_cases.manual_code import ManualCodeRequest, order
from tests.service.env import FIVE, THREE

if TYPE_CHECKING:
    from tests.service.env import ServiceEnv
    from tests.service.use_cases.conftest import Clock

DAY = timedelta(days=1)
GATEWAYS = (bookings.EVENTS, bookings.GATEWAY, accesses.GATEWAY, messages.GATEWAY)


def kept(env: ServiceEnv) -> list[int]:
    store = env.service.deps.store
    return store.read(lambda tx: [len(gateway.all(tx)) for gateway in GATEWAYS])


def purge_now(env: ServiceEnv) -> int:
    deps = env.service.deps
    return purge(deps.store, now() - deps.settings.keep_days * DAY)


def test_a_booking_is_kept_for_the_set_time_and_cleared_as_a_whole(
    env: ServiceEnv, clock: Clock
) -> None:
    env.rule()
    env.send_event("confirmed")
    env.work()
    days = env.service.deps.settings.keep_days
    clock.move_to(FIVE + days * DAY)
    env.work()
    assert kept(env) == [1, 1, 1, 1]
    clock.move_to(FIVE + days * DAY + timedelta(hours=1))
    env.work()
    assert kept(env) == [0, 0, 0, 0]


def test_a_code_that_still_opens_keeps_its_booking(
    env: ServiceEnv, clock: Clock
) -> None:
    env.rule(margin_after_hours=168)
    env.send_event("confirmed")
    env.work()
    days = env.service.deps.settings.keep_days
    clock.move_to(FIVE + days * DAY + timedelta(hours=1))
    assert purge_now(env) == 0
    clock.move_to(FIVE + (days + 8) * DAY)
    assert purge_now(env) == 2


def test_a_membership_is_kept_until_it_has_been_over_for_the_set_time(
    env: ServiceEnv, clock: Clock
) -> None:
    days = env.service.deps.settings.keep_days
    started = env.event("started", "membership:M-1", resource="gold", end=None)
    env.deliver(started)
    clock.move_to(THREE + 1000 * DAY)
    assert purge_now(env) == 0
    ended = env.event("ended", "membership:M-1", resource="gold", end=None)
    env.deliver(ended)
    assert purge_now(env) == 0
    clock.move_to(THREE + (1001 + days) * DAY)
    assert purge_now(env) == 3


def test_codes_by_hand_are_cleared_by_their_own_end(
    env: ServiceEnv, clock: Clock
) -> None:
    env.rule()
    deps, front = env.service.deps, env.locks["front"]
    order(deps, front, ManualCodeRequest("hourly", THREE, FIVE, "Plumber"), now())
    order(deps, front, ManualCodeRequest("permanent", THREE, None, "Owner"), now())
    env.work()
    clock.move_to(FIVE + 400 * DAY)
    assert purge_now(env) == 1
    (left,) = deps.store.read(accesses.GATEWAY.all)
    assert left.kind == "permanent"


def test_an_event_without_a_booking_is_cleared_by_its_age(
    env: ServiceEnv, clock: Clock
) -> None:
    env.send_event("confirmed", resource="attic")
    assert kept(env)[:2] == [1, 1]
    clock.move_to(now() + 400 * DAY)
    env.work()
    assert kept(env) == [0, 0, 0, 0]
