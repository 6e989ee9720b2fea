"""Jinja2 texts of a profile: events, set-up calls, clock, owner's actions. Pure.

A template sees `event`, `booking`, `customer`, `resource`, `previous`, `doors`, `saved`
and what `{port}` and its kind stand for. It runs in Jinja's sandbox; a name or filter
that does not exist is refused with the nearest that does.

Filters: `json`, `xml`, `urlencode` for values; `number` for ids that are numbers;
`local` (to the resource's zone), `utc`, `iso`, `date`, `time`, `epoch`, `epoch_ms`,
`format("%d.%m.%Y %H:%M")` for instants.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from jinja2 import (
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
    UndefinedError,
    pass_context,
)
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from strikeplate.toml_file import suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jinja2 import Template
    from jinja2.runtime import Context

PLACE = re.compile(r"(?<![{\w])\{([A-Za-z_]\w*(?:\.\w+)?)\}(?!\})")
"""`{port}` or `{nuki.api_token}`, and not Jinja's `{{ ... }}`."""

Values = dict[str, Any]  # what a template sees; each name is documented above


class Mistake(ValueError):  # noqa: N818 - the profile's, not the program's
    """A template that cannot be rendered; the text says why and what would do."""


class Namespace:
    """Named values, read by attribute or key; an unknown name lists the known ones."""

    def __init__(self, name: str, values: Mapping[str, object]) -> None:
        self._name = name
        self._values = dict(values)

    def __getattr__(self, name: str) -> object:
        """Return a value by name."""
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name: str) -> object:
        """Return a value by key."""
        if name not in self._values:
            raise Mistake(_unknown(f"{self._name}.{name}", name, self._values))
        return self._values[name]

    def __iter__(self) -> Any:  # as of a dict
        """Iterate over the names."""
        return iter(self._values)


def render(text: str, values: Mapping[str, object]) -> str:
    """Return the text with its places filled; raise `Mistake` for a wrong one."""
    filled = expand(text, values)
    try:
        return _compiled(filled).render(values)
    except UndefinedError as mishap:
        raise Mistake(_undefined(filled, values, mishap)) from None
    except TemplateSyntaxError as mishap:
        raise Mistake(_unparsed(mishap)) from None
    except (TemplateError, TypeError, ValueError) as mishap:
        raise Mistake(f"cannot be rendered: {mishap}") from None


def expand(text: str, values: Mapping[str, object]) -> str:
    """Return the text with `{port}` and its kind replaced; unknown ones are refused."""

    def found(match: re.Match[str]) -> str:
        name, _, part = match[1].partition(".")
        if name not in values:
            raise Mistake(_unknown(f"{{{match[1]}}}", name, values))
        value = values[name]
        return str(value[part] if part and isinstance(value, Namespace) else value)

    return PLACE.sub(found, text)


def shaped(body: str, content_type: str) -> None:
    """Raise `Mistake` when a body is not what its content type says."""
    kind = content_type.partition(";")[0].strip().lower()
    try:
        if kind.endswith("json"):
            json.loads(body)
        elif kind.endswith("xml"):
            ET.fromstring(body)  # noqa: S314 - rendered by us
        elif kind == "application/x-www-form-urlencoded":
            parse_qsl(body, strict_parsing=True, keep_blank_values=True)
    except (ValueError, ET.ParseError) as mishap:
        raise Mistake(f"renders to what is not {kind}: {mishap}") from None


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON")


def _xml(value: object) -> str:
    return escape(_plain(value) if isinstance(value, datetime) else str(value))


def _instant(value: object) -> datetime:
    if not isinstance(value, datetime):
        raise Mistake(f"{value!r} is no instant, so it has no date and time")
    return value


def _number(value: object) -> int:
    """Return the number that an id is, or one of 31 bits that is always the same."""
    text = str(value)
    if re.fullmatch(r"0|[1-9]\d{0,14}", text):
        return int(text)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) >> 1


FILTERS: dict[str, Callable[..., object]] = {
    "json": _json,
    "xml": _xml,
    "number": _number,
    "utc": lambda value: _instant(value).astimezone(UTC),
    "iso": lambda value: _instant(value).isoformat(),
    "zulu": lambda value: (
        _instant(value).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    ),
    "date": lambda value: _instant(value).strftime("%Y-%m-%d"),
    "time": lambda value: _instant(value).strftime("%H:%M"),
    "epoch": lambda value: int(_instant(value).timestamp()),
    "epoch_ms": lambda value: int(_instant(value).timestamp() * 1000),
    "format": lambda value, form: _instant(value).strftime(form),
}


@pass_context
def _local(context: Context, value: object) -> datetime:
    """Return an instant in the zone of the resource, `_zone` among the values."""
    return _instant(value).astimezone(ZoneInfo(context.get("_zone", "UTC")))


@cache
def environment() -> ImmutableSandboxedEnvironment:
    """Return the one environment of all templates."""
    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True
    )
    made.filters.update(FILTERS | {"local": _local})
    return made


@cache
def _compiled(text: str) -> Template:
    return environment().from_string(text)


def _unparsed(mishap: TemplateSyntaxError) -> str:
    """Return what is wrong with a template; of an unknown filter, the nearest."""
    found = re.search(r"No filter named '(\w+)'", mishap.message or "")
    if found:
        return _unknown(f"the filter {found[1]!r}", found[1], environment().filters)
    return f"is no Jinja2 template: {mishap.message} (its line {mishap.lineno})"


def _undefined(text: str, values: Mapping[str, object], mishap: UndefinedError) -> str:
    """Return what is undefined, and the nearest name that is."""
    names = find_undeclared_variables(environment().parse(text))
    for name in sorted(names):
        if name not in values:
            return _unknown(name, name, values)
    return str(mishap)


def _unknown(shown: str, name: str, known: Mapping[str, object]) -> str:
    return f"{shown} is unknown; {suggest(name, (k for k in known if k[0] != '_'))}"
