"""A property with LivionKey, at nine in the morning in December."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fakes.kit.app import Options, create_app
from tests.fakes.vendors.livionkey.tenant import CONTROL, Tenant

if TYPE_CHECKING:
    from flask import Flask

    from fakes.kit.webhooks import Outgoing


@pytest.fixture(scope="session")
def sent() -> list[Outgoing]:
    """Every webhook that left, by whatever world."""
    return []


@pytest.fixture(scope="session")
def replies() -> list[int]:
    """List what the receiver answers next; after that it says 200."""
    return []


@pytest.fixture(scope="session")
def app(sent: list[Outgoing], replies: list[int]) -> Flask:
    def receive(outgoing: Outgoing) -> int:
        sent.append(outgoing)
        return replies.pop(0) if replies else 200

    return create_app(Options(control_token=CONTROL), send=receive)


@pytest.fixture
def tenant(app: Flask, sent: list[Outgoing], replies: list[int]) -> Tenant:
    sent.clear()
    replies.clear()
    return Tenant(app, sent)
