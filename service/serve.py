"""Runs a process of the service until a signal ends it: all of it, or its workers.

Invariants: a wrong setting, a store that cannot be used and a port in use are refused
before anything is printed. After a signal, requests and orders under way finish within
`serving.STOP_SECONDS`, or are repeated by the next process as after a crash.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from threading import Event
from typing import Final

import serving
from service import create_app
from service.app import open_service, open_store
from service.ids import new_token
from service.observability import write_logs
from service.settings import SettingError, Settings, from_environment, unknown_settings
from service.store.database import DatabaseUrlError
from service.store.store import StoreUnavailable
from service.store.vault import SecretKeyError

THREADS: Final = 16
"""How many requests run at once; those that wait share one commit."""

WRONGLY_SET: Final = (
    SettingError,
    DatabaseUrlError,
    SecretKeyError,
    StoreUnavailable,
    serving.RefusedError,
)


def serve(*, as_json: bool, ready_file: str | None, log_level: str) -> None:
    """Serve webhooks and API, and work."""
    settings = _settings(log_level)
    with serving.listener(settings.host, settings.port) as bound:
        open_store(settings).close()  # what is wrong with it is said before all else
        facts = {"serving on": serving.url_of(bound)}
        if settings.api_token is None:
            token = new_token()
            settings = replace(settings, api_token=token)
            facts["API token"] = token.reveal()
        say = partial(serving.announce, facts, as_json=as_json, file=ready_file)
        app = create_app(settings)
        try:
            serving.stop_at_signals()
            serving.serve(app, bound, serving.Threads(THREADS), say)
        finally:
            app.extensions["strikeplate"].close()


def _settings(log_level: str) -> Settings:
    settings = from_environment()
    write_logs(log_level)
    for sentence in unknown_settings():
        sys.stderr.write(f"{sentence}\n")
    return settings


def work(*, log_level: str) -> None:
    """Work, beside others that serve."""
    settings = _settings(log_level)
    service = open_service(replace(settings, workers=max(1, settings.workers)))
    try:
        serving.stop_at_signals()
        sys.stdout.write("working\n")
        sys.stdout.flush()
        Event().wait()
    finally:
        service.close()
