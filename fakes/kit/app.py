"""The application: vendors' paths, the control interface, health and metrics.

Invariants: this is the only place where the parts are put together; it names no vendor.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import secrets
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask.ctx import RequestContext
from flask.globals import request_ctx
from werkzeug import Response
from werkzeug.routing import Rule

import serving
from fakes.kit.clock import BackwardsError, EndlessError
from fakes.kit.companion import Companion
from fakes.kit.control import (
    credentials,
    document,
    doors,
    records,
    routes,
    vendor_documents,
    verify,
    wait,
)
from fakes.kit.control import worlds as world_routes
from fakes.kit.dispatch import Dispatcher
from fakes.kit.json_api import Problem
from fakes.kit.webhooks import GuardedSend, Send
from fakes.kit.world import DEMO, AppContext, Submit, run_inline
from fakes.kit.worlds import Worlds
from fakes.wall import add_wall, documents, forms, views

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from types import ModuleType

    from _typeshed.wsgi import WSGIEnvironment

    from fakes.kit.clock import ClientClock
    from fakes.kit.world import Fakes, World


TOKEN_VARIABLE = "STRIKEPLATE_CONTROL_TOKEN"  # noqa: S105 - a name, no secret
COMPANION_VARIABLE = "STRIKEPLATE_COMPANION"


def control_token() -> str:
    """Return the token from the environment, or a new one."""
    return os.environ.get(TOKEN_VARIABLE) or secrets.token_urlsafe(24)


@dataclass(frozen=True)
class Options:
    """The settings of one process: seed, time, token, webhook targets, vendors.

    `now` is where the demo world stands; `vendors` is the package whose folders are
    the vendors, so that a vendor may live outside this repository too; `public_url`
    is how callers reach it, if not as it listens; `companion` is where somebody goes
    along with the demo world's clock.
    """

    seed: str = "7"
    now: datetime | None = None
    control_token: str = field(default_factory=control_token, repr=False)
    allow_push: tuple[str, ...] = ()
    vendors: str = "fakes.vendors"
    public_url: str | None = None
    companion: str | None = None


CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """A prometheus_client collector; the library is loaded when metrics are read."""

    def __init__(self, dispatcher: Dispatcher, worlds: Worlds) -> None:
        self._dispatcher = dispatcher
        self._worlds = worlds

    def text(self) -> bytes:
        """Return the metrics in the text format."""
        from prometheus_client import (  # noqa: PLC0415 - start fast
            CollectorRegistry,
            generate_latest,
        )

        registry = CollectorRegistry()
        registry.register(self)
        return generate_latest(registry)

    def collect(self) -> Iterator[Any]:
        """Yield the metrics, each with its description."""
        from prometheus_client.core import (  # noqa: PLC0415 - start fast
            CounterMetricFamily,
            GaugeMetricFamily,
            InfoMetricFamily,
        )

        calls = CounterMetricFamily(
            "strikeplate_fakes_calls",
            "Calls of vendors' paths by the status that the caller saw.",
            labels=("vendor", "status"),
        )
        for (vendor, status), count in list(self._dispatcher.calls.items()):
            calls.add_metric((vendor, str(status or "dropped")), count)
        yield calls
        info = InfoMetricFamily("strikeplate_fakes", "What is served.")
        info.add_metric((), {"version": serving.version()})
        yield info
        yield GaugeMetricFamily(
            "strikeplate_fakes_worlds", "Worlds alive.", len(self._worlds)
        )


class Route(Rule):
    """A route whose URL builders are compiled when the first URL is built from it.

    Werkzeug compiles two functions a route for `url_for`, which is a fifth of the start
    time of over two hundred routes; only a few URLs are ever built.
    """

    def _compile_builder(
        self,
        append_unknown: bool = True,  # noqa: FBT001, FBT002 - as werkzeug calls it
    ) -> Callable[..., tuple[str, str]]:
        compiled = cache(super()._compile_builder)
        return lambda route, /, **values: compiled(append_unknown)(route, **values)


# Importing these modules adds their routes to their blueprints
CONTROL = (
    world_routes,
    doors,
    records,
    verify,
    wait,
    credentials,
    document,
    vendor_documents,
)
PAGES = (views, forms, documents)
LONGEST_BODY = 1_048_576  # bytes


def discover(package: str) -> Fakes:
    """Return the `FAKE` of every folder of the package, by name, in name order."""
    home: ModuleType = importlib.import_module(package)
    folders = sorted(each.name for each in pkgutil.iter_modules(home.__path__))
    found = [importlib.import_module(f"{package}.{folder}").FAKE for folder in folders]
    return {fake.name: fake for fake in found}


MOST_MATCHED = 2048
NOT_MOVED = (BackwardsError, EndlessError, Problem)


class Context(RequestContext):
    """A request whose route is looked up only if its path was not called lately."""

    app: App

    def match_request(self) -> None:
        """Find the route, and what the path gives its view."""
        request, matched = self.request, self.app.matched
        asked = request.method, request.path
        found = matched.get(asked)
        if found is not None:
            request.url_rule, request.view_args = found[0], {**found[1]}
            return
        super().match_request()
        if request.url_rule is not None:
            if len(matched) >= MOST_MATCHED:
                matched.clear()
            matched[asked] = request.url_rule, {**(request.view_args or {})}


class App(Flask):
    """Flask with the dispatcher between the server and the vendors' views."""

    dispatcher: Dispatcher
    matched: dict[tuple[str, str], tuple[Rule, dict[str, Any]]]
    """The routes of the latest calls, by method and path."""

    url_rule_class = Route

    def request_context(self, environ: WSGIEnvironment) -> Context:
        """Return the context of a request."""
        return Context(self, environ)

    def full_dispatch_request(self) -> Any:  # any answer that is WSGI
        """Answer a request; a call to a vendor goes through the dispatcher."""
        request = request_ctx.request  # each look through Flask's proxy costs
        vendor = self.dispatcher.vendor(request.path)
        if vendor is None:
            seen = super().full_dispatch_request()
            if request.url_rule is None:
                self.dispatcher.note_unknown(request, seen, "a path of no vendor")
            return seen
        return self.dispatcher.answer(vendor, request, super().full_dispatch_request)

    def move_until_due(self, world_id: str, target: datetime) -> datetime:
        """Move a world's clock without a call, to the next due thing at most.

        Return its time; raise one of `NOT_MOVED` as the call would refuse.
        """
        world: World = self.extensions["strikeplate.worlds"].get(world_id)
        with world.moving():
            world.move_until_due(target)
        return world.now


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
    client_clock: ClientClock = "world" if options.companion else "real"
    worlds = Worlds(context, now=options.now, client_clock=client_clock)
    if options.companion:
        worlds.get(DEMO).companion = Companion(options.companion)
    app = App("fakes", static_folder=None)
    app.matched = {}
    app.dispatcher = Dispatcher(context)
    app.config["CONTROL_TOKEN"] = options.control_token
    app.config["MAX_CONTENT_LENGTH"] = LONGEST_BODY
    app.config["PROPAGATE_EXCEPTIONS"] = (
        True  # callers in the same process see exceptions
    )
    app.extensions["strikeplate.worlds"] = worlds
    app.extensions[records.UNKNOWN_CALLS] = app.dispatcher.unknown
    for fake in context.fakes.values():
        app.register_blueprint(fake.blueprint, url_prefix=f"/{fake.name}")
    app.register_blueprint(routes)
    add_wall(app)
    _open_pages(app, Metrics(app.dispatcher, worlds))
    return app


def _open_pages(app: Flask, metrics: Metrics) -> None:
    """Add the pages without a token: health, metrics."""
    version = serving.version()
    health = {"status": "ok", "version": version}
    app.add_url_rule("/healthz", "healthz", lambda: health)
    app.add_url_rule(
        "/metrics",
        "metrics",
        lambda: Response(metrics.text(), content_type=CONTENT_TYPE),
    )
