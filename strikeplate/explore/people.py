"""Customers for histories, with names of many languages: data alone, as zones are."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from faker import Faker

from strikeplate.explore.history import Customer

if TYPE_CHECKING:
    from random import Random

LANGUAGES = {
    "cs_CZ": "cs",
    "sv_SE": "sv",
    "de_DE": "de",
    "en_GB": "en",
    "ar_EG": "ar",
    "ja_JP": "ja",
    "he_IL": "he",
    "vi_VN": "vi",
    "is_IS": "is",
    "th_TH": "th",
    "pl_PL": "pl",
    "ka_GE": "ka",
}
"""The language of each locale that names are drawn from."""


def customer(chance: Random) -> Customer:
    """Return a customer by chance."""
    locale = chance.choice([*LANGUAGES])
    faker = _faker(locale)
    faker.seed_instance(chance.randint(0, 10**6))
    return Customer(name=faker.name(), language=LANGUAGES[locale])


@cache
def _faker(locale: str) -> Faker:
    return Faker(locale)
