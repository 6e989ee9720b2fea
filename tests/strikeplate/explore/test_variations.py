"""A course is varied at each of its calls and events, by every fault."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from strikeplate.explore.generate import Offer
from strikeplate.explore.history import EventStep, FaultStep, History
from strikeplate.explore.variations import (
    AT_CALLS,
    AT_EVENTS,
    COURSES,
    FAULTS,
    Call,
    Variation,
    courses,
    report_variations,
    spread,
    variations,
)
from strikeplate.vocabulary import EVERY

VENDORS = ("exivo", "igloohome", "livionkey", "nuki")
KNOWN = {
    "list codes": {"method": "GET", "path": "/locks/*/codes"},
    "create code": {"method": "PUT", "path": "/locks/*/codes"},
    "get token": {"method": "POST", "path": "/auth/login"},
}
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def course(name: str, seed: int = 3) -> History:
    return dict(courses(seed, Offer("nuki")))[name]


def calls(history: History, *asked: tuple[str, str]) -> list[Call]:
    """Return calls made at the first event."""
    at = history.events[0].at
    return [Call(at, method, path) for method, path in asked]


def varied(name: str, *asked: tuple[str, str]) -> list[Variation]:
    history = course(name)
    stops = [history.begin, history.events[0].at - HOUR / 2]
    return [*variations(name, history, calls(history, *asked), stops, KNOWN)]


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_booking_is_made_changed_and_cancelled(vendor: str) -> None:
    for seed in range(20):
        for name, history in courses(seed, Offer(vendor)):
            kinds = [step.kind for step in history.events if step.kind != "paid"]
            assert kinds == [*COURSES[name]]
            assert history.bookings == ["b1"]
            assert [*history.steps] == sorted(history.steps, key=lambda step: step.at)


@pytest.mark.parametrize("vendor", ["exivo", "nuki"])
def test_course_is_of_resources_that_are_booked(vendor: str) -> None:
    for seed in range(30):
        for _, history in courses(seed, Offer(vendor, switches=True)):
            resources = history.set_up.values()
            assert not any(each.community or each.recurring for each in resources)
            assert {step.resource for step in history.events} <= {*history.resources}


def test_change_changes_the_booking() -> None:
    for seed in range(20):
        first, *_, last = course("change", seed).events
        before = first.resource, first.start, first.end
        assert before != (last.resource, last.start, last.end)


def test_one_seed_has_one_course_and_another_seed_another() -> None:
    assert course("cancel") == course("cancel")
    assert course("cancel") != course("cancel", seed=4)


def test_course_that_the_platform_cannot_tell_of_is_left_out() -> None:
    offer = Offer("nuki", kinds=frozenset({"confirmed", "cancelled"}))
    assert [name for name, _ in courses(3, offer)] == ["create", "cancel"]


def test_each_call_meets_each_fault_once() -> None:
    found = varied("create", ("PUT", "/locks/1/codes"), ("PUT", "/locks/2/codes"))
    met = [(each.place, each.fault) for each in found if each.at_a_call]
    places = ('"create code" 1', '"create code" 2')
    assert met == [(place, fault) for place in places for fault in AT_CALLS]
    steps = [
        step
        for each in found
        for step in each.history.steps
        if isinstance(step, FaultStep)
    ]
    assert [step.skip for step in steps] == [0] * len(AT_CALLS) + [1] * len(AT_CALLS)
    assert {step.times for step in steps} == {1}
    assert [*dict.fromkeys(step.effect for step in steps)] == [*AT_CALLS.values()]


def test_fault_begins_at_the_stop_before_its_call_and_ends_after_it() -> None:
    for each in varied("create", ("PUT", "/locks/1/codes")):
        faults = [s for s in each.history.steps if isinstance(s, FaultStep)]
        at = course("create").events[0].at
        assert all(step.at == at - HOUR / 2 for step in faults)
        assert all(step.strikes == at - SECOND for step in faults)
        assert all(step.until == at + SECOND for step in faults)


def test_call_without_words_is_counted_among_all() -> None:
    asked = ("PUT", "/locks/1/codes"), ("POST", "/elsewhere")
    faults = [
        step
        for each in varied("create", *asked)
        for step in each.history.steps
        if isinstance(step, FaultStep) and step.call == EVERY
    ]
    assert {step.skip for step in faults} == {1}
    assert len(faults) == len(AT_CALLS)


def test_reads_that_are_repeated_after_an_event_are_varied_once() -> None:
    looks = [("GET", "/locks/1/codes")] * 5
    found = Counter(each.place for each in varied("create", *looks) if each.at_a_call)
    assert found == {'"list codes" 1': len(AT_CALLS)}


def test_logins_that_are_repeated_after_an_event_are_varied_once() -> None:
    logins = [("POST", "/auth/login")] * 5
    found = Counter(each.place for each in varied("create", *logins) if each.at_a_call)
    assert found == {'"get token" 1': len(AT_CALLS)}


def test_each_event_meets_each_fault_that_has_a_meaning() -> None:
    found = [(each.place, each.fault) for each in varied("cancel")]
    kinds = [step.kind for step in course("cancel").events]
    last = (f"event {kinds[-1]}", "out of order")
    assert found == [
        (f"event {kind}", fault)
        for kind in kinds
        for fault in AT_EVENTS
        if (f"event {kind}", fault) != last
    ]


@pytest.mark.parametrize(
    ("fault", "minutes"),
    [("early", [-1]), ("late", [180]), ("doubled", [0, 1 / 60, 10])],
)
def test_event_arrives_when_its_fault_says(fault: str, minutes: list[float]) -> None:
    history = course("create")
    first = next(each for each in varied("create") if each.fault == fault)
    arrivals, at = first.history.events[0].arrivals, history.events[0].at
    assert arrivals == tuple(at + timedelta(minutes=each) for each in minutes)


def test_event_out_of_order_arrives_after_the_one_that_followed() -> None:
    (found,) = [e for e in varied("cancel") if e.fault == "out of order"][:1]
    first, second, *_ = found.history.events
    assert first.at < second.at < first.arrivals[0]


def test_lost_event_is_in_no_history() -> None:
    for each in varied("cancel"):
        if each.fault == "lost":
            kind = each.place.removeprefix("event ")
            steps = each.history.steps
            left = [s.kind for s in steps if isinstance(s, EventStep)]
            assert kind not in left
            assert len(left) == len(course("cancel").events) - 1


def test_budget_is_spread_over_every_course_and_fault() -> None:
    found = [
        each
        for name in COURSES
        for each in (
            *varied(name, ("PUT", "/locks/1/codes"), ("GET", "/locks/1/codes")),
            *report_variations(name, course(name)),
        )
    ]
    assert {each.fault for each in found} == {*FAULTS}
    groups = {(each.course, each.fault) for each in found}
    few = spread(found, len(groups), seed=1)
    assert {(each.course, each.fault) for each in few} == groups
    everything = spread(found, None, seed=1)
    assert sorted(map(str, everything)) == sorted(map(str, found))
    assert everything[: len(few)] == few
    assert spread(found, 5, seed=1) != spread(found, 5, seed=2)
