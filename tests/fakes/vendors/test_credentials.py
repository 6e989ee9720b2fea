"""Credentials are withdrawn, given back and renewed, at each vendor alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from fakes.kit.app import Options, create_app

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

CONTROL = {"Authorization": "Bearer control"}
CLIENT = create_app(Options(control_token="control")).test_client()
VENDORS = ("exivo", "igloohome", "livionkey", "nuki")
SEEN_IN = {"exivo": "api_key", "igloohome": "client_secret", "nuki": "api_token"}


@dataclass
class Tenant:
    """One world, and a first call with the credentials of a vendor."""

    vendor: str

    def __post_init__(self) -> None:
        made = CLIENT.post("/_sim/worlds", json={}, headers=CONTROL).json
        self.path = f"/_sim/worlds/{made['id']}"
        self.known = made["credentials"][self.vendor]

    def turn(self, state: str) -> dict[str, str]:
        path = f"{self.path}/credentials/{self.vendor}"
        answer = CLIENT.post(path, json={"state": state}, headers=CONTROL)
        assert answer.status_code == 200, answer.text
        return dict(answer.json["credentials"])

    def call(self, known: dict[str, str] | None = None) -> TestResponse:
        known = known or self.known
        if self.vendor == "nuki":
            bearer = {"Authorization": f"Bearer {known['api_token']}"}
            return CLIENT.get("/nuki/smartlock", headers=bearer)
        if self.vendor == "exivo":
            pair = (known["api_key"], known["api_secret"])
            path = f"/exivo/v1/{known['site_id']}/info"
            return CLIENT.get(path, auth=pair)
        if self.vendor == "livionkey":
            login = {name: known[name] for name in ("email", "password")}
            return CLIENT.post("/livionkey/auth/login", json=login)
        pair = (known["client_id"], known["client_secret"])
        form = {"grant_type": "client_credentials"}
        return CLIENT.post("/igloohome/oauth2/token", data=form, auth=pair)

    def control(self, method: str, path: str, body: Any = None) -> Any:
        answer = CLIENT.open(
            self.path + path, method=method, json=body, headers=CONTROL
        )
        assert answer.status_code < 300, answer.text
        return answer.json


@pytest.fixture(params=VENDORS)
def tenant(request: pytest.FixtureRequest) -> Tenant:
    return Tenant(request.param)


def test_revoked_credentials_are_refused_until_they_are_restored(
    tenant: Tenant,
) -> None:
    assert tenant.call().status_code == 200
    tenant.turn("revoked")
    assert tenant.call().status_code in {400, 401}
    (first, second) = tenant.control("GET", "/requests")
    assert (first["status"], second["status"]) == (200, tenant.call().status_code)
    tenant.turn("restored")
    assert tenant.call().status_code == 200


def test_renewed_credentials_replace_the_old_ones(tenant: Tenant) -> None:
    renewed = tenant.turn("renewed")
    assert renewed != tenant.known
    assert tenant.call().status_code in {400, 401}
    assert tenant.call(renewed).status_code == 200
    again = tenant.turn("renewed")
    assert tenant.call(renewed).status_code in {400, 401}
    assert tenant.call(again).status_code == 200


def test_token_of_old_credentials_dies_with_them() -> None:
    tenant = Tenant("igloohome")
    token = tenant.call().json["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert CLIENT.get("/igloohome/igloohome/devices", headers=bearer).status_code == 200
    tenant.turn("renewed")
    assert CLIENT.get("/igloohome/igloohome/devices", headers=bearer).status_code == 401


def test_snapshot_keeps_what_is_revoked(tenant: Tenant) -> None:
    tenant.turn("revoked")
    stored = tenant.control("GET", "/state")
    tenant.turn("restored")
    tenant.control("PUT", "/state", stored)
    assert tenant.call().status_code in {400, 401}
    tenant.control("POST", "/reset", {})
    assert tenant.call().status_code == 200


def test_wrong_vendor_and_wrong_state_are_named() -> None:
    path = Tenant("nuki").path
    answer = CLIENT.post(
        f"{path}/credentials/nukki", json={"state": "renewed"}, headers=CONTROL
    )
    assert answer.status_code == 404
    assert "did you mean 'nuki'" in answer.json["detail"]
    answer = CLIENT.post(
        f"{path}/credentials/nuki", json={"state": "rotated"}, headers=CONTROL
    )
    assert answer.status_code == 422
