"""Serves the reference integration, or runs its workers alone.

    python -m service         webhooks, API and worker threads, on one port
    python -m service work    worker threads alone, beside others that serve

Everything is set by environment variables, listed in README.md.
"""

from __future__ import annotations

import signal
import sys
from dataclasses import replace
from functools import partial
from multiprocessing.util import Finalize
from threading import Event
from typing import TYPE_CHECKING, Final

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from service import create_app
from service.app import check_store, open_service
from service.ids import new_token
from service.observability import write_logs
from service.settings import SettingError, from_environment, unknown_settings
from service.store.database import DatabaseUrlError
from service.store.store import StoreUnavailable
from service.store.vault import SecretKeyError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask

    from service.settings import Settings

THREADS: Final = 16
"""How many requests run at once; those that wait share one commit."""

WRONGLY_SET: Final = (SettingError, DatabaseUrlError, SecretKeyError, StoreUnavailable)


def main(words: Sequence[str]) -> int:
    """Return the exit code; 2 means a wrong command or setting."""
    if list(words) not in ([], ["work"]):
        _complain(__doc__)
        return 2
    try:
        settings = from_environment()
        for sentence in unknown_settings():
            _complain(sentence)
        if words:
            _work(settings)
        else:
            _serve(settings)
    except WRONGLY_SET as wrong:
        _complain(wrong)
        return 2
    return 0


def _serve(settings: Settings) -> None:
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


def _app(settings: Settings) -> Flask:
    """Return the app for a serving process, which closes it at its end."""
    write_logs()
    app = create_app(settings)
    Finalize(None, app.extensions["strikeplate"].close, exitpriority=0)
    return app


def _work(settings: Settings) -> None:
    write_logs()
    service = open_service(replace(settings, workers=max(1, settings.workers)))
    ends = Event()
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, lambda *_: ends.set())
    _say("working")
    ends.wait()
    service.close()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _complain(text: object) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
