"""The owner is not told of an extension that is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.use_cases import plan_messages

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-15"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = plan_messages._troubles  # noqa: SLF001 - what the fault patches

    def troubles(ctx: Any, held: Any) -> Any:
        return real(ctx, [each for each in held if not each.behind])

    patch.setattr(plan_messages, "_troubles", troubles)
