"""From a sample of what a platform sends today to a template of the same shape. Pure.

A sample is JSON, a form or XML. Each of its values is looked at by its name and its
form: ids, times with their notation, the customer, the resource, the event. What is
recognised becomes an expression, if that gives the value back; the rest stays as it is.

Invariants: the template, rendered with the values found in the sample, gives the sample
back. Only a revision is exempt, since it must grow with each event.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, available_timezones

from strikeplate.profiles.bodies import Leaf, Path, parse
from strikeplate.profiles.notations import Reading, read
from strikeplate.profiles.templates import Mistake, Namespace, render

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HOME = "Europe/Stockholm"
ZONES = (
    HOME, "Europe/London", "Europe/Helsinki", "America/New_York", "America/Chicago",
    "America/Denver", "America/Los_Angeles", "America/Sao_Paulo", "Asia/Dubai",
    "Asia/Kolkata", "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney", "UTC",
)  # fmt: skip
"""Zones that are tried, in this order, where a sample has offsets but no zone."""

WORDS: Mapping[str, frozenset[str]] = {
    name: frozenset(words.split())
    for name, words in {
        "booking": "booking bookings reservation appointment order stay rental visit",
        "customer": "customer guest user client person contact attendee booker visitor",
        "resource": "resource court room space unit lock door location product service"
        " venue facility apartment property desk table hall cabin tent flat",
        "event": "event webhook delivery message notification",
        "payload": "data payload object body",
        "id": "id ids uuid uid guid ref reference number no nr key code",
        "start": "start starts begin begins from arrival arrive checkin since",
        "end": "end ends finish finishes until till to departure depart checkout",
        "at": "at occurred happened created timestamp sent emitted updated time",
        "others": "owner admin host staff sender reply operator company",
    }.items()
}
ENTITIES = ("booking", "customer", "resource", "event")
NAMES = {
    "firstname": "first_name", "givenname": "first_name", "lastname": "last_name",
    "surname": "last_name", "familyname": "last_name", "fullname": "name",
}  # fmt: skip
GROWS = frozenset({"revision", "rev", "sequence", "seq"})
EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[A-Za-z]{2,}")
FORMS = {
    "phone": (
        frozenset({"phone", "mobile", "tel", "telephone", "msisdn", "cell"}),
        re.compile(r"\+?[\d ()/-]{5,}"),
    ),
    "language": (
        frozenset({"lang", "language", "locale"}),
        re.compile("[a-z]{2}"),
    ),
}
ANY_TIME = datetime(2026, 12, 1, 8, tzinfo=UTC)
SHORTEST = 3
"""Shorter ids are not looked for inside of other texts."""

Values = dict[str, dict[str, Any]]  # what a template sees, as found in the sample


@dataclass
class Draft:
    """A template, and what is known of the sample that it was made from."""

    body: str
    content_type: str
    zone: str
    values: Values
    guesses: dict[str, str]
    """What each recognised value was taken for, by its place."""

    kept: list[str]
    """The places of values that stay as they are."""

    grows: list[str] = field(default_factory=list)
    """The places of revisions."""

    method: str = ""
    url: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    signature: dict[str, str] = field(default_factory=dict)
    """What else is known of its call, where the sample was a whole one."""


def draft(text: str, zone: str | None = None) -> Draft:
    """Return the template of a sample; ValueError if it is no JSON, form or XML."""
    body = parse(text)
    found = _Found(body.leaves, zone)
    expressions = found.expressions()
    names = {leaf.path: leaf.name for leaf in body.leaves}
    return Draft(
        body=body.template(expressions),
        content_type=body.content_type,
        zone=found.zone,
        values=found.seen(),
        guesses={names[path]: told for path, told in expressions.items()},
        kept=[leaf.name for leaf in body.leaves if leaf.path not in expressions],
        grows=[names[path] for path in found.grows],
    )


def rendered(template: str, values: Values, zone: str) -> str:
    """Return a template rendered with values as a sample has them."""
    seen = {name: Namespace(name, each) for name, each in values.items()}
    return render(template, {**seen, "_zone": zone})


class _Found:
    """What the values of one sample were taken for."""

    def __init__(self, leaves: Iterable[Leaf], zone: str | None) -> None:
        self.leaves = [leaf for leaf in leaves if leaf.value not in {None, ""}]
        self.readings = {leaf.path: r for leaf in self.leaves if (r := _time_of(leaf))}
        self.values: dict[str, dict[str, Any]] = defaultdict(dict)
        self.told: dict[Path, str] = {}
        self.grows: list[Path] = []
        self.zone = zone or self._zone()
        self._find_times()
        self._find_words()

    def seen(self) -> Values:
        """Return the values with the names that every template sees."""
        self.values["resource"]["zone"] = self.zone
        if self.grows:
            start = self.values["booking"].get("start", ANY_TIME)
            self.values["event"].setdefault("at", start)
        return {name: dict(self.values[name]) for name in ENTITIES}

    def expressions(self) -> dict[Path, str]:
        """Return the expression of each recognised value that gives it back."""
        seen = self.seen()
        own = {
            leaf.path: told
            for leaf in self.leaves
            if (told := self.told.get(leaf.path) or self._inside(leaf))
            if leaf.path in self.grows or self._gives_back(told, leaf, seen)
        }
        return own | self._durations(seen)

    def _gives_back(self, told: str, leaf: Leaf, seen: Values) -> bool:
        try:
            text = rendered(f"{{{{ ({told}) | json }}}}", seen, self.zone)
        except Mistake:
            return False
        return bool(json.loads(text) == leaf.value)

    def _zone(self) -> str:
        """Return the zone that the sample names, or one that has its offsets."""
        for leaf in self.leaves:
            if "/" in str(leaf.value) and leaf.value in available_timezones():
                return str(leaf.value)
        found = self.readings.values()
        aware = [each.says for each in found if each.aware and "local" in each.name]
        return next((zone for zone in ZONES if _has_offsets(zone, aware)), HOME)

    def _find_times(self) -> None:
        """Take times for start, end and instant of the event, by their names."""
        roles: dict[str, list[Leaf]] = defaultdict(list)
        for leaf in self.leaves:
            if leaf.path in self.readings and (role := _role(leaf, self.readings)):
                roles[role].append(leaf)
        plain = [leaf for leaf in roles.pop("?", []) if self._whole(leaf)]
        if len(plain) == 2 and not {"start", "end"} & roles.keys():
            plain.sort(key=lambda leaf: str(leaf.value))
            roles["start"], roles["end"] = plain[:1], plain[1:]
        for role, where in (("start", "booking"), ("end", "booking"), ("at", "event")):
            self._take_times(where, role, roles[role], roles["date"])

    def _take_times(
        self, where: str, role: str, leaves: list[Leaf], dates: list[Leaf]
    ) -> None:
        also = dates if role in {"start", "end"} else []
        at = self._instant([*leaves, *also])
        if at is None:
            return
        start = self.values["booking"].get("start")
        if role == "end" and start and at <= start:
            at += timedelta(days=1)  # it has the date of the start alone
        self.values[where][role] = at
        for leaf in leaves if role == "end" else [*leaves, *also]:
            told = self.readings[leaf.path].expression(f"{where}.{role}")
            self.told.setdefault(leaf.path, told)

    def _instant(self, leaves: Iterable[Leaf]) -> datetime | None:
        """Return the instant that the readings of a role say together."""
        says = [self.readings[leaf.path].says for leaf in leaves]
        whole = [each for each in says if isinstance(each, datetime)]
        if whole:
            best = max(whole, key=lambda at: (at.tzinfo is not None, at.microsecond))
            return self._aware(best)
        days = [each for each in says if isinstance(each, date)]
        hours = [each for each in says if isinstance(each, time)]
        if not days:
            return None
        return self._aware(datetime.combine(days[0], hours[0] if hours else time(12)))

    def _aware(self, at: datetime) -> datetime:
        local = at if at.tzinfo else at.replace(tzinfo=ZoneInfo(self.zone))
        return local.astimezone(UTC)

    def _whole(self, leaf: Leaf) -> bool:
        return isinstance(self.readings[leaf.path].says, datetime)

    def _find_words(self) -> None:
        """Take ids, the customer, the zone and revisions by their names and forms."""
        for leaf in self.leaves:
            if leaf.path not in self.told and (place := self._place(leaf)):
                self._take(leaf, *place.split("."))

    def _place(self, leaf: Leaf) -> str | None:
        """Return what a value is taken for, such as `customer.email`."""
        words, text = leaf.words, str(leaf.value)
        if isinstance(leaf.value, (bool, float)):
            return None
        if isinstance(leaf.value, int) and GROWS & {*words}:
            return "event.revision"
        if leaf.value == self.zone:
            return "resource.zone"
        if isinstance(leaf.value, str) and (place := _of_customer(leaf, text)):
            return place
        return _of_id(leaf, self.leaves)

    def _take(self, leaf: Leaf, entity: str, name: str) -> None:
        if name == "revision":
            self.grows.append(leaf.path)
            self.told[leaf.path] = "event.at | epoch"
            return
        text = str(leaf.value)
        told = f"{entity}.{name}"
        if name == "id" and re.fullmatch(r"[1-9]\d{0,14}", text):
            told += " | number" if isinstance(leaf.value, int) else " | number | string"
        self.values[entity].setdefault(name, text)
        self.told[leaf.path] = told

    def _inside(self, leaf: Leaf) -> str | None:
        """Return a text with the ids that stand inside of it; None without any."""
        if not isinstance(leaf.value, str) or "{" in leaf.value:
            return None
        known = {
            str(value): f"({entity}.{name})"
            for entity in ENTITIES
            for name, value in self.values[entity].items()
            if name in {"id", "email", "name"} and len(str(value)) >= SHORTEST
        }
        if not known:
            return None
        words = sorted(map(re.escape, known), key=len, reverse=True)
        parts = re.split(rf"(?<!\w)({'|'.join(words)})(?!\w)", leaf.value)
        if len(parts) == 1:
            return None
        told = (
            known[part] if number % 2 else json.dumps(part, ensure_ascii=False)
            for number, part in enumerate(parts)
            if part
        )
        return " ~ ".join(told)

    def _durations(self, seen: Values) -> dict[Path, str]:
        """Return the expressions of numbers that are the length of the booking."""
        booking = seen["booking"]
        if not {"start", "end"} <= booking.keys():
            return {}
        length = int((booking["end"] - booking["start"]).total_seconds())
        told = "((booking.end | epoch) - (booking.start | epoch))"
        units = {"minutes": 60, "hours": 3600, "seconds": 1, "duration": 60}
        return {
            leaf.path: f"{told} // {each}"
            for leaf in self.leaves
            for unit, each in units.items()
            if unit in leaf.words and isinstance(leaf.value, int)
            if leaf.value == length // each and leaf.path not in self.told
        }


def _time_of(leaf: Leaf) -> Reading | None:
    """Return how a value writes a time; a number only if its name says so."""
    found = read(leaf.value)
    if found and "epoch" in found.name and not _named(leaf, "start", "end", "at"):
        return None
    return found


def _role(leaf: Leaf, readings: Mapping[Path, Reading]) -> str:
    """Return start, end, at, date (of both) or ? for a time, by its name."""
    for words in leaf.trail:
        for role in ("start", "end"):
            if WORDS[role] & words:
                return role
    says = readings[leaf.path].says
    if isinstance(says, time):
        return "start"
    if "date" in leaf.words and not isinstance(says, datetime):
        return "date"
    return "at" if _named(leaf, "at") else "?"


def _named(leaf: Leaf, *kinds: str) -> bool:
    return any(WORDS[kind] & words for kind in kinds for words in leaf.trail[:2])


def _has_offsets(zone: str, says: Iterable[object]) -> bool:
    return all(
        at.astimezone(ZoneInfo(zone)).utcoffset() == at.utcoffset()
        for at in says
        if isinstance(at, datetime)
    )


def _of_customer(leaf: Leaf, text: str) -> str | None:
    """Return what of a customer a text is."""
    if any(WORDS["others"] & words for words in leaf.trail):
        return None
    if EMAIL.fullmatch(text):
        return "customer.email"
    for name, (words, form) in FORMS.items():
        if words & leaf.words and form.fullmatch(text):
            return f"customer.{name}"
    for ending, name in NAMES.items():
        if leaf.flat.endswith(ending):
            return f"customer.{name}"
    if "name" in leaf.words and (entity := _entity(leaf)) in {"customer", "resource"}:
        return f"{entity}.name"
    return None


def _of_id(leaf: Leaf, leaves: Iterable[Leaf]) -> str | None:
    """Return whose id a value is."""
    own = next((each for each in ENTITIES if WORDS[each] & leaf.words), None)
    named = WORDS["id"] & leaf.words
    if own and (named or (own != "event" and leaf.words <= WORDS[own])):
        return f"{own}.id"
    if not leaf.words <= WORDS["id"] or "code" in leaf.words:
        return None
    if entity := _entity(leaf):
        return f"{entity}.id"
    if len(leaf.trail) > 1:
        return "booking.id" if WORDS["payload"] & leaf.trail[1] else None
    others = (each for each in leaves if len(each.trail) > 1 or each.flat != leaf.flat)
    nested = any(_of_id(other, ()) == "booking.id" for other in others)
    return "event.id" if nested else "booking.id"


def _entity(leaf: Leaf) -> str | None:
    """Return whose a value is: of the nearest name that says so."""
    found = (e for words in leaf.trail for e in ENTITIES if WORDS[e] & words)
    return next(found, None)
