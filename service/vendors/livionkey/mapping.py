"""LivionKey's cabinets, keys and contracts, in the service's words and back.

Invariants: pure.

- A lock of ours is one key of one cabinet; its id names both. A cabinet that is offline
  can be used: it gets new codes once it is back. A static return code is typed after a
  star.
- A contract is known by `contractId`, our own name for it, which is unique in the
  account; `id` is LivionKey's. It never names the customer: our own message brings the
  code, and the vendor's notices stay off.
- Both ends of a contract are always given, so a checkout time that the organisation has
  set for all its keys plays no part (LIV-01). A contract cannot begin in the past; one
  that begins late begins now, and its window says what was booked.
- The locker says whether the key is in; the key's last event says since when, if it is
  a move. Other events (a key was missed, or not fetched) end no move and begin none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from service.domain.keys import KeyObservation
from service.domain.schedule import Exact, Window
from service.ports import VendorLock
from service.secret import Secret
from service.vendor_kit import instant, object_in

Body = Mapping[str, Any]  # JSON

OFFLINE: Final = "disconnected"
AWAY: Final = "the cabinet is offline: what is new reaches it once it is back"
STAR: Final = "*"


class CabinetPlace(NamedTuple):
    """The device, and the key in it."""

    device: str
    key: str

    @property
    def lock(self) -> str:
        """Return the id of the lock; a device's own id has no slash in it."""
        return f"{self.device}/{self.key}"


def place_of(lock: str) -> CabinetPlace:
    """Return what the id of a lock names."""
    device, _, key = lock.partition("/")
    return CabinetPlace(device, key)


def device_id(device: Body) -> str:
    """Return a device's id: it stands under one name in lists, another elsewhere."""
    return str(device.get("deviceId") or device.get("id") or "")


def key_id(key: Body) -> str:
    """Return a key's id."""
    return str(key.get("keyId") or "")


def is_away(device: Body) -> bool:
    """Return whether the cabinet cannot be reached now."""
    return device.get("connectionState") == OFFLINE


def is_synced(device: Body) -> bool:
    """Return whether the cabinet knows its codes; where nothing is said, it does."""
    synced = device.get("synced")
    return not isinstance(synced, dict) or synced.get("isSynced") is not False


def vendor_lock(device: Body, key: Body) -> VendorLock:
    """Return the lock that a key of a device is."""
    place = CabinetPlace(device_id(device), key_id(key))
    where, what = (device.get("name"), key.get("keyName"))
    code = key.get("keyCode")
    return VendorLock(
        vendor_id=place.lock,
        name=f"{where or place.device}, {what or place.key}",
        kind="key",
        usable=True,
        warning=AWAY if is_away(device) else None,
        return_code=Secret(f"{STAR}{code}") if code else None,
    )


SOON: Final = timedelta(minutes=1)
APART: Final = timedelta(minutes=5)
"""How far ahead of ours the vendor's clock may be."""
NOT_ALLOWED: Final = re.compile(r"[^\w.-]+", re.ASCII)
LONGEST_NAME: Final = 60


def contract_id(name: str, access: str) -> str:
    """Return our name of a contract: letters, digits, `_`, `/`, `.` and `-` alone."""
    plain = NOT_ALLOWED.sub("-", name)[:LONGEST_NAME].strip("-") or "access"
    return f"{plain}/{access}" if access else plain


def written(instant: datetime) -> str:
    """Return the instant as LivionKey writes it, in UTC and to the millisecond."""
    text = instant.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract of LivionKey's."""

    ref: str
    contract_id: str
    start: datetime
    end: datetime | None
    pin: str = field(repr=False)

    def fits(self, window: Window, pin: str, now: datetime) -> bool:
        """Return whether it is as ordered; a late one may have begun later."""
        ends = self.end is not None and window.end is not None
        same_end = ends and written(self.end or now) == written(window.end or now)
        late = window.start < self.start <= now + APART + SOON
        begins = late or written(self.start) == written(window.start)
        return bool(same_end and begins and self.pin == pin)

    def over(self, now: datetime) -> bool:
        """Return whether its end has passed."""
        return self.end is not None and self.end <= now


def begins(
    window: Window, now: datetime, running: Contract | None = None
) -> tuple[datetime, ...]:
    """Return the starts to try, in turn, while the vendor says that one is past.

    It goes by its own clock, so what was booked is asked for first. A start that has
    passed can only stay as it was.
    """
    begun = running.start if running and running.start <= now else now
    return window.start, begun, now + SOON, now + APART


def terms(
    place: CabinetPlace, start: datetime, end: datetime, pin: str
) -> dict[str, Any]:
    """Return the part of a contract that may change; `devices` stands every time."""
    return {
        "devices": [{"id": place.device, "keyId": place.key}],
        "start": written(start),
        "end": written(end),
        "pincode": pin,
    }


def people(name: str) -> dict[str, Any]:
    """Return the part that is required: a person, and a contact who is sent nothing."""
    return {"person": name, "contacts": [{"sendSms": False, "sendEmail": False}]}


def contract_of(body: Mapping[str, Any]) -> Contract | None:
    """Return the contract, None for what cannot be read as one."""
    start = instant(body.get("start"))
    if start is None or not isinstance(body.get("id"), str):
        return None
    return Contract(
        ref=body["id"],
        contract_id=str(body.get("contractId") or ""),
        start=start,
        end=instant(body.get("end")),
        pin=str(body.get("pincode") or ""),
    )


MOVES: Final = {"key-fetched": False, "key-returned": True, "key-added": True}
AWAY_NOW: Final = "the cabinet is offline: this is what was last heard of it"
UNSEEN: Final = "no locker of the cabinet is kept for this key now"


def observation(device: Body, key: str, last: Body) -> KeyObservation:
    """Return what is seen of the key."""
    locker = _locker(device, key)
    inside = locker is not None and locker.get("isKeyInside") is True
    warning = AWAY_NOW if is_away(device) else None
    return KeyObservation(
        inside=inside,
        slot=_index(locker.get("lockerIndex")) if locker else None,
        since=_since(last, inside=inside),
        warning=warning or (None if locker else UNSEEN),
    )


def _locker(device: Body, key: str) -> Body | None:
    """Return the locker that is kept for the key."""
    lockers = device.get("lockers")
    for each in lockers if isinstance(lockers, list) else []:
        kept = each.get("key") if isinstance(each, dict) else None
        if isinstance(kept, dict) and str(kept.get("id")) == key:
            return dict(each)
    return None


def _index(value: object) -> int | None:
    """Return the locker's number, which comes as a number or as text."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() else None


def _since(last: Body, *, inside: bool) -> datetime | None:
    """Return when the key came to where it is, None where its last event is no move."""
    if MOVES.get(str(last.get("action"))) is not inside:
        return None
    source = object_in(last, "data").get("sourceTime")
    return instant(source) or instant(last.get("timestamp"))


KIND: Final = "contract"
TIMES: Final = Exact(KIND, "LivionKey has codes", "a contract", "hand a key over")
