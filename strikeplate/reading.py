"""A message as its reader sees it: text of HTML, codes, times of day. Pure.

What a code looks like is the vendor's form; people group digits (`048 213 977`), and a
message holds other numbers too (a support phone, a booking's number, a colour), so
`codes` gives candidates, best first, and the door decides which one is meant.
Times are read in any common notation: 15:20, 15.20, 15h20, 3:20 PM.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

HIDDEN = ("head", "script", "style", "template", "title")
BLOCKS = "address article br div h1 h2 h3 h4 h5 h6 hr li ol p section table td th tr ul"
GAP = r"[ \u00a0\u2009\u202f-]"
"""What people put between groups of digits: spaces of several widths, a hyphen."""

PHONE = re.compile(
    r"\+\d[\d\s\u00a0()/-]{6,}\d"
    r"|\b00[1-9](?:[\s\u00a0()/-]*\d){8,}"  # no code has 11 digits
)
LINK = re.compile(r"https?://\S+")
DATE = re.compile(r"\b\d{4}-\d\d-\d\d|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b")
STARRED = re.compile(r"(?<!\*)\*\d+\b(?!\*)")
"""What is typed after a star is a service of the keypad, not a customer's code."""

ADDRESS = re.compile(r"\S+@\S+")
MARKUP = re.compile(r"<(?:!doctype|html|body|p|div|br|table|td|b|a)\b", re.IGNORECASE)
CLOCK = re.compile(
    r"(?<![\d.:,])(?P<hour>[01]?\d|2[0-4])(?:[:.h](?P<minute>[0-5]\d)(?::[0-5]\d)?)?"
    r"(?:[ \u00a0\u202f]?(?P<half>[ap]\.?\s?m\b\.?))?(?!\d|[:.,]\d)",
    re.IGNORECASE,
)


def text_of_html(html: str) -> str:
    """Return what a person sees of a page: no styles, no links' targets, no markup."""
    page = BeautifulSoup(html, "html.parser")
    for hidden in page(HIDDEN):
        hidden.decompose()
    for block in page(BLOCKS.split()):
        block.insert_before("\n")
        block.append("\n")
    lines = (" ".join(line.split()) for line in page.get_text().splitlines())
    return "\n".join(line for line in lines if line)


def codes(text: str, form: str, beside: str | None = None) -> tuple[str, ...]:
    """Return what may be the code in a text, each once, the likeliest first.

    `form` is the vendor's pattern of a whole code, `beside` the profile's pattern of a
    code in its text, which decides alone where it is given.
    """
    if beside is not None:
        matches = re.finditer(beside, text)
        values = (found[1] if found.re.groups else found[0] for found in matches)
        return tuple(dict.fromkeys(_bare(each) for each in values))
    plain = _without_others(text)
    found = [each for each in _runs(plain) if re.fullmatch(form, each)]
    return tuple(dict.fromkeys(sorted(found, key=lambda each: _rank(plain, each))))


def likeliest(
    text: str, form: str, beside: str | None, known: Collection[str]
) -> tuple[str, ...]:
    """Return what a reader takes for the codes of a text, the likeliest first.

    These are the codes that the vendor has made, `known`; else the whole numbers that a
    word for *code* stands near, or that are all there is; else none.
    """
    found = codes(text, form, beside)
    made = tuple(each for each in found if each in known)
    if made or beside is not None:
        return made or found
    plain = _without_others(text)
    alone = _bare(text.strip())
    near = [each for each in found if not _rank(plain, each) or each == alone]
    return tuple(each for each in near if not _is_part(each, near))


def as_seen(text: str) -> str:
    """Return what a reader sees of a message, and the targets of its links."""
    if not MARKUP.search(text):
        return text
    links = (
        str(each["href"]) for each in BeautifulSoup(text, "html.parser")("a", href=True)
    )
    return "\n".join([text_of_html(text), *links])


def times(text: str) -> frozenset[str]:
    """Return the times of day that a text names, as HH:MM."""
    return frozenset(_times(text))


def _times(text: str) -> Iterator[str]:
    for found in CLOCK.finditer(text):
        hour, minute, half = int(found["hour"]), found["minute"], found["half"]
        if minute is None and half is None:
            continue
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half[0].lower() == "p" else 0)
        yield f"{hour % 24:02}:{minute or '00'}"


def _without_others(text: str) -> str:
    """Return a text without links, addresses, phones, dates and starred numbers."""
    for pattern in (LINK, ADDRESS, PHONE, DATE, STARRED):
        text = pattern.sub(" ", text)
    return text


def _runs(text: str) -> Iterator[str]:
    """Yield each run of digits, alone and joined with those that follow it closely."""
    for found in re.finditer(rf"(?<![\w#])\d+(?:{GAP}\d+)*(?!\w)", text):
        groups = re.split(GAP, found[0])
        for first in range(len(groups)):
            for last in range(len(groups), first, -1):
                yield "".join(groups[first:last])


NEAR = re.compile(r"cod|cód|kod|kód|pin|clave|zugang|přístup", re.IGNORECASE)


def _rank(text: str, code: str) -> int:
    """Return 0 for a number that a word for *code* stands near, else 1."""
    spaced = rf"{GAP}?".join(code)
    at = re.search(spaced, text)
    before = text[max(0, at.start() - 60) : at.start()] if at else ""
    return 0 if NEAR.search(before) else 1


def _is_part(code: str, of: Collection[str]) -> bool:
    """Say whether a number is a group of digits of another one."""
    return any(code in each and code != each for each in of)


def _bare(code: str) -> str:
    return re.sub(GAP, "", code)
