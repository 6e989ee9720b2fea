from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from fakes.kit.webhooks import GuardedSend, Outgoing, PushError
from tests.dripping import dripping

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE_SECONDS = 60
ELSEWHERE = "192.0.2.1"  # set aside for documents; nobody is there


class Hook(BaseHTTPRequestHandler):
    """Answers 204, or sends the caller on to another place."""

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        body = self.rfile.read(size).decode()
        self.server.took.append((self.path, self.headers["Host"], body))
        self.send_response(302 if self.path == "/away" else 204)
        if self.path == "/away":
            self.send_header("Location", f"http://{ELSEWHERE}/")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def hook() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    server.took = []
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def outgoing(url: str) -> Outgoing:
    return Outgoing(url, b"{}", {"content-type": "application/json"})


def names(**addresses: list[str]) -> GuardedSend:
    """Return a sender that knows these names and no others."""

    def resolve(host: str, _port: int) -> list[str]:
        if host not in addresses:
            raise OSError("no such name")
        return addresses[host]

    return GuardedSend(resolve=resolve)


def test_webhook_reaches_loopback_by_address_and_by_name(
    hook: ThreadingHTTPServer,
) -> None:
    port = hook.server_port
    assert GuardedSend()(outgoing(f"http://127.0.0.1:{port}/a?b=1")) == 204
    local = names(hall=["127.0.0.1"])
    assert local(outgoing(f"http://hall:{port}")) == 204
    assert hook.took == [
        ("/a?b=1", f"127.0.0.1:{port}", "{}"),
        ("/", f"hall:{port}", "{}"),
    ]


@pytest.mark.parametrize(
    "address", [ELSEWHERE, "10.0.0.1", "0.0.0.0", "169.254.169.254", "2001:db8::1"]
)
def test_name_that_leads_outside_is_refused(address: str) -> None:
    with pytest.raises(PushError) as refused:
        names(hall=["127.0.0.1", address])(outgoing("http://hall/"))
    assert f"hall is {address}, which is not loopback" in str(refused.value)
    assert "--allow-push hall" in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        f"http://{ELSEWHERE}/",
        f"http://127.0.0.1@{ELSEWHERE}/",
        f"https://{ELSEWHERE}:8443/",
        "http://[2001:db8::1]/",
    ],
)
def test_address_outside_is_refused(url: str) -> None:
    with pytest.raises(PushError, match="not loopback"):
        GuardedSend()(outgoing(url))


def test_connection_goes_to_the_address_that_was_checked(
    hook: ThreadingHTTPServer,
) -> None:
    answers = iter([["127.0.0.1"], [ELSEWHERE]])
    rebinding = GuardedSend(resolve=lambda *_: next(answers))
    assert rebinding(outgoing(f"http://hall:{hook.server_port}/")) == 204


def test_receiver_that_drips_a_head_is_given_up_after_the_timeout() -> None:
    sender = GuardedSend(timeout_seconds=0.5)
    with dripping(b"H") as port:
        begun = monotonic()
        with pytest.raises(PushError, match=r"127\.0\.0\.1: "):
            sender(outgoing(f"http://127.0.0.1:{port}/"))
        assert monotonic() - begun < PATIENCE_SECONDS


def test_redirect_is_not_followed(hook: ThreadingHTTPServer) -> None:
    assert GuardedSend()(outgoing(f"http://127.0.0.1:{hook.server_port}/away")) == 302


def test_host_that_was_allowed_by_name_passes(hook: ThreadingHTTPServer) -> None:
    """0.0.0.0 is no loopback address, yet on this machine it leads to one."""
    sender = GuardedSend(["Hall"], resolve=lambda *_: ["0.0.0.0"])
    assert sender(outgoing(f"http://hall:{hook.server_port}/")) == 204


def test_second_address_is_tried_when_the_first_one_is_shut(
    hook: ThreadingHTTPServer,
) -> None:
    both = names(hall=["127.0.0.2", "127.0.0.1"])
    assert both(outgoing(f"http://hall:{hook.server_port}/")) == 204


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "hall", "http://", "http://a:b/"])
def test_target_that_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(PushError, match="no URL"):
        GuardedSend()(outgoing(url))


def test_name_that_nobody_knows_is_told_so() -> None:
    with pytest.raises(PushError, match="hall cannot be resolved"):
        names()(outgoing("http://hall/"))


def test_closed_port_is_told_so(hook: ThreadingHTTPServer) -> None:
    port = hook.server_port
    with pytest.raises(PushError, match=r"127\.0\.0\.2: NewConnectionError"):
        GuardedSend()(outgoing(f"http://127.0.0.2:{port}/"))
