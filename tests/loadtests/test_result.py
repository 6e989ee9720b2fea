"""Figures are durations that occurred, counted from when something was due."""

from __future__ import annotations

import pytest

from loadtests.monitor import Sample
from loadtests.result import count_hazards, distribution, growth, recovery, timings
from tests.loadtests.sample_run import BEGUN, Site, find

CODE = "345678"


def sample(second: float, memory: float) -> Sample:
    return Sample(second, 0, 0, {}, {"service": memory}, {})


def test_percentiles_are_durations_that_occurred() -> None:
    found = distribution([0.1 * n for n in range(1, 101)])
    assert found is not None
    assert (found.count, found.p50, found.p95, found.p99) == (100, 5.0, 9.5, 9.9)
    assert found.slowest == 10.0


def test_no_durations_have_no_distribution() -> None:
    assert distribution([]) is None


def test_growth_is_the_slope_of_the_second_half() -> None:
    warm = [sample(second, 100 + 5 * min(second, 30)) for second in range(60)]
    found = growth(warm, "service")
    assert found is not None
    assert (found.first, found.last, found.per_hour) == (100, 250, 0)


def test_growth_needs_more_than_one_sample() -> None:
    assert growth([sample(0, 1)], "service") is None


def test_code_timing_is_counted_from_when_the_code_was_due() -> None:
    site = Site(find("acme", "confirmed"))
    site.give(CODE, site.script.final)
    site.receive_code(CODE)
    audit = site.audit()
    (timing,) = timings([site.script], audit.listing, audit.mailboxes, BEGUN, {})
    assert timing.to_code == pytest.approx(0 - site.script.due_at)
    assert timing.to_message == pytest.approx(1 - site.script.due_at)
    assert not timing.during_fault


@pytest.mark.parametrize(("sent", "late"), [(True, 0.0), (False, None)])
def test_run_has_recovered_once_every_code_due_was_sent(
    sent: bool,  # noqa: FBT001 - a row of the table
    late: float | None,
) -> None:
    site = Site(find("acme", "confirmed"))
    if sent:
        site.receive_code(CODE)
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
    site.receive_code(f"{CODE}{site.script.final.start:%H}")
    findings = site.findings()
    assert [finding.hazard for finding in findings] == ["stale", "stale"]
    hazards, final = count_hazards(findings)
    assert (hazards["stale"], sum(hazards.values()), final) == (1, 1, 0)
