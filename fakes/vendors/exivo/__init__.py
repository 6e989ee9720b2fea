"""dormakaba Exivo, simulated: a site, its visits with their page, and online doors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fakes.kit.credentials import Several
from fakes.kit.quirks import read_quirks
from fakes.kit.world import Fake
from fakes.vendors.exivo import auth, delivery, device_events, doors
from fakes.vendors.exivo.codes import codes, typed_with
from fakes.vendors.exivo.doors import Thresholds, entered, rule_of
from fakes.vendors.exivo.routes import API, blueprint, interface
from fakes.vendors.exivo.state import NAME, State, add_key, new_state, renew, state_of

if TYPE_CHECKING:
    from fakes.kit.world import World


def _credentials(world: World, base: str) -> dict[str, str]:
    return _held(world, base)[state_of(world).api_key]


def _held(world: World, base: str) -> dict[str, dict[str, str]]:
    state = state_of(world)
    return {
        key: {
            "site_id": state.site.id,
            "api_key": key,
            "api_secret": secret,
            "api_url": base + API,
        }
        for key, secret in state.keys.items()
    }


def _owner(world: World, presented: str) -> str | None:
    return presented if presented in state_of(world).keys else None


FAKE = Fake(
    name=NAME,
    hosts=("api.exivo.io",),
    document=interface.document,
    blueprint=blueprint,
    state=State,
    new_state=new_state,
    credentials=_credentials,
    renew=renew,
    several=Several(add_key, _held, _owner),
    remove_door=doors.remove,
    device_changes=doors.DEVICE_CHANGES,
    live_credentials=lambda state: [*state.keys, *state.tokens],
    presented=auth.presented,
    no_world=auth.no_world,
    doors=Thresholds,
    add_door=doors.add_door,
    patch_door=doors.change,
    rule_of=rule_of,
    codes=codes,
    typed_with=typed_with,
    portfolio=doors.seed_demo,
    tasks={
        device_events.RELOCK: device_events.relock,
        device_events.UNANSWERED: device_events.unanswered,
        delivery.UPDATE_DOORS: delivery.update_doors,
        delivery.LEAVE: delivery.leave,
    },
    entered=entered,
    quirks=read_quirks(Path(__file__).with_name("quirks.toml")),
    secret_fields=frozenset({"authentication"}),
)
