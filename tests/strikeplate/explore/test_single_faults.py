"""Single faults swept over the reference in this process, and over broken ones."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from service.ports import PinTaken, VendorRefused, VendorUnknown
from service.secret import Secret
from service.use_cases import issue_code, revoke_code
from service.vendors.igloohome import api as igloohome
from strikeplate.cause import LOCKED_OUT, PRIVACY, STALE, TWO_CODES
from strikeplate.explore import single_faults
from strikeplate.explore.compare import Difference
from strikeplate.explore.counts import Counts
from strikeplate.explore.generate import Offer, generate
from strikeplate.explore.history import FaultStep
from strikeplate.explore.play import Outcome, Player, play
from strikeplate.explore.session import Exploration
from strikeplate.explore.single_faults import Harm, SingleFaults, open_seconds, table
from strikeplate.explore.single_faults_command import command
from strikeplate.explore.variations import FAULTS, Variation
from strikeplate.oracle.windows import HOUR
from strikeplate.subjects.inprocess import ReferenceInProcess
from strikeplate.verdict import Misuse, NotApplicable
from tests.strikeplate.explore.test_play import VENDORS, shared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from service.domain import retry
    from strikeplate.environment import TargetContext

SEED = 7
KINDS = frozenset({"confirmed", "changed", "cancelled"})


@pytest.fixture(scope="module")
def reference() -> Iterator[TargetContext]:
    yield from shared("inprocess:service")


def swept(target: TargetContext, vendor: str, budget: int | None) -> SingleFaults:
    sweep = SingleFaults(Exploration(target, tries=0))
    sweep.play(SEED, Offer(vendor, kinds=KINDS), budget)
    return sweep


@pytest.mark.parametrize("vendor", VENDORS)
def test_no_single_fault_makes_the_reference_harm_anybody(
    reference: TargetContext, vendor: str
) -> None:
    sweep = swept(reference, vendor, budget=10)
    assert [*table(sweep.harms)] == []
    assert sweep.missed == []
    assert sweep.exploration.unjudged == {}
    assert sweep.played.total() == 10
    assert len({fault for _, _, fault in sweep.played}) >= 5
    statements = sweep.exploration.counts.statements
    assert len(statements) >= 4
    assert sum(statements.values()) >= 100


def gives_up_what_was_refused_once(patch: pytest.MonkeyPatch) -> None:
    """Give up a revocation that the vendor refuses once."""
    real = revoke_code.decide_retry

    def never(error: Exception, **known: object) -> retry.RetryDecision:
        found = real(error, **known)  # type: ignore[arg-type]  # as it was called
        waits = found.polls > int(str(known["polls"]))
        return found if waits else replace(found, due_at=None)

    patch.setattr(revoke_code, "decide_retry", never)


def orders_another_code_after_a_lost_answer(patch: pytest.MonkeyPatch) -> None:
    real = issue_code.Issue.ask

    def fresh(*given: object) -> object:
        answer = real(*given)  # type: ignore[arg-type]  # as it was called
        lost = type(answer) is VendorUnknown
        return PinTaken("its answer was lost") if lost else answer

    patch.setattr(issue_code.Issue, "ask", fresh)


def leaves_codes_of_failed_orders_out(patch: pytest.MonkeyPatch) -> None:
    """Give up an order that fails after the vendor acted; its code stays."""
    real = issue_code.decide_retry

    def never(error: Exception, **known: object) -> retry.RetryDecision:
        found = real(error, **known)  # type: ignore[arg-type]  # as it was called
        lost = type(error) is VendorUnknown
        return replace(found, due_at=None, answer_lost=False) if lost else found

    patch.setattr(issue_code, "decide_retry", never)


BROKEN: dict[Callable[[pytest.MonkeyPatch], None], tuple[str, str, str]] = {
    gives_up_what_was_refused_once: ("refused", "cancel", STALE),
    orders_another_code_after_a_lost_answer: ("answer lost", "create", TWO_CODES),
    leaves_codes_of_failed_orders_out: ("error after acting", "create", LOCKED_OUT),
}
"""Faulty services, each with the fault and the course that show it, and the harm."""


def only(course: str, fault: str, patch: pytest.MonkeyPatch) -> None:
    """Let sweeps play one kind of fault in one course."""

    def some(found: list[Variation], *_: object) -> list[Variation]:
        return [e for e in found if (e.course, e.fault) == (course, fault)]

    patch.setattr(single_faults, "spread", some)


@pytest.mark.parametrize("breakage", BROKEN, ids=lambda each: each.__name__)
def test_service_that_a_fault_breaks_is_found_with_its_harm(
    breakage: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    fault, course, harm = BROKEN[breakage]
    only(course, fault, monkeypatch)
    breakage(monkeypatch)
    with contextmanager(shared)("inprocess:service") as target:
        sweep = swept(target, "nuki", budget=None)
    assert sweep.missed == []
    assert harm in {each.difference.harm for each in sweep.harms}
    opened = [e.seconds for e in sweep.harms if e.difference.harm == STALE]
    assert harm != STALE or min(opened) > 3600
    for each in sweep.harms:
        assert (each.variation.course, each.variation.fault) == (course, fault)


def test_code_that_is_sent_though_the_vendor_refused_it_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    only("create", "refused for good", monkeypatch)
    real = igloohome.Client.make_pin

    def invented(*given: object) -> object:
        try:
            return real(*given)  # type: ignore[arg-type]  # as it was called
        except VendorRefused:
            return Secret("123456789"), "nobody"

    monkeypatch.setattr(igloohome.Client, "make_pin", invented)
    with contextmanager(shared)("inprocess:service") as target:
        sweep = swept(target, "igloohome", budget=None)
    assert {(e.difference.rule, e.difference.harm) for e in sweep.harms} == {
        ("RES-02", LOCKED_OUT)
    }


def test_shortest_history_shows_the_harm_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    only("cancel", "refused", monkeypatch)
    gives_up_what_was_refused_once(monkeypatch)
    with contextmanager(shared)("inprocess:service") as target:
        sweep = SingleFaults(Exploration(target, tries=12))
        sweep.play(SEED, Offer("nuki", kinds=KINDS))
        (found,) = sweep.exploration.found
        again = play(found.history, target).differences
    assert any(isinstance(step, FaultStep) for step in found.history.steps)
    assert (found.difference.harm, found.difference.rule) == (STALE, "CON-10")
    assert found.difference.harm in {each.harm for each in again}


def test_service_that_cannot_be_started_again_is_swept_all_the_same(
    reference: TargetContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise NotApplicable("it is not started here, so it cannot be restarted")

    monkeypatch.setattr(ReferenceInProcess, "restart", refuse)
    assert swept(reference, "nuki", budget=1).played.total() == 1


def nothing(*_: object) -> None:
    """Do nothing."""


def test_fault_that_is_not_played_is_told(
    reference: TargetContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    only("cancel", "refused", monkeypatch)
    monkeypatch.setattr(Player, "_begin", nothing)
    sweep = swept(reference, "nuki", budget=1)
    assert sweep.played.total() == 0
    assert all("no such call was made" in missed for missed in sweep.missed)
    assert sweep.missed


def test_course_that_differs_without_any_fault_is_told_and_not_varied() -> None:
    mutant = "mutant:leaves_cancelled_codes_in_the_lock"
    with contextmanager(shared)(mutant) as target:
        sweep = swept(target, "nuki", budget=1)
    assert "nuki, cancel: it differs without any fault" in sweep.missed
    assert "cancel" not in {course for _, course, _ in sweep.played}
    assert "CON-10" in {e.difference.rule for e in sweep.exploration.found}


HISTORY = generate(1, Offer("nuki"))
BEGIN = HISTORY.begin


def opens(seen: float, since: float, until: float) -> Difference:
    """Return a code that opens without a right to; times in hours."""
    stretch = BEGIN + since * HOUR, BEGIN + until * HOUR
    return Difference("CON-10", "b1", BEGIN + seen * HOUR, "It opens", STALE, stretch)


@pytest.mark.parametrize(
    ("seen", "looked", "hours"),
    [
        ([opens(1, 4, 6)], [0, 1], 2),  # it was never seen to be gone
        ([opens(1, 4, 6)], [0, 1, 2], 0),  # it was gone before it could hurt
        ([opens(1, 4, 6)], [0, 1, 5], 1),  # it was gone while it opened
        ([opens(1, 4, 6), opens(5, 5, 6)], [0, 1, 5, 9], 2),  # it opened to the end
        ([], [0, 1], 0),
    ],
)
def test_access_without_a_right_lasts_until_it_is_seen_to_be_gone(
    seen: list[Difference], looked: list[int], hours: int
) -> None:
    moments = tuple(BEGIN + at * HOUR for at in looked)
    outcome = Outcome(tuple(seen), Counts(), moments=moments)
    assert open_seconds(opens(1, 4, 6), outcome) == hours * 3600


def test_harms_are_told_the_worst_first() -> None:
    found = [
        Harm(
            Variation("create", '"create code" 1', fault, HISTORY),
            Difference("RES-01", "b1", BEGIN, "It differs", harm),
            seconds,
        )
        for fault, harm, seconds in (
            (FAULTS[0], PRIVACY, 0),
            (FAULTS[1], STALE, 60),
            (FAULTS[2], STALE, 3600),
            (FAULTS[3], LOCKED_OUT, 0),
        )
    ]
    told = [line.partition("  ")[0] for line in table(found)]
    stale = ["stale access for 3,600 s", "stale access for 60 s"]
    assert [line.partition(" RES-01")[0].strip() for line in told] == [
        "locked out",
        *stale,
        "privacy",
    ]


def test_command_writes_what_it_found(tmp_path: Path) -> None:
    asked = [
        *("--vendor=nuki", "--budget=2", f"--json={tmp_path / 'found.json'}"),
        f"--results={tmp_path}",
    ]
    done = CliRunner().invoke(command, asked, standalone_mode=False)
    assert done.return_value == 0, done.output
    assert "2 faults, " in done.output
    assert "0 harms, 0 differences" in done.output
    assert json.loads((tmp_path / "found.json").read_text(encoding="utf-8")) == []


def test_wrong_words_are_refused_with_the_fix() -> None:
    refused = CliRunner().invoke(command, ["--vendor", "nukki"])
    assert isinstance(refused.exception, Misuse)
    assert "nuki" in str(refused.exception)
