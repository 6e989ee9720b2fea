"""Bodies of samples: JSON, form or XML as leaves, and back as a template. Pure.

Invariants: a leaf without an expression is written as it was, so that Jinja2 and the
`{places}` of a profile leave it alone.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote_plus
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Path = tuple[str | int, ...]
BRACE = "{{ '{' }}"
"""How a template writes a brace that is no beginning of an expression."""

Json = Any  # a sample as it was parsed


@dataclass(frozen=True)
class Leaf:
    """One value, with the names that lead to it."""

    path: Path
    value: str | int | float | bool | None

    @property
    def name(self) -> str:
        """Its place, for people."""
        return ".".join(part for part in self.path if isinstance(part, str))

    @cached_property
    def trail(self) -> tuple[frozenset[str], ...]:
        """The words of its own name, then of each name above."""
        names = [str(part) for part in self.path if isinstance(part, str)]
        return tuple(frozenset(_words(name)) for name in reversed(names)) or (
            frozenset(),
        )

    @property
    def words(self) -> frozenset[str]:
        """The words of its own name, lower case."""
        return self.trail[0]

    @property
    def flat(self) -> str:
        """Its own name, letters and digits only, lower case."""
        names = [part for part in self.path if isinstance(part, str)]
        return re.sub(r"[^a-z0-9]", "", names[-1].lower()) if names else ""


def _words(name: str) -> Iterator[str]:
    """Yield the words of a name: `checkIn` gives check, in, checkin."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    found = [word.lower() for word in re.findall(r"[A-Za-z0-9]+", spaced)]
    yield from found
    for one, other in pairwise(found):
        yield one + other


@dataclass(frozen=True)
class Body:
    """A sample: its content type, its values, and how it is written as a template."""

    content_type: str
    leaves: tuple[Leaf, ...]
    content: Json

    def template(self, expressions: Mapping[Path, str]) -> str:
        """Return the body with expressions in the place of the values they give."""
        if self.content_type == JSON:
            return _json(self.content, (), expressions)
        if self.content_type == FORM:
            pairs = zip(self.content, self.leaves, strict=True)
            return "&".join(
                f"{quote_plus(name)}={_sent(value, expressions.get(leaf.path))}"
                for (name, value), leaf in pairs
            )
        return _xml(self.content, expressions)


JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
XML = "application/xml"


def parse(text: str) -> Body:
    """Return the body of a text; ValueError if it is no JSON, form or XML."""
    bare = text.strip()
    if bare.startswith("<"):
        try:
            root = ET.fromstring(bare)  # noqa: S314 - the user's own file
        except ET.ParseError as mishap:
            raise ValueError(f"is no XML: {mishap}") from None
        return Body(XML, tuple(_of_xml(root, (_tag(root.tag),))), root)
    if re.fullmatch(r"[^\s{}\[\]\"=&]+=[^\s]*", bare):
        pairs = parse_qsl(bare, keep_blank_values=True)
        leaves = (_field(number, *pair) for number, pair in enumerate(pairs))
        return Body(FORM, tuple(leaves), pairs)
    try:
        content = json.loads(bare)
    except ValueError as mishap:
        raise ValueError(f"is no JSON, form or XML: {mishap}") from None
    if not isinstance(content, (dict, list)):
        text = "is no object of JSON, no form and no XML"
        raise ValueError(text)  # noqa: TRY004 - of a file, not of an argument
    return Body(JSON, tuple(_of_json(content, ())), content)


def _of_json(content: Json, path: Path) -> Iterator[Leaf]:
    if isinstance(content, dict):
        for name, value in content.items():
            yield from _of_json(value, (*path, name))
    elif isinstance(content, list):
        for number, value in enumerate(content):
            yield from _of_json(value, (*path, number))
    else:
        yield Leaf(path, content)


def _json(content: Json, path: Path, told: Mapping[Path, str]) -> str:
    """Return JSON as people indent it, with expressions in it."""
    pad, end = "  " * (len(path) + 1), "  " * len(path)
    if isinstance(content, dict) and content:
        rows = (
            f"{pad}{_plain(name)}: {_json(value, (*path, name), told)}"
            for name, value in content.items()
        )
        return "{\n" + ",\n".join(rows) + f"\n{end}}}"
    if isinstance(content, list) and content:
        items = (_json(each, (*path, n), told) for n, each in enumerate(content))
        return "[\n" + ",\n".join(f"{pad}{item}" for item in items) + f"\n{end}]"
    return _filled(told[path], "json") if path in told else _plain(content)


def _plain(value: Json) -> str:
    """Return a value as JSON that a template leaves alone."""
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("{", BRACE) if isinstance(value, str) else text


def _field(number: int, name: str, value: str) -> Leaf:
    """Return a field of a form; `booking[start]` is a name in a name."""
    return Leaf((number, *re.findall(r"[^\[\].]+", name)), value)


def _sent(value: str, expression: str | None) -> str:
    return _filled(expression, "urlencode") if expression else quote_plus(value)


def _of_xml(node: ET.Element, path: Path) -> Iterator[Leaf]:
    """Yield the attributes and texts of an element and of those in it."""
    for name, value in node.attrib.items():
        yield Leaf((*path, f"@{_tag(name)}"), value)
    if node.text and node.text.strip():
        yield Leaf(path, node.text)
    for number, child in enumerate(node):
        yield from _of_xml(child, (*path, number, _tag(child.tag)))


def _xml(root: ET.Element, told: Mapping[Path, str]) -> str:
    """Return XML with expressions in it; `root` stays as it is."""
    copy = ET.fromstring(ET.tostring(root))  # noqa: S314 - of our own making
    marks: dict[str, str] = {}
    _mark(copy, (_tag(root.tag),), told, marks)
    text = ET.tostring(copy, encoding="unicode").replace("{", BRACE)
    for mark, expression in marks.items():
        text = text.replace(mark, _filled(expression, "xml"))
    return text


def _mark(
    node: ET.Element, path: Path, told: Mapping[Path, str], marks: dict[str, str]
) -> None:
    """Put a mark in the place of each value that an expression gives."""
    for name in node.attrib:
        if expression := told.get((*path, f"@{_tag(name)}")):
            node.attrib[name] = f"mark-{len(marks)}-mark"
            marks[node.attrib[name]] = expression
    if node.text and node.text.strip() and (expression := told.get(path)):
        node.text = f"mark-{len(marks)}-mark"
        marks[node.text] = expression
    for number, child in enumerate(node):
        _mark(child, (*path, number, _tag(child.tag)), told, marks)


def _tag(name: str) -> str:
    """Return a name without its namespace."""
    return name.rpartition("}")[2]


def _filled(expression: str, form: str) -> str:
    """Return an expression in its braces, by a filter."""
    whole = not re.search(r" ~ | // |\]$", expression)
    return f"{{{{ {expression if whole else f'({expression})'} | {form} }}}}"
