"""The service, the fakes and a mail server on sockets, with one clock for all.

The service's clock is frozen at the doors' time while it is called; time stands still
for both in between.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING, Any

import requests
from flask import Flask
from freezegun import freeze_time

from service.app import open_service
from service.secret import Secret
from service.settings import Settings
from service.web import mount_all
from strikeplate.platforms.signatures import signed
from strikeplate.platforms.standard import encoded
from strikeplate.smtp_sink import SmtpSink
from tests.service.conftest import KEY
from tests.serving import served

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.vendors.exivo.site import Site

TOKEN = "t"
LINK = re.compile(r"https?://\S+")
PIN = re.compile(r"(?m)^\d{6}(?=\r?$)")


def _in_thread(make: Callable[[], SmtpSink]) -> SmtpSink:
    """Return what is made in a thread without the browser's event loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(make).result()


@dataclass
class ExivoEnv:
    """A connected Exivo site, its booking events, and the mails to its guests."""

    site: Site
    fakes: str
    database_url: str
    now: str
    sink: SmtpSink = field(default_factory=lambda: _in_thread(SmtpSink))

    def __post_init__(self) -> None:
        self._numbers = count(1)
        settings = Settings(
            database_url=self.database_url,
            secret_key=KEY,
            api_token=Secret(TOKEN),
            smtp_url=self.sink.url,
            workers=0,
            vendor_hosts=frozenset({"127.0.0.1"}),
        )
        self.service = open_service(settings)
        app = Flask("exivo_env", static_folder=None)
        mount_all(app, self.service)
        self._serving = ExitStack()
        self.url = self._serving.enter_context(served(app))
        self.http = requests.Session()
        self.http.trust_env = False

    def set_time(self, now: str) -> None:
        """Set the time of the doors and of the service."""
        self.now = now
        self.site.turn(now)

    def connect(self, **resources: list[dict[str, Any]]) -> None:
        """Connect the site, with a rule for each resource."""
        key, secret = self.site.key
        wish = {
            "vendor": "exivo",
            "name": "Studios",
            "timezone": "Europe/Zurich",
            "credentials": {
                "site_id": self.site.site_id,
                "api_key": key,
                "api_secret": secret,
                "api_url": f"{self.fakes}/exivo/v1",
            },
        }
        self._connection = self._api("POST", "/api/connections", wish)
        path = f"/api/connections/{self._connection['id']}"
        self._api("PATCH", path, {"active": True, "terms_accepted": True})
        listed = self._api("GET", f"{path}/locks")["items"]
        locks = {each["vendor_id"]: each["id"] for each in listed}
        for resource, doors in resources.items():
            ids = [locks[door["vendor_id"]] for door in doors]
            self._api("POST", f"{path}/rules", {"resource": resource, "locks": ids})

    def send_event(
        self, kind: str, start: str, end: str, resource: str = "studio"
    ) -> None:
        """Send an event about the booking, and let the service work."""
        customer = {"name": "Ada Novak", "email": "ada@example.org"}
        event = {
            "id": f"evt_{next(self._numbers)}",
            "type": f"booking.{kind}",
            "occurred_at": self.now,
            "booking": {
                "id": "B-1001",
                "resource": resource,
                "start": start,
                "end": end,
                "customer": customer,
            },
        }
        self._at_now(lambda: self._deliver(event))

    def link_and_pin(self) -> tuple[str, str]:
        """Return link and PIN of the latest mail."""
        text = list(self.sink)[-1].text
        link, pin = LINK.search(text), PIN.search(text)
        assert link, text
        assert pin, text
        return link.group(), pin.group()

    def close(self) -> None:
        self._serving.close()
        self.http.close()
        self.service.close()
        self.sink.close()

    def _deliver(self, event: dict[str, Any]) -> None:
        body, secret = encoded(event), self._connection["webhook_secret"]
        key = self._connection["webhook_url"].rpartition("/")[2]
        headers = signed(secret, event["id"], body, datetime.fromisoformat(self.now))
        headers["content-type"] = "application/json"
        url = f"{self.url}/webhooks/{key}"
        answer = self.http.post(url, data=body, headers=headers)
        assert answer.status_code == 202, answer.text
        self.service.work()

    def _api(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answer = self._at_now(
            lambda: self.http.request(
                method, self.url + path, json=body, headers=headers
            )
        )
        assert answer.ok, answer.text
        return answer.json()

    def _at_now(self, ask: Callable[[], Any]) -> Any:
        with freeze_time(self.now):
            return ask()
