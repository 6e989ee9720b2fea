"""The owner's actions at an external subject, by the calls of `[api]` in its profile.

A call sees the ids that the action is about (`{{ connection.id }}`, `{{ booking.id }}`,
`{{ rule.id }}`), and in `given` the JSON that the reference service would be sent. What
it saves are the fields that steps look at, named as the reference service names them;
a call that saves nothing is answered so already.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jmespath

from strikeplate.http import Answer
from strikeplate.profiles.templates import Namespace
from strikeplate.subjects.admin_client import ApiAdminClient
from strikeplate.verdict import NotApplicable

if TYPE_CHECKING:
    from strikeplate.subjects.declared import DeclaredSubject


class DeclaredApi(ApiAdminClient):
    """The owner's actions, each the call that a profile declares for it."""

    def __init__(self, subject: DeclaredSubject) -> None:
        super().__init__(subject.call, subject.fakes)
        self._subject = subject

    def ask(
        self, action: str, method: str, path: str, data: Any = None, **seen: str
    ) -> Answer:
        """Return the answer to an action, its fields named as steps name them."""
        del method, path
        call = self._subject.profile.api.get(action)
        if call is None:
            raise NotApplicable(f"[api] of its profile has no {action!r}")
        named = {name: Namespace(name, {"id": known}) for name, known in seen.items()}
        values = self._subject.values(given=data or {}, **named)
        answer = self._subject.calls.make(call, values)
        if not (call.save and answer.ok):
            return answer
        found = answer.json()
        fields = {name: jmespath.search(at, found) for name, at in call.save.items()}
        return Answer(answer.status, answer.headers, json.dumps(fields).encode())
