"""Builds a process: settings, store, vendors, outbox and worker.

Nothing in here knows HTTP: `service/web` shows what this module builds.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from sqlalchemy.engine import make_url

from service.clock import now
from service.ids import new_token
from service.limiter import Bulkhead
from service.mail import SmtpOutbox, server_at
from service.observability import Metrics
from service.ports import Outbox
from service.secret import Secret
from service.settings import SettingError, Settings
from service.store import leases
from service.store.connections import ConnectionCache
from service.store.leases import QueueStats
from service.store.store import Store
from service.store.vault import key_from_file
from service.store.vendor_tokens import StoredTokens
from service.use_cases.context import Dependencies, Vendors
from service.use_cases.users import add_first_user
from service.vendor_http import Transport
from service.vendors import open_vendors
from service.worker import Worker

VENDOR_CALLS: Final = 8
"""How many serving threads may wait for vendors; half of them go to one connection."""


class Service:
    """The service of one process: its dependencies, its worker, and how to stop it."""

    def __init__(
        self,
        settings: Settings,
        vendors: Vendors,
        outbox: Outbox,
        store: Store | None = None,
    ) -> None:
        self.api_token = settings.api_token or new_token()
        self.deps = Dependencies(
            store=store or open_store(settings),
            vendors=vendors,
            outbox=outbox,
            settings=settings,
        )
        self.connection_cache = ConnectionCache(self.deps.store)
        self.metrics = Metrics()
        self.vendor_calls = Bulkhead(VENDOR_CALLS)
        self._worker = Worker(self.deps, self.metrics)
        if settings.admin_password is not None:
            add_first_user(self.deps.store, settings.admin_password, now())
        if settings.workers:
            self._worker.start()

    def work(self) -> int:
        """Work in this thread until nothing is due; return how much was done."""
        return self._worker.work()

    def wake(self) -> None:
        """Have the worker threads check for due work at once."""
        self._worker.wake()

    def wait_until_idle(self, seconds: float) -> bool:
        """Return once the worker threads have nothing to do, False if that lasts."""
        return self._worker.wait_until_idle(seconds)

    def queue_stats(self, connection_id: str | None = None) -> QueueStats:
        """Return how much work there is, for all connections or for one.

        Deleting old records counts as one piece where this process is to do it.
        """
        found = self.deps.store.read_one(
            lambda tx: leases.queue_stats(tx, now(), connection_id)
        )
        return replace(found, due=found.due + self._worker.purge_due)

    def close(self) -> None:
        """Stop the worker, then close the store."""
        self._worker.close()
        self.deps.outbox.close()
        self.deps.store.close()


def open_service(settings: Settings, *, transport: Transport | None = None) -> Service:
    """Return the service with all vendors; its worker threads run.

    `transport` replaces the network to the vendors.
    """
    seconds = settings.vendor_timeout_seconds
    store = open_store(settings)
    vendors = open_vendors(
        transport=transport,
        timeout_seconds=seconds,
        hosts=settings.vendor_hosts,
        kept_tokens=StoredTokens(store),
    )
    outbox = SmtpOutbox(server_at(settings.smtp_url), settings.mail_from, seconds)
    return Service(settings, vendors, outbox, store)


def open_store(settings: Settings) -> Store:
    """Return the store that the settings name, brought to the present schema."""
    key = secret_key(settings)
    return Store(settings.database_url, key, settings.database_connections)


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
    return key_from_file(database.with_suffix(".key"), database)
