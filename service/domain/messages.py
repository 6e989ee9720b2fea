"""Messages: what a customer is told of a code.

`locales/<language>.toml` holds the texts that are used where a connection has none of
its own (MSG-01, MSG-03, MSG-04). A language is one file there and nothing else.

Invariants:

- A template may name the placeholders of `PLACEHOLDERS` and no others. A code stands in
  the body and never in a subject.
- Times shown are the booking's own, in the lock's local time, never the rounded ones of
  the code.
- Whatever the template says, the message says by when a code must be used first
  (IGL-05), carries the link where doors open by one (MSG-05), and says how a key is
  given back after the end (LIV-08, LIV-09).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from difflib import get_close_matches
from html import escape
from importlib import resources
from string import Formatter
from typing import Final

from service.domain.errors import BadTemplate
from service.domain.rules import Channel
from service.secret import Secret

PLACEHOLDERS: Final = {
    "booking": "the booking's id",
    "codes": "the code; with several doors one line a door, its name before the code",
    "customer": "the customer's name",
    "days": "the weekdays and times of a standing booking; empty if it is none",
    "doors": "the names of the doors",
    "end": "the booking's own end, in the lock's local time",
    "key_return": "how to give the key back after the end; empty if there is none",
    "first_use": "when the code must be used for the first time; empty if never",
    "links": "the link; with several doors one line a door; empty if there are none",
    "resource": "what was booked",
    "start": "the booking's own start, in the lock's local time",
    "way": "what to do with the links, and the links; empty if there are none",
}
SECRET_ONES: Final = ("codes", "links", "way", "key_return")
ALWAYS: Final = {
    "way": {"links", "way"},
    "days": {"days"},
    "first_use": {"first_use"},
    "key_return": {"key_return"},
}
"""What a message says whatever its template says, and which names say it."""


@dataclass(frozen=True, slots=True)
class Language:
    """How one language writes an instant, and its default texts.

    `instant` and `time` are strftime patterns, `weekdays` the names from Monday on.
    `on_days` takes `{days}`, `{opens}` and `{closes}`. `first_use` and `return_by` take
    `{when}`, `return_code` takes `{code}`. `by_link` stands before the links.
    `nameless` greets a customer whose name is not known. Members are told by
    `member_subject`, `member_body` and `member_sms`.
    """

    instant: str
    time: str
    weekdays: list[str]
    on_days: str
    opens_from: str
    first_use: str
    by_link: str
    return_by: str
    return_code: str
    nameless: str
    subject: str
    body: str
    sms: str
    member_subject: str
    member_body: str
    member_sms: str


def _languages() -> dict[str, Language]:
    """Return every language that has a file, by the file's name."""
    found = {}
    for file in resources.files(__package__).joinpath("locales").iterdir():
        name, _, ending = file.name.partition(".")
        if ending == "toml":
            found[name] = Language(**tomllib.loads(file.read_text("utf-8")))
    return dict(sorted(found.items()))


ISO_DATE: Final = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
LANGUAGES: Final = _languages()
DEFAULT: Final = "en"


@dataclass(frozen=True, slots=True)
class Template:
    """The text of a message with `{placeholders}`; SMS use the body alone."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Door:
    """One door that the message tells of, with its code.

    A key is given back by its own code until `return_by`, else by `return_code`. A code
    that follows on another opens it from `opens_from` on.
    """

    name: str
    pin: Secret
    first_use_by: datetime | None = None
    link: str | None = field(default=None, repr=False)
    return_by: datetime | None = None
    return_code: Secret | None = None
    opens_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a message can tell: the booking's own times, the doors and their codes.

    Of a membership `resource` is the community, and `end` is None. `weekdays` are those
    of a standing booking.
    """

    booking: str
    resource: str
    start: datetime
    end: datetime | None
    zone: tzinfo
    doors: tuple[Door, ...]
    customer: str = field(default="", repr=False)
    weekdays: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RenderedText:
    """A rendered message; its body holds the code, so neither is ever logged.

    `codes` and `links` are those of the body, as they stand there.
    """

    subject: str = field(repr=False)
    body: str = field(repr=False)
    language: str = field(default=DEFAULT, repr=False)
    codes: tuple[str, ...] = field(default=(), repr=False)
    links: tuple[str, ...] = field(default=(), repr=False)

    @property
    def html(self) -> str:
        """Return the body as HTML: the same words, codes marked, links to follow.

        All text is escaped, and no address but that of a door's link is a link.
        """
        shown = {
            code: f'<strong class="code">{escape(code)}</strong>' for code in self.codes
        }
        for link in self.links:
            if link.startswith(("https://", "http://")):
                shown[link] = f'<a href="{escape(link)}">{escape(link)}</a>'
        paragraphs = (
            "<br>".join(_marked(line, shown) for line in part.split("\n"))
            for part in self.body.strip().split("\n\n")
        )
        text = "".join(f"<p>{each}</p>" for each in paragraphs)
        return f'<div lang="{escape(self.language)}">{text}</div>'


def _marked(line: str, shown: Mapping[str, str]) -> str:
    """Return the line escaped, and in place of some words what is shown for them."""
    words = sorted(map(re.escape, shown), key=len, reverse=True)
    if not words:
        return _dated(line)
    parts = re.split(rf"(?<!\w)({'|'.join(words)})(?!\w)", line)
    return "".join(shown.get(part) or _dated(part) for part in parts)


def _dated(text: str) -> str:
    """Return the text escaped, and its dates marked, which break at no hyphen."""
    return ISO_DATE.sub(r'<span class="date">\g<0></span>', escape(text))


def language_for(wanted: str | None, own: Collection[str] = ()) -> str:
    """Return the language to write in: the one wanted where we have it, else English.

    `own` names the languages a connection has templates of its own for. `sv-SE`
    is served by `sv`.
    """
    tag = (wanted or DEFAULT).lower().replace("_", "-")
    known = {*LANGUAGES, *own}
    return next((name for name in (tag, tag.split("-")[0]) if name in known), DEFAULT)


def default_template(channel: Channel, language: str) -> Template:
    """Return the text that is used where a connection has none of its own."""
    texts = LANGUAGES.get(language, LANGUAGES[DEFAULT])
    if channel is Channel.SMS:
        return Template("", texts.sms)
    return Template(texts.subject, texts.body)


def member_template(channel: Channel, language: str) -> Template:
    """Return the text for members of a community, whose access has no known end."""
    texts = LANGUAGES.get(language, LANGUAGES[DEFAULT])
    if channel is Channel.SMS:
        return Template("", texts.member_sms)
    return Template(texts.member_subject, texts.member_body)


def check_template(template: Template, channel: Channel) -> None:
    """Raise `BadTemplate` for a text that would not bring the code (MSG-03)."""
    named = set(_named("subject", template.subject))
    secret = sorted(named.intersection(SECRET_ONES))
    if secret:
        raise BadTemplate(
            f"subject names {{{secret[0]}}}; codes stand in the body only, since "
            "subjects are shown on locked screens"
        )
    if "\n" in template.subject or "\r" in template.subject:
        raise BadTemplate("subject has several lines; write it in one")
    if channel is Channel.EMAIL and not template.subject.strip():
        raise BadTemplate("subject is empty; a mail needs one")
    if "codes" not in _named("body", template.body):  # a link needs its PIN (MSG-05)
        raise BadTemplate("body does not name {codes}; the customer would get none")


def render(template: Template, facts: Facts, language: str) -> RenderedText:
    """Return the message, or raise `BadTemplate` naming the unknown placeholder."""
    values = _values(facts, language)
    body = _filled("body", template.body, values)
    named = set(_named("body", template.body))
    for name, covered_by in ALWAYS.items():
        if values[name] and not named & covered_by:
            body = f"{body.rstrip()}\n\n{values[name]}\n"
    subject = _filled("subject", template.subject, values)
    doors = facts.doors
    return RenderedText(
        one_line(subject),
        _without_gaps(body),
        language,
        tuple(door.pin.reveal() for door in doors),
        tuple(one_line(door.link) for door in doors if door.link),
    )


def _values(facts: Facts, language: str) -> Mapping[str, str]:
    texts = LANGUAGES.get(language, LANGUAGES[DEFAULT])

    def shown(instant: datetime) -> str:
        return instant.astimezone(facts.zone).strftime(texts.instant)

    def coded(door: Door) -> str:
        when = shown(door.opens_from) if door.opens_from else None
        later = f" ({texts.opens_from.format(when=when)})" if when else ""
        return f"{door.pin.reveal()}{later}"

    deadlines = [door.first_use_by for door in facts.doors if door.first_use_by]
    first_use = texts.first_use.format(when=shown(min(deadlines))) if deadlines else ""
    links = _by_door((door.name, door.link) for door in facts.doors if door.link)
    return {
        "booking": one_line(facts.booking),
        "codes": _by_door((door.name, coded(door)) for door in facts.doors),
        "customer": one_line(facts.customer) or texts.nameless,
        "days": _on_days(facts, texts),
        "doors": ", ".join(one_line(door.name) for door in facts.doors),
        "end": shown(facts.end) if facts.end else "",
        "first_use": first_use,
        "key_return": _by_door(_key_returns(facts.doors, texts, shown)),
        "links": links,
        "resource": one_line(facts.resource),
        "start": shown(facts.start),
        "way": f"{texts.by_link}\n{links}" if links else "",
    }


def _on_days(facts: Facts, texts: Language) -> str:
    """Return on which weekdays, from when to when, the code of a season opens."""
    if not facts.weekdays or facts.end is None:
        return ""
    opens, closes = (
        at.astimezone(facts.zone).strftime(texts.time)
        for at in (facts.start, facts.end)
    )
    days = ", ".join(texts.weekdays[day] for day in facts.weekdays)
    return texts.on_days.format(days=days, opens=opens, closes=closes)


def _by_door(named_texts: Iterable[tuple[str, str]]) -> str:
    """Return the text of one door; of several, one line a door with its name."""
    rows = [(one_line(name), one_line(text)) for name, text in named_texts]
    if len(rows) == 1:
        return rows[0][1]
    return "\n".join(f"{name}: {text}" for name, text in rows)


def _key_returns(
    doors: tuple[Door, ...], texts: Language, shown: Callable[[datetime], str]
) -> Iterator[tuple[str, str]]:
    """Yield how each door's key is given back: by its code while that lasts.

    Where it does not last each door has the static code of its own slot (LIV-08).
    """
    for door in doors:
        if door.return_by is not None:
            yield door.name, texts.return_by.format(when=shown(door.return_by))
        elif door.return_code is not None:
            code = door.return_code.reveal()
            yield door.name, texts.return_code.format(code=code)


def _filled(where: str, text: str, values: Mapping[str, str]) -> str:
    """Return the text with each placeholder filled in; values are taken as they are."""
    _named(where, text)
    return Formatter().vformat(text, (), values)


def _named(where: str, text: str) -> list[str]:
    """Return the placeholders a text names, or raise `BadTemplate` at a wrong one."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        raise BadTemplate(
            f"{where} has a brace without its partner; write {{{{ or }}}} for a brace "
            "of its own"
        ) from None
    for _, name, form, conversion in parts:
        if name is not None and (name not in PLACEHOLDERS or form or conversion):
            raise BadTemplate(_unknown(where, name, form, conversion))
    return [name for _, name, _, _ in parts if name is not None]


def _unknown(where: str, name: str, form: str | None, conversion: str | None) -> str:
    extra = f"!{conversion}" if conversion else f":{form}" if form else ""
    near = get_close_matches(name, PLACEHOLDERS, n=1)
    hint = f"; did you mean {{{near[0]}}}?" if near else "."
    known = ", ".join(f"{{{each}}}" for each in PLACEHOLDERS)
    return f"{where} names {{{name}{extra}}}, which does not exist{hint} Known: {known}"


def one_line(text: str) -> str:
    """Return the text in one line and without control characters."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(printable.split())


def _without_gaps(text: str) -> str:
    """Return the text without the empty lines that an empty placeholder leaves."""
    lines = [line.rstrip() for line in text.strip().split("\n")]
    pairs = zip(lines, ["", *lines], strict=False)
    return "\n".join(line for line, before in pairs if line or before) + "\n"
