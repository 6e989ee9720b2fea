"""A vendor that `make vendor` writes passes the checks and the contract as it is."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from strikeplate import vendor
from strikeplate.verdict import Misuse

ROOT = Path(__file__).resolve().parents[2]
NAME = "acme_locks_of_berlin"  # as long as a name may be, so that lines are as long
FOLDERS = ("fakes", "service", "serving", "features", "strikeplate", "tests")
CACHE = ".mypy_cache"
HOMES = ("fakes/vendors", "service/vendors", "features")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the repository in which the vendor has just been written."""
    copy = tmp_path_factory.mktemp("repository")
    for folder in FOLDERS:
        nothing = shutil.ignore_patterns("node_modules", "*.db")
        shutil.copytree(ROOT / folder, copy / folder, ignore=nothing)
    shutil.copy(ROOT / "pyproject.toml", copy)
    if (ROOT / CACHE).is_dir():  # what `make check` knows already need not be read anew
        shutil.copytree(ROOT / CACHE, copy / CACHE)
    written = run(copy, "strikeplate", "vendor", NAME)
    assert written.returncode == 0, written.stderr
    return copy


def run(place: Path, *module: str) -> subprocess.CompletedProcess[str]:
    """Run a module of Python in that folder."""
    command = [sys.executable, "-m", *module]
    return subprocess.run(  # noqa: S603 - our own words
        command, cwd=place, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("check", [("format", "--check"), ("check",)], ids=" ".join)
def test_new_vendor_passes_formatter_and_lint(
    repository: Path, check: tuple[str, ...]
) -> None:
    folders = [f"{home}/{NAME}" for home in HOMES]
    found = run(repository, "ruff", *check, "--no-cache", *folders)
    assert found.returncode == 0, found.stdout


def test_new_vendor_has_the_right_types(repository: Path) -> None:
    packages = ("-p", f"fakes.vendors.{NAME}", "-p", f"service.vendors.{NAME}")
    found = run(repository, "mypy", *packages)
    assert found.returncode == 0, found.stdout


def test_new_vendor_keeps_the_contract_and_the_shape(repository: Path) -> None:
    tests = (
        "tests/contracts/test_every_vendor.py",
        "tests/fakes/vendors/test_shape.py",
        "tests/strikeplate/test_vocabulary.py",
    )
    done = run(repository, "pytest", "-q", "-p", "no:cacheprovider", "-k", NAME, *tests)
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout
    assert "skipped" not in done.stdout


def test_first_rule_of_a_new_vendor_passes(repository: Path) -> None:
    where = str(repository / "results")
    judged = run(repository, "strikeplate", "run", "--only", "ACM", "--results", where)
    assert "error:" not in judged.stdout
    assert "4 scenario runs" in judged.stdout, judged.stdout + judged.stderr
    results = Path(where, "results.ndjson").read_text(encoding="utf-8").splitlines()
    verdicts = [json.loads(line).get("verdict") for line in results]
    assert verdicts.count("pass") >= 4
    assert set(verdicts) <= {"pass", None}


def test_vendor_that_exists_is_not_written_again(repository: Path) -> None:
    path = repository / "fakes/vendors" / NAME / "README.md"
    path.write_text("mine")
    again = run(repository, "strikeplate", "vendor", NAME)
    assert (again.returncode, path.read_text()) == (2, "mine")
    assert f"fakes/vendors/{NAME} exists; give another name" in again.stderr


@pytest.mark.parametrize("name", ["", "ab", "Acme", "9locks", "a-b", "class", "../up"])
def test_name_that_is_no_identifier_is_refused(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert vendor.main([name]) == 2
    done = capsys.readouterr().err
    assert repr(name) in done
    assert "make vendor NAME=acme" in done


@pytest.mark.parametrize("name", ["nuki", "connect", "steps"])
def test_name_of_a_folder_that_exists_is_refused(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert vendor.main([name]) == 2
    assert "exists; give another name" in capsys.readouterr().err


def test_rule_ids_begin_with_letters_of_the_name_that_are_free() -> None:
    assert vendor.words_of("acme", {"IGL"})["prefix"] == "ACM"
    assert vendor.words_of("acme", {"ACM"})["prefix"] == "ACE"
    with pytest.raises(Misuse, match="no three of its letters"):
        vendor.words_of("abc", {"ABC"})
