r"""A sample that is a whole call: an HTTP message, or a command line of curl. Pure.

    PUT /stays/R-17 HTTP/1.1           curl -X PUT https://desk.example/stays/R-17 \
    X-Signature: sha256=5f2b...             -H 'X-Signature: sha256=5f2b...' \
                                            -d '{"from": "2026-12-01 15:20"}'
    {"from": "2026-12-01 15:20"}

Its method and URL are kept, with ids in the place of their values; from its headers it
is guessed how events are signed.

Invariants: secrets and digests of a sample never go into a profile.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from strikeplate.profiles.samples import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
HEAD = re.compile(rf"({'|'.join(METHODS)})\s+(\S+)(?:\s+HTTP/[\d.]+)?")
OF_TRANSPORT = frozenset({
    "host", "content-length", "content-type", "connection", "user-agent", "accept",
    "accept-encoding", "accept-language", "transfer-encoding", "date",
})  # fmt: skip
"""Headers that say nothing of an event."""

DIGEST = re.compile(r"(.*?)\b([0-9a-fA-F]{40,128}|[A-Za-z0-9+/_-]{27,86}={0,2})$")
LENGTHS = {40: "sha1", 64: "sha256", 128: "sha512", 28: "sha1", 44: "sha256"}
"""Algorithms, by how long a digest is in hex or base64."""


@dataclass(frozen=True)
class Recorded:
    """One call as it was recorded."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    @property
    def path(self) -> str:
        """Its path and query."""
        where = urlsplit(self.target)
        return (where.path or "/") + (f"?{where.query}" if where.query else "")


def recorded(text: str) -> Recorded | None:
    """Return the call that a text is; None where it is a body alone."""
    bare = text.strip()
    if bare.startswith("curl "):
        return _of_curl(shlex.split(bare.replace("\\\n", " "))[1:])
    first, _, rest = bare.partition("\n")
    found = HEAD.fullmatch(first.strip())
    if found is None:
        return None
    head, _, body = rest.replace("\r", "").partition("\n\n")
    return Recorded(found[1], found[2], dict(_headers(head.splitlines())), body.strip())


def _headers(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            yield name.strip(), value.strip()


def _of_curl(words: list[str]) -> Recorded:
    """Return the call of a command line; options that say nothing of it are left."""
    method, target, body, headers = "", "", "", [""]
    left = iter(words)
    for word in left:
        if word in {"-X", "--request"}:
            method = next(left, "")
        elif word in {"-H", "--header"}:
            headers.append(next(left, ""))
        elif word in {"-u", "--user"}:
            headers.append(f"Authorization: Basic {next(left, '')}")
        elif word.startswith(("-d", "--data", "--json")):
            body = next(left, "")
        elif not word.startswith("-"):
            target = word
    method = method or ("POST" if body else "GET")
    return Recorded(method, target, dict(_headers(headers)), body)


def url_template(path: str, ids: Mapping[str, str]) -> str:
    """Return a path with expressions in the place of the ids that stand in it.

    `ids` are the expressions of known values. Where the booking's is not among them,
    the last part after a word for bookings, or with a digit, is taken for it.
    """
    parts = re.split(r"([/?&=])", path)
    named = {number: ids.get(unquote(part)) for number, part in enumerate(parts)}
    if "booking.id" not in named.values() and (found := _guessed(parts)) is not None:
        named[found] = named[found] or "booking.id"
    for number, expression in named.items():
        if expression:
            parts[number] = f"{{{{ {expression} | urlencode }}}}"
    return "".join(parts)


def _guessed(parts: list[str]) -> int | None:
    """Return which part of a path follows a word for bookings, or has a digit."""
    for number in range(len(parts) - 1, 1, -1):
        before = re.sub(r"s$", "", parts[number - 2].lower())
        if parts[number] in {"", "/", "?", "&", "="}:
            continue
        if before in WORDS["booking"] or re.search(r"\d", parts[number]):
            return number
    return None


def signature_of(headers: Mapping[str, str]) -> dict[str, str]:
    """Return what of `[signature]` the headers of a call show; empty where nothing."""
    names = {name.lower(): name for name in headers}
    if "webhook-signature" in names:
        return {"scheme": "standard-webhooks"}
    for name, value in headers.items():
        if name.lower() == "authorization":
            scheme = value.partition(" ")[0].lower()
            return {"scheme": scheme} if scheme in {"bearer", "basic"} else {}
        found = DIGEST.fullmatch(value)
        if found and re.search(r"sign|hmac|digest", name, re.IGNORECASE):
            return {"scheme": "hmac", "header": name, **_digest(found[1], found[2])}
    return {}


def _digest(before: str, digest: str) -> dict[str, str]:
    hexed = re.fullmatch(r"[0-9a-fA-F]+", digest) is not None
    found = {"value": before + "{digest}", "signed": "{body}"}
    found["algorithm"] = LENGTHS.get(len(digest), "sha256")
    return found if hexed else {**found, "encoding": "base64"}


def headers_of(call: Recorded) -> dict[str, str]:
    """Return the headers that are sent with every event, without proofs and secrets."""
    proof = signature_of(call.headers).get("header", "").lower()
    return {
        name: value
        for name, value in call.headers.items()
        if name.lower() not in OF_TRANSPORT | {proof, "authorization", "cookie"}
        and not name.lower().startswith("webhook-")
        and not re.search(r"sign|token|secret|key|stamp", name, re.IGNORECASE)
    }
