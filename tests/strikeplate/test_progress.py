"""People are told how much is done and how long it will take."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strikeplate.progress import Progress, in_words, span


@pytest.mark.parametrize(
    ("done", "total", "elapsed", "says"),
    [
        (0, 10, 60, "0 %"),
        (1, 10, 1, "10 %"),  # too early for an estimate
        (1, 10, 10, "10 %, 2 min left"),
        (9, 10, 90, "90 %, 10 s left"),
        (1, 100, 100, "1 %, 2 h 45 min left"),
        (10, 10, 60, "100 %"),
        (0, 0, 60, "100 %"),
    ],
)
def test_share_is_told_and_what_is_left(
    done: int, total: int, elapsed: float, says: str
) -> None:
    assert in_words(done, total, elapsed) == says


@given(st.floats(min_value=0, max_value=1e6))
def test_span_is_never_nothing(seconds: float) -> None:
    assert span(seconds) != "0 s"


def test_each_step_counts_one() -> None:
    progress = Progress(4)
    progress.step()
    assert str(progress) == "25 %"
