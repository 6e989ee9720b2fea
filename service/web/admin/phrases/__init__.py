"""The words of the admin in each language: a table from the English phrase to others.

`<language>.toml` beside this file holds one table. English needs none: a phrase is its
own name, and one that a table lacks is shown in English. That is how texts appear that
a vendor's folder wrote, such as the labels of its credentials, until they are added.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

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
