"""Whoever guesses keys and tokens waits, and nobody who has one waits for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from service.store import connections
from service.web.caller import MINUTE, MOST, GuessLimit
from service.web.validation import Problem
from tests.service.web.conftest import event

if TYPE_CHECKING:
    from tests.service.web.conftest import ApiClient


def guess(api: ApiClient, number: int) -> tuple[int, ...]:
    """Return the answers to a token and two keys that nobody has."""
    headers = {"Authorization": f"Bearer guess-{number}"}
    return (
        api.client.get("/api/accesses", headers=headers).status_code,
        api.client.post(f"/webhooks/guess-{number}", json={}).status_code,
        api.client.post(f"/vendor-events/guess-{number}", json={}).status_code,
    )


def test_address_that_guesses_too_often_waits(api: ApiClient) -> None:
    answers = {guess(api, number) for number in range(MOST // 3)}
    assert answers == {(401, 404, 404)}
    assert guess(api, MOST) == (429, 429, 429)
    refused = api.client.post("/webhooks/nobody", json={})
    assert 1 <= int(refused.headers["Retry-After"]) <= MINUTE + 1


def test_who_has_a_key_or_the_token_waits_for_nobody_who_guesses(
    api: ApiClient,
) -> None:
    connection = api.ready()
    assert api.send(connection, event()).status_code == 202
    for number in range(MOST):
        guess(api, number)
    assert api.send(connection, event()).status_code == 202
    assert api.call("GET", "/api/accesses").status_code == 200


def test_guess_that_is_refused_costs_no_look_into_the_store(
    api: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    real = connections.by_key

    def by_key(tx: object, key: str) -> object:
        looked.append(key)
        return real(tx, key)

    monkeypatch.setattr(connections, "by_key", by_key)
    for number in range(MOST + 5):
        api.client.post(f"/webhooks/guess-{number}", json={})
    assert len(looked) == MOST


def test_guesses_are_forgiven_after_a_minute_and_counted_by_address() -> None:
    at = [0.0]
    limit = GuessLimit(lambda: at[0])

    def wrong(address: str) -> str:
        with (
            pytest.raises((LookupError, Problem)) as refused,
            limit.attempt(address, "x"),
        ):
            raise LookupError("none")
        return type(refused.value).__name__

    assert {wrong("a") for _ in range(MOST)} == {"LookupError"}
    assert (wrong("a"), wrong("b")) == ("Problem", "LookupError")
    at[0] = MINUTE
    assert wrong("a") == "LookupError"
