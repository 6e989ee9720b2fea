"""Verdicts: what can be said of a scenario run and of a rule. Pure.

    untested < not-applicable < pass < warn < inconclusive < fail < error

A rule's verdict is the worst of its runs', so merging only ever raises. There is
no "skip": whoever cannot judge says why, by one of the exceptions below.

    Unjudged
     +- Inconclusive    the judgement could not be reached
     +- NotApplicable   the rule does not concern this target
    HarnessFault        our own machinery is broken; never the subject's fault
    Misuse              what was asked for cannot be done; names the value and the fix
"""

from __future__ import annotations

from enum import Enum
from functools import reduce
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Verdict(Enum):
    """One of seven verdicts, from the mildest to the worst."""

    UNTESTED = "untested"
    NOT_APPLICABLE = "not-applicable"
    PASS = "pass"  # noqa: S105 - a verdict, no password
    WARN = "warn"
    INCONCLUSIVE = "inconclusive"
    FAIL = "fail"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """The place in the order, 0 for the mildest."""
        return _ORDER[self]

    @property
    def judged(self) -> bool:
        """True when something was tested."""
        return self.rank >= Verdict.PASS.rank

    @property
    def decided(self) -> bool:
        """True when it was seen whether the rule holds."""
        return self in _DECIDED

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Verdict):
            return NotImplemented
        return self.rank < other.rank


_DECIDED = frozenset({Verdict.PASS, Verdict.WARN, Verdict.FAIL})
_ORDER = {verdict: rank for rank, verdict in enumerate(Verdict)}

MEANING = {
    Verdict.PASS: "all checks held",
    Verdict.FAIL: "a MUST was broken",
    Verdict.WARN: "a SHOULD was not met",
    Verdict.INCONCLUSIVE: "could not be brought to a judgement",
    Verdict.NOT_APPLICABLE: "does not concern what was judged",
    Verdict.UNTESTED: "no scenario looks at it yet",
    Verdict.ERROR: "the harness or the profile is at fault",
}


def merge(one: Verdict, other: Verdict) -> Verdict:
    """Return the worse of two verdicts."""
    return max(one, other)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst verdict; `untested` for none."""
    return reduce(merge, verdicts, Verdict.UNTESTED)


class Unjudged(Exception):  # noqa: N818 - an outcome, no error
    """No verdict could be reached; the text is the reason."""

    verdict: Verdict

    def __init__(self, reason: str) -> None:
        if not reason.strip():
            message = f"{type(self).__name__} needs a reason: say what was missing"
            raise HarnessFault(message)
        super().__init__(reason)


class Inconclusive(Unjudged):
    """The scenario could not reach a verdict."""

    verdict = Verdict.INCONCLUSIVE


class NotApplicable(Unjudged):
    """The scenario does not apply to the target."""

    verdict = Verdict.NOT_APPLICABLE


class Misuse(ValueError):  # noqa: N818 - ours to explain, not to mend
    """What was asked for cannot be done; the text names the value and the fix."""


class HarnessFault(Exception):  # noqa: N818 - a verdict on ourselves
    """The harness, its fakes or its adapters failed; the subject is not to blame."""


ENDED_BY_CLOCK = (
    "libfaketime has ended the process, two of whose threads read the time at once; "
    "nothing was judged"
)
"""Such a fault; the scenario is played once more."""
