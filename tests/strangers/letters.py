"""The hotel again, without a server: stays come as files, and letters go out as files.

A program that runs for ever, as one behind a network share does.
"""

from __future__ import annotations

import json
import os
import time
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import hotel
import requests

if TYPE_CHECKING:
    from datetime import datetime

SHARE = Path(os.environ["SHARE"])
letters = count(1)


def write(to: str, pin: str, start: datetime, end: datetime) -> None:
    text = f"{to}\nYour code: {pin}, from {start:%H:%M} to {end:%H:%M}\n"
    (SHARE / "out" / f"{next(letters):04}.txt").write_text(text, encoding="utf-8")


def read_all() -> None:
    for path in sorted((SHARE / "in").glob("*.json")):
        stay = json.loads(path.read_text(encoding="utf-8"))
        hotel.take(stay["number"], None if stay["gone"] else hotel.read(stay))
        path.unlink()


hotel.notify = write

if __name__ == "__main__":
    hotel.rooms.update(json.loads(os.environ["ROOMS"]))
    for name in ("out", "in"):
        (SHARE / name).mkdir(exist_ok=True)
    while True:
        try:
            read_all()
            hotel.work()
        except (requests.RequestException, KeyError):
            pass
        time.sleep(0.1)  # it looks for mail at intervals, as many do
