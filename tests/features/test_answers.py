"""Which statuses may stand for ours in a format whose answers no source documents."""

from __future__ import annotations

import pytest

from features.steps.answers import allowed_elsewhere
from features.steps.parameter_types import status


@pytest.mark.parametrize(
    ("ours", "lawful", "unlawful"),
    [
        ("202", (200, 204, 404, 409), (500, 302)),
        ("400", (400, 403, 422), (200, 500)),
        ("a refusal", (401, 409), (202, 503)),
        ("502 or 503", (400, 500, 504), (200, 202)),
    ],
)
def test_status_of_ours_stands_for_its_meaning(
    ours: str, lawful: tuple[int, ...], unlawful: tuple[int, ...]
) -> None:
    allowed = allowed_elsewhere(status(ours))
    assert allowed >= {*lawful}
    assert not allowed & {*unlawful}
