"""A world with an igloohome account, at nine in the morning in December."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fakes.kit.app import Options, create_app
from tests.fakes.vendors.igloohome.account import CONTROL, Account

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
        return 500 if outgoing.url.endswith("/broken") else 200

    return create_app(Options(control_token=CONTROL), send=receive)


@pytest.fixture
def account(app: Flask, sent: list[Outgoing]) -> Account:
    sent.clear()
    return Account(app)


@pytest.fixture
def gate(account: Account) -> dict[str, Any]:
    return account.add_door("Gate")


@pytest.fixture
def bridge(account: Account, gate: dict[str, Any]) -> dict[str, Any]:
    return account.add_door("Bridge", kind="bridge", locks=[gate["id"]])
