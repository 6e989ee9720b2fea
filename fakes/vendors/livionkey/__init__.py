"""LivionKey, simulated: its cloud in two generations, and cabinets that hold keys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fakes.kit.quirks import read_quirks
from fakes.kit.world import Fake
from fakes.vendors.livionkey import auth, delivery, doors, timers, webhooks
from fakes.vendors.livionkey.codes import codes
from fakes.vendors.livionkey.routes.v1 import blueprint
from fakes.vendors.livionkey.state import (
    NAME,
    State,
    live_credentials,
    new_state,
    renew,
    state_of,
)

if TYPE_CHECKING:
    from fakes.kit.world import World


def _credentials(world: World, base: str) -> dict[str, str]:
    account = state_of(world).account
    return {"email": account.email, "password": account.password, "api_url": base}


FAKE = Fake(
    name=NAME,
    hosts=("api.livionkey.com",),
    security={
        "token": {"type": "http", "scheme": "bearer"},
        "signature": {"type": "apiKey", "in": "header", "name": "x-signature"},
    },
    blueprint=blueprint,
    state=State,
    new_state=new_state,
    credentials=_credentials,
    renew=renew,
    remove_door=doors.remove,
    device_changes=doors.DEVICE_CHANGES,
    live_credentials=live_credentials,
    presented=auth.presented,
    no_world=auth.no_world,
    doors=doors.all_doors,
    add_door=doors.add_door,
    patch_door=doors.change,
    rule_of=doors.rule_of,
    codes=codes,
    portfolio=doors.seed_demo,
    tasks={
        delivery.TASK: delivery.run,
        timers.REMIND: timers.remind,
        timers.END: timers.end,
        timers.OVERDUE: timers.overdue,
        webhooks.CHECK_ATTEMPT: webhooks.check_attempt,
        webhooks.RETRY: webhooks.retry,
    },
    sign=webhooks.sign,
    entered=doors.entered,
    quirks=read_quirks(Path(__file__).with_name("quirks.toml")),
    secret_fields=frozenset({"backupCodes", "keyCode", "privateKey", "pincodes"}),
)
