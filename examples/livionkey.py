"""LivionKey in one file: a signed booking webhook becomes a key cabinet's code.

The webhook stores what the platform last said of a booking; one thread does what is
missing. So events may repeat and come in any order, and what failed is done again.

A contract lends one key; after a lost answer it is found by our own reference.

README.md says how to run it. RESOURCES has cabinet, key and zone of each resource:
{"flat-1": {"device": "<deviceId>", "key": "<keyId>", "zone": "Europe/Helsinki"}}
"""

import json
import logging
import os
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

API = os.environ["LIVIONKEY_API_URL"]
LOGIN = {k: os.environ[f"LIVIONKEY_{k.upper()}"] for k in ("email", "password")}
RESOURCES = json.loads(os.environ["RESOURCES"])
WEBHOOK = Webhook(os.environ["WEBHOOK_SECRET"])
OWNER = os.environ.get("OWNER_EMAIL", "owner@example.org")
SMTP = os.environ.get("SMTP", "127.0.0.1:25")
RETRY_SECONDS = float(os.environ.get("RETRY_SECONDS", "1"))
Json = dict[str, Any]

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 65_536
log = logging.getLogger("livionkey")
lock, wake = threading.Lock(), threading.Event()
disk = sqlite3.connect(os.environ.get("DATABASE", "codes.db"), check_same_thread=False)
disk.execute("create table if not exists bookings (id text primary key, state text)")
rows = disk.execute("select id, state from bookings")
bookings: dict[str, Json] = {ref: json.loads(state) for ref, state in rows}
token = {"Authorization": "Bearer none"}
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
        new: Json = {"at": 0.0, "goal": {}, "mailed": None, "contract": {}}
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
    goal, contract = state["goal"], state["contract"]
    live = "booking.confirmed" in state and "booking.cancelled" not in state
    if goal and goal["end"] < time.time():
        if is_known(ref, contract):
            ask_for_key(ref, *contract["terms"])
        contract.clear()
    elif live and goal["resource"] in RESOURCES:
        agree(ref, contract, goal, RESOURCES[goal["resource"]])
        if state["mailed"] != goal and state["goal"] is goal:  # no news meanwhile
            zone = ZoneInfo(RESOURCES[goal["resource"]]["zone"])
            times = (datetime.fromtimestamp(goal[at], zone) for at in ("start", "end"))
            start, end = (f"{at:%d %B %Y, %H:%M}" for at in times)
            text = f"Hello {goal['name']},\n\n{start} - {end}: code {contract['pin']}\n"
            send(goal["email"], "Your key", text)
            state["mailed"] = goal
    elif is_known(ref, contract):
        livion("DELETE", f"/contracts/{contract['id']}")
        contract.clear()
    save(ref)


def agree(ref: str, contract: Json, goal: Json, place: Json) -> None:
    """See to it that one contract lends the key for the time of the booking."""
    terms = [place["device"], place["key"], goal["start"], goal["end"]]
    known = is_known(ref, contract)
    if known and contract["terms"] == terms:
        return
    body: Json = {"devices": [{"id": place["device"], "keyId": place["key"]}]}
    body |= {"person": ref, "contacts": [{"email": goal["email"], "sendEmail": False}]}
    body["end"] = datetime.fromtimestamp(goal["end"], UTC).isoformat()
    if not known or contract["terms"][2] != goal["start"]:
        start = max(goal["start"], time.time() + 1)  # Livion takes none of the past
        body["start"] = datetime.fromtimestamp(start, UTC).isoformat()
    if known:
        livion("POST", f"/contracts/{contract['id']}", body)
    contract["terms"] = terms
    if not known:
        save(ref)  # before asking, so that a lost answer leaves a trace
        made = livion("POST", "/contracts", body | {"contractId": ref.encode().hex()})
        contract.update(id=made["id"], pin=made["pincode"])


def is_known(ref: str, contract: Json) -> bool:
    """Whether there is a contract; one whose answer was lost is looked for."""
    if contract and "id" not in contract:
        for row in livion("GET", f"/devices/{contract['terms'][0]}/contracts") or []:
            if row["contractId"] == ref.encode().hex():
                contract.update(id=row["id"], pin=row["pincode"])
    return "id" in contract


def ask_for_key(ref: str, device: str, key: str, *_: float) -> None:
    """Tell the owner of a key that is still out when its time is over."""
    status = livion("GET", f"/keys/{key}/status?deviceId={device}")["action"]
    if status in {"key-fetched", "key-not-returned"}:
        row = livion("GET", f"/keys/{key}?deviceId={device}")[0]
        text = f"{row['keyName']}, slot {row['lockerIndex']}, lent to booking {ref}.\n"
        send(OWNER, "A key is still out", text)


def livion(method: str, path: str, body: Json | None = None) -> Any:
    """Call Livion, logged in; returns None for a contract that does not exist."""
    for _ in range(2):
        url = API + path
        answer = requests.request(method, url, json=body, headers=token, timeout=10)
        if answer.status_code != requests.codes.unauthorized:  # tokens live for an hour
            break
        login = requests.post(f"{API}/auth/login", json=LOGIN, timeout=10)
        token["Authorization"] = f"Bearer {login.json()['token']}"
    if "Contract not found" in answer.text:
        return None
    answer.raise_for_status()
    if answer.text.startswith("Contract "):  # it was updated, or deleted
        return answer.text
    return answer.json()  # raises if this is no answer of Livion's


def send(to: str, subject: str, text: str) -> None:
    """Mail a text."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "doors@example.org", to, subject
    mail.set_content(text)
    with smtplib.SMTP(SMTP, timeout=10) as server:
        server.send_message(mail)


if __name__ == "__main__":
    threading.Thread(target=work, daemon=True).start()
    app.run(port=int(os.environ.get("PORT", "8000")), threaded=True)
