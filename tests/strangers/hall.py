"""A sports hall's own integration, as somebody else would write one: igloohome only.

It shares nothing with this repository. It has no API, no clock but the system's and
no store but its memory; its two courts stand in a table. Events come signed as
Standard Webhooks, and the code goes out by mail before an event is answered.
Stays of more than four weeks are beyond it.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import smtplib
import sys
import threading
import time
from datetime import datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import requests
from flask import Flask, Response, request

ZONE = ZoneInfo("Europe/Stockholm")
COURTS = {"court-1": "Court 1", "court-2": "Office keypad"}
VENDOR = os.environ.get("HALL_VENDOR", "http://127.0.0.1:8700")
CLIENT = ("demo-igloohome-client_id", "demo-igloohome-client_secret")
KEY = base64.b64decode(os.environ["HALL_SECRET"].removeprefix("whsec_"))
MAIL = os.environ.get("HALL_MAIL", "127.0.0.1:2525")
KINDS = ("confirmed", "paid", "starting", "changed", "cancelled")
FIVE_MINUTES = 300

app = Flask(__name__)
one_by_one = threading.Lock()
seen: dict[str, bytes] = {}
latest: dict[str, tuple[str, dict]] = {}  # booking -> when it was so, and how
confirmed: set[str] = set()
cancelled: set[str] = set()
told: dict[str, tuple] = {}  # booking -> what its customer was told
pins: dict[tuple, dict[str, str]] = {}  # court and window -> booking -> PIN


class NoError(Exception):
    """What is refused, by which status and why."""


@app.errorhandler(NoError)
def refuse(no: NoError) -> Response:
    status, why = no.args
    return Response(json.dumps({"detail": why}), status, mimetype="application/json")


@app.post("/hooks/bookings")
def hook() -> dict:
    if request.mimetype != "application/json":
        raise NoError(415, "send application/json")
    if (request.content_length or 0) > 65_536:
        raise NoError(413, "send 64 KiB at most")
    body = request.get_data()
    check_signature(body)
    event = read(body)
    with one_by_one:
        if seen.setdefault(event["id"], body) != body:
            raise NoError(422, f"id {event['id']} came before with other content")
        return {"status": "taken", "reason": take(event)}


def check_signature(body: bytes) -> None:
    head = {n: request.headers.get(f"webhook-{n}", "") for n in ("id", "timestamp")}
    try:
        age = abs(time.time() - int(head["timestamp"][:12]))
    except ValueError:
        raise NoError(401, "webhook-timestamp is no number") from None
    content = f"{head['id']}.{head['timestamp']}.".encode() + body
    mark = base64.b64encode(hmac.digest(KEY, content, "sha256")).decode()
    given = request.headers.get("webhook-signature", "").split()
    if age > FIVE_MINUTES or f"v1,{mark}" not in given:
        raise NoError(401, "the signature does not match")


def read(body: bytes) -> dict:
    try:
        event = json.loads(body.decode())
    except UnicodeDecodeError:
        raise NoError(400, "send UTF-8") from None
    except ValueError:
        raise NoError(400, "this is no JSON") from None
    if not isinstance(event, dict):
        raise NoError(400, "send an object")
    booking = event.get("booking")
    fields = {
        **(booking if isinstance(booking, dict) else {}),
        "event id": event.get("id"),
    }
    for name in ("event id", "id", "start", "end", "resource"):
        if not isinstance(fields.get(name), str):
            raise NoError(400, f"{name} of event and booking must be a text")
    if str(event.get("type")).removeprefix("booking.") not in KINDS:
        raise NoError(400, f"type must be one of {KINDS}")
    if not booking.get("customer", {}).get("email"):
        raise NoError(400, "the customer's email is missing")
    start, end = (instant(booking[name], name) for name in ("start", "end"))
    if end <= start:
        raise NoError(422, "end must be after start")
    return event


def instant(text: str, name: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise NoError(400, f"{name} is no date") from None
    if at.tzinfo is None:
        raise NoError(400, f"{name} has no offset")
    return at


def take(event: dict) -> str | None:
    booking, kind = event["booking"], event["type"].removeprefix("booking.")
    ref, when = booking["id"], event["occurred_at"]
    latest[ref] = max(latest.get(ref, ("", {})), (when, booking), key=lambda e: e[0])
    (cancelled if kind == "cancelled" else confirmed).add(ref)
    if kind == "changed" and ref not in told:
        confirmed.discard(ref)
    booking = latest[ref][1]
    if ref in cancelled or ref not in confirmed:
        return "cancelled, or not confirmed yet"
    if booking["resource"] not in COURTS:
        return f"no lock for {booking['resource']}"
    return give_code(booking)


def give_code(booking: dict) -> str | None:
    times = [instant(booking[n], n).astimezone(ZONE) for n in ("start", "end")]
    now = datetime.now(ZONE)
    opens = max(times[0], now).replace(minute=0, second=0, microsecond=0)
    shuts = -(-times[1].timestamp() // 3600) * 3600
    until = datetime.fromtimestamp(shuts, ZONE)
    if not timedelta() < until - opens <= timedelta(days=28) or times[1] <= now:
        return "no code lasts so long, or it is over"
    window = (booking["resource"], opens, until)
    given = pins.setdefault(window, {})
    if booking["id"] not in given:
        pin = order_pin(window, len(given) + 1)
        if pin is None:
            return "all codes of these hours are given away"
        given[booking["id"]] = pin
    saying = (given[booking["id"]], *times)
    if told.get(booking["id"]) != saying:
        send(booking["customer"], *saying)
        told[booking["id"]] = saying
    return None


def order_pin(window: tuple, variance: int) -> str | None:
    court, opens, until = window
    form = {"grant_type": "client_credentials"}
    token = requests.post(
        f"{VENDOR}/igloohome/oauth2/token", form, auth=CLIENT, timeout=5
    )
    bearer = {"Authorization": f"Bearer {token.json()['access_token']}"}
    base = f"{VENDOR}/igloohome/igloohome/devices"
    devices = requests.get(base, headers=bearer, timeout=5).json()["payload"]
    ids = {device["deviceName"]: device["deviceId"] for device in devices}
    order = {
        "variance": variance,
        "startDate": opens.isoformat(timespec="seconds"),
        "endDate": until.isoformat(timespec="seconds"),
        "accessName": "Hall",
    }
    path = f"{base}/{ids[COURTS[court]]}/algopin/hourly"
    answer = requests.post(path, json=order, headers=bearer, timeout=5)
    return answer.json()["pin"] if answer.ok else None


def send(customer: dict, pin: str, start: datetime, end: datetime) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"] = "hall@example.org", customer["email"]
    mail["Subject"] = "Your court"
    times = f"{start:%d %B, %H:%M} to {end:%d %B, %H:%M}"
    mail.set_content(f"Hello {customer['name']},\n\n{times}. The code is {pin}.\n")
    host, _, port = MAIL.rpartition(":")
    with smtplib.SMTP(host, int(port), timeout=5) as server:
        server.send_message(mail)


@app.get("/healthz")
def healthz() -> dict:
    return {"status": "ok"}


if __name__ == "__main__":
    app.run(port=int(sys.argv[1]), threaded=True)
