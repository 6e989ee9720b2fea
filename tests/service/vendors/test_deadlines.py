"""A vendor that sends slowly, or too much, is treated like one that does not answer."""

from __future__ import annotations

import gzip
import socket
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from service.ports import VendorBusy, VendorUnknown
from service.vendor_http import LARGEST_ANSWER, VendorHttpClient, open_transport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECONDS = 0.4
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
ENDLESS_BODY = HEAD + b"content-length: 10000\r\n\r\n"
ENDLESS_CHUNK = HEAD + b"transfer-encoding: chunked\r\n\r\n"


class DrippingServer:
    """Answers each connection with `prefix`, then a byte each 50 ms until it ends."""

    def __init__(self, prefix: bytes) -> None:
        self._prefix = prefix
        self._stops = Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.gone = Event()
        self._thread = Thread(target=self._run)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/"

    def close(self) -> None:
        self._stops.set()
        with socket.socket() as wakes:
            wakes.connect(self._listener.getsockname())
        self._thread.join()
        self._listener.close()

    def _run(self) -> None:
        while not self._stops.is_set():
            sock, _ = self._listener.accept()
            with sock:
                self._drip(sock)

    def _drip(self, sock: socket.socket) -> None:
        try:
            sock.sendall(self._prefix)
            while not self._stops.wait(0.05):
                sock.sendall(b"1")
        except OSError:
            self.gone.set()


@pytest.fixture
def dripping() -> Iterator[Callable[[bytes], DrippingServer]]:
    servers: list[DrippingServer] = []

    def start(prefix: bytes) -> DrippingServer:
        servers.append(DrippingServer(prefix))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def client() -> Iterator[VendorHttpClient]:
    with open_transport() as transport:
        yield VendorHttpClient(transport, SECONDS)


@pytest.mark.parametrize("prefix", [ENDLESS_BODY, ENDLESS_CHUNK, HEAD, b"HTTP/1.1 "])
def test_vendor_that_sends_a_byte_at_a_time_is_a_timeout(
    dripping: Callable[[bytes], DrippingServer], client: VendorHttpClient, prefix: bytes
) -> None:
    server = dripping(prefix)
    begun = monotonic()
    with pytest.raises(VendorUnknown, match="was lost"):
        client.write(server.url)
    assert monotonic() - begun < 4 * SECONDS
    assert server.gone.wait(5)


def test_read_that_drips_changes_nothing(
    dripping: Callable[[bytes], DrippingServer], client: VendorHttpClient
) -> None:
    begun = monotonic()
    with pytest.raises(VendorBusy, match="did not answer"):
        client.read(dripping(ENDLESS_BODY).url, headers={})
    assert monotonic() - begun < 4 * SECONDS


@pytest.fixture
def answering() -> Iterator[Callable[[bytes], str]]:
    listener = socket.create_server(("127.0.0.1", 0))
    threads: list[Thread] = []

    def start(answer: bytes) -> str:
        def run() -> None:
            sock, _ = listener.accept()
            with sock:
                sock.recv(65_536)
                try:
                    sock.sendall(answer)
                except OSError:
                    return

        threads.append(Thread(target=run))
        threads[-1].start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/"

    yield start
    for thread in threads:
        thread.join()
    listener.close()


def test_answer_that_grows_when_unpacked_is_not_read_to_its_end(
    answering: Callable[[bytes], str], client: VendorHttpClient
) -> None:
    packed = gzip.compress(b" " * (LARGEST_ANSWER + 1))
    length = f"content-encoding: gzip\r\ncontent-length: {len(packed)}\r\n\r\n"
    with pytest.raises(VendorUnknown, match="was lost"):
        client.write(answering(HEAD + length.encode() + packed))


def test_answer_of_the_largest_size_is_read(
    answering: Callable[[bytes], str], client: VendorHttpClient
) -> None:
    body = b'"' + b"x" * (LARGEST_ANSWER - 2) + b'"'
    length = f"content-length: {len(body)}\r\n\r\n".encode()
    assert client.write(answering(HEAD + length + body)).body == "x" * (len(body) - 2)
