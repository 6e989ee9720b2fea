"""What LivionKey's answers mean: nearly all refusals are a 400 with a sentence.

Invariants: an answer is done (200), or it is one of the errors of `service.ports`. A
sentence is known by how it begins, never as a whole, and comes as plain text or as
a JSON string.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from service.ports import (
    CredentialsRefused,
    LockTaken,
    PinTaken,
    VendorBusy,
    VendorError,
    VendorRefused,
    VendorUnknown,
)

if TYPE_CHECKING:
    from service.vendor_http import Reply

OK: Final = 200
REFUSED: Final = 400
LONGEST_TEXT: Final = 200


class Absent(VendorRefused):
    """There is no such contract, or no keys at such a device."""


class Doubled(VendorRefused):
    """There is a contract of this name already."""


class KeyIsOut(VendorRefused):
    """A contract is not deleted while its key is out."""


class TooLate(VendorRefused):
    """A contract cannot begin in the past."""


SENTENCES: Final[tuple[tuple[str, type[VendorError], str], ...]] = (
    ("Overlapping contract", LockTaken, "the key has another contract in that time"),
    ("Pincode already used", PinTaken, "the cabinet has this PIN for somebody else"),
    ("ContractId already in use", Doubled, "it has a contract of this name already"),
    ("Start time should be in the future", TooLate, "the start is over"),
    ("Contract not found", Absent, "it knows no such contract"),
    ("Device keys not found", Absent, "the device has no keys"),
    ("Delete contract failed", KeyIsOut, "a key of the contract is out"),
    ("KeyId not found", VendorRefused, "it knows no such key; refresh the locks"),
    ("no such key", VendorRefused, "it knows no such key; refresh the locks"),
    ("Device not found", VendorRefused, "it knows no such device; refresh the locks"),
)
MEANINGS: Final[dict[int, tuple[type[VendorError], str]]] = {
    401: (VendorRefused, "this account may not see that device or key; check its ids"),
    403: (CredentialsRefused, "it does not take the account's token"),
    408: (VendorBusy, "it took too long"),
    409: (VendorBusy, "the device is busy"),
    429: (VendorBusy, "it was asked too often"),
}


def done(reply: Reply, *, wrote: bool) -> object:
    """Return the body of an answer that says yes; raise what any other one means."""
    if reply.status == OK:
        return reply.body
    error, meaning = _meaning(reply, wrote=wrote)
    answer = f"{reply.status}: {words(reply)}".rstrip(": ")
    raise error(f"LivionKey: {meaning} ({answer})", reply.retry_after)


def words(reply: Reply) -> str:
    """Return the vendor's own words, short and in one line."""
    body = reply.body
    said = body if isinstance(body, str) else text_in(body, "message") or reply.text
    return " ".join(said.split())[:LONGEST_TEXT]


def text_in(body: object, name: str) -> str:
    """Return a text field of an answer, empty where there is none."""
    value = body.get(name) if isinstance(body, dict) else None
    return value if isinstance(value, str) else ""


def _meaning(reply: Reply, *, wrote: bool) -> tuple[type[VendorError], str]:
    said = words(reply) if reply.status == REFUSED else ""
    for beginning, error, meaning in SENTENCES:
        if said.startswith(beginning):
            return error, meaning
    return MEANINGS.get(reply.status) or _unlisted(reply.status, wrote=wrote)


def _unlisted(status: int, *, wrote: bool) -> tuple[type[VendorError], str]:
    if 400 <= status < 500:  # noqa: PLR2004
        return VendorRefused, "it does not take this order"
    if 300 <= status < 400:  # noqa: PLR2004
        return VendorBusy, "it points elsewhere; check api_url"
    if wrote:
        return VendorUnknown, "it is not clear whether it took the order"
    return VendorBusy, "it has a problem of its own"
