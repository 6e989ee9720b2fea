"""The words of the admin in each language: a table from the English phrase to others.

`<language>.toml` beside this file holds one table. English needs none: a phrase is its
own name, and one that a table lacks is shown in English. That is how texts appear that
a vendor's folder wrote, such as the labels of its credentials, until they are added.

`reasons.toml` holds the sentences by which the service says what failed. They are known
by their form: a sentence of the table with anything in place of its `{placeholders}`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from string import Formatter
from typing import Final

LANGUAGES: Final = {
    "en": "English",
    "sv": "Svenska",
    "cs": "Čeština",
    "de": "Deutsch",
}
"""The languages by their tags, each by its own name."""

DATES: Final = {
    "en": "%a {day} %b %Y",
    "sv": "%Y-%m-%d",
    "cs": "{day}. {month}. %Y",
    "de": "%d.%m.%Y",
}
"""How each language writes a date, for strftime once day and month are filled in."""

DATES_OF_THIS_YEAR: Final = DATES | {
    "en": "%a {day} %b",
    "cs": "{day}. {month}.",
    "de": "%d.%m.",
}
"""How each language writes a date of the present year; ISO 8601 has no shorter one."""


@cache
def table(language: str) -> Mapping[str, str]:
    """Return the language's phrases by their English."""
    if language == "en":
        return {}
    file = resources.files(__package__).joinpath(f"{language}.toml")
    return tomllib.loads(file.read_text("utf-8"))


def translate(language: str, phrase: str, **values: object) -> str:
    """Return the phrase in the language, with its `{placeholders}` filled in."""
    text = table(language).get(phrase, phrase)
    return text.format(**values) if values else text


def translate_reason(language: str, reason: str) -> str:
    """Return the sentence in the language, or as it is where no table has its form.

    What stands in place of a placeholder is translated the same way. A `{fix}` has to
    be, or the sentence would be half in English.
    """
    for form, text in _reasons(language):
        found = form.fullmatch(reason)
        if found is None:
            continue
        said = found.groupdict()
        parts = {name: translate_reason(language, said[name]) for name in said}
        if "fix" not in said or parts["fix"] != said["fix"]:
            return text.format(**parts)
    return reason


@cache
def _reasons(language: str) -> list[tuple[re.Pattern[str], str]]:
    """Return forms with their translations, those with the most words first."""
    file = resources.files(__package__).joinpath("reasons.toml")
    known = tomllib.loads(file.read_text("utf-8")) if language != "en" else {}
    longest_first = sorted(known, key=lambda form: -len(re.sub(r"{\w+}", "", form)))
    return [(_pattern(form), known[form][language]) for form in longest_first]


def _pattern(form: str) -> re.Pattern[str]:
    parts = Formatter().parse(form)
    return re.compile(
        "".join(
            re.escape(text) + (f"(?P<{name}>.+?)" if name else "")
            for text, name, _, _ in parts
        ),
        re.DOTALL,
    )
