"""What Nuki's answers mean, in one table.

Invariants: an answer is done (200 or 204), or it is one of the errors of
`service.ports`. 204 means that an order is accepted, never that the lock has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from service.ports import (
    CredentialsRefused,
    PinTaken,
    VendorBusy,
    VendorError,
    VendorRefused,
    VendorUnknown,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from service.vendor_http import Reply

Meaning = tuple[type[VendorError], str]

DONE: Final = (200, 204)

MEANINGS: Final[dict[int, Meaning]] = {
    400: (VendorRefused, "it does not take this order"),
    401: (CredentialsRefused, "it does not take the API token"),
    402: (CredentialsRefused, "the lock's subscription does not cover this"),
    403: (CredentialsRefused, "the API token lacks a permission; grant it"),
    404: (VendorRefused, "it knows no such lock"),
    408: (VendorBusy, "it took too long"),
    409: (PinTaken, "the lock has this PIN already"),
    423: (VendorBusy, "another order for this code is still under way"),
    426: (CredentialsRefused, "the lock's subscription does not cover this"),
    429: (VendorBusy, "it was asked too often"),
}
ABOUT_A_ROW: Final = MEANINGS | {404: (VendorBusy, "it lists the code no longer")}
"""The same for a code that the list has just shown."""

REMEDIES: Final = {"type": ", pair a keypad with the lock"}
LONGEST_TEXT: Final = 200


def done(
    reply: Reply, *, wrote: bool, meanings: Mapping[int, Meaning] = MEANINGS
) -> object:
    """Return the body of an answer that says yes; raise what any other one means."""
    if reply.status in DONE:
        return reply.body
    error, meaning = meanings.get(reply.status) or _unlisted(reply.status, wrote=wrote)
    raise error(f"Nuki: {meaning} ({reason_of(reply)})", reply.retry_after)


def reason_of(reply: Reply) -> str:
    """Return the status, the parameter at fault and what helps against it.

    Never a value: it may be a PIN.
    """
    body = reply.body if isinstance(reply.body, dict) else {}
    words = body.get("detailMessage")
    words = words if isinstance(words, str) else ""
    _, found, rest = words.partition("parameter '")
    name = rest.partition("'")[0][:LONGEST_TEXT]
    if not (found and name):
        return str(reply.status)
    return f"{reply.status}: parameter {name}{REMEDIES.get(name, '')}"


def _unlisted(status: int, *, wrote: bool) -> Meaning:
    if 400 <= status < 500:  # noqa: PLR2004
        return VendorRefused, "it does not take this order"
    if 300 <= status < 400:  # noqa: PLR2004
        return VendorBusy, "it points elsewhere; check api_url"
    if wrote:
        return VendorUnknown, "it is not clear whether it took the order"
    return VendorBusy, "it has a problem of its own"
