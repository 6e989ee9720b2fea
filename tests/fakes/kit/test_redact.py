from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.kit.journal import Redactor

SECRET = "48291234"
names = st.sampled_from(["pin", "PIN", "access_token", "clientSecret", "X-Key"])
trees = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.text("abc"),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc"), inner),
)


@given(names, trees, st.integers(0, 4))
def test_secret_is_blanked_at_any_depth(name: str, tree: Any, depth: int) -> None:
    body: Any = {name: SECRET, "more": tree}
    for _ in range(depth):
        body = [{"inner": body}]
    shown = Redactor(["x_key"]).body(json.dumps(body).encode(), "application/json")
    assert SECRET not in json.dumps(shown)
    assert json.dumps(shown).replace("\\u2022", "") != "{}"


@given(trees)
def test_what_is_no_secret_is_shown_as_it_is(tree: Any) -> None:
    body = {"more": tree}
    assert Redactor().body(json.dumps(body).encode(), "application/json") == body


@pytest.mark.parametrize(
    ("body", "kind", "shown"),
    [
        (b"", "application/json", None),
        (
            b"grant=x&client_secret=s",
            "application/x-www-form-urlencoded",
            {
                "grant": "x",
                "client_secret": "•••",
            },
        ),
        (b'"48291234"', "application/json", "•••"),
        (b"\xff\xfe", "application/octet-stream", {"bytes": 2}),
        (b"\xff", "application/x-www-form-urlencoded", {"bytes": 1}),
        (b'{"pin": "482', "application/json", {"bytes": 12}),
        (b'{"pin": {"kind": 4}}', "application/json", {"pin": {"kind": 4}}),
        (b'{"code": [48291234]}', "application/json", {"code": ["•••"]}),
    ],
)
def test_body_is_shown_as_far_as_its_fields_can_be_told(
    body: bytes, kind: str, shown: Any
) -> None:
    assert Redactor().body(body, kind) == shown
