"""Vendor behaviour that is unknown or varies, as switches with their source.

Invariants: behaviour that is not certain is a quirk, with its confidence and source.
Each vendor lists its quirks in `quirks.toml`; all of them are the fidelity ledger. A
table there is one quirk:

    [token-lifetime-seconds]
    default = 86400
    values = [3600, 86400]          # optional: the only values allowed
    fact = "An access token lives for a day."
    confidence = "client-code"
    source = "clients fall back to 86400 when expires_in is missing"
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from fakes.kit.json_api import Problem, unknown, wrong

if TYPE_CHECKING:
    from pathlib import Path

Value = bool | int | float | str

CONFIDENCES = (
    "documented",  # the vendor's own text
    "published",  # an integrator's published text
    "observed",  # seen on a live server
    "client-code",  # read in client code
    "inferred",  # follows from other facts
    "invented",  # nothing is known; made up so that it can be tried
)


@dataclass(frozen=True)
class Quirk:
    """One switch: its default value, and the evidence for it."""

    name: str
    default: Value
    fact: str
    confidence: str
    source: str
    values: tuple[Value, ...] = ()

    def __post_init__(self) -> None:
        if self.confidence not in CONFIDENCES:
            raise ValueError(unknown("confidence", self.confidence, CONFIDENCES))

    def check(self, value: Any) -> Value:
        """Return the value, checked; a Problem (422) if the switch cannot have it."""
        if self.values and value not in self.values:
            known = ", ".join(repr(known) for known in self.values)
            raise wrong(self.name, value, f"give one of {known}")
        if type(value) is int and isinstance(self.default, float):
            return float(value)
        if type(value) is not type(self.default):
            kind = type(self.default).__name__
            raise wrong(self.name, value, f"give a value of type {kind}")
        return value


def read_quirks(path: Path) -> tuple[Quirk, ...]:
    """Return the quirks of a vendor's `quirks.toml`."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(_quirk(name, dict(table)) for name, table in tables.items())


def _quirk(name: str, table: dict[str, Any]) -> Quirk:
    values = tuple(table.pop("values", ()))
    return Quirk(name=name, values=values, **table)


class Quirks:
    """The switches of one world: `quirks["vendor.name"]` is the current value."""

    def __init__(self, known: Mapping[str, Iterable[Quirk]]) -> None:
        self._known = {
            f"{vendor}.{quirk.name}": quirk
            for vendor, quirks in known.items()
            for quirk in quirks
        }
        self._defaults = {name: quirk.default for name, quirk in self._known.items()}
        self.changed: dict[str, Value] = {}

    def __getitem__(self, name: str) -> Any:  # the caller knows its quirk's type
        try:
            return self.changed.get(name, self._defaults[name])
        except KeyError:
            raise KeyError(unknown("quirk", name, self._known)) from None

    def change(self, changes: Mapping[str, Any]) -> None:
        """Set quirks by full name or grouped by vendor: all of them, or none."""
        self.changed |= self._check(changes)

    def replace(self, changed: Mapping[str, Any]) -> None:
        """Set exactly these; every other quirk gets its default."""
        self.changed = self._check(changed)

    def ledger(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Return every quirk with value, default and source, grouped by vendor."""
        ledger: dict[str, dict[str, dict[str, Any]]] = {}
        for name, quirk in self._known.items():
            vendor, short = name.split(".", 1)
            row = asdict(quirk) | {"value": self[name], "values": list(quirk.values)}
            del row["name"]
            ledger.setdefault(vendor, {})[short] = row
        return ledger

    def _check(self, changes: Mapping[str, Any]) -> dict[str, Value]:
        flat = _flatten(changes)
        return {name: self._find(name).check(value) for name, value in flat.items()}

    def _find(self, name: str) -> Quirk:
        if name not in self._known:
            raise Problem(422, unknown("quirk", name, self._known))
        return self._known[name]


def _flatten(changes: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in changes.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}.{short}": each for short, each in value.items()}
        else:
            flat[name] = value
    return flat
