"""How a sample writes instants, dates and times of day, as expressions of Jinja2. Pure.

    2026-12-01T15:20:00+01:00   an instant with its offset (or Z, or +0100)
    2026-12-01 15:20            local time; 01.12.2026 and 01/12/2026 too
    1796134800                  seconds of the epoch, or milliseconds
    2026-12-01, 15:20           a date and a time of day, apart

`read` finds the notation of a value; its `expression` writes any instant likewise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

DATES = {
    r"(?P<date>\d{4}-\d\d-\d\d)": "%Y-%m-%d",
    r"(?P<date>\d\d\.\d\d\.\d{4})": "%d.%m.%Y",
    r"(?P<date>\d\d/\d\d/\d{4})": "%d/%m/%Y",
}
"""Patterns of dates, each with its form."""

CLOCK = (
    r"(?P<gap>T| |, )(?P<minutes>\d\d:\d\d)(?P<seconds>:\d\d)?"
    r"(?:\.(?P<fraction>\d{1,6}))?(?P<offset>Z|[+-]\d\d:?\d\d)?"
)
TIME = re.compile(r"(?P<minutes>\d\d:\d\d)(?P<seconds>:\d\d)?")
YEARS = range(1971, 2100)
"""Other years are no booking's."""

EPOCH = {1: range(10**9, 4 * 10**9), 1000: range(10**12, 4 * 10**12)}
"""Numbers that may be an instant, by how many there are in a second."""


@dataclass(frozen=True)
class Reading:
    """What a value says, how that is called, and the expression that writes it.

    `says` is an aware instant, a local one, a date or a time of day. In `pattern`,
    `@` stands for the instant that is written.
    """

    says: datetime | date | time
    name: str
    pattern: str
    number: bool = False

    def expression(self, instant: str) -> str:
        """Return the expression that writes an instant, such as `booking.start`."""
        return self.pattern.replace("@", instant)

    @property
    def aware(self) -> bool:
        """Whether it says an instant by itself."""
        return isinstance(self.says, datetime) and self.says.tzinfo is not None


def read(value: object) -> Reading | None:
    """Return how a value writes a time, None where it is no time."""
    if isinstance(value, int) and not isinstance(value, bool):
        return _epoch(value, number=True)
    if not isinstance(value, str):
        return None
    if re.fullmatch(r"[1-9]\d{9,12}", value):
        return _epoch(int(value), number=False)
    return _instant(value) or _date(value) or _time(value)


def _epoch(value: int, *, number: bool) -> Reading | None:
    for unit, span in EPOCH.items():
        if value in span and value % unit == 0:
            name = "seconds of the epoch" if unit == 1 else "milliseconds of the epoch"
            pattern = "@ | epoch" if unit == 1 else "@ | epoch_ms"
            pattern += "" if number else " | string"
            return Reading(
                datetime.fromtimestamp(value // unit, UTC), name, pattern, number
            )
    return None


def _instant(value: str) -> Reading | None:
    for pattern, form in DATES.items():
        found = re.fullmatch(pattern + CLOCK, value)
        if found is None:
            continue
        clock = "%H:%M" + (":%S" if found["seconds"] else "")
        text = found["date"] + found["minutes"] + (found["seconds"] or "")
        fraction = found["fraction"]
        try:
            says = datetime.strptime(text, form + clock)  # noqa: DTZ007 - local, or below
            says = says.replace(microsecond=int((fraction or "0").ljust(6, "0")))
            written = form + found["gap"] + clock
            known = _written(says, written, fraction, found["offset"])
        except ValueError:
            return None
        return known if says.year in YEARS else None
    return None


def _written(
    says: datetime, form: str, fraction: str | None, offset: str | None
) -> Reading:
    """Return the reading of an instant of that form."""
    whole = form == "%Y-%m-%dT%H:%M:%S" and not fraction
    if offset is None:
        return Reading(says, "local time", _formatted("local", form, fraction))
    if offset == "Z":
        pattern = "@ | zulu" if whole else _formatted("utc", form, fraction) + ' ~ "Z"'
        return Reading(says.replace(tzinfo=UTC), "UTC", pattern)
    zone = datetime.strptime(offset, "%z").tzinfo
    own = "utc" if re.fullmatch(r"[+-]00:?00", offset) else "local"
    if whole and ":" in offset:
        pattern = f"@ | {own} | iso"
    elif ":" in offset:
        pattern = _formatted(own, form, fraction) + f" ~ (@ | {own} | iso)[-6:]"
    else:
        pattern = _formatted(own, form, fraction) + f' ~ (@ | {own} | format("%z"))'
    return Reading(says.replace(tzinfo=zone), f"time with offset ({own})", pattern)


def _formatted(zone: str, form: str, fraction: str | None) -> str:
    if not fraction:
        return f'@ | {zone} | format("{form}")'
    cut = f"[:-{6 - len(fraction)}]" if len(fraction) < 6 else ""
    return f'(@ | {zone} | format("{form}.%f")){cut}'


def _date(value: str) -> Reading | None:
    for pattern, form in DATES.items():
        if re.fullmatch(pattern, value):
            try:
                says = datetime.strptime(value, form).date()  # noqa: DTZ007 - a date
            except ValueError:
                return None
            if says.year not in YEARS:
                return None
            return Reading(says, "local date", f'@ | local | format("{form}")')
    return None


def _time(value: str) -> Reading | None:
    found = TIME.fullmatch(value)
    if found is None:
        return None
    form = "%H:%M" + (":%S" if found["seconds"] else "")
    try:
        says = datetime.strptime(value, form).time()  # noqa: DTZ007 - a time of day
    except ValueError:
        return None
    return Reading(says, "local time of day", f'@ | local | format("{form}")')
