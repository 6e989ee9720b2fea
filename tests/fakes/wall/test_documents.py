"""The OpenAPI documents can be read as pages, by anybody."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.test import Client

from fakes.kit.control.document import document
from fakes.wall.documents import coded, fields, operations

if TYPE_CHECKING:
    from flask import Flask

NAMES = ("control", "exivo", "igloohome", "livionkey", "nuki")


def shown(app: Flask, path: str) -> str:
    answer = Client(app).get(path)
    assert answer.status_code == 200
    return unescape(answer.text)


@pytest.mark.parametrize("name", NAMES)
def test_page_has_every_call_of_its_document(app: Flask, name: str) -> None:
    source = "/_sim/openapi.json" if name == "control" else f"/_sim/openapi/{name}.json"
    described: Any = Client(app).get(source).json
    calls = {
        f"{method.upper()} {path}"
        for path, found in described["paths"].items()
        for method in found
    }
    page = shown(app, f"/documents/{name}")
    assert set(re.findall(r"<code><b>(\w+)</b> ([^<]+)</code>", page)) == {
        tuple(each.split(" ", 1)) for each in calls
    }
    assert source in page


def test_body_is_shown_field_by_field_and_so_are_those_within(app: Flask) -> None:
    page = shown(app, "/documents/control")
    assert "<code>calls.at_least</code>" in page
    assert "<code>effect.delay_ms</code>" in page
    page = shown(app, "/documents/igloohome")
    assert "<code>jobData.pin</code>" in page
    assert "<code>payload[].deviceId</code>" in page
    assert "one of UNLOCK, LOCK" in page


def test_names_between_backticks_are_code_and_nothing_else_is() -> None:
    assert coded("`now` <b>") == "<code>now</code> &lt;b&gt;"
    assert coded("a ` b") == "a ` b"


def test_fields_say_their_types_and_what_is_required() -> None:
    (door,) = [each for each in operations(document()) if each.path.endswith("/doors")][
        1:
    ]
    rows = {each.name: each for each in door.bodies[0].fields}
    assert (rows["vendor"].kind, rows["vendor"].required) == ("string", True)
    assert (rows["battery"].kind, rows["battery"].required) == (
        "integer or null",
        False,
    )


def test_shape_within_itself_ends() -> None:
    tree = {"properties": {"child": {"$ref": "#/tree"}}}
    assert [each.name for each in fields({"tree": tree}, tree)][:2] == [
        "child",
        "child.child",
    ]


def test_front_leads_there_and_a_wrong_name_is_told(app: Flask) -> None:
    assert 'href="/documents"' in Client(app).get("/sign-in").text
    assert Client(app).get("/documents").headers["Location"] == "/documents/control"
    answer = Client(app).get("/documents/nukki")
    assert answer.status_code == 404
    assert "did you mean 'nuki'?" in unescape(answer.text)
