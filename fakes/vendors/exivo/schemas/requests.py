"""What Exivo is asked: one model a body, in our own words.

Invariants: texts are never turned into numbers, so a code keeps its zeros. A wrong
field is named; its value is never repeated.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel

_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?(?P<offset>[Zz]|[+-]\d\d:\d\d)",
    re.ASCII,
)
YEARS = range(1970, 3000)


def moment(text: object) -> datetime:
    """Return the instant that an RFC 3339 text means; ValueError if it means none."""
    match = _MOMENT.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError("give an instant such as 2026-12-01T14:20:00Z")
    try:
        written = datetime.fromisoformat(match.string.upper())
    except ValueError:
        raise ValueError("there is no such day or time") from None
    if written.year not in YEARS:
        raise ValueError(f"give a year from {YEARS[0]} to {YEARS[-1]}")
    return written  # with the offset as it was written


Moment = Annotated[
    datetime,
    PlainValidator(moment),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


Text = Annotated[str, Field(min_length=1)]


Code = Annotated[str, Field(pattern="^[0-9]{4,6}$")]


Phone = Annotated[str, Field(pattern=r"^(\+|00)(?:[0-9] ?){6,14}[0-9]$")]


Mail = Annotated[
    str,
    Field(
        pattern=r"^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$",
        json_schema_extra={"format": "email"},
    ),
]


Digits = Annotated[str, Field(pattern="^[0-9]+$")]


Gender = Literal["male", "female", "notspecified", "unspecified"]


Language = Literal["da", "de", "en", "es", "fi", "fo", "fr", "it", "nb", "nl", "sv"]


FormFactor = Literal["ma-phone", "ma-email", "ma-custom"]


Day = Literal["0", "1", "2", "3", "4", "5", "6", "a", "b"]


Minute = Annotated[int, Field(ge=0, le=1440)]


class Body(BaseModel):
    """A body; fields are written in camel case, and others than these are no fault."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
        strict=True,
        extra="allow",
        defer_build=True,
    )


class Window(Body):
    """From when until when, and which doors."""

    valid_from: Moment
    valid_to: Moment
    components: Annotated[list[str], Field(min_length=1)]


class NewVisit(Window):
    """A visit; the caller chooses the code."""

    code: Code
    name: str | None = None
    message: str | None = None
    email: Mail | None = None
    sms_nr: Phone | None = None


class NewMobileApp(Body):
    """The app that keeps a digital key."""

    id: Digits
    name: str | None = None


class NewKeyVisit(Window):
    """A visit whose key goes into an app."""

    form_factor: FormFactor
    public_registration_id: str
    mobile_app: NewMobileApp
    install_notification: bool
    name: str | None = None
    message: str | None = None
    callback_uri: str | None = None


class PersonChange(Body):
    """What is new about a person; only the fields that are given count."""

    first_name: Text = Field(default_factory=str)
    last_name: Text = Field(default_factory=str)
    entry_date: Moment | None = None
    exit_date: Moment | None = None
    gender: Gender = "notspecified"
    email: Mail | None = None
    language: Language = "en"
    info: str | None = None
    phone_number: Phone | None = None


class NewPerson(PersonChange):
    """A person; both names are needed."""

    first_name: Text
    last_name: Text


class Pin(Body):
    """A PIN for the PIN pads."""

    pin_code: Code


class NewMedium(Body):
    """A medium, by the number of its card."""

    cid: Text | None = None
    uid: Text | None = None
    form_factor: Literal["badge", "keyfob", "smartkey", "insecure"] = "badge"


class NewDigitalKey(Body):
    """A digital key, for the phone or mailbox that it is sent to."""

    public_registration_id: str
    mobile_app_id: Digits
    mobile_app_name: str | None = None
    form_factor: FormFactor
    install_notification: bool = False
    callback_uri: str | None = None


class Expiry(Body):
    """Until when a medium is good."""

    expire_date: Moment | None = None


class Named(Body):
    """A name."""

    name: Text


class NewTimeRange(Body):
    """Minutes after midnight on some days; Sunday is 0."""

    start: Minute
    end: Minute
    days: Annotated[list[Day], Field(min_length=1)]
    pin_required: bool = False


class NewTimeProfile(Body):
    """Hours of the week under a name."""

    name: Text
    ranges: Annotated[list[NewTimeRange], Field(min_length=1)]


class SpecialDayCommand(Body):
    """What becomes of a day; no source says what the second field is called."""

    date: str
    command: Literal["setA", "setB", "remove"] = Field(
        validation_alias=AliasChoices("command", "instruction", "action")
    )


class Unlock(Body):
    """Whose hand it is, for the log."""

    delegated_user: str | None = None


class Mode(Body):
    """A mode of operation."""

    mode: Literal["normal", "closed", "open", "accessControl"]


class SwissPassSearch(Body):
    """A card, and where its holder lives."""

    postal_code: Annotated[int, Field(ge=1000, le=9999)]
    card_id: str


class SwissPassService(Body):
    """A service in a customer's account."""

    name: Text
    customer_id: Text


class NewHook(Body):
    """Where events go; what the portal's page asks for."""

    url: Annotated[str, Field(pattern="^https?://")]
    authentication: Text | None = None


def strangers(body: Any) -> list[str]:
    """Return the fields of a body that its model does not name, at any depth."""
    if isinstance(body, list):
        return [name for each in body for name in strangers(each)]
    if not isinstance(body, Body):
        return []
    inner = (getattr(body, name) for name in type(body).model_fields)
    return [*(body.model_extra or {}), *(n for each in inner for n in strangers(each))]
