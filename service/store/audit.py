"""The audit trail: who saw, made or took away which code, and who let whom in.

Invariants: an entry is stored before its caller has the answer, so no code is shown
without one. Entries hold ids and names of accounts, never a code. Nothing changes an
entry; old ones go with other old records (`retention.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Final

import sqlalchemy as sa

from service.ids import new_id
from service.store.database import Tx
from service.store.table_gateway import TableGateway
from service.store.tables import stored_in


class Action(StrEnum):
    """What was done."""

    CODE_SEEN = "code seen"
    MASTER_CODE_SEEN = "master code seen"
    RETURN_CODE_SEEN = "return code seen"
    CODE_ORDERED = "code ordered by hand"
    CODE_REISSUED = "code made anew"
    CODE_REMOVED = "code taken away"
    TOKEN_MADE = "token made"  # noqa: S105 (these four are no passwords)
    TOKEN_ROTATED = "token rotated"  # noqa: S105 - no secret
    TOKEN_REVOKED = "token revoked"  # noqa: S105 - no secret
    SIGNED_IN = "signed in"
    SIGN_IN_REFUSED = "sign-in refused"


@stored_in("audit", sa.Index(None, "at"), sa.Index(None, "subject"))
class Entry:
    """One action of one actor, such as `token:reception` or `command line`.

    `subject` is the id of the access or lock, or the name of the token or account.
    """

    id: str
    at: datetime
    actor: str
    action: str
    subject: str


GATEWAY: Final = TableGateway(Entry)
page: Final = GATEWAY.page


def add(
    tx: Tx, now: datetime, actor: str, action: Action, subjects: Iterable[str]
) -> None:
    """Add an entry for each subject."""
    GATEWAY.add_all(
        tx,
        [
            Entry(new_id("aud", now), now, actor, action.value, each)
            for each in subjects
        ],
    )
