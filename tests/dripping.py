"""A peer that is never done: it sends its answer again and again, a byte at a time."""

from __future__ import annotations

import socket
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PAUSE_SECONDS = 0.02


@contextmanager
def dripping(text: bytes) -> Iterator[int]:
    """Yield the port at which every caller is sent the text without end."""
    listener = socket.create_server(("127.0.0.1", 0))
    ended, threads = Event(), []

    def drip(caller: socket.socket) -> None:
        with caller, suppress(OSError):
            while not ended.is_set():
                for byte in text:
                    caller.sendall(bytes([byte]))
                    ended.wait(PAUSE_SECONDS)

    def accept() -> None:
        while not ended.is_set():
            with suppress(OSError):
                caller, _ = listener.accept()
                threads.append(Thread(target=drip, args=(caller,)))
                threads[-1].start()

    threads.append(Thread(target=accept))
    threads[0].start()
    try:
        yield listener.getsockname()[1]
    finally:
        ended.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for thread in threads:
            thread.join()
