"""The fault schedule: when vendors fail during a run, as `faults.toml` says.

Invariants: faults are injected over the fakes' control interface and end by their TTL.
A call is named in the vendor's vocabulary.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from strikeplate.toml_file import read_toml
from strikeplate.vocabulary import EVERY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from loadtests.workload import LoadPlan
    from strikeplate.fakes_client import Fakes
    from strikeplate.toml_file import Declaration, Table
    from strikeplate.vocabulary import VendorVocabulary

FILE = Path(__file__).with_name("faults.toml")
SCHEDULE_KEYS = ("at", "call", "from", "until")
FAULT_KEYS = ("phase", "effect", "probability", "skip", "times")
VENDORS_HIT = ("one", "each")


@dataclass(frozen=True)
class ScheduledFault:
    """One fault at one vendor, from one second of the run until another."""

    vendor: str
    world: str
    begins: float
    ends: float
    request: Mapping[str, Any]  # as the control interface takes it

    def inject(self, fakes: Fakes) -> None:
        """Inject it now; its TTL ends it."""
        lasts = f"PT{self.ends - self.begins:.3f}S"
        body = {**self.request, "vendor": self.vendor, "ttl": lasts}
        fakes.call("POST", f"/worlds/{self.world}/faults", body)


class FaultSchedule:
    """The faults of a run, in the order in which they begin."""

    def __init__(self, name: str, about: str, faults: Sequence[ScheduledFault]) -> None:
        self.name = name
        self.about = about
        self.faults = tuple(sorted(faults, key=lambda fault: fault.begins))
        self._pending = list(self.faults)

    def inject_due(self, fakes: Fakes, second: float) -> None:
        """Inject every fault that is due by that second."""
        while self._pending and self._pending[0].begins <= second:
            self._pending.pop(0).inject(fakes)

    @property
    def periods(self) -> dict[str, tuple[float, float]]:
        """By vendor: the first and the last second with a fault."""
        met: dict[str, list[ScheduledFault]] = {}
        for fault in self.faults:
            met.setdefault(fault.vendor, []).append(fault)
        return {
            vendor: (min(s.begins for s in all_), max(s.ends for s in all_))
            for vendor, all_ in met.items()
        }


def known(name: str, path: Path = FILE) -> Declaration:
    """Return the declared schedules; an unknown name raises Misuse."""
    declared = read_toml(path)
    declared.choice(name, declared.content, "FAULTS")
    return declared


def read_schedule(
    name: str,
    plan: LoadPlan,
    vocabularies: Mapping[str, VendorVocabulary],
    path: Path = FILE,
) -> FaultSchedule:
    """Return the schedule of that name for a run; a wrong entry raises Misuse."""
    declared = known(name, path)
    table = declared.table(name, ("about", "faults"))
    faults = [
        fault
        for each in table.get("faults", [])
        for fault in _scheduled(declared, name, each, plan, vocabularies)
    ]
    return FaultSchedule(name, declared.text(table, "about", name), faults)


def _scheduled(
    declared: Declaration,
    name: str,
    item: Table,
    plan: LoadPlan,
    vocabularies: Mapping[str, VendorVocabulary],
) -> Iterator[ScheduledFault]:
    declared.only(item, (*SCHEDULE_KEYS, *FAULT_KEYS), f"key in [[{name}.faults]]:")
    hit = declared.choice(item.get("at"), VENDORS_HIT, f"[[{name}.faults]] at")
    worlds = {each.vendor: each.world for each in plan.resources}
    met = list(worlds.items())[: 1 if hit == "one" else None]
    fault = {key: item[key] for key in FAULT_KEYS if key in item}
    begins, ends = (item[key] * plan.seconds for key in ("from", "until"))
    for vendor, world in met:
        call = vocabularies[vendor].call(item.get("call", EVERY))
        yield ScheduledFault(vendor, world, begins, ends, {**fault, **call})
