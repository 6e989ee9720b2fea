"""An account in any order of use agrees with a sheet of paper.

Orders, tries at the door, time, dead tokens, snapshots and refused bodies come as
they like. The paper knows each PIN's window; the cloud must list just those PINs.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from fakes.kit.app import Options, create_app
from tests.fakes.doors.expected_pins import DAY, HOUR, LENGTHS, Sheet, expected_sheet
from tests.fakes.vendors.igloohome.account import CONTROL, NOW, Account

if TYPE_CHECKING:
    from flask import Flask

KINDS = ("hourly", "daily", "onetime", "permanent")


@cache
def app() -> Flask:
    return create_app(Options(control_token=CONTROL))


class AnAccount(RuleBasedStateMachine):
    """One lock, ordered for and typed on."""

    def __init__(self) -> None:
        super().__init__()
        self.account = Account(app())
        self.door = self.account.add_door("Gate", lockout_tries=0)
        self.now = datetime.fromisoformat(NOW)
        self.token_until = self.now + DAY
        self.sheets: dict[str, Sheet] = {}
        self.orders: dict[tuple[object, ...], str] = {}

    @rule(
        kind=st.sampled_from(KINDS),
        ahead=st.integers(-3, 48),
        duration=st.integers(-1, 700),
        variance=st.integers(0, 6),
    )
    def order(self, kind: str, ahead: int, duration: int, variance: int) -> None:
        start = self.now.replace(minute=0, second=0) + ahead * HOUR
        unit, shortest, longest = LENGTHS.get(kind, (HOUR, duration, duration))
        body = {"variance": variance, "startDate": start.isoformat()}
        if kind in {"hourly", "daily"}:
            body["endDate"] = (start + duration * unit).isoformat()
        else:
            duration = 1
        answer = self.account.order(self.door, kind, **({"endDate": None} | body))
        good = shortest <= duration <= longest or kind in {"onetime", "permanent"}
        fits = 1 <= variance <= (3 if kind in {"hourly", "daily"} else 5)
        if self.now >= self.token_until:
            assert answer.status_code == 401
        elif not (good and fits and ahead >= 0):
            assert answer.status_code == 400
        else:
            pin = answer.json["pin"]
            body = (kind, start, duration, variance)
            assert self.orders.setdefault(body, pin) == pin
            self.sheets.setdefault(pin, expected_sheet(kind, start, duration))

    @rule(choice=st.integers(0, 99))
    def type_one(self, choice: int) -> None:
        if self.sheets:
            pin = sorted(self.sheets)[choice % len(self.sheets)]
            sheet = self.sheets[pin]
            expected = sheet.says(self.now)
            assert self.account.enter(self.door, pin) == expected
            if expected == "opened":
                sheet.opened_at = sheet.opened_at or self.now

    @rule(seconds=st.one_of(st.integers(1, 7200), st.integers(1, 20 * 86400)))
    def wait(self, seconds: int) -> None:
        self.account.advance(f"PT{seconds}S")
        self.now += timedelta(seconds=seconds)

    @rule()
    def sign_in(self) -> None:
        self.account.token = self.account.fresh_token()
        self.token_until = self.now + DAY

    @rule()
    def store_and_restore(self) -> None:
        path = f"{self.account.base}/state"
        self.account.sim("PUT", path, self.account.sim("GET", path))

    @invariant()
    def the_cloud_lists_what_was_ordered(self) -> None:
        listed = {row["code"] for row in self.account.codes("cloud")}
        assert listed == set(self.sheets)
        assert len(self.orders) == len(self.sheets), "two orders share a PIN"


TestAnAccount = AnAccount.TestCase
TestAnAccount.settings = settings(max_examples=25, stateful_step_count=30)
