"""LivionKey, simulated: its cloud in two generations, and cabinets that hold keys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fakes.kit.fake import Fake
from fakes.kit.quirks import read_quirks
from fakes.vendors.livionkey import auth, doors, mailroom, sync, timers
from fakes.vendors.livionkey.codes import codes
from fakes.vendors.livionkey.paths import blueprint
from fakes.vendors.livionkey.state import NAME, State, claims, new_state, state_of

if TYPE_CHECKING:
    from fakes.kit.world import World

__all__ = ["FAKE"]


def _credentials(world: World, base: str) -> dict[str, str]:
    account = state_of(world).account
    return {"email": account.email, "password": account.password, "api_url": base}


FAKE = Fake(
    name=NAME,
    blueprint=blueprint,
    state=State,
    new_state=new_state,
    credentials=_credentials,
    claims=claims,
    presented=auth.presented,
    no_world=auth.no_world,
    doors=doors.all_doors,
    add_door=doors.hang,
    patch_door=doors.change,
    codes=codes,
    portfolio=doors.furnish,
    tasks={
        sync.TASK: sync.run,
        timers.REMIND: timers.remind,
        timers.END: timers.end,
        timers.OVERDUE: timers.overdue,
        mailroom.WATCH: mailroom.watch,
        mailroom.RETRY: mailroom.retry,
    },
    sign=mailroom.sign,
    entered=doors.entered,
    quirks=read_quirks(Path(__file__).with_name("quirks.toml")),
    secret_fields=frozenset({"backupCodes", "keyCode", "privateKey", "pincodes"}),
)
