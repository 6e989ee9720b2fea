"""PINs that we choose, for locks that take what they are given (NUK-02).

Invariants: pure; chance comes in as an argument. A PIN has the form that the keypad
takes and is not one that the lock has already.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from service.domain.errors import NoPin

if TYPE_CHECKING:
    from collections.abc import Callable

TRIES: Final = 200


@dataclass(frozen=True, slots=True)
class PinForm:
    """`length` of these `digits`; none begins as those in `not_starting` do."""

    length: int
    digits: str
    not_starting: tuple[str, ...] = ()

    def fits(self, pin: str) -> bool:
        """Tell whether the keypad takes this PIN."""
        plain = len(pin) == self.length and set(pin) <= set(self.digits)
        return plain and not pin.startswith(self.not_starting)


def free_pin(
    form: PinForm, draw: Callable[[int], int], taken: Callable[[str], bool]
) -> str:
    """Return a PIN of the form that is not taken; `draw(n)` is a number under n.

    Raise `NoPin` where chance finds none, which means that most are given away.
    """
    for _ in range(TRIES):
        pin = "".join(form.digits[draw(len(form.digits))] for _ in range(form.length))
        if form.fits(pin) and not taken(pin):
            return pin
    raise NoPin(
        f"{TRIES} PINs were drawn and the lock has them all; delete codes that are no "
        "longer needed"
    )
