"""Nuki's own paths, by subject: who may call, what is read, what is answered."""

from fakes.vendors.nuki.paths import accounts
from fakes.vendors.nuki.paths import applications
from fakes.vendors.nuki.paths import auths
from fakes.vendors.nuki.paths import hooks
from fakes.vendors.nuki.paths import keys
from fakes.vendors.nuki.paths import locks
from fakes.vendors.nuki.paths import logs
from fakes.vendors.nuki.paths import notices
from fakes.vendors.nuki.paths import oauth
from fakes.vendors.nuki.paths import rest
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
