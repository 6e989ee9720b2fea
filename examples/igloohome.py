"""igloohome in one file: a signed booking webhook becomes an algoPIN, sent by e-mail.

The webhook stores what the platform last said of a booking; one thread does what is
missing. So events may repeat and come in any order, and what failed is done again.

igloohome's locks are offline: a PIN carries its window, in whole hours, and cannot be
revoked. Lock, window and variance always give the same PIN, so asking once more after
a lost answer makes no second one.

README.md says how to run it. RESOURCES has the lock and the zone of each resource:
{"court-1": {"lock": "<deviceId>", "zone": "Europe/Stockholm"}}
"""

import json
import logging
import os
import smtplib
import sqlite3
import threading
import time
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

import requests
from flask import Flask, request
from standardwebhooks import Webhook, WebhookVerificationError

API, TOKEN_URL = os.environ["IGLOOHOME_API_URL"], os.environ["IGLOOHOME_TOKEN_URL"]
CLIENT = (os.environ["IGLOOHOME_CLIENT_ID"], os.environ["IGLOOHOME_CLIENT_SECRET"])
RESOURCES = json.loads(os.environ["RESOURCES"])
WEBHOOK = Webhook(os.environ["WEBHOOK_SECRET"])
SMTP = os.environ.get("SMTP", "127.0.0.1:25")
RETRY_SECONDS = float(os.environ.get("RETRY_SECONDS", "1"))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Json = dict[str, Any]

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 65_536
log = logging.getLogger("igloohome")
lock, wake = threading.Lock(), threading.Event()
disk = sqlite3.connect(os.environ.get("DATABASE", "codes.db"), check_same_thread=False)
disk.execute("create table if not exists bookings (id text primary key, state text)")
rows = disk.execute("select id, state from bookings")
bookings: dict[str, Json] = {ref: json.loads(state) for ref, state in rows}
pauses: dict[str, tuple[float, float]] = {}  # until when, and the next one
token = {"Authorization": ""}


@app.post("/webhooks/bookings")
def receive() -> tuple[dict[str, str], int]:
    """Check an event, store it, answer: the newest wins, a cancellation is final."""
    try:
        WEBHOOK.verify(request.get_data(), dict(request.headers), json_parse=False)
    except (WebhookVerificationError, ValueError):
        return {"error": "the signature does not match"}, 401
    try:
        event = request.get_json()
        kind, ref = event["type"], str.strip(event["booking"]["id"])
        if kind not in {"booking.confirmed", "booking.changed", "booking.cancelled"}:
            return {"status": "ignored"}, 202
        at, goal = (0.0, {}) if kind == "booking.cancelled" else read(event)
    except (LookupError, TypeError, ValueError, OverflowError, RecursionError) as error:
        return {"error": f"missing or wrong: {error}"}, 400
    with lock:
        new: Json = {"at": 0.0, "goal": {}, "mailed": None, "pins": []}
        state = bookings.setdefault(ref, new)
        if at < state["at"]:
            at, goal = state["at"], dict(state["goal"])
        state |= {kind: True, "at": at, "goal": goal}
    save(ref)
    pauses.pop(ref, None)
    wake.set()
    extra = {"reason": "no lock"} if goal and goal["resource"] not in RESOURCES else {}
    return {"status": "accepted", **extra}, 202


def read(event: Json) -> tuple[float, Json]:
    """Return when an event was and what it says of a booking; raises what is wrong."""
    booking = event["booking"]
    texts = (event["occurred_at"], booking["start"], booking["end"])
    times = [datetime.fromisoformat(text) for text in texts]
    if None in (each.tzinfo for each in times) or times[2] <= times[1]:
        raise ValueError("times need offsets, and end must be after start")
    at, start, end = (each.timestamp() for each in times)
    goal = {"start": start, "end": end, "resource": str.strip(booking["resource"])}
    goal |= {name: str.strip(booking["customer"][name]) for name in ("email", "name")}
    return at, goal


def save(ref: str) -> None:
    """Write a booking's state to disk."""
    with lock, disk:
        row = [ref, json.dumps(bookings[ref])]
        disk.execute("replace into bookings values (?, ?)", row)


def work() -> None:
    """Settle every booking: at once when there is news, else more and more rarely."""
    while True:
        wake.wait(RETRY_SECONDS)
        wake.clear()
        for ref in list(bookings):
            until, pause = pauses.get(ref, (0.0, RETRY_SECONDS))
            if time.time() >= until:
                pauses[ref] = (time.time() + pause, min(2 * pause, 600.0))
                try:
                    settle(ref, bookings[ref])
                except Exception as error:  # noqa: BLE001 - the others must not wait
                    log.warning("%s has to wait: %s", ref, type(error).__name__)


def settle(ref: str, state: Json) -> None:
    """Do what is missing for one booking; raises if it cannot be done now."""
    goal, cancelled = state["goal"], "booking.cancelled" in state
    if cancelled and state["mailed"]:
        log.warning("%s: its PIN opens until %s", ref, state["pins"][-1][0][-1])
        state["mailed"] = None
    if cancelled or "booking.confirmed" not in state or state["mailed"] == goal:
        return
    place = RESOURCES.get(goal["resource"])
    if place is None or goal["end"] < time.time():
        return
    zone = ZoneInfo(place["zone"])
    start, end = (datetime.fromtimestamp(goal[at], zone) for at in ("start", "end"))
    pin = order(ref, place["lock"], *window(start, end, zone))
    if state["goal"] is goal:  # else there was news meanwhile
        send(goal, start, end, pin)
        state["mailed"] = goal
        save(ref)


def window(start: datetime, end: datetime, zone: ZoneInfo) -> tuple[str, str, str]:
    """Return kind, start and end of the shortest PIN that covers the whole booking."""
    begin = datetime.fromtimestamp(max(start.timestamp(), time.time()), zone)
    opens, shuts = (
        at.replace(minute=0, second=0, microsecond=0) for at in (begin, end)
    )
    if shuts < end:
        shuts = (shuts.astimezone(UTC) + HOUR).astimezone(zone)
    # Within one zone Python counts by the clock on the wall; in UTC by what passes.
    kind, lasts = "hourly", shuts.astimezone(UTC) - opens.astimezone(UTC)
    if lasts > 28 * DAY:
        days = max(29, -(-max(lasts, shuts - opens) // DAY))
        kind, shuts = "daily", opens + days * DAY
    return kind, opens.isoformat(), shuts.isoformat()


def order(ref: str, device: str, kind: str, opens: str, shuts: str) -> str:
    """Return the PIN of a booking for a window; asked again, it is the same one."""
    hours, mine = [device, opens, shuts], bookings[ref]["pins"]
    with lock:
        everybody = [pin for each in bookings.values() for pin in each["pins"]]
        taken = [n for at, n in everybody if at == hours and [at, n] not in mine]
        variance = min({1, 2, 3}.difference(taken))  # only three PINs are alike
        if [hours, variance] not in mine:
            mine.append([hours, variance])
    save(ref)
    url = f"{API}/devices/{device}/algopin/{kind}"
    body: Json = {"variance": variance, "accessName": ref[:60]}
    body |= {"startDate": opens, "endDate": shuts}
    answer = requests.post(url, json=body, headers=token, timeout=10)
    if answer.status_code == requests.codes.unauthorized:  # tokens live for a day
        form = {"grant_type": "client_credentials"}
        given = requests.post(TOKEN_URL, form, auth=CLIENT, timeout=10).json()
        token["Authorization"] = f"Bearer {given['access_token']}"
        answer = requests.post(url, json=body, headers=token, timeout=10)
    if not answer.ok:
        log.error("%s: igloohome says %s: %s", ref, answer.status_code, answer.text)
    answer.raise_for_status()
    return str(answer.json()["pin"])


def send(goal: Json, start: datetime, end: datetime, pin: str) -> None:
    """Mail the code with the booking's own times, in the zone of the lock."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "doors@example.org", goal["email"]
    mail["Subject"] = "Your door code"
    text = f"Hello {goal['name']},\n\nyour booking is from "
    text += f"{start:%d %B %Y, %H:%M} to {end:%d %B %Y, %H:%M}.\n"
    text += f"Your code: {pin}\n"
    if end - start > timedelta(hours=23):  # the lock forgets a longer PIN unless used
        text += "Please use it within 23 hours of the start, or it stops working.\n"
    mail.set_content(text)
    with smtplib.SMTP(SMTP, timeout=10) as server:
        server.send_message(mail)


if __name__ == "__main__":
    threading.Thread(target=work, daemon=True).start()
    app.run(port=int(os.environ.get("PORT", "8000")), threaded=True)
