"""A message about several keys names the first one's static code for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.use_cases import send_message

if TYPE_CHECKING:
    import pytest

    from service.domain.messages import Door

on = "service"
breaks = {"LIV-08"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real, locks = send_message._door, send_message.locks  # noqa: SLF001 - patched

    def by_the_first(tx: Any, access: Any, lock: Any, name: str, about: Any) -> Door:
        every = locks.of_connection(tx, lock.connection_id)
        coded = [each for each in every if each.sealed_return_code]
        first = min(coded, key=lambda each: each.id) if ", " in name else lock
        return real(tx, access, first, name, about)

    patch.setattr(send_message, "_door", by_the_first)
