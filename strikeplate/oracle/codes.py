"""What a vendor's codes must do, from what its account was asked and used for. Pure.

the code                     at its own door             at other doors   in the list
was made                     open in its window          shut             yes
was changed                  the new window alone        shut             yes
was deleted                  shut                        shut             no
is over                      shut                        shut             either
is switched off              shut                        shut             yes
is mistyped                  shut                        shut             -
was given other digits       shut by the old ones        shut             -
is of a contract of two keys open for each key           open             yes

vendor      window    changed   deleted   another door   mistyped
igloohome   IGL-04    -         -         IGL-01         IGL-01
nuki        NUK-07    NUK-08    NUK-03    NUK-02         NUK-02
exivo       EXV-03    -         EXV-06    EXV-03         EXV-04
  a person  EXV-02    EXV-02    EXV-02    EXV-02         EXV-02
livionkey   LIV-01    LIV-01    LIV-02    LIV-01         LIV-01

A Nuki code that was there when another was made after a deletion opens by NUK-08:
nothing removes a key by itself. What an account has set holds for contracts that exist.

A vendor has five minutes for what it was asked, and for a door that is away five from
its return: until then either. The windows are
those of `windows`, the schedules those of `schedules`, the kinds of PIN those of
`pins`; a key decides with its contract what a cabinet does (`keys`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from strikeplate.oracle import keys, pins, schedules
from strikeplate.oracle.answers import Answer, always, either_between
from strikeplate.oracle.events import DELIVERY
from strikeplate.oracle.keys import Contract
from strikeplate.oracle.windows import VENDORS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from strikeplate.oracle.answers import Timeline
    from strikeplate.oracle.schedules import Week
    from strikeplate.profiles.shape import Resource


class Rules(NamedTuple):
    """The rules of a vendor's window, its change and deletion, and of what is wrong."""

    window: str
    changed: str
    deleted: str
    elsewhere: str
    mistyped: str


RULES = {
    "igloohome": Rules("IGL-04", "IGL-04", "IGL-04", "IGL-01", "IGL-01"),
    "nuki": Rules("NUK-07", "NUK-08", "NUK-03", "NUK-02", "NUK-02"),
    "exivo": Rules("EXV-03", "EXV-03", "EXV-06", "EXV-03", "EXV-04"),
    "livionkey": Rules("LIV-01", "LIV-01", "LIV-02", "LIV-01", "LIV-01"),
}
PERSON = "person"
"""The kind of code that somebody types at an Exivo door's PIN pad."""

OF_PERSONS = Rules(*("EXV-02",) * 5)
"""The rules of what a vendor's code does."""

REFUSES = {
    "igloohome": "IGL-06",
    "nuki": "NUK-02",
    "exivo": "EXV-03",
    "livionkey": "LIV-01",
}
"""The rule that a vendor breaks by refusing what it must do."""

How = Literal["", "mistyped", "old", "static", "static elsewhere"]
"""The code itself, a wrong last digit, its digits of before, a slot's static code."""


@dataclass(frozen=True)
class Asked:
    """What a vendor was asked for a code, and when; without times it was deleted.

    A schedule may lack its first or its last instant, a PIN without an end its last.
    """

    code: str
    at: datetime
    door: int = 0
    times: tuple[datetime | None, datetime | None] | None = None
    kind: str = ""
    week: Week | None = None
    joins: str = ""
    """The code whose contract it is of as well, with the same digits."""

    off: bool = False
    """Whether it is switched off, and opens nothing."""

    renews: bool = False
    """Whether it gets other digits."""


@dataclass(frozen=True)
class Use:
    """A code opened its own door; in a cabinet it took its key, or gave it back."""

    code: str
    at: datetime
    move: Literal["", "take", "return"] = ""


@dataclass(frozen=True)
class Account:
    """What a vendor was asked and used for until an instant.

    `doors` has the vendor, the zone and the return grace of each door; `drift` is how
    far their clocks are ahead, `wrong` when five wrong codes were typed at which door,
    `set_at` when its settings were changed last, `away` from when until when which door
    was offline.
    """

    doors: Sequence[Resource]
    asked: Sequence[Asked]
    uses: Sequence[Use] = ()
    wrong: Sequence[tuple[int, datetime]] = ()
    drift: timedelta = field(default_factory=timedelta)
    set_at: datetime | None = None
    away: Sequence[tuple[int, datetime, datetime]] = ()

    @property
    def vendor(self) -> str:
        """The vendor of its doors."""
        return self.doors[0].vendor

    def settled(self, door: int, at: datetime) -> datetime:
        """Return when a door surely does what was asked at an instant."""
        back = (
            until
            for where, since, until in self.away
            if where == door and since - DELIVERY <= at < until
        )
        return max([at, *back]) + DELIVERY

    def is_away(self, door: int, now: datetime) -> bool:
        """Say whether a door is offline at an instant."""
        return any(
            where == door and since <= now < until for where, since, until in self.away
        )

    def opened(self, code: str) -> list[datetime]:
        """Return when a code has opened its door, as the door's clock showed it."""
        return [use.at + self.drift for use in self.uses if use.code == code]

    def holder(self, door: int) -> str | None:
        """Return the code by which the key of a cabinet is out, if it is."""
        here = {each.code for each in self.asked if each.door == door}
        moves = [use for use in self.uses if use.code in here and use.move]
        return moves[-1].code if moves and moves[-1].move == "take" else None


@dataclass(frozen=True)
class CodeStatement:
    """What must be seen when a code is typed at a door, counted from 0."""

    code: str
    door: int
    timeline: Timeline
    how: How = ""


@dataclass(frozen=True)
class ListStatement:
    """The codes that a door's list must show, and those that it must not."""

    door: int
    must: frozenset[str]
    never: frozenset[str]
    rule: str


def codes(account: Account, now: datetime) -> Iterator[CodeStatement]:
    """Yield what is said at an instant of each code at each door."""
    every = latest(account.asked, now)
    for code, asked in every.items():
        rules, own = _rules(account, asked[0]), asked[-1].door
        alike = {each[-1].door for each in every.values() if _alike(each, asked)}
        yield CodeStatement(code, own, always(Answer.SHUT, rules.mistyped), "mistyped")
        for door in range(len(account.doors)):
            if door not in alike:
                yield CodeStatement(code, door, always(Answer.SHUT, rules.elsewhere))
        if _is_settled(account, asked, now):
            yield CodeStatement(code, own, _at_own_door(account, asked))
            if any(each.renews for each in asked):
                yield CodeStatement(
                    code, own, always(Answer.SHUT, rules.changed), "old"
                )
        if account.vendor == "livionkey":
            yield from _static(account, code, own)


def _rules(account: Account, asked: Asked) -> Rules:
    return OF_PERSONS if asked.kind == PERSON else RULES[account.vendor]


def _is_settled(account: Account, asked: Sequence[Asked], now: datetime) -> bool:
    """Say whether a door surely does what was asked; a visit needs its connection."""
    last, door = asked[-1], asked[-1].door
    by_link = account.vendor == "exivo" and asked[0].kind != PERSON
    if by_link and account.is_away(door, now):
        return False
    set_up = account.set_at is None or now >= account.set_at + DELIVERY
    return set_up and now >= account.settled(door, last.at)


def _alike(one: Sequence[Asked], other: Sequence[Asked]) -> bool:
    """Say whether two codes are of one contract, or are one code."""
    return (one[0].joins or one[0].code) == (other[0].joins or other[0].code)


def _static(account: Account, code: str, own: int) -> Iterator[CodeStatement]:
    """Yield what the static code of each slot does at a cabinet (LIV-04)."""
    out = account.holder(own) is not None
    said = always(keys.static_code(key_is_out=out), "LIV-04")
    yield CodeStatement(code, own, said, "static")
    yield CodeStatement(code, own, always(Answer.SHUT, "LIV-04"), "static elsewhere")


def latest(asked: Sequence[Asked], now: datetime) -> dict[str, list[Asked]]:
    """Return what was asked for each code until an instant, in order."""
    found: dict[str, list[Asked]] = {}
    for each in sorted(asked, key=lambda each: each.at):
        if each.at <= now:
            found.setdefault(each.code, []).append(each)
    return found


def _at_own_door(account: Account, asked: list[Asked]) -> Timeline:
    last = asked[-1]
    rules = _rules(account, asked[0])
    if last.times is None:
        said = always(Answer.SHUT, rules.deleted)
    elif last.off:
        said = always(Answer.SHUT, rules.changed)
    else:
        said = OPENS[account.vendor](account, last)
    if len(asked) > 1 and last.times and account.vendor != "livionkey":
        said = tuple(
            replace(each, rule=rules.changed) if each.rule == rules.window else each
            for each in said
        )
    if account.vendor == "nuki" and _was_there(account, last):
        said = tuple(
            replace(each, rule="NUK-08") if each.answer is Answer.OPEN else each
            for each in said
        )
    said = either_between(said, last.at, account.settled(last.door, last.at))
    for door, at in account.wrong if account.vendor == "igloohome" else ():
        if door == last.door:
            said = pins.locked_out(said, at)
    return said


def _was_there(account: Account, one: Asked) -> bool:
    """Say whether another code was made at its door after one there was deleted."""
    there = [each for each in account.asked if each.door == one.door]
    gone = [each.at for each in there if each.times is None]
    made = [each.at for each in there if each.code != one.code and each.times]
    return any(one.at < at < then for at in gone for then in made)


def _pin(account: Account, asked: Asked) -> Timeline:
    assert asked.times
    traits, drift = account.doors[asked.door], account.drift
    start, end = asked.times
    assert start
    used = account.opened(asked.code)
    said = pins.pin(traits, asked.kind, (start, end), used, RULES["igloohome"].window)
    if not drift:
        return said
    first, *rest = said
    return (
        replace(first, rule="IGL-01"),
        *(replace(each, since=each.since - drift, rule="IGL-01") for each in rest),
    )


def _schedule(account: Account, asked: Asked) -> Timeline:
    assert asked.times
    start, end = asked.times
    return schedules.schedule(start, end, asked.week, account.doors[asked.door].zone)


def _window(account: Account, asked: Asked) -> Timeline:
    assert asked.times
    start, end = asked.times
    assert start
    assert end
    traits, rule = account.doors[asked.door], _rules(account, asked).window
    if asked.week is not None:
        said = schedules.schedule(start, end, asked.week, traits.zone)
    else:
        made = VENDORS[traits.vendor](traits, start, end, start)
        assert made
        said = made.timeline()
    return tuple(replace(each, rule=rule) for each in said)


def _key(account: Account, asked: Asked) -> Timeline:
    """Return what a guest's code does: by where the key of its cabinet is."""
    contract = contract_of(account, asked)
    holder = account.holder(asked.door)
    if holder == asked.code:
        return keys.takes_back(contract)
    returned = any(
        use.code == asked.code and use.move == "return" for use in account.uses
    )
    said = keys.gives_out(contract, given_back=returned)
    if holder is None:
        return said
    return either_between(said, contract.start, contract.end)  # another has the key


def contract_of(account: Account, asked: Asked) -> Contract:
    """Return the contract that a cabinet was asked for."""
    assert asked.times
    start, end = asked.times
    assert start
    assert end
    return Contract(start, end, account.doors[asked.door].return_grace)


OPENS: Mapping[str, Callable[[Account, Asked], Timeline]] = {
    "igloohome": _pin,
    "nuki": _schedule,
    "exivo": _window,
    "livionkey": _key,
}
"""When a code of a vendor opens that was made for some times."""


def lists(account: Account, now: datetime) -> Iterator[ListStatement]:
    """Yield what is said at an instant of the list of each door.

    Nothing of a code that is being made, changed or deleted, or whose time is over.
    """
    rules = RULES[account.vendor]
    every = latest(account.asked, now).values()
    last = [each[-1] for each in every]
    settled = [each for each in last if account.settled(each.door, each.at) <= now]
    for door in range(len(account.doors)):
        here = [each for each in settled if each.door == door]
        must = {each.code for each in here if _is_good(each, now)}
        never = {each.code for each in here if each.times is None}
        own = [each for each in every if each[-1].door == door]
        never |= {
            each[0].code
            for each in every
            if each[-1] in settled and not any(_alike(each, other) for other in own)
        }
        rule = rules.deleted if never and not must else rules.window
        yield ListStatement(door, frozenset(must), frozenset(never), rule)


def _is_good(asked: Asked, now: datetime) -> bool:
    if asked.times is None:
        return False
    end = asked.times[1]
    return end is None or now < end
