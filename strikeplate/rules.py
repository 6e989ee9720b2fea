"""`rules`: every rule of the catalogue, with what it needs of a profile.

A rule of a vendor's folder concerns that vendor, any other rule every vendor. What it
needs of an integration's profile is read from tags and steps: a capability, a kind of
event, or a trait of a resource. A need of only some of its scenarios is told as such.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

import click

from strikeplate import FEATURES, requirements, vocabulary
from strikeplate.config import known_prefixes
from strikeplate.needs import needs_of
from strikeplate.profile import read_capabilities
from strikeplate.profiles.shape import KINDS
from strikeplate.toml_file import suggest
from strikeplate.verdict import Misuse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from strikeplate.requirements import Rule
    from strikeplate.vocabulary import VendorVocabulary


@dataclass(frozen=True)
class Needs:
    """What must be declared for a rule to be judged, in words of a profile."""

    capabilities: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.capabilities or self.events or self.traits)

    def __str__(self) -> str:
        events = (f"event {name}" for name in self.events)
        traits = (f"trait {name}" for name in self.traits)
        return ", ".join((*self.capabilities, *events, *traits))


@dataclass(frozen=True)
class Listed:
    """One rule as it is listed."""

    id: str
    level: str
    text: str
    on: tuple[str, ...]
    vendors: tuple[str, ...]
    """Whom it concerns; empty for every vendor."""

    source: str
    area: str
    scenarios: int
    needs: Needs = field(default_factory=Needs)
    some_need: Needs = field(default_factory=Needs)
    """What some of its scenarios need beside that."""

    untested: str | None = None
    provisional: bool = False
    core: bool = False
    """Whether it must be judged before a subject is called conformant."""

    @property
    def all_needs(self) -> str:
        """All needs as one phrase; empty where there are none."""
        some = f"some scenarios: {self.some_need}" if self.some_need else ""
        return "; ".join(filter(None, (str(self.needs), some)))


def listed(
    rule: Rule,
    vendors: Mapping[str, VendorVocabulary],
    capabilities: Collection[str],
) -> Listed:
    """Return a rule as it is listed."""
    own = rule.area.partition("/")[0]
    each = [*_each(rule, vendors)]
    every = set.intersection(*each) if each else set(rule.needs)
    return Listed(
        id=rule.id,
        level=rule.level,
        text=rule.name,
        on=rule.on,
        vendors=(own,) if own in vendors else (),
        source=requirements.readable_source(rule.source),
        area=rule.area,
        scenarios=len(rule.scenarios),
        needs=_needs(every, capabilities),
        some_need=_needs(set().union(*each) - every, capabilities),
        untested=rule.untested,
        provisional=rule.provisional,
        core=rule.core,
    )


def _each(rule: Rule, vendors: Mapping[str, VendorVocabulary]) -> Iterator[set[str]]:
    """Yield what each run of an integration needs; of a vendor, where only it obeys."""
    own = rule.area.partition("/")[0]
    whose = own if own in vendors else next(iter(vendors), "")
    for scenario in rule.scenarios:
        tags = {*rule.needs, *scenario.needs}
        if "service" not in rule.on:
            yield tags
        elif "service" in rule.roles(scenario):
            for example in scenario.examples:
                needs = needs_of(scenario, example, whose, vendors)
                yield tags | needs.traits | ({*needs.events} - {"confirmed"})


def _needs(tags: Collection[str], capabilities: Collection[str]) -> Needs:
    rest = {tag for tag in tags if tag not in capabilities}
    return Needs(
        capabilities=tuple(sorted({*tags} - rest)),
        events=tuple(kind for kind in KINDS if kind in rest),
        traits=tuple(sorted(rest - {*KINDS})),
    )


def catalogue(
    vendor: str | None = None, only: Sequence[str] = (), *, core: bool = False
) -> list[Listed]:
    """Return the rules, those of a vendor and the common ones, by area and id."""
    rules = requirements.read(FEATURES).rules
    known_prefixes(only, [rule.id for rule in rules])
    vendors, capabilities = vocabulary.read(FEATURES), read_capabilities(FEATURES)
    if vendor is not None and vendor not in vendors:
        raise Misuse(f"--vendor {vendor!r} is unknown; {suggest(vendor, vendors)}")
    found = (listed(rule, vendors, capabilities) for rule in rules)
    return [
        each
        for each in found
        if not only or each.id.startswith(tuple(only))
        if not core or each.core
        if vendor is None or not each.vendors or vendor in each.vendors
    ]


def as_table(rules: Iterable[Listed]) -> str:
    """Return the rules as text: two lines each, under their areas."""
    lines: list[str] = []
    for area, group in groupby(rules, key=lambda rule: rule.area):
        lines += ["", click.style(area, bold=True)]
        for rule in group:
            lines.append(f"  {rule.id}  {rule.level:6}  {rule.text}")
            lines.append(f"          {'':6}  {_details(rule)}")
    return "\n".join(lines).lstrip("\n")


def _details(rule: Listed) -> str:
    parts = {
        "on": " and ".join(rule.on),
        "vendors": ", ".join(rule.vendors) or "all",
        "needs": rule.all_needs,
        "source": rule.source,
        "core": "yes" if rule.core else "",
        "untested": rule.untested,
        "provisional": "does not count yet" if rule.provisional else "",
    }
    return " | ".join(f"{name}: {value}" for name, value in parts.items() if value)


MARKDOWN = ("Rule", "Level", "Text", "Who obeys", "Vendors", "Needs", "Source")


def as_markdown(rules: Iterable[Listed]) -> str:
    """Return the rules as one table of Markdown."""
    rows = (
        (
            rule.id,
            rule.level,
            rule.text,
            ", ".join(rule.on),
            ", ".join(rule.vendors) or "all",
            rule.all_needs or "-",
            rule.source,
        )
        for rule in rules
    )
    head = (MARKDOWN, ("---",) * len(MARKDOWN))
    return "\n".join(_row(cells) for cells in (*head, *rows))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def as_json(rules: Iterable[Listed]) -> str:
    """Return the rules as a JSON list of objects."""
    return json.dumps([asdict(rule) for rule in rules], indent=2, ensure_ascii=False)


FORMATS = {"table": as_table, "markdown": as_markdown, "json": as_json}

EXAMPLES = """\b
Examples:
  python -m strikeplate rules --vendor nuki
  python -m strikeplate rules --format markdown > rules.md
"""


@click.command("rules", epilog=EXAMPLES)
@click.option(
    "--format",
    "form",
    type=click.Choice([*FORMATS]),
    default="table",
    show_default=True,
    help="How the list is written.",
)
@click.option("--vendor", metavar="NAME", help="Only rules that concern this vendor.")
@click.option(
    "--only", multiple=True, metavar="PREFIX", help="Only ids that begin so: IGL."
)
@click.option(
    "--core",
    is_flag=True,
    help="Only rules that must be judged before a subject is called conformant.",
)
def command(*, form: str, vendor: str | None, only: tuple[str, ...], core: bool) -> int:
    """List every rule: text, level, source, who must obey, what a profile must have."""
    click.echo(FORMATS[form](catalogue(vendor, only, core=core)))
    return 0
