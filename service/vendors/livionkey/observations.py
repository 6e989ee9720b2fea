"""Where a key is, from what LivionKey shows of its cabinet and of the key.

Invariants: pure. The locker says whether the key is in; the key's last event says since
when, if it is a move. Other events (a key was missed, or not fetched) end no move
and begin none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from service.domain.keys import KeyObservation
from service.vendors.livionkey.contracts import instant
from service.vendors.livionkey.devices import is_away

if TYPE_CHECKING:
    from datetime import datetime

Body = Mapping[str, Any]  # JSON

MOVES: Final = {"key-fetched": False, "key-returned": True, "key-added": True}
AWAY_NOW: Final = "the cabinet is offline: this is what was last heard of it"
UNSEEN: Final = "no locker of the cabinet is kept for this key now"


def sighting(device: Body, key: str, last: Body) -> KeyObservation:
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
    data = last.get("data")
    source = data.get("sourceTime") if isinstance(data, dict) else None
    return instant(source) or instant(last.get("timestamp"))
