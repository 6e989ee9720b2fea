"""The `lock` command: writes features/requirements.lock, the list of all rules.

In a checkout it records as well what new scenarios reach (`mutants.reach`).

The list is generated and committed. A test compares it, and reviewers read its diff. A
removed id stays in it as withdrawn, so that it never gets another meaning.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from typing import TYPE_CHECKING, Any

from strikeplate import FEATURES, requirements
from strikeplate.mutants import recorder
from strikeplate.profile import read_capabilities
from strikeplate.requirements import lint
from strikeplate.subjects import MUTANTS
from strikeplate.summary import HARNESS_ERROR

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from strikeplate.requirements import RequirementCatalogue, Rule

FILE = "requirements.lock"
HEAD = "# Every rule with its evidence. Written by `make lock`; checked by a test."

Table = dict[str, Any]  # one rule's entry, as TOML holds it


def main(arguments: Sequence[str]) -> int:
    """Write the list, and return 0; 3 when a rule is malformed."""
    argparse.ArgumentParser(
        prog="python -m strikeplate lock", description=__doc__
    ).parse_args(arguments)
    catalogue = requirements.read(FEATURES)
    found = faults(catalogue, FEATURES)
    if found:
        sys.stderr.write("".join(f"{fault}\n" for fault in found))
        return HARNESS_ERROR
    text = render(catalogue, stored(FEATURES))
    (FEATURES / FILE).write_text(text, encoding="utf-8")
    sys.stdout.write(f"features/{FILE}: {len(catalogue.rules)} rules\n")
    if MUTANTS.is_dir():
        sys.stdout.write(f"{recorder.main()}\n")
    return 0


def stored(root: Path) -> dict[str, Table]:
    """Return the stored list; empty if there is none."""
    path = root / FILE
    if not path.exists():
        return {}
    entries: dict[str, Table] = tomllib.loads(path.read_text(encoding="utf-8"))
    return entries


def faults(catalogue: RequirementCatalogue, root: Path) -> list[str]:
    """Return every fault of the rules, among them ids that were withdrawn."""
    gone = {name for name, entry in stored(root).items() if "withdrawn" in entry}
    reused = sorted(gone & {rule.id for rule in catalogue.rules})
    return lint(catalogue, read_capabilities(root)) + [
        f"rule id {name} was withdrawn; give the new rule a new one" for name in reused
    ]


def render(catalogue: RequirementCatalogue, before: dict[str, Table]) -> str:
    """Return the list of all rules, also the withdrawn ones, as TOML."""
    entries = {rule.id: _entry(rule) for rule in catalogue.rules}
    for name, entry in before.items():
        entries.setdefault(name, {"withdrawn": True, "text": entry["text"]})
    blocks = (f"[{name}]\n{_toml(entry)}" for name, entry in sorted(entries.items()))
    return "\n".join((HEAD + "\n", *blocks))


def _entry(rule: Rule) -> Table:
    entry: Table = {
        "text": rule.name,
        "level": rule.level,
        "on": list(rule.on),
        "area": rule.area,
        "source": rule.source,
    }
    if rule.needs:
        entry["needs"] = list(rule.needs)
    if rule.core:
        entry["core"] = True
    if rule.provisional:
        entry["provisional"] = True
    if rule.untested is not None:
        entry["untested"] = rule.untested
    else:
        entry["scenarios"] = [scenario.name for scenario in rule.scenarios]
    return entry


def _toml(entry: Table) -> str:
    return "".join(f"{key} = {_value(key, value)}\n" for key, value in entry.items())


def _value(key: str, value: object) -> str:
    """Return a value as TOML; texts and flat lists are the same in JSON."""
    if key == "scenarios" and isinstance(value, list):
        lines = (f"  {json.dumps(name, ensure_ascii=False)},\n" for name in value)
        return f"[\n{''.join(lines)}]"
    return json.dumps(value, ensure_ascii=False)
