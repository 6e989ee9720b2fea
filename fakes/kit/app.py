"""The application: every vendor's paths, the control interface, and the gate.

Law: this is the only place where the parts are put together; it names no vendor.
"""

from __future__ import annotations

from flask import Flask
from werkzeug import Response

from fakes.kit.control import routes
from fakes.kit.fake import discover
from fakes.kit.gate import Gate
from fakes.kit.house import House
from fakes.kit.house import Later
from fakes.kit.house import at_once
from fakes.kit.metrics import CONTENT_TYPE
from fakes.kit.metrics import Figures
from fakes.kit.options import Options
from fakes.kit.transport import GuardedSend
from fakes.kit.transport import Send
from fakes.kit.worlds import Worlds

FRONT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Strikeplate fakes</title>
<h1>Strikeplate fakes</h1>
<p>Simulated lock vendors on this port: {vendors}.</p>
<p>Nothing here opens a real door. Control is at <code>/_sim</code>, with the bearer
token that was printed at the start; <a href="/healthz">health</a>,
<a href="/metrics">figures</a>.</p></html>
"""


def create_app(
    options: Options | None = None,
    *,
    send: Send | None = None,
    later: Later = at_once,
) -> Flask:
    """Return the fakes as one WSGI application.

    `send` carries webhooks; the one that is there unless another is given goes to
    loopback alone, and to the hosts that were allowed.
    """
    options = options or Options()
    house = House(
        seed=options.seed,
        fakes=discover(options.vendors),
        send=send or GuardedSend(options.allow_push),
        later=later,
    )
    worlds = Worlds(house, now=options.now)
    app = Flask("fakes", static_folder=None)
    app.extensions["strikeplate.worlds"] = worlds
    app.config["CONTROL_TOKEN"] = options.control_token
    for fake in house.fakes.values():
        app.register_blueprint(fake.blueprint, url_prefix=f"/{fake.name}")
    app.register_blueprint(routes)
    gate = Gate(app.wsgi_app, house)
    _open_pages(app, Figures(gate, worlds))
    app.wsgi_app = gate  # type: ignore[method-assign]  # as Flask recommends
    return app


def _open_pages(app: Flask, figures: Figures) -> None:
    """Add what needs no token: the front page, health, figures."""
    vendors = app.extensions["strikeplate.worlds"].house.fakes
    front = FRONT.format(vendors=", ".join(vendors) or "none")
    app.add_url_rule("/", "front", lambda: front)
    app.add_url_rule("/healthz", "healthz", lambda: {"status": "ok"})
    app.add_url_rule(
        "/metrics",
        "metrics",
        lambda: Response(figures.text(), content_type=CONTENT_TYPE),
    )
