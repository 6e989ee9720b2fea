"""Variants: the different codes that one lock has for one window (IGL-12).

Invariants: two accesses of one lock and one window never share a variant while either
can open the door. A cancelled code that cannot be revoked counts until its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain.errors import NoVariant

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import tzinfo

    from service.domain.windows import Window


def free_variant(
    window: Window, taken: Collection[int], *, count: int, zone: tzinfo
) -> int:
    """Return the lowest variant, from 1 to `count`, that is not taken.

    `taken` holds the variants of every other access of this lock and window that
    may have a code. Raise `NoVariant` where none is left.
    """
    for variant in range(1, count + 1):
        if variant not in taken:
            return variant
    start = window.start.astimezone(zone).isoformat(sep=" ", timespec="minutes")
    until = "without an end"
    if window.end is not None:
        end = window.end.astimezone(zone).isoformat(sep=" ", timespec="minutes")
        until = f"until {end}"
    raise NoVariant(
        f"all {count} {window.kind} codes that the lock has from {start} {until} are "
        "given away; cancelled ones count, since they still open the door"
    )
