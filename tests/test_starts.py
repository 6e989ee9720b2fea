"""What a start does not load: it would make every start longer by as much."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOADS = "import sys; import {}; print(*sys.modules)"


@pytest.mark.parametrize(
    ("module", "later"),
    [
        # Only an older store needs its history, only PostgreSQL its driver
        (
            "service.serve",
            {"alembic", "sqlalchemy.orm", "sqlalchemy.dialects.postgresql", "psycopg"},
        ),
        # Only a first token needs what signs it
        ("fakes.serve, fakes.vendors.igloohome", {"jwt", "jwt.algorithms"}),
    ],
)
def test_what_few_starts_need_is_not_loaded_at_each(
    module: str, later: set[str]
) -> None:
    ended = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", LOADS.format(module)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert later & set(ended.stdout.split()) == set()
