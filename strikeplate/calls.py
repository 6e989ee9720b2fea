"""The calls that a vendor received, and what a test says of them.

    world.calls("nuki", "PUT", "/smartlock/*/auth").exactly(1)
    world.calls("nuki", "DELETE").never()
    world.calls("nuki").in_order("PUT /smartlock/*/auth", "GET /smartlock/*/auth")

A list, in order. What is not so raises AssertionError, which lists the calls that were
made instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SHOWN = 20
"""The last calls that a failure lists; older ones are counted."""


@dataclass(frozen=True)
class Call:
    """A call that a vendor received: its path is the vendor's own, without query."""

    vendor: str
    method: str
    path: str
    status: int | None
    """None if the caller got no answer."""

    request: Any  # JSON has no narrower type
    answer: Any

    def __str__(self) -> str:
        """Return one line without bodies."""
        seen = "no answer" if self.status is None else self.status
        return f"{self.vendor} {self.method} {self.path}: {seen}"


class Calls(list[Call]):
    """The calls that fit a vendor, a method and a path, each with `*` for any."""

    def __init__(
        self, every: Sequence[Call], vendor: str, method: str, path: str
    ) -> None:
        wanted = (vendor, method, path)
        super().__init__(
            call
            for call in every
            if all(map(fnmatchcase, (call.vendor, call.method, call.path), wanted))
        )
        self._every = every
        self._wanted = " ".join(wanted)

    def exactly(self, count: int) -> None:
        """Hold that there were so many of them, no fewer and no more."""
        if len(self) != count:
            shown = self if len(self) > count else self._every
            raise AssertionError(
                f"{_times(count)} of {self._wanted} expected, there were {len(self)}; "
                f"{_listed(shown)}"
            )

    def never(self) -> None:
        """Hold that there was none of them."""
        self.exactly(0)

    def in_order(self, *wanted: str) -> None:
        """Hold that calls like "PUT /smartlock/*/auth" came in this order.

        Others of these calls may lie before, between and after them.
        """
        found = [f"{call.method} {call.path}" for call in self]
        start = 0
        for number, each in enumerate(wanted, 1):
            places = range(start, len(found))
            place = next((at for at in places if fnmatchcase(found[at], each)), None)
            if place is None:
                after = f" after {wanted[number - 2]!r}" if number > 1 else ""
                raise AssertionError(
                    f"no call {each!r}{after} (number {number} of {len(wanted)}); "
                    f"{_listed(self or self._every)}"
                )
            start = place + 1


def _times(count: int) -> str:
    return "1 call" if count == 1 else f"{count} calls"


def _listed(calls: Iterable[Call]) -> str:
    lines = [str(call) for call in calls]
    if not lines:
        return "no vendor was called"
    older = len(lines) - SHOWN
    first = [f"({older} older ones)"] if older > 0 else []
    return "\n  ".join(["these were made:", *first, *lines[-SHOWN:]])
