"""Other mock servers, on the same core in turn with our fakes: an order for a PIN.

They answer a stub and know no lock; our fake checks the token, judges the order, makes
the PIN and keeps it. Their programs are not ours to install: what is found on the PATH
takes part, the rest is passed over.

    npm install -g wiremock @mockoon/cli @stoplight/prism-cli      # WireMock needs Java
    pip install 'moto[server,dynamodb]'      # in an environment of its own
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING, Any, Final

from loadtests.bench.client import HOST, drive, written
from loadtests.bench.measure import Goal, OthersMonitor, alternate, compare, load
from loadtests.bench.servers import Server, fakes, folder, world
from strikeplate.processes import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from loadtests.bench.measure import Row

ASKED_FOR: Final = True
"""It runs only when it is named."""

SECONDS: Final = 2.0
WARM_UP_SECONDS: Final = 5.0
"""Before its turns, since Java and JavaScript compile what they do often."""

DOORS: Final = 10
PATH: Final = "/devices/SK3E000000/algopin/hourly"
ANSWER: Final = {"pin": "048213977", "pinId": "5f2d"}
ORDER: Final = written("POST", PATH, b'{"variance": 1, "accessName": "B-1"}')


@dataclass(frozen=True)
class Peer:
    """A mock server: its program, its words for a port and a folder, what to reach.

    `first` is asked once before the orders. `lighter` tells to compare start and
    memory as well.
    """

    name: str
    program: str
    at_least: float
    words: Callable[[int, Path], list[str]]
    order: bytes = ORDER
    first: bytes | None = None
    lighter: bool = False


def _wiremock(port: int, home: Path) -> list[str]:
    return _stubbed(port, home, {"status": 200, "jsonBody": ANSWER})


def _wiremock_templated(port: int, home: Path) -> list[str]:
    pin = "{{randomValue length=9 type='NUMERIC'}}"
    said = {"pin": pin, "pinId": "{{jsonPath request.body '$.accessName'}}"}
    template = {"transformers": ["response-template"]}
    return _stubbed(port, home, {"status": 200, "jsonBody": said, **template})


def _stubbed(port: int, home: Path, answer: dict[str, Any]) -> list[str]:
    stubs = home / "mappings"
    stubs.mkdir()
    stub = {"request": {"method": "POST", "url": PATH}, "response": answer}
    (stubs / "pin.json").write_text(json.dumps(stub))
    words = ["--port", str(port), "--root-dir", str(home), "--no-request-journal"]
    return [*words, "--disable-banner", "--bind-address", "127.0.0.1"]


def _mockoon(port: int, home: Path) -> list[str]:
    answer = {"uuid": "a", "body": json.dumps(ANSWER), "statusCode": 200}
    kind = {"key": "Content-Type", "value": "application/json"}
    route = {
        "uuid": "r",
        "type": "http",
        "method": "post",
        "endpoint": PATH[1:],
        "responses": [{**answer, "default": True, "headers": [kind]}],
    }
    root = [{"type": "route", "uuid": "r"}]
    body = {"uuid": "e", "name": "pin", "routes": [route], "rootChildren": root}
    (home / "pin.json").write_text(json.dumps(body))
    file, place = str(home / "pin.json"), ["--port", str(port)]
    return ["start", "--data", file, *place, "--disable-log-to-file", "--repair"]


def _prism(port: int, home: Path) -> list[str]:
    example = {"content": {"application/json": {"example": ANSWER}}}
    made: dict[str, Any] = {
        "requestBody": {"content": {"application/json": {}}},
        "responses": {"200": {"description": "made", **example}},
    }
    body = {
        "openapi": "3.0.3",
        "info": {"title": "pin", "version": "1"},
        "paths": {PATH: {"post": made}},
    }
    (home / "pin.json").write_text(json.dumps(body))
    return ["mock", "-p", str(port), "-v", "error", str(home / "pin.json")]


def _moto(port: int, home: Path) -> list[str]:
    del home  # it keeps everything in memory
    return ["-H", HOST, "-p", str(port)]


def _dynamodb(action: str, body: dict[str, Any]) -> bytes:
    """Return a call of DynamoDB's; moto looks at no signature."""
    who = "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/dynamodb/aws4_request"
    headers = {
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": f"DynamoDB_20120810.{action}",
        "Authorization": f"{who}, SignedHeaders=host, Signature=s",
    }
    return written("POST", "/", json.dumps(body).encode(), headers)


TABLE: Final = {
    "TableName": "pins",
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
ITEM: Final = {name: {"S": value} for name, value in (("id", "B-1"), *ANSWER.items())}

PEERS: Final = (
    Peer("WireMock, static stub", "wiremock", 1.5, _wiremock, lighter=True),
    Peer("WireMock, templated stub", "wiremock", 4, _wiremock_templated),
    Peer("Mockoon, static", "mockoon-cli", 3, _mockoon),
    Peer("Prism, static example", "prism", 1.7, _prism),
    Peer(
        "moto, an item for DynamoDB",
        "moto_server",
        10,
        _moto,
        order=_dynamodb("PutItem", {"TableName": "pins", "Item": ITEM}),
        first=_dynamodb("CreateTable", TABLE),
    ),
)


def measure() -> Iterator[Row]:
    """Yield the rows of each peer whose program is installed."""
    for peer in PEERS:
        program = shutil.which(peer.program)
        if program is None:
            continue
        with folder() as home:
            port = free_port()
            words = [program, *peer.words(port, home)]
            with Server(words, port, health=PATH) as other:
                yield from _compared(peer, other)


def _compared(peer: Peer, other: Server) -> Iterator[Row]:
    if peer.first:
        drive(other.port, [peer.first])
    load(other, repeat(peer.order), WARM_UP_SECONDS)
    with fakes() as server, world(server, DOORS) as small, OthersMonitor() as monitor:
        taken = alternate(
            {
                "theirs": lambda: load(other, repeat(peer.order), SECONDS),
                "ours": lambda: load(server, small.orders(), SECONDS),
            }
        )
        memory = server.memory_mb, other.memory_mb
        start = server.started_in, other.started_in
    mine, theirs = taken["ours"], taken["theirs"]
    goal = Goal(f"fake: an order for a PIN, vs {peer.name}", peer.at_least)
    yield compare(goal, mine, theirs, "theirs", monitor.others)
    if peer.lighter:
        yield _lighter("start to first answer", peer, start, "s")
        yield _lighter("memory after load", peer, memory, "MB")


def _lighter(what: str, peer: Peer, pair: tuple[float, float], unit: str) -> Row:
    ours, theirs = pair
    goal = Goal(f"fake: {what}, vs {peer.name}", 0.4, at_most=True)
    return goal.row(ours / theirs, f"{ours:.2f} {unit}, theirs {theirs:.2f} {unit}")
