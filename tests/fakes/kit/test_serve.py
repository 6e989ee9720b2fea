"""The served process, over a real socket."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest
import requests
from requests.exceptions import ChunkedEncodingError

from strikeplate.processes import free_port
from tests.dripping import dripping

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "over-a-socket"
PATIENCE_SECONDS = 60


def wait_until_up(url: str, process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            if requests.get(f"{url}/healthz", timeout=1).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.02)
    raise AssertionError(f"not up within {PATIENCE_SECONDS} seconds")


@pytest.fixture(scope="module")
def served(package: str) -> Iterator[str]:
    """`python -m fakes` on a free port, with the fifth vendor."""
    port = free_port()
    paths = os.pathsep.join(sys.path)
    command = [sys.executable, "-m", "fakes", "--port", str(port)]
    with subprocess.Popen(  # noqa: S603 - our own program
        [*command, "--vendors", package, "--control-token", TOKEN],
        env={**os.environ, "PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            wait_until_up(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            out, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert out == f"fakes: http://127.0.0.1:{port}\n"  # the token was given
    assert err == ""


class Socket:
    """One world over HTTP."""

    def __init__(self, base: str, **body: Any) -> None:
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {TOKEN}"
        made = self.session.post(
            f"{base}/_sim/worlds",
            json={"portfolio": "demo"} | body,
            timeout=PATIENCE_SECONDS,
        ).json()
        self.world = f"{base}/_sim/worlds/{made['id']}"
        self.door = made["doors"][0]["id"]
        self.credentials = made["credentials"]["acme"]

    def control(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.session.request(
            method, self.world + path, json=body, timeout=PATIENCE_SECONDS
        )
        return answer.json() if answer.content else None

    def make_code(self, pin: str) -> requests.Response:
        return requests.post(
            f"{self.credentials['api_url']}/codes",
            json={"door": self.door, "pin": pin},
            headers={"X-Key": self.credentials["key"]},
            timeout=PATIENCE_SECONDS,
        )


@pytest.fixture
def world(served: str) -> Socket:
    return Socket(served, now="2026-12-01T09:00:00Z")


def test_code_made_over_http_opens_the_door(world: Socket) -> None:
    assert world.make_code("4829").status_code == 200
    world.control("POST", "/clock", {"advance": "PT30S"})
    entry = world.control("POST", f"/doors/{world.door}/entries", {"code": "4829"})
    assert entry["opened"] is True


@pytest.mark.parametrize(("phase", "done"), [("before", 0), ("after", 1)])
def test_lost_answer_closes_the_connection(
    world: Socket, phase: str, done: int
) -> None:
    fault = {"vendor": "acme", "phase": phase, "effect": {"drop": True}, "times": 1}
    world.control("POST", "/faults", fault)
    with pytest.raises((requests.ConnectionError, ChunkedEncodingError)):
        world.make_code("4829")
    assert len(world.control("GET", "/codes")) == done
    assert world.make_code("1111").status_code == 200


def test_reset_aborts_the_connection(world: Socket) -> None:
    fault = {"vendor": "acme", "phase": "after", "effect": {"reset": True}, "times": 1}
    world.control("POST", "/faults", fault)
    broken = (requests.ConnectionError, ChunkedEncodingError)
    with pytest.raises(broken, match="reset by peer"):
        world.make_code("4829")
    assert len(world.control("GET", "/codes")) == 1
    assert world.make_code("1111").status_code == 200


def test_slow_body_arrives_whole_and_late(world: Socket) -> None:
    slow = {"vendor": "acme", "phase": "after", "effect": {"slow_body_ms": 300}}
    world.control("POST", "/faults", slow)
    begun = time.monotonic()
    answer = world.make_code("4829")
    assert time.monotonic() - begun >= 0.3
    assert answer.json()["ref"] == "code-1"
    assert answer.elapsed.total_seconds() < time.monotonic() - begun


def test_late_answer_is_late_and_holds_up_nobody(world: Socket) -> None:
    late = {"vendor": "acme", "phase": "after", "effect": {"delay_ms": 1000}}
    world.control("POST", "/faults", late)
    begun = time.monotonic()
    caller = threading.Thread(target=world.make_code, args=("4829",))
    caller.start()
    world.control("GET", "/clock")
    assert caller.is_alive()
    caller.join()
    assert time.monotonic() - begun >= 1


def test_late_answers_stop_no_other_call_and_end_with_their_fault(
    served: str, world: Socket
) -> None:
    late = {"vendor": "acme", "phase": "before", "effect": {"delay_ms": 60_000}}
    fault = world.control("POST", "/faults", late)
    begun = time.monotonic()
    callers = [
        threading.Thread(target=world.make_code, args=("4829",)) for _ in range(32)
    ]
    for caller in callers:
        caller.start()
    assert requests.get(f"{served}/healthz", timeout=PATIENCE_SECONDS).ok
    assert Socket(served).make_code("1111").ok
    world.control("DELETE", f"/faults/{fault['id']}")
    for caller in callers:
        caller.join()
    assert time.monotonic() - begun < 60


def test_slow_bodies_stop_no_other_call(served: str, world: Socket) -> None:
    slow = {"vendor": "acme", "phase": "after", "effect": {"slow_body_ms": 60_000}}
    fault = world.control("POST", "/faults", slow)
    begun = time.monotonic()
    callers = [
        threading.Thread(target=world.make_code, args=("4829",)) for _ in range(32)
    ]
    for caller in callers:
        caller.start()
    assert requests.get(f"{served}/healthz", timeout=PATIENCE_SECONDS).ok
    assert Socket(served).make_code("1111").ok
    world.control("DELETE", f"/faults/{fault['id']}")
    for caller in callers:
        caller.join()
    assert time.monotonic() - begun < 60


def test_waits_stop_no_other_call_and_end_when_it_holds(
    served: str, world: Socket
) -> None:
    body = {"calls": {"method": "POST"}, "within_seconds": 60}
    begun = time.monotonic()
    with ThreadPoolExecutor(32) as callers:
        ask = [callers.submit(world.control, "POST", "/wait", body) for _ in range(32)]
        assert requests.get(f"{served}/healthz", timeout=PATIENCE_SECONDS).ok
        assert not any(each.done() for each in ask)
        assert world.make_code("4829").ok
    assert all(each.result()["holds"] for each in ask)
    assert time.monotonic() - begun < 60


def test_unfinished_requests_stop_no_other_call(served: str) -> None:
    at = ("127.0.0.1", int(served.rpartition(":")[2]))
    head = b"POST /acme/codes HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{"
    with ExitStack() as idle:
        for _ in range(100):
            idle.enter_context(socket.create_connection(at)).sendall(head)
        assert requests.get(f"{served}/healthz", timeout=PATIENCE_SECONDS).ok
        assert Socket(served).make_code("1111").ok


def test_connections_without_a_call_hold_up_nobody(served: str) -> None:
    at = ("127.0.0.1", int(served.rpartition(":")[2]))
    with ExitStack() as idle:
        for _ in range(100):
            idle.enter_context(socket.create_connection(at))
        assert requests.get(f"{served}/healthz", timeout=PATIENCE_SECONDS).ok


def send_webhook(served: str, port: int) -> Socket:
    """Return a running world that sends a webhook to that port at once."""
    world = Socket(served)
    world.control("PATCH", "/quirks", {"acme.sync-seconds": 0})
    requests.put(
        f"{world.credentials['api_url']}/hook",
        json={"url": f"http://127.0.0.1:{port}/"},
        headers={"X-Key": world.credentials["key"]},
        timeout=PATIENCE_SECONDS,
    )
    world.make_code("4829")
    return world


@pytest.fixture
def hook() -> Iterator[tuple[int, threading.Event]]:
    """Yield the port of a receiver of one webhook, and what is set once it came."""
    rang = threading.Event()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(204)
            self.end_headers()
            rang.set()

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        server.timeout = PATIENCE_SECONDS
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        yield server.server_port, rang
        thread.join()


def test_running_world_sends_its_webhook_by_itself(
    served: str, hook: tuple[int, threading.Event]
) -> None:
    port, rang = hook
    send_webhook(served, port)
    assert rang.wait(PATIENCE_SECONDS)


def test_receivers_that_drip_hold_up_no_other_world_and_are_given_up(
    served: str, hook: tuple[int, threading.Event]
) -> None:
    port, rang = hook
    with dripping(b"H") as slow:
        worlds = [send_webhook(served, slow) for _ in range(5)]
        send_webhook(served, port)
        assert rang.wait(PATIENCE_SECONDS)
        end = time.monotonic() + PATIENCE_SECONDS
        for world in worlds:
            while not (made := world.control("GET", "/deliveries")[0]["attempts"]):
                assert time.monotonic() < end
                time.sleep(0.1)  # it drips, in real time
            assert made[0]["error"].startswith("127.0.0.1: ")


def test_wrong_option_ends_with_a_usage_message() -> None:
    command = [sys.executable, "-m", "fakes", "--now", "2026-12-01T09:00:00"]
    ended = subprocess.run(  # noqa: S603 - our own program
        command, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS
    )
    assert ended.returncode == 2
    assert (
        "--now: '2026-12-01T09:00:00' is no instant; write it with an offset"
        in ended.stderr
    )
