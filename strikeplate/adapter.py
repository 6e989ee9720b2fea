"""What a profile's TOML cannot say, in Python: `adapter = "mine.py:Mine"`.

    from strikeplate.adapter import Answer, Delivery, Message

A profile names a class, in a file beside it. Its methods are those of `Adapter`; it has
as many of them as it needs, and what it leaves out is done as the profile says. It is
made once, without arguments; `start` is called whenever the integration has started.

Invariants: what an adapter raises is its own fault and fails no rule. `NoAnswer` alone
says that the integration did not answer.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from strikeplate.http import Answer, NoAnswer
from strikeplate.http_inbox import Posted as Message
from strikeplate.platforms.standard import Booking, Delivery, Event
from strikeplate.toml_file import suggest
from strikeplate.verdict import HarnessFault, Misuse, Unjudged

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

__all__ = ["Adapter", "Answer", "Booking", "Delivery", "Event", "Message", "NoAnswer"]


class Adapter(Protocol):
    """Every method that an adapter may have; none of them is needed."""

    def start(self, places: Mapping[str, Any]) -> None:
        """Prepare the integration, which has just started with all doors hung.

        `places` is what templates see: `places["folder"]`, `places["url"]`,
        `places["doors"]["court-1"].vendor_id`, `places["nuki"].api_token`.
        """

    def stop(self) -> None:
        """End what `start` began; the integration is about to be stopped."""

    def kinds(self) -> Iterable[str]:
        """Return the kinds of event that `calls` can tell, such as "confirmed"."""

    def calls(self, event: Event, at: datetime) -> Iterable[Delivery]:
        """Return the calls that tell an event, in their order, as sent at an instant.

        The resource of `event.booking` is what the platform calls it. A call may be
        made again, late, or by several senders at once.
        """

    def deliver(self, delivery: Delivery) -> Answer:
        """Bring one call to the integration, and return what it answered.

        Raise `NoAnswer` where it did not. `Answer(202, {}, b"")` says: it was taken.
        """

    def messages(self) -> Iterable[Message]:
        """Return all messages since the start, oldest first: `Message(to, text)`.

        `to` is a mail address or a phone number, as `event.booking.customer` has it.
        """

    def set_time(self, now: datetime) -> None:
        """Set its clock, where `[clock] control` is "adapter"; `now` is in UTC."""


METHODS = tuple(name for name in vars(Adapter) if name[0] != "_")
LISTS = ("kinds", "calls", "messages")
"""The methods that may yield what they return."""


@dataclass(frozen=True)
class Loaded:
    """The adapter of a profile."""

    name: str
    made: object

    def has(self, method: str) -> bool:
        """Say whether it has a method."""
        return hasattr(self.made, method)

    def __call__(self, method: str, *given: object) -> Any:  # as its methods return
        """Call a method, if it is there."""
        try:
            found = getattr(self.made, method, _nothing)(*given)
            found = [*found] if method in LISTS else found
        except (NoAnswer, Unjudged):
            raise
        except Exception as broken:  # somebody else's code raises what it likes
            text = f"adapter {self.name}.{method}: {type(broken).__name__}: {broken}"
            raise HarnessFault(text) from broken
        return found


def _nothing(*_given: object) -> tuple[()]:
    """Stand for a method that an adapter does not have."""
    return ()


def load(named: str, folder: Path) -> Loaded:
    """Return the adapter that "mine.py:Mine" names; `Misuse` says what is wrong."""
    file, _, name = named.partition(":")
    path = folder / file
    spec = importlib.util.spec_from_file_location(f"adapter_{path.stem}", path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise Misuse(f'adapter = "{named}": there is no {path}; write "mine.py:Mine"')
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        kind = getattr(module, name, None)
        made = kind() if isinstance(kind, type) else None
    except Exception as broken:  # likewise when its module is loaded
        text = f'adapter = "{named}": {type(broken).__name__}: {broken}'
        raise Misuse(text) from broken
    if made is None:
        classes = [each for each, value in vars(module).items() if type(value) is type]
        text = f'adapter = "{named}": there is no class {name!r}'
        raise Misuse(f"{text}; {suggest(name, classes)}")
    for method in (each for each in dir(made) if each[0] != "_"):
        if callable(getattr(made, method)) and method not in METHODS:
            hint = suggest(method, METHODS)
            raise Misuse(f'adapter = "{named}": it has no use for {method!r}; {hint}')
    return Loaded(name, made)
