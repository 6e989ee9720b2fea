"""What a Nuki keypad takes: which PINs, and how a code may be called.

Invariants: pure. Six digits from 1 to 9, since the keypad has no 0; none begins with
12.
"""

from __future__ import annotations

from typing import Final

from service.domain.access import PinForm

FORM: Final = PinForm(length=6, digits="123456789", not_starting=("12",))
LONGEST_NAME: Final = 20
CAPACITY: Final = 100


def label(text: str) -> str:
    """Return the text as the lock stores it: one line of at most 20 bytes."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    short = " ".join(printable.split()).encode()[:LONGEST_NAME]
    return short.decode(errors="ignore").strip() or "access"
