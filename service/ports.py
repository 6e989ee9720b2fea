"""What the service needs from outside: lock vendors, and an outbox for mails.

Invariants: a vendor folder implements `LockVendor` and is found by walking
`service/vendors`; nothing outside that folder knows its name. What only some vendors
can do is a part of theirs, None elsewhere: what a vendor lacks cannot be called. Values
are frozen, hold none of a vendor's words, and keep secrets in `Secret`. Every call ends
in a result or in exactly one `VendorError`, and a mail in a `MailError`: the classes at
the end of this file, each of which says what was done and what follows.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from types import MappingProxyType
from typing import Final, Protocol

from service.domain.access import ChangePolicy, PinForm
from service.domain.booking import Customer
from service.domain.keys import KeyObservation
from service.domain.schedule import NO_MARGIN, Form, Margin, RecurringKey, Window
from service.secret import Secret

NOBODY: Final = Customer()
NO_OPTIONS: Final[Mapping[str, str]] = MappingProxyType({})
Credentials = Mapping[str, Secret | str]


class LockVendor(ABC):
    """A lock vendor as the service sees it; safe to call from many threads."""

    name: str  # its folder's
    fields: tuple[CredentialField, ...]
    """A connection's credentials, in the order of a form."""
    sign_in: OwnerSignIn | None = None
    """How an owner links by signing in at the vendor's page; None without one."""

    planner: Planner
    """Which windows its codes can have."""

    change_policy: ChangePolicy = ChangePolicy.NEVER
    """How a code that is made already gets another window."""

    revocation: Revocation | None = None
    """How a code is taken back; None where none can be (CON-10, IGL-08)."""
    deleted_where: str = ""
    """Where a person deletes one then: "at the lock, in the vendor's app"."""

    pin_form: PinForm | None = None
    """What a PIN of our choice looks like; None where the vendor chooses them."""

    recurring: RecurringKeys | None = None
    """How one key gets window after window; None where it cannot (NUK-09, NUK-10)."""

    keys: KeyTracking | None = None
    """Where its locks, which are keys, are; None where no lock is a key (LIV-07)."""

    webhooks: VendorWebhooks | None = None
    """The messages that it sends of its own; None where it sends none."""

    master_codes: MasterCodes | None = None
    """Where a lock's master code is shown; None where there are none (IGL-09)."""

    options: Mapping[str, str] = NO_OPTIONS
    """Further ways in that a rule may add, with what each is (EXV-05)."""

    renewed_every: timedelta | None = None
    """How far a code reaches whose end is not known, as that of a member (EXV-02); None
    where it makes no such code, or cannot take it back."""
    keeps_expired_codes: bool = False
    """A code stays on its lock after its window until it is deleted (NUK-13)."""
    capacity: int | None = None
    """How many codes a lock has room for, None where no end is known."""
    one_at_a_time: bool = False
    """A lock refuses codes that overlap: it is one holder's at a time."""
    one_code_for_all_locks: bool = False
    """One code opens all locks of a rule."""
    example_link: str | None = None
    """What a link to a door looks like; None where there are none (MSG-05)."""

    @abstractmethod
    def verify(self, credentials: Credentials) -> str:
        """Return the account's name once the vendor took the credentials (CON-01)."""

    def sign_out(self, credentials: Credentials) -> None:
        """Forget the token that was given for these, where it is kept."""
        del credentials

    @abstractmethod
    def locks(self, credentials: Credentials) -> list[VendorLock]:
        """Return every device of the account, also those not usable (CON-05)."""

    @abstractmethod
    def issue(self, credentials: Credentials, order: Order) -> Issued:
        """Return the code once the vendor has made it, and the lock confirmed it."""


class Planner(Protocol):
    """The windows that a vendor's codes can have; pure.

    The same arguments give the same window. Plan again before every attempt at an
    order, since a window must not start before the current hour; plan with the `now` of
    an issued access to learn whether it still fits.
    """

    @property
    def margin_step(self) -> timedelta:
        """What margins are whole multiples of (IGL-03)."""

    @property
    def manual_kinds(self) -> tuple[str, ...]:
        """The kinds of window that can be made by hand (IGL-09)."""

    def variants(self, kind: str) -> int:
        """Return how many different codes one lock has for one such window (IGL-12)."""

    def plan(
        self,
        start: datetime,
        end: datetime,
        *,
        now: datetime,
        zone: tzinfo,
        margin: Margin = NO_MARGIN,
    ) -> Window:
        """Return the smallest window that covers the booking, or raise `NoWindow`."""

    def plan_by_hand(
        self,
        kind: str,
        start: datetime,
        end: datetime | None,
        *,
        now: datetime,
        zone: tzinfo,
    ) -> Window:
        """Return exactly the window asked for, or raise `NoWindow` with the fix."""


class RecurringKeys(Protocol):
    """Keys that are given one window after another."""

    forms: tuple[Form, ...]
    """How such a key's window may be written."""

    def plan(
        self,
        key: RecurringKey,
        start: datetime,
        end: datetime,
        *,
        now: datetime,
        zone: tzinfo,
    ) -> Window:
        """Return the window, grace included, or raise `NoWindow`; pure."""


class Revocation(Protocol):
    """Takes codes back."""

    def revoke(self, credentials: Credentials, code: Code) -> None:
        """Make the code open nothing any more; one that is gone already is fine."""

    def list_refs(self, credentials: Credentials, lock_vendor_id: str) -> set[str]:
        """Return the vendor's own ids of the codes that the lock has."""


class KeyTracking(Protocol):
    """Knows keys that are taken and given back."""

    def get_key_state(self, credentials: Credentials, vendor_id: str) -> KeyObservation:
        """Return where a key is."""


class MasterCodes(Protocol):
    """Shows the codes that open a lock at any time."""

    def master_code(self, credentials: Credentials, vendor_id: str) -> Secret | None:
        """Return the lock's master code, None where the account may not see it."""


class VendorWebhooks(Protocol):
    """The vendor's own messages: each is a hint to look, and never the truth."""

    instructions: str
    """How the vendor is made to send them, for a connection's owner to read."""
    registration: WebhookRegistration | None
    """How they are asked for; None where the owner has to ask by hand."""

    def parse_webhook(
        self, credentials: Credentials, headers: Mapping[str, str], body: bytes
    ) -> frozenset[str]:
        """Return the vendor's ids of the locks that a message has news about.

        `headers` are by lower-case name. Raise `CredentialsRefused` for a message
        that is not the vendor's.
        """


class WebhookRegistration(Protocol):
    """Asks the vendor to send its messages, and to stop."""

    def register(self, credentials: Credentials, url: str) -> Credentials:
        """Have them sent to the URL, once; return the credentials to keep."""

    def unregister(self, credentials: Credentials, url: str) -> None:
        """Undo what `register` did for the URL, if it ever did it."""


class OwnerSignIn(Protocol):
    """A sign-in at the vendor's page (OAuth 2.0); no form asks for what it `gives`."""

    gives: str

    def page(self, credentials: Credentials, back: str, state: str) -> str:
        """Return the address of the page, which sends the browser back with a code."""

    def redeem(self, credentials: Credentials, back: str, code: str) -> Secret:
        """Return the credential that the code is good for, once."""


@dataclass(frozen=True, slots=True)
class CredentialField:
    """One field of a vendor's credentials, as a form shows it.

    A `secret` field is stored encrypted and never shown again (CON-06). A field with a
    `default` may be left out, and so may an `optional` one.
    """

    name: str
    label: str
    secret: bool = False
    default: str | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class VendorLock:
    """A device of the vendor's, and whether codes can be made for it (CON-05).

    `unusable_reason` is a sentence exactly when `usable` is false. `warning` is a
    sentence when it is not certain that codes work here. `battery` is in percent.
    `timezone` is what the lock's own clock is set to, None where that is not known.
    `return_code` is what is typed to give its key back at any time, and never gives
    one out; None without one (LIV-04).
    """

    vendor_id: str
    name: str
    kind: str
    usable: bool
    unusable_reason: str | None = None
    warning: str | None = None
    battery: int | None = None
    timezone: str | None = None
    return_code: Secret | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One code to be made; the same order again means the same code.

    `variant` counts from 1 to the planner's `variants(window.kind)`. `name` labels the
    code in the vendor's own admin area. `zone` is the lock's. `pin` is given only to a
    vendor with a `pin_form`. Both are stored before the call, so a vendor knows its own
    earlier work; `repeated` tells that there may be some. No other order has the id
    `access`. `extra_lock_ids` are further locks that the code opens, `options` further
    ways in; `customer` is given only where these need it.
    """

    lock_vendor_id: str
    window: Window
    variant: int
    name: str
    zone: tzinfo
    pin: Secret | None = None
    repeated: bool = False
    access: str = ""
    extra_lock_ids: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    customer: Customer = NOBODY


@dataclass(frozen=True, slots=True)
class Issued:
    """A code that the vendor made.

    `ref` is the vendor's own id of it; `link` is for the customer to copy;
    `vendor_place` says where the vendor's own admin area shows it (CON-09). `notice`
    tells of an option that could not be added; the code works without it.
    """

    pin: Secret
    ref: str
    link: str | None
    vendor_place: str
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """A code that is to be taken back, as far as it is known.

    `ref` is the vendor's own id of it, None where no answer ever named one; then it is
    known by `pin` and `name`, or by `access`, as in its order of `ordered_at`.
    `repeated` tells that it may have been asked for before.
    """

    lock_vendor_id: str
    name: str
    ref: str | None
    pin: Secret | None
    ordered_at: datetime
    repeated: bool = False
    access: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail; its `message_id` stays, and `html` is its body as part of a page."""

    to: str = field(repr=False)
    subject: str = field(repr=False)
    body: str = field(repr=False)
    message_id: str
    sent_at: datetime
    html: str = field(default="", repr=False)


class Outbox(Protocol):
    """Takes mails; SMS go through it too, as mail to a gateway's address."""

    def send(self, mail: Mail) -> None:
        """Return once the mail server took the mail, else raise a `MailError`."""

    def close(self) -> None:
        """Let go of the mail server."""


class VendorError(Exception):
    """A call that did not end in a result; `reason` is a sentence for people."""

    def __init__(self, reason: str, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class VendorRefused(VendorError):  # noqa: N818 (these read as what they say)
    """The vendor understood and said no; the same order will not succeed."""


class VendorBusy(VendorError):  # noqa: N818
    """Nothing was done; it may succeed later, not before `retry_after`."""


class VendorUnknown(VendorError):  # noqa: N818
    """The answer was lost: it may have been done. Repeat the very same order."""


class VendorPending(VendorError):  # noqa: N818
    """Accepted, and on its way to the lock: repeat the call, after `retry_after`."""


class PinTaken(VendorError):  # noqa: N818
    """Nothing was done: the lock has this PIN for somebody else; choose another."""


class LockTaken(VendorError):  # noqa: N818
    """Nothing was done: the lock is given to somebody else for some of that time."""


class CredentialsRefused(VendorError):  # noqa: N818
    """The credentials are refused, or lack a permission: their owner has to act."""


class MailError(Exception):
    """A mail that was not taken; `reason` is a sentence without the address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MailRefused(MailError):  # noqa: N818 (both read as what they say)
    """Final: this mail will not be taken, for example for its address."""


class MailBusy(MailError):  # noqa: N818
    """Not taken now, or the answer was lost; repeat with the same message id."""
