"""LivionKey, simulated: its cloud in two generations, and cabinets that hold keys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fakes.kit.credentials import Several
from fakes.kit.quirks import read_quirks
from fakes.kit.world import Fake
from fakes.vendors.livionkey import auth, delivery, doors, timers, webhooks
from fakes.vendors.livionkey.codes import codes
from fakes.vendors.livionkey.routes.v1 import blueprint
from fakes.vendors.livionkey.schemas.v2 import RefusalShape
from fakes.vendors.livionkey.state import (
    NAME,
    State,
    add_login,
    live_credentials,
    new_state,
    renew,
    state_of,
)

if TYPE_CHECKING:
    from fakes.kit.world import World


def _credentials(world: World, base: str) -> dict[str, str]:
    return _held(world, base)[state_of(world).account.email]


def _held(world: World, base: str) -> dict[str, dict[str, str]]:
    return {
        email: {"email": email, "password": password, "api_url": base}
        for email, password in state_of(world).account.passwords.items()
    }


def _owner(world: World, presented: str) -> str | None:
    kind, _, rest = presented.partition(":")
    return rest if kind == "email" else state_of(world).account.holders.get(rest)


FAKE = Fake(
    name=NAME,
    hosts=("api.livionkey.com",),
    security={
        "token": {"type": "http", "scheme": "bearer"},
        "signature": {"type": "apiKey", "in": "header", "name": "x-signature"},
    },
    blueprint=blueprint,
    refusal=str | RefusalShape,
    state=State,
    new_state=new_state,
    credentials=_credentials,
    renew=renew,
    several=Several(add_login, _held, _owner),
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
