"""On which line of a TOML file a key stands, so that a mistake can be pointed at. Pure.

`tomllib` gives values without places. This reads table heads and keys at the beginning
of lines, and steps over texts of several lines; what stands inside an inline table has
the line of the key before it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PART = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
NAME = rf"{PART}(?:\s*\.\s*{PART})*"
HEAD = re.compile(rf"^\s*(\[\[?)\s*({NAME})\s*\]\]?\s*(?:#.*)?$")
KEY = re.compile(rf"^\s*({NAME})\s*=\s*(.*)$")
LONG = ('"""', "'''")

Place = tuple[str | int, ...]


def line_of(text: str, place: Sequence[str | int]) -> int:
    """Return the line (from 1) of the key at a place, or of the nearest part of it.

    A place is as pydantic gives it: names of tables and keys, numbers in lists.
    """
    lines: dict[Place, int] = {}
    for found, number in _keys(text):
        lines.setdefault(found, number)
    for length in range(len(place), 0, -1):
        if tuple(place[:length]) in lines:
            return lines[tuple(place[:length])]
    return 1


def _keys(text: str) -> Iterator[tuple[Place, int]]:
    """Yield the place of each table and key, with its line."""
    table: Place = ()
    counts: dict[Place, int] = {}
    until = ""
    for number, line in enumerate(text.splitlines(), 1):
        if until:
            until = "" if until in line else until
            continue
        if head := HEAD.match(line):
            table = _parts(head[2])
            if head[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            yield table, number
        elif key := KEY.match(line):
            yield (*table, *_parts(key[1])), number
            until = _opened(key[2])


def _parts(name: str) -> Place:
    return tuple(part.strip("\"'") for part in re.findall(PART, name))


def _opened(value: str) -> str:
    """Return the quotes that a value opens and leaves open on its line."""
    for quotes in LONG:
        if value.startswith(quotes) and quotes not in value[len(quotes) :]:
            return quotes
    return ""
