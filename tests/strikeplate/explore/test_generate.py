"""Generated histories go everywhere, and the oracle has something to say of each."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from strikeplate.explore import history as histories
from strikeplate.explore import owners
from strikeplate.explore.generate import Offer, changes, generate
from strikeplate.explore.history import (
    EventStep,
    History,
)
from strikeplate.explore.moments import moments
from strikeplate.explore.session import EVENTS
from strikeplate.oracle import doors as oracle_doors
from strikeplate.oracle.answers import Answer
from strikeplate.oracle.claims import hindered
from strikeplate.oracle.doors import doors
from strikeplate.oracle.messages import messages
from strikeplate.oracle.stock import stock
from strikeplate.verdict import Misuse

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from strikeplate.oracle.windows import Window
    from strikeplate.profiles.shape import Resource

VENDORS = ("exivo", "igloohome", "livionkey", "nuki")
CALLS = ("create code", "list codes", "delete code")
SEEDS = 30
DAY = timedelta(days=1)


def drawn(vendor: str, number: int = SEEDS) -> list[History]:
    return [generate(seed, Offer(vendor, CALLS)) for seed in range(number)]


@pytest.mark.parametrize("vendor", VENDORS)
def test_one_seed_gives_one_history_byte_by_byte(vendor: str) -> None:
    again = [history.dumps() for history in drawn(vendor, 5)]
    assert [history.dumps() for history in drawn(vendor, 5)] == again
    assert len(set(again)) == 5


@pytest.mark.parametrize("vendor", VENDORS)
def test_history_is_the_same_after_it_was_written_and_read(vendor: str) -> None:
    for history in drawn(vendor, 5):
        assert histories.loads(history.dumps(), histories.History) == history


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[]", "it: "),
        ('{"vendor": "nuki"}', "begin"),
        ('{"vendor": "nuki", "begin": "2026-12-01T08:00:00"}', "timezone"),
    ],
)
def test_what_is_no_history_is_refused_with_its_place(text: str, says: str) -> None:
    with pytest.raises(Misuse, match="this is no history") as refused:
        histories.loads(text, histories.History)
    assert says in str(refused.value)


def of_event(step: EventStep, zone: ZoneInfo) -> Iterable[str]:
    """Yield what an event goes through."""
    first, last = step.start.astimezone(zone), step.end.astimezone(zone)
    seen = {
        "repeated": len(step.arrivals) > 1,
        "late": step.arrivals[0] > step.at,
        "over midnight": first.date() != last.date(),
        "over a change of the clocks": first.utcoffset() != last.utcoffset(),
        "under way": step.at > step.start,
    }
    yield from (kind for kind, so in seen.items() if so)
    yield step.kind


def of_resource(traits: Resource) -> Iterable[str]:
    """Yield the traits that a resource has."""
    seen = {
        "several doors": traits.doors > 1,
        "margin": bool(traits.margin_before or traits.margin_after),
        "hours before": traits.send_before is not None,
    }
    yield from (kind for kind, so in seen.items() if so)
    yield f"by {traits.channel}"


def visited(history: History) -> Iterable[str]:
    """Yield the kinds of things that a history goes through."""
    zone = ZoneInfo(next(iter(history.set_up.values())).zone)
    for step in history.steps:
        yield from of_event(step, zone) if isinstance(step, EventStep) else [step.do]
    for traits in history.set_up.values():
        yield from of_resource(traits)
    if len(history.bookings) > 1:
        yield "several customers"
    if len(history.resources) > 1:
        yield "several resources"


EVERYWHERE = {
    *("confirmed", "paid", "changed", "cancelled", "repeated", "late", "under way"),
    *("over midnight", "fault", "mail down", "restart", "use", "by email", "by sms"),
    *("several doors", "margin", "hours before", "several customers"),
    *("several resources", "over a change of the clocks"),
}


def never_visited(drawn_histories: Iterable[History], least: int = 2) -> set[str]:
    found = Counter(kind for each in drawn_histories for kind in set(visited(each)))
    return {kind for kind in EVERYWHERE if found[kind] < least}


@pytest.mark.parametrize("vendor", VENDORS)
def test_histories_go_everywhere(vendor: str) -> None:
    assert not never_visited(drawn(vendor, 120))


def test_guests_check_out_where_keys_are_given_back() -> None:
    offered = {
        vendor: [generate(seed, Offer(vendor, kinds=EVENTS)) for seed in range(30)]
        for vendor in ("livionkey", "nuki")
    }
    out = {
        vendor: [
            (history, step)
            for history in histories
            for step in history.events
            if step.kind == "checked_out"
        ]
        for vendor, histories in offered.items()
    }
    assert out["nuki"] == []
    assert len(out["livionkey"]) >= 10
    for history, last in out["livionkey"]:
        mine = [step for step in history.events if step.booking == last.booking]
        assert mine[-1] is last
        assert last.start < last.at < last.end


def test_connections_are_off_when_something_is_cancelled() -> None:
    drawn_off = 0
    for seed in range(60):
        history = generate(seed, Offer("nuki", switches=True))
        for off in (step for step in history.steps if step.do == "switched off"):
            drawn_off += 1
            assert off.at < off.until
            arrivals = [
                at
                for step in history.events
                if step.kind == "cancelled"
                for at in step.arrivals
            ]
            assert any(off.at < at < off.until for at in arrivals)
        assert histories.loads(history.dumps(), History) == history
        same = generate(seed, Offer("nuki"))
        further = {owners.BOOKED, owners.RETURNS}
        acts = {"switched off", "owner", "taken away", "credentials", "margins"}
        drawn_before = [
            step
            for step in history.steps
            if step.do not in acts
            and getattr(step, "booking", "") not in further
            and getattr(step, "effect", "") != histories.NOTHING
        ]
        assert drawn_before == [*same.steps]
    assert drawn_off >= 5


@pytest.mark.parametrize("vendor", VENDORS)
def test_owners_change_rules_and_codes_are_taken_away_and_refused(vendor: str) -> None:
    plain, own = Offer(vendor, CALLS), Offer(vendor, CALLS, switches=True)
    count: Counter[str] = Counter()
    for seed in range(60):
        history, same = generate(seed, own), generate(seed, plain)
        count.update(step.do for step in history.steps if step not in same.steps)
        moments = {at for step in history.events for at in step.arrivals}
        changed = [s for s in history.steps if s.do in {"owner", "taken away"}]
        assert not moments & {step.at for step in changed}
        assert histories.loads(history.dumps(), History) == history
    assert count["owner"] >= 8
    assert count["fault"] >= 4
    assert (count["taken away"] >= 4) is (vendor != "igloohome")


def test_no_two_events_of_a_booking_happen_at_one_instant() -> None:
    for vendor in VENDORS:
        for history in drawn(vendor, 150):
            happened = [(step.booking, step.at) for step in history.events]
            assert len(happened) == len({*happened})


def test_event_after_a_swap_names_what_was_swapped_to() -> None:
    named = 0
    for seed in range(300):
        history = generate(seed, Offer("nuki", CALLS))
        for paid in (step for step in history.events if step.kind == "paid"):
            mine = [step for step in history.events if step.booking == paid.booking]
            before = [step for step in mine if step.at < paid.at]
            assert before[-1].resource == paid.resource
            named += before[-1].kind == "changed"
    assert named


def test_histories_that_move_no_booking_are_noticed() -> None:
    offer = Offer("nuki", CALLS, kinds=frozenset({"confirmed", "paid", "cancelled"}))
    still = [generate(seed, offer) for seed in range(SEEDS)]
    assert "changed" in never_visited(still)


def test_zones_without_summer_have_no_change_of_the_clocks() -> None:
    assert not changes("Asia/Kolkata")
    assert len(changes("Europe/Berlin")) == 2


def strict(history: History) -> Counter[str]:
    """Return how many strict statements there are about a history, by their kind."""
    found: Counter[str] = Counter()
    situation = history.situation()
    for now in moments(situation, history):
        for said in messages(situation, now):
            found["a message"] += said.at_least
            found["no more messages"] += 1
        for door in doors(situation, now):
            for stretch in door.timeline:
                found[stretch.answer.value] += 1
                found[stretch.rule] += stretch.answer is not Answer.EITHER
        found["codes at a door"] += sum(1 for _ in stock(situation, now))
    return found


FLOORS = {"open": 300, "shut": 1000, "a message": 150, "no more messages": 400}
"""So much is said at least of the first thirty histories of a vendor."""

OWN = {
    "exivo": {"EXV-03", "CON-10", "CON-11", "CON-03", "codes at a door"},
    "igloohome": {"IGL-02", "IGL-03", "IGL-04", "IGL-05", "CON-03"},
    "livionkey": {"LIV-01", "CON-10", "CON-11", "CON-03", "codes at a door"},
    "nuki": {"NUK-02", "CON-10", "CON-11", "CON-03", "codes at a door"},
}


def too_little(vendor: str, said: Counter[str]) -> set[str]:
    few = {kind for kind, floor in FLOORS.items() if said[kind] < floor}
    return few | {kind for kind in OWN[vendor] if said[kind] < 20}


@pytest.mark.parametrize("vendor", VENDORS)
def test_oracle_says_much_that_is_strict(vendor: str) -> None:
    said = sum((strict(each) for each in drawn(vendor)), Counter[str]())
    assert not too_little(vendor, said), said


@pytest.mark.parametrize("vendor", VENDORS)
def test_oracle_that_says_less_at_one_vendor_is_noticed(
    vendor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = oracle_doors.window

    def vague(
        resource: Resource, start: datetime, end: datetime, made: datetime
    ) -> Window | None:
        found = real(resource, start, end, made)
        if found is None or resource.vendor != vendor:
            return found
        return replace(found, opens=found.shuts, closes=found.shuts)

    monkeypatch.setattr(oracle_doors, "window", vague)
    said = sum((strict(each) for each in drawn(vendor)), Counter[str]())
    assert "open" in too_little(vendor, said)


@pytest.mark.parametrize("vendor", VENDORS)
def test_most_bookings_are_kept_from_their_code_by_nobody(vendor: str) -> None:
    pairs = [
        (history.situation(), booking)
        for history in drawn(vendor)
        for booking in history.bookings
    ]
    kept = sum(hindered(situation, booking) for situation, booking in pairs)
    assert kept < len(pairs) / 10
