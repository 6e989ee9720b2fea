"""Two lists that lack a code count, however many had it in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.use_cases import watch_locks

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-13"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = watch_locks.accesses

    class Accesses:
        def __getattr__(self, name: str) -> Any:
            return getattr(real, name)

        @staticmethod
        def change(tx: Any, access: str, **values: Any) -> None:
            if values != {"unseen": 0}:
                real.change(tx, access, **values)

    patch.setattr(watch_locks, "accesses", Accesses())
