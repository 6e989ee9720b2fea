"""One run from curtain to curtain: furnish, let Locust send, look on, conclude.

Law: Locust sends and does nothing else; trouble is ordered, and looks are taken, from
here. When it begins is the senders' own word, since they may have to be waited for.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from loadtests import bookings, closing
from loadtests import house as housing
from loadtests.furnish import furnish
from loadtests.watch import EVERY_SECONDS, Watch
from loadtests.weather import forecast
from strikeplate.served import wait
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from loadtests.bookings import Intent
    from loadtests.furnish import Wish
    from loadtests.house import Ours, Theirs
    from loadtests.result import Result
    from loadtests.stage import Stage
    from loadtests.weather import Forecast

LOCUSTFILE = Path(__file__).with_name("locustfile.py")
TICK_SECONDS = 0.1
BEGINS_WITHIN_SECONDS = 120.0
LAST_WORDS = 3000


@dataclass(frozen=True)
class Cast:
    """Who sends: so many platforms at once, in how many processes of whom."""

    platforms: int = 50
    processes: int = 1  # started here
    workers: int = 0  # started by others, awaited here
    port: int = 5557

    @property
    def words(self) -> list[str]:
        """What Locust is told."""
        if self.workers:
            awaited = ["--master", "--expect-workers", str(self.workers)]
            return [*awaited, "--master-bind-port", str(self.port)]
        several = ["--processes", str(self.processes)] if self.processes > 1 else []
        return [*several, "--master-bind-port", str(self.port)] if several else []


@dataclass
class Run:
    """A run under way."""

    house: Ours | Theirs
    stage: Stage
    weather: Forecast
    folder: Path
    begun: datetime
    senders: int
    watch: Watch

    def intents(self) -> list[Intent]:
        """Return the play, as every sender knew it."""
        return bookings.play(self.stage, self.begun)


def play(house: Ours | Theirs, wish: Wish, cast: Cast, folder: Path) -> Result:
    """Return what came of a run."""
    stage = furnish(house, wish)
    weather = forecast(wish.faults, stage, housing.dialects())
    written = _write(stage, folder)
    with (folder / "locust.log").open("wb") as words:
        locust = subprocess.Popen(  # noqa: S603 - our own file
            _command(folder, cast), stdout=words, stderr=subprocess.STDOUT
        )
        try:
            begun, senders = _await_begin(locust, folder)
            watch = Watch(house, stage, begun)
            run = Run(house, stage, weather, folder, begun, senders, watch)
            _attend(run, locust)
        finally:
            locust.terminate()
            locust.wait()
            written.unlink()
    return closing.conclude(run, wish.patience)


def empty(folder: Path) -> Path:
    """Return the folder, with nothing in it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _write(stage: Stage, folder: Path) -> Path:
    """Return the stage's file, for this user alone and no longer than it is needed."""
    path = folder / "stage.json"
    path.touch(mode=0o600)
    path.write_text(stage.written(), encoding="utf-8")
    return path


def _command(folder: Path, cast: Cast) -> list[str]:
    return [
        *(sys.executable, "-m", "locust", "-f", str(LOCUSTFILE), "--headless"),
        *("-u", str(cast.platforms), "-r", str(cast.platforms)),
        *("--folder", str(folder), "--html", str(folder / "locust.html")),
        *("--only-summary", *cast.words),
    ]


def _await_begin(locust: subprocess.Popen[bytes], folder: Path) -> tuple[datetime, int]:
    """Return when the run begins, and how many send."""
    told = folder / "begun.json"
    waited = 0.0
    while not told.exists():
        if locust.poll() is not None or waited > BEGINS_WITHIN_SECONDS:
            words = (folder / "locust.log").read_text(errors="replace")
            raise HarnessFault(f"Locust did not begin: {words[-LAST_WORDS:]}")
        wait(TICK_SECONDS)
        waited += TICK_SECONDS
    begun = json.loads(told.read_text(encoding="utf-8"))
    return datetime.fromisoformat(begun["begun"]), int(begun["senders"])


def _attend(run: Run, locust: subprocess.Popen[bytes]) -> None:
    """Order the trouble and look, until all has been told."""
    next_look = 0.0
    while locust.poll() is None:
        second = run.watch.second
        run.weather.order(run.house.fakes, second)
        if second >= next_look:
            run.watch.look()
            next_look = second + EVERY_SECONDS
        wait(TICK_SECONDS)
