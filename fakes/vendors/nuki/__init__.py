"""Nuki, simulated: its Web API, and locks that it reaches when they are online."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fakes.kit.credentials import Several
from fakes.kit.quirks import read_quirks
from fakes.kit.world import Fake
from fakes.vendors.nuki import auth, delivery, device_events, doors, webhooks
from fakes.vendors.nuki.codes import codes
from fakes.vendors.nuki.errors import RefusalShape
from fakes.vendors.nuki.routes.base import routes
from fakes.vendors.nuki.state import NAME, State, add_token, new_state, renew, state_of

if TYPE_CHECKING:
    from fakes.kit.world import World


def _credentials(world: World, base: str) -> dict[str, str]:
    return {"api_token": state_of(world).api_token, "api_url": base}


def _held(world: World, base: str) -> dict[str, dict[str, str]]:
    """Return the tokens made by hand, that of the clients first."""
    state = state_of(world)
    texts = sorted(state.tokens, key=lambda text: text != state.api_token)
    return {
        state.tokens[text].token_id: {"api_token": text, "api_url": base}
        for text in texts
        if state.tokens[text].by_hand
    }


def _owner(world: World, presented: str) -> str | None:
    token = state_of(world).tokens.get(presented)
    return token.token_id if token else None


def _live_credentials(state: State) -> list[str]:
    return [*state.tokens, *(key.api_key for key in state.keys.values())]


FAKE = Fake(
    name=NAME,
    hosts=("api.nuki.io",),
    security={"token": {"type": "http", "scheme": "bearer"}},
    blueprint=routes,
    refusal=RefusalShape,
    state=State,
    new_state=new_state,
    credentials=_credentials,
    renew=renew,
    several=Several(add_token, _held, _owner),
    remove_door=doors.remove,
    device_changes=doors.DEVICE_CHANGES,
    live_credentials=_live_credentials,
    presented=auth.presented,
    no_world=auth.no_world,
    doors=lambda state: state.doors,
    add_door=doors.add_door,
    patch_door=doors.change,
    rule_of=doors.rule_of,
    codes=codes,
    portfolio=doors.seed_demo,
    tasks={
        delivery.DELIVER: delivery.deliver,
        delivery.VANISH: delivery.vanish,
        device_events.SYNC: device_events.sync,
        device_events.REPORT: device_events.report,
        delivery.ACT: delivery.perform,
        delivery.CONFIGURE: delivery.apply,
        webhooks.SEND: webhooks.send,
    },
    sign=webhooks.sign,
    entered=device_events.entered,
    quirks=read_quirks(Path(__file__).with_name("quirks.toml")),
    secret_fields=frozenset({"adminPin"}),
)
