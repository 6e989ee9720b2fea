"""A world with a Nuki account, at noon on a Tuesday in December."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fakes.kit.app import Options, create_app
from tests.fakes.vendors.nuki.account import CONTROL, Account

if TYPE_CHECKING:
    from flask import Flask

    from fakes.kit.webhooks import Outgoing


@pytest.fixture(scope="session")
def sent() -> list[Outgoing]:
    """Every webhook that left, by whatever world."""
    return []


@pytest.fixture(scope="session")
def app(sent: list[Outgoing]) -> Flask:
    def receive(outgoing: Outgoing) -> int:
        sent.append(outgoing)
        return 500 if outgoing.url.endswith("/broken") else 204

    return create_app(Options(control_token=CONTROL), send=receive)


@pytest.fixture
def account(app: Flask, sent: list[Outgoing]) -> Account:
    sent.clear()
    return Account(app)
