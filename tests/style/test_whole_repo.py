"""The house rules that a reader relies on, held for every file of the repository."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TRACKED = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - git is found on PATH
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    if (ROOT / name).is_file()
]
MODULES = [
    path
    for path in TRACKED
    if path.suffix == ".py" and "migrations/versions" not in path.as_posix()
]
# Migrations are written once and then kept as they are; they count as data.
FOLDERS = ("fakes", "service", "serving", "strikeplate", "features", "loadtests")
PARTS = [path for path in MODULES if path.relative_to(ROOT).parts[0] in FOLDERS]
FILE_LINES = 400
FUNCTION_LINES = 40
# Whoever reads the wall clock or rolls dice outside these breaks determinism.
CLOCKS_AND_DICE = re.compile(
    r"\b(time\.(sleep|time|monotonic)|datetime\.(now|utcnow|today)|date\.today|"
    r"random\.\w+|uuid\.uuid[14]|uuid4|secrets\.\w+|os\.urandom)\("
)
ALLOWED = {
    "service/clock.py": "the one place where the service reads the time",
    "service/ids.py": "the one place where the service makes keys and tokens",
    "fakes/kit/clock.py": "a running world follows the wall clock",
    "fakes/kit/faults/delay.py": "an ordered delay of a real answer passes for real",
    "fakes/kit/app.py": "a control token that nobody chose is generated",
    "serving/sessions.py": "keys and sessions of the pages are random",
    "strikeplate/frozen_clock.py": "gives a subject's clock, set or not",
    "strikeplate/collection.py": "takes the scenarios in an order by seed",
    "strikeplate/mutants/mutant_run.py": "draws a sample of scenarios by seed",
    "strikeplate/subjects/launch.py": "an offset to the wall clock is set",
    "strikeplate/subjects/surroundings.py": "the signing secret of a subject it starts",
    "features/steps/fixtures.py": "an external subject remembers; each run has own ids",
    "strikeplate/subjects/declared.py": "waits for another process, with a bound",
    "strikeplate/timeline.py": "plans from the present where no clock is turned",
    "strikeplate/subjects/live_vendor.py": "a vendor lives in the real present",
    "strikeplate/processes.py": "the tokens of the processes it starts",
    "features/steps/nuki.py": "a client chooses its own keypad code, by seed",
    "loadtests/__init__.py": "load is sent and measured in real time",
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def test_each_file_is_short_enough_to_be_understood() -> None:
    counted = {name_of(path): path.read_text().count("\n") for path in MODULES}
    long = {name: lines for name, lines in counted.items() if lines > FILE_LINES}
    assert not long, "split them by subject"


def test_each_function_is_read_without_scrolling() -> None:
    long = [
        f"{name_of(path)}: {node.name}: {size} lines"
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (size := (node.end_lineno or node.lineno) - node.lineno + 1)
        > FUNCTION_LINES
    ]
    assert not long


def test_each_module_says_what_it_is() -> None:
    assert not [name_of(path) for path in PARTS if not ast.get_docstring(tree_of(path))]


def test_time_and_chance_come_from_their_own_modules() -> None:
    found = [
        f"{name_of(path)}:{number}: {line.strip()}"
        for path in PARTS
        if name_of(path) not in ALLOWED
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if CLOCKS_AND_DICE.search(line)
    ]
    assert not found


def test_the_allow_list_of_clocks_and_dice_is_used_up() -> None:
    for name in ALLOWED:
        assert CLOCKS_AND_DICE.search((ROOT / name).read_text()), name


def test_every_part_has_a_readme() -> None:
    for folder in FOLDERS:
        assert (ROOT / folder / "README.md").read_text().strip(), folder


def test_the_lock_pins_every_package_and_names_no_registry() -> None:
    text = (ROOT / "requirements.lock").read_text()
    joined = re.sub(r"\s*\\\n\s*", " ", text).splitlines()
    entries = [entry for entry in joined if entry and entry[0] != "#"]
    assert entries
    assert "://" not in text
    pinned = r"[\w.-]+==[\w.!+-]+( --hash=sha256:[0-9a-f]{64})+"
    assert [entry for entry in entries if not re.fullmatch(pinned, entry)] == []


def test_every_declared_dependency_is_in_the_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"]]
    for extra in project["optional-dependencies"].values():
        wanted += extra
    locked = {
        line.split("==")[0].lower()
        for line in (ROOT / "requirements.lock").read_text().splitlines()
    }
    names = {re.split(r"[\[<>=! ]", each)[0].lower() for each in wanted}
    assert names <= locked
