"""Webhooks: what is told, and when."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.fakes.vendors.nuki.account import CODE, SOON
from tests.fakes.vendors.nuki.receivers import register

if TYPE_CHECKING:
    from fakes.kit.webhooks import Outgoing
    from tests.fakes.vendors.nuki.account import Account


def sent_of(sent: list[Outgoing], feature: str) -> list[Any]:
    bodies = [json.loads(each.body) for each in sent]
    return [body for body in bodies if body["feature"] == feature]


def test_a_new_code_is_told_once_the_lock_has_it(
    account: Account, sent: list[Outgoing]
) -> None:
    register(account, "DEVICE_AUTHS")
    door = account.add_door()
    account.order(door)
    account.advance("PT2S")
    assert sent == []
    account.advance(SOON)
    (message,) = sent_of(sent, "DEVICE_AUTHS")
    assert message["deleted"] is False
    assert message["smartlockAuth"] == account.row(door)


def test_a_deletion_is_told_once_the_lock_has_forgotten(
    account: Account, sent: list[Outgoing]
) -> None:
    door = account.add_door()
    row = account.store(door)
    register(account, "DEVICE_AUTHS")
    account.delete(door, row)
    account.advance(SOON)
    (message,) = sent_of(sent, "DEVICE_AUTHS")
    assert message["deleted"] is True
    assert message["smartlockAuth"]["id"] == row["id"]


def test_failed_command_sends_no_webhook(
    account: Account, sent: list[Outgoing]
) -> None:
    account.switch(delivery_loss=1.0)
    register(account)
    account.order(account.add_door())
    account.advance("P2D")
    assert sent_of(sent, "DEVICE_AUTHS") == []


def test_entries_and_the_state_after_them_are_told(
    account: Account, sent: list[Outgoing]
) -> None:
    door = account.add_door()
    account.store(door)
    register(account, "DEVICE_LOGS", "DEVICE_STATUS")
    account.enter(door)
    account.advance(SOON)
    assert [m["smartlockLog"] for m in sent_of(sent, "DEVICE_LOGS")] == account.log(
        door
    )
    (status,) = sent_of(sent, "DEVICE_STATUS")
    lock = account.done("GET", account.lock(door))
    assert status["state"] == lock["state"]
    assert (status["smartlockId"], status["serverState"]) == (lock["smartlockId"], 0)


def test_going_offline_and_online_sends_a_webhook(
    account: Account, sent: list[Outgoing]
) -> None:
    door = account.add_door()
    register(account, "DEVICE_STATUS")
    account.change(door, online=False)
    account.change(door, online=True)
    account.advance(SOON)
    states = [message["serverState"] for message in sent_of(sent, "DEVICE_STATUS")]
    assert states == [4, 0]


def test_names_settings_and_users_are_told(
    account: Account, sent: list[Outgoing]
) -> None:
    door = account.add_door()
    register(account)
    account.done("POST", account.lock(door), {"name": "Gate"})
    account.done("POST", f"{account.lock(door)}/config", {"ledEnabled": False})
    account.done("PUT", "/account/user", {"email": "a@b.example", "name": "Ada"})
    account.advance(SOON)
    account.done("DELETE", account.lock(door))
    account.advance(SOON)
    assert [m["deleted"] for m in sent_of(sent, "DEVICE_MASTERDATA")] == [
        False,
        True,
    ]
    assert sent_of(sent, "DEVICE_MASTERDATA")[0]["name"] == "Gate"
    assert sent_of(sent, "DEVICE_CONFIG")[0]["config"]["ledEnabled"] is False
    assert sent_of(sent, "ACCOUNT_USER")[0]["accountUser"]["name"] == "Ada"


def test_a_request_id_comes_back_in_a_webhook(
    account: Account, sent: list[Outgoing]
) -> None:
    door = account.add_door()
    register(account, "DEVICE_STATUS")
    asked = account.done("POST", f"{account.lock(door)}/action/unlock/advanced")
    account.advance(SOON)
    ids = [message.get("requestId") for message in sent_of(sent, "DEVICE_STATUS")]
    assert asked["requestId"] in ids


def test_only_the_features_that_were_asked_for_are_told(
    account: Account, sent: list[Outgoing]
) -> None:
    register(account, "ACCOUNT_USER")
    account.enter(account.add_door())
    account.advance(SOON)
    assert sent == []


def test_the_records_of_the_fake_show_no_digits(account: Account) -> None:
    register(account)
    door = account.add_door()
    account.store(door)
    account.order(door, type=0)
    account.done("POST", f"{account.lock(door)}/admin/pin", {"adminPin": 2468})
    deliveries = account.sim("GET", f"{account.base}/deliveries")
    assert deliveries
    assert str(CODE) not in json.dumps(deliveries)
    requests = json.dumps(account.sim("GET", f"{account.base}/requests"))
    assert str(CODE) not in requests
    assert "2468" not in requests
    assert account.token not in requests
