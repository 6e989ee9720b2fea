"""Examples with one realistic fault each, to see what finds it.

`faults/*.toml` has the faults as small patches: a text that stands once in the source,
what to put there, the rule that breaks, one sentence. `title` has words of the title
of a scenario that finds it; `also` what else breaks of what `make examples` judges
beside the rule. The examples stay as they are:

    python -m tests.examples.faulty                          # lists all faults
    python -m tests.examples.faulty nuki not-deleted > nuki.py
"""

from __future__ import annotations

import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATCHES = Path(__file__).parent / "faults"
SOURCES = {
    "igloohome": "igloohome.py",
    "nuki": "nuki.py",
    "exivo": "exivo.py",
    "livionkey": "livionkey.py",
    "node-nuki": "node-nuki/server.js",
    "rest_livionkey": "rest_livionkey/server.py",
}
SHARED = "flask"  # faults of what the four Flask examples have alike
FLASK = ("igloohome", "nuki", "exivo", "livionkey")


@dataclass(frozen=True)
class Fault:
    """One fault of one example; `rule` is what it breaks."""

    example: str
    name: str
    rule: str
    says: str
    search: str
    replace: str
    title: str = ""
    also: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.example}:{self.name}"

    def source(self) -> str:
        """Return the example's source with the fault; ValueError if it does not fit."""
        text = (ROOT / "examples" / SOURCES[self.example]).read_text(encoding="utf-8")
        if text.count(self.search) != 1:
            found = text.count(self.search)
            raise ValueError(f"{self}: its text stands {found} times; write it anew")
        return text.replace(self.search, self.replace)


def faults(example: str) -> list[Fault]:
    """Return every fault of an example."""
    files = [SHARED] if example in FLASK else []
    return [
        Fault(example, **fields)
        for file in (*files, example)
        for fields in tomllib.loads((PATCHES / f"{file}.toml").read_text())["fault"]
    ]


ALL = [fault for example in SOURCES for fault in faults(example)]


def main(arguments: list[str]) -> None:
    """Print one faulty source, or the list of all faults."""
    if len(arguments) == 2:
        (chosen,) = (each for each in ALL if [each.example, each.name] == arguments)
        sys.stdout.write(chosen.source())
        return
    for each in ALL:
        sys.stdout.write(f"{each.example:15} {each.name:36} {each.rule}  {each.says}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
