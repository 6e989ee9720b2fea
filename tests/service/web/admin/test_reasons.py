"""What the service says of what failed, in the languages of the admin."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

import pytest

from service.domain.errors import BadTemplate
from service.domain.messages import Template, check_template
from service.domain.rules import Channel
from service.web.admin import phrases
from service.web.admin.phrases import LANGUAGES, translate_reason
from tests.service.web.admin.conftest import text_of
from tests.service.web.conftest import event

if TYPE_CHECKING:
    from tests.service.web.admin.conftest import Browser

FOLDER = Path(phrases.__file__).parent
SERVICE = FOLDER.parents[2]
KNOWN = tomllib.loads((FOLDER / "reasons.toml").read_text())
OTHERS = sorted(set(LANGUAGES) - {"en"})
OF_PYDANTIC = ("Field ", "String ", "List ", "Input ")


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.fixture(scope="module")
def said() -> str:
    """Return every text in the code of the service."""
    found = [
        node.value
        for path in SERVICE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return "\n".join(found)


def test_each_sentence_is_in_every_language_with_its_placeholders() -> None:
    for english, texts in KNOWN.items():
        assert sorted(texts) == OTHERS, english
        for text in texts.values():
            assert names_in(text) <= names_in(english), english


def test_no_sentence_is_known_that_the_service_does_not_say(said: str) -> None:
    for english in KNOWN:
        if not english.startswith(OF_PYDANTIC):
            parts = [text for text, *_ in Formatter().parse(english) if text]
            assert [part for part in parts if part not in said] == [], english


def test_what_stands_in_a_sentence_is_translated_as_well() -> None:
    reason = "the customer has no usable e-mail address; it reads like ada@example.org"
    late = f"{reason}; no time is left to try again"
    assert translate_reason("sv", late) == (
        "kunden har ingen användbar e-postadress; den ser ut som ada@example.org; "
        "ingen tid återstår för ett nytt försök"
    )


def test_sentence_with_braces_is_told_from_a_placeholder() -> None:
    with pytest.raises(BadTemplate) as refused:
        check_template(Template("Code", "no code"), Channel.EMAIL)
    assert "{codes}" in translate_reason("de", refused.value.reason)
    assert "nennt" in translate_reason("de", refused.value.reason)


@pytest.mark.parametrize(
    "reason", ["", "Nuki: 418: a teapot", "{codes}", "{} is {0.x}: \\"]
)
def test_sentence_that_no_table_has_stays_as_it_is(reason: str) -> None:
    for language in LANGUAGES:
        assert translate_reason(language, reason) == reason


def test_english_is_as_the_api_says_it() -> None:
    assert all(translate_reason("en", reason) == reason for reason in KNOWN)


def test_reasons_stand_on_pages_in_the_chosen_language(browser: Browser) -> None:
    connection = browser.api.ready(channel="sms")
    browser.api.send(connection, event())  # the customer has no phone number
    browser.api.send(connection, event(booking={"id": "B-9", "resource": "sauna"}))
    browser.api.env.work()
    browser.submit("/language", {"language": "sv"})
    assert "kunden har inte lämnat telefonnummer" in text_of(browser.open("/trouble"))
    assert "ingen regel för resursen 'sauna'; lägg till en" in text_of(
        browser.open("/events")
    )
    refused = browser.send("/tokens", {"name": ""})
    assert "Måste anges" in refused.text


def test_reason_names_its_time_as_a_code_shows_its_own(browser: Browser) -> None:
    connection = browser.api.ready()
    browser.api.send(connection, event())
    browser.api.env.work()
    browser.api.send(connection, event("cancelled", booking={"id": "B-1"}))
    browser.api.env.work()
    (access,) = browser.api.get("/api/accesses")["items"]
    browser.submit("/language", {"language": "de"})
    page = text_of(browser.open(f"/codes/{access['id']}"))
    assert "Er öffnet die Tür bis 01.12.2027, 17:00." in page
    assert "+01:00" not in page
