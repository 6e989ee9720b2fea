"""The report shows the result, is self-contained and holds no personal data."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from loadtests.audit import HAZARDS, Finding
from loadtests.charts import (
    BELOW,
    BUCKETS,
    SLOTS,
    Chart,
    Line,
    charts,
    shown,
    strip,
    times,
)
from loadtests.monitor import Sample
from loadtests.report import WORST, headline, html, summary, unseen, worst
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
    return sample()


def sample() -> Result:
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


def ten_minutes() -> Result:
    """Return ten minutes at four vendors: sixteen kinds of calls, a hazard a second."""
    vendors = ("exivo", "igloohome", "livionkey", "nuki")
    kinds = [f"{vendor} {n}" for vendor in vendors for n in (200, 204, 404, 503)]
    took = dict.fromkeys(vendors, distribution([0.1 + n / 7 for n in range(200)]))
    return replace(
        sample(),
        info=replace(INFO, vendors=vendors, seconds=600),
        **dict.fromkeys(("to_code", "to_code_during_faults", "to_message"), took),
        exposed=took,
        checks=[Check(f"hazards: number {n}", 0, n) for n in range(20)],
        findings=[
            Finding("lost", n, f"LT-steady-{n}", vendors[n % 4], DETAIL, 30 + n / 7)
            for n in range(600)
        ],
        delivery_results=[
            DeliveryResult(n % 3000, n // 3000, 1, at, at, at + n % 97 / 300, 202)
            for n, at in ((n, n % 3000 / 5 + n // 3000) for n in range(12_000))
        ],
        timings=[
            CodeTiming(
                n, vendors[n % 4], n / 5, n / 5 + n % 89 / 7, None, during_fault=False
            )
            for n in range(3000)
        ],
        samples=[
            Sample(
                n,
                n * 13 % 311,
                n,
                {kind: n * (7 + (n + i) % 5) for i, kind in enumerate(kinds)},
                dict.fromkeys(("service", "worker", "fakes"), 100 + n * 17 % 90),
                {},
            )
            for n in range(600)
        ],
    )


DETAIL = "no code opens from 2026-12-03 14:00 to 2026-12-03 16:00, and none is listed"


def test_page_of_a_long_run_keeps_its_budget() -> None:
    page = html(ten_minutes())
    assert len(page.encode()) < 100_000
    assert page.count('<ol class="moments">') == WORST
    for chart in charts(ten_minutes()):
        assert len(chart.rows) <= BUCKETS + 1
        assert all(line.peak for line in chart.drawn)


def test_page_is_self_contained(result: Result) -> None:
    page = html(result)
    assert not re.findall(r'(?:src|href)="(?!locust\.html|#|data:)', page)
    assert "<script" not in page
    assert "@import" not in page
    assert "prefers-color-scheme: dark" in page
    assert not re.findall(r"<[a-z][^>]*\s(?:on\w+|style)=", page)


def test_page_shows_failed_thresholds_and_findings(result: Result) -> None:
    page = html(result)
    assert "2 of 2 thresholds failed" in page
    assert page.count(">failed<") == 2
    assert "never" in page
    assert "not reached<" in page
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


def test_each_line_has_a_strip_of_its_own_so_that_none_hides_another(
    result: Result,
) -> None:
    calls = {f"acme {status}": 1 for status in range(200, 212)}
    samples = [Sample(n, 0, 0, dict.fromkeys(calls, n), {}, {}) for n in range(3)]
    drawn = html(replace(result, samples=samples))
    names = re.findall(r'<span class="name">(acme \d+)</span>', drawn)
    assert sorted(names) == sorted(calls)
    for found in re.findall(r'<div class="strip".*?</svg>', drawn):
        assert found.count("<poly") == 1


def test_colour_means_a_vendor_or_what_went_wrong(result: Result) -> None:
    calls = {"acme 200": 9, "acme 503": 9, "mute 200": 9}
    samples = [
        Sample(n, 0, 0, dict.fromkeys(calls, n), {"service": 1}, {}) for n in range(3)
    ]
    page = html(replace(result, samples=samples))
    rows = r'<div class="row ([^"]+)"><p><span class="name">([^<]+)<'
    colours = {name: colour for colour, name in re.findall(rows, page)}
    assert colours["acme"] == colours["acme 200"] == "v0"
    assert colours["mute 200"] == "v1"
    assert colours["acme 503"] == colours["not taken"] == "bad-line"
    assert colours["p50"] == colours["due"] == colours["service"] == "v-none"


def test_figures_stand_behind_each_chart(result: Result) -> None:
    page = html(result)
    drawn = [chart for chart in charts(result) if chart.drawn]
    assert page.count('<table class="figures">') == len(drawn)
    answers = charts(result)[0]
    assert answers.rows[0][0] == 0
    assert len(answers.rows[0][1]) == len(answers.drawn) == 4


def test_faults_of_a_vendor_are_shaded_in_its_own_strips(result: Result) -> None:
    chart = charts(result)[2]
    own, other = (
        Line(name, ((0.0, 1.0), (60.0, 1.0)), name) for name in ("acme", "mute")
    )
    assert 'class="band"' in strip(chart, own, INFO.fault_periods)
    assert 'class="band"' not in strip(chart, other, INFO.fault_periods)
    assert 'class="band"' in strip(chart, replace(own, vendor=""), INFO.fault_periods)


def test_strip_says_the_value_where_the_pointer_is() -> None:
    line = Line("p95", ((0.0, 0.005), (0.1, 0.04), (30.0, 0.2), (60.0, 1.5)))
    chart = Chart("Answers", "", "s", (line,), until=60)
    drawing = ET.fromstring(strip(chart, line, {}))  # noqa: S314 - our own drawing
    slots = [each.get("title") for each in drawing.iter("i")]
    assert len(slots) == SLOTS
    assert {n: text for n, text in enumerate(slots) if text} == {
        0: "0 s: 40 ms",
        SLOTS // 2: "30 s: 200 ms",
        SLOTS - 1: "60 s: 1.5 s",
    }


@pytest.mark.parametrize("values", [(0.0,), (0.0, 0.0), (1e-6, 3.0), (999.0, 4e5)])
def test_strip_keeps_every_point_inside_the_drawing(values: tuple[float, ...]) -> None:
    line = Line("x", tuple((float(n), value) for n, value in enumerate(values)))
    chart = Chart("A & B", "", "s", (line,))
    drawing = ET.fromstring(strip(chart, line, {"acme": (0, 1)}))  # noqa: S314 - our own drawing
    for drawn in [*drawing.iter("polyline"), *drawing.iter("polygon")]:
        for pair in drawn.attrib["points"].replace(f",{BELOW}", ",100").split():
            x, y = map(float, pair.split(","))
            assert 0 <= x <= 1000
            assert 0 <= y <= 100


def test_all_charts_have_one_time_axis(result: Result) -> None:
    assert {chart.until for chart in charts(result)} == {59.0}


def test_chart_without_points_says_so(result: Result) -> None:
    samples = [replace(each, work=None) for each in result.samples]
    page = html(replace(result, samples=samples))
    assert "Nothing to show: the subject does not say." in page


@pytest.mark.parametrize(
    ("seconds", "named"),
    [
        (60, ["0 s", "20 s", "60 s"]),
        (900, ["0 min", "5 min", "15 min"]),
        (3600, ["0 min", "20 min", "60 min"]),
    ],
)
def test_time_is_told_in_round_numbers(seconds: float, named: list[str]) -> None:
    found = re.findall(r">([^<]+)</text>", times(seconds))
    assert [found[0], found[1], found[-1]] == named


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, "s", "-"),
        (0, "s", "0 s"),
        (0.0126, "s", "13 ms"),
        (3.0391, "s", "3.04 s"),
        (0.5, "/s", "0.5/s"),
        (148.4, "MB", "148 MB"),
        (2, "", "2"),
    ],
)
def test_figure_has_its_unit(value: float | None, unit: str, text: str) -> None:
    assert shown(value, unit) == text


def test_thresholds_have_units(result: Result) -> None:
    checks = [
        Check("answers: p50", 0.1, 0.0126),
        Check("rates: failures", 0.001, 0.0099),
        Check("growth: service", 60, 5),
    ]
    page = html(replace(result, checks=checks))
    for text in ("13 ms<", "100 ms<", "0.99%<", "0.10%<", "60 MB/h<"):
        assert text in page


def test_percentile_of_few_samples_is_left_out(result: Result) -> None:
    few, many = distribution([0.1] * 19), distribution([0.2] * 100)
    assert few
    assert many
    page = html(replace(result, to_code={"acme": few, "mute": many}))
    row = r'>{}</span><td.*?data-label="p95">([^<]+)<.*?data-label="p99">([^<]+)<'
    for vendor, figures in (("acme", ("-", "-")), ("mute", ("200 ms", "200 ms"))):
        found = re.search(row.format(vendor), page, re.DOTALL)
        assert found
        assert found.groups() == figures


def test_report_says_what_was_not_looked_at(result: Result) -> None:
    told = " ".join(unseen(result))
    assert "growth of memory: a run under 10 minutes only warms up" in told
    assert "p95 of acme, mute: fewer than 20 codes each" in told
    assert "the end of 3 codes that no vendor can revoke" in told
    assert "fault" not in told
    info = replace(INFO, fault_periods={}, seconds=600)
    bare = replace(result, info=info, to_code={}, samples=(), growth={})
    told = " ".join(unseen(bare))
    for part in ("no fault was set", "acme: no code", "its backlog", "its memory"):
        assert part in told
    assert "growth of memory" not in told


def test_worst_bookings_are_those_with_hazards_then_the_slowest(result: Result) -> None:
    late = CodeTiming(60, "mute", 1, 31, 32, during_fault=False)
    found = worst(replace(result, timings=[*TIMINGS, late]))
    assert [each.name for each in found[:2]] == ["B-7", "number 60"]
    assert found[0].why == "lost: no code <b>"
    assert found[1].why == "31 s until its customer had a code that opens"


def test_timeline_of_a_booking_tells_what_happened_by_the_second(
    result: Result,
) -> None:
    timing = CodeTiming(0, "acme", 0, 31.5, 33, during_fault=True)
    found = Finding("doubled", 0, "B-0", "acme", "two codes", None)
    (told, *_) = worst(replace(result, findings=[found], timings=[timing]))
    assert told.moments == (
        (0.0, "event 1: answered 202 after 100 ms"),
        (0.0, "event 2: answered 503 after 31 s"),
        (0, "its code was due"),
        (31.5, "the code was at the door"),
        (33, "the message reached its customer"),
    )
