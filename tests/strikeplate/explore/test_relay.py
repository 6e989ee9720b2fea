"""A vendor's own events reach the integration lost, doubled, late and out of order."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from service.use_cases import issue_code
from strikeplate.cause import LOCKED_OUT
from strikeplate.explore.generate import Offer
from strikeplate.explore.history import History, ReportFault, ReportsStep, loads
from strikeplate.explore.play import play
from strikeplate.explore.relay import LATE, REPORTED, Relay
from strikeplate.explore.variations import AT_REPORTS, courses, report_variations
from strikeplate.verdict import NotApplicable
from tests.strikeplate.explore.test_play import shared

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from service.domain import retry
    from strikeplate.environment import TargetContext
    from strikeplate.explore.play import Outcome

SEED = 7
Brought = list[tuple["datetime", bytes]]


@pytest.fixture(scope="module")
def reference() -> Iterator[TargetContext]:
    yield from shared("inprocess:service")


def varied(vendor: str, course: str, fault: ReportFault) -> History:
    history = dict(courses(SEED, Offer(vendor)))[course]
    found = report_variations(course, history)
    return next(each.history for each in found if AT_REPORTS[each.fault] == fault)


def played(
    history: History, target: TargetContext, patch: pytest.MonkeyPatch
) -> tuple[Outcome, Brought]:
    """Return what comes of a history, and the events that were brought, and when."""
    brought: Brought = []
    real = Relay._bring  # noqa: SLF001 - what is watched

    def watched(relay: Relay, body: bytes) -> None:
        brought.append((relay.ctx.environment.now, body))
        real(relay, body)

    patch.setattr(Relay, "_bring", watched)
    return play(history, target), brought


@pytest.mark.parametrize("vendor", REPORTED)
@pytest.mark.parametrize("course", ["create", "change", "cancel"])
def test_vendors_events_in_any_order_lead_to_the_same(
    reference: TargetContext,
    vendor: str,
    course: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outcome, brought = played(
        varied(vendor, course, "out of order"), reference, monkeypatch
    )
    assert outcome.differences == ()
    bodies = [body for _, body in brought]
    assert len(bodies) > len(set(bodies)) or len(bodies) <= 1
    assert bodies


def test_doubled_event_is_brought_twice_at_once(
    reference: TargetContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubled = varied("nuki", "cancel", "doubled")
    outcome, brought = played(doubled, reference, monkeypatch)
    assert outcome.differences == ()
    assert brought
    assert brought[::2] == brought[1::2]


def test_late_event_is_brought_hours_later_and_a_lost_one_never(
    reference: TargetContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = varied("nuki", "cancel", "late")
    outcome, brought = played(late, reference, monkeypatch)
    assert outcome.differences == ()
    assert brought[0][0] >= late.events[0].at + LATE
    lost = varied("nuki", "cancel", "lost")
    outcome, brought = played(lost, reference, monkeypatch)
    assert (outcome.differences, brought) == ((), [])


def waits_for_the_vendors_event(patch: pytest.MonkeyPatch) -> None:
    """Ask whether a lock has its code when the vendor's event comes, not before."""
    real = issue_code.decide_retry

    def later(error: Exception, **known: object) -> retry.RetryDecision:
        found = real(error, **known)  # type: ignore[arg-type]  # as it was called
        waits = found.polls > int(str(known["polls"])) and found.due_at
        if not waits:
            return found
        return replace(found, due_at=waits + timedelta(days=90))

    patch.setattr(issue_code, "decide_retry", later)


@pytest.mark.parametrize(("fault", "harmed"), [("lost", 1), ("doubled", 0)])
def test_service_that_relies_on_the_vendors_event_is_found_when_it_is_lost(
    fault: ReportFault, harmed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits_for_the_vendors_event(monkeypatch)
    with contextmanager(shared)("inprocess:service") as target:
        seen = play(varied("nuki", "create", fault), target).differences
    assert len({each.harm for each in seen} & {LOCKED_OUT}) == harmed


def test_vendor_whose_events_nobody_takes_is_not_varied(
    reference: TargetContext,
) -> None:
    with pytest.raises(NotApplicable, match="takes no events"):
        play(varied("exivo", "create", "lost"), reference)


def test_history_with_reports_is_written_and_read() -> None:
    history = varied("nuki", "create", "late")
    assert loads(history.dumps(), History) == history
    assert isinstance(history.steps[0], ReportsStep)
