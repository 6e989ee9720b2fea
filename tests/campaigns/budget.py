"""How much the campaigns try: little in CI, much by `make campaigns`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeVar

Value = TypeVar("Value")

LARGE = bool(os.environ.get("CAMPAIGNS_LARGE"))


RESULTS = Path(__file__).parents[2] / "results"


def report(sentence: str) -> None:
    """Add the outcome of a large campaign to results/campaigns.txt."""
    if LARGE:
        RESULTS.mkdir(exist_ok=True)
        with (RESULTS / "campaigns.txt").open("a") as file:
            file.write(f"{sentence}\n")


def of(small: Value, large: Value) -> Value:
    """Return the budget of this run."""
    return large if LARGE else small
