"""A token that may read locks may write codes as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flask

from fakes.vendors.nuki.routes import auths

if TYPE_CHECKING:
    import pytest

    from fakes.kit.world import World

on = "vendor"
breaks = {"NUK-12"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = auths.allow

    def trusting(*scopes: str) -> World:
        reads = flask.request.method == "GET"
        return real(*scopes) if reads else real(*scopes, "smartlock.readOnly")

    patch.setattr(auths, "allow", trusting)
