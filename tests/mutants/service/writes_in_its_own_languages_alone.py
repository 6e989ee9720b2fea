"""A text in a language that the service itself does not have is never used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain.messages import language_for
from service.use_cases import send_message

if TYPE_CHECKING:
    from collections.abc import Collection

    import pytest

on = "service"
breaks = {"MSG-03"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def known_to_us(wanted: str | None, own: Collection[str] = ()) -> str:
        del own
        return language_for(wanted)

    patch.setattr(send_message, "language_for", known_to_us)
