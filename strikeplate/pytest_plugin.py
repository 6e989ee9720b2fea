"""The pytest plugin: fakes for a session, a world for each test.

    def test_code_opens_for_the_booked_time(world):
        door = world.door("igloohome", "Court 1", zone="Europe/Stockholm")
        code = my_integration(world.environ()).issue(door.vendor_id, ...)
        assert door.opens(code, at="2026-12-01T15:00:00+01:00")
        assert not door.opens(code, at="2026-12-01T18:00:01+01:00")

`@pytest.mark.strikeplate(now="2026-12-01T09:00:00Z")` stops the test's clock there; it
follows the present otherwise. STRIKEPLATE_URL with STRIKEPLATE_CONTROL_TOKEN names
fakes that run already.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strikeplate.client import Strikeplate, World

MARK = "strikeplate(now, seed): where the clock of the test's `world` stands, its seed"


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", MARK)


@pytest.fixture(scope="session")
def strikeplate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Strikeplate]:
    """Serve fakes for this session (for each worker, with xdist)."""
    # Imported here, so that sessions without it do not pay
    from strikeplate import client, processes  # noqa: PLC0415

    token_variable = processes.TOKEN_VARIABLE
    if url := os.environ.get("STRIKEPLATE_URL"):
        yield client.Strikeplate(url, os.environ[token_variable])
        return
    port, token = processes.free_port(), processes.fresh_token()
    fakes = processes.Process(
        "fakes",
        ["--port", str(port)],
        port,
        tmp_path_factory.mktemp("strikeplate") / "fakes.log",
        {token_variable: token},
    )
    fakes.start()
    yield client.Strikeplate(fakes.url, token)
    fakes.stop()


@pytest.fixture
def world(strikeplate: Strikeplate, request: pytest.FixtureRequest) -> Iterator[World]:
    """Make a world of the test's own, and drop it afterwards."""
    mark = request.node.get_closest_marker("strikeplate")
    settings = dict(mark.kwargs) if mark else {}
    made = strikeplate.world(name=request.node.name, **settings)
    yield made
    made.drop()
