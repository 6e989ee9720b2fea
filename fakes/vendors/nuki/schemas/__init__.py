"""What is asked (`requests`) and what is answered (`responses`, `people`).

Invariants: every answer goes through a `Shape`, so a field that no shape has cannot
leave the fake. An unset field is absent, never null. Instants have milliseconds and Z.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainSerializer
from pydantic.alias_generators import to_camel

from fakes.vendors.nuki.schemas.requests import shown

Date = Annotated[datetime, PlainSerializer(shown, return_type=str)]


class Shape(BaseModel):
    """An answer, or part of one; field names are written in camel case."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="forbid",
        frozen=True,
        defer_build=True,
    )

    def wire(self) -> dict[str, Any]:
        """Return the JSON object."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)
