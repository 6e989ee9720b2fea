"""The service, the fakes and a mail server on sockets, and one clock for them all.

The service's clock is turned while something is asked of it; the doors have the same
instant, and time stands still for both in between.
"""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from threading import Thread
from typing import TYPE_CHECKING, Any

import requests
from flask import Flask
from freezegun import freeze_time
from standardwebhooks import Webhook
from werkzeug.serving import make_server

from service.bootstrap import open_service
from service.secret import Secret
from service.settings import Settings
from service.web import mount_all
from strikeplate.smtp_sink import SmtpSink
from tests.browser.conftest import Silent
from tests.service.conftest import KEY

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.vendors.exivo.site import Site

TOKEN = "t"
LINK = re.compile(r"https?://\S+")
PIN = re.compile(r"(?m)^\d{6}(?=\r?$)")


def _elsewhere(make: Callable[[], SmtpSink]) -> SmtpSink:
    """Return what is made in a thread without the browser's event loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(make).result()


@dataclass
class House:
    """A connected Exivo site whose bookings are told, and what its guests are sent."""

    site: Site
    fakes: str
    database_url: str
    now: str
    sink: SmtpSink = field(default_factory=lambda: _elsewhere(SmtpSink))

    def __post_init__(self) -> None:
        self._numbers = count(1)
        settings = Settings(
            database_url=self.database_url,
            secret_key=KEY,
            api_token=Secret(TOKEN),
            smtp_url=self.sink.url,
            workers=0,
        )
        self.service = open_service(settings)
        app = Flask("house", static_folder=None)
        mount_all(app, self.service)
        self._server = make_server(
            "127.0.0.1", 0, app, threaded=True, request_handler=Silent
        )
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.http = requests.Session()
        self.http.trust_env = False

    def turn(self, now: str) -> None:
        """Make it that time, for the doors and for the service."""
        self.now = now
        self.site.turn(now)

    def connect(self, **resources: list[dict[str, Any]]) -> None:
        """Link the site, and let each resource open its doors."""
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

    def tell(self, kind: str, start: str, end: str, resource: str = "studio") -> None:
        """Tell of the booking, and let the service do what follows from it."""
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
        self._at_the_time(lambda: self._deliver(event))

    def letter(self) -> tuple[str, str]:
        """Return link and PIN of the latest mail, as its reader finds them."""
        text = list(self.sink)[-1].text
        link, pin = LINK.search(text), PIN.search(text)
        assert link, text
        assert pin, text
        return link.group(), pin.group()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.http.close()
        self.service.close()
        self.sink.close()

    def _deliver(self, event: dict[str, Any]) -> None:
        body, at = json.dumps(event), datetime.fromisoformat(self.now)
        key = self._connection["webhook_url"].rpartition("/")[2]
        signer = Webhook(self._connection["webhook_secret"])
        headers = {
            "webhook-id": event["id"],
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": signer.sign(event["id"], at, body),
            "content-type": "application/json",
        }
        url = f"{self.url}/webhooks/{key}"
        answer = self.http.post(url, data=body, headers=headers)
        assert answer.status_code == 202, answer.text
        self.service.work()

    def _api(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answer = self._at_the_time(
            lambda: self.http.request(
                method, self.url + path, json=body, headers=headers
            )
        )
        assert answer.ok, answer.text
        return answer.json()

    def _at_the_time(self, ask: Callable[[], Any]) -> Any:
        with freeze_time(self.now):
            return ask()
