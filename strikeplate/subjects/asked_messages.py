"""Messages of a subject that sends none: it is asked for each booking's code.

The profile says how: `read` is the call, `text` finds in its JSON what a customer is
shown; an answer that is no JSON is shown whole. An answer of a status that the call
does not accept means that there is nothing to show yet.

Invariants: it is asked once it has finished what an event asked of it. A booking's text
counts as a new message when it differs from the one before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import jmespath

from strikeplate.http import NoAnswer
from strikeplate.http_inbox import Posted
from strikeplate.profiles.templates import render
from strikeplate.verdict import NotApplicable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strikeplate.http import Answer
    from strikeplate.platforms.standard import Event
    from strikeplate.profiles.shape import Call
    from strikeplate.subjects.declared import DeclaredSubject


class AskedMessages:
    """What the subject answered for each booking that it was told of, oldest first."""

    def __init__(self, subject: DeclaredSubject) -> None:
        how = subject.profile.messages
        assert how.read is not None
        self.said = ""
        """Its latest answer, as a line without codes."""

        self._call: Call = how.read
        self._path = jmespath.compile(how.text)
        self._subject = subject
        self._told: dict[str, Event] = {}
        self._latest: dict[str, str] = {}
        self._messages: list[Posted] = []

    @property
    def refuses(self) -> bool:
        """Whether messages are refused: never, since none is sent."""
        return False

    @refuses.setter
    def refuses(self, refuses: bool) -> None:
        if refuses:
            raise NotApplicable("it sends no messages that could be refused")

    def __len__(self) -> int:
        return len(self._messages)

    def __iter__(self) -> Iterator[Posted]:
        return iter(tuple(self._messages))

    def clear(self) -> None:
        """Forget the messages, and the bookings that it is asked for."""
        for kept in (self._told, self._latest, self._messages):
            kept.clear()
        self.said = ""

    def expect(self, event: Event) -> None:
        """Ask for this booking from now on."""
        self._told[event.booking.id] = event

    def look(self) -> None:
        """Ask for each booking, and keep what is new."""
        for booking, event in self._told.items():
            text = self._ask(event)
            if text and text != self._latest.get(booking):
                self._latest[booking] = text
                self._messages.append(Posted(event.booking.customer.email, text))

    def _ask(self, event: Event) -> str:
        seen = self._subject.format.speech.seen(event)
        asked = f"{self._call.method} {render(self._call.url, seen)}"
        try:
            answer = self._subject.calls.make(self._call, seen)
        except NoAnswer:
            self.said = f"{asked} was not answered"
            return ""
        found = self._text(answer) if answer.status in self._call.accepts else ""
        lacks = "" if found else "; nothing was found in it"
        self.said = f"{asked} was answered {answer.status}{lacks}"
        return found

    def _text(self, answer: Answer) -> str:
        payload = answer.json()
        if payload is None:
            return answer.text
        found = self._path.search(payload)
        return "" if found is None else str(found)
