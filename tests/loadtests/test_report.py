"""The report shows the result, is self-contained and holds no personal data."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from loadtests.audit import HAZARDS, Finding
from loadtests.monitor import Sample
from loadtests.report import Chart, Line, charts, headline, html, plot, summary
from loadtests.result import CodeTiming, Growth, Result, RunInfo, distribution
from loadtests.sending import DeliveryResult
from loadtests.thresholds import Check

INFO = RunInfo(
    subject="acme <9>",
    run="steady-1",
    started_at="2026-12-01T08:00:00+00:00",
    shape="steady",
    about="bookings come evenly",
    seconds=60,
    rate=10,
    seed=7,
    faults="outage",
    faults_about="one vendor is out",
    vendors=("acme", "mute"),
    doors=4,
    senders=2,
    client_bound=False,
    fault_periods={"acme": (20, 30)},
)
TIMINGS = [
    CodeTiming(n, "acme", n, n + 0.5, n + 1, during_fault=False) for n in range(50)
]


@pytest.fixture
def result() -> Result:
    """Return a run of a hundred events, one sent twice, and one lost booking."""
    times = distribution([0.1, 0.2])
    assert times is not None
    return Result(
        info=INFO,
        bookings=100,
        attempts=101,
        failures=1,
        answers=times,
        lateness=times,
        to_code={"acme": times, "mute": times},
        to_code_during_faults={},
        to_message={"acme": times},
        exposed={},
        hazards={**dict.fromkeys(HAZARDS, 0), "lost": 1},
        not_revocable=3,
        listing_interval=2.0,
        converged=None,
        recovered=4.5,
        growth={"service": Growth(100, 110, 5)},
        cpu_share={"service": 0.25},
        cpu_per_booking={"service": 0.02},
        findings=[Finding("lost", 7, "B-7", "acme", "no code <b>", None)],
        delivery_results=[
            DeliveryResult(n, 0, 1, n / 2, n / 2, n / 2 + 0.1, 202) for n in range(100)
        ]
        + [DeliveryResult(0, 1, 1, 0.0, 0.0, 31.0, 503)],
        timings=TIMINGS,
        samples=[
            Sample(n, n % 7, n, {"acme 200": n}, {"service": 100 + n}, {})
            for n in range(60)
        ],
        checks=[
            Check("hazards: lost", 0, 1),
            Check("convergence: converged", 30, None),
        ],
    )


def test_page_is_self_contained(result: Result) -> None:
    page = html(result)
    assert not re.findall(r'(?:src|href)="(?!locust\.html)', page)
    assert "<script" not in page
    assert "@import" not in page
    assert "prefers-color-scheme: dark" in page


def test_page_shows_failed_thresholds_and_findings(result: Result) -> None:
    page = html(result)
    assert "2 of 2 thresholds failed" in page
    assert page.count(">failed<") == 2
    assert "never" in page
    assert "no code &lt;b&gt;" in page
    assert "acme &lt;9&gt;" in page


def test_headline_names_every_hazard_met(result: Result) -> None:
    assert headline(result).endswith("hazards: 1 lost")
    sound = replace(result, hazards=dict.fromkeys(HAZARDS, 0), checks=())
    assert headline(sound).startswith("all thresholds passed")


def test_summary_names_the_failed_limits(result: Result) -> None:
    said = summary(result)
    assert "failed: hazards: lost is 1, limit 0" in said
    assert "failed: convergence: converged is not reached, limit 30" in said


def test_recovery_is_a_figure_only_if_there_were_faults(result: Result) -> None:
    assert result.figures["convergence"]["recovered"] == 4.5
    without = replace(result, info=replace(INFO, fault_periods={}))
    assert "recovered" not in without.figures["convergence"]
    assert result.figures["rates"]["failures"] == pytest.approx(1 / 101)


@pytest.mark.parametrize(("seconds", "slopes"), [(60, {}), (600, {"service": 5})])
def test_growth_counts_only_once_a_process_is_warm(
    result: Result, seconds: float, slopes: dict[str, float]
) -> None:
    run = replace(result, info=replace(INFO, seconds=seconds))
    assert run.figures["growth"] == slopes


def test_stall_is_drawn_at_the_second_at_which_it_began(result: Result) -> None:
    accepted = [replace(each, status=202) for each in result.delivery_results]
    drawn = charts(replace(result, delivery_results=accepted))[0].lines
    slowest = dict(next(line.points for line in drawn if line.name == "slowest"))
    assert slowest[0] == pytest.approx(31.0)
    assert slowest[31] == pytest.approx(0.1)


def test_many_lines_have_distinct_styles(result: Result) -> None:
    calls = {f"acme {status}": 1 for status in range(200, 212)}
    samples = [Sample(n, 0, 0, dict.fromkeys(calls, n), {}, {}) for n in range(3)]
    page = html(replace(result, samples=samples))
    styles = re.findall(r'<polyline class="(l\d(?: again)?)"[^>]*><title>acme 2', page)
    assert len(set(styles)) == 12


@pytest.mark.parametrize("values", [(), (0.0,), (0.0, 0.0), (1e-6, 3.0), (999.0, 4e5)])
def test_plot_keeps_every_point_inside_the_drawing(values: tuple[float, ...]) -> None:
    points = tuple((float(n), value) for n, value in enumerate(values))
    chart = Chart("A & B", "", "s", (Line("x", points),))
    drawing = ET.fromstring(plot(chart, [(0, 1)]))  # noqa: S314 - our own drawing
    for line in drawing.iter("polyline"):
        for pair in line.attrib["points"].split():
            x, y = map(float, pair.split(","))
            assert 0 <= x <= 560
            assert 0 <= y <= 220


@pytest.mark.parametrize(
    ("seconds", "named"),
    [
        (60, ["0 s", "10 s", "60 s"]),
        (900, ["0 min", "2.5 min", "15 min"]),
        (3600, ["0 min", "10 min", "60 min"]),
    ],
)
def test_time_is_told_in_round_numbers(seconds: float, named: list[str]) -> None:
    chart = Chart("A", "", "s", (Line("x", ((0.0, 1.0), (seconds, 1.0))),))
    times = re.findall(r'text-anchor="middle">([^<]+)<', plot(chart, []))
    assert [times[0], times[1], times[-1]] == named
