"""Nuki in one file: a signed booking webhook becomes a keypad code, sent by e-mail.

The webhook stores what the platform last said of a booking; one thread does what is
missing. So events may repeat and come in any order, and what failed is done again.

A code lives in the lock. Nuki's 204 only means that it has understood; the lock hears
of it seconds later, or never. So a code is stored before it is ordered, looked for
before it is ordered again (no second one), and mailed once the lock has it.

README.md says how to run it. RESOURCES has the lock and the zone of each resource:
{"court-1": {"lock": <smartlockId>, "zone": "Europe/Berlin"}}
"""

import json
import logging
import os
import secrets
import smtplib
import sqlite3
import threading
import time
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

import requests
from flask import Flask, request
from standardwebhooks import Webhook, WebhookVerificationError

API = os.environ["NUKI_API_URL"]
TOKEN = {"Authorization": f"Bearer {os.environ['NUKI_API_TOKEN']}"}
RESOURCES = json.loads(os.environ["RESOURCES"])
WEBHOOK = Webhook(os.environ["WEBHOOK_SECRET"])
SMTP = os.environ.get("SMTP", "127.0.0.1:25")
RETRY_SECONDS = float(os.environ.get("RETRY_SECONDS", "1"))
Json = dict[str, Any]

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 65_536
log = logging.getLogger("nuki")
lock, wake = threading.Lock(), threading.Event()
disk = sqlite3.connect(os.environ.get("DATABASE", "codes.db"), check_same_thread=False)
disk.execute("create table if not exists bookings (id text primary key, state text)")
rows = disk.execute("select id, state from bookings")
bookings: dict[str, Json] = {ref: json.loads(state) for ref, state in rows}
pauses: dict[str, tuple[float, float]] = {}  # until when, and the next one


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
        new: Json = {"at": 0.0, "goal": {}, "mailed": None, "codes": {}}
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
    """Take the next step for one booking; raises if that is not possible now."""
    goal, codes = state["goal"], state["codes"]
    live = "booking.confirmed" in state and "booking.cancelled" not in state
    live = live and goal["resource"] in RESOURCES and goal["end"] > time.time()
    wanted = RESOURCES[goal["resource"]]["lock"] if live else ""
    if wanted and wanted not in codes:
        codes[wanted] = new_code()
        save(ref)  # before it is ordered: ordered again, it must be the same code
    for device in list(codes):
        if device != wanted and is_gone(ref, device, codes[device], goal):
            del codes[device]
    done = not wanted or state["mailed"] == goal
    if not done and is_on_lock(ref, wanted, codes, goal) and state["goal"] is goal:
        send(goal, codes[wanted])
        state["mailed"] = goal
    save(ref)


def is_on_lock(ref: str, device: str, codes: dict[str, str], goal: Json) -> bool:
    """Order a code, or its change, one step a look; true once the lock has it so."""
    times = [datetime.fromtimestamp(goal[at], UTC) for at in ("start", "end")]
    starts, ends = (f"{at:%Y-%m-%dT%H:%M:%S}.000Z" for at in times)
    terms: Json = {"name": ref[:20], "allowedWeekDays": 127}  # all of them
    terms |= {"allowedFromDate": starts, "allowedUntilDate": ends}
    row = find(device, codes[device])
    if row is None:
        terms |= {"type": 13, "code": int(codes[device])}
        nuki("PUT", f"/smartlock/{device}/auth", terms)
    elif row["name"] != terms["name"]:  # somebody else has these digits
        codes[device] = new_code()
    elif row.get("error"):
        nuki("DELETE", f"/smartlock/{device}/auth/{row['id']}")
    elif not row.get("operationId"):  # nothing is on its way to the lock
        if all(row.get(name) == value for name, value in terms.items()):
            return "authId" in row
        nuki("POST", f"/smartlock/{device}/auth/{row['id']}", terms)
    return False


def is_gone(ref: str, device: str, code: str, goal: Json) -> bool:
    """Order that a code be deleted; true once it is gone and can come no more."""
    row = find(device, code)
    if row and row["name"] == ref[:20] and not row.get("operationId"):
        nuki("DELETE", f"/smartlock/{device}/auth/{row['id']}")
    return not row and goal["end"] < time.time()  # till then an order may arrive late


def find(device: str, code: str) -> Json | None:
    """Return what Nuki knows of a code."""
    rows = nuki("GET", f"/smartlock/{device}/auth?types=13").json()
    return next((row for row in rows if row.get("code") == int(code)), None)


def new_code() -> str:
    """Return six digits that a keypad takes: no 0, and not 12 at the beginning."""
    digits = [secrets.choice("123456789") for _ in range(5)]
    return secrets.choice("3456789") + "".join(digits)


def nuki(method: str, path: str, body: Any = None) -> requests.Response:
    """Call the Web API; raises unless it agrees."""
    url = API + path
    answer = requests.request(method, url, json=body, headers=TOKEN, timeout=10)
    answer.raise_for_status()
    return answer


def send(goal: Json, code: str) -> None:
    """Mail the code with the booking's own times, in the zone of the lock."""
    zone = ZoneInfo(RESOURCES[goal["resource"]]["zone"])
    start, end = (datetime.fromtimestamp(goal[at], zone) for at in ("start", "end"))
    mail = EmailMessage()
    mail["From"], mail["To"] = "doors@example.org", goal["email"]
    mail["Subject"] = "Your door code"
    text = f"Hello {goal['name']},\n\nyour booking is from "
    text += f"{start:%d %B %Y, %H:%M} to {end:%d %B %Y, %H:%M}.\n"
    mail.set_content(f"{text}Your code: {code}\n")
    with smtplib.SMTP(SMTP, timeout=10) as server:
        server.send_message(mail)


if __name__ == "__main__":
    threading.Thread(target=work, daemon=True).start()
    app.run(port=int(os.environ.get("PORT", "8000")), threaded=True)
