"""The life of an access, read off its table."""

from __future__ import annotations

import pytest

from service.domain.access import TABLE, Status, Step, after
from service.domain.errors import NotPossible


def test_statuses_are_named_as_the_api_shows_them() -> None:
    assert [*Status] == ["in progress", "created", "failed", "removed"]


def test_table_has_a_row_for_every_status_and_a_use_for_every_step() -> None:
    assert set(TABLE) == set(Status)
    assert {step for row in TABLE.values() for step in row} == set(Step)


@pytest.mark.parametrize("step", Step)
def test_removed_access_stays_removed(step: Step) -> None:
    with pytest.raises(NotPossible, match=r"removed cannot be .*; it can be: nothing"):
        after(Status.REMOVED, step)


def test_kept_code_is_never_called_removed() -> None:
    assert after(Status.CREATED, Step.KEPT) is Status.CREATED


def test_refusal_names_what_could_happen_instead() -> None:
    with pytest.raises(NotPossible) as refused:
        after(Status.CREATED, Step.ISSUED)
    assert refused.value.reason == (
        "an access that is created cannot be issued; it can be: moved, kept, "
        "revoked, cleaned up"
    )
