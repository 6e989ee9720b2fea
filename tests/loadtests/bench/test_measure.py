"""The bench's own arithmetic, and its client against a server that answers."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from loadtests.bench import report
from loadtests.bench.client import drive, written
from loadtests.bench.measure import Goal, ratio

if TYPE_CHECKING:
    from collections.abc import Iterator


class Echo(BaseHTTPRequestHandler):
    """Answers 202 with what it was sent, and 409 to the word `no`."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(409 if body == b"no" else 202)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_every_request_is_sent_once_and_counted_by_its_answer(port: int) -> None:
    bodies = [b"1", b"no", b"3", b"4", b"no"]
    requests = [written("POST", "/", body) for body in bodies]
    came = drive(port, requests, connections=2)
    assert came.answered == 5
    assert sorted(came.accepted) == sorted(requests[n] for n in (0, 2, 3))
    assert came.refused == {409: 2}


def test_a_load_ends_when_its_seconds_are_over(port: int) -> None:
    endless = iter(lambda: written("POST", "/", b"x"), None)
    came = drive(port, endless, seconds=0.05, connections=2)
    assert came.answered
    assert came.rate == came.answered / came.seconds


@pytest.mark.parametrize(
    ("goal", "figure", "met"),
    [
        (Goal("a rate", 0.45), 0.45, True),
        (Goal("a rate", 0.45), 0.44, False),
        (Goal("a wait", 100, "ms", at_most=True), 100, True),
        (Goal("a wait", 100, "ms", at_most=True), 101, False),
        (Goal("to know"), 3.0, None),
    ],
)
def test_a_goal_is_met_or_missed_at_its_edge(
    goal: Goal, figure: float, *, met: bool | None
) -> None:
    assert goal.row(figure, "").met is met


def test_turns_are_compared_one_by_one_and_the_middle_counts() -> None:
    assert ratio([1, 4, 30], [2, 2, 3]) == 2


def test_a_row_that_others_disturbed_says_so() -> None:
    row = Goal("a rate", 0.45).row(0.2, "200/s", cpu=0.5, others=0.6)
    shown = report.line(row)
    assert "MISSED" in shown
    assert "by CPU 0.50" in shown
    assert "others 60%" in shown
