"""The igloohome example, kept carelessly: one booking in six is as it must be.

Which mistake befalls a booking follows from the number at the end of its id, which its
customer's address has too.
"""

from __future__ import annotations

import os
import threading
from datetime import datetime, timedelta
from typing import Any

import igloohome  # type: ignore[import-not-found]  # a program, found by PYTHONPATH

MISTAKES = (
    "none",
    "lost",
    "doubled",
    "wrong window",
    "message missing",
    "message doubled",
)
settle, order, send = igloohome.settle, igloohome.order, igloohome.send


def mistake(ref: str) -> str:
    number = ref.partition("@")[0].rpartition("-")[2]
    return MISTAKES[int(number) % len(MISTAKES)]


def careless_settle(ref: str, state: dict[str, Any]) -> None:
    if mistake(ref) != "lost":
        settle(ref, state)


def careless_order(ref: str, device: str, kind: str, opens: str, shuts: str) -> str:
    if mistake(ref) == "wrong window":
        shuts = (datetime.fromisoformat(shuts) + timedelta(hours=2)).isoformat()
    if mistake(ref) == "doubled":
        other = f"again-{ref}"
        igloohome.bookings[other] = {"goal": {}, "mailed": None, "pins": []}
        order(other, device, kind, opens, shuts)
    return str(order(ref, device, kind, opens, shuts))


def careless_send(goal: dict[str, Any], *times_and_pin: object) -> None:
    times = {"message missing": 0, "message doubled": 2}
    for _ in range(times.get(mistake(goal["email"]), 1)):
        send(goal, *times_and_pin)


igloohome.settle = careless_settle
igloohome.order = careless_order
igloohome.send = careless_send

if __name__ == "__main__":
    threading.Thread(target=igloohome.work, daemon=True).start()
    igloohome.app.run(port=int(os.environ["PORT"]), threaded=True)
