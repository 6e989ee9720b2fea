"""From a TOML file to a checked profile, or to all of its mistakes at once.

Each mistake names the file, the line, the place and the value, and where a word is
unknown the nearest that exists. Templates are rendered once with a sample booking, so
that a wrong name or a body that is no JSON is found here and not in a scenario.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from strikeplate.profiles.checks import mistakes_of
from strikeplate.profiles.locate import line_of
from strikeplate.profiles.shape import Profile, Table
from strikeplate.toml_file import suggest
from strikeplate.verdict import Misuse

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pydantic_core import ErrorDetails

    from strikeplate.profiles.checks import Found, Place, Vocabulary

Content = dict[str, Any]  # a file as tomllib gives it


@dataclass(frozen=True)
class Source:
    """The file that is read."""

    name: str
    text: str
    words: Vocabulary


def read(path: Path, words: Vocabulary) -> Profile:
    """Return the profile of a file; raise `Misuse` with every mistake in it."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as mishap:
        raise Misuse(f"{path.name} cannot be read: {mishap}") from None
    return parse(Source(path.name, text, words))


def parse(source: Source) -> Profile:
    """Return the profile of a text; raise `Misuse` with every mistake in it."""
    try:
        content = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as mishap:
        raise Misuse(f"{source.name} is no TOML: {mishap}") from None
    found: list[Found] = []
    profile = _validated(content, found) or _validated(content, [])
    if profile is not None:
        found += mistakes_of(profile, source.words)
    if found or profile is None:
        raise _misuse(source, found)
    return profile


def _validated(content: Content, found: list[Found]) -> Profile | None:
    """Return the profile, or None and its mistakes of shape in `found`.

    What is mistaken is taken out of the content, so that the rest can be checked.
    """
    try:
        return Profile.model_validate(content)
    except ValidationError as mishap:
        for detail in mishap.errors():
            mistake = _shape_mistake(detail)
            if mistake[0] not in {place for place, _ in found}:
                found.append(mistake)
            _take_out(content, mistake[0])
        return None


def _take_out(content: Content, place: Place) -> None:
    """Take a value out of nested tables, if it is there."""
    at: Any = content  # tables and lists, as TOML nests them
    for part in place[:-1]:
        at = at.get(part) if isinstance(at, dict) else None
    if isinstance(at, dict):
        at.pop(place[-1], None)


def _misuse(source: Source, found: Iterable[Found]) -> Misuse:
    lines = sorted((line_of(source.text, place), place, why) for place, why in found)
    return Misuse(
        "\n".join(
            f"{source.name}:{line}: {_shown(place)}: {why}"
            for line, place, why in lines
        )
    )


def _shown(place: Place) -> str:
    """Return a place as TOML would write it."""
    return ".".join(str(part) for part in place if part != "__root__") or "the file"


KINDS = {
    "string_type": "a text",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "dict_type": "a table",
    "list_type": "a list",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "datetime_type": "an instant, such as 2026-12-01T08:00:00Z",
}
"""What a value must be, by pydantic's name for its not being so."""


def _shape_mistake(detail: ErrorDetails) -> Found:
    """Return a mistake of shape in the words of a profile."""
    place, given = _written(detail["loc"]), detail["input"]
    if detail["type"] == "extra_forbidden":
        known = _keys_at(place[:-1])
        return place, f"unknown key {place[-1]!r}; {suggest(str(place[-1]), known)}"
    if detail["type"] == "missing":
        return place, "is missing"
    if detail["type"] == "literal_error":
        allowed = re.findall(r"'([^']*)'", str(detail["ctx"]["expected"]))
        return place, f"{given!r} is unknown; {suggest(str(given), allowed)}"
    if detail["type"] in KINDS:
        return place, f"must be {KINDS[detail['type']]}, not {given!r}"
    text = detail["msg"].removeprefix("Value error, ")
    return place, text if repr(given) in text else f"{given!r}: {text}"


def _written(place: Place) -> Place:
    """Return a place without the branches of a choice, which the file does not have."""
    kept = (part for part in place if not re.search(r"\[|constrained", str(part)))
    return tuple(part for part in kept if part not in {"bool", "str", "Absence"})


def _keys_at(place: Place) -> list[str]:
    """Return the keys that a table may hold, by the shapes of `shape.py`."""
    at: object = Profile
    for part in place:
        at = _inner(at, part)
    if not isinstance(at, type) or not issubclass(at, Table):
        return []
    return [info.alias or name for name, info in at.model_fields.items()]


def _inner(at: object, part: str | int) -> object:
    """Return the shape under a key; a name or a number in a collection changes none."""
    if isinstance(at, type) and issubclass(at, Table):
        for name, info in at.model_fields.items():
            if part in (name, info.alias):
                return _table_in(info.annotation)
    return at


def _table_in(annotation: object) -> object:
    """Return the one table that an annotation speaks of."""
    if isinstance(annotation, type) and issubclass(annotation, Table):
        return annotation
    found = map(_table_in, getattr(annotation, "__args__", ()))
    return next((table for table in found if table), None)
