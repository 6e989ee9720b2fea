"""What the site takes from the repository at its build; `mkdocs.yml` names this file.

    rules.md, facts.md     the rules as `strikeplate rules` lists them; every fact about
                           a vendor, from the fakes' `quirks.toml`
    the other pages        READMEs of the folders, as they are
    links                  a link to a file of the repository leads to its page or,
                           where it has none, becomes its name

Invariants: all of these pages are under `generated/` and in no commit; a link that
leads nowhere in the repository stays as it is, and mkdocs fails.
"""

from __future__ import annotations

import posixpath
import re
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

from fakes.kit.quirks import CONFIDENCES, Quirk, read_quirks
from strikeplate.rules import Listed, catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[1]
VENDORS = {
    "igloohome": "igloohome",
    "nuki": "Nuki",
    "exivo": "dormakaba Exivo",
    "livionkey": "LivionKey",
}
PARTS = ("examples", "fakes", "features", "loadtests", "service", "strikeplate")
MIRRORED = {
    "generated/contributing.md": "CONTRIBUTING.md",
    "generated/changelog.md": "CHANGELOG.md",
    **{f"generated/{part}.md": f"{part}/README.md" for part in PARTS},
    **{f"generated/{name}.md": f"fakes/vendors/{name}/README.md" for name in VENDORS},
}
"""Which page shows which file of the repository."""

PAGES = {
    **{source: page for page, source in MIRRORED.items()},
    "README.md": "index.md",
    "features/requirements.lock": "generated/rules.md",
    **{f"fakes/vendors/{name}/quirks.toml": "generated/facts.md" for name in VENDORS},
}
"""Where a link to a file of the repository leads."""

AREAS = {
    "connect": "Connect: accounts, rules, triggers",
    "messages": "Messages to the customer",
    "resilience": "Faults, stops, bad input",
    **VENDORS,
}
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:|#|mailto:)([^)#\s]+)(#[^)\s]*)?\)")
FENCE = re.compile(r"(^```.*?^```)", re.MULTILINE | re.DOTALL)

RULES = """\
# The rules

{count} rules, as `strikeplate rules` lists them when this page is built. Each is
Gherkin in `features/`, with scenarios that show it and its limit, and an integration
that is broken on purpose, which it must catch. *Needs* is what a
[profile](../profile.md) must declare so that the rule can be judged; after *some
scenarios*, what only some of its scenarios need. A rule of the *core* must be judged
before an integration is called conformant.
"""
FACTS = """\
# The ledger of facts

What the fakes do where a vendor's behaviour is not certain, or differs from lock to
lock. Each fact is a switch: `PATCH /_sim/worlds/{world}/quirks` sets it, `GET` reads
this list with the current values. No MUST rests on an invented fact.

| confidence | means |
| --- | --- |
| documented | the vendor's own text |
| published | an integrator's published text |
| observed | seen on a live server |
| client-code | read in code that calls it |
| inferred | follows from other facts |
| invented | nothing is known; made up so that it can be tried |

"""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are generated."""
    pages = {
        page: (ROOT / source).read_text(encoding="utf-8")
        for page, source in MIRRORED.items()
    }
    pages["generated/rules.md"] = rules_page(catalogue())
    pages["generated/facts.md"] = facts_page()
    for page, text in pages.items():
        files.append(File.generated(config, page, content=text))
    return files


def on_page_markdown(
    markdown: str, page: Page, config: MkDocsConfig, files: Files
) -> str:
    """Lead the links of a page to pages of the site."""
    del config
    return "".join(
        part if part.startswith("```") else _with_links(part, page.file.src_uri, files)
        for part in FENCE.split(markdown)
    )


def _with_links(text: str, page: str, files: Files) -> str:
    folder = posixpath.dirname(MIRRORED.get(page, f"docs/{page}"))

    def replaced(link: re.Match[str]) -> str:
        words, anchor = link[1], link[3] or ""
        path = posixpath.normpath(posixpath.join(folder, link[2]))
        found = PAGES.get(path, path.removeprefix("docs/"))
        if files.get_file_from_path(found):
            here = posixpath.relpath(found, posixpath.dirname(page) or ".")
            return f"[{words}]({here}{anchor})"
        if not path.startswith("docs/") and (ROOT / path).exists():
            return words if words.startswith("`") else f"`{words}`"
        return link[0]

    return LINK.sub(replaced, text)


def rules_page(rules: Iterable[Listed]) -> str:
    """Return every rule by area, as one page."""
    groups = {area: [*of] for area, of in groupby(rules, key=lambda rule: rule.area)}
    lines = [RULES.format(count=sum(map(len, groups.values())))]
    for area in sorted(groups, key=[*AREAS].index):
        lines += [f"## {AREAS[area]}", *map(_rule, groups[area])]
    return "\n\n".join(lines)


def _rule(rule: Listed) -> str:
    marks = [rule.level]
    marks += ["core"] if rule.core else []
    marks += ["provisional, does not count yet"] if rule.provisional else []
    details = {
        "obeyed by": " and ".join(rule.on),
        "needs": rule.all_needs,
        "untested": rule.untested,
        "source": rule.source,
    }
    told = ". ".join(
        f"*{name.capitalize()}*: {value}" for name, value in details.items() if value
    )
    head = f"### {rule.id} {{#{rule.id.lower()} data-toc-label='{rule.id}'}}"
    return f"{head}\n\n**{rule.text}.** ({', '.join(marks)})\n\n{told}."


def facts_page() -> str:
    """Return every fact about a vendor that is a switch of the fakes, as one page."""
    ledger = {
        name: read_quirks(ROOT / "fakes/vendors" / name / "quirks.toml")
        for name in VENDORS
    }
    counts = (_row(VENDORS[name], *_counts(of)) for name, of in ledger.items())
    heads = ("", *CONFIDENCES, "all")
    lines = [FACTS + "\n".join((_row(*heads), _row(*("---",) * len(heads)), *counts))]
    for name, of in ledger.items():
        lines += [f"## {VENDORS[name]}", *(_fact(name, quirk) for quirk in of)]
    return "\n\n".join(lines)


def _counts(quirks: tuple[Quirk, ...]) -> Iterator[str]:
    for confidence in CONFIDENCES:
        yield str(sum(quirk.confidence == confidence for quirk in quirks))
    yield str(len(quirks))


def _fact(vendor: str, quirk: Quirk) -> str:
    label = f"data-toc-label='{quirk.name}'"
    values = ", ".join(f"`{_value(each)}`" for each in quirk.values)
    choice = f", of {values}" if values else ""
    return (
        f"### `{quirk.name}` {{#{vendor}-{quirk.name} {label}}}\n\n{quirk.fact}\n\n"
        f"*{quirk.confidence.capitalize()}*: {quirk.source}. "
        f"*Default*: `{_value(quirk.default)}`{choice}."
    )


def _value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value}" or '""'


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
