"""The report shows what a result says, by itself, and gives nobody away."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from loadtests.audit import HAZARDS, Finding
from loadtests.figures import Growth, Way, spread
from loadtests.plots import plot
from loadtests.report import headline, html, summary
from loadtests.result import Course, Result
from loadtests.senders import Seen
from loadtests.series import Chart, Line, charts
from loadtests.thresholds import Check
from loadtests.watch import Look

COURSE = Course(
    subject="acme <9>",
    run="steady-1",
    begun="2026-12-01T08:00:00+00:00",
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
    trouble={"acme": (20, 30)},
)


@pytest.fixture
def result() -> Result:
    """Return a run of a hundred events, one told twice, and of one lost booking."""
    times = spread([0.1, 0.2])
    assert times is not None
    return Result(
        course=COURSE,
        bookings=100,
        attempts=101,
        failures=1,
        answers=times,
        lateness=times,
        to_code={"acme": times, "mute": times},
        to_code_in_trouble={},
        to_message={"acme": times},
        exposed={},
        hazards={**dict.fromkeys(HAZARDS, 0), "lost": 1},
        beyond_recall=3,
        listed_every=2.0,
        converged=None,
        recovered=4.5,
        growth={"service": Growth(100, 110, 5)},
        busy={"service": 0.25},
        cost={"service": 0.02},
        findings=[Finding("lost", 7, "B-7", "acme", "no code <b>", None)],
        seen=[Seen(n, 0, 1, n / 2, n / 2, n / 2 + 0.1, 202) for n in range(100)]
        + [Seen(0, 1, 1, 0.0, 0.0, 31.0, 503)],
        ways=[Way(n, "acme", n, n + 0.5, n + 1, in_trouble=False) for n in range(50)],
        looks=[
            Look(n, n % 7, n, {"acme 200": n}, {"service": 100 + n}, {})
            for n in range(60)
        ],
        checks=[Check("hazards: lost", 0, 1), Check("rest: converged", 30, None)],
    )


def test_page_needs_nothing_from_elsewhere(result: Result) -> None:
    page = html(result)
    assert not re.findall(r'(?:src|href)="(?!locust\.html)', page)
    assert "<script" not in page
    assert "@import" not in page
    assert "prefers-color-scheme: dark" in page


def test_page_says_what_is_broken_and_what_was_found(result: Result) -> None:
    page = html(result)
    assert "2 of 2 thresholds broken" in page
    assert page.count(">broken<") == 2
    assert "never" in page
    assert "no code &lt;b&gt;" in page
    assert "acme &lt;9&gt;" in page


def test_headline_names_every_hazard_met(result: Result) -> None:
    assert headline(result).endswith("hazards: 1 lost")
    sound = replace(result, hazards=dict.fromkeys(HAZARDS, 0), checks=())
    assert headline(sound).startswith("all thresholds kept")


def test_summary_says_which_limits_were_broken(result: Result) -> None:
    said = summary(result)
    assert "broken: hazards: lost is 1, limit 0" in said
    assert "broken: rest: converged is not reached, limit 30" in said


def test_figures_of_trouble_are_there_only_where_there_was_any(result: Result) -> None:
    assert result.figures["rest"]["recovered"] == 4.5
    calm = replace(result, course=replace(COURSE, trouble={}))
    assert "recovered" not in calm.figures["rest"]
    assert result.figures["shares"]["failures"] == pytest.approx(1 / 101)


@pytest.mark.parametrize(("seconds", "slopes"), [(60, {}), (600, {"service": 5})])
def test_growth_counts_only_once_a_process_is_warm(
    result: Result, seconds: float, slopes: dict[str, float]
) -> None:
    run = replace(result, course=replace(COURSE, seconds=seconds))
    assert run.figures["growth"] == slopes


def test_stall_stands_at_the_second_at_which_it_began(result: Result) -> None:
    taken = [replace(each, status=202) for each in result.seen]
    drawn = charts(replace(result, seen=taken))[0].lines
    slowest = dict(next(line.points for line in drawn if line.name == "slowest"))
    assert slowest[0] == pytest.approx(31.0)
    assert slowest[31] == pytest.approx(0.1)


def test_many_lines_are_told_apart(result: Result) -> None:
    calls = {f"acme {status}": 1 for status in range(200, 212)}
    looks = [Look(n, 0, 0, dict.fromkeys(calls, n), {}, {}) for n in range(3)]
    page = html(replace(result, looks=looks))
    styles = re.findall(r'<polyline class="(l\d(?: again)?)"[^>]*><title>acme 2', page)
    assert len(set(styles)) == 12


@pytest.mark.parametrize("values", [(), (0.0,), (0.0, 0.0), (1e-6, 3.0), (999.0, 4e5)])
def test_plot_keeps_every_point_on_the_paper(values: tuple[float, ...]) -> None:
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
