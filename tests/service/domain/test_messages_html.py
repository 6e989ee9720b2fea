"""The HTML of a message: the words of its plain text, and no markup of anybody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from service.domain.messages import (
    LANGUAGES,
    Door,
    Facts,
    RenderedText,
    Template,
    default_template,
    render,
)
from service.domain.rules import Channel
from service.secret import Secret
from strikeplate.reading import text_of_html

ZONE = ZoneInfo("Europe/Stockholm")
LINK = "https://exivo.example/v/Ab12?x=1&y=2"
FACTS = Facts(
    booking="B-1001",
    resource="Court 1",
    start=datetime(2026, 12, 1, 15, 20, tzinfo=ZONE),
    end=datetime(2026, 12, 1, 17, 20, tzinfo=ZONE),
    zone=ZONE,
    doors=(Door("Front door", Secret("4711"), link=LINK),),
    customer="Ada Novak",
)
BARE = Template("Code", "{customer}, {resource}: {codes}\n\n{links}")


def lines(text: str) -> list[str]:
    """Return the lines of a text that are not empty, with single blanks."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_says_what_the_plain_text_says(language: str) -> None:
    text = render(default_template(Channel.EMAIL, language), FACTS, language)
    assert lines(text_of_html(text.html)) == lines(text.body)
    assert f'<div lang="{language}">' in text.html


def test_code_stands_out_and_the_doors_link_can_be_followed() -> None:
    page = BeautifulSoup(render(BARE, FACTS, "en").html, "html.parser")
    assert [each.text for each in page.select("strong.code")] == ["4711"]
    (link,) = page.select("a")
    assert (link["href"], link.text) == (LINK, LINK)


def test_date_is_marked_so_that_it_breaks_at_no_hyphen() -> None:
    text = RenderedText("", "From 2026-12-01 17:00, B-2026-12-012\n", "en")
    page = BeautifulSoup(text.html, "html.parser")
    assert [each.text for each in page.select("span.date")] == ["2026-12-01"]


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "</p></div><style>*{display:none}</style>",
        "<!--",
        "&lt;b&gt;",
        "https://evil.example/4711",
    ],
)
def test_what_a_customer_wrote_adds_no_markup(name: str) -> None:
    facts = replace(FACTS, customer=name, resource=name, booking=name)
    text = render(BARE, facts, "en")
    page = BeautifulSoup(text.html, "html.parser")
    ours = {"div", "p", "br", "strong", "a", "span"}
    assert {each.name for each in page.find_all()} <= ours
    assert [each["href"] for each in page.select("a")] == [LINK]
    assert lines(page.get_text("\n"))[0].startswith(name.removesuffix("4711"))


def test_link_that_is_no_web_address_is_text() -> None:
    door = Door("Front door", Secret("4711"), link="javascript:alert(1)")
    html = render(BARE, replace(FACTS, doors=(door,)), "en").html
    assert "<a" not in html
    assert "javascript:alert(1)" in html


@given(st.text(max_size=80), st.text("0123456789*", min_size=1, max_size=9))
def test_any_text_is_shown_as_it_is(body: str, code: str) -> None:
    printable = "".join(each if each.isprintable() else " " for each in body)
    text = RenderedText("", printable, "en", (code,))
    shown = BeautifulSoup(text.html, "html.parser").get_text()
    assert shown == printable.strip()
