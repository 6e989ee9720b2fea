"""A hotel's own integration of igloohome, as somebody else would write one.

It shares nothing with this repository. Its owner logs in and tells it which lock a room
has; a stay is told by PUT and DELETE; the code goes out by mail. It holds four stays at
most; the latest version of a stay counts. HOTEL has words for what differs between such
programs:

    page    no mail: GET /stays/NO answers with the code once there is one
    ticks   it works once in 300 ms, and tries again what has failed; else at once
    turned  POST /admin/clock sets its time
    late    a fault: its codes begin an hour after the stay
    slow    it takes two seconds to answer
    strict  it refuses a room without a lock, and what it was told before
    dotted, american, crowded, coloured, greeting: how it writes (see `SAYING`)
"""

from __future__ import annotations

import json
import os
import smtplib
import threading
import time
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from zoneinfo import ZoneInfo

import requests

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication

WORDS = os.environ.get("HOTEL", "").split()
ZONE = ZoneInfo(os.environ.get("HOTEL_ZONE", "Europe/Stockholm"))
TOKEN = "hotel-" + os.environ["PORT"]
MOST = 4
SAYING = {
    "plain": "Your code is {pin}, from {start:%H:%M} to {end:%H:%M}.",
    "dotted": "Kod: {one} {two} {three}. Tid: kl. {start:%H.%M}-{end:%H.%M}.",
    "american": "Your code: {one}-{two}-{three}. {start:%-I:%M %p} to {end:%-I:%M %p}.",
    "crowded": (
        "Booking 204813977, of 2026-12-01.\nYour code is {one} {two} {three}, from"
        " {start:%H:%M} to {end:%H:%M}.\nTrouble? Call +46 8 123 456 789.\n"
    ),
    "coloured": (
        "<html><style>p {{color: #123456}} .n123456789 {{margin: 0}}</style>"
        '<p style="color:#048213">Your code is <b style="color:#987654">{pin}</b></p>'
        "<p>from {start:%H:%M} to {end:%H:%M}</p></html>"
    ),
}
SAYING["greeting"] = SAYING["plain"]

lock = threading.RLock()
rooms: dict[str, str] = {}  # room -> its lock
stays: dict[str, dict] = {}  # what is known of each, and what was made of it
given: dict[tuple, list[str]] = {}  # lock and hours -> stays, each with its variance


class RefusedError(Exception):
    """What is refused: a status."""


class Time:
    """Its own present, which may be turned."""

    ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


its = Time()


def create_app() -> WSGIApplication:
    if "ticks" in WORDS:
        threading.Thread(target=tick, daemon=True).start()
    return application


def application(environ: dict, start_response: StartResponse) -> list[bytes]:
    size = int(environ.get("CONTENT_LENGTH") or 0)
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    try:
        body = json.loads(environ["wsgi.input"].read(size) or b"{}")
        with lock:
            answer = route(method, path, body, environ.get("HTTP_AUTHORIZATION"))
        status = "200 OK"
    except RefusedError as refused:
        answer, status = {}, f"{refused} Refused"
    except (ValueError, KeyError, TypeError):
        answer, status = {}, "422 Nonsense"
    except (requests.RequestException, OSError):
        answer, status = {}, "503 Later"
    start_response(status, [("Content-Type", "application/json")])
    return [json.dumps(answer).encode()]


def route(method: str, path: str, body: dict, token: str | None) -> dict:
    if path == "/health":
        return {}
    if path == "/admin/login":
        return {"session": {"token": TOKEN}}
    if path == "/admin/clock" and "turned" in WORDS:
        return turn(body)
    if path.startswith("/admin/"):
        if token != f"Bearer {TOKEN}":
            raise RefusedError(401)
        return administer(path, body)
    number = path.removeprefix("/stays/")
    if method == "GET":
        return page(number)
    time.sleep(2 * ("slow" in WORDS))  # slow but right: it must be waited for
    take(number, None if method == "DELETE" else read(body))
    if "ticks" not in WORDS:
        work()
    return {}


def administer(path: str, body: dict) -> dict:
    if path == "/admin/rooms":
        rooms[body["room"]] = body["lock"]
    elif path == "/admin/forget":
        stays.clear()
    else:
        raise RefusedError(404)
    return {}


def turn(body: dict) -> dict:
    its.ahead = datetime.fromisoformat(body["now"]) - datetime.now(UTC)
    return {}


def read(body: dict) -> dict:
    start, end = (datetime.fromisoformat(body[name]) for name in ("from", "to"))
    if end <= start or start.tzinfo is None or end.tzinfo is None:
        raise RefusedError(400)
    return {**body, "start": start, "end": end}


def take(number: str, stay: dict | None) -> None:
    if number not in stays and len(stays) >= MOST:
        raise RefusedError(507)
    known = stays.setdefault(number, {"gone": False, "told": None})
    if stay is None:
        known["gone"] = True
    elif "strict" in WORDS and (
        stay["room"] not in rooms or stay["version"] == known.get("version")
    ):
        raise RefusedError(409)
    elif stay["version"] >= known.get("version", 0):
        known.update(stay)


def page(number: str) -> dict:
    told = stays.get(number, {}).get("told")
    if told is None:
        raise RefusedError(404)
    pin, start, end, _ = told
    start, end = (at.astimezone(ZONE) for at in (start, end))
    return {"stay": {"text": f"{start:%H:%M} to {end:%H:%M}, code {pin}", "pin": pin}}


def tick() -> None:
    while True:
        time.sleep(0.3)  # it works at intervals, as many do
        try:
            with lock:
                work()
        except (requests.RequestException, OSError, KeyError):
            continue


def work() -> None:
    for number, stay in stays.items():
        if stay["gone"] or stay.get("room") not in rooms or stay["end"] <= its.now():
            continue
        terms = stay["start"], stay["end"], stay["room"]
        if stay["told"] and stay["told"][1:] == terms:
            continue
        pin = order(number, stay)
        local = (stay[name].astimezone(ZONE) for name in ("start", "end"))
        if "page" not in WORDS:
            notify(stay["mail"], pin, *local)
        stay["told"] = (pin, *terms)


def order(number: str, stay: dict) -> str:
    first = max(stay["start"], its.now()).astimezone(ZONE)
    opens = first.replace(minute=0, second=0, microsecond=0)
    opens += timedelta(hours="late" in WORDS)
    until = datetime.fromtimestamp(-(-stay["end"].timestamp() // 3600) * 3600, ZONE)
    device = rooms[stay["room"]]
    mine = given.setdefault((device, opens, until), [])
    if number not in mine:
        mine.append(number)
    answer = requests.post(
        f"{os.environ['IGLOO_API']}/devices/{device}/algopin/hourly",
        json={
            "variance": mine.index(number) + 1,
            "startDate": opens.isoformat(timespec="seconds"),
            "endDate": until.isoformat(timespec="seconds"),
            "accessName": "Hotel",
        },
        headers={"Authorization": f"Bearer {bearer()}"},
        timeout=5,
    )
    answer.raise_for_status()
    return keep(answer.json()["pin"])


def bearer() -> str:
    client = (os.environ["IGLOO_ID"], os.environ["IGLOO_SECRET"])
    form = {"grant_type": "client_credentials"}
    answer = requests.post(os.environ["IGLOO_TOKEN_URL"], form, auth=client, timeout=5)
    answer.raise_for_status()
    return keep(answer.json()["access_token"])


def keep(secret: str) -> str:
    """Note a secret where a test looks for it, and return it."""
    if kept := os.environ.get("HOTEL_SECRETS"):
        with Path(kept).open("a", encoding="utf-8") as file:
            file.write(f"{secret}\n")
    return secret


def notify(to: str, pin: str, start: datetime, end: datetime) -> None:
    style = next((word for word in WORDS if word in SAYING), "plain")
    parts = {"one": pin[:3], "two": pin[3:6], "three": pin[6:]}
    text = SAYING[style].format(pin=pin, start=start, end=end, **parts)
    kind = "html" if style == "coloured" else "plain"
    if style == "greeting":
        post(to, "We got your booking", "Thank you! Booking number 548213977.", "plain")
    post(to, "Your room", text, kind)


def post(to: str, subject: str, text: str, kind: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "hotel@example.org", to, subject
    mail.set_content(text, subtype=kind)
    host, _, port = os.environ["SMTP"].rpartition(":")
    with smtplib.SMTP(host, int(port), timeout=5) as server:
        server.send_message(mail)


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Write nothing."""


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


if __name__ == "__main__":
    where = ("127.0.0.1", int(os.environ["PORT"]))
    make_server(*where, create_app(), Threaded, Quiet).serve_forever()
