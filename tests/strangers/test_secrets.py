"""No code and no token of a subject stands in anything that a run writes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.strangers.judging import DOOR_HOURS_MESSAGE, judge
from tests.strangers.test_hotel import hotel

if TYPE_CHECKING:
    from pathlib import Path


def plain(text: str) -> str:
    """Return a text in which codes stand as they are typed."""
    return re.sub(r"(?<=\d)[ -](?=\d)", "", text)


@pytest.mark.parametrize("words", ["plain", "late", "dotted late"])
def test_no_code_and_no_token_stands_in_what_is_written(
    words: str, tmp_path: Path
) -> None:
    secrets = tmp_path / "secrets"
    judged = hotel(tmp_path, words), DOOR_HOURS_MESSAGE, tmp_path
    found = judge(*judged, HOTEL_SECRETS=str(secrets))
    assert bool(found.of("fail")) == ("late" in words)
    known = {*secrets.read_text().split()}
    assert len(known) > 5
    files = [each for each in (tmp_path / "results").rglob("*") if each.is_file()]
    assert {each.suffix for each in files} >= {".html", ".ndjson", ".xml"}
    texts = {each.name: each.read_bytes().decode(errors="replace") for each in files}
    texts["what it printed"] = found.printed
    told = [
        name for name, text in texts.items() for each in known if each in plain(text)
    ]
    assert told == []
