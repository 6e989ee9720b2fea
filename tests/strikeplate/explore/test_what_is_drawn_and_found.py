"""Kinds of fault that histories draw: found by hand-made and by drawn histories.

Each is planted in the service. A hand-made history shows the rule that it breaks, and
one of those that `explore` plays by default shows a difference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from service.domain import messages as sent
from service.domain.rules import Rule
from service.store import connections
from service.use_cases import compose_order
from strikeplate.config import Options, resolve_config
from strikeplate.explore.command import HISTORIES
from strikeplate.explore.generate import Offer, generate
from strikeplate.explore.gherkin import scenario
from strikeplate.explore.history import (
    NOTHING,
    Customer,
    EventStep,
    FaultStep,
    History,
    MarginsStep,
    OwnerStep,
    loads,
)
from strikeplate.explore.play import play
from strikeplate.explore.retimed import RETIMED
from strikeplate.explore.session import Exploration, offers
from strikeplate.oracle.windows import HOUR
from tests.strikeplate.explore.test_generate import CALLS, VENDORS
from tests.strikeplate.explore.test_play import BEGUN, plain, with_steps

if TYPE_CHECKING:
    from collections.abc import Callable

    from strikeplate.environment import TargetContext

    Kind = Callable[[History], bool]

SEED = 7
"""Where `explore` begins unless it is told otherwise."""


def recurs_in_small_hours() -> History:
    """Return a history of a weekly key, half an hour after midnight in Stockholm."""
    history = plain("nuki", "confirmed")
    hall = {"vendor": "nuki", "zone": "Europe/Stockholm", "recurring": "weekly"}
    start = history.begin.replace(hour=23, minute=30) + 48 * HOUR
    weeks = {"start": start, "end": start + (14 * 24 + 2) * HOUR, "resource": "hall-2"}
    (step,) = history.events
    update = {"resources": {"hall-2": hall}, "steps": (step.model_copy(update=weeks),)}
    return history.model_copy(update=update)


def loses_a_door(vendor: str) -> History:
    """Return a history of two doors; the owner takes the second one out of the rule."""
    step = OwnerStep(at=BEGUN + HOUR, resource="court-1", sets={"doors": 1})
    history = with_steps(vendor, step)
    doors = {"court-1": {**history.resources["court-1"], "doors": 2}}
    return history.model_copy(update={"resources": doors})


def lists_nothing(vendor: str, times: int) -> History:
    """Return a history whose vendor lists no code, with full lists between."""
    step = FaultStep(
        at=BEGUN + HOUR,
        until=BEGUN + 31 * HOUR,
        call="list codes",
        effect=NOTHING,
        times=1,
    )
    later = {"at": step.at + 31 * HOUR, "until": step.until + 31 * HOUR}
    both = [step, step.model_copy(update=later)]
    return with_steps(vendor, *both[:times])


def two_units(vendor: str = "livionkey") -> History:
    """Return a history of the guests of two units, each with a lock of its own."""
    history = plain(vendor, "confirmed")
    unit = {**history.resources["court-1"], "return_codes": vendor == "livionkey"}
    (step,) = history.events
    other = {"booking": "b2", "resource": "court-2", "at": step.at + HOUR}
    return history.model_copy(
        update={
            "resources": {"court-1": unit, "court-2": unit},
            "people": {**history.people, "b2": Customer(name="Bo Lind")},
            "steps": (step, step.model_copy(update=other)),
        }
    )


def retimed(vendor: str, *, start: int, end: int) -> History:
    """Return a history of a booking whose start or end moves by so many hours."""
    history = plain(vendor, "confirmed")
    (step,) = history.events
    step = step.model_copy(update={"end": step.end + 4 * HOUR})
    moved = step.model_copy(
        update={
            "kind": "changed",
            "at": step.at + HOUR,
            "start": step.start + start * HOUR,
            "end": step.end + end * HOUR,
        }
    )
    return history.model_copy(update={"steps": (step, moved)})


MOVES = [{"start": 2, "end": 0}, {"start": -2, "end": 0}, {"start": 0, "end": -2}]
MADE = [
    recurs_in_small_hours(),
    two_units(),
    *(loses_a_door(vendor) for vendor in VENDORS),
    *(lists_nothing(vendor, 2) for vendor in ("exivo", "livionkey", "nuki")),
    *(retimed(vendor, **each) for vendor in VENDORS for each in MOVES),
]


@pytest.mark.parametrize("number", range(len(MADE)))
def test_reference_shows_none_of_them(reference: TargetContext, number: int) -> None:
    outcome = play(MADE[number], reference)
    assert outcome.differences == ()
    assert not outcome.unjudged


BOTH = "leaves_open_what_a_rule_has_lost"


@pytest.mark.parametrize(
    ("mutant", "history", "rule"),
    [
        ("reads_weekdays_in_utc", recurs_in_small_hours(), "NUK-09"),
        (BOTH, loses_a_door("exivo"), "CON-16"),
        ("sends_everybody_one_return_code", two_units(), "LIV-08"),
        ("hides_the_pin", plain("nuki", "confirmed"), "CON-09"),
        ("believes_one_empty_list", lists_nothing("nuki", 1), "CON-13"),
        ("adds_up_empty_lists", lists_nothing("exivo", 2), "CON-13"),
        (
            "keeps_contracts_that_begin_too_early",
            retimed("livionkey", start=2, end=0),
            "CON-11",
        ),
        (
            "keeps_contracts_from_beginning_earlier",
            retimed("livionkey", start=-2, end=0),
            "CON-11",
        ),
    ],
    indirect=["mutant"],
)
def test_service_with_such_a_fault_breaks_its_rule(
    mutant: TargetContext, history: History, rule: str
) -> None:
    found = Exploration(mutant, tries=10).explore(history)
    assert rule in {each.difference.rule for each in found}


def test_message_without_its_link_is_found(
    reference: TargetContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = sent._values  # noqa: SLF001 - what the fault patches
    none = {"links": "", "way": ""}
    monkeypatch.setattr(sent, "_values", lambda *given: {**real(*given), **none})
    seen = play(plain("exivo", "confirmed"), reference).differences
    assert "MSG-05" in {each.rule for each in seen}


@pytest.mark.parametrize("vendor", ["livionkey", "nuki"])
def test_code_that_a_neighbour_has_as_well_is_found(
    reference: TargetContext, monkeypatch: pytest.MonkeyPatch, vendor: str
) -> None:
    monkeypatch.setattr(compose_order, "free_pin", lambda *_: "739281")
    units = two_units(vendor)
    rules = {each.rule for each in play(units, reference).differences}
    assert "MSG-01" in rules


def test_two_empty_lists_say_no_more_than_one(reference: TargetContext) -> None:
    said = [play(lists_nothing("nuki", n), reference).counts for n in (1, 2)]
    assert all(each.statements["CON-11"] >= 3 for each in said)


def recurs(history: History) -> bool:
    return "hall-2" in history.resources


def loses(history: History) -> bool:
    return any("doors" in getattr(step, "sets", {}) for step in history.steps)


def lists(history: History) -> bool:
    return any(getattr(step, "effect", "") == NOTHING for step in history.steps)


def has_static_codes(history: History) -> bool:
    return any("return_codes" in traits for traits in history.resources.values())


def edges(history: History) -> set[str]:
    """Return how bookings were changed whose start or end alone moved."""
    found, last = set(), dict[str, EventStep]()
    for step in history.events:
        before = last.get(step.booking, step)
        start, end = step.start - before.start, step.end - before.end
        if start and not end:
            found.add("begin later" if start > 0 * HOUR else "begin earlier")
        if end and not start:
            found.add("extend" if end > 0 * HOUR else "shorten")
        last[step.booking] = step
    return found


def moves_an_edge(history: History) -> bool:
    return bool(edges(history))


@pytest.mark.parametrize(
    ("mutant", "vendor", "kind"),
    [
        ("reads_weekdays_in_utc", "nuki", recurs),
        (BOTH, "exivo", loses),
        ("sends_everybody_one_return_code", "livionkey", has_static_codes),
        ("believes_one_empty_list", "nuki", lists),
        ("adds_up_empty_lists", "livionkey", lists),
        ("keeps_contracts_that_begin_too_early", "livionkey", moves_an_edge),
    ],
    indirect=["mutant"],
)
def test_history_that_explore_plays_by_default_shows_it(
    mutant: TargetContext, vendor: str, kind: Kind
) -> None:
    known = {offer.vendor: offer for offer in offers(resolve_config(Options()))}
    seeds = range(SEED, SEED + HISTORIES)
    drawn = filter(kind, (generate(seed, known[vendor]) for seed in seeds))
    assert any(play(history, mutant).differences for history in drawn)


@pytest.mark.parametrize("vendor", VENDORS)
def test_start_or_end_alone_moves_at_each_vendor(vendor: str) -> None:
    every = [generate(seed, Offer(vendor, CALLS)) for seed in range(100)]
    for kind in RETIMED:
        assert sum(kind in edges(history) for history in every) >= 3


@pytest.mark.parametrize("vendor", VENDORS)
def test_rules_lose_doors_and_lists_come_empty(vendor: str) -> None:
    offer = Offer(vendor, CALLS, switches=True)
    every = [generate(seed, offer) for seed in range(100)]
    assert sum(map(loses, every)) >= 4
    assert (sum(map(lists, every)) >= 4) is (vendor != "igloohome")
    assert (sum(map(has_static_codes, every)) >= 20) is (vendor == "livionkey")
    for history in every:
        for step in history.steps:
            if isinstance(step, OwnerStep) and "doors" in step.sets:
                assert step.sets["doors"] < history.resources[step.resource]["doors"]


def given_margins(vendor: str, *hours: tuple[int, int]) -> History:
    """Return a history whose connection is given margins, an hour apart.

    It has them before the booking is told, and the others of the time after.
    """
    steps = [
        MarginsStep(at=BEGUN + (n - 0.5) * HOUR, before=b * HOUR, after=a * HOUR)
        for n, (b, a) in enumerate(hours)
    ]
    return with_steps(vendor, *steps)


@pytest.mark.parametrize("vendor", VENDORS)
def test_reference_opens_by_the_margins_that_its_connection_has(
    reference: TargetContext, vendor: str
) -> None:
    outcome = play(given_margins(vendor, (1, 3), (3, 0)), reference)
    assert outcome.differences == ()
    assert outcome.counts.statements["CON-16"] >= 4


HAS_NONE = (Rule, "with_margin", lambda rule, _least: rule)
REACHES_NEW_ONES = (connections, "MARGINS", ())


@pytest.mark.parametrize(
    ("fault", "vendor", "rule"),
    [
        (HAS_NONE, "nuki", "NUK-02"),
        (HAS_NONE, "igloohome", "IGL-03"),
        (REACHES_NEW_ONES, "livionkey", "CON-16"),
        (REACHES_NEW_ONES, "exivo", "CON-16"),
    ],
)
def test_margins_of_a_connection_that_are_not_kept_are_found(
    reference: TargetContext,
    monkeypatch: pytest.MonkeyPatch,
    fault: tuple[object, str, object],
    vendor: str,
    rule: str,
) -> None:
    monkeypatch.setattr(*fault)
    hours = [(1, 3), (3, 0)] if rule == "CON-16" else [(1, 3)]
    (found, *_) = Exploration(reference, tries=20).explore(
        given_margins(vendor, *hours)
    )
    assert found.difference.rule == rule
    steps = [type(step) for step in found.history.steps]
    assert MarginsStep in steps
    text = scenario(found.history, found.difference)
    assert "the connection has margins of" in text
    assert loads(found.history.dumps(), History) == found.history


@pytest.mark.parametrize("vendor", VENDORS)
def test_connections_are_given_margins_before_bookings_and_after(vendor: str) -> None:
    offer = Offer(vendor, CALLS, switches=True)
    before = after = 0
    for seed in range(120):
        history = generate(seed, offer)
        at = [step.at for step in history.steps if isinstance(step, MarginsStep)]
        told = min((step.at for step in history.events), default=history.begin)
        before += bool(at) and at[0] < told
        after += any(each > told for each in at)
    assert min(before, after) >= 4
    prepared = Offer(vendor, CALLS)
    steps = [s for seed in range(30) for s in generate(seed, prepared).steps]
    assert not any(isinstance(step, MarginsStep) for step in steps)


def test_rule_has_the_wider_margin_of_its_own_and_its_connections() -> None:
    history = given_margins("nuki", (1, 3), (3, 0), (0, 0))
    own = {"court-1": {**history.resources["court-1"], "margin_before": "2h"}}
    first, *_, last = [*history.model_copy(update={"resources": own}).edits()]
    assert (first.rule.margin_before, first.rule.margin_after) == (2 * HOUR, 3 * HOUR)
    assert (last.rule.margin_before, last.rule.margin_after) == (2 * HOUR, 0 * HOUR)
    weekly = {"hall-2": {**own["court-1"], "recurring": "weekly"}}
    assert not [*history.model_copy(update={"resources": weekly}).edits()]
