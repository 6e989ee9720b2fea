"""What the image holds may be given away, and an audit says what it did not look up."""

from __future__ import annotations

import pytest

from tests.package.licences import PAGE, licence, locked, page
from tests.package.vulnerabilities import NOT_LOOKED_UP, conclude

FREE = (
    "0BSD",
    "Apache",
    "BSD",
    "ISC",
    "LGPL",
    "MIT",
    "MPL",
    "PSF",
    "Unlicense",
    "Zope",
)
SEPARATE = {"libfaketime"}
"""Under the GPL: a library that is preloaded into processes, and never imported."""


def test_page_of_licences_is_that_of_the_lock() -> None:
    assert PAGE.read_text() == page()


def test_every_package_of_the_image_may_be_given_away() -> None:
    doubtful = {
        name: licence(name)
        for name in locked()
        if not any(word in licence(name) for word in FREE)
    }
    assert set(doubtful) == SEPARATE


@pytest.mark.parametrize(
    ("code", "said", "ends"),
    [
        (0, "No known vulnerabilities found", 0),
        (0, "x  Dependency not found and could not be audited: x (1)", 0),
        (1, "Found 2 known vulnerabilities in 1 package", 1),
        (1, "ConnectionError: Max retries exceeded", 0),
        (1, "requirements.lock: invalid line", 1),
    ],
)
def test_audit_fails_for_what_it_found_and_not_for_a_missing_network(
    code: int, said: str, ends: int
) -> None:
    ended, text = conclude(code, said)
    assert ended == ends
    whole = said.startswith(("No known", "Found")) or ends == 1
    assert (NOT_LOOKED_UP in text) is not whole
