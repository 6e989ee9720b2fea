"""Webhooks: a signature is right, of now, and by a secret that counts."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from service.store import connections
from tests.service.web.conftest import event, signed

if TYPE_CHECKING:
    from tests.service.web.conftest import ApiClient

FORGED: dict[str, dict[str, str]] = {
    "missing": {"webhook-signature": ""},
    "forged": {"webhook-signature": "v1,Zm9yZ2VkZm9yZ2VkZm9yZ2VkZm9yZ2VkZm9yZ2VkZm8="},
    "no base64": {"webhook-signature": "v1,***"},
    "no version": {"webhook-signature": "Zm9yZ2Vk"},
    "other version": {"webhook-signature": "v9,Zm9yZ2Vk"},
    "many commas": {"webhook-signature": "v1,,,"},
    "not ASCII": {"webhook-signature": "v1,åäö"},
    "other id": {"webhook-id": "msg_2"},
    "no timestamp": {"webhook-timestamp": ""},
    "a word for a timestamp": {"webhook-timestamp": "yesterday"},
    "nan": {"webhook-timestamp": "nan"},
    "huge": {"webhook-timestamp": "9" * 400},
}


@pytest.mark.parametrize("headers", FORGED.values(), ids=FORGED)
def test_a_wrong_signature_is_refused(api: ApiClient, headers: dict[str, str]) -> None:
    answer = api.send(api.ready(), event(), headers)
    assert answer.status_code == 401
    assert api.get("/api/events")["items"] == []


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_or_a_future_signature_is_refused(api: ApiClient, minutes: int) -> None:
    connection = api.ready()
    payload = event()
    body = json.dumps(payload).encode()
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    headers = signed(connection["webhook_secret"], body, at)
    answer = api.send(connection, payload, headers)
    assert answer.status_code == 401
    assert "5 minutes" in answer.text


def test_one_right_signature_among_others_is_enough(api: ApiClient) -> None:
    connection = api.ready()
    body = json.dumps(event()).encode()
    right = signed(connection["webhook_secret"], body)["webhook-signature"]
    headers = {"webhook-signature": f"v1,*** v1a,xyz nonsense {right}"}
    assert api.send(connection, body, headers).status_code == 202


def test_a_rotated_secret_signs_at_once_and_the_old_one_for_a_day(
    api: ApiClient,
) -> None:
    connection = api.ready()
    path = f"/api/connections/{connection['id']}/rotate-secret"
    new = api.call("POST", path).json["webhook_secret"]
    assert api.send(connection, event()).status_code == 202
    assert api.send(connection | {"webhook_secret": new}, event()).status_code == 202
    past = {"old_secret_until": datetime.now(UTC)}
    store = api.env.service.deps.store
    store.write(lambda tx: connections.change(tx, connection["id"], **past))
    api.call("PATCH", f"/api/connections/{connection['id']}", json={"name": "Club"})
    assert api.send(connection, event()).status_code == 401


def test_secret_that_was_rotated_twice_is_worth_nothing(api: ApiClient) -> None:
    first = api.ready()
    path = f"/api/connections/{first['id']}/rotate-secret"
    second = api.call("POST", path).json
    third = api.call("POST", path).json
    assert api.send(first, event()).status_code == 401
    for each in (second, third):
        assert api.send(each, event()).status_code == 202
