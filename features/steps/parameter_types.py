"""Words of the steps: how instants, counts, names and choices are written.

A phrase is a step's text in which such words have a type, so that two phrases that
look alike are still told apart.
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
    """So many, written `2`, `at most 2`, `exactly 2`."""

    low: int
    high: int

    def holds(self, number: int) -> bool:
        """Say whether a number is meant."""
        return self.low <= number <= self.high

    def __str__(self) -> str:
        if self.low == self.high:
            return str(self.low)
        return f"at most {self.high}"


R = TypeVar("R")
VOCABULARIES = vocabulary.read(FEATURES).values()


def one_of(words: Iterable[str]) -> str:
    """Return the pattern of some words, the longer ones first."""
    return "|".join(map(re.escape, sorted(words, key=lambda w: (-len(w), w))))


def written(pattern: str) -> Callable[[Callable[[str], R]], Callable[[str], R]]:
    """Say by which pattern a word is found in a step's text."""

    def mark(read: Callable[[str], R]) -> Callable[[str], R]:
        read.pattern = pattern  # type: ignore[attr-defined]  # as parse wants it
        return read

    return mark


@written(r"\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?(?:[+-]\d\d:\d\d)?")
def when(text: str) -> datetime:
    """Read an instant: local to the lock, or with an offset."""
    return datetime.fromisoformat(text)


@written(r"-|\d{4}-\d\d-\d\d \d\d:\d\d")
def when_if_any(text: str) -> datetime | None:
    """Read an instant, or a dash for none."""
    return None if text == "-" else when(text)


@written(r"(?:at most |exactly )?\d+")
def count(text: str) -> Count:
    """Read how many."""
    number = int(text.rpartition(" ")[2])
    return Count(0 if text.startswith("at most") else number, number)


@written(one_of({EVERY, *(call for each in VOCABULARIES for call in each.calls)}))
def call(text: str) -> str:
    """Read which of a vendor's calls."""
    return text


@written(one_of({words for each in VOCABULARIES for words in each.doors}))
def door_kind(text: str) -> str:
    """Read what hangs at a door, in the words of some vendor."""
    return text


@written(r"\d+ (?:hour|minute)s?")
def span(text: str) -> timedelta:
    """Read how long something takes."""
    number, _, unit = text.partition(" ")
    return timedelta(**{f"{unit.removesuffix('s')}s": int(number)})


@written(r"\S+")
def date(text: str) -> str:
    """Read a date as it is sent to a vendor, right or wrong."""
    return text


@written(r"an?")
def article(text: str) -> str:
    """Read an article."""
    return text


@written(r"(?-i:[A-Z][a-z]+)")
def who(text: str) -> str:
    """Read a person's name."""
    return text


@written(r"[a-z]+(?:-\d+)?")
def resource(text: str) -> str:
    """Read what can be booked."""
    return text


@written(r'"[^"]*"|[a-z]+(?:-\d+)?')
def door(text: str) -> str:
    """Read a door: by its own name in quotes, or as that of a resource."""
    return text.strip('"')


@written(r"opens|does not open")
def opens(text: str) -> bool:
    """Read whether a door opens."""
    return text == "opens"


@written(r"confirmed|paid|starting|changed|cancelled")
def event(text: str) -> str:
    """Read what happened to a booking."""
    return text


@written(r"\d\d:\d\d")
def clock(text: str) -> str:
    """Read a time of day."""
    return text


@written(r"\d{3}(?: or \d{3})*|a success")
def status(text: str) -> frozenset[int]:
    """Read by which statuses an answer is meant."""
    if text == "a success":
        return frozenset(range(200, 300))
    return frozenset(map(int, text.split(" or ")))


@written(r"switched (?:on|off)(?:, terms not accepted)?")
def state(text: str) -> str:
    """Read how a connection is switched."""
    return text


@written(r"\w+/\w+")
def zone(text: str) -> str:
    """Read a time zone."""
    return text


@written(r"is|are")
def verb(text: str) -> str:
    """Read is, or are."""
    return text


@written(r"s?")
def plural(text: str) -> str:
    """Read an s, or none."""
    return text


@written(r"(?:es)?")
def plural_of_s(text: str) -> str:
    """Read an es, or none."""
    return text


TYPES = {
    "A": article,
    "Are": verb,
    "At": when,
    "AtOrNone": when_if_any,
    "Call": call,
    "Clock": clock,
    "Count": count,
    "Date": date,
    "Door": door,
    "Es": plural_of_s,
    "Event": event,
    "Hung": door_kind,
    "Opens": opens,
    "Resource": resource,
    "S": plural,
    "Span": span,
    "State": state,
    "Status": status,
    "Who": who,
    "Zone": zone,
}


def step(text: str) -> parsers.StepParser:
    """Return the parser of a step's text, with the types above."""
    return parsers.parse(text, extra_types=TYPES)


def rows(table: list[list[str]]) -> list[dict[str, Any]]:
    """Return a table of a step as one dictionary a row."""
    head, *body = table
    return [dict(zip(head, row, strict=True)) for row in body]
