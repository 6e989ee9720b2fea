"""Faults begin and end at the vendors and times that the file names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from loadtests.fault_schedule import read_schedule
from strikeplate.verdict import Misuse
from strikeplate.vocabulary import VendorVocabulary
from tests.loadtests.sample_run import plan

if TYPE_CHECKING:
    from pathlib import Path

MAKING = {"create code": {"method": "POST", "path": "/codes"}}
DIALECTS = {name: VendorVocabulary(name, {}, MAKING) for name in ("acme", "mute")}
ENTRY = """
[rain]
about = "it rains"
[[rain.faults]]
at = "{at}"
call = "{call}"
from = 0.25
until = 0.5
phase = "before"
effect = {{ status = 503 }}
"""


@dataclass
class Orders:
    """Takes what is ordered of the fakes."""

    orders: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def call(self, _method: str, path: str, data: dict[str, Any]) -> None:
        self.orders.append((path, data))


def written(folder: Path, at: str = "one", call: str = "create code") -> Path:
    path = folder / "faults.toml"
    path.write_text(ENTRY.format(at=at, call=call))
    return path


def test_fault_begins_when_due_and_ends_by_its_ttl(tmp_path: Path) -> None:
    coming, orders = (
        read_schedule("rain", plan(), DIALECTS, written(tmp_path)),
        Orders(),
    )
    coming.inject_due(orders, 14.9)
    assert orders.orders == []
    coming.inject_due(orders, 15.0)
    coming.inject_due(orders, 16.0)
    ((path, fault),) = orders.orders
    assert path == "/worlds/world-acme/faults"
    assert fault["ttl"] == "PT15.000S"
    assert (fault["vendor"], fault["path"]) == ("acme", "/codes")
    assert coming.periods == {"acme": (15.0, 30.0)}


def test_fault_may_apply_to_each_vendor(tmp_path: Path) -> None:
    coming = read_schedule("rain", plan(), DIALECTS, written(tmp_path, "each"))
    assert coming.periods.keys() == {"acme", "mute"}


@pytest.mark.parametrize(
    ("name", "at", "said"), [("rian", "one", "rain"), ("rain", "onee", "one")]
)
def test_unknown_word_is_refused_with_the_nearest(
    tmp_path: Path, name: str, at: str, said: str
) -> None:
    with pytest.raises(Misuse, match=said):
        read_schedule(name, plan(), DIALECTS, written(tmp_path, at))


@pytest.mark.parametrize("name", ["none", "outage", "rate-limits", "flaky", "down"])
def test_each_schedule_of_our_file_is_valid(name: str) -> None:
    assert bool(read_schedule(name, plan(), DIALECTS).faults) == (name != "none")
