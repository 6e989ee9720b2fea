"""igloohome, simulated: its cloud, its bridges, and locks that never hear from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fakes.kit.credentials import Several
from fakes.kit.quirks import read_quirks
from fakes.kit.world import Fake
from fakes.vendors.igloohome import auth, delivery, doors, webhooks
from fakes.vendors.igloohome.codes import codes
from fakes.vendors.igloohome.errors import RefusalShape
from fakes.vendors.igloohome.routes import API, blueprint
from fakes.vendors.igloohome.state import (
    NAME,
    State,
    add_client,
    new_state,
    renew,
    state_of,
)

if TYPE_CHECKING:
    from fakes.kit.world import World


def _credentials(world: World, base: str) -> dict[str, str]:
    return _held(world, base)[state_of(world).client_id]


def _held(world: World, base: str) -> dict[str, dict[str, str]]:
    place = {"token_url": base + auth.TOKEN_PATH, "api_url": base + API}
    return {
        client: {"client_id": client, "client_secret": secret, **place}
        for client, secret in state_of(world).clients.items()
    }


def _owner(world: World, presented: str) -> str | None:
    token = state_of(world).tokens.get(presented)
    return token.client_id if token else presented


SECURITY = {
    "client": {
        "type": "oauth2",
        "flows": {
            "clientCredentials": {
                "tokenUrl": "/igloohome/oauth2/token",
                "scopes": {auth.PREFIX + each: each for each in auth.SCOPES},
            }
        },
    }
}

FAKE = Fake(
    name=NAME,
    hosts=("api.igloodeveloper.co", "auth.igloohome.co"),
    security=SECURITY,
    blueprint=blueprint,
    refusal=RefusalShape,
    state=State,
    new_state=new_state,
    credentials=_credentials,
    renew=renew,
    several=Several(add_client, _held, _owner),
    remove_door=doors.remove,
    device_changes=doors.DEVICE_CHANGES,
    live_credentials=lambda state: [*state.clients, *state.tokens],
    presented=auth.presented,
    no_world=auth.no_world,
    doors=lambda state: state.doors,
    add_door=doors.add_door,
    patch_door=doors.change,
    rule_of=doors.rule_of,
    codes=codes,
    portfolio=doors.seed_demo,
    tasks={delivery.TASK: delivery.run},
    sign=webhooks.sign,
    quirks=read_quirks(Path(__file__).with_name("quirks.toml")),
    secret_fields=frozenset({"masterPin", "bluetoothGuestKey"}),
)
