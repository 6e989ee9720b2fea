"""Baseline: a vendor that does as little as possible, to measure its caller.

It answers igloohome's token, device list and algoPIN calls as cheaply as Python can,
each delayed: `python -m loadtests.bench.baselines.vendor PORT MILLISECONDS DOORS`.
The same order gets the same PIN, as at the real one. `GET /seen` tells what arrived:
`{calls, pins: {access name: [pin, ...]}, at: [seconds by perf_counter, ...]}`, and
`GET /calls` only how many orders.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import defaultdict
from hashlib import blake2b
from time import perf_counter

HOST = "127.0.0.1"


class VendorState:
    """What the vendor answers, and what it has seen."""

    def __init__(self, delay_ms: int, doors: int) -> None:
        self.delay = delay_ms / 1000
        self.pins: defaultdict[str, set[str]] = defaultdict(set)
        self.at: list[float] = []
        rows = [
            {"deviceId": f"SK3E{door:06}", "deviceName": f"door {door}", "type": "Lock"}
            for door in range(doors)
        ]
        self._devices = json.dumps({"payload": rows, "nextCursor": ""}).encode()

    def answer(self, method: bytes, path: bytes, body: bytes) -> bytes:
        """Return the JSON that answers a call."""
        if method == b"POST" and b"/algopin/" in path:
            return self._pin(path, body)
        if path == b"/oauth2/token":
            return b'{"access_token":"t","expires_in":86400,"token_type":"Bearer"}'
        if path.startswith(b"/igloohome/devices"):
            return self._devices
        if path == b"/calls":
            return b'{"calls":%d}' % len(self.at)
        return json.dumps(self._seen()).encode() if path == b"/seen" else b"{}"

    def _pin(self, path: bytes, body: bytes) -> bytes:
        self.at.append(perf_counter())
        order = blake2b(path + body, digest_size=8).digest()
        pin = f"{int.from_bytes(order, 'big') % 10**9:09}"
        self.pins[json.loads(body)["accessName"]].add(pin)
        return f'{{"pin":"{pin}","pinId":"{order.hex()}"}}'.encode()

    def _seen(self) -> dict[str, object]:
        pins = {name: sorted(each) for name, each in self.pins.items()}
        return {"calls": len(self.at), "pins": pins, "at": self.at}


class Connection(asyncio.Protocol):
    """One connection: whole requests in, answers out, one after the other."""

    def __init__(self, state: VendorState) -> None:
        self._state = state
        self._came = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - a TCP server
        self._out = transport

    def data_received(self, data: bytes) -> None:
        """Answer once the request is whole."""
        self._came += data
        head, found, body = self._came.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return
        self._came = b""
        method, path, _ = head.split(b" ", 2)
        answer = self._state.answer(method, path, body)
        late = self._state.delay if b"/algopin/" in path else 0
        if late:
            asyncio.get_running_loop().call_later(late, self._send, answer)
        else:
            self._send(answer)

    def _send(self, answer: bytes) -> None:
        head = (
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(answer)}\r\n\r\n"
        )
        self._out.write(head.encode() + answer)


def _length(head: bytes) -> int:
    low = head.lower()
    place = low.find(b"content-length:")
    return int(low[place + 15 :].split(b"\r\n", 1)[0]) if place >= 0 else 0


async def serve(port: int, delay_ms: int, doors: int) -> None:
    """Serve until a signal ends it."""
    state = VendorState(delay_ms, doors)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(state), HOST, port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(*map(int, sys.argv[1:])))
