"""The line of a key is found by its place."""

from __future__ import annotations

import pytest

from strikeplate.profiles.locate import line_of

TEXT = '''# a comment
[subject]
name = "x"   # beside
"odd key" = 1

[[setup]]
body = """
name = "not a key"
"""
[[setup]]
url = "/b"
[resources."court 1"]
zone = "x"
inline = { a = 1, b = 2 }
run.env = 3
'''


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("subject",), 2),
        (("subject", "name"), 3),
        (("subject", "odd key"), 4),
        (("setup", 0, "body"), 7),
        (("setup", 1), 10),
        (("setup", 1, "url"), 11),
        (("resources", "court 1", "zone"), 13),
        (("resources", "court 1", "inline", "a"), 14),
        (("resources", "court 1", "run", "env"), 15),
        (("setup", 0, "name"), 6),
        (("nowhere",), 1),
    ],
)
def test_line_of_a_place(place: tuple[str | int, ...], line: int) -> None:
    assert line_of(TEXT, place) == line
