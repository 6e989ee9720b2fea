"""Receivers of webhooks, registered in both of the vendor's ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.fakes.vendors.nuki.account import Account, Row

URL = "https://app.example.org/hook"
BROKEN = "https://app.example.org/broken"
EVERY = [
    "DEVICE_STATUS",
    "DEVICE_MASTERDATA",
    "DEVICE_CONFIG",
    "DEVICE_LOGS",
    "DEVICE_AUTHS",
    "ACCOUNT_USER",
]


def register(account: Account, *features: str, url: str = URL) -> Row:
    body = {"webhookUrl": url, "webhookFeatures": features or EVERY}
    return dict(account.done("PUT", "/api/decentralWebhook", body))


def central(account: Account, *features: str, url: str = URL) -> str:
    """Give the first key a receiver; return the key's path."""
    key = account.done("GET", "/api/key")[0]["apiKeyId"]
    body = {
        "name": "App",
        "country": "SE",
        "description": "Books rooms",
        "type": "SHORT_RENTAL",
        "url": "https://app.example.org",
        "email": "app@example.org",
        "webhookUrl": url,
        "webhookFeatures": features or EVERY,
        "restricted": False,
    }
    account.done("PUT", f"/api/key/{key}/advanced", body)
    return f"/api/key/{key}"
