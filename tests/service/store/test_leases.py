"""What was done and is not stored yet has a mark, which outlives the process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from service.store.leases import Marks

if TYPE_CHECKING:
    from pathlib import Path


def test_mark_goes_once_what_it_tells_is_stored(tmp_path: Path) -> None:
    marks = Marks(tmp_path / "marks")
    with marks.during("a1"):
        assert [each.name for each in (tmp_path / "marks").iterdir()] == ["a1"]
    assert not marks.take("a1")


def test_mark_stays_for_others_where_storing_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), Marks(tmp_path).during("a1"):
        raise ZeroDivisionError
    again = Marks(tmp_path)
    assert not again.take("a2")
    assert again.take("a1")
    assert not again.take("a1")


def test_mark_that_cannot_be_made_stops_nothing(tmp_path: Path) -> None:
    marks = Marks(tmp_path / "marks")
    (tmp_path / "marks").rmdir()
    with marks.during("a1"):
        pass
    assert not marks.take("a1")


def test_without_a_folder_there_are_no_marks() -> None:
    marks = Marks(None)
    with marks.during("a1"):
        assert not marks.take("a1")
    assert not marks.take(None)
