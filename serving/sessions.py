"""Who may use pages: one-time keys, and the sessions that they start.

Invariants: a key starts one session and is then unknown; the oldest of too many dies.
A session lives in this process's memory: it ends with the process. Neither is logged.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from typing import Any

KEYS_KEPT = 20
SESSIONS_KEPT = 50
BYTES = 18


@dataclass(frozen=True)
class Notice:
    """What the next page says first: a tone (good, warn, bad, busy), and the words."""

    tone: str
    title: str
    text: str = ""
    ran: tuple[Any, ...] = ()
    """What ran while the clock was moved."""


@dataclass
class Session:
    """One browser that has signed in."""

    token: str = field(repr=False)
    csrf: str = field(repr=False)
    notices: list[Notice] = field(default_factory=list)

    def allows(self, csrf: str) -> bool:
        """Whether a form carries the token of this session."""
        return hmac.compare_digest(csrf.encode(), self.csrf.encode())

    def take_notices(self) -> list[Notice]:
        """Return what is to be said, once."""
        taken, self.notices = self.notices, []
        return taken


class Sessions:
    """The keys that were given out, and the sessions that last."""

    def __init__(self) -> None:
        self._keys: dict[str, None] = {}
        self._sessions: dict[str, Session] = {}

    def new_key(self) -> str:
        """Return a key that starts one session."""
        key = secrets.token_urlsafe(BYTES)
        self._keys[key] = None
        _bound(self._keys, KEYS_KEPT)
        return key

    def redeem(self, key: str) -> Session | None:
        """Return the session that a key starts; None if it is not known any more."""
        if self._keys.pop(key, key) is not None:
            return None
        return self.start()

    def start(self) -> Session:
        """Return a new session."""
        session = Session(secrets.token_urlsafe(BYTES), secrets.token_urlsafe(BYTES))
        self._sessions[session.token] = session
        _bound(self._sessions, SESSIONS_KEPT)
        return session

    def find(self, token: str | None) -> Session | None:
        """Return the session of a cookie."""
        return self._sessions.get(token or "")

    def end(self, session: Session) -> None:
        """End a session."""
        self._sessions.pop(session.token, None)


def _bound(kept: dict[str, Any], most: int) -> None:
    while len(kept) > most:
        kept.pop(next(iter(kept)), None)
