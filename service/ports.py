"""What the service needs from the world outside: a lock vendor and an outbox.

Law: a vendor folder implements `LockVendor` and is found by walking
`service/vendors`; nothing outside that folder knows its name. Every call ends in a
result or in exactly one of the errors of `service/refusals.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Protocol

from service.domain.errors import NoWindow
from service.domain.pins import PinForm
from service.domain.windows import NO_MARGIN
from service.domain.windows import Margin
from service.domain.windows import Window
from service.refusals import CredentialsRefused
from service.refusals import MailBusy
from service.refusals import MailError
from service.refusals import MailRefused
from service.refusals import PinTaken
from service.refusals import VendorBusy
from service.refusals import VendorError
from service.refusals import VendorPending
from service.refusals import VendorRefused
from service.refusals import VendorUnknown
from service.secret import Secret

if TYPE_CHECKING:
    from datetime import datetime
    from datetime import tzinfo

    from service.domain.standing import Form

__all__ = [
    "Code",
    "CredentialField",
    "Credentials",
    "CredentialsRefused",
    "Issued",
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

Credentials = Mapping[str, Secret | str]


@dataclass(frozen=True, slots=True)
class CredentialField:
    """One field of a vendor's credentials, as a form shows it.

    A `secret` field is stored encrypted and never shown again (CON-06). A field
    with a `default` may be left out, and so may an `optional` one.
    """

    name: str
    label: str
    secret: bool = False
    default: str | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Traits:
    """What a vendor can do, so that no one has to ask for its name.

    `revocable`: a code can be taken back (CON-10, IGL-08). `changeable`: a code can
    be given another window, in place. `confirms_later`: an accepted code works only
    once the lock confirms it (NUK-02). `variants`: by kind of window, how many
    different codes one lock has for one window (IGL-12). `manual_kinds`: the kinds
    that can be made by hand (IGL-09), those in `endless_kinds` without an end.
    `pin_form`: what a PIN looks like that we choose; None where the vendor chooses.
    `standing_forms`: how a standing key's window may be written, none without them.
    """

    revocable: bool
    confirms_later: bool
    variants: Mapping[str, int]
    manual_kinds: tuple[str, ...]
    endless_kinds: tuple[str, ...] = ()
    changeable: bool = False
    pin_form: PinForm | None = None
    standing_forms: tuple[Form, ...] = ()

    @property
    def needs_pin(self) -> bool:
        """Tell whether we choose the PIN."""
        return self.pin_form is not None


@dataclass(frozen=True, slots=True)
class VendorLock:
    """A device of the vendor's, and whether codes can be made for it (CON-05).

    `unusable_reason` is a sentence exactly when `usable` is false. `warning` is a
    sentence when it is not certain that codes work here. `battery` is in percent.
    `timezone` is what the lock's own clock is set to, None where that is not told.
    """

    vendor_id: str
    name: str
    kind: str
    usable: bool
    unusable_reason: str | None = None
    warning: str | None = None
    battery: int | None = None
    timezone: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One code to be made; the same order again means the same code.

    `variant` counts from 1 to `traits.variants[window.kind]` and is stored before
    the call. `name` labels the code in the vendor's own admin area. `zone` is the
    lock's. `pin` is given only to a vendor whose traits say `needs_pin`; it is
    stored before the call, so a vendor knows its own earlier work by PIN and name.
    `repeated` tells that the order may have gone out before.
    """

    lock_vendor_id: str
    window: Window
    variant: int
    name: str
    zone: tzinfo
    pin: Secret | None = None
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Issued:
    """A code that the vendor made.

    `ref` is the vendor's own id of it; `link` is for the customer to copy;
    `vendor_place` says where the vendor's own admin area shows it (CON-09).
    """

    pin: Secret
    ref: str
    link: str | None
    vendor_place: str


@dataclass(frozen=True, slots=True)
class Code:
    """A code that is to be taken back, as far as it is known.

    `ref` is the vendor's own id of it, None where no answer ever named one; then it
    is known by `pin` and `name`. `ordered_at` is when it was last ordered.
    `repeated` tells that it may have been asked for before.
    """

    lock_vendor_id: str
    name: str
    ref: str | None
    pin: Secret | None
    ordered_at: datetime
    repeated: bool = False


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

    def plan_standing(
        self,
        form: Form,
        start: datetime,
        end: datetime,
        *,
        now: datetime,
        zone: tzinfo,
    ) -> Window:
        """Return the window of a standing key, grace included, or raise `NoWindow`.

        Pure, like `plan`; only forms of `traits.standing_forms` are asked for.
        """
        del start, end, now, zone
        raise NoWindow(f"{self.name} has no standing keys of form {form!r}")

    def issue(self, credentials: Credentials, order: Order) -> Issued:
        """Return the code once the vendor has made it, and the lock confirmed it."""
        ...

    def revoke(self, credentials: Credentials, code: Code) -> None:
        """Return once the code opens nothing any more, also if it was gone."""
        ...

    def heard(
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
