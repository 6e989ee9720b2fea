"""The configuration of a run: everything that is decided before the first scenario."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from strikeplate import FEATURES, requirements, version, vocabulary
from strikeplate.allotment import allot
from strikeplate.fakes_client import instant
from strikeplate.needs import needs_of, unsent
from strikeplate.profile import (
    Capability,
    Profile,
    Refusal,
    checkable_refusals,
    load_profile,
    read_capabilities,
)
from strikeplate.requirements import ROLES, lint
from strikeplate.results import Header
from strikeplate.subjects import REFERENCE, Role, Target, targets
from strikeplate.summary import missing_capabilities
from strikeplate.toml_file import suggest
from strikeplate.verdict import Misuse, NotApplicable
from strikeplate.vocabulary import credentials

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from strikeplate.allotment import Bound
    from strikeplate.requirements import Example, RequirementCatalogue, Rule, Scenario
    from strikeplate.vocabulary import VendorVocabulary


@dataclass(frozen=True)
class Options:
    """The options of the command line."""

    profile: str = "reference"
    subjects: tuple[str, ...] = ()
    vendors: tuple[str, ...] = ()
    locks: tuple[str, ...] = ()
    """Of a vendor's own server, by name or id; as the profile says if empty."""

    seed: int = 7
    only: tuple[str, ...] = ()
    results: str | None = None
    shuffle: int | None = None
    workers: int = 6
    rules: Path = FEATURES
    name: str = ""
    release: str = ""
    """What is judged, by its own name and version; as the profile says if empty."""

    history: Path | None = None
    """The file that gets a line for the run."""

    explore: int = 0
    """So many histories of each vendor are explored beside the scenarios."""

    sweep: int = 0
    """So many single faults of each vendor are swept beside them."""


@dataclass(frozen=True)
class RunConfig:
    """The rules of a run, its profile and its targets."""

    options: Options
    catalogue: RequirementCatalogue
    capabilities: dict[str, Capability]
    profile: Profile
    vocabularies: dict[str, VendorVocabulary]
    targets: dict[Role, tuple[Target, ...]]

    def vendor(self, area: str) -> str:
        """Return the vendor that the scenarios of a folder are about."""
        own = area.partition("/")[0]
        return own if own in self.vocabularies else self.profile.default_vendor

    def not_applicable_reason(self, rule: Rule, scenario: Scenario) -> str | None:
        """Return why a scenario does not apply; None if it does."""
        vendor = self.vendor(rule.area)
        if not self.profile.supports(vendor):
            return self.profile.unsupported(vendor)
        return missing_capabilities((*rule.needs, *scenario.needs), self.profile)

    def bound(
        self, rule: Rule, scenario: Scenario, example: Example
    ) -> dict[str, Bound]:
        """Return the declared resources that a scenario takes, by its own names.

        Raises `NotApplicable` where something that it needs is not declared.
        """
        declared = self.profile.declared
        if declared is None or declared.run is None:
            return {}
        words = self.vocabularies
        needs = needs_of(scenario, example, self.vendor(rule.area), words)
        for wanted in needs.resources.values():
            if not self.profile.supports(wanted.vendor):
                raise NotApplicable(self.profile.unsupported(wanted.vendor))
        if declared.events and (unknown := unsent(needs.events, declared.events)):
            raise NotApplicable(unknown)
        missing = [name for name in needs.actions if name not in declared.api]
        if missing:
            raise NotApplicable(f"[api] has no {' and no '.join(missing)}")
        return allot(needs, declared.resources, words)

    def concerns(self, rule: Rule, scenario: Scenario) -> list[Target]:
        """Return every target that a scenario runs against."""
        roles = rule.roles(scenario)
        return [target for role in roles for target in self.targets[role]]

    def workers(self, target: str) -> int:
        """Return how many processes may share the scenarios of a target.

        Only a subject that each scenario starts anew can be judged side by side, and
        the reference over HTTP, which each process starts for itself.
        """
        declared = self.profile.declared
        run = declared.run if declared else None
        kinds = {t.id: (t.kind, t.address) for t in self.all_targets}
        if kinds.get(target) == ("http", REFERENCE):
            return min(2, self.options.workers)
        started = kinds.get(target, ("", ""))[0] == "external"
        anew = run is not None and run.anew
        return self.options.workers if started and anew else 1

    def chosen(self, rule: str, title: str | None = None) -> bool:
        """Say whether a rule, or its scenario of a title, is among those asked for."""
        only = map(parted, self.options.only)
        asked = [words for prefix, words in only if rule.startswith(prefix)]
        fitting = title is None or any(words in title for words in asked)
        return not self.options.only or (bool(asked) and fitting)

    @property
    def rules(self) -> list[Rule]:
        """The rules asked for, by area and id."""
        return [rule for rule in self.catalogue.rules if self.chosen(rule.id)]

    @property
    def existing(self) -> frozenset[str]:
        """The rules that exist for what is judged: for its role and its vendors."""
        return frozenset(rule.id for rule in self.catalogue.rules if self._exists(rule))

    @property
    def core(self) -> frozenset[str]:
        """The rules without which an integration is not called conformant."""
        if not self.targets["service"]:
            return frozenset()
        core = (rule for rule in self.catalogue.rules if rule.core)
        return frozenset(rule.id for rule in core if self._exists(rule))

    def _exists(self, rule: Rule) -> bool:
        concerned = any(self.targets[role] for role in ROLES if role in rule.on)
        return concerned and self.profile.supports(self.vendor(rule.area))

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Every absence that is checked by a call."""
        return checkable_refusals(self.profile, self.capabilities)

    @property
    def faults(self) -> list[str]:
        """What is wrong with the text of the rules."""
        return lint(self.catalogue, self.capabilities)

    @property
    def all_targets(self) -> list[Target]:
        """All targets, integrations first."""
        return [target for group in self.targets.values() for target in group]

    @property
    def subject(self) -> str:
        """What is tested, by its name and version."""
        return " ".join(filter(None, self.identity))

    @property
    def identity(self) -> tuple[str, str]:
        """The name and version of what is tested: the profile's, if it is its own."""
        if self.options.name:
            return self.options.name, self.options.release
        declared = set(self.profile.subjects or self.profile.vendors)
        judged = self.targets["service" if self.profile.subjects else "vendor"]
        connects = [target.connect for target in self.all_targets]
        if judged and declared.issuperset(target.connect for target in judged):
            return self.profile.name, self.profile.version
        return " and ".join(connects), ""

    def shown(self, target: str) -> str:
        """Return what people call a target: by its own name, unless it is ours."""
        foreign = {each.id: each for each in self.targets["service"] if _foreign(each)}
        if target not in foreign:
            return target
        declared = foreign[target].connect in self.profile.subjects
        own = self.profile.name if declared else "your integration"
        name = self.options.name or own
        return name if len(foreign) == 1 else f"{name} ({target})"

    def repeat(self, rule: str) -> str:
        """Return the whole command that judges one rule again, as now."""
        asked = self.options
        words = ["python", "-m", "strikeplate", "check", "--profile", asked.profile]
        words += [f"--subject={connect}" for connect in asked.subjects]
        words += [f"--vendor={connect}" for connect in asked.vendors]
        words += [f"--lock={lock}" for lock in asked.locks]
        for option in ("name", "release", "explore", "sweep"):
            if given := getattr(asked, option):
                words += [f"--{option}={given}"]
        words += [f"--seed={asked.seed}", f"--only={rule}"]
        return shlex.join(words)

    @property
    def description(self) -> str:
        """The configuration as the end of a headline."""
        names = (
            _listed([self.shown(target.id) for target in self.all_targets]) or "nobody"
        )
        only = f"; only {_listed(self.options.only)}" if self.options.only else ""
        return f"against {names}{only}; suite {version()}, seed {self.options.seed}"

    def header(self) -> Header:
        """Return the first line of the results."""
        return Header(
            subject=self.subject,
            profile=self.profile.profile,
            digest=self.profile.digest,
            suite=version(),
            seed=self.options.seed,
            start=instant(self.profile.clock.start),
            targets=tuple(target.id for target in self.all_targets),
            only=self.options.only,
        )


def resolve_config(options: Options) -> RunConfig:
    """Return the configuration that the options ask for."""
    catalogue = requirements.read(options.rules)
    capabilities = read_capabilities(options.rules)
    ids = [rule.id for rule in catalogue.rules]
    known_prefixes([parted(each)[0] for each in options.only], ids)
    known_titles(options.only, catalogue)
    vocabularies = vocabulary.read(options.rules)
    profile = load_profile(
        options.profile, capabilities, ids, credentials(vocabularies)
    )
    profile = replace(profile, locks=options.locks or profile.locks)
    targets = _targets(options, profile)
    return RunConfig(options, catalogue, capabilities, profile, vocabularies, targets)


def _targets(options: Options, profile: Profile) -> dict[Role, tuple[Target, ...]]:
    """Return the targets; an option for one role leaves the other out.

    Runs of our own fakes say nothing of somebody else's integration: they fall out.
    """
    if options.subjects or options.vendors:
        subjects, vendors = options.subjects, options.vendors
    else:
        subjects, vendors = profile.subjects, profile.vendors
    service = targets("service", subjects)
    if any(_foreign(target) for target in service):
        vendors = tuple(vendor for vendor in vendors if vendor != "fake")
    return {"service": service, "vendor": targets("vendor", vendors)}


def _foreign(target: Target) -> bool:
    """Say whether an integration is none of ours."""
    return target.kind in {"external", "http"} and target.address != REFERENCE


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def parted(only: str) -> tuple[str, str]:
    """Return the prefix of ids and the words of a title: `CON-11: another court`."""
    prefix, _, words = only.partition(":")
    return prefix.strip().upper(), words.strip()


def known_titles(only: Iterable[str], catalogue: RequirementCatalogue) -> None:
    """Return if each text chooses some scenario; Misuse if not."""
    for prefix, words in map(parted, only):
        rules = [rule for rule in catalogue.rules if rule.id.startswith(prefix)]
        titles = [scenario.name for rule in rules for scenario in rule.scenarios]
        if words and not any(words in title for title in titles):
            hint = suggest(words, titles)
            raise Misuse(f"no scenario of {prefix} has {words!r} in its title; {hint}")


def known_prefixes(only: Sequence[str], ids: Sequence[str]) -> None:
    """Return if each prefix begins some rule's id; Misuse if not."""
    for prefix in only:
        if not any(name.startswith(prefix) for name in ids):
            raise Misuse(f"no rule begins with {prefix!r}; {suggest(prefix, ids)}")
