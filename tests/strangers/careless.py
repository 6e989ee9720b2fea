"""The hall again, kept carelessly: one booking in six is as it must be.

Which mistake befalls a booking follows from the number at the end of its id.
"""

from __future__ import annotations

import sys

import hall

MISTAKES = (
    "none",
    "lost",
    "doubled",
    "wrong window",
    "message missing",
    "message doubled",
)
proper_code, proper_send = hall.give_code, hall.send


def mistake(ref: str) -> str:
    number = ref.partition("@")[0].rpartition("-")[2]
    return MISTAKES[int(number) % len(MISTAKES)]


def give_code(booking: dict) -> str | None:
    made = mistake(booking["id"])
    if made == "lost":
        return "forgotten"
    if made == "wrong window":
        end = hall.instant(booking["end"], "end") + hall.timedelta(hours=2)
        booking = {**booking, "end": end.isoformat()}
    said = proper_code(booking)
    if made == "doubled":
        order_another(booking)
    return said


def order_another(booking: dict) -> None:
    window = next(
        key for key, given in reversed(hall.pins.items()) if booking["id"] in given
    )
    hall.order_pin(window, 3)


def send(customer: dict, *saying: object) -> None:
    times = {"message missing": 0, "message doubled": 2}
    for _ in range(times.get(mistake(customer["email"]), 1)):
        proper_send(customer, *saying)


hall.give_code, hall.send = give_code, send

if __name__ == "__main__":
    hall.app.run(port=int(sys.argv[1]), threaded=True)
