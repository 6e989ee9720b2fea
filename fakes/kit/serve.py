"""Serving: one process, one port, one worker of granian with a few threads.

Invariants: all worlds live in the memory of that one worker. Threads are for calls that
wait (a late answer, a webhook's receiver), not for speed.
"""

from __future__ import annotations

import gc
from functools import partial
from typing import TYPE_CHECKING

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from fakes.kit.app import create_app
from fakes.kit.ticker import Ticker

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from fakes.kit.options import Options

THREADS = 16


def serve(options: Options, host: str, port: int) -> None:
    """Serve until a signal ends it."""
    server = Granian(
        "fakes",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        websockets=False,
        log_level=LogLevels.error,
    )
    server.serve(target_loader=partial(_load, options), wrap_loader=False)


def _load(options: Options) -> WSGIApplication:
    """Return the application, in the worker, with its clocks ticking."""
    ticker = Ticker()
    app = create_app(options, submit=ticker.submit)
    ticker.start(app.extensions["strikeplate.worlds"])
    gc.freeze()  # what the start has made stays
    gc.enable()
    return app
