"""Routes are matched without their builders, and URLs are built as ever."""

from __future__ import annotations

from unittest.mock import patch

from flask import Flask, url_for

from fakes.kit.app import Route


def an_app() -> Flask:
    app = Flask("shop", static_folder=None)
    app.url_rule_class = Route
    app.add_url_rule("/shelves/<int:route>/<name>", "shelf", lambda **names: names)
    return app


def test_what_is_in_the_path_comes_to_the_view() -> None:
    answer = an_app().test_client().get("/shelves/7/left%20side")
    assert answer.json == {"route": 7, "name": "left side"}


def test_an_url_is_built_with_its_query() -> None:
    with an_app().test_request_context():
        built = [url_for("shelf", route=7, name="a b", page=n) for n in (1, 2)]
    assert built == ["/shelves/7/a%20b?page=1", "/shelves/7/a%20b?page=2"]


def test_an_url_without_a_query_is_built_by_its_own_builder() -> None:
    [route] = an_app().url_map.iter_rules("shelf")
    assert route.build({"route": 7, "name": "a"}, append_unknown=False) == (
        "",
        "/shelves/7/a",
    )


def test_nothing_is_compiled_before_an_url_is_built() -> None:
    app = an_app()
    with patch(
        "werkzeug.routing.rules.compile", create=True, side_effect=compile
    ) as ran:
        app.add_url_rule("/till", "till", lambda: "")
        assert not ran.called
        with app.test_request_context():
            assert url_for("till") == "/till"
        assert ran.called
