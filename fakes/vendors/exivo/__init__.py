"""dormakaba Exivo, simulated: a site, its visits with their page, and online doors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fakes.kit.fake import Fake
from fakes.kit.quirks import read_quirks
from fakes.vendors.exivo import auth, doors, events, rights
from fakes.vendors.exivo.api import API, blueprint
from fakes.vendors.exivo.codes import codes
from fakes.vendors.exivo.state import NAME, State, new_state, state_of
from fakes.vendors.exivo.visitor_door import Thresholds, entered, rule_of

if TYPE_CHECKING:
    from fakes.kit.world import World

__all__ = ["FAKE"]


def _credentials(world: World, base: str) -> dict[str, str]:
    state = state_of(world)
    return {
        "site_id": state.site.id,
        "api_key": state.api_key,
        "api_secret": state.api_secret,
        "api_url": base + API,
    }


FAKE = Fake(
    name=NAME,
    blueprint=blueprint,
    state=State,
    new_state=new_state,
    credentials=_credentials,
    live_credentials=lambda state: [state.api_key, *state.tokens],
    presented=auth.presented,
    no_world=auth.no_world,
    doors=Thresholds,
    add_door=doors.add_door,
    patch_door=doors.change,
    rule_of=rule_of,
    codes=codes,
    portfolio=doors.seed_demo,
    tasks={
        events.RELOCK: events.relock,
        events.UNANSWERED: events.unanswered,
        rights.TELL: rights.tell,
        rights.LEAVE: rights.leave,
    },
    entered=entered,
    quirks=read_quirks(Path(__file__).with_name("quirks.toml")),
    secret_fields=frozenset({"authentication"}),
)
