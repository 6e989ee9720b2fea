"""Nuki's own paths, by subject: who may call, what is read, what is answered."""

from fakes.vendors.nuki.routes import (
    accounts,
    auths,
    locks,
    oauth,
    premises,
    receivers,
)
from fakes.vendors.nuki.routes.base import routes

__all__ = ["accounts", "auths", "locks", "oauth", "premises", "receivers", "routes"]
