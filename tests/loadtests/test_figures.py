"""Figures are met durations, counted from when something was due."""

from __future__ import annotations

import pytest

from loadtests.figures import distribution, growth, timings
from loadtests.monitor import Sample
from loadtests.result import count_hazards, recovery
from tests.loadtests.sample_run import BEGUN, Site, find

CODE = "345678"


def sample(second: float, memory: float) -> Sample:
    return Sample(second, 0, 0, {}, {"service": memory}, {})


def test_spread_names_durations_that_were_met() -> None:
    found = distribution([0.1 * n for n in range(1, 101)])
    assert found is not None
    assert (found.count, found.p50, found.p95, found.p99) == (100, 5.0, 9.5, 9.9)
    assert found.slowest == 10.0


def test_nothing_has_no_spread() -> None:
    assert distribution([]) is None


def test_growth_is_the_slope_of_the_second_half() -> None:
    warm = [sample(second, 100 + 5 * min(second, 30)) for second in range(60)]
    found = growth(warm, "service")
    assert found is not None
    assert (found.first, found.last, found.per_hour) == (100, 250, 0)


def test_growth_takes_more_than_one_look() -> None:
    assert growth([sample(0, 1)], "service") is None


def test_way_of_a_code_is_counted_from_when_it_was_due() -> None:
    site = Site(find("acme", "confirmed"))
    site.give(CODE, site.script.final)
    site.tell(CODE)
    audit = site.audit()
    (timing,) = timings([site.script], audit.listing, audit.mailboxes, BEGUN, {})
    assert timing.to_code == pytest.approx(0 - site.script.due_at)
    assert timing.to_message == pytest.approx(1 - site.script.due_at)
    assert not timing.during_fault


@pytest.mark.parametrize(("told", "late"), [(True, 0.0), (False, None)])
def test_trouble_is_made_up_for_once_all_is_told(
    told: bool,  # noqa: FBT001 - a row of the table
    late: float | None,
) -> None:
    site = Site(find("acme", "confirmed"))
    if told:
        site.tell(CODE)
    audit = site.audit()
    fault_periods = {"acme": (0.0, site.script.due_at + 10)}
    found = list(
        timings([site.script], audit.listing, audit.mailboxes, BEGUN, fault_periods)
    )
    assert found[0].during_fault
    assert recovery(found, fault_periods) == late


def test_hazards_count_bookings_and_not_findings() -> None:
    site = Site(find("acme", "confirmed", "changed", "changed"))
    for _, booking in site.script.placements:
        site.give(f"{CODE}{booking.start:%H}", booking)
    site.tell(f"{CODE}{site.script.final.start:%H}")
    findings = site.findings()
    assert [finding.hazard for finding in findings] == ["stale", "stale"]
    hazards, final = count_hazards(findings)
    assert (hazards["stale"], sum(hazards.values()), final) == (1, 1, 0)
