"""HTTP calls to an external subject: the platform's, and those that its profile names.

Invariants: one connection is kept to the subject; a call with an address of its own
goes elsewhere. A call of the profile that is not answered as it says is a fault of the
profile, told with its table, address and answer.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from strikeplate.http import HttpCaller, NoAnswer
from strikeplate.profiles.templates import render
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strikeplate.http import Answer
    from strikeplate.profiles.shape import Call


class Calls:
    """Calls to the subject at one address."""

    def __init__(self, base: str) -> None:
        self._caller = HttpCaller(base)

    def __call__(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str]
    ) -> Answer:
        """Return the answer to a call; `url` is a path of the subject, or absolute."""
        if "://" not in url:
            return self._caller(method, url, body=body, headers=headers)
        with closing(HttpCaller(url)) as elsewhere:
            return elsewhere(method, "", body=body, headers=headers)

    def make(self, call: Call, seen: Mapping[str, object]) -> Answer:
        """Return the answer to a call of the profile, rendered with what it sees."""
        body = b"" if call.body is None else render(call.body, seen).encode()
        headers = {name: render(value, seen) for name, value in call.headers.items()}
        if call.body is not None:
            headers = {"Content-Type": call.content_type, **headers}
        return self(call.method, render(call.url, seen), body, headers)

    def insist(self, call: Call, seen: Mapping[str, object], what: str) -> Answer:
        """Return the answer; `HarnessFault` unless it is one that the call accepts."""
        asked = f"{what}: {call.method} {render(call.url, seen)}"
        try:
            answer = self.make(call, seen)
        except NoAnswer as mishap:
            raise HarnessFault(f"{asked}: {mishap}") from None
        if answer.status not in call.accepts:
            text = f"{asked} was answered {answer.status}: {answer.text[:300]}"
            raise HarnessFault(text)
        return answer

    def close(self) -> None:
        """Close the connection."""
        self._caller.close()
