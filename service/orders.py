"""What passes between the service and a lock vendor.

Invariants: frozen values without behaviour. A vendor's own words never stand in them,
and what a secret is made of is a `Secret`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from service.domain.events import Customer
from service.domain.windows import HOUR
from service.secret import Secret

if TYPE_CHECKING:
    from datetime import datetime, timedelta, tzinfo

    from service.domain.pins import PinForm
    from service.domain.recurring import Form
    from service.domain.windows import Window

NOBODY = Customer()
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

    `revocable`: a code can be taken back (CON-10, IGL-08). `changeable`: a code can be
    given another window, in place. `confirms_later`: an accepted code works only once
    the lock confirms it (NUK-02). `variants`: by kind of window, how many different
    codes one lock has for one window (IGL-12). `manual_kinds`: the kinds that can be
    made by hand (IGL-09), those in `endless_kinds` without an end. `pin_form`: what a
    PIN looks like that we choose; None where the vendor chooses. `recurring_forms`: how
    a recurring key's window may be written, none without them. `keeps_expired_codes`: a
    code stays on its lock after its window, until somebody deletes it. `keeps_keys`:
    its locks are keys that are taken and returned; `get_key_state` tells where each is
    (LIV-07). `events`: how the vendor is made to send messages of its own, for its
    owner to read; empty where it sends none. `margin_step`: margins are whole multiples
    of it (IGL-03). `replaced`: a code that has to change is replaced by a new one, and
    taken back once that one works and its customer knows it, so that the customer
    always has one. `renewed_every`: how far a code reaches whose end is not known, as
    that of a member (EXV-02); None where a vendor cannot give one, or not take it back
    when the membership ends. `shared`: one code opens all locks of a rule. `options`:
    further ways in that a rule may add (EXV-05), with what each is.
    """

    revocable: bool
    confirms_later: bool
    variants: Mapping[str, int]
    manual_kinds: tuple[str, ...]
    endless_kinds: tuple[str, ...] = ()
    changeable: bool = False
    pin_form: PinForm | None = None
    recurring_forms: tuple[Form, ...] = ()
    keeps_expired_codes: bool = False
    keeps_keys: bool = False
    events: str = ""
    margin_step: timedelta = HOUR
    replaced: bool = False
    renewed_every: timedelta | None = None
    shared: bool = False
    options: Mapping[str, str] = field(default_factory=dict)

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

    `variant` counts from 1 to `traits.variants[window.kind]` and is stored before the
    call. `name` labels the code in the vendor's own admin area. `zone` is the lock's.
    `pin` is given only to a vendor whose traits say `needs_pin`; it is stored before
    the call, so a vendor knows its own earlier work by PIN and name. `repeated` tells
    that the order may have gone out before. `access` is our own id of what is ordered:
    no other order ever has it. `extra_lock_ids` are further locks that the code opens,
    `options` further ways in; `customer` is told only where these ask for it.
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

    `ref` is the vendor's own id of it, None where no answer ever named one; then it
    is known by `pin` and `name`, or by `access`, as in its order. `ordered_at` is
    when it was last ordered. `repeated` tells that it may have been asked for before.
    `options` are the ways in that were ordered with it.
    """

    lock_vendor_id: str
    name: str
    ref: str | None
    pin: Secret | None
    ordered_at: datetime
    repeated: bool = False
    access: str = ""
    options: tuple[str, ...] = ()
