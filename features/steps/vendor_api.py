"""The common part of the clients with which steps call a vendor's server themselves.

The module of each vendor has its own client, as a fixture named like the vendor.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from pytest_bdd import when

from strikeplate.http import call_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strikeplate.context import ScenarioContext
    from strikeplate.http import Answer


class VendorClient(ABC):
    """A client of one vendor's API, which keeps what it has ordered."""

    NAME = "strikeplate"

    def __init__(self, ctx: ScenarioContext, answers: list[Answer]) -> None:
        self.ctx = ctx
        self.answers = answers

    @abstractmethod
    def revoke(self) -> None:
        """Ask the vendor to revoke the code that was made last."""

    @abstractmethod
    def locks(self) -> Mapping[str, str]:
        """Return the name of each lock of the account, by its id."""

    @property
    def base(self) -> str:
        """The path of the vendor's API."""
        return urlsplit(self.ctx.environment.credentials["api_url"]).path.rstrip("/")

    def call(
        self,
        method: str,
        path: str,
        data: object,
        headers: dict[str, str],
        *,
        shown: bool = True,
    ) -> Answer:
        """Return the answer to a call; the transcript has its bodies if `shown`.

        `path` is one of the API's server, or an address of another.
        """
        now, add = self.ctx.environment.now, self.ctx.transcript.add
        fakes = self.ctx.target_context.fakes
        server = fakes.caller_of(path) if "://" in path else fakes.vendors
        path = urlsplit(path)._replace(scheme="", netloc="").geturl()
        answer = call_json(server, method, path, data, headers)
        add("caller", f"{method} {path}", at=now, data=data if shown else None)
        payload = answer.json() if shown else None
        add("vendor", f"answers {answer.status}", at=now, data=payload)
        self.answers.append(answer)
        return answer


@pytest.fixture
def client(request: pytest.FixtureRequest, vendor: str) -> VendorClient:
    """Return the client of the scenario's vendor."""
    found: VendorClient = request.getfixturevalue(vendor)
    return found


@when("the vendor is asked to revoke the code")
def asked_to_revoke(client: VendorClient) -> None:
    client.revoke()
