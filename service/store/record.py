"""A record: one row of a table, as it stood when it was read.

Invariants: nobody changes a record, and type checkers see to that. Nothing does at run
time, because a frozen dataclass takes ten times as long to fill, and filling records
is a good part of what a code costs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

Record = TypeVar("Record")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(fields: type[Record]) -> type[Record]:
    """Return the class as a dataclass of slots, frozen for whoever checks types."""
    return dataclass(slots=True)(fields)
