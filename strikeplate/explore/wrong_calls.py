"""Calls that a vendor's server must refuse: one table a vendor, each with its rule.

Each is asked about a code that was made before: as a change of it, or as a further one
at its door. A refusal is a 4xx, and nothing has changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from strikeplate.fakes_client import instant
from strikeplate.vocabulary import LOCK

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from strikeplate.explore.exivo_calls import Exivo
    from strikeplate.explore.nuki_calls import Nuki
    from strikeplate.explore.vendor_clients import Igloohome, Livionkey

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MANY = "/smartlock/auth"
FURTHER = "x"
"""What a code is called that must not come about."""


@dataclass(frozen=True)
class WrongCall:
    """A call, and the rule by which it is refused."""

    rule: str
    ask: Callable[[Any, str], object]
    """Given a vendor's client and the name of a code; the client refuses."""


def _limited(limits: Mapping[str, object]) -> dict[str, Callable[[Nuki, str], object]]:
    """Return a new code with some limits, and a change to them."""
    return {
        "a new code": partial(_new_code, limits=limits),
        "a change": partial(_change, limits=limits),
    }


def _new_code(nuki: Nuki, code: str, limits: Mapping[str, object]) -> object:
    body = {**nuki.order(FURTHER, "987654"), **limits}
    return nuki.ask("PUT", nuki.auths(nuki.made[code].place), body)


def _change(nuki: Nuki, code: str, limits: Mapping[str, object]) -> object:
    return nuki.ask("POST", nuki.path(code), {"name": nuki.label(code), **limits})


FROM = {"allowedFromDate": "2026-12-01T00:00:00Z"}
LIMITS: dict[str, tuple[str, dict[str, object]]] = {
    "mask 4096": ("NUK-05", {**FROM, "allowedWeekDays": 4096}),
    "mask -1": ("NUK-05", {**FROM, "allowedWeekDays": -1}),
    "minute 9999": (
        "NUK-06",
        {**FROM, "allowedFromTime": 480, "allowedUntilTime": 9999},
    ),
    "minute -1": ("NUK-06", {**FROM, "allowedFromTime": -1, "allowedUntilTime": 1140}),
    "a date without a time": ("NUK-04", {"allowedFromDate": "2026-12-07"}),
    "a date without a zone": ("NUK-04", {"allowedFromDate": "2026-12-07T08:00"}),
}
DIGITS = ("987604", "127654", "98765", "9876543")


def _without_keypad(nuki: Nuki, code: str) -> object:
    del code
    place = nuki.ctx.environment.add_door("no keypad", keypad=False)
    return nuki.ask("PUT", nuki.auths(place), nuki.order(FURTHER, "987654"))


def _with_token(
    nuki: Nuki, code: str, header: Callable[[str], str], what: str = "locks"
) -> object:
    own = nuki.own["api_token"]
    return _asked(nuki, code, what, {"Authorization": header(own)})


def _with_scope(nuki: Nuki, code: str, scope: str, what: str) -> object:
    return _asked(nuki, code, what, {"Authorization": f"Bearer {nuki.token(scope)}"})


def _asked(nuki: Nuki, code: str, what: str, headers: dict[str, str]) -> object:
    path, place = nuki.path(code), nuki.made[code].place
    lock, row = int(place.door.vendor_id), path.rpartition("/")[2]
    off = {"name": nuki.label(code), "enabled": False}
    method, path, body = {
        "locks": ("GET", "/smartlock", None),
        "all codes": ("GET", "/smartlock/auth", None),
        "make": ("PUT", nuki.auths(place), nuki.order(FURTHER, "987654")),
        "change": ("POST", path, off),
        "delete": ("DELETE", path, None),
        "make many": (
            "PUT",
            MANY,
            {**nuki.order(FURTHER, "987654"), "smartlockIds": [lock]},
        ),
        "change many": ("POST", MANY, [{**off, "id": row}]),
        "delete many": ("DELETE", MANY, [row]),
        "the codes": ("GET", nuki.auths(place), None),
        "the code": ("GET", path, None),
        "pages of codes": ("GET", f"{MANY}/paged", None),
        "the log": ("GET", f"/smartlock/{lock}/log", None),
        "every log": ("GET", "/smartlock/log", None),
        "unlock": ("POST", f"/smartlock/{lock}/action/unlock", None),
        "act": ("POST", f"/smartlock/{lock}/action", {"action": 1}),
        "rename": ("POST", f"/smartlock/{lock}", {"name": "x", "favorite": False}),
        "configure": ("POST", f"/smartlock/{lock}/config", {"ledEnabled": False}),
        "keys": ("GET", "/api/key", None),
        "webhooks": ("GET", "/api/decentralWebhook", None),
    }[what]
    return nuki.ask(method, path, body, headers)


def _deleted_token(nuki: Nuki, code: str) -> object:
    header = {"Authorization": f"Bearer {nuki.token('smartlock.auth', live=False)}"}
    return _asked(nuki, code, "the codes", header)


def _taken_digits(nuki: Nuki, code: str) -> object:
    return _new_code(nuki, code, {"code": int(nuki.made[code].code)})


WRITES = ("make", "change", "delete", "make many", "change many", "delete many")
READS_CODES = ("all codes", "the codes", "the code", "pages of codes")
NUKI = {
    **{
        f"{how} with {name}": WrongCall(rule, ask)
        for name, (rule, limits) in LIMITS.items()
        for how, ask in _limited(limits).items()
    },
    **{
        f"the keypad code {digits}": WrongCall(
            "NUK-02", partial(_new_code, limits={"code": int(digits)})
        )
        for digits in DIGITS
    },
    "a code without a keypad": WrongCall("NUK-01", _without_keypad),
    "a wrong token": WrongCall(
        "NUK-12", partial(_with_token, header=lambda own: f"Bearer {own[::-1]}")
    ),
    "a token by Basic": WrongCall(
        "NUK-12", partial(_with_token, header=lambda own: f"Basic {own}")
    ),
    **{
        f"a token with {scope} for {what}": WrongCall(
            "NUK-12", partial(_with_scope, scope=scope, what=what)
        )
        for scope, what in (
            *(("smartlock.readOnly", what) for what in WRITES),
            *(("smartlock.readOnly", what) for what in READS_CODES),
            *(("smartlock.readOnly", what) for what in ("the log", "unlock", "act")),
            *(("smartlock.readOnly", what) for what in ("rename", "configure")),
            *(("smartlock.auth", what) for what in ("locks", "unlock", "configure")),
            *(("smartlock.auth", what) for what in ("every log", "keys", "webhooks")),
            *(("smartlock.log", what) for what in ("delete", "the codes", "unlock")),
            *(("smartlock.action", what) for what in ("make", "the log", "locks")),
        )
    },
    "a token that was deleted": WrongCall("NUK-12", _deleted_token),
    "digits that the lock has": WrongCall("NUK-02", _taken_digits),
}


def _pin(
    igloo: Igloohome,
    code: str,
    kind: str,
    start: timedelta,
    length: timedelta,
) -> object:
    """Ask for a PIN that begins so long after a whole hour, for so long."""
    place = igloo.made[code].place
    zone = ZoneInfo(place.door.timezone)
    now = igloo.ctx.environment.now.astimezone(zone)
    first = now.replace(minute=0, second=0, microsecond=0) + 30 * HOUR
    path = f"/devices/{place.door.vendor_id}/algopin/{kind}"
    return igloo.order(path, first + start, first + start + length)


def _at_device(
    igloo: Igloohome, code: str, door: Mapping[str, Any] | None = None
) -> object:
    """Ask a device of another kind for a PIN; without a kind one nobody has."""
    place = igloo.made[code].place
    zone, device = place.door.timezone, "OE1X00000000"
    if door:
        other = igloo.ctx.environment.add_door(
            "another device", LOCK, zone=zone, **door
        )
        device = other.door.vendor_id
    now = igloo.ctx.environment.now.astimezone(ZoneInfo(zone))
    first = now.replace(minute=0, second=0, microsecond=0) + HOUR
    return igloo.order(f"/devices/{device}/algopin/hourly", first, first + HOUR)


def _at_pin(igloo: Igloohome, code: str, method: str) -> object:
    made = igloo.made[code]
    path = f"/devices/{made.place.door.vendor_id}/algopin/{made.ref}"
    return igloo.ask(method, path, None if method == "DELETE" else {"variance": 2})


NONE, HALF = timedelta(), timedelta(minutes=30)
IGLOOHOME = {
    "an hourly PIN from half past": WrongCall(
        "IGL-06", partial(_pin, kind="hourly", start=HALF, length=2 * HOUR)
    ),
    "an hourly PIN until half past": WrongCall(
        "IGL-06", partial(_pin, kind="hourly", start=NONE, length=2 * HOUR + HALF)
    ),
    "an hourly PIN of 700 hours": WrongCall(
        "IGL-06", partial(_pin, kind="hourly", start=NONE, length=700 * HOUR)
    ),
    "an hourly PIN of 673 hours": WrongCall(
        "IGL-06", partial(_pin, kind="hourly", start=NONE, length=673 * HOUR)
    ),
    "an hourly PIN that ends as it begins": WrongCall(
        "IGL-06", partial(_pin, kind="hourly", start=NONE, length=NONE)
    ),
    "an hourly PIN that ends before it begins": WrongCall(
        "IGL-06", partial(_pin, kind="hourly", start=NONE, length=-2 * HOUR)
    ),
    "an hourly PIN from half a minute past": WrongCall(
        "IGL-06", partial(_pin, kind="hourly", start=HALF / 60, length=2 * HOUR)
    ),
    "an hourly PIN of yesterday": WrongCall(
        "IGL-06", partial(_pin, kind="hourly", start=-54 * HOUR, length=72 * HOUR)
    ),
    "a daily PIN of 28 days": WrongCall(
        "IGL-06", partial(_pin, kind="daily", start=NONE, length=28 * DAY)
    ),
    "a daily PIN from half past": WrongCall(
        "IGL-06", partial(_pin, kind="daily", start=HALF, length=30 * DAY)
    ),
    "a daily PIN until another hour": WrongCall(
        "IGL-06", partial(_pin, kind="daily", start=NONE, length=30 * DAY + 3 * HOUR)
    ),
    "the PIN changed": WrongCall("IGL-08", partial(_at_pin, method="PUT")),
    "the PIN changed in part": WrongCall("IGL-08", partial(_at_pin, method="PATCH")),
    "a daily PIN of 368 days": WrongCall(
        "IGL-06", partial(_pin, kind="daily", start=NONE, length=368 * DAY)
    ),
    "the PIN deleted": WrongCall("IGL-08", partial(_at_pin, method="DELETE")),
    "a PIN of a lock without a keypad": WrongCall(
        "IGL-11", partial(_at_device, door={"keypad": False})
    ),
    "a PIN of a bridge": WrongCall(
        "IGL-11", partial(_at_device, door={"kind": "bridge"})
    ),
    "a PIN of an unknown device": WrongCall("IGL-11", _at_device),
}


def _visit(
    exivo: Exivo, code: str, other: Mapping[str, object] | None = None
) -> object:
    now, door = exivo.ctx.environment.now, exivo.made[code].place.door
    body = {
        "code": "987654",
        "name": exivo.label(FURTHER),
        "validFrom": instant(now),
        "validTo": instant(now + DAY),
        "components": [door.vendor_id],
    }
    return exivo.ask("POST", exivo.path("/visit"), {**body, **(other or {})})


def _over(exivo: Exivo, code: str) -> object:
    now = exivo.ctx.environment.now
    times = {"validFrom": instant(now - DAY), "validTo": instant(now - HOUR)}
    return _visit(exivo, code, times)


def _inside_out(exivo: Exivo, code: str) -> object:
    now = exivo.ctx.environment.now
    times = {"validFrom": instant(now + DAY), "validTo": instant(now + HOUR)}
    return _visit(exivo, code, times)


def _at_visit(exivo: Exivo, code: str, method: str) -> object:
    path = exivo.path(f"/visit/{exivo.made[code].ref}")
    return exivo.ask(method, path, {"validTo": "2040-01-01T00:00:00Z"})


def _wrong_secret(exivo: Exivo, code: str) -> object:
    del code
    headers = exivo.bearer(secret=exivo.own["api_secret"][::-1])
    return exivo.ask("GET", exivo.path("/visit"), None, headers)


UNKNOWN = "00000000-0000-4000-8000-000000000000"
EXIVO = {
    **{
        f"a visit with the PIN {pin}": WrongCall(
            "EXV-03", partial(_visit, other={"code": pin})
        )
        for pin in ("123", "1234567", "12ab", "")
    },
    "a visit that is over": WrongCall("EXV-03", _over),
    "a visit of an unknown door": WrongCall(
        "EXV-03", partial(_visit, other={"components": [UNKNOWN]})
    ),
    "a visit of no door": WrongCall(
        "EXV-03", partial(_visit, other={"components": []})
    ),
    "a visit that ends before it begins": WrongCall("EXV-03", _inside_out),
    "a wrong secret": WrongCall("EXV-03", _wrong_secret),
    "a visit changed": WrongCall("EXV-03", partial(_at_visit, method="POST")),
    "a visit deleted": WrongCall("EXV-03", partial(_at_visit, method="DELETE")),
}


def _contract(livion: Livionkey, code: str, **other: object) -> object:
    now = livion.ctx.environment.now + 60 * DAY
    place = livion.made[code].place.door
    times = {"start": instant(now), "end": instant(now + DAY)}
    keys = {"devices": [{"id": place.vendor_id, "keyId": place.keys[0]}]}
    order = livion.order(FURTHER)
    return livion.ask("POST", "/contracts", {**order, **times, **keys, **other})


def _backwards(livion: Livionkey, code: str) -> object:
    now = livion.ctx.environment.now + 60 * DAY
    return _contract(livion, code, start=instant(now), end=instant(now - HOUR))


def _of_the_past(livion: Livionkey, code: str) -> object:
    now = livion.ctx.environment.now
    times = {"start": instant(now - 400 * DAY), "end": instant(now - 399 * DAY)}
    return _contract(livion, code, **times)


def _unknown_key(livion: Livionkey, code: str) -> object:
    device = livion.made[code].place.door.vendor_id
    return _contract(livion, code, devices=[{"id": device, "keyId": "nobody"}])


def _no_token(livion: Livionkey, code: str) -> object:
    del code
    return livion.ask("GET", "/devices", None, {"Authorization": "Bearer nobody"})


def _while_lent(livion: Livionkey, code: str) -> object:
    """Ask for a contract over the time of another one of the same key."""
    row = livion.ask("GET", f"/contracts/{livion.made[code].ref}")
    return _contract(livion, code, start=row["start"], end=row["end"])


def _same_reference(livion: Livionkey, code: str) -> object:
    return _contract(livion, code, contractId=livion.label(code))


def _taken_pin(livion: Livionkey, code: str) -> object:
    return _contract(livion, code, pincode=livion.made[code].code)


def _longer_backwards(livion: Livionkey, code: str) -> object:
    made = livion.made[code]
    place, path = made.place.door, f"/contracts/{made.ref}"
    keys = [{"id": place.vendor_id, "keyId": place.keys[0]}]
    row = livion.ask("GET", path)
    return livion.ask("POST", path, {"devices": keys, "end": row["start"]})


LIVIONKEY = {
    "a contract while another has the key": WrongCall("LIV-01", _while_lent),
    "a contract with a reference in use": WrongCall("LIV-01", _same_reference),
    "a contract with a PIN in use": WrongCall("LIV-01", _taken_pin),
    "a contract changed to end as it begins": WrongCall("LIV-01", _longer_backwards),
    "a contract with a PIN of three digits": WrongCall(
        "LIV-01", partial(_contract, pincode="123")
    ),
    "a contract of the past": WrongCall("LIV-01", _of_the_past),
    "a contract that ends before it begins": WrongCall("LIV-01", _backwards),
    "a contract for an unknown key": WrongCall("LIV-01", _unknown_key),
    "a wrong token": WrongCall("LIV-01", _no_token),
}

WRONG_CALLS: Mapping[str, Mapping[str, WrongCall]] = {
    "exivo": EXIVO,
    "igloohome": IGLOOHOME,
    "livionkey": LIVIONKEY,
    "nuki": NUKI,
}
