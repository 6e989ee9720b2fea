"""Settings: everything that can be set, read from the environment in one function.

Invariants: a value that cannot be right is refused at the start, by the variable's name
and with the fix. No other module reads the environment.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import Annotated, Any, Final, get_type_hints
from urllib.parse import urlsplit

from service.mail import check_gateway, server_at
from service.secret import Secret
from service.store.database import POSTGRESQL_CONNECTIONS

PREFIX: Final = "STRIKEPLATE_"
SHORTEST_PASSWORD: Final = 10


class SettingError(ValueError):
    """A setting with a wrong value; names the variable, the value and the fix."""


def _number(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        with suppress(ValueError):
            if low <= (number := int(text)) <= high:
                return number
        raise ValueError(f"give a whole number from {low} to {high}")

    return read


def _seconds(text: str) -> float:
    with suppress(ValueError):
        if 0 < (seconds := float(text)) <= 120:  # noqa: PLR2004 (as the sentence says)
            return seconds
    raise ValueError("give seconds, more than 0 and at most 120")


def _url(*schemes: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        parts = urlsplit(text)
        if parts.scheme not in schemes or not parts.hostname:
            raise ValueError(f"give a URL such as {schemes[0]}://host:port")
        return text.rstrip("/")

    return read


def _hosts(text: str) -> frozenset[str]:
    names = [name.strip().lower() for name in text.split(",")]
    if any(not name or "/" in name or " " in name for name in names):
        raise ValueError("give host names such as 127.0.0.1,fakes, without a scheme")
    return frozenset(names)


def _smtp(text: str) -> str:
    server_at(text)
    return text


def _password(text: str) -> Secret:
    if len(text) < SHORTEST_PASSWORD:
        raise ValueError(f"give at least {SHORTEST_PASSWORD} characters")
    return Secret(text)


def _switch(text: str) -> bool:
    if text not in SWITCH:
        raise ValueError(f"give {' or '.join(SWITCH)}")
    return SWITCH[text]


def _address(text: str) -> str:
    if text.count("@") != 1 or text.strip() != text:
        raise ValueError("give a mail address such as doors@example.org")
    return text


SWITCH: Final = {"on": True, "off": False}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one process.

    `database_connections` is how many this process opens to PostgreSQL at most.
    `api_token` None has one generated. `admin_password` is that of the first user, who
    is made where there is none. `secret_key` None has one generated into a
    file beside the SQLite database. `workers` is how many calls to one vendor's
    account may be under way at once; with 0 nothing runs by itself and `Service.work`
    does it. `sms_gateway` turns a phone number into a mail address. With `mail_html` a
    mail has a part of HTML beside the plain one. `host` and `port` are where it is
    served; `public_url` is how others reach it.

    Beside its type a setting has what reads it from its variable's text, and raises
    `ValueError` with the fix. What has no `repr` may hold a password.
    """

    database_url: str = field(default="sqlite:///strikeplate.db", repr=False)
    database_connections: Annotated[int, _number(2, 1_000)] = POSTGRESQL_CONNECTIONS
    api_token: Annotated[Secret | None, Secret] = field(default=None, repr=False)
    admin_password: Annotated[Secret | None, _password] = field(
        default=None, repr=False
    )
    secret_key: Annotated[Secret | None, Secret] = field(default=None, repr=False)
    smtp_url: Annotated[str, _smtp] = field(default="smtp://127.0.0.1:25", repr=False)
    mail_from: Annotated[str, _address] = "doors@localhost"
    mail_html: Annotated[bool, _switch] = False
    sms_gateway: Annotated[str | None, check_gateway] = None
    public_url: Annotated[str, _url("http", "https")] = "http://127.0.0.1:8800"
    workers: Annotated[int, _number(0, 64)] = 8
    purge_seconds: Annotated[int, _number(1, 86_400)] = 300
    keep_days: Annotated[int, _number(1, 3_650)] = 90
    vendor_timeout_seconds: Annotated[float, _seconds] = 10.0
    clock_hold_seconds: Annotated[int, _number(0, 3_600)] = 120
    vendor_hosts: Annotated[frozenset[str], _hosts] = frozenset()
    host: str = "127.0.0.1"
    port: Annotated[int, _number(0, 65_535)] = 8800


def _reader(kind: Any) -> Callable[[str], Any]:  # the type of any setting
    """Return what reads such a setting; text without a reader is taken as it is."""
    readers: tuple[Callable[[str], Any], ...] = getattr(kind, "__metadata__", (str,))
    return readers[0]


_TYPES: Final = get_type_hints(Settings, include_extras=True)
READERS: Final = {name: _reader(kind) for name, kind in _TYPES.items()}
HIDDEN: Final = frozenset(each.name for each in fields(Settings) if not each.repr)


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings from the environment, each one checked."""
    given = {
        name: _read(name, environment[PREFIX + name.upper()], reader)
        for name, reader in READERS.items()
        if environment.get(PREFIX + name.upper(), "") != ""
    }
    return Settings(**given)


def unknown_settings(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return a sentence for each variable that reads like a setting and is none."""
    known = [name.upper() for name in READERS]
    given = {
        name.removeprefix(PREFIX) for name in environment if name.startswith(PREFIX)
    }
    return [_unknown(name, known) for name in sorted(given.difference(known))]


def _unknown(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    hint = f"; did you mean {PREFIX}{near[0]}?" if near else ""
    return f"{PREFIX}{name} is no setting of the service{hint}"


def _read(name: str, text: str, reader: Callable[[str], Any]) -> Any:  # any setting
    try:
        return reader(text)
    except ValueError as error:
        shown = "•••" if name in HIDDEN else repr(text)
        raise SettingError(f"{PREFIX}{name.upper()} is {shown}: {error}") from None
