"""Trouble comes to whom and when the file says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from loadtests.weather import forecast
from strikeplate.dialect import Dialect
from strikeplate.verdict import Misuse
from tests.loadtests.paper import stage

if TYPE_CHECKING:
    from pathlib import Path

MAKING = {"making a code": {"method": "POST", "path": "/codes"}}
DIALECTS = {name: Dialect(name, {}, MAKING) for name in ("acme", "mute")}
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


def written(folder: Path, at: str = "one", call: str = "making a code") -> Path:
    path = folder / "faults.toml"
    path.write_text(ENTRY.format(at=at, call=call))
    return path


def test_trouble_begins_at_its_moment_and_ends_by_itself(tmp_path: Path) -> None:
    coming, orders = forecast("rain", stage(), DIALECTS, written(tmp_path)), Orders()
    coming.order(orders, 14.9)
    assert orders.orders == []
    coming.order(orders, 15.0)
    coming.order(orders, 16.0)
    ((path, fault),) = orders.orders
    assert path == "/worlds/world-acme/faults"
    assert fault["ttl"] == "PT15.000S"
    assert (fault["vendor"], fault["path"]) == ("acme", "/codes")
    assert coming.times == {"acme": (15.0, 30.0)}


def test_trouble_may_come_to_each_vendor(tmp_path: Path) -> None:
    coming = forecast("rain", stage(), DIALECTS, written(tmp_path, "each"))
    assert coming.times.keys() == {"acme", "mute"}


@pytest.mark.parametrize(
    ("name", "at", "said"), [("rian", "one", "rain"), ("rain", "onee", "one")]
)
def test_unknown_word_is_refused_with_the_nearest(
    tmp_path: Path, name: str, at: str, said: str
) -> None:
    with pytest.raises(Misuse, match=said):
        forecast(name, stage(), DIALECTS, written(tmp_path, at))


@pytest.mark.parametrize("name", ["calm", "outage", "limits", "rough", "dead"])
def test_own_file_is_understood(name: str) -> None:
    assert bool(forecast(name, stage(), DIALECTS).spells) == (name != "calm")
