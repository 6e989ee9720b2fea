"""What a vendor reports of its codes, doors and keys, to webhooks and to people. Pure.

vendor      reports to its webhook                            rule
nuki        a code that the lock has, has no more             NUK-02 NUK-03
exivo       a door that somebody has opened                   EXV-04
livionkey   a contract that was made or changed               LIV-01
            a key that was taken, came back, is late          LIV-07 LIV-06 LIV-05

What LivionKey shows of a key, when it is asked, is what it reported last of it. The
manager of a LivionKey account is told by mail of keys that came back and of those
that are late: once for each end of a contract. igloohome reports nothing of a PIN.

A vendor has five minutes for a report. One may come twice where a source calls that
normal or is silent: then `at_most` is nothing. The last one of a code shows what was
asked for last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from strikeplate.oracle.codes import Account, Asked, latest
from strikeplate.oracle.events import DELIVERY
from strikeplate.oracle.keys import Contract, late_from

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime, timedelta

    from strikeplate.oracle.codes import Use

What = Literal["code", "deleted code", "taken", "returned", "late", "opened"]


@dataclass(frozen=True)
class ReportStatement:
    """How often something must have been reported, of a code or of a whole door."""

    what: What
    door: int
    code: str
    at_least: int
    at_most: int | None
    rule: str
    times: tuple[datetime | None, datetime | None] | None = None
    """What the last report must show."""


@dataclass(frozen=True)
class KeyStatement:
    """Whether a vendor must show the key of a cabinet as out."""

    door: int
    out: bool
    rule: str


def keys(account: Account, now: datetime) -> Iterator[KeyStatement]:
    """Yield what a LivionKey account must show of each key that was moved."""
    for door in range(len(account.doors) if account.vendor == "livionkey" else 0):
        here = [use for use in account.uses if _door(account, use.code) == door]
        last = next((use for use in reversed(here) if use.move), None)
        if last and account.settled(door, last.at) <= now:
            out = last.move == "take"
            yield KeyStatement(door, out, "LIV-07" if out else "LIV-06")


def reports(
    account: Account, now: datetime, delay: timedelta
) -> Iterator[ReportStatement]:
    """Yield what must have arrived at the vendor's webhook by an instant."""
    if account.vendor in {"nuki", "livionkey"}:
        for code, asked in latest(account.asked, now).items():
            if account.settled(asked[-1].door, asked[-1].at) <= now:
                yield from _of_code(account.vendor, code, asked)
    if account.vendor == "livionkey":
        for code in latest(account.asked, now):
            taken = [
                use.at for use in account.uses if (use.code, use.move) == (code, "take")
            ]
            door = _door(account, code)
            least = _settled(account, door, taken, now)
            yield ReportStatement("taken", door, code, least, len(taken), "LIV-07")
        yield from notices(account, now, delay)
    if account.vendor == "exivo":
        for door in range(len(account.doors)):
            opened = [
                use.at for use in account.uses if _door(account, use.code) == door
            ]
            most = None if opened else 0
            least = _settled(account, door, opened, now)
            yield ReportStatement("opened", door, "", least, most, "EXV-04")


def _settled(
    account: Account, door: int, instants: Sequence[datetime], now: datetime
) -> int:
    """Return how many of some instants are so long ago that they were reported."""
    return sum(account.settled(door, at) <= now for at in instants)


def _of_code(
    vendor: str, code: str, asked: Sequence[Asked]
) -> Iterator[ReportStatement]:
    made = [each for each in asked if each.times]
    rule, door = "NUK-02" if vendor == "nuki" else "LIV-01", asked[-1].door
    yield ReportStatement("code", door, code, len(made), None, rule, made[-1].times)
    if vendor == "nuki":
        gone = int(asked[-1].times is None)
        most = None if gone else 0
        yield ReportStatement("deleted code", door, code, gone, most, "NUK-03")


def notices(
    account: Account, now: datetime, delay: timedelta
) -> Iterator[ReportStatement]:
    """Yield how often a manager must have been told of each key by an instant."""
    for door in range(len(account.doors)):
        here = [use for use in account.uses if _door(account, use.code) == door]
        back = [use.at for use in here if use.move == "return"]
        least = _settled(account, door, back, now)
        yield ReportStatement("returned", door, "", least, len(back), "LIV-06")
    for code, asked in latest(account.asked, now).items():
        least = most = 0
        for due in _due(account, code, asked, delay):
            least += due + DELIVERY <= now
            most += due <= now
        door = _door(account, code)
        yield ReportStatement("late", door, code, least, most, "LIV-05")


def _due(
    account: Account, code: str, asked: Sequence[Asked], delay: timedelta
) -> Iterator[datetime]:
    """Yield when a key of a contract was late: out, for each end that was in force."""
    for each, then in zip(asked, [*asked[1:], None], strict=True):
        end = each.times and each.times[1]
        if not end:
            continue
        due = late_from(Contract(end, end), delay)
        if then is not None and then.at <= due:
            continue
        if _is_out(account.uses, code, due):
            yield due


def _is_out(uses: Sequence[Use], code: str, at: datetime) -> bool:
    moves = [use.move for use in uses if use.code == code and use.move and use.at < at]
    return moves[-1:] == ["take"]


def _door(account: Account, code: str) -> int:
    return next(each.door for each in account.asked if each.code == code)
