"""The latest answer of the subject or of the vendor, and what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_bdd import given, then

from features.steps.parameter_types import RANGES, rows, step
from strikeplate.platforms.standard import StandardFormat

if TYPE_CHECKING:
    from collections.abc import Callable

    from strikeplate.context import ScenarioContext
    from strikeplate.http import Answer

SUCCESS, REFUSAL = (frozenset(RANGES[name]) for name in ("a success", "a refusal"))
FAILURE = frozenset(range(500, 600))
VENDORS, EVERY = "the vendor's answer", "every answer"
REASONS = ("reason", "error", "message", "detail", "title")
"""The fields of a JSON answer that may hold the reason."""

CHECKS: dict[str, Callable[[str, str], bool]] = {
    "begins with": str.startswith,
    "holds": lambda found, text: text in found,
    "lacks": lambda found, text: text not in found,
    "is made of": lambda found, _digits: found.isdigit(),
}


def answers(
    ctx: ScenarioContext, vendor_answers: list[Answer], which: str
) -> list[Answer]:
    """Return the answers that a step checks."""
    if which == VENDORS:
        assert vendor_answers, "the vendor was asked nothing"
        return vendor_answers[-1:]
    return ctx.platform.answers if which == EVERY else [ctx.answer]


@given(step("{which:Answer} is {status:Status}"))
@then(step("{which:Answer} is {status:Status}"))
def answer_is(
    ctx: ScenarioContext,
    vendor_answers: list[Answer],
    which: str,
    status: frozenset[int],
) -> None:
    allowed = status if which == VENDORS or _ours(ctx) else allowed_elsewhere(status)
    wanted = _named(allowed)
    for found in answers(ctx, vendor_answers, which):
        text = f"{which} is {found.status}, not {wanted}: {found.text[:120]}"
        assert found.status in allowed, text


def _ours(ctx: ScenarioContext) -> bool:
    """Say whether events are told in our own format, whose answers are documented."""
    return isinstance(ctx.platform.format, StandardFormat)


def allowed_elsewhere(status: frozenset[int]) -> frozenset[int]:
    """Return what another format may answer by, since no source names a status.

    What must be refused is refused somehow, also as an error where the vendor cannot be
    asked; what must be taken, or is known already, is anything but an error of its own.
    """
    if status & FAILURE:
        return REFUSAL | FAILURE
    return REFUSAL if status <= REFUSAL else SUCCESS | REFUSAL


def _named(status: frozenset[int]) -> str:
    """Return statuses as a person names them: whole classes by their first digit."""
    classes = {each // 100 for each in status}
    if len(status) > 10:
        return " or ".join(f"{each}xx" for each in sorted(classes))
    return " or ".join(map(str, sorted(status)))


@then(step('the answer says "{word}"'))
def answer_says(ctx: ScenarioContext, word: str) -> None:
    text = ctx.answer.text
    assert word.lower() in text.lower(), f"it does not say {word!r}: {text[:160]}"


@then(step("{which:Answer} says why"))
def answer_says_why(
    ctx: ScenarioContext, vendor_answers: list[Answer], which: str
) -> None:
    if which != VENDORS and not _ours(ctx):
        return  # in which words another format says so is its own affair
    for found in answers(ctx, vendor_answers, which):
        payload = found.json()
        text = not isinstance(payload, dict) and not found.ok and found.text.strip()
        reasons = payload if isinstance(payload, dict) else {}
        said = text or any(map(reasons.get, REASONS))
        assert said, f"{which} gives no reason: {found.status} {found.text[:120]}"


@then(step("{which:Answer} shows"))
def answer_shows(
    ctx: ScenarioContext,
    vendor_answers: list[Answer],
    which: str,
    datatable: list[list[str]],
) -> None:
    for found in answers(ctx, vendor_answers, which):
        for row in rows(datatable):
            _hold(found.json(), row)


def _hold(payload: Any, row: dict[str, str]) -> None:
    """Check one field of an answer: each further column of the row names a check."""
    field, *checks = row
    found = payload.get(row[field])
    assert isinstance(found, str), f"the answer has no text {row[field]!r}"
    for check in checks:
        text = row[check].strip('"')
        assert CHECKS[check](found, text), f"{row[field]} {check} {text!r}: not so"
