"""Binds every scenario below this folder to pytest, and every claim of a profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import scenarios

from strikeplate.profile import Refusal, check_refusal

if TYPE_CHECKING:
    from strikeplate.subjects import Subject

scenarios(".")


def test_absent_capability_is_refused(refusal: Refusal, subject: Subject) -> None:
    """A subject refuses what its profile says it lacks."""
    check_refusal(refusal, subject)
