"""Puts the parts of a process together; the only place that knows them all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url

from service.clock import now
from service.ids import new_token
from service.mail import SmtpOutbox, server_at
from service.observability import Metrics
from service.settings import SettingError
from service.store import leases
from service.store.connections import ConnectionCache
from service.store.store import Store
from service.store.vault import key_from_file
from service.use_cases.dependencies import Dependencies
from service.vendors import open_vendors
from service.worker import Worker

if TYPE_CHECKING:
    from requests.adapters import BaseAdapter

    from service.ports import Outbox
    from service.secret import Secret
    from service.settings import Settings
    from service.store.leases import QueueStats
    from service.use_cases.dependencies import Vendors


class Service:
    """One process's service: its parts, its worker, and how to stop it."""

    def __init__(self, settings: Settings, vendors: Vendors, outbox: Outbox) -> None:
        self.api_token = settings.api_token or new_token()
        self.deps = Dependencies(
            store=Store(settings.database_url, secret_key(settings)),
            vendors=vendors,
            outbox=outbox,
            settings=settings,
        )
        self.connection_cache = ConnectionCache(self.deps.store)
        self.metrics = Metrics()
        self._worker = Worker(self.deps, self.metrics)
        if settings.workers:
            self._worker.start()

    def work(self) -> int:
        """Return how much was done, in this thread, until nothing is due now."""
        return self._worker.work()

    def wake(self) -> None:
        """Let the worker threads look at once for something to do."""
        self._worker.wake()

    def queue_stats(self, connection_id: str | None = None) -> QueueStats:
        """Return how much work there is.

        Clearing what is too old counts as one, where this process is to do it.
        """
        found = self.deps.store.read(
            lambda tx: leases.queue_stats(tx, now(), connection_id)
        )
        return replace(found, due=found.due + self._worker.purge_due)

    def close(self) -> None:
        """Return once nothing is under way and everything is closed."""
        self._worker.close()
        self.deps.store.close()


def open_service(
    settings: Settings, *, transport: BaseAdapter | None = None
) -> Service:
    """Return the service with every vendor there is; its worker threads run.

    `transport` stands in for the network to the vendors.
    """
    seconds = settings.vendor_timeout_seconds
    vendors = open_vendors(transport=transport, timeout_seconds=seconds)
    server = server_at(settings.smtp_url)
    return Service(settings, vendors, SmtpOutbox(server, settings.mail_from, seconds))


def check_store(settings: Settings) -> None:
    """Return once the store is there in its present form, or raise what is wrong."""
    Store(settings.database_url, secret_key(settings)).close()


def secret_key(settings: Settings) -> Secret:
    """Return the key that seals secrets: as set, or from the file beside SQLite."""
    if settings.secret_key is not None:
        return settings.secret_key
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise SettingError(
            "STRIKEPLATE_SECRET_KEY is not set: processes that share a database "
            "server share the key; set it to 32 bytes in URL-safe base64"
        )
    database = Path(url.database)
    if not database.parent.is_dir():
        raise SettingError(
            f"STRIKEPLATE_DATABASE_URL names the folder {str(database.parent)!r}, "
            "which does not exist; make it, or name another"
        )
    return key_from_file(database.with_suffix(".key"))
