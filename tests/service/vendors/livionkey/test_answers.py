"""Refusals are known by how they begin, as text and as a JSON string."""

from __future__ import annotations

import pytest

from service.ports import (
    CredentialsRefused,
    LockTaken,
    PinTaken,
    VendorBusy,
    VendorError,
    VendorRefused,
    VendorUnknown,
)
from service.vendor_http import Reply
from service.vendors.livionkey.api import Absent, Doubled, KeyIsOut, TooLate, done

SENTENCES = [
    ("Overlapping contract existing", LockTaken),
    ("Overlapping contract existing for key flat-1", LockTaken),
    ("Pincode already used in existing contracts", PinTaken),
    ("ContractId already in use", Doubled),
    ("Start time should be in the future", TooLate),
    ("Start time should be before End time", VendorRefused),
    ("Contract not found", Absent),
    ("Delete contract failed", KeyIsOut),
    ("KeyId not found", VendorRefused),
    ("Something nobody has seen", VendorRefused),
]


@pytest.mark.parametrize(("words", "error"), SENTENCES)
@pytest.mark.parametrize("as_json", [False, True])
def test_sentence_means_what_it_begins_with(
    words: str, error: type[VendorError], *, as_json: bool
) -> None:
    body = words if as_json else None
    text = f'"{words}"' if as_json else words
    with pytest.raises(VendorError) as raised:
        done(Reply(400, body, text=text), wrote=True)
    assert type(raised.value) is error
    assert words in raised.value.reason


@pytest.mark.parametrize(
    ("status", "wrote", "error"),
    [
        (401, True, VendorRefused),
        (403, False, CredentialsRefused),
        (404, False, VendorRefused),
        (409, True, VendorBusy),
        (429, True, VendorBusy),
        (302, True, VendorBusy),
        (500, True, VendorUnknown),
        (500, False, VendorBusy),
        (204, True, VendorUnknown),
    ],
)
def test_status_says_what_may_have_happened(
    status: int, error: type[VendorError], *, wrote: bool
) -> None:
    with pytest.raises(VendorError) as raised:
        done(Reply(status), wrote=wrote)
    assert type(raised.value) is error


def test_page_that_says_yes_leaves_open_what_happened() -> None:
    with pytest.raises(VendorUnknown):
        done(Reply(200, None, text="<html>nonsense</html>"), wrote=True)


def test_yes_in_words_is_a_yes() -> None:
    assert done(Reply(200, None, text="Contract updated"), wrote=True) is None
