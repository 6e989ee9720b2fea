"""PINs that carry their own window: written by the cloud, read by the lock, offline.

Invariants: a PIN is a number, start x meanings + rank, sent through a permutation keyed
with the lock's secret; so each PIN has exactly one meaning, and reading needs no
search. Nine digits hold hourly and daily PINs, seven hold one-time and permanent ones;
the length tells them apart and leading zeros count. The true algorithm is the vendor's
secret: this one stands in for it, and keeps its published limits.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from fakes.doors.feistel import Permutation


@dataclass(frozen=True)
class PinKind:
    """One kind of PIN, with its durations and variances."""

    name: str
    digits: int
    durations: range  # in units; a permanent PIN has one duration, without an end
    hours_per_unit: int
    variances: range


KINDS = {
    kind.name: kind
    for kind in (
        #    name         digits  durations        hours  variances
        PinKind("hourly",    9,      range(1, 673),   1,     range(1, 4)),
        PinKind("daily",     9,      range(29, 368),  24,    range(1, 4)),
        PinKind("onetime",   7,      range(1, 2),     24,    range(1, 6)),
        PinKind("permanent", 7,      range(1, 2),     0,     range(1, 6)),
    )
}  # fmt: skip
LENGTHS = (9, 7)
HALVES = {9: (10**4, 10**5), 7: (10**3, 10**4)}

# All meanings of a PIN of a length besides its start: 3033 with nine digits, 10 with
# seven. The index in the list is the rank.
SAYINGS = {
    length: [
        (kind.name, duration, variance)
        for kind in KINDS.values()
        if kind.digits == length
        for duration in kind.durations
        for variance in kind.variances
    ]
    for length in LENGTHS
}
STARTS = {length: 10**length // len(SAYINGS[length]) for length in LENGTHS}
_RANKS = {
    saying: rank for sayings in SAYINGS.values() for rank, saying in enumerate(sayings)
}


class PinMeaning(NamedTuple):
    """The meaning of a PIN; its start is in hours of the lock's clock.

    `variance` (from 1) tells PINs of the same lock and window apart.
    """

    kind: str
    start: int
    duration: int
    variance: int

    @property
    def end(self) -> int | None:
        """The first hour after its end; None for a permanent one."""
        hours = KINDS[self.kind].hours_per_unit
        return self.start + self.duration * hours if hours else None


class AlgoPin:
    """The codec of one lock, from the secret that lock and cloud share.

    `epoch` counts how often all PINs were reset at the lock: each reset is a new key.
    """

    def __init__(self, secret: str, epoch: int) -> None:
        self._permutations = {
            length: Permutation(_key(secret, epoch, length), *HALVES[length])
            for length in LENGTHS
        }

    def write(self, meaning: PinMeaning) -> str:
        """Return the PIN of a meaning, which must lie in its kind's limits."""
        kind, start, duration, variance = meaning
        length = KINDS[kind].digits
        rank = _RANKS[kind, duration, variance]
        number = start % STARTS[length] * len(SAYINGS[length]) + rank
        return f"{self._permutations[length].image(number):0{length}d}"

    def read(self, pin: str, *, near: int) -> PinMeaning | None:
        """Return the meaning of the PIN, or None if it has none.

        Starts repeat after 37 years (nine digits) or 114 (seven); of those the one
        nearest to the hour `near` is meant.
        """
        length = len(pin)
        number = self._permutations[length].origin(int(pin))
        start, rank = divmod(number, len(SAYINGS[length]))
        period = STARTS[length]
        if start >= period:
            return None
        kind, duration, variance = SAYINGS[length][rank]
        ahead = (start - near + period // 2) % period - period // 2
        return PinMeaning(kind, near + ahead, duration, variance)


def _key(secret: str, epoch: int, length: int) -> bytes:
    label = b"%d digits, epoch %d" % (length, epoch)
    return hmac.digest(secret.encode(), label, "sha256")


@lru_cache(maxsize=4096)
def codec(secret: str, epoch: int) -> AlgoPin:
    """Return the codec of a secret, cached, since the key setup is slow."""
    return AlgoPin(secret, epoch)
