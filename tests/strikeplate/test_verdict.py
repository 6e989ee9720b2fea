from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strikeplate.verdict import (
    MEANING,
    HarnessFault,
    Inconclusive,
    NotApplicable,
    Verdict,
    merge,
    worst,
)

VERDICTS = st.sampled_from(Verdict)


@given(VERDICTS, VERDICTS)
def test_merging_does_not_care_for_order(one: Verdict, other: Verdict) -> None:
    assert merge(one, other) is merge(other, one)


@given(VERDICTS, VERDICTS, VERDICTS)
def test_merging_does_not_care_for_grouping(a: Verdict, b: Verdict, c: Verdict) -> None:
    assert merge(merge(a, b), c) is merge(a, merge(b, c))


@given(VERDICTS)
def test_merging_with_itself_changes_nothing(one: Verdict) -> None:
    assert merge(one, one) is one


@given(VERDICTS, VERDICTS)
def test_merging_never_lowers(one: Verdict, other: Verdict) -> None:
    assert merge(one, other).rank >= one.rank


@given(st.lists(VERDICTS, min_size=1), VERDICTS)
def test_one_more_verdict_never_makes_things_better(
    verdicts: list[Verdict], other: Verdict
) -> None:
    assert worst([*verdicts, other]).rank >= worst(verdicts).rank
    assert worst(verdicts) in verdicts


def test_worst_of_nothing_is_untested() -> None:
    assert worst([]) is Verdict.UNTESTED


def test_order_is_the_one_that_is_documented() -> None:
    words = "untested not-applicable pass warn inconclusive fail error"
    assert [verdict.value for verdict in sorted(Verdict)] == words.split()


def test_every_verdict_has_its_meaning() -> None:
    assert set(MEANING) == set(Verdict)


@pytest.mark.parametrize("kind", [Inconclusive, NotApplicable])
def test_not_judging_without_a_reason_is_a_fault_of_ours(
    kind: type[Inconclusive | NotApplicable],
) -> None:
    with pytest.raises(HarnessFault, match="needs a reason"):
        kind(" ")


def test_verdicts_are_not_compared_with_other_things() -> None:
    with pytest.raises(TypeError):
        _ = Verdict.PASS < 3  # type: ignore[operator]
