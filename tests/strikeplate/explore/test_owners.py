"""What owners and members do besides: drawn, followed, and found where it is not."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from service.domain.errors import SemanticError
from service.use_cases import connections
from service.web import webhooks
from strikeplate.cause import STALE
from strikeplate.explore import history as histories
from strikeplate.explore.compare import Difference
from strikeplate.explore.generate import Offer, generate
from strikeplate.explore.gherkin import scenario
from strikeplate.explore.history import (
    CredentialsStep,
    Customer,
    EventStep,
    History,
    MemberStep,
    OwnerStep,
)
from strikeplate.explore.play import play
from strikeplate.explore.session import Exploration
from strikeplate.oracle.windows import HOUR
from tests.strikeplate.explore.test_generate import CALLS, VENDORS, drawn
from tests.strikeplate.explore.test_play import BEGUN, plain, with_steps

if TYPE_CHECKING:
    from strikeplate.environment import TargetContext
    from strikeplate.explore.history import Step


def own(vendor: str, seeds: int) -> list[History]:
    return [
        generate(seed, Offer(vendor, CALLS, switches=True)) for seed in range(seeds)
    ]


@pytest.mark.parametrize("vendor", VENDORS)
def test_owners_give_rules_away_and_renew_credentials(vendor: str) -> None:
    every = own(vendor, 160)
    steps = [step for history in every for step in history.steps]
    given = [s for s in steps if isinstance(s, OwnerStep) and "resource" in s.sets]
    renewed = [step for step in steps if isinstance(step, CredentialsStep)]
    booked = [s for s in steps if isinstance(s, EventStep) and s.resource == "hall-1"]
    assert len(given) >= 4
    assert len(booked) >= 4
    assert len(renewed) >= 4
    assert all(step.at < step.until for step in renewed)
    for history in every:
        assert set(history.bookings) <= set(history.people)


def test_bookings_of_recurring_keys_change_their_hour() -> None:
    forms: Counter[str] = Counter()
    for history in own("nuki", 80):
        mine = [step for step in history.events if step.booking == "r1"]
        if len(mine) > 1 and mine[1].kind == "changed":
            forms[history.resources["hall-2"]["recurring"]] += 1
    assert min(forms[form] for form in ("weekly", "day", "instants")) >= 3


def test_people_join_communities_leave_them_and_join_again() -> None:
    kinds: Counter[tuple[str, ...]] = Counter()
    moved = late = 0
    for history in own("exivo", 80):
        members = [
            step for step in history.platform_steps if isinstance(step, MemberStep)
        ]
        late += sum(bool(step.arrives) for step in members)
        for name in {step.booking for step in members}:
            kinds[tuple(s.kind for s in members if s.booking == name)] += 1
        rules = (step for step in history.steps if isinstance(step, OwnerStep))
        moved += any(step.resource == "club" for step in rules)
        assert histories.loads(history.dumps(), History) == history
    assert (
        min(kinds[("started", "ended", "started")[:count]] for count in (1, 2, 3)) > 5
    )
    assert moved > 3
    assert late > 3
    assert not any("club" in history.resources for history in own("nuki", 80))


def test_some_cancellations_name_the_id_alone() -> None:
    ended = [
        step
        for history in drawn("nuki", 60)
        for step in history.events
        if step.kind == "cancelled"
    ]
    assert {step.id_alone for step in ended} == {True, False}


def given_away(vendor: str) -> History:
    """Return a history of two bookings; the rule of the first goes to the second's."""
    history = with_steps(vendor, GIVEN)
    (event,) = history.events
    later = {"start": event.start + 24 * HOUR, "end": event.end + 24 * HOUR}
    own = {"booking": "b2", "resource": "hall-1", "at": event.at + HOUR / 2}
    steps = [*history.steps, event.model_copy(update={**later, **own})]
    steps.sort(key=lambda step: step.at)
    people = {**history.people, "b2": Customer(name="Bo Lind")}
    return history.model_copy(update={"steps": tuple(steps), "people": people})


def at_a_club(*steps: tuple[str, str] | dict[str, str]) -> History:
    """Return a history of a member; what happens is an hour apart."""
    history, (event,) = plain("exivo"), plain("exivo", "confirmed").events
    club = {**history.resources["court-1"], "community": "gold", "doors": 2}
    happens: list[Step] = []
    for number, what in enumerate(steps):
        at = event.at + number * HOUR
        if isinstance(what, dict):
            happens.append(OwnerStep(at=at, resource="club", sets=what))
        else:
            who = {"booking": "m1", "community": what[1]}
            happens.append(MemberStep(at=at, kind=what[0], **who))  # type: ignore[arg-type]  # a word of the test
    return history.model_copy(
        update={
            "resources": {"club": club},
            "people": {"m1": Customer(name="Ada Novak")},
            "steps": tuple(happens),
        }
    )


def by_id(vendor: str) -> History:
    """Return a history of a booking whose cancellation names its id alone."""
    history = plain(vendor, "confirmed", "cancelled")
    first, last = history.events
    alone = last.model_copy(update={"id_alone": True})
    return history.model_copy(update={"steps": (first, alone)})


def at_another_hour(form: str, *kinds: str) -> History:
    """Return a history of a recurring key; each event is of another hour."""
    history = plain("nuki", *kinds)
    hall = {**history.resources["court-1"], "recurring": form, "grace": "5m"}
    start = history.begin.replace(hour=10) + 72 * HOUR
    end = start + 2 * HOUR + (14 * 24 * HOUR if form == "weekly" else 0 * HOUR)
    steps = [
        step.model_copy(
            update={
                "resource": "hall-2",
                "start": start + number * 4 * HOUR,
                "end": end + number * 4 * HOUR,
            }
        )
        for number, step in enumerate(history.events)
    ]
    update = {"resources": {"hall-2": hall}, "steps": tuple(steps)}
    return history.model_copy(update=update)


MOVED = "leaves_moved_bookings_where_they_were"
FORMS = {"weekly": "NUK-09", "day": "NUK-10", "instants": "NUK-10"}


@pytest.mark.parametrize("form", FORMS)
def test_reference_changes_the_hour_of_a_recurring_key(
    reference: TargetContext, form: str
) -> None:
    outcome = play(at_another_hour(form, "confirmed", "changed"), reference)
    assert outcome.differences == ()
    assert outcome.counts.statements[FORMS[form]] >= 6
    ended = play(at_another_hour(form, "confirmed", "cancelled"), reference)
    assert ended.differences == ()
    assert ended.counts.statements["CON-10"] >= 1


GIVEN = OwnerStep(at=BEGUN + HOUR, resource="court-1", sets={"resource": "hall-1"})
RENEWED = CredentialsStep(at=BEGUN - HOUR / 2, until=BEGUN + 3 * HOUR)
JOINS, LEAVES = ("started", "gold"), ("ended", "gold")
CLUB_MOVES = at_a_club(JOINS, {"community": "silver"})


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize(
    ("what", "rule"), [("given", "CON-16"), ("renewed", ""), ("by id", "CON-12")]
)
def test_reference_does_what_follows_of_what_an_owner_does_besides(
    reference: TargetContext, vendor: str, what: str, rule: str
) -> None:
    made = {
        "given": given_away,
        "renewed": lambda name: with_steps(name, RENEWED),
        "by id": by_id,
    }
    outcome = play(made[what](vendor), reference)
    assert outcome.differences == ()
    assert not outcome.unjudged
    assert outcome.counts.statements.get(rule, 0) >= 1 or not rule


@pytest.mark.parametrize(
    ("history", "least"),
    [
        (at_a_club(JOINS), 4),
        (at_a_club(JOINS, LEAVES), 6),
        (at_a_club(JOINS, LEAVES, JOINS), 10),
        (at_a_club(("started", "silver"), {"community": "silver"}), 4),
        (CLUB_MOVES, 4),
    ],
)
def test_reference_opens_to_members_while_they_are_members(
    reference: TargetContext, history: History, least: int
) -> None:
    outcome = play(history, reference)
    assert outcome.differences == ()
    said = outcome.counts.statements
    assert said.get("EXV-02", 0) + said.get("CON-16", 0) >= least


@pytest.mark.parametrize(
    ("mutant", "history", "rule"),
    [
        ("lets_nobody_join_again", at_a_club(JOINS, LEAVES, JOINS), "EXV-02"),
        ("lets_members_stay_for_ever", at_a_club(JOINS, LEAVES), "EXV-02"),
        ("opens_the_first_lock_to_members", at_a_club(JOINS), "EXV-02"),
        ("forgets_who_had_a_rule_before", CLUB_MOVES, "CON-16"),
        ("forgets_who_had_a_rule_before", given_away("nuki"), "CON-16"),
        ("forgets_who_gets_a_rule", given_away("livionkey"), "CON-16"),
        (MOVED, at_another_hour("weekly", "confirmed", "changed"), "CON-11"),
        ("writes_minutes_in_utc", at_another_hour("day", "confirmed"), "NUK-10"),
        ("writes_minutes_in_utc", at_another_hour("weekly", "confirmed"), "NUK-09"),
    ],
    indirect=["mutant"],
)
def test_integration_that_forgets_members_or_rules_is_found(
    mutant: TargetContext, history: History, rule: str
) -> None:
    found = Exploration(mutant, tries=1).explore(history)
    assert rule in {each.difference.rule for each in found}


def test_scenario_tells_what_owners_and_members_do() -> None:
    seen = Difference("EXV-02", "m1", BEGUN, "m1's code opens club", STALE)
    moved = at_a_club(JOINS, LEAVES, {"community": "silver"})
    text = scenario(moved, seen)
    for line in ('Ada joins "gold"', 'Ada leaves "gold"', "| community | silver |"):
        assert line in text
    text = scenario(with_steps("nuki", RENEWED, GIVEN), seen)
    assert "the connection has the vendor's credentials of before" in text
    assert "| resource | hall-1 |" in text
    assert "no more than its id" in scenario(by_id("nuki"), seen)


def needs_the_resource(body: bytes) -> webhooks.AnyEventPayload:
    if "resource" not in json.loads(body)["booking"]:
        raise SemanticError("booking.resource", "", "name what is booked")
    return READ(body)


READ = webhooks.read_event_payload
NEEDS_THE_RESOURCE = (webhooks, "read_event_payload", needs_the_resource)
KEEPS_ITS_CREDENTIALS = (connections, "give_credentials", lambda *_: None)


@pytest.mark.parametrize(
    ("breakage", "history", "rule"),
    [
        (NEEDS_THE_RESOURCE, by_id("nuki"), "RES-07"),
        (KEEPS_ITS_CREDENTIALS, with_steps("nuki", RENEWED), "CON-14"),
    ],
    ids=["needs the resource to cancel", "keeps to its first credentials"],
)
def test_integration_that_needs_more_or_takes_less_is_found(
    reference: TargetContext,
    monkeypatch: pytest.MonkeyPatch,
    breakage: tuple[object, str, object],
    history: History,
    rule: str,
) -> None:
    monkeypatch.setattr(*breakage)
    found = Exploration(reference, tries=1).explore(history)
    assert rule in {each.difference.rule for each in found}
