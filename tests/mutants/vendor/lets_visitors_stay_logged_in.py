"""Who has logged in on the page of a visit opens its doors after its end as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.exivo import visitors
from fakes.vendors.exivo.page import routes

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from fakes.kit.world import World
    from fakes.vendors.exivo.state import Visit

on = "vendor"
breaks = {"EXV-04", "EXV-06"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real, refusal = visitors.ended, routes._refusal  # noqa: SLF001 - patched

    def unless_logged_in(world: World, visit: Visit) -> str | None:
        within = routes._logged_in(world, visit)  # noqa: SLF001 - patched
        return None if within else refusal(world, visit)

    def revoked(visit: Visit, now: datetime) -> str | None:
        reason = real(visit, now)
        return None if reason == "over" and visit.sessions else reason

    patch.setattr(routes, "_refusal", unless_logged_in)
    patch.setattr(visitors, "ended", revoked)
