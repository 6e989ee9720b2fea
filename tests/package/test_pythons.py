"""The wheel works on the other Pythons that it names, where this machine has them.

Invariants: each gets the locked packages, by their hashes. `make pythons` runs this; it
needs the package registry, as `make setup` does, so `make test` leaves it out.
"""

from __future__ import annotations

import os
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.package.installed import PIP, ROOT, Installed, built, documented_tests, run

NAMED = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["classifiers"]
PYTHONS = [
    version
    for version in (each.rpartition(" :: ")[2] for each in NAMED)
    if version.startswith("3.") and version != "3.11"
]
PYENV = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"


def interpreter(version: str) -> Path | None:
    """Return an interpreter of a version that runs; None if there is none."""
    managed = sorted(PYENV.glob(f"{version}.*/bin/python"))
    for each in (f"python{version}", *managed):
        asked = [str(each), "-c", "import sys; print(sys.executable)"]
        try:
            said = subprocess.run(asked, capture_output=True, text=True, check=True)  # noqa: S603 - our own words
        except (OSError, subprocess.CalledProcessError):
            continue
        return Path(said.stdout.strip())
    return None


@pytest.fixture(scope="module", params=PYTHONS)
def installed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Installed:
    """Install the wheel and its locked packages for one Python."""
    python = interpreter(request.param)
    if python is None:
        pytest.skip(f"Python {request.param} is not on this machine")
    place = tmp_path_factory.mktemp(f"python{request.param}-")
    run(python, "-m", "venv", "--without-pip", place / "env")
    scripts = place / "env" / "bin"
    install = (*PIP, "--python", scripts / "python", "install")
    run(*install, "--require-hashes", "-r", ROOT / "requirements-image.lock")
    wheel = built(place)
    run(*install, "--no-index", "--no-deps", wheel)
    folder = place / "project"
    folder.mkdir()
    return Installed(wheel, scripts, folder)


@pytest.mark.parametrize("profile", ["reference", "examples/nuki.toml"])
def test_integrations_are_judged(installed: Installed, profile: str) -> None:
    given = profile if profile == "reference" else ROOT / profile
    judged = installed("strikeplate", "check", "--profile", given, "--only", "NUK-03")
    assert "1 of 1 MUST for its vendors judged, 1 held" in judged.stdout, judged


def test_documented_tests_are_green(installed: Installed) -> None:
    (installed.folder / "test_doors.py").write_text(documented_tests())
    ended = installed("python", "-W", "error", "-m", "pytest", "-q")
    assert "2 passed" in ended.stdout, ended
