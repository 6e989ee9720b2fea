"""What the service needs from the world outside: a lock vendor and an outbox.

Invariants: a vendor folder implements `LockVendor` and is found by walking
`service/vendors`; nothing outside that folder knows its name. Every call ends in a
result or in exactly one of the errors of `service/refusals.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from service.domain.errors import NotPossible, NoWindow
from service.domain.pins import PinForm
from service.domain.windows import NO_MARGIN, Margin, Window
from service.orders import (
    Code,
    CredentialField,
    Credentials,
    Issued,
    Order,
    Traits,
    VendorLock,
)
from service.refusals import (
    CredentialsRefused,
    LockTaken,
    MailBusy,
    MailError,
    MailRefused,
    PinTaken,
    VendorBusy,
    VendorError,
    VendorPending,
    VendorRefused,
    VendorUnknown,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo

    from service.domain.keys import KeyObservation
    from service.domain.recurring import Form
    from service.secret import Secret

__all__ = [
    "Code",
    "CredentialField",
    "Credentials",
    "CredentialsRefused",
    "Issued",
    "LockTaken",
    "LockVendor",
    "Mail",
    "MailBusy",
    "MailError",
    "MailRefused",
    "Margin",
    "NoWindow",
    "Order",
    "Outbox",
    "PinForm",
    "PinTaken",
    "Traits",
    "VendorBusy",
    "VendorError",
    "VendorLock",
    "VendorPending",
    "VendorRefused",
    "VendorUnknown",
    "Window",
]


class LockVendor(Protocol):
    """A lock vendor as the service sees it; safe to call from many threads."""

    @property
    def name(self) -> str:
        """Return the vendor's name as it stands in the API: its folder's name."""
        ...

    @property
    def fields(self) -> tuple[CredentialField, ...]:
        """Return the credentials that a connection needs, in the form's order."""
        ...

    @property
    def traits(self) -> Traits:
        """Return what this vendor can do."""
        ...

    def verify(self, credentials: Credentials) -> str:
        """Return the account's name once the vendor took the credentials (CON-01)."""
        ...

    def locks(self, credentials: Credentials) -> list[VendorLock]:
        """Return every device of the account, also those not usable (CON-05)."""
        ...

    def plan(
        self,
        start: datetime,
        end: datetime,
        *,
        now: datetime,
        zone: tzinfo,
        margin: Margin = NO_MARGIN,
    ) -> Window:
        """Return the smallest window that covers the booking, or raise `NoWindow`.

        Pure: the same arguments give the same window. Plan again before every
        attempt at an order, since a window must not start before the current hour;
        plan with the `now` of an issued access to learn whether it still fits.
        """
        ...

    def plan_by_hand(
        self,
        kind: str,
        start: datetime,
        end: datetime | None,
        *,
        now: datetime,
        zone: tzinfo,
    ) -> Window:
        """Return exactly the window asked for, or raise `NoWindow` with the fix.

        Pure. Where `plan` rounds, this refuses: a person can be asked again.
        """
        ...

    def plan_recurring(
        self,
        form: Form,
        start: datetime,
        end: datetime,
        *,
        now: datetime,
        zone: tzinfo,
    ) -> Window:
        """Return the window of a recurring key, grace included, or raise `NoWindow`.

        Pure, like `plan`; only forms of `traits.recurring_forms` are asked for.
        """
        del start, end, now, zone
        raise NoWindow(f"{self.name} has no recurring keys of form {form!r}")

    def issue(self, credentials: Credentials, order: Order) -> Issued:
        """Return the code once the vendor has made it, and the lock confirmed it."""
        ...

    def revoke(self, credentials: Credentials, code: Code) -> None:
        """Return once the code opens nothing any more, also if it was gone."""
        ...

    def get_key_state(
        self, credentials: Credentials, lock_vendor_id: str
    ) -> KeyObservation:
        """Return where a key is; only vendors that keep keys are asked."""
        del credentials, lock_vendor_id
        raise VendorRefused(f"{self.name} keeps no keys")

    def register(self, credentials: Credentials, url: str) -> Credentials:
        """Have the vendor send its messages to the URL; return what is to be kept.

        An earlier registration of the URL is found and replaced, so this can be
        repeated. Raise `NotPossible` where the vendor's interface has no such call.
        """
        del credentials, url
        by_hand = self.traits.events or f"{self.name} sends no messages of its own"
        raise NotPossible(f"this cannot be done from here: {by_hand}")

    def unregister(self, credentials: Credentials, url: str) -> None:
        """Return once what `register` did for the URL is undone, if it ever did it."""
        del credentials, url

    def parse_webhook(
        self, credentials: Credentials, headers: Mapping[str, str], body: bytes
    ) -> frozenset[str]:
        """Return the vendor's ids of the locks that its own message has news about.

        `headers` are by lower-case name. Raise `CredentialsRefused` for a message
        that is not the vendor's, `VendorRefused` where it sends none.
        """
        del credentials, headers, body
        raise VendorRefused(f"{self.name} sends no messages of its own")

    def master_code(self, credentials: Credentials, vendor_id: str) -> Secret | None:
        """Return the lock's master code, None where the vendor shows none (IGL-09)."""
        ...


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one address; `message_id` is the same at every attempt."""

    to: str = field(repr=False)
    subject: str = field(repr=False)
    body: str = field(repr=False)
    message_id: str
    sent_at: datetime


class Outbox(Protocol):
    """Takes mails; SMS go through it too, as mail to a gateway's address."""

    def send(self, mail: Mail) -> None:
        """Return once the mail server took the mail, else raise a `MailError`."""
        ...
