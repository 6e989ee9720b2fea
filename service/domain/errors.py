"""What the domain refuses, and why.

Every message says what was wrong, the value, and what would be right. None holds a
PIN or a customer's data.
"""

from __future__ import annotations


class DomainError(ValueError):
    """Something a rule of the domain refuses; its text is meant for people."""

    @property
    def reason(self) -> str:
        """Return the sentence that says what was wrong and what would be right."""
        return str(self)


class NoWindow(DomainError):  # noqa: N818 (it reads as what it says)
    """No kind of code covers the time asked for (IGL-07)."""


class NoVariant(DomainError):  # noqa: N818
    """No further code exists for this lock and this window (IGL-12)."""


class NoPin(DomainError):  # noqa: N818
    """Chance found no PIN that the lock does not have already (NUK-02)."""


class NotWholeHours(DomainError):  # noqa: N818
    """A margin that is not a whole number of hours, 0 or more (IGL-03)."""


class SemanticError(DomainError):
    """A well-formed event that cannot be true; names field, value and fix."""

    def __init__(self, field: str, value: object, fix: str) -> None:
        super().__init__(f"{field} is {value!s}: {fix}")
        self.field = field
        self.value = str(value)
        self.fix = fix


class BadTemplate(DomainError):  # noqa: N818
    """A template that cannot be rendered; names the placeholder (MSG-03)."""


class NotPossible(DomainError):  # noqa: N818
    """A step that an access of this status cannot take; nothing has changed."""
