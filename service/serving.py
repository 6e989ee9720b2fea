"""Serving and working: what the two commands of `python -m service` do.

Law: whatever can be set wrongly is found before anything is served. The parts are put
together in the process that answers, which granian forks; nothing is loaded twice.
"""

from __future__ import annotations

import gc
import signal
import sys
from dataclasses import replace
from functools import partial
from multiprocessing.util import Finalize
from threading import Event
from typing import TYPE_CHECKING
from typing import Final

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from service import create_app
from service.bootstrap import check_store
from service.bootstrap import open_service
from service.ids import new_token
from service.logs import write_logs
from service.settings import SettingError
from service.settings import from_environment
from service.store.engine import DatabaseUrlError
from service.store.store import StoreUnavailable
from service.store.vault import SecretKeyError

if TYPE_CHECKING:
    from flask import Flask

    from service.settings import Settings

THREADS: Final = 16
"""How many requests are answered at once: those that wait share one commit."""

WRONGLY_SET: Final = (SettingError, DatabaseUrlError, SecretKeyError, StoreUnavailable)


def serve() -> None:
    """Serve, as the environment says, until a signal ends it."""
    settings = from_environment()
    check_store(settings)
    if settings.api_token is None:
        token = new_token()
        settings = replace(settings, api_token=token)
        _say(f"API token: {token.reveal()}")
    server = Server(
        "service",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        blocking_threads=THREADS,
        log_level=LogLevels.error,
    )
    _say(f"serving on http://{settings.host}:{settings.port}")
    server.serve(target_loader=partial(_app, settings), wrap_loader=False)


def work() -> None:
    """Work, as the environment says, until a signal ends it."""
    settings = from_environment()
    write_logs()
    service = open_service(replace(settings, workers=max(1, settings.workers)))
    ends = Event()
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, lambda *_: ends.set())
    _started()
    _say("working")
    ends.wait()
    service.close()


def _app(settings: Settings) -> Flask:
    """Return the app in the process that answers; it is closed with the process."""
    write_logs()
    app = create_app(settings)
    Finalize(None, app.extensions["strikeplate"].close, exitpriority=0)
    _started()
    return app


def _started() -> None:
    """Collect garbage from now on, and never look at what the start has made."""
    gc.freeze()
    gc.enable()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
