"""Binds the sample, as features/test_features.py binds the rules."""

from pytest_bdd import scenarios

from strikeplate.profile import Refusal, check_refusal

scenarios(".")


class Subject:
    """Refuses bridges."""

    def status(self, method: str, path: str) -> int:
        return {"GET /bridge": 501}[f"{method} {path}"]


def test_absent_capability_is_refused(refusal: Refusal) -> None:
    check_refusal(refusal, Subject())
