"""It sends mails where the rule says SMS."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.domain.rules import Channel
from service.store.rules import StoredRule

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"MSG-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = StoredRule.rule.fget
    by_mail = property(lambda stored: replace(real(stored), channel=Channel.EMAIL))
    patch.setattr(StoredRule, "rule", by_mail)
