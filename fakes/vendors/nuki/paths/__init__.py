"""Nuki's own paths, by subject: who may call, what is read, what is answered."""

from fakes.vendors.nuki.paths import (
    accounts,
    applications,
    auths,
    hooks,
    keys,
    locks,
    logs,
    notices,
    oauth,
    rest,
)
from fakes.vendors.nuki.paths.base import routes

__all__ = [
    "accounts",
    "applications",
    "auths",
    "hooks",
    "keys",
    "locks",
    "logs",
    "notices",
    "oauth",
    "rest",
    "routes",
]
