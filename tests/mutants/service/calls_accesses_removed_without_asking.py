"""What the owner removes is called removed, and the vendor is never asked.

A booking that moves later has a code in the lock beside the new one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.domain.access import Status
from service.use_cases import manual_code

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-09"}
also = {"CON-11"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = manual_code._ended  # noqa: SLF001 - what the fault patches

    def unasked(*which: Any, **how: bool) -> dict[str, object]:
        values = real(*which, **how)
        if values.get("due_at") is None:
            return values
        return values | {"status": Status.REMOVED, "due_at": None}

    patch.setattr(manual_code, "_ended", unasked)
