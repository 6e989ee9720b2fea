"""Nuki's own messages hurry the service, and strangers' do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.contracts.nuki.room import END
from tests.contracts.nuki.room import START

if TYPE_CHECKING:
    from tests.contracts.premises import Premises


def register_hook(place: Premises) -> None:
    """Have Nuki tell the service, and the service know the secret."""
    key = place.connection["webhook_url"].rpartition("/")[2]
    given = place.site.world["credentials"]["nuki"]
    hook = place.site.http.put(
        f"{given['api_url']}/api/decentralWebhook",
        json={
            "webhookUrl": f"https://service/vendor-events/{key}",
            "webhookFeatures": ["DEVICE_AUTHS", "DEVICE_STATUS"],
        },
        headers={"Authorization": f"Bearer {given['api_token']}"},
    ).json()
    secret = {"webhook_secret": hook["secret"]}
    place.api("PATCH", place.path, credentials=secret)


@pytest.mark.usefixtures("door")
@pytest.mark.parametrize(
    ("signature", "minutes"), [("right", 61), ("wrong", 75), ("absent", 75)]
)
def test_lock_system_that_says_it_is_done_is_heard_at_once_if_it_is_the_one(
    place: Premises, signature: str, minutes: int
) -> None:
    register_hook(place)
    quirks = {"webhook-signature": signature, "delivery-seconds": 3601}
    place.site.ask("PATCH", "/quirks", nuki=quirks)
    place.tell("confirmed", START, END)
    place.pass_time(minutes=60)
    assert place.access().status == "in progress"
    place.pass_time(seconds=5)
    assert (place.access().status == "created") is (signature == "right")
    place.pass_time(minutes=minutes - 60)
    assert place.access().status == "created"


@pytest.mark.usefixtures("door")
def test_message_of_a_stranger_is_refused(place: Premises) -> None:
    key = place.connection["webhook_url"].rpartition("/")[2]
    assert place.client.post("/vendor-events/none", data=b"{}").status_code == 404
    refused = place.client.post(f"/vendor-events/{key}", data=b"{}")
    assert refused.status_code == 400
    assert "webhook_secret" in refused.json["detail"]
    register_hook(place)
    refused = place.client.post(f"/vendor-events/{key}", data=b"{}")
    assert refused.status_code == 401
