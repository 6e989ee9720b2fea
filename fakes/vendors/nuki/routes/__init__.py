"""Nuki's own paths, by subject: who may call, what is read, what is answered."""

from fakes.vendors.nuki.routes import (
    accounts,
    addresses,
    auths,
    locks,
    oauth,
    receivers,
)
from fakes.vendors.nuki.routes.base import routes

__all__ = ["accounts", "addresses", "auths", "locks", "oauth", "receivers", "routes"]
