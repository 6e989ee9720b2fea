from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, request
from werkzeug.test import EnvironBuilder, run_wsgi_app

from fakes.kit.address import called, public

FAKES: Any = {
    "nuki": SimpleNamespace(hosts=("api.nuki.io",)),
    "exivo": SimpleNamespace(hosts=("api.exivo.io",)),
    "igloohome": SimpleNamespace(hosts=("api.igloodeveloper.co",)),
}
FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "doors.example.org"}
DEVICES = "/igloohome/devices"
PLAIN = "http://10.0.0.1:8700"


APP = Flask("seen", static_folder=None)


@APP.get("/nuki/x")
@APP.get("/exivo/visit/1")
@APP.get("/igloohome/igloohome/devices")
def seen() -> str:
    """Answer with the path that is routed, and the URL that was called."""
    return f"{request.path} {called(request.environ, request.base_url)}"


@pytest.mark.parametrize(
    ("base", "path", "headers", "public_url", "answer"),
    [
        (PLAIN, "/nuki/x", {}, None, f"/nuki/x {PLAIN}/nuki/x"),
        ("http://api.nuki.io", "/x", {}, None, "/nuki/x https://api.nuki.io/x"),
        ("http://API.nuki.io:443", "/x", {}, None, "/nuki/x https://api.nuki.io/x"),
        (
            *("http://api.igloodeveloper.co", DEVICES, {}, None),
            f"/igloohome{DEVICES} https://api.igloodeveloper.co{DEVICES}",
        ),
        (
            *("http://api.exivo.io", "/exivo/visit/1", {}, None),
            "/exivo/visit/1 https://api.exivo.io/exivo/visit/1",
        ),
        (
            *(PLAIN, "/nuki/x", {}, "https://doors.example.org"),
            "/nuki/x https://doors.example.org/nuki/x",
        ),
        (
            *(PLAIN, "/nuki/x", FORWARDED, None),
            "/nuki/x https://doors.example.org/nuki/x",
        ),
    ],
)
def test_call_is_routed_to_its_vendor_and_answered_by_its_own_url(
    base: str, path: str, headers: Any, public_url: str | None, answer: str
) -> None:
    environ = EnvironBuilder(path=path, base_url=base, headers=headers).get_environ()
    body, _, _ = run_wsgi_app(public(APP, FAKES, public_url), environ)
    assert b"".join(body).decode() == answer
