"""Exivo in one file: a signed booking webhook becomes a link and a PIN, by e-mail.

The webhook stores what the platform last said of a booking; one thread does what is
missing. So events may repeat and come in any order, and what failed is done again.

A visit is a link that opens doors for a while; its PIN is ours to choose. It cannot be
changed: a moved booking gets a new visit, then the old one is revoked. Exivo makes a
second visit when asked twice, so after a lost answer ours is looked for by its name.

README.md says how to run it. RESOURCES has the door and the zone of each resource:
{"court-1": {"door": "<component id>", "zone": "Europe/Zurich"}}
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

API = os.environ["EXIVO_API_URL"] + "/" + os.environ["EXIVO_SITE_ID"]
KEY = (os.environ["EXIVO_API_KEY"], os.environ["EXIVO_API_SECRET"])
RESOURCES = json.loads(os.environ["RESOURCES"])
WEBHOOK = Webhook(os.environ["WEBHOOK_SECRET"])
SMTP = os.environ.get("SMTP", "127.0.0.1:25")
RETRY_SECONDS = float(os.environ.get("RETRY_SECONDS", "1"))
Json = dict[str, Any]

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 65_536
log = logging.getLogger("exivo")
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
        new: Json = {"at": 0.0, "goal": {}, "mailed": None, "visits": []}
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
    """Do what is missing for one booking; raises if that is not possible now."""
    goal, visits, wanted = state["goal"], state["visits"], None
    live = "booking.confirmed" in state and "booking.cancelled" not in state
    if live and goal["resource"] in RESOURCES and goal["end"] > time.time():
        terms = [RESOURCES[goal["resource"]]["door"], goal["start"], goal["end"]]
        wanted = next((visit for visit in visits if visit["terms"] == terms), None)
        if wanted is None:
            wanted = {"terms": terms, "name": f"{ref} {secrets.token_hex(4)}"}
            wanted["code"] = f"{secrets.randbelow(10**6):06}"
            visits.append(wanted)
        if "link" not in wanted:
            make(ref, wanted)
        if state["mailed"] != goal and state["goal"] is goal:  # no news meanwhile
            send(goal, wanted)
            state["mailed"] = goal
            save(ref)
    for visit in list(visits):
        if visit is not wanted:
            revoke(visit)
            visits.remove(visit)
    save(ref)


def make(ref: str, visit: Json) -> None:
    """Make a visit, or take over the one that was made when the answer was lost."""
    found = find(visit) if "asked" in visit else None
    if found is None:
        visit["asked"] = True
        save(ref)
        door, *times = visit["terms"]
        start, end = (f"{datetime.fromtimestamp(at, UTC):%FT%TZ}" for at in times)
        body: Json = {
            "name": visit["name"],
            "code": visit["code"],
            "components": [door],
        }
        body |= {"validFrom": start, "validTo": end}
        found = exivo("POST", "/visit", body)
    visit.update(id=found["id"], link=found["link"])


def revoke(visit: Json) -> None:
    """See to it that a visit opens nothing; one that is over needs no call."""
    found = visit if "id" in visit else find(visit)
    over = visit["terms"][-1] < time.time()
    if found and not over and not exivo("GET", f"/visit/{found['id']}")["revoked"]:
        exivo("POST", f"/visit/{found['id']}/revoke")


def find(visit: Json) -> Any:
    """Return Exivo's record of a visit by the name we gave it."""
    skip = 0
    while rows := exivo("GET", f"/visit?limit=100&skip={skip}"):
        if found := [row for row in rows if row.get("name") == visit["name"]]:
            return found[0]
        skip += len(rows)
    return None


def exivo(method: str, path: str, body: Json | None = None) -> Any:
    """Call Exivo and return what it answers; raises unless it agrees."""
    url = API + path
    answer = requests.request(method, url, json=body, auth=KEY, timeout=10)
    answer.raise_for_status()
    return answer.json() if answer.content else None


def send(goal: Json, visit: Json) -> None:
    """Mail link and PIN with the booking's own times, in the zone of the door."""
    zone = ZoneInfo(RESOURCES[goal["resource"]]["zone"])
    start, end = (datetime.fromtimestamp(goal[at], zone) for at in ("start", "end"))
    mail = EmailMessage()
    mail["From"], mail["To"] = "doors@example.org", goal["email"]
    mail["Subject"] = "Your access"
    text = f"Hello {goal['name']},\n\nyour booking is from "
    text += f"{start:%d %B %Y, %H:%M} to {end:%d %B %Y, %H:%M}.\n"
    text += f"Open {visit['link']} and type the PIN {visit['code']}.\n"
    mail.set_content(text)
    with smtplib.SMTP(SMTP, timeout=10) as server:
        server.send_message(mail)


if __name__ == "__main__":
    threading.Thread(target=work, daemon=True).start()
    app.run(port=int(os.environ.get("PORT", "8000")), threaded=True)
