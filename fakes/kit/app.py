"""The application: every vendor's paths, the control interface, and the gate.

Invariants: this is the only place where the parts are put together; it names no vendor.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from werkzeug import Response

from fakes.kit.context import AppContext, Submit, run_inline
from fakes.kit.control import routes
from fakes.kit.dispatch import Dispatcher
from fakes.kit.fake import discover
from fakes.kit.metrics import CONTENT_TYPE, Metrics
from fakes.kit.options import Options
from fakes.kit.routes import Route
from fakes.kit.transport import GuardedSend, Send
from fakes.kit.worlds import Worlds

LONGEST_BODY = 1_048_576  # bytes
FRONT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Strikeplate fakes</title>
<h1>Strikeplate fakes</h1>
<p>Simulated lock vendors on this port: {vendors}.</p>
<p>Nothing here opens a real door. Control is at <code>/_sim</code>, with the bearer
token that was printed at the start; <a href="/healthz">health</a>,
<a href="/metrics">figures</a>.</p></html>
"""


class App(Flask):
    """Flask with the gate between the server and the vendors' views."""

    dispatcher: Dispatcher
    url_rule_class = Route

    def full_dispatch_request(self) -> Any:  # any answer that is WSGI
        """Answer a request; a vendor's call goes through the gate."""
        vendor = self.dispatcher.vendor(request.path)
        if vendor is None:
            return super().full_dispatch_request()
        return self.dispatcher.answer(vendor, request, super().full_dispatch_request)


def create_app(
    options: Options | None = None,
    *,
    send: Send | None = None,
    submit: Submit = run_inline,
) -> App:
    """Return the fakes as one WSGI application.

    `send` carries webhooks; the one that is there unless another is given goes to
    loopback alone, and to the hosts that were allowed.
    """
    options = options or Options()
    context = AppContext(
        seed=options.seed,
        fakes=discover(options.vendors),
        send=send or GuardedSend(options.allow_push),
        submit=submit,
    )
    worlds = Worlds(context, now=options.now)
    app = App("fakes", static_folder=None)
    app.dispatcher = Dispatcher(context)
    app.config["CONTROL_TOKEN"] = options.control_token
    app.config["MAX_CONTENT_LENGTH"] = LONGEST_BODY
    app.config["PROPAGATE_EXCEPTIONS"] = True  # a caller in this process sees them
    app.extensions["strikeplate.worlds"] = worlds
    for fake in context.fakes.values():
        app.register_blueprint(fake.blueprint, url_prefix=f"/{fake.name}")
    app.register_blueprint(routes)
    _open_pages(app, Metrics(app.dispatcher, worlds))
    return app


def _open_pages(app: Flask, metrics: Metrics) -> None:
    """Add what needs no token: the front page, health, figures."""
    vendors = app.extensions["strikeplate.worlds"].context.fakes
    front = FRONT.format(vendors=", ".join(vendors) or "none")
    app.add_url_rule("/", "front", lambda: front)
    app.add_url_rule("/healthz", "healthz", lambda: {"status": "ok"})
    app.add_url_rule(
        "/metrics",
        "metrics",
        lambda: Response(metrics.text(), content_type=CONTENT_TYPE),
    )
