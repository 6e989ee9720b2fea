"""What the documents promise is there, and what is there is documented."""

from __future__ import annotations

import re
import subprocess
import tomllib
from dataclasses import fields
from pathlib import Path

from service.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = sorted(set(re.findall(r"^([a-z-]+):(?!=)", MAKEFILE, re.MULTILINE)))
PARTS = (
    "docs",
    "examples",
    "fakes",
    "service",
    "serving",
    "strikeplate",
    "features",
    "loadtests",
)
DOCUMENTS = sorted(ROOT.glob("*.md")) + sorted(
    path for part in PARTS for path in (ROOT / part).rglob("*.md")
)
PATHS = re.compile(
    r"`((?:docs|examples|fakes|features|loadtests|service|serving|strikeplate|tests)/[\w./-]+)`"
)
MADE_LATER = re.compile(r"acme|truncate")  # what a reader is shown how to make


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_make_help_explains_every_target() -> None:
    content = subprocess.run(
        ["make", "help"],  # noqa: S607 - make is found on PATH
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    explained = set(re.findall(r"^  make ([a-z-]+) +\S", content, re.MULTILINE))
    assert explained == {*TARGETS}


def test_every_make_target_a_document_names_exists() -> None:
    for path in DOCUMENTS:
        named = set(re.findall(r"`make ([a-z][a-z ]*)", path.read_text()))
        wanted = {target for words in named for target in words.split()}
        assert wanted <= {*TARGETS}, name_of(path)


def test_every_mutant_a_document_names_exists() -> None:
    mutants = {each.stem for each in (ROOT / "tests/mutants").rglob("*.py")}
    for path in DOCUMENTS:
        named = set(re.findall(r"mutant:([a-z_]+)", path.read_text()))
        assert named <= mutants, name_of(path)


def test_every_link_between_documents_leads_somewhere() -> None:
    dead = [
        f"{name_of(path)}: {link}"
        for path in DOCUMENTS
        for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text())
        if not (path.parent / link).exists()
    ]
    assert not dead


def test_every_file_a_document_names_exists() -> None:
    missing = [
        f"{name_of(path)}: {name}"
        for path in DOCUMENTS
        for name in sorted(set(PATHS.findall(path.read_text())))
        if not (ROOT / name).exists() and not MADE_LATER.search(name)
    ]
    assert not missing


def test_one_target_decides_a_landing_and_all_say_so() -> None:
    assert (ROOT / ".ci/run").read_text().splitlines()[-1] == "make ci"
    (steps,) = re.findall(r"^ci: ([a-z ]+?) ##", MAKEFILE, re.MULTILINE)
    contributing = (ROOT / "CONTRIBUTING.md").read_text()
    assert f"It is `make {steps}`" in contributing
    for step in steps.split():
        assert f"| `make {step}` |" in contributing


def test_every_setting_of_the_service_is_documented() -> None:
    content = (ROOT / "service/README.md").read_text()
    names = [field.name.upper() for field in fields(Settings)]
    assert not [name for name in names if f"`{name}`" not in content]


def test_every_capability_says_what_it_means() -> None:
    capabilities = tomllib.loads((ROOT / "features/capabilities.toml").read_text())
    assert not [name for name, each in capabilities.items() if not each.get("meaning")]
    assert "capabilities.toml" in (ROOT / "features/README.md").read_text()


def test_every_top_folder_stands_in_the_contributors_table() -> None:
    content = (ROOT / "CONTRIBUTING.md").read_text()
    for part in ("fakes/kit", "fakes/doors", "service/domain", "strikeplate"):
        assert part in content
