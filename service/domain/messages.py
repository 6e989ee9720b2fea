"""Messages: how a customer learns a code (MSG-01, MSG-03, MSG-04).

Law: a template may name only the placeholders in `PLACEHOLDERS`; any other is an
error that names it. Times shown are the booking's own, in the lock's local time,
never the rounded ones of the code.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import tzinfo

from service.secret import Secret


@dataclass(frozen=True, slots=True)
class Template:
    """The text of a message with `{placeholders}`; SMS use the body alone."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Door:
    """One door that the message tells of, with its code."""

    name: str
    pin: Secret
    first_use_by: datetime | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a message can tell: the booking's own times, the doors and their codes."""

    booking: str
    resource: str
    start: datetime
    end: datetime
    zone: tzinfo
    doors: tuple[Door, ...]
    customer: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A rendered message; its body holds the code, so neither is ever logged."""

    subject: str = field(repr=False)
    body: str = field(repr=False)
