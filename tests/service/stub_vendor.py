"""A stub of a lock vendor: the whole port in a few lines, for tests of its callers.

It makes the same code for the same order, as a vendor must. `before` and `after`
hold what goes wrong before or after a deed, `on_verify` when credentials are
checked: one entry a call, None for nothing.
"""

from __future__ import annotations

import hashlib
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from service.domain.errors import NoWindow
from service.domain.schedule import HOUR, NO_MARGIN, Margin, Window
from service.ports import (
    Code,
    CredentialField,
    Credentials,
    CredentialsRefused,
    Issued,
    LockVendor,
    Mail,
    Order,
    Outbox,
    VendorLock,
)
from service.secret import Secret, reveal

if TYPE_CHECKING:
    from collections.abc import Callable

Trouble = BaseException | None
PASSWORD = "right"
LONGEST = timedelta(days=10)


class Killed(BaseException):
    """The process dies here: nothing that follows is done."""


@dataclass
class StubVendor(LockVendor):
    """The vendor; `codes` are those that open a door, by lock and digits."""

    revocable: bool = False
    name: str = "stub"
    password: str = PASSWORD
    before: deque[Trouble] = field(default_factory=deque)
    after: deque[Trouble] = field(default_factory=deque)
    on_verify: deque[Trouble] = field(default_factory=deque)
    codes: dict[tuple[str, str], Window] = field(default_factory=dict)
    orders: list[Order] = field(default_factory=list)
    meanwhile: Callable[[Order], None] | None = None
    devices: list[VendorLock] = field(
        default_factory=lambda: [
            VendorLock("front", "Front door", "lock", usable=True, battery=80),
            VendorLock("back", "Back door", "lock", usable=True),
            VendorLock("hub", "Hub", "bridge", usable=False, unusable_reason="no lock"),
        ]
    )

    fields = (
        CredentialField("user", "User name", default="ada"),
        CredentialField("password", "Password", secret=True),
        CredentialField("refresh_token", "Password", secret=True, optional=True),
    )
    margin_step = HOUR
    manual_kinds = ("hourly", "permanent")

    @property
    def planner(self) -> StubVendor:
        """Return the part that plans windows: the stub itself."""
        return self

    @property
    def revocation(self) -> StubVendor | None:
        """Return the part that revokes codes, if the stub can."""
        return self if self.revocable else None

    @property
    def master_codes(self) -> StubVendor:
        """Return what shows master codes."""
        return self

    def variants(self, kind: str) -> int:
        """Return how many codes there are for one window."""
        return {"hourly": 3, "permanent": 1}[kind]

    def verify(self, credentials: Credentials) -> str:
        """Return the account's name for the right password."""
        _raise_next(self.on_verify)
        if reveal(credentials["password"]) != self.password:
            raise CredentialsRefused("stub: the password is wrong; give the right one")
        return f"stub of {reveal(credentials['user'])}"

    def locks(self, credentials: Credentials) -> list[VendorLock]:
        """Return the devices."""
        self.verify(credentials)
        return list(self.devices)

    def plan(
        self,
        start: datetime,
        end: datetime,
        *,
        now: datetime,
        zone: tzinfo,
        margin: Margin = NO_MARGIN,
    ) -> Window:
        """Return whole hours around the booking."""
        del zone
        opens, closes = max(start - margin.before, now), end + margin.after
        if closes <= now or closes - opens > LONGEST:
            raise NoWindow("stub has no window for that; take 10 days at most")
        return Window(
            "hourly", _down(opens), _down(closes + HOUR - timedelta.resolution)
        )

    def plan_by_hand(
        self,
        kind: str,
        start: datetime,
        end: datetime | None,
        *,
        now: datetime,
        zone: tzinfo,
    ) -> Window:
        """Return the window asked for."""
        del zone
        if start != _down(start):
            raise NoWindow("stub takes whole hours; leave the minutes out")
        if start < _down(now):
            raise NoWindow("stub begins with the current hour; take that or later")
        return Window(kind, start, end)

    def issue(self, credentials: Credentials, order: Order) -> Issued:
        """Return the code of this order, the same for the same order."""
        self.orders.append(order)
        _raise_next(self.before)
        self.verify(credentials)
        if self.meanwhile:
            self.meanwhile(order)
        pin = digits(order)
        self.codes[order.lock_vendor_id, pin] = order.window
        _raise_next(self.after)
        return Issued(Secret(pin), f"ref-{pin}", None, f"stub: page {pin[:3]}")

    def revoke(self, credentials: Credentials, code: Code) -> None:
        """Revoke the code, if the stub can."""
        _raise_next(self.before)
        self.verify(credentials)
        self.codes = {
            key: window
            for key, window in self.codes.items()
            if code.ref != f"ref-{key[1]}"
        }
        _raise_next(self.after)

    def list_refs(self, credentials: Credentials, lock_vendor_id: str) -> set[str]:
        """Return the refs of the lock's codes."""
        _raise_next(self.before)
        self.verify(credentials)
        return {f"ref-{pin}" for lock, pin in self.codes if lock == lock_vendor_id}

    def master_code(self, credentials: Credentials, vendor_id: str) -> Secret | None:
        """Return the master code of the front door only."""
        self.verify(credentials)
        return Secret("1234567890") if vendor_id == "front" else None


@dataclass
class StubOutbox(Outbox):
    """An outbox that keeps what it took; `mails` holds each Message-ID once."""

    before: deque[Trouble] = field(default_factory=deque)
    after: deque[Trouble] = field(default_factory=deque)
    taken: list[Mail] = field(default_factory=list)

    def send(self, mail: Mail) -> None:
        """Keep the mail."""
        _raise_next(self.before)
        self.taken.append(mail)
        _raise_next(self.after)

    @property
    def mails(self) -> dict[str, Mail]:
        """Return the mails as a reader sees them, who is shown a repeat once."""
        return {mail.message_id: mail for mail in self.taken}


def digits(order: Order) -> str:
    """Return the nine digits that stand for this order."""
    what = (order.lock_vendor_id, order.window, order.variant)
    return f"{int(hashlib.sha256(repr(what).encode()).hexdigest(), 16) % 10**9:09}"


def _down(instant: datetime) -> datetime:
    return instant.replace(minute=0, second=0, microsecond=0)


def _raise_next(troubles: deque[Trouble]) -> None:
    trouble = troubles.popleft() if troubles else None
    if trouble is not None:
        raise trouble
