"""Histories played against the reference in this process, and against broken ones."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from strikeplate.cause import STALE, WRONG_DOOR
from strikeplate.config import Options, resolve_config
from strikeplate.environment import TargetContext
from strikeplate.explore.compare import Difference
from strikeplate.explore.counts import Counts
from strikeplate.explore.generate import Offer, generate
from strikeplate.explore.history import (
    Customer,
    EventStep,
    FaultStep,
    History,
    OffStep,
    OwnerStep,
    TakenStep,
)
from strikeplate.explore.play import SECOND, Outcome, play
from strikeplate.explore.session import Exploration, offers
from strikeplate.oracle.windows import HOUR
from strikeplate.subjects import start_subject
from strikeplate.subjects.reference import ReferenceService

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta

    from strikeplate.explore.history import Step

VENDORS = ("exivo", "igloohome", "livionkey", "nuki")
CANCELLED = "cancelled_codes_in_the_lock"
MOVED = "moved_bookings_where_they_were"


def shared(connect: str) -> Iterator[TargetContext]:
    run_config = resolve_config(Options(subjects=(connect,)))
    (target,) = run_config.targets["service"]
    subject = start_subject(target, run_config.profile)
    known = run_config.vocabularies
    with closing(subject):
        yield TargetContext(subject.fakes, subject, run_config.profile, known, "7")


def plain(vendor: str, *kinds: str) -> History:
    """Return a history of one booking, a day ahead, with events an hour apart."""
    begin = generate(0, Offer(vendor)).begin
    start = begin + 30 * HOUR
    steps = [
        EventStep(
            at=begin + number * HOUR,
            booking="b1",
            kind=kind,  # type: ignore[arg-type]  # a word of the test
            resource="court-1",
            start=start + (48 * HOUR if kind == "changed" else 0 * HOUR),
            end=start + (50 * HOUR if kind == "changed" else 2 * HOUR),
        )
        for number, kind in enumerate(kinds, 1)
    ]
    return History(
        vendor=vendor,
        begin=begin,
        resources={"court-1": {"vendor": vendor, "zone": "Europe/Berlin"}},
        people={"b1": Customer(name="Ada Novak")},
        steps=tuple(steps),
    )


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize(
    "kinds", [("confirmed", "changed"), ("confirmed", "cancelled")]
)
def test_reference_shows_no_difference_though_much_is_asked_of_it(
    reference: TargetContext, vendor: str, kinds: tuple[str, ...]
) -> None:
    outcome = play(plain(vendor, *kinds), reference)
    assert outcome.differences == ()
    assert not outcome.unjudged
    assert outcome.counts.moments >= 5
    assert outcome.counts.probes >= 8
    assert {"MSG-01", "CON-12"} <= outcome.counts.statements.keys()


def test_reference_ends_what_its_guest_has_checked_out_of(
    reference: TargetContext,
) -> None:
    outcome = play(plain("livionkey", "confirmed", "checked_out"), reference)
    assert outcome.differences == ()
    assert outcome.counts.statements["CON-17"] >= 3


def test_cabinet_is_set_up_by_its_own_words(reference: TargetContext) -> None:
    history = plain("livionkey", "confirmed")
    cabinet = {**history.resources["court-1"], "kind": "key cabinet", "slot": 0}
    history = history.model_copy(update={"resources": {"court-1": cabinet}})
    outcome = play(history, reference)
    assert outcome.differences == ()
    assert outcome.counts.statements["LIV-01"] >= 3


def with_steps(vendor: str, *steps: Step) -> History:
    """Return a history of a booking five days ahead, confirmed at nine, with steps."""
    history = plain(vendor, "confirmed")
    (event,) = history.events
    later = {"start": event.start + 96 * HOUR, "end": event.end + 96 * HOUR}
    own = [_later(step, event.at - BEGUN) for step in steps]
    every = sorted((event.model_copy(update=later), *own), key=lambda step: step.at)
    return history.model_copy(update={"steps": tuple(every)})


def _later(step: Step, by: timedelta) -> Step:
    times = {name: getattr(step, name, None) for name in ("at", "until")}
    update = {name: at + by for name, at in times.items() if at}
    return step.model_copy(update=update)


BEGUN = plain("nuki", "confirmed").events[0].at
TAKEN = TakenStep(at=BEGUN + HOUR, booking="b1")
WIDER = OwnerStep(at=BEGUN + HOUR, resource="court-1", sets={"margin_before": "1h"})
DELETED = OwnerStep(at=BEGUN + HOUR, resource="court-1")
REFUSED = FaultStep(
    at=BEGUN - SECOND, until=BEGUN + 30 * HOUR, call="create code", effect="400"
)


@pytest.mark.parametrize(
    ("vendor", "step", "rules"),
    [
        ("nuki", TAKEN, {"CON-13", "CON-15"}),
        ("livionkey", TAKEN, {"CON-13", "CON-15"}),
        ("exivo", TAKEN, {"CON-13", "CON-15"}),
        ("nuki", WIDER, {"CON-16"}),
        ("exivo", DELETED, {"CON-16"}),
        ("igloohome", REFUSED, {"CON-14", "CON-15"}),
        ("nuki", REFUSED, {"CON-14", "CON-15"}),
    ],
)
def test_reference_does_what_follows_of_a_step_that_is_no_event(
    reference: TargetContext, vendor: str, step: Step, rules: set[str]
) -> None:
    outcome = play(with_steps(vendor, step), reference)
    assert outcome.differences == ()
    assert not outcome.unjudged
    assert rules <= outcome.counts.statements.keys()


@pytest.mark.parametrize(
    ("mutant", "step", "rule"),
    [
        ("sees_nothing_that_was_taken_away", TAKEN, "CON-13"),
        ("applies_rules_to_new_bookings_alone", DELETED, "CON-16"),
        ("takes_refusals_for_final", REFUSED, "CON-14"),
        ("keeps_missing_codes_to_itself", REFUSED, "CON-15"),
    ],
    indirect=["mutant"],
)
def test_integration_that_does_nothing_of_it_is_found(
    mutant: TargetContext, step: Step, rule: str
) -> None:
    found = Exploration(mutant, tries=1).explore(with_steps("nuki", step))
    assert rule in {each.difference.rule for each in found}


@pytest.mark.parametrize(("harm", "told"), [(WRONG_DOOR, 0), (STALE, 1)])
def test_door_that_opens_by_chance_is_no_difference(
    reference: TargetContext, harm: str, told: int
) -> None:
    history = plain("nuki", "confirmed")
    seen = Difference("CON-03", "b1", BEGUN, "b1's code opens court-2", harm)
    outcome = Outcome((seen,), Counts())
    assert len(Exploration(reference, tries=0).new(history, outcome)) == told


def test_rule_is_changed_as_a_whole(reference: TargetContext) -> None:
    history = with_steps("nuki", WIDER)
    traits = {**history.resources["court-1"], "margin_before": "15m"}
    history = history.model_copy(update={"resources": {"court-1": traits}})
    assert play(history, reference).differences == ()


def test_message_after_a_door_is_lost_carries_the_codes_that_are_left(
    reference: TargetContext,
) -> None:
    history = with_steps(
        "livionkey",
        OwnerStep(at=BEGUN - HOUR / 2, resource="court-1", sets={"doors": 1}),
    )
    court = history.resources["court-1"] | {"doors": 2, "return_codes": True}
    outcome = play(
        history.model_copy(update={"resources": {"court-1": court}}), reference
    )
    assert outcome.differences == ()
    assert outcome.counts.statements["LIV-08"] >= 1


def switched_off(vendor: str, kind: str) -> History:
    """Return a history whose connection is off when an event of a kind arrives."""
    history = plain(vendor, "confirmed", *([kind] if kind != "confirmed" else ()))
    at = history.events[-1].at
    off = OffStep(at=at - HOUR / 60, until=at + HOUR / 2)
    steps = sorted((*history.steps, off), key=lambda step: step.at)
    return history.model_copy(update={"steps": tuple(steps)})


@pytest.mark.parametrize("vendor", VENDORS)
def test_connection_that_is_off_takes_cancellations_alone(
    reference: TargetContext, vendor: str
) -> None:
    for kind in ("cancelled", "confirmed"):
        assert play(switched_off(vendor, kind), reference).differences == ()


@pytest.mark.parametrize(
    ("mutant", "kind", "rule"),
    [
        ("refuses_cancellations_while_switched_off", "cancelled", "RES-07"),
        ("takes_events_while_switched_off", "confirmed", "CON-07"),
    ],
    indirect=["mutant"],
)
def test_connection_that_is_off_and_does_otherwise_is_found(
    mutant: TargetContext, kind: str, rule: str
) -> None:
    found = Exploration(mutant, tries=1).explore(switched_off("nuki", kind))
    assert rule in {each.difference.rule for each in found}


@pytest.mark.parametrize("vendor", VENDORS)
def test_one_seed_has_one_outcome(reference: TargetContext, vendor: str) -> None:
    (offer,) = [
        each for each in offers(resolve_config(Options())) if each.vendor == vendor
    ]
    history = generate(3, offer)
    assert play(history, reference) == play(history, reference)


@pytest.mark.parametrize(
    ("mutant", "vendor", "kinds", "rule"),
    [
        ("leaves_cancelled_codes_in_the_lock", "nuki", "confirmed cancelled", "CON-10"),
        (
            "leaves_moved_bookings_where_they_were",
            "nuki",
            "confirmed changed",
            "CON-11",
        ),
        ("rounds_to_the_nearest_hour", "igloohome", "confirmed", "IGL-02"),
        ("sends_everything_by_mail", "nuki", "confirmed", "MSG-01"),
        ("sends_a_message_at_every_event", "nuki", "confirmed paid", "CON-12"),
        ("calls_cancelled_codes_removed", "igloohome", "confirmed cancelled", "IGL-08"),
        (
            "does_not_report_codes_that_stay_valid",
            "igloohome",
            "confirmed cancelled",
            "IGL-08",
        ),
        ("ignores_check_outs", "livionkey", "confirmed checked_out", "CON-17"),
    ],
    indirect=["mutant"],
)
def test_broken_integration_shows_the_rule_that_it_breaks(
    mutant: TargetContext, vendor: str, kinds: str, rule: str
) -> None:
    history = plain(vendor, *kinds.split())
    if rule == "IGL-02":
        history = _at(history, minutes=20)
    if rule == "MSG-01":
        resources = {"court-1": {**history.resources["court-1"], "channel": "sms"}}
        history = history.model_copy(update={"resources": resources})
    exploration = Exploration(mutant)
    found = exploration.explore(history)
    assert rule in {each.difference.rule for each in found}
    assert exploration.explore(history) == []


def _at(history: History, minutes: int) -> History:
    """Return a history whose bookings begin and end so many minutes later."""
    later = HOUR * minutes / 60
    steps = [
        step.model_copy(update={"start": step.start + later, "end": step.end + later})
        for step in history.events
    ]
    return history.model_copy(update={"steps": tuple(steps)})


def test_integration_that_takes_its_time_is_not_asked_to_go_back(
    reference: TargetContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = plain("nuki", "confirmed")
    later = history.events[0].at + HOUR / 60
    monkeypatch.setattr(ReferenceService, "passed_to", later)
    assert play(history, reference).counts.moments > 1
