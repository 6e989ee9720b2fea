"""Runs and rulings for tests, with only what a test says of them."""

from __future__ import annotations

from typing import Any

from strikeplate.results import RequirementResult, RunResult
from strikeplate.verdict import Verdict


def run(verdict: Verdict = Verdict.PASS, **said: Any) -> RunResult:
    usual = {
        "rule": "DOR-01",
        "area": "doors",
        "scenario": "It opens",
        "example": {},
        "target": "inprocess",
    }
    return RunResult(verdict=verdict, **{**usual, **said})


def requirement(verdict: Verdict = Verdict.PASS, **said: Any) -> RequirementResult:
    usual = {
        "rule": "DOR-01",
        "area": "doors",
        "level": "MUST",
        "text": "A door MUST open",
        "source": "house",
        "on": ("service",),
        "needs": (),
        "provisional": False,
    }
    return RequirementResult(verdict=verdict, **{**usual, **said})
