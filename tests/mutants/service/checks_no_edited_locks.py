"""A rule is checked when it is made, and not when its locks are edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.web.api import rules

if TYPE_CHECKING:
    import pytest

    from service.store.rules import StoredRule

on = "service"
breaks = {"NUK-01"}
also = {"EXV-01"}


class Unchecked(dict[str, Any]):
    """Changes whose locks are shown to nobody who asks for them by name."""

    def get(self, _name: str, other: Any = None) -> Any:
        """Return what stands for a change that is not there."""
        return other


def apply(patch: pytest.MonkeyPatch) -> None:
    real = rules._changes  # noqa: SLF001 - what the fault patches

    def unchecked(body: rules.RuleChange, before: StoredRule) -> dict[str, Any]:
        return Unchecked(real(body, before))

    patch.setattr(rules, "_changes", unchecked)
