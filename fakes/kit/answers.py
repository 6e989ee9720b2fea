"""What a vendor's view takes and answers, declared beside it for its document.

Routes and the documents' maker both need it, and the maker must not be imported by
routes, so it is a file of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

View = TypeVar("View", bound=Callable[..., Any])
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


class Answered(NamedTuple):
    """The status of a success, and the type of its JSON body; None: it has no body."""

    status: int
    shape: Any  # any type that pydantic has a JSON Schema for


def answers(shape: Any, status: int | None = None) -> Callable[[View], View]:
    """Declare a view's answer: 200 with this body, or 204 without one."""
    declared = Answered(status or (204 if shape is None else 200), shape)

    def on(view: View) -> View:
        view.answered = declared  # type: ignore[attr-defined]  # a function takes any
        return view

    return on


def answered(view: Callable[..., Any]) -> Answered | None:
    """Return what a view was declared to answer."""
    found: Answered | None = getattr(view, "answered", None)
    return found


class Taken(NamedTuple):
    """The media type and the type of the body that a view takes."""

    media: str
    shape: Any  # any type that pydantic has a JSON Schema for


def takes(shape: Any, media: str = JSON) -> Callable[[View], View]:
    """Declare a body that the view reads by hand; one that it maps is found so."""
    declared = Taken(media, shape)

    def on(view: View) -> View:
        view.taken = declared  # type: ignore[attr-defined]  # a function takes any
        return view

    return on


def taken(view: Callable[..., Any]) -> Taken | None:
    """Return what a view was declared to take."""
    found: Taken | None = getattr(view, "taken", None)
    return found
