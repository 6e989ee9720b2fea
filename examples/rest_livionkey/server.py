"""LivionKey for a booking system that calls: REST, with the standard library alone.

    PUT    /reservations/{id}   makes or changes it; the body is the whole reservation
    DELETE /reservations/{id}   cancels it, for good

    {"version": 2, "unit": "flat-1", "email": "ada@example.org",
     "arrival": "2026-12-01T15:20:00+02:00", "departure": "2026-12-03T11:00:00+02:00"}

Calls carry `Authorization: Bearer $API_TOKEN`. An answer of 2xx means done: the cabinet
has the contract and the guest has the mail. 502 means not done; call again, as often as
wanted. Calls may overtake each other: the highest version counts.

Livion takes each contractId once. So a contract is asked for without looking first, and
when Livion has it already (an earlier answer was lost), it is found and taken over.
UNITS is {"flat-1": {"device": "<deviceId>", "key": "<keyId>", "zone": "..."}}.
"""

from __future__ import annotations

import hmac
import json
import os
import smtplib
import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from http import HTTPStatus
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import unquote
from urllib.request import Request, urlopen
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable

UNITS = json.loads(os.environ["UNITS"])
API_TOKEN = os.environ["API_TOKEN"]
LIVION = os.environ["LIVIONKEY_API_URL"]
PREFIX = "/reservations/"
LONGEST = 65_536
TRIES = 3
TAKEN, GONE = "ContractId already in use", "Contract not found"
Reservation = dict[str, Any]


class NotDoneError(Exception):
    """Something outside did not work; the caller is to call again."""


FAILURES = (NotDoneError, OSError, HTTPException, KeyError, TypeError, ValueError)
"""What may go wrong outside: no answer, a refusal, or an answer that is nonsense."""


class WrongCallError(Exception):
    """A call that says nothing that we understand."""


class Livion:
    """Livion's API, logged in when it must be."""

    def __init__(self) -> None:
        self._bearer = "Bearer none"

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """Return status and text of an answer; repeats what got none."""
        for _ in range(TRIES):
            try:
                status, text = self._send(method, path, body)
            except (OSError, HTTPException):
                continue
            if status != HTTPStatus.UNAUTHORIZED:
                return status, text
            self._log_in()
        raise NotDoneError("Livion does not answer")

    def _log_in(self) -> None:
        names = {"email": "LIVIONKEY_EMAIL", "password": "LIVIONKEY_PASSWORD"}
        login = {field: os.environ[name] for field, name in names.items()}
        status, text = self._send("POST", "/auth/login", login)
        if status != HTTPStatus.OK:
            raise NotDoneError("Livion does not let us in")
        self._bearer = f"Bearer {json.loads(text)['token']}"

    def _send(self, method: str, path: str, body: Any) -> tuple[int, str]:
        headers = {"Authorization": self._bearer, "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        call = Request(LIVION + path, data, headers, method=method)  # noqa: S310 - our own setting
        try:
            with urlopen(call, timeout=10) as answer:  # noqa: S310 - likewise
                return answer.status, answer.read().decode()
        except HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read().decode()


class Reservations:
    """All reservations: what was said of each, its contract, what its guest knows."""

    def __init__(self, path: str) -> None:
        self._livion = Livion()
        self._lock = threading.Lock()
        self._rows = sqlite3.connect(path, check_same_thread=False)
        self._rows.execute("create table if not exists kept (id primary key, body)")

    def put(self, ref: str, said: Reservation) -> HTTPStatus:
        """Bring contract and guest up to date with what is said now."""
        with self._lock:
            kept = self._kept(ref)
            if kept.get("deleted"):
                return HTTPStatus.GONE
            if said["version"] >= kept.get("version", 0):
                kept |= said
                self._keep(ref, kept)
                self._agree(ref, kept)
                self._mail(ref, kept)
        return HTTPStatus.OK

    def delete(self, ref: str) -> HTTPStatus:
        """End the contract; what is deleted stays so."""
        with self._lock:
            kept = self._kept(ref) | {"deleted": True}
            self._keep(ref, kept)
            if kept.get("unit") and "contract" not in kept:
                self._take_over(ref, kept)  # it may have been made unheard
            if "contract" in kept:
                self._ask("DELETE", f"/contracts/{kept['contract']}", GONE)
        return HTTPStatus.NO_CONTENT

    def _agree(self, ref: str, kept: Reservation) -> None:
        """See to it that one contract lends the key for that time."""
        unit = UNITS[kept["unit"]]
        terms = {"key": unit["key"], "from": kept["arrival"], "to": kept["departure"]}
        agreed = kept.get("agreed")
        if agreed == terms:
            return
        asked = {
            "devices": [{"id": unit["device"], "keyId": unit["key"]}],
            "end": utc(terms["to"]),
            "person": ref,
            "contacts": [{"email": kept["email"], "sendEmail": False}],
        }
        if not agreed or agreed["from"] != terms["from"]:  # else it may have passed
            asked["start"] = max(utc(terms["from"]), utc(in_a_second()))
        if "contract" not in kept:
            own = {"contractId": ref.encode().hex()}
            made = self._ask("POST", "/contracts", TAKEN, asked | own)
            if made == TAKEN:
                self._take_over(ref, kept)
            else:
                kept |= {"contract": made["id"], "pin": made["pincode"]}
                asked = {}
        if asked:
            self._ask("POST", f"/contracts/{kept['contract']}", None, asked)
        kept["agreed"] = terms
        self._keep(ref, kept)

    def _take_over(self, ref: str, kept: Reservation) -> None:
        """Find the contract that Livion has under our reference, if it has one."""
        for device in {unit["device"] for unit in UNITS.values()}:
            for row in self._ask("GET", f"/devices/{device}/contracts"):
                if row["contractId"] == ref.encode().hex():
                    kept |= {"contract": row["id"], "pin": row["pincode"]}

    def _mail(self, ref: str, kept: Reservation) -> None:
        """Mail the guest what is new, with the reservation's own times."""
        zone = ZoneInfo(UNITS[kept["unit"]]["zone"])
        times = [datetime.fromisoformat(kept[at]) for at in ("arrival", "departure")]
        start, end = (f"{at.astimezone(zone):%d/%m/%Y %H:%M}" for at in times)
        mail = EmailMessage()
        mail["From"], mail["To"] = "keys@example.org", kept["email"]
        mail["Subject"] = "Your key"
        text = f"{kept['unit']}, {start} to {end}: your key code is {kept['pin']}.\n"
        mail.set_content(text)
        if kept.get("mailed") == str(mail):
            return
        with smtplib.SMTP(os.environ["SMTP"], timeout=10) as server:
            server.send_message(mail)
        self._keep(ref, kept | {"mailed": str(mail)})

    def _ask(
        self, method: str, path: str, expected: str | None = None, body: Any = None
    ) -> Any:
        """Return Livion's answer, or the one refusal that is expected."""
        status, text = self._livion.call(method, path, body)
        if status == HTTPStatus.OK:
            return json.loads(text) if text[:1] in "[{" else text
        if expected and text.strip('"') == expected:  # plain, or a JSON string
            return expected
        raise NotDoneError(f"Livion says: {text}")

    def _kept(self, ref: str) -> Reservation:
        row = self._rows.execute("select body from kept where id = ?", [ref]).fetchone()
        return json.loads(row[0]) if row else {}

    def _keep(self, ref: str, kept: Reservation) -> None:
        with self._rows as rows:
            rows.execute("replace into kept values (?, ?)", [ref, json.dumps(kept)])


class Handler(BaseHTTPRequestHandler):
    """The calls of the booking system."""

    reservations: Reservations

    def do_PUT(self) -> None:
        """Make or change a reservation."""
        self._answer(lambda ref: self.reservations.put(ref, self._said()))

    def do_DELETE(self) -> None:
        """Cancel a reservation."""
        self._answer(self.reservations.delete)

    def _answer(self, act: Callable[[str], HTTPStatus]) -> None:
        reason, bearer = "", f"Bearer {API_TOKEN}".encode()
        given = self.headers.get("Authorization", "").encode()
        try:
            if not self.path.startswith(PREFIX):
                status = HTTPStatus.NOT_FOUND
            elif not hmac.compare_digest(given, bearer):
                status = HTTPStatus.UNAUTHORIZED
            else:
                status = act(unquote(self.path.removeprefix(PREFIX)))
        except WrongCallError as error:
            status, reason = HTTPStatus.BAD_REQUEST, f"missing or wrong: {error}"
        except FAILURES as error:
            status, reason = HTTPStatus.BAD_GATEWAY, type(error).__name__
        body = json.dumps({"error": reason} if reason else {}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != HTTPStatus.NO_CONTENT:
            self.wfile.write(body)

    def _said(self) -> Reservation:
        """Return the body, checked."""
        try:
            return self._checked()
        except (KeyError, TypeError, ValueError) as error:
            raise WrongCallError(str(error)) from error

    def _checked(self) -> Reservation:
        length = min(int(self.headers.get("Content-Length", "0")), LONGEST)
        said = json.loads(self.rfile.read(length))
        names = ("unit", "email", "arrival", "departure")
        texts = {name: str.strip(said[name]) for name in names}
        if utc(texts["departure"]) <= utc(texts["arrival"]):
            raise ValueError("departure must be after arrival")
        if texts["unit"] not in UNITS or type(said["version"]) is not int:
            raise ValueError("unit must be known, and version a whole number")
        return texts | {"version": said["version"]}


def utc(text: str) -> str:
    """Return an instant in UTC, in a form that sorts by time."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text} has no offset")
    return at.astimezone(UTC).isoformat(timespec="seconds")


def in_a_second() -> str:
    """Return the earliest start that Livion takes."""
    return (datetime.now(UTC) + timedelta(seconds=1)).isoformat()


if __name__ == "__main__":
    Handler.reservations = Reservations(os.environ.get("DATABASE", "reservations.db"))
    port = int(os.environ.get("PORT", "8001"))
    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
