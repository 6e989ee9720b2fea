"""Collecting: from pytest's items to trials, one per scenario, row and target."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, cast

import pytest

from strikeplate import guards
from strikeplate.record import Run
from strikeplate.trial import Trial
from strikeplate.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from strikeplate.capability import Refusal
    from strikeplate.setting import Setting
    from strikeplate.target import Target

PROFILE_AREA = "profile"
"""The area under which the profile's own claims are checked."""


def parametrise(metafunc: pytest.Metafunc, setting: Setting) -> None:
    """Ask for one run per target; for none, where nobody must obey."""
    found = _targets(metafunc, setting) or [None]
    names = [target.id if target else "nobody" for target in found]
    metafunc.parametrize("target", found, ids=names, indirect=True, scope="session")
    if "refusal" in metafunc.fixturenames:
        claims = setting.refusals or (None,)
        titles = [claim.capability.name if claim else "nothing" for claim in claims]
        metafunc.parametrize("refusal", claims, ids=titles, indirect=True)


def faults(items: Sequence[pytest.Item], setting: Setting) -> list[str]:
    """Return everything that keeps the rules from being judged by."""
    functions = [item for item in items if isinstance(item, pytest.Function)]
    strays = sorted({item.name for item in items if _is_stray(item)})
    found = [f"{name}: is no scenario; tests belong in tests/" for name in strays]
    root = setting.options.rules
    return setting.faults + found + guards.faults(functions, setting.register, root)


def trials(
    items: Sequence[pytest.Item], setting: Setting
) -> list[tuple[pytest.Item, Trial]]:
    """Return the items to run, each with its trial, in the order they are run in.

    Items without a target fall out.
    """
    found = [(item, trial) for item in items for trial in _trial(item, setting)]
    if setting.options.shuffle is not None:
        order = random.Random(setting.options.shuffle)  # noqa: S311 - no secret
        order.shuffle(found)
        # One target after the other all the same: each is started once.
        found.sort(key=lambda pair: pair[1].blank.target)
    return found


def _targets(metafunc: pytest.Metafunc, setting: Setting) -> Sequence[Target | None]:
    scenario = guards.template(metafunc.function)
    if scenario is None:
        return setting.targets["service"]
    found = setting.register.by_scenario.get(
        guards.place(scenario, setting.options.rules)
    )
    return setting.concerns(*found) if found else ()


def _trial(item: pytest.Item, setting: Setting) -> Iterator[Trial]:
    function = cast("pytest.Function", item)
    params = function.callspec.params
    target = cast("Target | None", params["target"])
    if target is None:
        return
    scenario = guards.template(function.function)
    if scenario is None:
        if claim := cast("Refusal | None", params.get("refusal")):
            yield _claim(claim, target)
        return
    place = guards.place(scenario, setting.options.rules)
    rule, evidence = setting.register.by_scenario[place]
    if setting.chosen(rule.id):
        yield Trial(
            blank=Run(
                rule=rule.id,
                area=rule.area,
                scenario=evidence.name,
                example=dict(guards.example(function)),
                target=target.id,
                verdict=Verdict.UNTESTED,
            ),
            level=rule.level,
            lacks=setting.lack(rule, evidence),
        )


def _claim(claim: Refusal, target: Target) -> Trial:
    name = f"needs-{claim.capability.name}"
    untested = Verdict.UNTESTED
    return Trial(Run(name, PROFILE_AREA, claim.title, {}, target.id, untested), "MUST")


def _is_stray(item: pytest.Item) -> bool:
    if not isinstance(item, pytest.Function):
        return True
    return guards.template(item.function) is None and "refusal" not in item.fixturenames
