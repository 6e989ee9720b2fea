"""What Exivo's answers mean, in one table.

Invariants: an answer is done (200 or 204), or it is one of the errors of
`service.ports`. What the vendor says is passed on without its digits, since they may be
a PIN.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from service.ports import (
    CredentialsRefused,
    VendorBusy,
    VendorError,
    VendorRefused,
    VendorUnknown,
)
from service.secret import MASK

if TYPE_CHECKING:
    from service.vendor_http import Reply

DONE: Final = (200, 204)
MEANINGS: Final[dict[int, tuple[type[VendorError], str]]] = {
    400: (VendorRefused, "it does not take this"),
    401: (CredentialsRefused, "it does not take the API key and its secret"),
    403: (CredentialsRefused, "the API key is not for this site; check site_id"),
    404: (VendorRefused, "it knows no such thing"),
    408: (VendorBusy, "it took too long"),
    425: (VendorBusy, "it was asked too early"),
    429: (VendorBusy, "it was asked too often"),
}
LONGEST_TEXT: Final = 200
DIGITS: Final = re.compile(r"\d{4,}")


def done(reply: Reply, *, wrote: bool) -> object:
    """Return the body of an answer that says yes; raise what any other one means."""
    if reply.status in DONE:
        return reply.body
    error, meaning = MEANINGS.get(reply.status) or _unlisted(reply.status, wrote=wrote)
    raise error(f"Exivo: {meaning} ({reason_of(reply)})", reply.retry_after)


def reason_of(reply: Reply) -> str:
    """Return the status and what the vendor says about it, without digits."""
    body = reply.body if isinstance(reply.body, dict) else {}
    words = body.get("message")
    if not isinstance(words, str) or not words:
        return str(reply.status)
    plain = " ".join(DIGITS.sub(MASK, words).split())
    return f"{reply.status}: {plain[:LONGEST_TEXT]}"


def _unlisted(status: int, *, wrote: bool) -> tuple[type[VendorError], str]:
    if 400 <= status < 500:  # noqa: PLR2004
        return VendorRefused, "it does not take this"
    if 300 <= status < 400:  # noqa: PLR2004
        return VendorBusy, "it points elsewhere; check api_url"
    if wrote:
        return VendorUnknown, "it is not clear whether it did it"
    return VendorBusy, "it has a problem of its own"
