"""When a key cabinet takes a key back, and when a key is late. Pure.

code                 in the contract         in the grace        afterwards    rule
the guest's own      open                    to return the key   shut          LIV-03
the slot's static    takes its key back, gives none out, at any time           LIV-04

A guest who has given the key back gets it no more in the grace period (LIV-03); whether
one who never had it gets it then is the vendor's affair: either. The second at which a
contract or the grace period ends is left open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from strikeplate.oracle.answers import EVER, INSTANT, Answer, Stretch, timeline

if TYPE_CHECKING:
    from strikeplate.oracle.answers import Timeline


@dataclass(frozen=True)
class Contract:
    """A guest's right to a key, and how long after its end the key is taken back."""

    start: datetime
    end: datetime
    grace: timedelta = timedelta()


def gives_out(contract: Contract, *, given_back: bool = False) -> Timeline:
    """Return when a guest's code opens the slot that holds the key."""
    after = contract.end + INSTANT
    over = contract.end + contract.grace + INSTANT
    may = contract.grace and not given_back
    rule = "LIV-03" if contract.grace else "LIV-02"
    return timeline(
        Stretch(EVER, Answer.SHUT, "LIV-01"),
        Stretch(contract.start, Answer.OPEN, "LIV-01"),
        Stretch(contract.end, Answer.EITHER, "LIV-02"),
        Stretch(after, Answer.EITHER if may else Answer.SHUT, rule),
        Stretch(over, Answer.SHUT, "LIV-02"),
    )


def takes_back(contract: Contract) -> Timeline:
    """Return when a guest's code opens the empty slot of the key that the guest has."""
    over = contract.end + contract.grace
    rule = "LIV-03" if contract.grace else "LIV-02"
    return timeline(
        Stretch(EVER, Answer.SHUT, "LIV-01"),
        Stretch(contract.start, Answer.OPEN, "LIV-01"),
        Stretch(contract.end, Answer.OPEN if contract.grace else Answer.EITHER, rule),
        Stretch(over, Answer.EITHER, rule),
        Stretch(over + INSTANT, Answer.SHUT, rule),
    )


def static_code(*, key_is_out: bool) -> Answer:
    """Return whether a slot's static code opens it, at any time (LIV-04)."""
    return Answer.OPEN if key_is_out else Answer.SHUT


def late_from(contract: Contract, delay: timedelta) -> datetime:
    """Return from when on a key that is still out must be reported (LIV-05)."""
    return contract.end + delay


def carries_static_code(contract: Contract, *, in_use: bool) -> bool:
    """Say whether a message must carry the slot's static code (LIV-08, LIV-09)."""
    return in_use and not contract.grace
