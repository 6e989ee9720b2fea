"""An event is counted in once, and its sender is told what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.clock import now
from service.domain.booking import Customer
from service.domain.errors import SemanticError
from service.store import bookings, connections
from service.store.bookings import Outcome
from service.use_cases.receive_event import (
    StaleConnection,
    apply_events,
    receive,
    replay,
)
from tests.service.env import THREE, ServiceEnv

if TYPE_CHECKING:
    from service.domain.booking import Booking
    from service.store.accesses import Access
    from service.store.bookings import StoredEvent
    from service.use_cases.receive_event import IncomingEvent


def stored(env: ServiceEnv, event_id: str) -> StoredEvent:
    store = env.service.deps.store
    mine = {"connection_id": env.connection.id, "event_id": event_id}
    found = store.read(lambda tx: bookings.EVENTS.find(tx, **mine))
    assert found is not None
    return found


def test_an_event_that_leads_to_a_code_is_accepted(env: ServiceEnv) -> None:
    env.rule()
    receipt = env.send_event("confirmed")
    assert (receipt.outcome, receipt.reason) == (Outcome.ACCEPTED, None)


def test_the_same_event_again_is_a_duplicate_and_changes_nothing(
    env: ServiceEnv,
) -> None:
    env.rule()
    event = env.event("confirmed")
    env.deliver(event)
    env.work()
    assert env.deliver(event).outcome is Outcome.DUPLICATE
    assert env.work() == 0
    assert len(env.accesses()) == 1


def test_an_id_that_came_with_other_content_is_refused(env: ServiceEnv) -> None:
    env.rule()
    event = env.event("confirmed")
    env.deliver(event)
    with pytest.raises(SemanticError, match="other content"):
        env.deliver(replace(event, occurred_at=now() + timedelta(hours=1)))
    assert stored(env, event.id).occurred_at == event.occurred_at


def test_a_resource_without_a_rule_is_ignored_and_told_why(env: ServiceEnv) -> None:
    env.rule()
    receipt = env.send_event("confirmed", resource="attic")
    assert receipt.outcome is Outcome.IGNORED
    assert "'attic'" in str(receipt.reason)
    assert env.work() == 0


def test_a_rule_that_waits_for_another_event_is_named(env: ServiceEnv) -> None:
    env.rule(trigger="paid")
    receipt = env.send_event("confirmed")
    assert receipt.outcome is Outcome.IGNORED
    assert "booking.paid" in str(receipt.reason)
    assert env.send_event("paid").outcome is Outcome.ACCEPTED


def test_an_event_about_a_cancelled_booking_is_ignored(env: ServiceEnv) -> None:
    env.rule()
    assert env.send_event("cancelled").outcome is Outcome.ACCEPTED
    receipt = env.send_event("confirmed")
    assert receipt.outcome is Outcome.IGNORED
    assert "cancelled" in str(receipt.reason)


def test_a_confirmation_after_the_cancellation_brings_the_booking_back(
    env: ServiceEnv,
) -> None:
    env.rule()
    for kind, minutes in (("confirmed", 0), ("cancelled", 1), ("confirmed", 2)):
        env.send_event(kind, occurred_at=now() + timedelta(minutes=minutes))
        env.work()
    assert env.access().status == "created"


def test_change_told_to_another_connection_moves_the_booking_there(
    env: ServiceEnv,
) -> None:
    there = ServiceEnv(env.database_url, sharing=env)
    env.rule()
    there.rule(resource="flat-2", trigger="paid")
    env.send_event("confirmed")
    env.send_event("paid")
    env.work()
    later = now() + timedelta(minutes=1)
    receipt = there.send_event("changed", resource="flat-2", occurred_at=later)
    assert receipt.outcome is Outcome.ACCEPTED
    env.work()
    assert there.access().status == "created"
    assert not any(access.wanted for access in env.accesses())


def test_a_change_that_ends_what_was_there_is_accepted(env: ServiceEnv) -> None:
    env.rule()
    env.send_event("confirmed")
    env.work()
    receipt = env.send_event("changed", resource="attic")
    assert receipt.outcome is Outcome.ACCEPTED
    env.work()
    assert not any(access.wanted for access in env.accesses())


def test_an_older_event_that_comes_late_changes_no_details(env: ServiceEnv) -> None:
    env.rule()
    late = env.event("changed", resource="attic", occurred_at=now())
    env.send_event("confirmed", occurred_at=now() + timedelta(minutes=5))
    env.work()
    env.deliver(late)
    env.work()
    assert env.access().resource == "court-1"


KINDS = st.sampled_from(["confirmed", "paid", "changed", "cancelled"])
TOLD = st.tuples(st.integers(0, 9), KINDS, st.sampled_from("AB"), st.booleans())


@given(answer=st.lists(TOLD, min_size=1, max_size=8))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counted_in_together_is_the_same_as_one_by_one(
    env: ServiceEnv, answer: list[tuple[int, str, str, bool]]
) -> None:
    one, other = (ServiceEnv(env.database_url, sharing=env) for _ in range(2))

    def come_in(there: ServiceEnv) -> list[IncomingEvent]:
        there.rule()
        return [
            there.delivery(
                there.event(
                    kind,
                    ref,
                    id=f"evt_{name}",
                    occurred_at=THREE + timedelta(minutes=name),
                    resource="court-1" if ruled else "attic",
                    customer=Customer("Ada", f"{there.connection.id}@example.org"),
                )
            )
            for name, kind, ref, ruled in answer
        ]

    store = env.service.deps.store
    alone = [store.write_for(apply_events, each) for each in come_in(one)]
    deliveries = come_in(other)
    together = store.write(lambda tx: apply_events(tx, deliveries))
    assert list(map(repr, together)) == list(map(repr, alone))
    assert bookings_of(other) == bookings_of(one)


def bookings_of(env: ServiceEnv) -> list[tuple[Booking, bool]]:
    mine = {"connection_id": env.connection.id}
    found = env.service.deps.store.read(lambda tx: bookings.GATEWAY.all(tx, **mine))
    return [(_of_anybody(each.booking), each.due_at is None) for each in found]


def _of_anybody(booking: Booking) -> Booking:
    return replace(booking, details=replace(booking.details, customer=Customer()))


def test_a_connection_that_changed_meanwhile_lets_nothing_in(env: ServiceEnv) -> None:
    env.rule()
    delivery, store = env.delivery(env.event("confirmed")), env.service.deps.store
    on = {"active": True}
    store.write(lambda tx: connections.change(tx, env.connection.id, **on))
    with pytest.raises(StaleConnection):
        receive(store, delivery)
    assert env.work() == 0
    assert env.send_event("confirmed").outcome is Outcome.ACCEPTED  # let in anew


def test_an_event_that_was_ignored_can_be_replayed_once_there_is_a_rule(
    env: ServiceEnv,
) -> None:
    env.send_event("confirmed")
    assert env.work() == 0
    env.rule()
    event = stored(env, "evt_1")
    receipt = replay(env.service.deps.store, event, now())
    assert receipt.outcome is Outcome.ACCEPTED
    env.work()
    assert env.access().status == "created"
    assert stored(env, "evt_1").status == Outcome.ACCEPTED


def test_replaying_what_was_done_changes_nothing(env: ServiceEnv) -> None:
    env.rule()
    env.send_event("confirmed")
    env.work()
    before = unsealed(env), env.messages()
    replay(env.service.deps.store, stored(env, "evt_1"), now())
    env.work()
    assert (unsealed(env), env.messages()) == before


def unsealed(env: ServiceEnv) -> list[Access]:
    """Return the accesses; a PIN that is sealed again reads otherwise."""
    return [replace(each, sealed_pin=env.pin(each)) for each in env.accesses()]


def test_membership_of_a_community_without_a_rule_is_kept_and_ignored(
    env: ServiceEnv,
) -> None:
    env.rule(resource="gold")  # of what is booked, not of who belongs to it
    started = env.event("started", "membership:M-1", resource="gold", end=None)
    receipt = env.deliver(started)
    assert receipt.outcome is Outcome.IGNORED
    assert "no rule for community 'gold'" in (receipt.reason or "")
    assert env.deliver(started).outcome is Outcome.DUPLICATE
    store = env.service.deps.store
    kept = stored(env, started.id)
    assert replay(store, kept, now()).outcome is Outcome.IGNORED
    env.rule(resource="gold", trigger="started")
    assert replay(store, kept, now()).outcome is Outcome.ACCEPTED
