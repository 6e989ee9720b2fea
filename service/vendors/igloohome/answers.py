"""What igloohome's answers mean, in one table.

Invariants: an answer is done (200), or it is one of the errors of `service.ports`.
After a call that makes something, an answer that says neither yes nor no is unknown:
the code may exist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from service.ports import (
    CredentialsRefused,
    VendorBusy,
    VendorError,
    VendorRefused,
    VendorUnknown,
)

if TYPE_CHECKING:
    from service.vendor_http import Reply

OK: Final = 200
MEANINGS: Final[dict[int, tuple[type[VendorError], str]]] = {
    400: (VendorRefused, "it does not take this order"),
    401: (CredentialsRefused, "it does not take the client's token"),
    402: (CredentialsRefused, "the account's subscription does not cover this lock"),
    403: (CredentialsRefused, "the client lacks a scope; grant it in the portal"),
    404: (VendorRefused, "it knows no such device, or none with algoPIN"),
    408: (VendorBusy, "it took too long"),
    425: (VendorBusy, "it was asked too early"),
    429: (VendorBusy, "it was asked too often"),
}
LONGEST_TEXT: Final = 200


def done(reply: Reply, *, wrote: bool) -> object:
    """Return the body of an answer that says yes; raise what any other one means."""
    if reply.status == OK:
        return reply.body
    error, meaning = MEANINGS.get(reply.status) or _unlisted(reply.status, wrote=wrote)
    raise error(f"igloohome: {meaning} ({reason_of(reply)})", reply.retry_after)


def reason_of(reply: Reply) -> str:
    """Return the status and the vendor's own words, short and in one line."""
    words = text_in(reply.body, "message") or text_in(reply.body, "error")
    if reply.body is None:
        words = "an answer that is no JSON"
    short = " ".join(words.split())[:LONGEST_TEXT]
    return f"{reply.status}: {short}" if short else str(reply.status)


def text_in(body: object, name: str) -> str:
    """Return a text field of an answer, empty where there is none."""
    value = body.get(name) if isinstance(body, dict) else None
    return value if isinstance(value, str) else ""


def number_in(body: object, name: str) -> float:
    """Return a number of an answer, 0 where there is none."""
    value = body.get(name) if isinstance(body, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    return value


def _unlisted(status: int, *, wrote: bool) -> tuple[type[VendorError], str]:
    if 400 <= status < 500:  # noqa: PLR2004
        return VendorRefused, "it does not take this order"
    if 300 <= status < 400:  # noqa: PLR2004
        return VendorBusy, "it points elsewhere; check api_url"
    if wrote:
        return VendorUnknown, "it is not clear whether it made the code"
    return VendorBusy, "it has a problem of its own"
