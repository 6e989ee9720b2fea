"""A booking's message is sent once for its times, whatever code it has by now."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from service.store.messages import MessageKind
from service.use_cases import plan_messages

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-13"}


def apply(patch: pytest.MonkeyPatch) -> None:
    plan_of: Any = vars(plan_messages)["_MessagePlan"]
    whole: Any = plan_of.fingerprint

    def fingerprint(plan: Any) -> str:
        if plan.kind is not MessageKind.CODE:
            return str(whole.fget(plan))
        details = plan.booking.details
        ends = str(details.start), str(details.end)
        about = (*details.resources, *ends, details.weekdays)
        reached = (plan.rule_id, plan.reader, plan.channel, plan.recipient)
        return json.dumps([*reached, *about])

    patch.setattr(plan_of, "fingerprint", property(fingerprint))
