"""The messages that a run has sent, each with what became of its codes.

Invariants: what a message is read as is what its reader sees (`reading.as_seen`). A
code is known by the vendors' records at the moment at which its message came; what it
does now is asked of the door. No code is in a URL, a log or a `repr`.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from strikeplate.fakes_client import parse
from strikeplate.reading import GAP, LINK, as_seen
from strikeplate.subjects.reference import SMS_GATEWAY
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from datetime import datetime
    from email.message import EmailMessage

    from strikeplate.fakes_client import Door, Entry, World
    from strikeplate.smtp_sink import Mail

SMS = SMS_GATEWAY.removeprefix("{phone}")
TIMES = ("valid_from", "valid_until")
LINE = 60  # characters of a line, on a small screen
LINE_HEIGHT, MARGINS = 24, 80  # pixels
LOWEST, HIGHEST = 160, 640
WORDS = {
    "over": "its time is over",
    "unused-24h": "nobody used it in its first 24 hours",
    "burnt": "it has been used",
    "wrong-code": "the door does not know it",
    "revoked": "it was revoked",
    "offline": "the door is not reachable",
    "locked-out": "too many wrong codes were typed",
    "no-power": "the battery is empty",
    "jammed": "the bolt is jammed",
    "fetched": "the key has been fetched",
    "empty": "the key is out",
    "key-in": "the key is in its slot",
}


@dataclass(frozen=True)
class SentCode:
    """A code of a message, at one door; from when it is valid, if that is known."""

    door: Door
    code: str = field(repr=False)
    start: datetime | None
    end: datetime | None


class Fate(NamedTuple):
    """What a code does at its door now: a tone, and the words."""

    door: Door
    code: str
    tone: str
    words: str
    at: datetime | None = None


@dataclass(frozen=True)
class Received:
    """One message: when it came, to whom, and what it says."""

    number: int
    at: datetime
    to: str
    sender: str
    subject: str
    text: str = field(repr=False)
    html: str = field(default="", repr=False)
    codes: tuple[SentCode, ...] = field(default=(), repr=False)

    @property
    def is_sms(self) -> bool:
        """Whether it is an SMS."""
        return self.to.endswith(SMS) or "@" not in self.to

    @property
    def height(self) -> int:
        """How many pixels its HTML is likely to need, by the length of its lines."""
        lines = sum(1 + len(line) // LINE for line in self.text.splitlines())
        return min(max(MARGINS + lines * LINE_HEIGHT, LOWEST), HIGHEST)

    @property
    def address(self) -> str:
        """Whom it is for: a mail address, or a phone number."""
        return self.to.removesuffix(SMS)


class Inbox:
    """All messages of a run, in the order in which they came."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._numbers = count(1)
        self._lock = Lock()
        self._received: list[Received] = []
        self._of_vendors: set[str] = set()

    def put(self, mail: Mail) -> None:
        """Take a mail that the integration sent."""
        parsed = message_from_bytes(mail.raw, policy=policy.default)
        plain, html = _part(parsed, "plain"), _part(parsed, "html")
        now, _ = self._world.clock()
        sender = str(parsed["From"] or "")
        text = plain or as_seen(html)
        self._add(Received(0, now, mail.to, sender, mail.subject, text, html))

    def newest_first(self) -> list[Received]:
        """Return the messages, those that the vendors themselves sent too."""
        for each in self._world.outbox():
            if each["id"] not in self._of_vendors:
                self._of_vendors.add(each["id"])
                at, words = parse(each["at"]), (each["subject"], each["body"])
                self._add(Received(0, at, each["to"], each["vendor"], *words))
        return sorted(self._received, key=lambda each: (each.at, each.number))[::-1]

    def find(self, number: int) -> Received | None:
        """Return the message of a number."""
        return next((each for each in self._received if each.number == number), None)

    def __len__(self) -> int:
        return len(self._received)

    def fates(self, message: Received) -> list[Fate]:
        """Return what each code of a message does now."""
        now, _ = self._world.clock()
        return [self._fate(each, message, now) for each in message.codes]

    def _add(self, message: Received) -> None:
        """Keep a message with its number and the codes that it says."""
        codes = tuple(self._codes_in(f"{message.text}\n{as_seen(message.html)}"))
        with self._lock:
            numbered = replace(message, number=next(self._numbers), codes=codes)
            self._received.append(numbered)

    def _codes_in(self, text: str) -> list[SentCode]:
        doors = {door.id: door for door in self._world.doors()}
        found: dict[tuple[str, str], SentCode] = {}
        for row in self._world.code_rows():
            if _says(text, row["code"]):
                times = [row[name] and parse(row[name]) for name in TIMES]
                key = (row["door"], row["code"])
                found[key] = SentCode(doors[row["door"]], row["code"], *times)
        return list(found.values())

    def _fate(self, sent: SentCode, message: Received, now: datetime) -> Fate:
        entry = self._ask(sent, message, now)
        if entry.opened:
            return Fate(sent.door, sent.code, "good", "opens now")
        early = sent.start is not None and sent.start > now
        if entry.reason == "early" or (early and entry.reason == "wrong-code"):
            return Fate(sent.door, sent.code, "busy", "opens from", self._start(sent))
        inside = sent.end is None or sent.end > now
        why = WORDS.get(entry.reason, entry.reason.replace("-", " "))
        if inside and entry.reason in {"offline", "no-power", "locked-out", "jammed"}:
            return Fate(sent.door, sent.code, "warn", f"does not open now: {why}")
        return Fate(sent.door, sent.code, "off", f"opens no longer: {why}")

    def _ask(self, sent: SentCode, message: Received, now: datetime) -> Entry:
        """Try the code as it stands; then as it is typed at a link of the message."""
        entry = self._world.probe(sent.door, sent.code, now)
        for link in LINK.findall(f"{message.text}\n{as_seen(message.html)}"):
            if entry.reason not in {"wrong-code", "no-keypad"}:
                break
            with suppress(HarnessFault):  # a door that takes no link
                tried = self._world.probe(sent.door, sent.code, now, link=link)
                entry = entry if tried.reason == "no-such-link" else tried
        return entry

    def _start(self, sent: SentCode) -> datetime | None:
        """Return from when it is valid, as the records have it by now."""
        rows = self._world.code_rows()
        own = [r for r in rows if (r["door"], r["code"]) == (sent.door.id, sent.code)]
        starts = [parse(row["valid_from"]) for row in own if row["valid_from"]]
        return starts[-1] if starts else sent.start


def _says(text: str, code: str) -> bool:
    """Whether a text has these digits, alone or in groups."""
    spaced = rf"{GAP}?".join(map(re.escape, code))
    return re.search(rf"(?<!\w){spaced}(?!\w)", text) is not None


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return "" if part is None else str(part.get_content())
