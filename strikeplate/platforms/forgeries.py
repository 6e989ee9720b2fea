"""Signatures that do not prove who sent an event, made from one that does. Pure.

They are made by the scheme of the platform. A flaw that the scheme cannot have, such as
the age of a bearer token, is not applicable.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from strikeplate.platforms.flaws import with_headers
from strikeplate.verdict import HarnessFault, NotApplicable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from strikeplate.platforms.standard import Delivery, EventFormat
    from strikeplate.subjects import Connection

Headers = dict[str, str]
FORGED = base64.b64encode(b"forged" * 5 + b"!!").decode()
STANDARD = "webhook-signature"
"""The header that only Standard Webhooks have."""


@dataclass(frozen=True)
class Sound:
    """A delivery as it should be, and what its signature is made of."""

    made: Delivery
    event_id: str
    connection: Connection
    at: datetime
    format: EventFormat
    tolerance: timedelta | None
    """How old an event may be; None where that is not known."""

    def proof(
        self,
        *,
        event_id: str | None = None,
        body: bytes | None = None,
        secret: str | None = None,
        at: datetime | None = None,
    ) -> Headers:
        """Return the headers that prove the sender, of this or of something else."""
        to = self.connection
        return self.format.proof(
            event_id or self.event_id,
            self.made.body if body is None else body,
            replace(to, secret=secret) if secret else to,
            at or self.at,
        )

    @property
    def marks(self) -> Headers:
        """The headers that only who knows the secret can make."""
        right, wrong = self.proof(), self.proof(secret=f"whsec_{FORGED}")
        found = {name: text for name, text in right.items() if text != wrong[name]}
        if not found:
            raise NotApplicable("nothing proves who sent its events")
        return found

    def marked(self, change: Callable[[str], str]) -> Delivery:
        """Return the delivery with other marks."""
        return with_headers(
            self.made, {name: change(text) for name, text in self.marks.items()}
        )


def forged(sound: Sound, flaw: str) -> Delivery:
    """Return a delivery whose signature has a flaw."""
    if not sound.marks:
        raise NotApplicable("nothing proves who sent its events")
    if flaw in MINUTES:
        return _dated(sound, MINUTES[flaw])
    if flaw in ANY:
        return ANY[flaw](sound)
    if flaw not in OF_STANDARD:
        known = ", ".join((*MINUTES, *ANY, *OF_STANDARD))
        raise HarnessFault(f"unknown flaw {flaw!r}; known: {known}")
    if STANDARD not in sound.marks:
        raise NotApplicable("its events are not signed as Standard Webhooks say")
    return with_headers(sound.made, OF_STANDARD[flaw](sound.marks[STANDARD]))


def _missing(sound: Sound) -> Delivery:
    proof = {name.lower() for name in sound.proof()}
    headers = sound.made.headers.items()
    return replace(
        sound.made, headers={k: v for k, v in headers if k.lower() not in proof}
    )


def _by_former(sound: Sound) -> Delivery:
    """Return the delivery signed with the secret that its owner has replaced."""
    if sound.connection.former is None:
        raise HarnessFault("no step has replaced the secret of the webhook")
    return _of_another(sound, secret=sound.connection.former)


def _of_another(sound: Sound, **what: object) -> Delivery:
    """Return the delivery with the marks of another one."""
    other = sound.proof(**what)  # type: ignore[arg-type]  # one of its parts
    marks = {name: other[name] for name in sound.marks}
    if marks == sound.marks:
        raise NotApplicable("what proves its sender is the same with every event")
    return with_headers(sound.made, marks)


ANY: Mapping[str, Callable[[Sound], Delivery]] = {
    "missing": _missing,
    "forged": lambda sound: _of_another(sound, secret=f"whsec_{FORGED}"),
    "empty": lambda sound: sound.marked(lambda _: ""),
    "not ASCII": lambda sound: sound.marked(lambda mark: f"{mark}åäö"),
    "for another body": lambda sound: _of_another(sound, body=sound.made.body + b" "),
    "by the secret before": _by_former,
    "for another id": lambda sound: _of_another(sound, event_id="evt-of-another"),
}

MINUTES = {"six minutes old": -1, "six minutes in the future": 1}
"""Which way an event is dated: a minute beyond what its receiver tolerates."""


def _dated(sound: Sound, sign: int) -> Delivery:
    """Return the delivery as it would have been signed too long ago, or too early."""
    if sound.tolerance is None:
        raise NotApplicable("[signature] of its profile has no tolerance")
    shift = sign * (sound.tolerance + timedelta(minutes=1))
    proof = sound.proof(at=sound.at + shift)
    if proof == sound.proof():
        raise NotApplicable("what proves its sender has no date")
    return with_headers(sound.made, proof)


OF_STANDARD: Mapping[str, Callable[[str], Headers]] = {
    "no base64": lambda _: {STANDARD: "v1,***"},
    "without a version": lambda _: {STANDARD: FORGED},
    "of an unknown version": lambda right: {STANDARD: right.replace("v1,", "v9,")},
    "right beside a wrong one": lambda right: {STANDARD: f"v1,{FORGED} {right}"},
    "dated with a word": lambda _: {"webhook-timestamp": "yesterday"},
    "dated with a huge number": lambda _: {"webhook-timestamp": "9" * 400},
}
