"""A stranger that runs already is judged again and again, without a restart."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from strikeplate.processes import free_port
from strikeplate.subjects.launch import PreloadedClock, SubjectProcess
from tests.strangers.judging import HOURS, MESSAGE, judge
from tests.strangers.test_hotel import ENDPOINT, FORGET, HERE, PROFILE, SOON

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RULES = {"IGL-02", "MSG-04"}
DATES = (
    datetime(2027, 1, 15, 12, tzinfo=UTC),
    datetime(2027, 3, 27, 21, tzinfo=UTC),
    datetime(2027, 10, 30, 21, tzinfo=UTC),
)
"""The evenings before the clocks change, and a day far from that."""

RUN = """[run]
url = "http://127.0.0.1:{port}"
fakes_port = {fakes}
smtp_port = {smtp}
"""


class Running:
    """A hotel that runs, and the profile by which it is found."""

    def __init__(self, folder: Path, words: str, **variables: str) -> None:
        self.folder = folder
        ports = {name: free_port() for name in ("port", "fakes", "smtp")}
        vendor = f"http://127.0.0.1:{ports['fakes']}/igloohome"
        known = {
            "HOTEL": words,
            "PORT": str(ports["port"]),
            "SMTP": f"127.0.0.1:{ports['smtp']}",
            "IGLOO_API": f"{vendor}/igloohome",
            "IGLOO_TOKEN_URL": f"{vendor}/oauth2/token",
            "IGLOO_ID": "demo-igloohome-client_id",
            "IGLOO_SECRET": "demo-igloohome-client_secret",
        }
        head, _, rest = PROFILE.partition("[run]\n")
        tail = rest.partition("[clock]")[2]
        self.text = f"{head}{RUN.format(**ports)}\n[clock]{tail}"
        self.process = SubjectProcess(
            [sys.executable, "hotel.py"], HERE, folder / "output", known | variables
        )
        self.process.start(f"http://127.0.0.1:{ports['port']}/health", SOON)

    def profile(self, clock: str) -> Path:
        """Return its profile with a clock."""
        text = self.text.replace('control = "preload"', clock)
        path = self.folder / "hotel.toml"
        path.write_text(text.replace("[events]", FORGET), encoding="utf-8")
        return path


@pytest.fixture
def clock(tmp_path: Path) -> PreloadedClock:
    return PreloadedClock(tmp_path)


@pytest.fixture
def running(
    request: pytest.FixtureRequest, tmp_path: Path, clock: PreloadedClock
) -> Iterator[Running]:
    found = Running(tmp_path, request.param, **clock.variables)
    yield found
    found.process.stop()


@pytest.mark.parametrize("running", ["plain"], indirect=True)
def test_verdict_is_the_same_three_times_in_a_row_on_three_dates(
    running: Running, clock: PreloadedClock, tmp_path: Path
) -> None:
    profile = running.profile('control = "none"')
    for date in DATES:
        clock.set(date)
        found = judge(profile, (*HOURS, *MESSAGE), tmp_path, **clock.variables)
        assert found.of("pass") == RULES, found.printed


@pytest.mark.parametrize("running", ["turned"], indirect=True)
def test_hotel_that_remembers_its_variances_is_judged_twice(
    running: Running, tmp_path: Path
) -> None:
    profile = running.profile(ENDPOINT)
    for _ in range(2):
        found = judge(profile, (*HOURS, *MESSAGE), tmp_path)
        assert found.of("pass") == RULES, found.printed


def test_port_where_nobody_listens_is_no_integration(tmp_path: Path) -> None:
    gone = Running(tmp_path, "plain", **os.environ)
    gone.process.stop()
    found = judge(gone.profile('control = "none"'), HOURS, tmp_path)
    assert found.code == 3
    assert any("[[setup]] 1: POST /admin/login: " in each for each in found.reasons)
    assert not found.of("pass")
    assert "Traceback" not in found.printed
