"""Whatever is done in whatever order, page and door agree with a small model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings, strategies
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
)

from fakes.kit.app import Options, create_app
from tests.fakes.vendors.exivo.site import CONTROL, NOW, Phone, Site

APP = create_app(Options(control_token=CONTROL))
CODES = ("0000", "0427", "427000")
TRIES = 5
LOCKOUT = timedelta(minutes=5)
SESSION = timedelta(hours=1)
minutes = strategies.integers(0, 90).map(lambda count: timedelta(minutes=count))
codes = strategies.sampled_from(CODES)


@dataclass
class Model:
    """What a visit should be: a few facts, and the order in which they count."""

    code: str
    start: datetime
    end: datetime
    door: int
    revoked: bool = False
    wrong: int = 0
    dead_until: datetime | None = None
    session_until: datetime | None = None

    def log_in(self, code: str, now: datetime) -> int:
        if self.revoked or now >= self.end:
            return 410
        if self.dead_until and now < self.dead_until:
            return 429
        if code == self.code:
            self.wrong, self.dead_until = 0, None
            self.session_until = now + SESSION
            return 303
        self.wrong += 1
        if self.wrong >= TRIES:
            self.dead_until = now + LOCKOUT
        return 401

    def open(self, door: int, now: datetime) -> int:
        if self.revoked or now >= self.end:
            return 410
        if self.session_until is None or now >= self.session_until:
            return 401
        if now < self.start:
            return 409
        return 204 if door == self.door else 403


class Visits(RuleBasedStateMachine):
    """A site with two doors, and visitors who come, try and are sent away."""

    guests = Bundle("guests")

    @initialize()
    def begin(self) -> None:
        self.site = Site(APP)
        self.now = datetime.fromisoformat(NOW)
        self.doors = [self.site.add_door("Studio"), self.site.add_door("Court")]
        self.opened: set[int] = set()

    @rule(
        target=guests,
        code=codes,
        wait=minutes,
        length=minutes,
        door=strategies.integers(0, 1),
    )
    def invite(
        self, code: str, wait: timedelta, length: timedelta, door: int
    ) -> tuple[Model, Phone]:
        start = self.now + wait
        end = start + length + timedelta(minutes=1)
        model = Model(code, start, end, door)
        body: dict[str, Any] = {
            "code": code,
            "validFrom": start.isoformat(),
            "validTo": end.isoformat(),
        }
        visit = self.site.visit(self.doors[door], **body)
        return model, Phone(APP, visit)

    @rule(span=minutes)
    def wait(self, span: timedelta) -> None:
        self.now += span
        self.site.turn(self.now.isoformat())
        if span:
            self.opened.clear()

    @rule(guest=guests, code=codes)
    def log_in(self, guest: tuple[Model, Phone], code: str) -> None:
        model, phone = guest
        assert phone.log_in(code).status_code == model.log_in(code, self.now)

    @rule(guest=guests, door=strategies.integers(0, 1))
    def press(self, guest: tuple[Model, Phone], door: int) -> None:
        model, phone = guest
        status = phone.open(self.doors[door]).status_code
        assert status == model.open(door, self.now)
        if status == 204:
            self.opened.add(door)

    @rule(guest=consumes(guests))
    def revoke(self, guest: tuple[Model, Phone]) -> None:
        model, phone = guest
        self.site.done("POST", f"/visit/{phone.visit['id']}/revoke")
        model.revoked = True
        assert phone.log_in(model.code).status_code == 410
        assert phone.open(self.doors[model.door]).status_code == 410

    @rule(guest=guests)
    def look(self, guest: tuple[Model, Phone]) -> None:
        model, phone = guest
        shown = self.site.done("GET", f"/visit/{phone.visit['id']}")
        assert shown["code"] == model.code
        assert shown["expired"] == (self.now >= model.end)

    @invariant()
    def only_opened_doors_are_unlocked(self) -> None:
        for number, door in enumerate(getattr(self, "doors", [])):
            unlocked = self.site.door(door)["bolt"] == "unlocked"
            assert unlocked == (number in self.opened)


Visits.TestCase.settings = settings(
    max_examples=25, stateful_step_count=25, suppress_health_check=list(HealthCheck)
)
TestVisits = Visits.TestCase
