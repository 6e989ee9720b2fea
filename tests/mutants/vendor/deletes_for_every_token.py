"""The call that deletes many codes takes any token, whatever its permissions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flask

from fakes.vendors.nuki.routes import auths
from fakes.vendors.nuki.state import SCOPES

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"NUK-12"}


def apply(patch: pytest.MonkeyPatch) -> None:
    strict = auths.allow

    def lenient(*scopes: str) -> Any:
        many = flask.request.path.endswith("/smartlock/auth")
        deletes = many and flask.request.method == "DELETE"
        return strict(*(SCOPES if deletes else scopes))

    patch.setattr(auths, "allow", lenient)
