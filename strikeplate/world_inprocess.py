"""The fakes in this process; the only file of the harness that imports them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.kit.app import create_app
from strikeplate.fakes_client import Fakes
from strikeplate.wsgi import WsgiCaller

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed.wsgi import WSGIApplication
    from flask import Flask

    Before = Callable[[WSGIApplication], WSGIApplication]


def fakes_app() -> Flask:
    """Return fakes that nobody else meets, as one application."""
    return create_app()


def fakes_in(app: Flask, before: Before = lambda app: app) -> Fakes:
    """Return such fakes as they are used; `before` puts something before them."""
    return Fakes(WsgiCaller(before(app)), app.config["CONTROL_TOKEN"])
