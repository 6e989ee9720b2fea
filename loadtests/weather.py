"""Weather: the trouble that vendors are in during a run, as `faults.toml` tells it.

Law: trouble is ordered from the fakes over their control interface, as everybody may,
and ends by itself. Which call is meant is said in the vendor's own words.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from strikeplate import declaration
from strikeplate.dialect import EVERY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from loadtests.stage import Stage
    from strikeplate.declaration import Declaration, Table
    from strikeplate.dialect import Dialect
    from strikeplate.world import Fakes

FILE = Path(__file__).with_name("faults.toml")
OURS = ("at", "call", "from", "until")
FAKES = ("phase", "effect", "probability", "skip", "times")
WHOM = ("one", "each")


@dataclass(frozen=True)
class Spell:
    """One fault at one vendor, from one second of the run to another."""

    vendor: str
    world: str
    begins: float
    ends: float
    fault: Mapping[str, Any]  # as the control interface takes it

    def order(self, fakes: Fakes) -> None:
        """Let it begin now."""
        lasts = f"PT{self.ends - self.begins:.3f}S"
        wish = {**self.fault, "vendor": self.vendor, "ttl": lasts}
        fakes.call("POST", f"/worlds/{self.world}/faults", wish)


class Forecast:
    """The trouble to come, in its order."""

    def __init__(self, name: str, about: str, spells: Sequence[Spell]) -> None:
        self.name = name
        self.about = about
        self.spells = tuple(sorted(spells, key=lambda spell: spell.begins))
        self._coming = list(self.spells)

    def order(self, fakes: Fakes, second: float) -> None:
        """Let all begin that is due by that second."""
        while self._coming and self._coming[0].begins <= second:
            self._coming.pop(0).order(fakes)

    @property
    def times(self) -> dict[str, tuple[float, float]]:
        """From when to when each vendor is in any trouble."""
        met: dict[str, list[Spell]] = {}
        for spell in self.spells:
            met.setdefault(spell.vendor, []).append(spell)
        return {
            vendor: (min(s.begins for s in all_), max(s.ends for s in all_))
            for vendor, all_ in met.items()
        }


def known(name: str, path: Path = FILE) -> Declaration:
    """Return what is declared, trouble of that name among it; Misuse if it is not."""
    declared = declaration.read(path)
    declared.choice(name, declared.content, "FAULTS")
    return declared


def forecast(
    name: str, stage: Stage, dialects: Mapping[str, Dialect], path: Path = FILE
) -> Forecast:
    """Return the trouble of that name for a run; Misuse says what is wrong with it."""
    declared = known(name, path)
    table = declared.table(name, ("about", "faults"))
    spells = [
        spell
        for each in table.get("faults", [])
        for spell in _spells(declared, name, each, stage, dialects)
    ]
    return Forecast(name, declared.text(table, "about", name), spells)


def _spells(
    declared: Declaration,
    name: str,
    told: Table,
    stage: Stage,
    dialects: Mapping[str, Dialect],
) -> Iterator[Spell]:
    declared.only(told, (*OURS, *FAKES), f"key in [[{name}.faults]]:")
    whom = declared.choice(told.get("at"), WHOM, f"[[{name}.faults]] at")
    worlds = {each.vendor: each.world for each in stage.resources}
    met = list(worlds.items())[: 1 if whom == "one" else None]
    fault = {key: told[key] for key in FAKES if key in told}
    begins, ends = (told[key] * stage.seconds for key in ("from", "until"))
    for vendor, world in met:
        call = dialects[vendor].call(told.get("call", EVERY))
        yield Spell(vendor, world, begins, ends, {**fault, **call})
