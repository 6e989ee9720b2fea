"""A run can be followed while it goes on, and the dashboard draws what is served."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
from prometheus_client import generate_latest

import loadtests
from loadtests.metrics import Metrics, served
from loadtests.monitor import Sample
from loadtests.sending import DELIVERIES
from strikeplate.processes import wait
from strikeplate.verdict import Misuse

HOME = Path(__file__).parent.parent.parent
DASHBOARD = Path(loadtests.__file__).with_name("grafana.json")
ACCEPTED, REFUSED, LOST = 202, 503, 0


def row(status: int, wanted: float = 1.0, answered: float = 1.2) -> str:
    return json.dumps([0, 0, 1, wanted, wanted, answered, status]) + "\n"


def sample(second: float, calls: int = 0) -> Sample:
    spent = {"service": second / 2}
    return Sample(second, 3, 4, {"nuki 200": calls}, {"service": 80.0}, spent)


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(f"strikeplate_load_{name}", labels)


def test_metrics_are_what_was_sampled(tmp_path: Path) -> None:
    metrics = Metrics(tmp_path)
    metrics.show(sample(1, calls=2))
    metrics.show(sample(2, calls=7))
    assert value(metrics, "second") == 2
    assert value(metrics, "work") == 3
    assert value(metrics, "messages_total") == 4
    assert value(metrics, "memory_bytes", process="service") == 80e6
    assert value(metrics, "cpu_seconds_total", process="service") == 1
    assert value(metrics, "vendor_calls_total", vendor="nuki", status="200") == 7


def test_each_delivery_is_counted_once_and_a_line_half_written_later(
    tmp_path: Path,
) -> None:
    metrics, log = Metrics(tmp_path), tmp_path / DELIVERIES
    metrics.show(sample(0))
    whole, half = row(ACCEPTED), row(REFUSED)
    log.write_text(whole + half[:9])
    metrics.show(sample(1))
    assert value(metrics, "attempts_total", outcome="accepted") == 1
    assert value(metrics, "attempts_total", outcome="refused") is None
    log.write_text(whole + half + row(LOST) + json.dumps({"over": True}) + "\n")
    metrics.show(sample(2))
    metrics.show(sample(3))
    assert value(metrics, "attempts_total", outcome="accepted") == 1
    assert value(metrics, "attempts_total", outcome="refused") == 1
    assert value(metrics, "attempts_total", outcome="no answer") == 1


def test_answers_count_from_when_the_event_was_due(tmp_path: Path) -> None:
    (tmp_path / DELIVERIES).write_text(row(ACCEPTED, 1, 3) + row(REFUSED, 1, 9))
    metrics = Metrics(tmp_path)
    metrics.show(sample(9))
    assert value(metrics, "answer_seconds_sum") == 2
    assert value(metrics, "answer_seconds_count") == 1


def test_dashboard_draws_what_is_served_and_nothing_else(tmp_path: Path) -> None:
    drawn = set(re.findall(r"strikeplate_load_\w+", DASHBOARD.read_text()))
    (tmp_path / DELIVERIES).write_text(row(ACCEPTED))
    metrics = Metrics(tmp_path)
    metrics.show(sample(1, calls=1))
    text = generate_latest(metrics.registry).decode()
    found = set(re.findall(r"^(strikeplate_load_\w+)", text, re.MULTILINE))
    shown = {
        name
        for name in found
        if not name.endswith(
            ("_created", "_answer_seconds_sum", "_answer_seconds_count")
        )
    }
    assert drawn == shown


def test_port_in_use_is_refused_with_the_fix(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(Misuse, match=f"--metrics-port {port}: .*; 0 takes one"),
            served(Metrics(tmp_path), port),
        ):
            pass


def test_run_is_followed_over_http_while_it_goes_on(tmp_path: Path) -> None:
    words = ["--seconds", "4", "--rate", "5", "--vendor", "igloohome"]
    with subprocess.Popen(  # noqa: S603 - our own module
        [
            *(sys.executable, "-m", "loadtests", "--results", str(tmp_path)),
            *(*words, "--metrics-port", "0"),
        ],
        cwd=HOME,
        stdout=subprocess.PIPE,
        text=True,
    ) as load:
        assert load.stdout is not None
        address = load.stdout.readline().removeprefix("metrics: ").strip()
        seen, waited = "", 0.0
        while 'outcome="accepted"' not in seen and load.poll() is None and waited < 60:
            with urlopen(address) as answer:  # noqa: S310 - a local address of ours
                seen = answer.read().decode()
            wait(0.1)
            waited += 0.1
        assert load.wait(120) in {0, 1}, load.stdout.read()
    assert re.search(r'attempts_total\{outcome="accepted"\} [1-9]', seen)
    assert re.search(r'vendor_calls_total\{status="\d+",vendor="igloohome"\}', seen)
