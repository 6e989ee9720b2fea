"""An event is counted in once, and its sender is told what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.clock import now
from service.domain.errors import Senseless
from service.store import bookings, connections, events
from service.store.events import Outcome
from service.use_cases.receive import Outdated, count_in, receive
from service.use_cases.replay import replay
from tests.service.shop import THREE, Shop

if TYPE_CHECKING:
    from service.domain.bookings import Booking
    from service.store.events import StoredEvent
    from service.use_cases.receive import Delivery


def stored(shop: Shop, event_id: str) -> StoredEvent:
    store = shop.service.parts.store
    mine = {"connection_id": shop.connection.id, "event_id": event_id}
    found = store.read(lambda tx: events.SHELF.find(tx, **mine))
    assert found is not None
    return found


def test_an_event_that_leads_to_a_code_is_accepted(shop: Shop) -> None:
    shop.rule()
    receipt = shop.tell("confirmed")
    assert (receipt.outcome, receipt.reason) == (Outcome.ACCEPTED, None)


def test_the_same_event_again_is_a_duplicate_and_changes_nothing(shop: Shop) -> None:
    shop.rule()
    event = shop.event("confirmed")
    shop.deliver(event)
    shop.work()
    assert shop.deliver(event).outcome is Outcome.DUPLICATE
    assert shop.work() == 0
    assert len(shop.accesses()) == 1


def test_an_id_that_came_with_other_content_is_refused(shop: Shop) -> None:
    shop.rule()
    event = shop.event("confirmed")
    shop.deliver(event)
    with pytest.raises(Senseless, match="other content"):
        shop.deliver(replace(event, occurred_at=now() + timedelta(hours=1)))
    assert stored(shop, event.id).occurred_at == event.occurred_at


def test_a_resource_without_a_rule_is_ignored_and_told_why(shop: Shop) -> None:
    shop.rule()
    receipt = shop.tell("confirmed", resource="attic")
    assert receipt.outcome is Outcome.IGNORED
    assert "'attic'" in str(receipt.reason)
    assert shop.work() == 0


def test_a_rule_that_waits_for_another_event_is_named(shop: Shop) -> None:
    shop.rule(trigger="paid")
    receipt = shop.tell("confirmed")
    assert receipt.outcome is Outcome.IGNORED
    assert "booking.paid" in str(receipt.reason)
    assert shop.tell("paid").outcome is Outcome.ACCEPTED


def test_an_event_about_a_cancelled_booking_is_ignored(shop: Shop) -> None:
    shop.rule()
    assert shop.tell("cancelled").outcome is Outcome.ACCEPTED
    receipt = shop.tell("confirmed")
    assert receipt.outcome is Outcome.IGNORED
    assert "cancelled" in str(receipt.reason)


def test_a_change_that_ends_what_was_there_is_accepted(shop: Shop) -> None:
    shop.rule()
    shop.tell("confirmed")
    shop.work()
    receipt = shop.tell("changed", resource="attic")
    assert receipt.outcome is Outcome.ACCEPTED
    shop.work()
    assert not any(access.wanted for access in shop.accesses())


def test_an_older_event_that_comes_late_changes_no_details(shop: Shop) -> None:
    shop.rule()
    late = shop.event("changed", resource="attic", occurred_at=now())
    shop.tell("confirmed", occurred_at=now() + timedelta(minutes=5))
    shop.work()
    shop.deliver(late)
    shop.work()
    assert shop.access().resource == "court-1"


KINDS = st.sampled_from(["confirmed", "paid", "changed", "cancelled"])
TOLD = st.tuples(st.integers(0, 9), KINDS, st.sampled_from("AB"), st.booleans())


@given(told=st.lists(TOLD, min_size=1, max_size=8))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_counted_in_together_is_the_same_as_one_by_one(
    shop: Shop, told: list[tuple[int, str, str, bool]]
) -> None:
    one, other = (Shop(shop.database_url, beside=shop) for _ in range(2))

    def come_in(there: Shop) -> list[Delivery]:
        there.rule()
        return [
            there.delivery(
                there.event(
                    kind,
                    ref,
                    id=f"evt_{name}",
                    occurred_at=THREE + timedelta(minutes=name),
                    resource="court-1" if ruled else "attic",
                )
            )
            for name, kind, ref, ruled in told
        ]

    store = shop.service.parts.store
    alone = [store.write_for(count_in, each) for each in come_in(one)]
    deliveries = come_in(other)
    together = store.write(lambda tx: count_in(tx, deliveries))
    assert list(map(repr, together)) == list(map(repr, alone))
    assert bookings_of(other) == bookings_of(one)


def bookings_of(shop: Shop) -> list[tuple[Booking, bool]]:
    mine = {"connection_id": shop.connection.id}
    found = shop.service.parts.store.read(lambda tx: bookings.SHELF.all(tx, **mine))
    return [(each.booking, each.due_at is None) for each in found]


def test_a_connection_that_changed_meanwhile_lets_nothing_in(shop: Shop) -> None:
    shop.rule()
    delivery, store = shop.delivery(shop.event("confirmed")), shop.service.parts.store
    on = {"active": True}
    store.write(lambda tx: connections.change(tx, shop.connection.id, **on))
    with pytest.raises(Outdated):
        receive(store, delivery)
    assert shop.work() == 0
    assert shop.tell("confirmed").outcome is Outcome.ACCEPTED  # let in anew


def test_an_event_that_was_ignored_can_be_replayed_once_there_is_a_rule(
    shop: Shop,
) -> None:
    shop.tell("confirmed")
    assert shop.work() == 0
    shop.rule()
    event = stored(shop, "evt_1")
    receipt = replay(shop.service.parts.store, event, now())
    assert receipt.outcome is Outcome.ACCEPTED
    shop.work()
    assert shop.access().status == "created"
    assert stored(shop, "evt_1").status == Outcome.ACCEPTED


def test_replaying_what_was_done_changes_nothing(shop: Shop) -> None:
    shop.rule()
    shop.tell("confirmed")
    shop.work()
    before = shop.accesses(), shop.messages()
    replay(shop.service.parts.store, stored(shop, "evt_1"), now())
    shop.work()
    assert (shop.accesses(), shop.messages()) == before


def test_membership_of_a_community_without_a_rule_is_kept_and_ignored(
    shop: Shop,
) -> None:
    shop.rule(resource="gold")  # of what is booked, not of who belongs to it
    started = shop.event("started", "membership:M-1", resource="gold", end=None)
    receipt = shop.deliver(started)
    assert receipt.outcome is Outcome.IGNORED
    assert "no rule for community 'gold'" in (receipt.reason or "")
    assert shop.deliver(started).outcome is Outcome.DUPLICATE
    store = shop.service.parts.store
    kept = stored(shop, started.id)
    assert replay(store, kept, now()).outcome is Outcome.IGNORED
    shop.rule(resource="gold", trigger="started")
    assert replay(store, kept, now()).outcome is Outcome.ACCEPTED
