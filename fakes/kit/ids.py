"""Seeded streams of ids: the only source of randomness in the fakes.

Invariants: draw number n of a stream is HMAC-SHA256(seed, stream, n), so streams do not
affect each other, and a snapshot needs the counters only.
"""

from __future__ import annotations

import hmac
import string
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Sequence

LOWER = string.ascii_lowercase + string.digits
MIXED = string.ascii_letters + string.digits


def derive(seed: str, *parts: object) -> bytes:
    """Return 32 bytes that depend on the seed and the parts only."""
    label = "\x1f".join(str(part) for part in parts)
    return hmac.digest(seed.encode(), label.encode(), "sha256")


def spell(drawn: bytes, size: int, alphabet: Sequence[str]) -> str:
    """Return `size` letters of the alphabet, made from the drawn bytes.

    32 bytes carry 49 letters of a 36-letter alphabet; longer words are stretched.
    """
    while len(drawn) * 5 < size * 4:
        drawn += derive(drawn.hex(), "more")
    number = int.from_bytes(drawn, "big")
    letters = []
    for _ in range(size):
        number, rest = divmod(number, len(alphabet))
        letters.append(alphabet[rest])
    return "".join(letters)


def as_uuid(drawn: bytes) -> str:
    """Return a version 4 UUID, made from the drawn bytes."""
    return str(UUID(bytes=drawn[:16], version=4))


class Ids:
    """The id streams of one world, by name."""

    def __init__(self, seed: str, counters: dict[str, int] | None = None) -> None:
        self.seed = seed
        self.counters = dict(counters or {})

    def ordinal(self, stream: str) -> int:
        """Return 1, 2, 3 ... by stream."""
        count = self.counters.get(stream, 0) + 1
        self.counters[stream] = count
        return count

    def draw(self, stream: str) -> bytes:
        """Return the next 32 bytes of the stream."""
        return derive(self.seed, stream, self.ordinal(stream))

    def name(self, stream: str) -> str:
        """Return `stream-1`, `stream-2` ...: short names, unique in the world."""
        return f"{stream}-{self.ordinal(stream)}"

    def below(self, stream: str, bound: int) -> int:
        """Return an integer in [0, bound)."""
        return int.from_bytes(self.draw(stream), "big") % bound

    def chance(self, stream: str) -> float:
        """Return a number in [0, 1)."""
        return self.below(stream, 2**53) / 2**53

    def hex(self, stream: str, size: int) -> str:
        """Return `size` lower-case hexadecimal digits."""
        return spell(self.draw(stream), size, "0123456789abcdef")

    def digits(self, stream: str, size: int) -> str:
        """Return `size` decimal digits, leading zeros kept."""
        return spell(self.draw(stream), size, string.digits)

    def word(self, stream: str, size: int, alphabet: str = MIXED) -> str:
        """Return `size` letters and digits, as for a token."""
        return spell(self.draw(stream), size, alphabet)

    def uuid(self, stream: str) -> str:
        """Return a version 4 UUID."""
        return as_uuid(self.draw(stream))
