"""What is seen of a subject at one moment, held against what the oracle says.

Doors are asked without a trace (`probe`): at this moment, and ahead at both sides of
each boundary of a window. What was asked ahead once is asked again only when the oracle
or the codes that a customer has say something else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from strikeplate.cause import (
    HURT,
    LOCKED_OUT,
    PRIVACY,
    SILENT,
    STALE,
    TWO_CODES,
    WRONG_DOOR,
)
from strikeplate.context import by_sms
from strikeplate.explore.copies import amiss
from strikeplate.explore.counts import Counts
from strikeplate.fakes_client import instant
from strikeplate.oracle import answers
from strikeplate.oracle.answers import Answer
from strikeplate.oracle.doors import DoorStatement, Which, doors
from strikeplate.oracle.messages import MessageStatement, messages
from strikeplate.oracle.notices import MissingStatement, missing
from strikeplate.oracle.overview import AccessStatement, accesses
from strikeplate.oracle.returns import KeyStatement, returns
from strikeplate.oracle.stock import StockStatement, stock
from strikeplate.reading import as_seen, times
from strikeplate.subjects.admin_client import ApiAdminClient, Json, items

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from strikeplate.context import ScenarioContext
    from strikeplate.environment import Place
    from strikeplate.oracle.answers import Timeline
    from strikeplate.oracle.events import Situation
    from strikeplate.platforms.standard import Person
    from strikeplate.subjects import Message

SECOND = timedelta(seconds=1)
HARMS = (STALE, TWO_CODES)  # of a code too many: where there is to be none, or one
LONGEST_OPEN = timedelta(days=400)
"""So far ahead it is asked how long a code goes on opening without a right to."""


@dataclass(frozen=True)
class Difference:
    """Something that was seen and that the oracle does not allow."""

    rule: str
    booking: str
    at: datetime
    sentence: str
    harm: str
    open_for: tuple[datetime, datetime] | None = None
    """Of a code that opens without a right to: from when until when it would."""

    @property
    def kind(self) -> tuple[str, str]:
        """What a shorter history must still show: the rule, and how it hurts."""
        return self.rule, self.harm

    def __str__(self) -> str:
        return f"{self.rule} at {instant(self.at)}: {self.sentence} ({self.harm})"


Read = list[tuple["Message", tuple[str, ...]]]


@dataclass
class Comparison:
    """One history in progress: who its people are, where its doors hang."""

    ctx: ScenarioContext
    people: Mapping[str, Person]
    places: Mapping[str, Sequence[Place]]
    references: Mapping[str, str]
    """What the platform calls each booking."""

    counts: Counts = field(default_factory=Counts)
    statics: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The static codes of each resource's slots, as they are typed."""

    _asked: dict[tuple[object, ...], object] = field(default_factory=dict)

    def differences(self, situation: Situation, now: datetime) -> Iterator[Difference]:
        """Yield every difference that is seen now."""
        self.counts.moments += 1
        self.ctx.inbox.look()
        read = {
            booking: self.ctx.inbox.with_codes(person)
            for booking, person in self.people.items()
        }
        yield from self._shared(read, now)
        for message in messages(situation, now):
            yield from self._message(message, read[message.booking], now)
        for door in doors(situation, now):
            yield from self._door(door, read[door.booking], now)
        for key in returns(situation, now):
            yield from self._keys(key, now)
        for held in stock(situation, now):
            yield from self._stock(held, now)
        if isinstance(self.ctx.subject.admin, ApiAdminClient):
            for access in accesses(situation, now):
                yield from self._access(access, now)
            for each in missing(situation, now):
                yield from self._missing(each, read[each.booking], now)

    def _shared(self, read: Mapping[str, Read], now: datetime) -> Iterator[Difference]:
        """Yield a code that two customers were told."""
        owner: dict[str, str] = {}
        rule = "IGL-12" if self.ctx.environment.vendor == "igloohome" else "MSG-01"
        for booking, mails in read.items():
            for code in {code for _, found in mails for code in found}:
                other = owner.setdefault(code, booking)
                if other != booking:
                    text = f"{booking} and {other} were sent the same code"
                    yield Difference(rule, booking, now, text, PRIVACY)

    def _message(
        self, said: MessageStatement, mails: Read, now: datetime
    ) -> Iterator[Difference]:
        found, who = len(mails), said.booking
        self.counts.add(said.rule if said.at_least else said.rule_at_most)
        text = f"{who} has {found} messages with a code"
        if found < said.at_least:
            harm = LOCKED_OUT
            yield Difference(said.rule, who, now, f"{text}, not {said.at_least}", harm)
        if found > said.at_most:
            text = f"{text}, {said.at_most} at most"
            harm = HURT.get(said.rule_at_most, TWO_CODES)
            yield Difference(said.rule_at_most, who, now, text, harm)
        if said.channel is None or not mails:
            return
        latest = mails[-1][0]
        named = times(as_seen(latest.text))
        sms = by_sms(latest, self.people[who])
        if sms is not (said.channel == "sms"):
            text = f"{who}'s message did not come by {said.channel}"
            yield Difference("MSG-01", who, now, text, LOCKED_OUT)
        if missing := said.times - named:
            text = f"{who}'s message does not name {', '.join(sorted(missing))}"
            yield Difference("MSG-04", who, now, text, LOCKED_OUT)
        link = self.ctx.environment.vocabulary.extras.get("link")
        if said.link and link and not link.search(as_seen(latest.text)):
            text = f"{who}'s message brings no link"
            yield Difference("MSG-05", who, now, text, LOCKED_OUT)
        if said.static:
            yield from self._static(
                said, [as_seen(mail.text) for mail, _ in mails], now
            )
        yield from self._grace_and_copies(said, mails, now)
        if rounded := said.never & named:
            text = f"{who}'s message names {', '.join(sorted(rounded))}"
            yield Difference("MSG-04", who, now, text, LOCKED_OUT)

    def _static(
        self, said: MessageStatement, texts: Sequence[str], now: datetime
    ) -> Iterator[Difference]:
        """Yield that messages lack a slot's static code, or that the last has others.

        Those of several doors may come in several messages. Which a message of before
        names that the rule has lost since, is not asked.
        """
        plain = [re.sub(r"[\s-]", "", text) for text in texts]
        known = self.statics.get(said.static, ())
        own, others = known[: said.slots], {*chain(*self.statics.values())} - {*known}
        self.counts.add("LIV-08")
        missing = any(code not in "\n".join(plain) for code in own)
        if missing or any(code in plain[-1] for code in others):
            what = "does not carry" if missing else "carries more than"
            text = f"{said.booking}'s message {what} the static codes of its slots"
            yield Difference("LIV-08", said.booking, now, text, HURT["LIV-08"])

    def _grace_and_copies(
        self, said: MessageStatement, mails: Read, now: datetime
    ) -> Iterator[Difference]:
        """Yield that it is not told how long a key is taken back, or lacks a copy."""
        wrong = amiss(said, [codes for _, codes in mails], self.ctx.inbox)
        if said.copied:
            self.counts.add("MSG-03")
        if wrong is not None:
            yield Difference("MSG-03", said.booking, now, wrong, SILENT)
        if not said.grace:
            return
        text = as_seen(mails[-1][0].text)
        plain = re.sub(r"[\s-]", "", text)
        self.counts.add("LIV-09")
        static = any(code in plain for code in chain(*self.statics.values()))
        if static or said.grace not in times(text):
            text = f"{said.booking}'s message does not prefer grace until {said.grace}"
            yield Difference("LIV-09", said.booking, now, text, HURT["LIV-09"])

    def _door(
        self, said: DoorStatement, mails: Read, now: datetime
    ) -> Iterator[Difference]:
        codes = _codes(said.which, mails)
        if not codes:
            return
        for at in self._moments(said, codes, now):
            stretch = answers.at(said.timeline, at)
            if stretch.answer is Answer.EITHER:
                continue
            self.counts.add(stretch.rule)
            opened = self._opens(said, codes, at)
            if stretch.answer.allows(opened=opened):
                continue
            name = f"{said.resource}, door {said.door + 1},"
            what = f"{said.booking}'s code {said.which.value}"
            text = f"{what} {'opens' if opened else 'does not open'} {name}"
            first = opened or not said.door or stretch.rule == "EXV-02"
            rule = stretch.rule if first else "CON-03"
            self._asked.pop(_key(said), None)  # until it holds, all is asked again
            yield Difference(
                rule,
                said.booking,
                now,
                f"{text} at {instant(at)}",
                _harm(opened=opened, rule=rule),
                self._open_for(said, codes, now, at) if opened else None,
            )
            return

    def _open_for(
        self, said: DoorStatement, codes: Sequence[str], now: datetime, at: datetime
    ) -> tuple[datetime, datetime]:
        """Return from when until when codes open a door, around an instant.

        That is within a stretch in which they must not, to the second.
        """
        since = max(now, answers.at(said.timeline, at).since)
        ends = [each for each in answers.boundaries(said.timeline) if each > at]
        until = min([*ends, at + LONGEST_OPEN])
        first = self._edge(said, codes, at, since)
        return first, self._edge(said, codes, at, until)

    def _edge(
        self, said: DoorStatement, codes: Sequence[str], opens: datetime, far: datetime
    ) -> datetime:
        """Return how far towards an instant codes still open, to the second."""
        if self._opens(said, codes, far):
            return far
        while abs(far - opens) > SECOND:
            middle = opens + ((far - opens) / 2 // SECOND or 1) * SECOND
            if self._opens(said, codes, middle):
                opens = middle
            else:
                far = middle
        return max(opens, far)

    def _moments(
        self, said: DoorStatement, codes: Sequence[str], now: datetime
    ) -> Iterable[datetime]:
        new = (said.timeline, tuple(codes))
        if self._asked.get(_key(said)) == new:
            return (now,)
        self._asked[_key(said)] = new
        return moments(said.timeline, now, said.telling)

    def _opens(self, said: DoorStatement, codes: Sequence[str], at: datetime) -> bool:
        return self._opens_at(self.places[said.resource][said.door], codes, at)

    def _opens_at(self, place: Place, codes: Sequence[str], at: datetime) -> bool:
        usual = self.ctx.environment.vocabulary.entry
        for code in codes:
            self.counts.probes += 1
            more = {**usual, **self.ctx.inbox.extras_for(code)}
            if place.world.probe(place.door, code, at, **more).opened:
                return True
        return False

    def _stock(self, said: StockStatement, now: datetime) -> Iterator[Difference]:
        for place in self.places[said.resource][: said.doors]:
            self.counts.add(said.rule)
            found = len(self.ctx.environment.codes(place))
            if found > said.at_most:
                text = f"{place.door.name} has {found} codes, {said.at_most} at most"
                yield Difference(said.rule, "", now, text, HARMS[bool(said.at_most)])

    def _missing(
        self, said: MissingStatement, mails: Read, now: datetime
    ) -> Iterator[Difference]:
        """Yield that the owner does not see that a code is missing."""
        codes, place = _codes(Which.CURRENT, mails), self.places[said.resource][0]
        if self._opens_at(place, codes, said.works_at):
            return
        self.counts.add(said.rule)
        reference = self.references[said.booking]
        if said.rule == "CON-15":
            told = any(reference in mail.text for mail in self.ctx.inbox.to_owner())
            text = f"the owner is not told that {said.booking} has no code"
        else:
            told = all(row["status"] != "created" for row in self._rows(reference))
            text = f"{said.booking} shows an access as created whose code is gone"
        if not told:
            yield Difference(said.rule, said.booking, now, text, SILENT)

    def _keys(self, said: KeyStatement, now: datetime) -> Iterator[Difference]:
        """Yield what the owner is not told, or not shown, of a booking's keys."""
        reference = self.references[said.booking]
        found = sum(reference in mail.text for mail in self.ctx.inbox.to_owner())
        self.counts.add(said.rule)
        most = found if said.at_most is None else said.at_most
        if not said.at_least <= found <= most:
            text = f"the owner has {found} messages of {said.booking}'s key"
            yield Difference(said.rule, said.booking, now, text, SILENT)
        if not said.state or not isinstance(self.ctx.subject.admin, ApiAdminClient):
            return
        connection, places = self.ctx.link(), self.places[said.resource]
        ids = self.ctx.admin.lock_ids(connection, *(places[d].door for d in said.doors))
        rows = items(self.ctx.admin.keys(connection).json())
        states = {row["state"] for row in rows if row["lock"]["id"] in ids}
        self.counts.add("LIV-07")
        if states != {said.state}:
            text = f"{said.booking}'s key is shown as {', '.join(sorted(states))}"
            yield Difference("LIV-07", said.booking, now, text, SILENT)

    def _rows(self, reference: str) -> list[Json]:
        """Return the accesses of a booking that the owner is shown."""
        admin, connection = self.ctx.admin, self.ctx.platform.connection("")
        ask = admin.membership if reference.startswith("M-") else admin.booking
        answer = ask(connection, reference)
        rows: list[Json] = answer.json()["accesses"] if answer.ok else []
        return rows

    def _access(self, said: AccessStatement, now: datetime) -> Iterator[Difference]:
        rows = self._rows(self.references[said.booking])
        active = [row for row in rows if row["active"]]
        self.counts.add(said.rule)
        if not said.at_least <= len(active) <= said.at_most:
            text = f"{said.booking} shows {len(active)} active accesses"
            harm = SILENT if len(active) < said.at_least else TWO_CODES
            yield Difference(said.rule, said.booking, now, text, harm)
        if said.goes_on and not any(row["notice"] for row in rows):
            text = f"no access of {said.booking} says that its code goes on opening"
            yield Difference("IGL-08", said.booking, now, text, SILENT)
        if said.shows_code and not all(row.get("pin", "?") for row in active):
            text = f"{said.booking} shows an access that works without its code"
            yield Difference("CON-09", said.booking, now, text, SILENT)
        for row in active if said.at_most else rows:
            if row["status"] in said.never:
                text = f"{said.booking} shows an access as {row['status']}"
                harm = HURT.get(said.rule_status, STALE)
                yield Difference(said.rule_status, said.booking, now, text, harm)


def moments(
    said: Timeline, now: datetime, telling: Iterable[datetime] = ()
) -> list[datetime]:
    """Return now, and what lies ahead: both sides of each boundary, and the middles."""
    edges = [each for each in answers.boundaries(said) if each > now]
    beside = [edge - SECOND for edge in edges]
    middles = [one + (other - one) / 2 for one, other in pairwise([now, *edges])]
    ahead = (each.replace(microsecond=0) for each in (*middles, *telling))
    return sorted(at for at in {now, *edges, *beside, *ahead} if at >= now)


def _key(said: DoorStatement) -> tuple[object, ...]:
    return said.booking, said.resource, said.door, said.which


def _codes(which: Which, mails: Read) -> list[str]:
    """Return a customer's codes of a kind, each once."""
    every = dict.fromkeys(code for _, found in mails for code in found)
    latest = mails[-1][1] if mails else ()
    if which is Which.CURRENT:
        return [*latest]
    if which is Which.FORMER:
        return [code for code in every if code not in latest]
    return [*every]


def _harm(*, opened: bool, rule: str) -> str:
    if not opened:
        return LOCKED_OUT
    return WRONG_DOOR if rule == "CON-03" else STALE
