"""Which scenarios run against which target, and what prevents a run.

Each scenario runs once per target that it concerns. One that needs what the target does
not have gets its run as well, which then says so.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, cast

import pytest

from strikeplate import bdd_guards
from strikeplate.days import instants_in
from strikeplate.results import RunResult
from strikeplate.scenario_run import ScenarioRun
from strikeplate.verdict import NotApplicable, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from strikeplate.config import RunConfig
    from strikeplate.profile import Refusal
    from strikeplate.subjects import Target

PROFILE_AREA = "profile"
"""The area of the checks of the profile's own claims."""


def parametrise(metafunc: pytest.Metafunc, run_config: RunConfig) -> None:
    """Parametrise with one run per target, or none if no target must obey."""
    found = _targets(metafunc, run_config) or [None]
    names = [target.id if target else "nobody" for target in found]
    metafunc.parametrize("target", found, ids=names, indirect=True, scope="session")
    if "refusal" in metafunc.fixturenames:
        claims = run_config.refusals or (None,)
        titles = [claim.capability.name if claim else "nothing" for claim in claims]
        metafunc.parametrize("refusal", claims, ids=titles, indirect=True)


def collection_faults(items: Sequence[pytest.Item], run_config: RunConfig) -> list[str]:
    """Return every fault of the rules that prevents a run."""
    functions = [item for item in items if isinstance(item, pytest.Function)]
    strays = sorted({item.name for item in items if _is_stray(item)})
    found = [f"{name}: is no scenario; tests belong in tests/" for name in strays]
    root = run_config.options.rules
    return (
        run_config.faults
        + found
        + bdd_guards.faults(functions, run_config.catalogue, root)
    )


def scenario_runs(
    items: Sequence[pytest.Item], run_config: RunConfig
) -> list[tuple[pytest.Item, ScenarioRun]]:
    """Return the items to run in their order, each with its scenario run.

    Items without a target fall out.
    """
    found = [
        (item, scenario_run)
        for item in items
        for scenario_run in _scenario_run(item, run_config)
    ]
    if run_config.options.shuffle is not None:
        order = random.Random(run_config.options.shuffle)  # noqa: S311 - no secret
        order.shuffle(found)
        # One target after the other all the same: each is started once.
        found.sort(key=lambda pair: pair[1].blank.target)
    return found


def _targets(
    metafunc: pytest.Metafunc, run_config: RunConfig
) -> Sequence[Target | None]:
    scenario = bdd_guards.template(metafunc.function)
    if scenario is None:
        return run_config.targets["service"]
    found = run_config.catalogue.by_scenario.get(
        bdd_guards.place(scenario, run_config.options.rules)
    )
    return run_config.concerns(*found) if found else ()


def _scenario_run(item: pytest.Item, run_config: RunConfig) -> Iterator[ScenarioRun]:
    function = cast("pytest.Function", item)
    params = function.callspec.params
    target = cast("Target | None", params["target"])
    if target is None:
        return
    scenario = bdd_guards.template(function.function)
    if scenario is None:
        if claim := cast("Refusal | None", params.get("refusal")):
            yield _claim(claim, target)
        return
    place = bdd_guards.place(scenario, run_config.options.rules)
    rule, evidence = run_config.catalogue.by_scenario[place]
    if not run_config.chosen(rule.id, evidence.name):
        return
    row = dict(bdd_guards.example(function))
    blank = RunResult(
        rule=rule.id,
        area=rule.area,
        scenario=evidence.name,
        example=row,
        target=target.id,
        verdict=Verdict.UNTESTED,
    )
    lacks, bound = run_config.not_applicable_reason(rule, evidence), {}
    if lacks is None and target.role == "service":
        try:
            bound = run_config.bound(rule, evidence, row)
        except NotApplicable as reason:
            lacks = str(reason)
    written = instants_in(evidence.texts(row))
    yield ScenarioRun(blank, rule.level, lacks, bound, written)


def _claim(claim: Refusal, target: Target) -> ScenarioRun:
    name = f"needs-{claim.capability.name}"
    untested = Verdict.UNTESTED
    return ScenarioRun(
        RunResult(name, PROFILE_AREA, claim.title, {}, target.id, untested), "MUST"
    )


def _is_stray(item: pytest.Item) -> bool:
    if not isinstance(item, pytest.Function):
        return True
    return (
        bdd_guards.template(item.function) is None
        and "refusal" not in item.fixturenames
    )
