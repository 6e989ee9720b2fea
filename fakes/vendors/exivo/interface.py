"""The whole interface of Exivo: 62 operations on 44 paths, each a row of its module.

Law: whatever is not in this table does not exist. The routes are made from it, and so
is the OpenAPI document.
"""

from __future__ import annotations

from fakes.vendors.exivo.paths import components
from fakes.vendors.exivo.paths import groups
from fakes.vendors.exivo.paths import key_visits
from fakes.vendors.exivo.paths import log
from fakes.vendors.exivo.paths import media
from fakes.vendors.exivo.paths import persons
from fakes.vendors.exivo.paths import profiles
from fakes.vendors.exivo.paths import sites
from fakes.vendors.exivo.paths import visits

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
