"""What a profile may hold: every table and key, its kind and its default. Pure.

    [subject]       who is judged            [events]     how bookings are told to it
    [run]           how it is started        [signature]  how such events are signed
    [clock]         how its time is turned   [messages]   where its customers read codes
    [resources.X]   what its owner has set up [api]       owner's actions that are calls
    [[setup]]       what it must be told first

Invariants: unknown keys are refused; a value is of the kind that is written here, never
converted. Durations are texts such as "90s", "15m", "1h", "2d".
"""

from __future__ import annotations

import difflib
import re
from datetime import datetime, timedelta
from functools import cache
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

UNITS = {
    "ms": "milliseconds",
    "s": "seconds",
    "m": "minutes",
    "h": "hours",
    "d": "days",
}


def duration(text: object) -> timedelta:
    """Return the time span that "90s", "15m", "1h" or "2d" means."""
    if isinstance(text, timedelta):
        return text
    found = (
        re.fullmatch(r"(\d{1,6})(ms|[smhd])", text) if isinstance(text, str) else None
    )
    if found is None:
        raise ValueError(f'{text!r} is no duration; write "90s", "15m", "1h" or "2d"')
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def zone(name: str) -> str:
    """Return the name of a time zone, if there is one of that name."""
    known = _zones()
    if name not in known:
        close = difflib.get_close_matches(name, known, n=1)
        meant = f"; did you mean {close[0]!r}?" if close else ""
        raise ValueError(f"{name!r} is no time zone{meant}")
    return name


@cache
def _zones() -> frozenset[str]:
    """Return the names of all time zones; to list them takes a while."""
    return frozenset(available_timezones())


Zone = Annotated[str, AfterValidator(zone)]
Duration = Annotated[timedelta, BeforeValidator(duration)]
Path = Annotated[str, Field(pattern=r"^(/|https?://|\{[{%])")]
Word = Annotated[str, Field(min_length=1)]


class Table(BaseModel):
    """One table of a profile."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Subject(Table):
    """`[subject]`: the integration (or vendor) by its own name.

    `connect` names one of ours (`inprocess:service`, `http:service`); anybody else's
    is reached as `[run]` says.
    """

    name: Word
    version: Word = "unknown"
    vendors: list[str] | None = None
    default_vendor: str | None = None
    connect: Word | list[Word] | None = None


class Vendor(Table):
    """`[vendor]`: our fakes (`fake`), or a vendor's own server (its URL).

    `lock` names locks of that server, by name or id, which scenarios may use.
    """

    connect: Word | list[Word] = "fake"
    lock: Word | list[Word] = []


class Run(Table):
    """`[run]`: a process that we start and stop (`command`), or one that runs (`url`).

    In `command`, `ready` and `env`, `{port}`, `{smtp}`, `{inbox}`, `{secret}` and a
    vendor's credentials (`{nuki.api_token}`) are replaced. `ready = ""` says that it
    serves nothing and need not be waited for. `fresh = "scenario"` starts
    a process, with a world of its own, for each scenario; "run" keeps one.
    """

    command: Word | list[Word] | None = None
    app: Word | None = None
    url: str | None = Field(default=None, pattern=r"^https?://[^/?#]+/?$")
    directory: str = "."
    ready: str | None = None
    ready_within: Duration = timedelta(seconds=30)
    fresh: Literal["scenario", "run"] = "scenario"
    env: dict[str, str] = {}
    fakes_port: int | None = Field(default=None, ge=1, le=65535)
    smtp_port: int | None = Field(default=None, ge=1, le=65535)

    @property
    def anew(self) -> bool:
        """Whether each scenario starts it anew."""
        return self.url is None and self.fresh == "scenario"


class Call(Table):
    """One HTTP call as a template: `url` is a path of the subject, or absolute."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "POST"
    url: Path
    body: str | None = None
    headers: dict[str, str] = {}
    content_type: str = "application/json"
    accepts: list[int] = list(range(200, 300))
    save: dict[str, str] = {}
    """Names for values of the answer, each by its JMESPath: `{{ saved.NAME }}`."""

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: Any) -> Any:  # as TOML has it
        """Read `post = "/path"` as method and url."""
        if not isinstance(given, dict):
            return given
        table = dict(given)
        for method in ("get", "post", "put", "patch", "delete"):
            if method in table:
                table["url"] = table.pop(method)
                table["method"] = method.upper()
        return table


Control = Literal["preload", "freezegun", "endpoint", "none", "injected", "adapter"]


class Clock(Table):
    """`[clock]`: how the subject's time is turned.

    preload    libfaketime is loaded into the process that we start
    freezegun  `[run] app` is a WSGI factory, called in this process
    endpoint   the subject offers a call; its template has `now`
    none       it cannot be turned: scenarios run on real seconds
    adapter    by `set_time` of the adapter
    injected   one of ours

    Without a word it is "injected" for one of ours, and "none" for any other.
    """

    control: Control | None = None
    start: datetime | None = None
    endpoint: Call | None = None


class Resource(Table):
    """`[resources.NAME]`: a resource as its owner has set it up.

    Doors are hung to match. `id` is what the platform calls it; `door` the name of its
    door, which resources may share; `doors` how many doors one booking opens; `kind`
    the device in the vendor's own words (`"key cabinet"`). The rest are traits, which
    docs/profile.md explains.
    """

    vendor: str
    zone: Zone = "Europe/Stockholm"
    id: Word | None = None
    door: Word | None = None
    kind: Word | None = None
    slot: int | None = Field(default=None, ge=0)
    doors: int = Field(default=1, ge=1, le=9)
    active: bool = True
    trigger: Literal["confirmed", "paid", "starting"] = "confirmed"
    channel: Literal["email", "sms"] = "email"
    send_before: Duration | None = None
    margin_before: Duration = timedelta()
    margin_after: Duration = timedelta()
    recurring: Literal["weekly", "day", "instants"] | None = None
    grace: Duration = timedelta()
    return_grace: Duration = timedelta()
    return_codes: bool = False
    overdue_after: Duration = timedelta()
    report_returns: bool = False
    owner_email: Word | None = None
    copy_to_owner: bool = False
    ways_in: list[Word] = []
    app: Word | None = None
    community: Word | None = None


Kind = Literal[
    "confirmed", "paid", "starting", "changed", "cancelled", "checked_out",
    "membership_started", "membership_ended",
]  # fmt: skip
KINDS: tuple[Kind, ...] = Kind.__args__  # type: ignore[attr-defined]  # Literal's words


class Event(Table):
    """How one kind of event is told, where it differs from `[events]`.

    `as` tells it as other kinds, one after the other: a platform that knows no change
    says `changed = { as = ["cancelled", "confirmed"], new_id = true }`.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, populate_by_name=True
    )

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] | None = None
    url: Path | None = None
    body: str | None = None
    headers: dict[str, str] = {}
    content_type: str | None = None
    sent_as: list[Kind] = Field(default=[], alias="as")
    new_id: bool = False

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: Any) -> Any:  # as TOML has it
        """Read a text as the body."""
        return {"body": given} if isinstance(given, str) else given


class Events(Table):
    """`[events]`: how the platform tells it what happened to a booking.

    A kind that is absent cannot be said; rules that need it are not applicable. With
    `repeats_after` the platform repeats what was answered 429 or 5xx, first after that
    time; without it, what was not taken is lost.
    """

    url: Path | None = None
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "POST"
    accepts: list[int] = list(range(200, 300))
    repeats_after: Duration | None = None
    content_type: str = "application/json"
    headers: dict[str, str] = {}
    confirmed: Event
    cancelled: Event | None = None
    changed: Event | None = None
    paid: Event | None = None
    starting: Event | None = None
    checked_out: Event | None = None
    membership_started: Event | None = None
    membership_ended: Event | None = None

    def of(self, kind: Kind) -> Event | None:
        """Return how a kind is told, None where the format cannot say it."""
        found: Event | None = getattr(self, kind)
        return found


class Signature(Table):
    """`[signature]`: how an event proves who sent it.

    `value` and `signed` are texts with `{digest}`, `{timestamp}`, `{body}`, `{id}`,
    `{secret}`, `{user}`. `secret_env` names the variable with the secret of a subject
    that runs already; for one that we start, `{secret}` is made up. One that makes up
    its own tells it when it is set up: `secret = "{{ saved.secret }}"`.
    """

    scheme: Literal["standard-webhooks", "hmac", "bearer", "basic", "none"] = "none"
    header: Word | None = None
    value: Word = "{digest}"
    signed: Word = "{body}"
    algorithm: Literal["sha1", "sha256", "sha512"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    timestamp_header: Word | None = None
    tolerance: Duration | None = None
    user: Word = "platform"
    secret: Word | None = None
    secret_env: Word | None = None


class Messages(Table):
    """`[messages]`: where a customer reads the code.

    smtp  it sends mail to `{smtp}`
    http  it posts messages to `{inbox}`; `to`, `text`, `subject` are JMESPaths into
          the JSON it posts
    read  we ask it for each booking: `read` is the call, whose template sees what those
          of `[events]` see; `text` is a JMESPath into its answer, if that is JSON

    `code` is the pattern of a code, where the vendor's own form does not do; its first
    group is the code, if it has one. `codes_in` is the pattern of the subject lines of
    messages that carry one.
    """

    channel: Literal["smtp", "http", "read"] = "smtp"
    to: Word = "to"
    text: Word = "text"
    subject: Word | None = None
    read: Call | None = None
    code: Word | None = None
    codes_in: Word | None = None


class Known(Table):
    """`[[known-failures]]`: exactly this verdict, until the entry is removed."""

    rule: str
    verdict: str
    reason: Word
    scenario: str | None = None
    target: str | None = None


class Absence(Table):
    """`[capabilities] NAME`: what it lacks, why, and by which statuses it refuses."""

    supported: bool
    reason: Word
    refuses: list[int] = []


class Profile(Table):
    """A whole profile."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, populate_by_name=True
    )

    subject: Subject
    vendor: Vendor = Vendor()
    run: Run | None = None
    reset: Call | None = None
    clock: Clock = Clock()
    resources: dict[str, Resource] = {}
    setup: list[Call] = []
    events: Events | None = None
    signature: Signature = Signature()
    messages: Messages = Messages()
    patience: Duration = timedelta(seconds=2)
    adapter: Annotated[str, Field(pattern=r"^[^:]+\.py:[A-Za-z_]\w*$")] | None = None
    """What TOML cannot say: a class in a file beside it, `strikeplate/adapter.py`."""
    api: dict[str, Call] = {}
    capabilities: dict[str, bool | Absence] = {}
    known_failures: list[Known] = Field(default=[], alias="known-failures")
