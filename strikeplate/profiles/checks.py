"""What a profile's shape alone does not show: words that do not exist, parts that miss.

Each check yields mistakes, each with its place in the file. Templates are rendered with
a sample booking of the first resource.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import jmespath

from strikeplate.platforms.declared import Speech
from strikeplate.platforms.standard import Booking, Event, Person
from strikeplate.profiles.shape import KINDS
from strikeplate.profiles.templates import Mistake, Namespace, render, shaped
from strikeplate.toml_file import suggest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from strikeplate.profiles.shape import Call, Kind, Profile

Place = tuple[str | int, ...]
Found = tuple[Place, str]
"""A mistake: its place in the file, and what is wrong there."""


@dataclass(frozen=True)
class Vocabulary:
    """The words that exist outside of a profile.

    `vendors` has the names of each vendor's credentials, `actions` those of `[api]`.
    """

    vendors: Mapping[str, tuple[str, ...]]
    rules: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ("fail", "warn", "inconclusive", "error")


def mistakes_of(profile: Profile, words: Vocabulary) -> Iterator[Found]:
    """Yield every mistake that a shape alone does not show."""
    for check in (_subject, _run, _clock, _resources, _events, _signature, _messages):
        yield from check(profile, words)
    yield from _calls(profile, words)
    yield from _expectations(profile, words)


def _subject(profile: Profile, words: Vocabulary) -> Iterator[Found]:
    subject = profile.subject
    vendors = subject.vendors or []
    for index, name in enumerate(vendors):
        yield from _known(("subject", "vendors", index), name, words.vendors)
    default = subject.default_vendor
    if default is not None:
        yield from _known(
            ("subject", "default_vendor"), default, subject.vendors or words.vendors
        )
    ours = [subject.connect] if isinstance(subject.connect, str) else subject.connect
    for index, connect in enumerate(ours or []):
        if connect.startswith(("http:", "https:")) and connect != "http:service":
            url = connect.removeprefix("http:") if ":http" in connect else connect
            place = ("subject", "connect", index)
            yield place, f'{connect!r} is not ours; write [run] url = "{url}"'
    judged = subject.connect or profile.run or profile.vendor.connect != "fake"
    if not judged:
        yield ("subject",), "says not how it is reached; add [run] with command or url"


def _run(profile: Profile, words: Vocabulary) -> Iterator[Found]:
    run = profile.run
    if run is None:
        return
    given = [name for name in ("command", "app", "url") if getattr(run, name)]
    if len(given) != 1:
        has = " and ".join(given) or "none of them"
        yield ("run",), f"needs one of command, app or url, and has {has}"
    seen = places(words)
    texts: dict[Place, str] = {
        ("run", "env", name): text for name, text in run.env.items()
    }
    if isinstance(run.command, str):
        texts["run", "command"] = run.command
    for index, text in enumerate(run.command if isinstance(run.command, list) else ()):
        texts["run", "command", index] = text
    if run.ready:
        texts["run", "ready"] = run.ready
    for place, text in texts.items():
        yield from _renders(place, text, seen | _doors(profile))


def _clock(profile: Profile, words: Vocabulary) -> Iterator[Found]:
    clock, run = profile.clock, profile.run
    if clock.control == "preload" and not (run and run.command):
        yield (
            ("clock", "control"),
            "'preload' needs [run] command: it is for processes that we start",
        )
    if clock.control == "freezegun" and not (run and run.app):
        yield (
            ("clock", "control"),
            "'freezegun' needs [run] app, such as \"mine.web:create_app\"",
        )
    if clock.control == "adapter" and profile.adapter is None:
        yield ("clock", "control"), "'adapter' needs adapter = \"mine.py:Mine\""
    if (clock.control == "endpoint") != (clock.endpoint is not None):
        yield ("clock", "endpoint"), 'goes with control = "endpoint", and only with it'
    if clock.start is not None and clock.start.tzinfo is None:
        yield (
            ("clock", "start"),
            f"{clock.start} has no offset; write 2026-12-01T08:00:00Z",
        )
    if clock.endpoint is not None:
        seen = places(words) | {"now": SAMPLE_AT}
        yield from _call_mistakes(("clock", "endpoint"), clock.endpoint, seen)


def _resources(profile: Profile, words: Vocabulary) -> Iterator[Found]:
    named = profile.subject.vendors or []
    misspelt = {*named} - {*words.vendors}  # each is told once, where it is
    vendors = list(words.vendors) if misspelt else named or list(words.vendors)
    for name, resource in profile.resources.items():
        place = ("resources", name)
        yield from _known((*place, "vendor"), resource.vendor, vendors)
    if profile.run is not None and not profile.resources:
        yield (
            ("resources",),
            "none is declared; add [resources.NAME] with its vendor and zone",
        )
    for vendor in named:
        if (
            vendor not in misspelt
            and profile.resources
            and all(r.vendor != vendor for r in profile.resources.values())
        ):
            yield (
                ("subject", "vendors"),
                f"{vendor!r} has no resource; add one with vendor = {vendor!r}",
            )


def _events(profile: Profile, words: Vocabulary) -> Iterator[Found]:
    if profile.events is None:
        if profile.run is not None and profile.adapter is None:
            yield (
                ("events",),
                "is missing: how is a booking told? Add confirmed and cancelled",
            )
        return
    for kind in KINDS:
        declared = profile.events.of(kind)
        if declared is None:
            continue
        if declared.url is None and profile.events.url is None and not declared.sent_as:
            yield ("events", kind), "has no url; give it one, or [events] url for all"
        for each in declared.sent_as:
            if profile.events.of(each) is None:
                yield (
                    ("events", kind, "as"),
                    f"is told as {each!r}, which [events] lacks",
                )
        if profile.resources and not declared.sent_as:
            yield from _rendered(profile, kind, words)


def _rendered(profile: Profile, kind: Kind, words: Vocabulary) -> Iterator[Found]:
    """Yield what is wrong with the template of a kind, told of a sample booking."""
    assert profile.events is not None
    speech = Speech(
        profile.events,
        profile.signature,
        profile.resources,
        "whsec_c2VjcmV0",
        _set_up(profile, words),
    )
    try:
        for _ in speech.requests(sample(profile, kind)):
            pass
    except Mistake as mistake:
        yield ("events", kind), str(mistake)


def _signature(profile: Profile, _words: Vocabulary) -> Iterator[Found]:
    signature = profile.signature
    if signature.scheme == "hmac":
        if signature.header is None:
            yield (
                ("signature", "header"),
                "is missing: in which header does the digest go?",
            )
        if "{digest}" not in signature.value:
            yield ("signature", "value"), f"{signature.value!r} has no {{digest}}"
        if "{body}" not in signature.signed:
            yield ("signature", "signed"), f"{signature.signed!r} has no {{body}}"
    running = profile.run is not None and profile.run.url is not None
    if running and signature.scheme != "none" and signature.secret_env is None:
        yield (
            ("signature", "secret_env"),
            "is missing: which variable holds the secret that it was given?",
        )


def _messages(profile: Profile, words: Vocabulary) -> Iterator[Found]:
    messages = profile.messages
    for name in ("code", "codes_in"):
        pattern = getattr(messages, name)
        try:
            re.compile(pattern or "")
        except re.error as mishap:
            yield ("messages", name), f"{pattern!r} is no pattern: {mishap}"
    for name in ("to", "text", "subject"):
        yield from _path(("messages", name), getattr(messages, name))
    if (messages.channel == "read") != (messages.read is not None):
        yield ("messages", "read"), 'goes with channel = "read", and only with it'
    if messages.read is not None and profile.resources:
        yield from _call_mistakes(
            ("messages", "read"), messages.read, _sampled(profile, words)
        )


def _calls(profile: Profile, words: Vocabulary) -> Iterator[Found]:
    """Yield what is wrong with set-up calls, the reset and the owner's actions."""
    for index, call in enumerate(profile.setup):
        yield from _call_mistakes(
            ("setup", index), call, _set_up(profile, words, calls=index)
        )
    seen = {**_set_up(profile, words), **_about(profile), "given": AnyField()}
    if profile.reset is not None:
        yield from _call_mistakes(("reset",), profile.reset, seen)
    for name, call in profile.api.items():
        yield from _known(("api", name), name, words.actions)
        if name in words.actions:
            yield from _call_mistakes(("api", name), call, seen)


def _expectations(profile: Profile, words: Vocabulary) -> Iterator[Found]:
    for name, value in profile.capabilities.items():
        yield from _known(("capabilities", name), name, words.capabilities)
        if value is False or (value is not True and value.supported):
            example = '{ supported = false, reason = "...", refuses = [501] }'
            text = f"a capability is true, or absent with its reason: {example}"
            yield ("capabilities", name), text
    for index, known in enumerate(profile.known_failures):
        place = ("known-failures", index)
        yield from _known((*place, "rule"), known.rule, words.rules, short=True)
        yield from _known((*place, "verdict"), known.verdict, words.verdicts)


def _call_mistakes(
    place: Place, call: Call, seen: Mapping[str, object]
) -> Iterator[Found]:
    yield from _renders((*place, "url"), call.url, seen)
    for name, value in call.headers.items():
        yield from _renders((*place, "headers", name), value, seen)
    for name, path in call.save.items():
        yield from _path((*place, "save", name), path)
    if call.body is None:
        return
    try:
        shaped(render(call.body, seen), call.content_type)
    except Mistake as mistake:
        yield (*place, "body"), str(mistake)


def _renders(place: Place, text: str, seen: Mapping[str, object]) -> Iterator[Found]:
    try:
        render(text, seen)
    except Mistake as mistake:
        yield place, str(mistake)


def _path(place: Place, path: str | None) -> Iterator[Found]:
    try:
        jmespath.compile(path or "@")
    except jmespath.exceptions.JMESPathError as mishap:
        yield place, f"{path!r} is no JMESPath: {mishap}"


def _known(
    place: Place, word: str, known: Iterable[str], *, short: bool = False
) -> Iterator[Found]:
    words = list(known)
    if word not in words:
        hint = suggest(word, words)
        shown = hint.partition("Known:")[0].strip() if short else hint
        yield place, f"{word!r} is unknown; {shown}"


SAMPLE_DOOR = {"id": "d-1", "vendor_id": "1", "name": "court-1", "key": "k-1"}
SAMPLE_AT = datetime(2026, 12, 1, 8, tzinfo=UTC)
SAMPLE_CUSTOMER = Person("Ada Novak", "ada@example.org", "+46701234567", "en")


def sample(profile: Profile, kind: Kind) -> Event:
    """Return something that happens to a sample booking of the first resource."""
    start, name = SAMPLE_AT + timedelta(days=1), next(iter(profile.resources))
    booking = Booking("B-1", name, start, start + timedelta(hours=2), SAMPLE_CUSTOMER)
    before = Booking("B-0", name, start, start + timedelta(hours=1), SAMPLE_CUSTOMER)
    previous = before if kind == "changed" else None
    return Event("evt-1", kind, SAMPLE_AT, booking, previous)


def places(words: Vocabulary) -> dict[str, object]:
    """Return a value for each `{place}`, to try a profile's texts with."""
    vendors = {
        name: Namespace(name, dict.fromkeys(credentials, f"{name}-credential"))
        for name, credentials in words.vendors.items()
    }
    return {
        "port": 8000,
        "folder": "/tmp/strikeplate",  # noqa: S108 - a sample, never opened
        "python": "python3",
        "smtp": "127.0.0.1:2525",
        "inbox": "http://127.0.0.1:8026/",
        "secret": "whsec_c2VjcmV0",
        "url": "http://127.0.0.1:8000",
        **vendors,
    }


def _doors(profile: Profile) -> dict[str, object]:
    """Return a value for `doors["court-1"].vendor_id`."""
    one = Namespace("door", SAMPLE_DOOR)
    door = Namespace("door", {**SAMPLE_DOOR, "all": [one]})
    return {"doors": Namespace("doors", dict.fromkeys(profile.resources, door))}


def _sampled(profile: Profile, words: Vocabulary) -> dict[str, object]:
    """Return what a call about a booking sees."""
    assert profile.resources
    if profile.events is None:
        return _set_up(profile, words)
    seen = _set_up(profile, words)
    speech = Speech(profile.events, profile.signature, profile.resources, "", seen)
    return speech.seen(sample(profile, "confirmed"))


ABOUT = ("connection", "booking", "membership", "access", "rule", "lock", "event",
         "cursor", "where", "resource")  # fmt: skip
"""What an action of the owner's may be about."""


def _about(profile: Profile) -> dict[str, object]:
    """Return the ids that an action is about; a rule goes by its resource's name."""
    ids = {name: f"{name}-1" for name in ABOUT} | {
        "rule": next(iter(profile.resources), "")
    }
    return {name: Namespace(name, {"id": known}) for name, known in ids.items()}


class AnyField(dict[str, str]):
    """What an action gives: a sample has a text for every name."""

    def __missing__(self, name: str) -> str:
        return name


class Saved(str):
    """A value that a run saves: in a sample it is a secret, or a list of nothing."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        return iter(())


def _set_up(
    profile: Profile, words: Vocabulary, calls: int | None = None
) -> dict[str, object]:
    """Return what is known after the first set-up calls, or after all of them."""
    names = [name for call in profile.setup[:calls] for name in call.save]
    saved = dict.fromkeys(names, Saved("whsec_c2VjcmV0"))
    return places(words) | _doors(profile) | {"saved": Namespace("saved", saved)}
