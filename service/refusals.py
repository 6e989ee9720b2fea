"""The errors in which a call of somebody else's system can end.

Invariants: each says what may have happened there, and so what to do next. Every call
of a vendor ends in a result or in exactly one of these:

VendorError
├── VendorRefused       final: the vendor understood and said no
├── VendorBusy          nothing was done; ask again, not before `retry_after`
├── VendorUnknown       the answer was lost: it may have been done; repeat the very
│                       same order, which a vendor answers with the same code
├── VendorPending       it was accepted and is on its way to the lock; repeat the very
│                       same call, which looks what has become of it
├── PinTaken            nothing was done: the lock has this PIN; choose another
├── LockTaken           nothing was done: somebody else has the lock in that time
└── CredentialsRefused  the connection's matter: its owner has to act

and a mail that is handed over in a result or a `MailError`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta


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
    """Accepted, and on its way to the lock: repeat the call to learn more.

    An order that has just gone out is known of by `retry_after`.
    """


class PinTaken(VendorError):  # noqa: N818
    """Nothing was done: the lock has this PIN for somebody else."""


class LockTaken(VendorError):  # noqa: N818
    """Nothing was done: the lock is given to somebody else for some of that time."""


class CredentialsRefused(VendorError):  # noqa: N818
    """The vendor does not take these credentials, or they lack a permission."""


class MailError(Exception):
    """A mail that was not taken; `reason` is a sentence without the address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MailRefused(MailError):  # noqa: N818 (both read as what they say)
    """Final: this mail will not be taken, for example for its address."""


class MailBusy(MailError):  # noqa: N818
    """Not taken now, or the answer was lost; repeat with the same message id."""
