"""A keyed permutation of the numbers below left x right.

Invariants: without the key the order looks random; with it every number has one image
and one origin. Ten alternating Feistel rounds on two unequal halves, each round adding
a keyed hash (BLAKE2s as a MAC) of one half to the other, so nothing is ever tried
twice.
"""

from __future__ import annotations

from hashlib import blake2s
from struct import Struct

ROUNDS = 10
_pack = Struct(">I").pack
_unpack = Struct(">Q").unpack


class Permutation:
    """A bijection of range(left * right), fixed by its key (at most 32 bytes).

    Both loops are written out: a lock reads tens of thousands of PINs a second.
    """

    def __init__(self, key: bytes, left: int, right: int) -> None:
        self.size = left * right
        self._left = left
        self._right = right
        keyed = [
            blake2s(key=key, digest_size=8, person=b"round %d" % number)
            for number in range(ROUNDS)
        ]
        self._rounds = list(zip(keyed[::2], keyed[1::2], strict=True))
        self._undo = self._rounds[::-1]

    def image(self, number: int) -> int:
        """Return where the number goes."""
        a, b = divmod(number, self._right)
        for even, odd in self._rounds:
            mix = even.copy()
            mix.update(_pack(b))
            a = (a + _unpack(mix.digest())[0]) % self._left
            mix = odd.copy()
            mix.update(_pack(a))
            b = (b + _unpack(mix.digest())[0]) % self._right
        return a * self._right + b

    def origin(self, number: int) -> int:
        """Return the number whose image this is."""
        a, b = divmod(number, self._right)
        for even, odd in self._undo:
            mix = odd.copy()
            mix.update(_pack(a))
            b = (b - _unpack(mix.digest())[0]) % self._right
            mix = even.copy()
            mix.update(_pack(b))
            a = (a - _unpack(mix.digest())[0]) % self._left
        return a * self._right + b
