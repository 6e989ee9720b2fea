"""The whole interface of Exivo: 62 operations on 44 paths, each a row of its module.

Invariants: whatever is not in this table does not exist. The routes are made from it,
and so is the OpenAPI document.
"""

from __future__ import annotations

from fakes.vendors.exivo.paths import (
    components,
    groups,
    key_visits,
    log,
    media,
    persons,
    profiles,
    sites,
    visits,
)

OPERATIONS = (
    *sites.OPERATIONS,
    *components.OPERATIONS,
    *visits.OPERATIONS,
    *key_visits.OPERATIONS,
    *log.OPERATIONS,
    *persons.OPERATIONS,
    *media.OPERATIONS,
    *groups.OPERATIONS,
    *profiles.OPERATIONS,
)
