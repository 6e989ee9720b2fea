"""The codes that a lock has stored: a number, six digits, a name, a schedule each.

Invariants: the lock refuses what it cannot hold, and then nothing has changed. A code
is stored once. Codes come by radio; a deleted code leaves nothing behind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import IntEnum

from fakes.doors.schedule import Schedule

# Six digits from 1 to 9: the keypad has no 0. None starts with 12.
FORM = re.compile(r"(?!12)[1-9]{6}", re.ASCII)
FIRST_NUMBER = 4097


class Refusal(IntEnum):
    """The error codes that a lock answers by radio."""

    BAD_PARAMETER = 0x23
    UNKNOWN_NUMBER = 0x24
    FULL = 0x29
    TAKEN = 0x2A


class CodebookError(ValueError):
    """The lock refuses a command; nothing has changed."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.name.lower().replace("_", " "))
        self.refusal = refusal


@dataclass(frozen=True)
class StoredCode:
    """One stored code."""

    digits: str
    name: str
    schedule: Schedule = field(default_factory=Schedule)
    enabled: bool = True


@dataclass
class Codebook:
    """The codes of one lock, by the number that the lock gave them."""

    capacity: int
    codes: dict[int, StoredCode] = field(default_factory=dict)
    next_number: int = FIRST_NUMBER

    def number_of(self, digits: str) -> int | None:
        """Return the number under which the digits are stored."""
        return next(
            (number for number, code in self.codes.items() if code.digits == digits),
            None,
        )

    def add(self, code: StoredCode) -> int:
        """Store a code and return its number."""
        self._check(code, own=None)
        if len(self.codes) >= self.capacity:
            raise CodebookError(Refusal.FULL)
        number = self.next_number
        self.next_number += 1
        self.codes[number] = code
        return number

    def change(self, number: int, code: StoredCode) -> None:
        """Overwrite a code as a whole."""
        if number not in self.codes:
            raise CodebookError(Refusal.UNKNOWN_NUMBER)
        self._check(code, own=number)
        self.codes[number] = code

    def drop(self, number: int) -> None:
        """Delete a code."""
        if self.codes.pop(number, None) is None:
            raise CodebookError(Refusal.UNKNOWN_NUMBER)

    def _check(self, code: StoredCode, *, own: int | None) -> None:
        if not FORM.fullmatch(code.digits):
            raise CodebookError(Refusal.BAD_PARAMETER)
        if self.number_of(code.digits) not in {None, own}:
            raise CodebookError(Refusal.TAKEN)
