"""Validate a rule: whether its vendor can carry it out (CON-03).

Invariants: what a vendor can do are the parts that it has. A rule that asks for more is
refused when it is made, with the reason and the fix.
"""

from __future__ import annotations

from typing import Final

from service.domain.booking import Trigger
from service.domain.errors import SemanticError
from service.domain.schedule import HOUR, MINUTE
from service.ports import LockVendor
from service.store.rules import StoredRule


def validate_rule(vendor: LockVendor, rule: StoredRule) -> None:
    """Raise `SemanticError` if the vendor cannot do all that the rule asks for."""
    for each in CHECKS:
        each(vendor, rule)


def _margin(vendor: LockVendor, rule: StoredRule) -> None:
    """Refuse a margin that is finer than the vendor's windows (IGL-03)."""
    step = vendor.planner.margin_step
    if rule.margin.fits(step):
        return
    side = "before" if rule.margin.before % step else "after"
    name = f"margin_{side}_minutes"
    unit = "hours" if step == HOUR else f"steps of {step // MINUTE} minutes"
    fix = f"{vendor.name} takes margins in whole {unit} only, as its locks count"
    raise SemanticError(name, getattr(rule, name), fix)


def _recurring(vendor: LockVendor, rule: StoredRule) -> None:
    """Refuse recurring keys that the vendor does not have, and grace without a key."""
    forms = vendor.recurring.forms if vendor.recurring else ()
    if rule.recurring is not None and rule.recurring not in forms:
        known = ", ".join(forms) or "none; leave it out"
        fix = f"{vendor.name} has recurring keys of these forms: {known}"
        raise SemanticError("recurring", rule.recurring, fix)
    if rule.grace_minutes and rule.recurring is None:
        fix = "minutes of grace belong to recurring keys; choose a form, or margins"
        raise SemanticError("grace_minutes", rule.grace_minutes, fix)


def _returning(vendor: LockVendor, rule: StoredRule) -> None:
    """Refuse terms about keys where the vendor keeps none."""
    if vendor.keys is not None:
        return
    for name in ("return_grace_minutes", "overdue_after_minutes", "report_returns"):
        if value := getattr(rule, name):
            fix = f"{vendor.name} keeps no keys that could be late; leave it out"
            raise SemanticError(name, value, fix)


def _remade(vendor: LockVendor, rule: StoredRule) -> None:
    """Refuse to have codes made anew where nobody sees which there are (CON-13)."""
    if rule.remake_codes and vendor.revocation is None:
        fix = f"{vendor.name} does not show which codes a lock has; leave it out"
        raise SemanticError("remake_codes", rule.remake_codes, fix)


def _members(vendor: LockVendor, rule: StoredRule) -> None:
    """Refuse access by community that would not end with it, and what it has not."""
    if rule.trigger != Trigger.STARTED:
        return
    if vendor.renewed_every is None:
        fix = (
            f"{vendor.name} gives no access that lasts as long as a membership and "
            "ends with it; map bookings to its locks instead"
        )
        raise SemanticError("community", rule.resource, fix)
    for name in NOT_FOR_MEMBERS:
        if value := getattr(rule, name):
            fix = "a membership has no times to count from; leave it out"
            raise SemanticError(name, value, fix)


def _options(vendor: LockVendor, rule: StoredRule) -> None:
    """Refuse a way in that the vendor does not offer (EXV-05)."""
    known = vendor.options
    for option in rule.options:
        if option not in known:
            offered = ", ".join(known) or "none; leave it out"
            fix = f"{vendor.name} offers these further ways in: {offered}"
            raise SemanticError("options", option, fix)


NOT_FOR_MEMBERS: Final = (
    "send_hours_before",
    "margin_before_hours",
    "margin_before_minutes",
    "margin_after_hours",
    "margin_after_minutes",
    "recurring",
)
CHECKS: Final = (_members, _margin, _recurring, _returning, _remade, _options)
