from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

from strikeplate.http import NoAnswer, WsgiAdapter, WsgiCaller

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Echo:
    """Answers with what it was asked; drops or delays its answer when told to."""

    def __init__(self, *, drops: bool = False, late_ms: int = 0) -> None:
        self.drops = drops
        self.late_ms = late_ms
        self.acted = 0
        self.closed = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Echo:
        self.acted += 1
        environ["strikeplate.delay"](self.late_ms)
        if self.drops:
            environ["strikeplate.drop"]()
        asked = (environ["REQUEST_METHOD"], environ["PATH_INFO"])
        more = (environ["QUERY_STRING"], environ.get("HTTP_X_WORD", ""))
        body = environ["wsgi.input"].read().decode()
        self.said = "|".join((*asked, *more, environ["HTTP_HOST"], body)).encode()
        start_response("201 Created", [("X-Kind", "echo")])
        return self

    def __iter__(self) -> Iterator[bytes]:
        return iter([self.said])

    def close(self) -> None:
        self.closed += 1


def session(app: Echo) -> requests.Session:
    made = requests.Session()
    made.mount("http://", WsgiAdapter(app))
    return made


def test_call_reaches_the_application_as_it_was_made() -> None:
    app = Echo()
    answer = WsgiCaller(app, "http://h:8")(
        "PUT", "/a%20b?c=d", body=b"body", headers={"X-Word": "w"}
    )
    assert answer.text == "PUT|/a b|c=d|w|h:8|body"
    assert (answer.status, answer.headers["x-kind"], answer.ok) == (201, "echo", True)
    assert app.closed == 1


def test_dropped_answer_is_no_answer() -> None:
    with pytest.raises(NoAnswer):
        WsgiCaller(Echo(drops=True))("GET", "/")


def test_session_gets_the_answer_over_the_adapter() -> None:
    answer = session(Echo()).post("http://h/x", data={"a": "b"}, timeout=1)
    assert (answer.status_code, answer.text) == (201, "POST|/x|||h|a=b")
    assert answer.headers["x-kind"] == "echo"


def test_session_sees_a_dropped_answer_as_a_broken_connection() -> None:
    with pytest.raises(requests.ConnectionError):
        session(Echo(drops=True)).get("http://h/", timeout=1)


def test_late_answer_times_out_though_the_application_acted() -> None:
    app = Echo(late_ms=1001)
    with pytest.raises(requests.ReadTimeout):
        session(app).get("http://h/", timeout=(5, 1))
    assert app.acted == 1


def test_answer_within_the_timeout_is_taken() -> None:
    assert session(Echo(late_ms=999)).get("http://h/", timeout=1).ok
