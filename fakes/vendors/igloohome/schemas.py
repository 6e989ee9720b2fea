"""igloohome's JSON: dates, pages, devices, jobs. All oddities of the wire are here.

Invariants: no state. A date keeps the text it was written in, since the vendor checks
minutes and hours by the text and not by the instant.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, NotRequired, TypeVar

from pydantic import Field
from typing_extensions import TypedDict

from fakes.vendors.igloohome.errors import invalid

if TYPE_CHECKING:
    from collections.abc import Iterable, Sized

    from fakes.vendors.igloohome.state import Device, Job


Row = TypeVar("Row")
HOUR = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:00:00[+-][0-9]{2}:[0-9]{2}$"
WholeHour = Annotated[str, Field(pattern=HOUR)]


class TokenShape(TypedDict):
    """An access token, and what renews it if a person gave access."""

    access_token: str
    expires_in: int
    token_type: str
    refresh_token: NotRequired[str]


class TokenForm(TypedDict):
    """A token call; a client proves itself here or by HTTP Basic."""

    grant_type: Literal["client_credentials", "authorization_code", "refresh_token"]
    client_id: NotRequired[str]
    client_secret: NotRequired[str]
    scope: NotRequired[str]
    code: NotRequired[str]
    redirect_uri: NotRequired[str]
    refresh_token: NotRequired[str]


class PinBody(TypedDict):
    """An algoPIN that is asked for; hourly and daily ones have an end."""

    variance: Annotated[int, Field(ge=1)]
    startDate: WholeHour
    endDate: NotRequired[WholeHour]
    accessName: Annotated[str, Field(min_length=1, max_length=60)]


class KeyBody(TypedDict):
    """A Bluetooth key that is asked for; seconds of its dates are 00."""

    startDate: str
    endDate: str
    permissions: Annotated[list[Literal["UNLOCK", "LOCK"]], Field(min_length=1)]


class JobData(TypedDict):
    """What a job is about: a PIN to store, with a window, or one to delete."""

    pin: NotRequired[Annotated[str, Field(pattern=r"^[0-9]{4,9}$")]]
    pinType: NotRequired[Literal[4]]
    accessName: NotRequired[str]
    startDate: NotRequired[str]
    endDate: NotRequired[str]


class JobBody(TypedDict):
    """What a bridge is asked to do, by the number of the kind of job."""

    jobType: Literal[1, 2, 4, 5, 9, 10, 15]
    jobData: NotRequired[JobData | None]


class Page(TypedDict, Generic[Row]):
    """A page of rows; the cursor of the last one is empty."""

    nextCursor: str
    payload: list[Row]


class LinkedShape(TypedDict):
    """A lock that a bridge or a keypad is linked to."""

    type: str
    deviceId: str


class DeviceShape(TypedDict):
    """A device."""

    id: str
    type: str
    deviceId: str
    deviceName: str
    pairedAt: str
    homeId: list[str]
    linkedDevices: list[LinkedShape]
    batteryLevel: int
    lastSync: str


class HomeShape(TypedDict):
    """A home; its shape is invented."""

    id: str
    name: str


class PinShape(TypedDict):
    """An algoPIN."""

    pin: str
    pinId: str


class KeyShape(TypedDict):
    """A Bluetooth key."""

    keyId: str
    bluetoothGuestKey: str


class ActivityShape(TypedDict):
    """A row of a lock's log; `entryDate` is in seconds since 1970."""

    logType: int
    entryDate: int
    operationId: int
    pin: NotRequired[str]


class QueuedShape(TypedDict):
    """A job that was queued."""

    jobId: str


class JobShape(TypedDict):
    """How far a job is."""

    jobId: str
    expiryDate: str
    completed: bool
    jobType: str
    jobResponse: dict[str, Any]


_DATE = re.compile(
    r"(?P<wall>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)"
    r"(?:\.(?P<fraction>\d{1,9}))?(?P<offset>Z|[+-]\d\d:\d\d)?",
    re.ASCII,
)
YEARS = range(1970, 3000)
FORM = "YYYY-MM-DDTHH:00:00+hh:mm"


class Written:
    """A date as a client wrote it; ValueError if it is not one."""

    def __init__(self, text: str) -> None:
        match = _DATE.fullmatch(text)
        if match is None:
            raise ValueError(_no_date(text))
        self.text = text
        self.fraction: str | None = match["fraction"]
        self.offset: str | None = match["offset"]
        try:
            self.wall = datetime.fromisoformat(match["wall"])
            aware = datetime.fromisoformat(match["wall"] + (self.offset or "Z"))
        except ValueError:
            raise ValueError(_no_date(text)) from None
        if self.wall.year not in YEARS:
            raise ValueError(_no_date(text))
        self.instant = aware.astimezone(UTC)  # without an offset taken for UTC


def _no_date(text: str) -> str:
    return f"{text[:40]!r} is no date of the form {FORM}"


def shown(instant: datetime) -> str:
    """Return an instant as the vendor writes one."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def page(rows: Iterable[Row], cursor: str, size: int) -> Page[Row]:
    """Return one page of rows; the cursor of the last page is an empty string."""
    every = list(rows)
    start = _place(cursor, every)
    rest = start + size
    following = str(rest) if rest < len(every) else ""
    return {"nextCursor": following, "payload": every[start:rest]}


def _place(cursor: str, rows: Sized) -> int:
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit()) or int(cursor) > len(rows):
        raise invalid("cursor is none that was handed out")
    return int(cursor)


def device(record: Device, home_id: str, linked: Iterable[Device]) -> DeviceShape:
    """Return a device; no array and no time is ever null."""
    return {
        "id": record.uid,
        "type": record.type,
        "deviceId": record.device_id,
        "deviceName": record.name,
        "pairedAt": shown(record.paired_at),
        "homeId": [home_id],
        "linkedDevices": [
            {"type": each.type, "deviceId": each.device_id} for each in linked
        ],
        "batteryLevel": record.battery,
        "lastSync": shown(record.last_sync),
    }


def job(record: Job) -> JobShape:
    """Return a job's status; its type is text here, though it was sent as a number."""
    return {
        "jobId": record.job_id,
        "expiryDate": shown(record.expires_at),
        "completed": record.completed,
        "jobType": str(record.type),
        "jobResponse": record.response,
    }
