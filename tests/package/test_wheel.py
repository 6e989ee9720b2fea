"""The wheel holds everything, and runs in a folder whose modules have our names."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import sysconfig
import zipfile

import pytest

from tests.package.installed import PIP, ROOT, Installed, built, documented_tests, run

SUITE = ("fakes", "features", "loadtests", "service", "serving")
HOSTILE = 'raise SystemExit("a module of the folder was imported")\n'


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Build the wheel and install it; what it depends on is borrowed from here."""
    place = tmp_path_factory.mktemp("wheel")
    wheel = built(place)
    run(sys.executable, "-m", "venv", "--without-pip", place / "env")
    python = place / "env" / "bin" / "python"
    run(*PIP, "--python", python, "install", "--no-index", "--no-deps", wheel)
    borrowed = sysconfig.get_path("purelib")
    (packages,) = (place / "env" / "lib").glob("python*/site-packages")
    (packages / "borrowed.pth").write_text(f"{borrowed}\n")
    folder = place / "project"
    for name in SUITE:
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").write_text(HOSTILE)
    return Installed(wheel, python.parent, folder)


def test_wheel_holds_each_file_of_the_suite_under_one_name(
    installed: Installed,
) -> None:
    listed = subprocess.run(  # noqa: S603 - our own words
        ["git", "ls-files", "strikeplate", *SUITE],  # noqa: S607 - git is git
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    wanted = {
        path if path.startswith("strikeplate/") else f"strikeplate/_suite/{path}"
        for path in listed.stdout.split()
    }
    held = set(zipfile.ZipFile(installed.wheel).namelist())
    own = {name for name in held if ".dist-info/" not in name}
    assert own == wanted


def test_installed_fakes_are_served_and_end_at_a_signal(installed: Installed) -> None:
    command = [str(installed.scripts / "strikeplate"), "fakes", "--port=0", "--json"]
    with subprocess.Popen(  # noqa: S603 - our own words
        command, cwd=installed.folder, stdout=subprocess.PIPE, text=True
    ) as fakes:
        assert fakes.stdout is not None
        ready = json.loads(fakes.stdout.readline())
        fakes.send_signal(signal.SIGTERM)
        assert fakes.wait(timeout=10) == 0
    assert ready["ready"] is True
    assert ready["control_token"]
    assert ready["wall"].startswith(f"{ready['url']}/sign-in?key=")


def test_installed_command_judges_an_integration(installed: Installed) -> None:
    profile = ROOT / "examples" / "igloohome.toml"
    judged = installed(
        *("strikeplate", "check", "--profile", profile, "--only", "IGL-02")
    )
    assert "1 of 1 MUST for its vendors judged, 1 held" in judged.stdout, judged
    report = installed.folder / "results" / "igloohome" / "report.html"
    assert "IGL-02" in report.read_text(encoding="utf-8")


def test_tests_of_the_documentation_are_green_in_a_project_of_ones_own(
    installed: Installed,
) -> None:
    (installed.folder / "test_doors.py").write_text(documented_tests())
    ended = installed("python", "-m", "pytest", "-q", "-p", "no:randomly", "-n2")
    assert "2 passed" in ended.stdout, ended


def test_failed_test_says_why_the_door_stayed_shut(installed: Installed) -> None:
    (installed.folder / "test_wrong.py").write_text(
        "def test_wrong(world):\n"
        "    door = world.door('nuki', 'Flat 12', keypad=True)\n"
        "    assert door.opens('251463', at='2030-01-01T12:00:00Z')\n"
    )
    ended = installed("python", "-m", "pytest", "-q", "test_wrong.py")
    (installed.folder / "test_wrong.py").unlink()
    assert ended.returncode == 1
    shown = r"<the door stays shut at 2030-01-01T12:00:00\+00:00: [\w-]+"
    assert re.search(shown, ended.stdout), ended.stdout
