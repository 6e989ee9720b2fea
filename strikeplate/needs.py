"""What a scenario needs of a profile, read from its steps before it runs. Pure.

    resources   which devices its owner has set up, and with which traits
    parts       further doors that one booking of a resource opens
    owner       whether the owner's own messages are looked at
    events      which kinds of event are told

`strikeplate.allotment` finds the declared resources that are as wanted. A zone is
wanted where it is a column of examples, elsewhere any zone does.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from strikeplate.profiles.shape import KINDS, UNITS
from strikeplate.vocabulary import vocabulary_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from strikeplate.profiles.shape import Events, Kind
    from strikeplate.requirements import Example, Scenario, Step
    from strikeplate.vocabulary import Fields, VendorVocabulary

Trait = Any  # the value of one key of [resources.NAME], as the shape has it

CABINET = "a key cabinet"

PLAIN: dict[str, Trait] = {
    "margin_before": timedelta(),
    "margin_after": timedelta(),
    "trigger": "confirmed",
    "channel": "email",
    "send_before": None,
    "grace": timedelta(),
    "return_grace": timedelta(),
    "recurring": None,
    "overdue_after": timedelta(),
    "report_returns": False,
    "copy_to_owner": False,
    "ways_in": [],
    "app": False,
    "community": False,
    "account": False,
    "active": True,
    "doors": 1,
    "slot": None,
}
"""The traits of a resource that nothing special was said of."""


STATED = "trigger"
"""The trait that a resource must state, also as it is usually, where one is wanted."""


def _minutes(text: str) -> timedelta:
    return timedelta(minutes=float(text))


def _hours(text: str) -> timedelta:
    return timedelta(hours=float(text))


SETTINGS: dict[str, tuple[str, Callable[[str], Trait]]] = {
    "trigger": ("trigger", str),
    "channel": ("channel", str),
    "send hours before": ("send_before", _hours),
    "copy to the owner": ("copy_to_owner", lambda text: text == "yes"),
    "margin before, hours": ("margin_before", _hours),
    "margin after, hours": ("margin_after", _hours),
    "margin before, minutes": ("margin_before", _minutes),
    "margin after, minutes": ("margin_after", _minutes),
    "recurring key": ("recurring", str),
    "grace, minutes": ("grace", _minutes),
    "return grace, minutes": ("return_grace", _minutes),
    "report overdue keys after, minutes": ("overdue_after", _minutes),
    "report returned keys": ("report_returns", lambda text: text == "yes"),
    "options": ("ways_in", lambda text: text.split(", ")),
}
"""The settings of a rule by their words in a table: the trait, and its value."""


@dataclass
class Wanted:
    """One resource as a scenario wants it."""

    vendor: str
    kind: str
    """The device, in the words of the vendor's vocabulary."""

    device: Fields
    """What sets the device apart; nothing for a lock."""

    zone: str | None = None
    traits: dict[str, Trait] = field(default_factory=dict)
    beside: str | None = None
    """The resource whose door it shares."""

    return_codes: bool = False
    owner: bool = False
    """Whether what its owner is told is looked at."""

    def described(self) -> str:
        """Return it in words of a profile."""
        kind = re.sub("^an? ", "", self.kind)
        words: dict[str, Trait] = {"vendor": self.vendor, "zone": self.zone}
        words |= {"kind": kind} if self.device else {}
        words["return_codes"] = self.return_codes
        words["owner_email"] = "..." if self.owner else ""
        told = [f"{name} = {_toml(value)}" for name, value in words.items() if value]
        told += [f"{name} = {_toml(value)}" for name, value in self.traits.items()]
        return ", ".join(told) + (f", the door of {self.beside}" if self.beside else "")


def _toml(value: Trait) -> str:
    """Return a value as a profile has it."""
    if not isinstance(value, timedelta):
        return json.dumps(value, ensure_ascii=False)
    for unit in ("d", "h", "m", "s"):
        if value and not value % timedelta(**{UNITS[unit]: 1}):
            return f'"{value // timedelta(**{UNITS[unit]: 1})}{unit}"'
    return '"0m"'


@dataclass
class Needs:
    """What one scenario needs, with one row of its examples."""

    resources: dict[str, Wanted] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    """The name of each further door, and the resource that opens it."""

    events: tuple[Kind, ...] = ()
    actions: tuple[str, ...] = ()
    """The owner's actions that must be calls of `[api]`."""

    @property
    def traits(self) -> set[str]:
        """The keys of a resource that it asks for, beside `vendor`."""
        wanted = self.resources.values()
        found = {name for each in wanted for name in each.traits}
        found |= {"zone" for each in wanted if each.zone}
        found |= {"kind" for each in wanted if each.device}
        found |= {"door" for each in wanted if each.beside}
        found |= {"owner_email" for each in wanted if each.owner}
        return found | {"return_codes" for each in wanted if each.return_codes}


NAME = r"[a-z]+(?:-\d+)?"
HAS = re.compile(rf"({NAME}) has (an? .+?) (?:in (\S+)|(at another connection))")
CABINETS = re.compile(rf"({NAME}) and ({NAME}) have keys in one cabinet.*")
SETS = re.compile(rf"the owner sets the rule of ({NAME}) to")
GRANTS = re.compile(
    rf'the owner makes a rule that lets (?:bookings of ({NAME})|members of "([^"]+)")'
    rf" open ({NAME})"
)
APP = re.compile(r'the app of the connection is "([^"]+)"')
OFF = re.compile(rf"the connection of ({NAME}) is inactive")
TO_OWNER = re.compile(
    r"the owner (?:has received|is notified).*|the owner's (?:message|code) .*"
)
STATIC_CODE = re.compile(r'\w+\'s message says "\*.*')


class Reader:
    """Reads the steps of one scenario, in their order."""

    def __init__(
        self, vendor: str, vocabularies: Mapping[str, VendorVocabulary]
    ) -> None:
        self.needs = Needs()
        self._vendor = vendor
        self._known = vocabularies

    def read(self, step: Step, example: Example) -> None:
        """Take in one step."""
        filled = step.filled(example)
        for pattern, take in TAKEN.items():
            found = pattern.fullmatch(filled.text)
            if found and (step.kind == "Context" or pattern in ANYWHERE):
                take(self, found, filled)
        placed = HAS.fullmatch(filled.text)
        if placed and "in <" in step.text:
            self.needs.resources[placed[1]].zone = placed[3]

    def has(self, found: re.Match[str], _step: Step) -> None:
        """Take it that a resource has a device."""
        wanted = self._wanted(found[2])
        wanted.traits = {"account": "other"} if found[4] else {}
        self.needs.resources[found[1]] = wanted

    def cabinet(self, found: re.Match[str], _step: Step) -> None:
        """Take it that two resources have the first keys of one cabinet."""
        for slot, name in enumerate(found.groups()):
            wanted = self._wanted(CABINET)
            wanted.traits["slot"] = slot
            wanted.beside = found[1] if slot else None
            self.needs.resources[name] = wanted

    def _wanted(self, kind: str) -> Wanted:
        """Return a plain resource with a device; it tells whose the scenario is."""
        words = vocabulary_of(self._known, kind, self._vendor)
        self._vendor = words.vendor
        return Wanted(words.vendor, kind, device(words.doors[kind]))

    def sets(self, found: re.Match[str], step: Step) -> None:
        """Take it that its owner has set a rule, of bookings or of a community."""
        wanted = self.needs.resources.get(found[1]) or self._of_community(found[1])
        for name, *texts in step.table:
            if wanted and name == "locks":
                self._open(found[1], wanted, texts[0].split(", "))
            elif wanted and name in SETTINGS:
                trait, value = SETTINGS[name]
                wanted.traits[trait] = value(texts[0])
        if wanted:
            said = wanted.traits.items()
            wanted.traits = {k: v for k, v in said if v != PLAIN[k] or k == STATED}

    def _of_community(self, name: str) -> Wanted | None:
        """Return the resource whose door a community opens, if there is one."""
        every = self.needs.resources.values()
        found = (each for each in every if each.traits.get("community") == name)
        return next(found, None)

    def _open(self, resource: str, wanted: Wanted, doors: list[str]) -> None:
        """Take it that one booking of a resource opens further doors."""
        wanted.traits["doors"] = len(doors)
        self.needs.parts |= {door: resource for door in doors if door != resource}

    def grants(self, found: re.Match[str], _step: Step) -> None:
        """Take it that bookings of another, or members, open a resource's door."""
        other, community, resource = found.groups()
        wanted = self.needs.resources.get(resource)
        if wanted and community:
            wanted.traits["community"] = community
        elif wanted:
            self.needs.resources[other] = replace(wanted, traits={}, beside=resource)

    def app(self, found: re.Match[str], _step: Step) -> None:
        """Take it that the vendor's account has an app."""
        for wanted in self.needs.resources.values():
            wanted.traits["app"] = found[1]

    def off(self, found: re.Match[str], _step: Step) -> None:
        """Take it that a resource's connection is switched off."""
        self.needs.resources[found[1]].traits["active"] = False

    def owner(self, _found: re.Match[str], _step: Step) -> None:
        """Look at what the owner is told."""
        for wanted in self.needs.resources.values():
            wanted.owner = True

    def static_code(self, _found: re.Match[str], _step: Step) -> None:
        """Look for a static return code in a message."""
        for wanted in self.needs.resources.values():
            wanted.return_codes = "return_grace" not in wanted.traits


TAKEN: dict[re.Pattern[str], Callable[[Reader, re.Match[str], Step], None]] = {
    HAS: Reader.has,
    CABINETS: Reader.cabinet,
    SETS: Reader.sets,
    GRANTS: Reader.grants,
    APP: Reader.app,
    OFF: Reader.off,
    TO_OWNER: Reader.owner,
    STATIC_CODE: Reader.static_code,
}
ANYWHERE = (TO_OWNER, STATIC_CODE)
"""What is read from every step; the rest from what a Given brings about."""


def needs_of(
    scenario: Scenario,
    example: Example,
    vendor: str,
    vocabularies: Mapping[str, VendorVocabulary],
) -> Needs:
    """Return what a scenario of a vendor needs, with one row of its examples.

    Raises `NotApplicable` where no vendor, or no single one, has such a device.
    """
    reader = Reader(vendor, vocabularies)
    for step in scenario.steps:
        reader.read(step, example)
    filled = [step.filled(example) for step in scenario.steps]
    reader.needs.events = kinds_in(step.text for step in filled)
    actions = {name for step in filled for name in actions_of(step)}
    reader.needs.actions = tuple(sorted(actions))
    return reader.needs


WHO = r"[A-Z]\w+"
BY_CALLS: dict[str, tuple[str, ...]] = {
    "the owner connects with .*": ("connect",),
    "the owner connects with .* twice if need be": ("connections",),
    "the connection is linked|nothing is linked": ("connections",),
    r'the lock ".*" can(?:not)? be chosen.*|\d+ locks can be chosen': ("locks",),
    "the owner refreshes the list of locks": ("refresh_locks",),
    "the owner refreshes the list of keys": ("refresh_keys",),
    "the connection is switched .*": ("switch",),
    "the owner deletes the connection": ("unlink",),
    "the owner replaces the secret of the webhook": ("rotate_secret",),
    "the owner deletes the rule of .*": ("delete_rule",),
    f"the owner deletes {WHO}'s access": ("booking", "delete_access"),
    "the owner replays the last event": ("events", "replay"),
    "no answer about the connection shows .*": ("connection", "connections"),
    "the connection names the secrets it holds": ("connection",),
    "the owner writes the text .*": ("write",),
    "the owner previews the text .*": ("preview",),
    f"{WHO}'s access (?:is .*|shows)": ("booking",),
    rf"{WHO} has \d+ (?:in)?active access(?:es)?": ("booking",),
    "the access made by hand shows": ("access",),
    "the owner makes a code of kind .*": ("access", "locks", "make_by_hand"),
    "the owner opens the overview": ("overview",),
    "the owner opens the overview of the lock of .*": ("locks", "overview"),
    "the owner opens the page of the lock of .*": ("lock", "locks"),
    "the customer's view names .*": ("customers_view",),
    r'the key of ".*" is .*|".*" is (?:not )?free for cleaning.*': ("keys", "locks"),
    f"{WHO}'s membership is shown as .*": ("membership",),
}
"""Steps that need the owner's own interface, and its actions."""

CHANGES: dict[str, tuple[str, ...]] = {
    "the owner sets the rule of .*": ("edit_rule",),
    "the owner makes a rule .*": ("add_rule", "locks"),
}
"""The same for steps that a Given finds fulfilled."""

DRAWN = ("margins",)
"""Actions that histories draw, and no step asks for."""

ACTIONS = tuple(sorted({*DRAWN, *(a for each in (BY_CALLS, CHANGES)
                        for of in each.values() for a in of)}))  # fmt: skip


def actions_of(step: Step) -> tuple[str, ...]:
    """Return the owner's actions that a step, filled, needs as calls."""
    known = BY_CALLS if step.kind == "Context" else BY_CALLS | CHANGES
    found = (of for words, of in known.items() if re.fullmatch(words, step.text))
    return tuple(action for of in found for action in of)


def device(fields: Fields) -> Fields:
    """Return what sets a device apart; a lock is what every vendor has."""
    return {k: v for k, v in fields.items() if (k, v) != ("kind", "lock")}


ALSO: Mapping[Kind, str] = {
    "changed": r"booking is moved to\b",
    "membership_started": r"^\w+ joins \"",
    "membership_ended": r"^\w+ leaves \"",
}
"""Step texts that tell a kind of event without its own word."""

PHRASES = {
    kind: re.compile(
        rf'\bis {word}\b|arrive as "[^"]*\b{kind}\b|{ALSO.get(kind, "(?!)")}'
    )
    for kind in KINDS
    for word in [kind.replace("_", " ")]
}
MEMBERSHIP = re.compile(r"'s membership of \".* arrive as \"([^\"]*)\"")


def kinds_in(texts: Iterable[str]) -> tuple[Kind, ...]:
    """Return the kinds of event that steps send, by their filled texts."""
    said = [*texts]
    orders = " ".join(found[1] for text in said if (found := MEMBERSHIP.search(text)))
    return tuple(
        kind
        for kind in KINDS
        if any(map(PHRASES[kind].search, said))
        or kind.removeprefix("membership_") in orders.replace(",", "").split()
    )


def unsent(kinds: Iterable[Kind], events: Events) -> str | None:
    """Return which kinds of event a format cannot tell, of those that are needed."""
    missing = [kind for kind in kinds if not can_send(events, kind)]
    named = " and ".join(f"{kind!r}" for kind in missing)
    return f"[events] has no {named}" if missing else None


def can_send(events: Events, kind: Kind) -> bool:
    """Say whether a format has a way to send a kind."""
    declared = events.of(kind)
    return declared is not None and all(
        can_send(events, each) for each in declared.sent_as
    )
