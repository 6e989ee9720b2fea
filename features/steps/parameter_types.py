"""Parameter types of steps: how instants, counts, names and choices are written.

A phrase is the text of a step with typed parameters, so that two phrases that look
alike are still told apart. A parameter that is a choice lets one phrase say several
things: `{opens:Opens}` is `opens` or `does not open`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from pytest_bdd import parsers

from strikeplate import FEATURES, vocabulary
from strikeplate.vocabulary import EVERY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(frozen=True)
class Count:
    """A number or an upper limit: `2`, `exactly 2`, `at most 2`."""

    low: int
    high: int

    def holds(self, number: int) -> bool:
        """Return whether a number is within the limits."""
        return self.low <= number <= self.high

    def __str__(self) -> str:
        if self.low == self.high:
            return str(self.low)
        return f"at most {self.high}"


R = TypeVar("R")
VOCABULARIES = vocabulary.read(FEATURES).values()
NAME = "(?-i:[A-Z][a-z]+)"
QUOTED = '"[^"]*"'
RESOURCE = r"[a-z]+(?:-\d+)?"
INSTANT = r"\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?(?:[+-]\d\d:\d\d)?"
CODES = (
    f"one of (?:all )?{NAME}'s codes",
    f"{NAME}'s first code",
    f"{NAME}'s code(?: without its link| with the link of {NAME}|, if there is one,)?",
    f"the static code {QUOTED}",
    f"the code of {QUOTED}",
    f"the link with {QUOTED}",
    "the contract's code",
    "the (?:(?:first |second )?keypad|master) code",
    "the code made by hand",
    "the owner's code",
    "the PIN(?: shown| with a wrong last digit| after decoy digits)?",
)
"""The ways to name a code that is typed at a door; `doors.Codes` resolves them."""


def one_of(words: Iterable[str]) -> str:
    """Return a pattern that matches any of some words, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=lambda w: (-len(w), w))))


def written(pattern: str) -> Callable[[Callable[[str], R]], Callable[[str], R]]:
    """Set the pattern by which a parameter is found in the text of a step."""

    def mark(read: Callable[[str], R]) -> Callable[[str], R]:
        read.pattern = pattern  # type: ignore[attr-defined]  # as parse wants it
        return read

    return mark


DAY = "[A-Z][a-z]+day"


def like(*patterns: str) -> Callable[[str], str]:
    """Return a type for texts that match one of the patterns, kept as they are."""
    return written("|".join(patterns))(lambda text: text)


@written(INSTANT)
def when(text: str) -> datetime:
    """Read an instant: local to the lock, or with an offset."""
    return datetime.fromisoformat(text)


@written(rf"-|{INSTANT}")
def when_if_any(text: str) -> datetime | None:
    """Read an instant, or a dash for none."""
    return None if text == "-" else when(text)


@written(r"(?:at most |exactly )?\d+")
def count(text: str) -> Count:
    """Read a count."""
    number = int(text.rpartition(" ")[2])
    return Count(0 if text.startswith("at most") else number, number)


@written(
    one_of({EVERY, *(f'"{call}"' for each in VOCABULARIES for call in each.calls)})
)
def call(text: str) -> str:
    """Read the name of a vendor's call, or `every call`."""
    return text.strip('"')


@written(r"\d+ (?:hour|minute)s?")
def span(text: str) -> timedelta:
    """Read a duration."""
    number, _, unit = text.partition(" ")
    return timedelta(**{f"{unit.removesuffix('s')}s": int(number)})


@written(f"{QUOTED}|{RESOURCE}")
def door(text: str) -> str:
    """Read a door: its own name in quotes, or the resource that it belongs to."""
    return text.strip('"')


@written(f"{INSTANT} until {INSTANT}|{RESOURCE}")
def target(text: str) -> tuple[datetime, datetime] | str:
    """Read what a booking is changed to: other times, or another resource."""
    start, until, end = text.partition(" until ")
    return (when(start), when(end)) if until else text


@written(
    one_of(("confirmed", "paid", "starting", "changed", "cancelled", "checked out"))
)
def event(text: str) -> str:
    """Read a kind of event, in the platform's own spelling."""
    return text.replace(" ", "_")


@written("opens|does not open")
def opens(text: str) -> bool:
    """Read whether a door opens."""
    return text == "opens"


@written("says|does not say")
def says(text: str) -> bool:
    """Read whether a text must be there."""
    return text == "says"


@written(f"{QUOTED}(?: (?:and|or) {QUOTED})*")
def quotes(text: str) -> list[str]:
    """Read one or more texts in quotes."""
    return re.findall('"([^"]*)"', text)


@written(r"\d{3}(?: or \d{3})*|a success|a refusal")
def status(text: str) -> frozenset[int]:
    """Read the statuses that an answer may have."""
    if text in RANGES:
        return frozenset(RANGES[text])
    return frozenset(map(int, text.split(" or ")))


RANGES = {"a success": range(200, 300), "a refusal": range(400, 500)}
TYPES: dict[str, Callable[[str], Any]] = {
    "A": like("an?"),
    "Access": like(f"{NAME}'s access", "the access made by hand"),
    "AccessStatus": like("in progress", "created", "failed", "removed", "not removed"),
    "Active": like("active", "inactive"),
    "Answer": like("(?:the|every|the vendor's) answer"),
    "Are": like("is", "are"),
    "Asked": like("list the locks", "list all codes", "(?:make|change|delete) .* code"),
    "At": when,
    "AtOrNone": when_if_any,
    "Before": like("never confirmed", "cancelled before"),
    "Call": call,
    "CanBeChosen": like("can be chosen", "cannot be chosen, with a reason"),
    "Channel": like("e-mail", "SMS"),
    "Clock": like(r"\d\d:\d\d"),
    "Code": like(*CODES),
    "Count": count,
    "Credentials": like("(?:wrong|incomplete|the vendor's own) credentials"),
    "Date": like(r"\S+"),
    "Door": door,
    "Es": like("(?:es)?"),
    "Event": event,
    "Free": like("not free for cleaning", f"free for cleaning after {NAME}'s booking"),
    "Grants": like(f"members of {QUOTED}", f"bookings of {RESOURCE}"),
    "History": like(f"{NAME}'s booking", f"{NAME}'s membership of {QUOTED}"),
    "Hung": like(one_of({words for each in VOCABULARIES for words in each.doors})),
    "Into": like(rf"(?: for (?:e-mail|SMS) in {QUOTED})?"),
    "Joins": like("joins", "leaves"),
    "KeyState": like("in its slot", "out", f"(?:out|overdue) with {NAME}'s booking"),
    "Listed": like(r"listed(?: from \S+)?", "not listed"),
    "Lock": like(f"the lock of {RESOURCE}", QUOTED),
    "LockState": like(
        "is (?:offline|back online)",
        "(?:gets a|loses its) keypad",
        r"has a clock that is -?\d+ seconds off",
        f"is called {QUOTED}",
    ),
    "Moves": like("takes", "returns", "does not find"),
    "Nearly": like("(?:nearly )?"),
    "Opens": opens,
    "Owned": like(f"the rule of {RESOURCE}", "the connection", f"{NAME}'s access"),
    "Page": like(
        f"the overview(?: of the lock of {RESOURCE})?",
        f"the page of the lock of {RESOURCE}",
    ),
    "Part": like(f"(?:device|key) {QUOTED}"),
    "Quotes": quotes,
    "Reader": like(NAME, "the owner"),
    "Ref": like(
        f"the id of {NAME}'s",
        r"an id of \d+ letters",
        f"the id {QUOTED}",
        f"the weekdays {DAY}(?:, {DAY})* and {DAY}",
    ),
    "Replaced": like(
        "the credentials by (?:wrong|incomplete|the vendor's own) credentials",
        "the secret of the webhook",
    ),
    "Resource": like(RESOURCE),
    "S": like("s?"),
    "Says": says,
    "Secret": like("a secret of the vendor", "the secret of the webhook"),
    "Span": span,
    "Sharing": like(f"(?:, at {NAME}'s address)?"),
    "Soon": like("(?: within the same second| at the same instant)?"),
    "State": like("switched (?:on|off)(?:, terms not accepted)?"),
    "Status": status,
    "Stored": like("stored at", "made for"),
    "Target": target,
    "Times": like(r"(?:, \d+ times from \d+ senders? at once|, without a pause)?"),
    "To": like(r"(?: to \S+)?"),
    "Token": like(
        "no token",
        "a wrong token",
        "the account's token(?: under another scheme)?",
        "that token",
    ),
    "Where": like(r"in \w+/\w+", "at another connection"),
    "Who": like(NAME),
    "With": like(f"(?: with {QUOTED})?"),
    "Zone": like(r"(?: in \w+/\w+)?"),
}


def step(text: str) -> parsers.StepParser:
    """Return the parser of the text of a step, with the types above."""
    return parsers.parse(text, extra_types=TYPES)


def rows(table: list[list[str]]) -> list[dict[str, Any]]:
    """Return a table of a step as one dictionary a row."""
    head, *body = table
    return [dict(zip(head, row, strict=True)) for row in body]
