"""Every phrase of the admin stands in every language, and no table holds another."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

import pytest

from service.web.admin import frame, phrases
from service.web.admin.phrases import DATES, LANGUAGES, table, translate
from tests.service.web.admin.conftest import text_of
from tests.service.web.conftest import event

if TYPE_CHECKING:
    from tests.service.web.admin.conftest import Browser

SERVICE = Path(phrases.__file__).parents[3]
ADMIN = SERVICE / "web/admin"
OTHERS = sorted(set(LANGUAGES) - {"en"})
CALL = re.compile(r"""\bt\((?:"([^"]+)"|'([^']+)')""")
ACTION = re.compile(r'parts\.action\([^\n]*?, "([A-Z][^"]+)"')


def in_templates() -> set[str]:
    """Return the phrases that stand in templates."""
    found = set()
    for path in (ADMIN / "templates").glob("*.html"):
        text = path.read_text()
        found |= {first or second for first, second in CALL.findall(text)}
        found |= set(ACTION.findall(text))
    return found


def in_code() -> set[str]:
    """Return every text in the code of the service."""
    return {
        node.value
        for path in SERVICE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def in_fields() -> set[str]:
    """Return the phrases of the forms' fields."""
    forms = tomllib.loads((ADMIN / "fields.toml").read_text())
    fields = [field for form in forms.values() for field in form.values()]
    return {each[name] for each in fields for name in ("text", "hint") if name in each}


@pytest.mark.parametrize("language", OTHERS)
def test_phrase_of_a_field_is_translated(language: str) -> None:
    assert in_fields() <= table(language).keys()


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", OTHERS)
def test_phrase_of_a_template_is_translated(language: str) -> None:
    assert in_templates() - {"PIN"} <= table(language).keys()


@pytest.mark.parametrize("language", OTHERS)
def test_each_phrase_of_a_table_is_used(language: str) -> None:
    unused = table(language).keys() - in_templates() - in_fields() - in_code()
    assert not unused


@pytest.mark.parametrize("language", OTHERS)
def test_translation_has_the_placeholders_of_its_phrase(language: str) -> None:
    for english, text in table(language).items():
        assert names_in(english) == names_in(text), english
        assert text.strip() == text, english
        assert text, english


def test_languages_translate_the_same_phrases() -> None:
    first, *others = (table(language).keys() for language in OTHERS)
    assert all(first == other for other in others)
    assert DATES.keys() == LANGUAGES.keys()


def test_phrase_without_a_translation_is_shown_in_english() -> None:
    assert translate("sv", "No such phrase") == "No such phrase"
    assert translate("sv", "There is none.") == "Det finns ingen."


def test_no_page_shows_a_phrase_that_has_no_translation(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    missed: set[str] = set()

    def note(language: str, text: str, **values: object) -> str:
        if text not in table(language):
            missed.add(text)
        return translate(language, text, **values)

    connection = browser.api.ready()
    browser.api.send(connection, event())
    browser.api.env.work()
    (access,) = browser.api.get("/api/accesses")["items"]
    browser.submit("/language", {"language": "sv"})
    own = f"/connections/{connection['id']}"
    monkeypatch.setattr(frame, "translate", note)
    for path in (
        *("/", "/?search=nobody", "/codes/new", "/trouble", "/keys", "/connections"),
        *(
            "/events",
            "/audit",
            "/tokens",
            "/usage",
            "/connections/new/stub",
            own,
            f"{own}/locks",
        ),
        *(f"{own}/rules", f"{own}/rules/new", f"{own}/rules/{connection['rule']}"),
        *(f"{own}/rules/{connection['rule']}/remove", f"{own}/remove"),
        *(f"{own}/templates", f"{own}/templates/sms/sv", f"{own}/bookings/B-1"),
        *(f"/codes/{access['id']}", f"/codes/{access['id']}/take-away"),
        *(f"/locks/{connection['front']}", f"/locks/{connection['front']}/new-code"),
    ):
        browser.open(path)
    assert missed == set()


def test_page_is_in_the_chosen_language(browser: Browser) -> None:
    browser.submit("/language", {"language": "de"})
    page = browser.open("/connections")
    assert "Konto verknüpfen" in text_of(page)
    assert page.html is not None
    assert page.html["lang"] == "de"
