"""A page is one file, in which nothing runs and nothing is shown but our own."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.strikeplate.conftest import Finished


def allowed(page: str, kind: str) -> str:
    """Return what the page's policy says of styles or of scripts."""
    found = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert found
    directives = dict(
        each.split(" ", 1) for each in unescape(found[1]).split("; ") if each
    )
    assert directives["default-src"] == "'none'"
    return directives[kind]


def digest(text: str) -> str:
    return b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_policy_allows_the_styles_and_scripts_of_the_page_alone(
    sample: Finished,
) -> None:
    page = sample.text("report.html")
    for tag in ("style", "script"):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert allowed(page, f"{tag}-src") == f"'sha256-{digest(text)}'"


def test_page_has_no_handler_and_no_style_in_its_tags(sample: Finished) -> None:
    tags = re.findall(r"<[a-z][^>]*>", sample.text("report.html"))
    assert not [tag for tag in tags if re.search(r"\s(on\w+|style)=", tag)]
