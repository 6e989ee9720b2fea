"""A world with an Exivo site, at two in the afternoon in Zurich."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fakes.kit.app import Options, create_app
from tests.fakes.vendors.exivo.site import CONTROL, Site

if TYPE_CHECKING:
    from flask import Flask

    from fakes.kit.webhooks import Outgoing


@pytest.fixture(scope="session")
def sent() -> list[Outgoing]:
    """Every event that left, from whatever world."""
    return []


@pytest.fixture(scope="session")
def app(sent: list[Outgoing]) -> Flask:
    def receive(outgoing: Outgoing) -> int:
        sent.append(outgoing)
        return 500 if outgoing.url.endswith("/broken") else 200

    return create_app(Options(control_token=CONTROL), send=receive)


@pytest.fixture
def site(app: Flask, sent: list[Outgoing]) -> Site:
    sent.clear()
    return Site(app)
