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

    def turn(self, state: str, credential: str | None = None) -> dict[str, str]:
        body = {"state": state} | ({"id": credential} if credential else {})
        changed = self.control("POST", f"/credentials/{self.vendor}", body)
        return dict(changed["credentials"])

    def listed(self) -> dict[str, bool]:
        """Return the id of each credential, and whether it is revoked."""
        rows = self.control("GET", f"/credentials/{self.vendor}")
        return {row["id"]: row["revoked"] for row in rows}

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


def test_added_credentials_are_good_beside_the_first(tenant: Tenant) -> None:
    added = tenant.turn("added")
    assert added != tenant.known
    assert tenant.call().status_code == tenant.call(added).status_code == 200
    third = tenant.turn("added")
    assert tenant.call(third).status_code == tenant.call(added).status_code == 200
    shown = tenant.control("GET", "")["credentials"][tenant.vendor]
    assert shown == tenant.known, "clients are given the first"


def test_each_credential_is_withdrawn_by_itself(tenant: Tenant) -> None:
    added = tenant.turn("added")
    first, second = tenant.listed()
    tenant.turn("revoked", first)
    assert tenant.listed() == {first: True, second: False}
    assert tenant.call().status_code in {400, 401}
    assert tenant.call(added).status_code == 200, "a rotation has no gap"
    tenant.turn("restored", first)
    tenant.turn("revoked", second)
    assert tenant.call().status_code == 200
    assert tenant.call(added).status_code in {400, 401}
    tenant.turn("revoked")
    assert tenant.listed() == {first: True, second: True}
    tenant.turn("restored")
    assert tenant.listed() == {first: False, second: False}
    assert tenant.call(added).status_code == 200


def test_renewal_of_the_first_leaves_the_second_alone(tenant: Tenant) -> None:
    added = tenant.turn("added")
    first, _second = tenant.listed()
    tenant.turn("revoked", first)
    renewed = tenant.turn("renewed")
    assert tenant.call().status_code in {400, 401}
    assert tenant.call(renewed).status_code == tenant.call(added).status_code == 200


def test_snapshot_keeps_added_credentials(tenant: Tenant) -> None:
    added = tenant.turn("added")
    _first, second = tenant.listed()
    stored = tenant.control("GET", "/state")
    tenant.turn("revoked", second)
    tenant.control("PUT", "/state", stored)
    assert tenant.call(added).status_code == 200
    tenant.control("POST", "/reset", {})
    assert tenant.call(added).status_code in {400, 401}, "it came after the start"
    assert tenant.call().status_code == 200


@pytest.mark.parametrize("vendor", ["igloohome", "livionkey"])
def test_token_is_withdrawn_with_the_credential_that_it_was_made_by(
    vendor: str,
) -> None:
    tenant = Tenant(vendor)
    added = tenant.turn("added")
    path, name = {
        "igloohome": ("/igloohome/igloohome/devices", "access_token"),
        "livionkey": ("/livionkey/devices", "token"),
    }[vendor]
    tokens = [tenant.call(known).json[name] for known in (tenant.known, added)]

    def answers() -> list[int]:
        return [
            CLIENT.get(path, headers={"Authorization": f"Bearer {token}"}).status_code
            for token in tokens
        ]

    assert answers() == [200, 200]
    tenant.turn("revoked", next(iter(tenant.listed())))
    assert answers() == [401, 200]
    tenant.turn("restored")
    assert answers() == [200, 200]
    tenant.turn("renewed")
    assert answers() == [401, 200]


def test_secret_of_one_credential_does_not_fit_another() -> None:
    for vendor, secret in (("igloohome", "client_secret"), ("exivo", "api_secret")):
        tenant = Tenant(vendor)
        added = tenant.turn("added")
        crossed = tenant.known | {secret: added[secret]}
        assert tenant.call(crossed).status_code in {400, 401}
    tenant = Tenant("livionkey")
    crossed = tenant.known | {"password": tenant.turn("added")["password"]}
    assert tenant.call(crossed).status_code == 400


def test_added_exivo_key_is_named_in_the_access_log() -> None:
    tenant = Tenant("exivo")
    door = tenant.control("POST", "/doors", {"vendor": "exivo", "name": "Front"})
    added = tenant.turn("added")
    pair = (added["api_key"], added["api_secret"])
    site = f"/exivo/v1/{added['site_id']}"
    path = f"{site}/component/{door['vendor_id']}/unlock"
    assert CLIENT.post(path, auth=pair).status_code == 204
    rows = CLIENT.get(f"{site}/accesslog/component", auth=pair).json
    assert rows[0]["data"]["apiIdentifier"] == added["api_key"]


def test_unknown_id_of_a_credential_is_named() -> None:
    tenant = Tenant("exivo")
    path = f"{tenant.path}/credentials/exivo"
    wrong = tenant.known["api_key"][:-1] + "x"
    body = {"state": "revoked", "id": wrong}
    answer = CLIENT.post(path, json=body, headers=CONTROL)
    assert answer.status_code == 404
    assert f"did you mean '{tenant.known['api_key']}'" in answer.json["detail"]
    body = {"state": "renewed", "id": tenant.known["api_key"]}
    answer = CLIENT.post(path, json=body, headers=CONTROL)
    assert answer.status_code == 422
    assert "leave out the id" in answer.json["detail"]


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
