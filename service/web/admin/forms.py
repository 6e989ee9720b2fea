"""Forms: fields as tables, what was typed as a body of the API, and what is wrong.

The fields stand in `fields.toml`, but for those that follow from a vendor.

Invariants: a form holds no rule. What was typed becomes the very body that the API
takes, and what the API refuses is shown beside the field that it names. What was typed
stays in the form, except what is secret.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import cache
from importlib import resources
from itertools import groupby
from typing import Any, Final, TypeVar

from flask import Response, request
from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MultiDict

from service.domain.errors import DomainError
from service.ports import VendorError
from service.store.store import StoreUnavailable
from service.web.validation import Problem, problem_of, problem_of_validation

Typed = MultiDict[str, str]
Body = dict[str, Any]  # JSON, nested where a field's name has a dot

Model = TypeVar("Model", bound=BaseModel)

REFUSED: Final = (Problem, DomainError, VendorError, StoreUnavailable)
"""What a form shows beside its fields; anything else is no matter of the form."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One field; `kind` names its control in `parts.html` and its reader in `READERS`.

    `name` is that of the API's field, with a dot where that lies in another. `choices`
    are values with their phrases or, with `names`, with names of things. `text` and
    `hint` are phrases, to be translated.
    """

    name: str
    text: str
    kind: str = "text"
    hint: str = ""
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    autocomplete: str = "off"
    pair: str = ""
    names: bool = False


Choices = tuple[tuple[str, str], ...]


def fields_of(form: str, **choices: Choices) -> tuple[FormField, ...]:
    """Return the fields of the form, with what can be chosen in some of them."""
    return tuple(
        FormField(name, **field, choices=choices.get(name, ()))
        for name, field in _fields()[form].items()
    )


@cache
def _fields() -> dict[str, dict[str, Any]]:  # what `FormField` takes
    file = resources.files(__package__).joinpath("fields.toml")
    return tomllib.loads(file.read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Form:
    """The fields with what stands in them, and what is wrong with it."""

    fields: tuple[FormField, ...]
    values: Mapping[str, Any] = field(default_factory=dict)  # text, flag or names
    errors: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""

    @property
    def groups(self) -> list[list[FormField]]:
        """Return the fields in rows: those of one `pair` stand side by side."""
        keyed = groupby(self.fields, lambda each: each.pair or each.name)
        return [list(group) for _, group in keyed]

    def of(self, name: str) -> Any:  # as `values`
        """Return what stands in the field."""
        return self.values.get(name)


def _text(typed: Typed, name: str) -> str | None:
    return typed.get(name, "").strip() or None


def _number(typed: Typed, name: str) -> int | str | None:
    """Return the number; a text that is none goes on, and is refused with the fix."""
    text = _text(typed, name)
    return int(text) if text and text.lstrip("-").isdecimal() else text


def _area(typed: Typed, name: str) -> str:
    return typed.get(name, "").replace("\r\n", "\n")


READERS: Final[Mapping[str, Callable[[Typed, str], Any]]] = {
    "text": _text,
    "email": _text,
    "secret": _text,
    "choice": _text,
    "moment": _text,
    "number": _number,
    "area": _area,
    "check": lambda typed, name: name in typed,
    "choices": lambda typed, name: typed.getlist(name),
}
"""How each kind of field is read; None stands for one that was left empty."""


def typed_in(fields: tuple[FormField, ...]) -> Body:
    """Return what was typed as a body; empty fields are left out."""
    body: Body = {}
    for each in fields:
        value = READERS[each.kind](request.form, each.name)
        if value is None:
            continue
        *outer, name = each.name.split(".")
        place = body
        for part in outer:
            place = place.setdefault(part, {})
        place[name] = value
    return body


def body_of(model: type[Model], body: Body) -> Model:
    """Return the API's body, or the problem that names each wrong field."""
    try:
        return model.model_validate(body, strict=False)
    except ValidationError as error:
        raise problem_of_validation(error, silent=("credentials",)) from None


def submit(
    fields: tuple[FormField, ...],
    act: Callable[[Body], Response],
    render: Callable[[Form, int], Response],
) -> Response:
    """Return the answer to the act, or the form again with what is wrong."""
    try:
        return act(typed_in(fields))
    except REFUSED as error:
        problem = problem_of(error)
        return render(refused(fields, problem), problem.status)


def refused(fields: tuple[FormField, ...], problem: Problem) -> Form:
    """Return the form as it was sent, with what the problem says of each field."""
    names = {each.name for each in fields}
    errors: dict[str, str] = {}
    others = []
    for error in problem.errors:
        name, fix = str(error["field"]), str(error["fix"])
        found = name if name in names else name.split(".", maxsplit=1)[0]
        if found in names:
            errors.setdefault(found, fix)
        else:
            others.append(fix)
    values = {
        each.name: READERS[each.kind](request.form, each.name)
        for each in fields
        if each.kind != "secret"
    }
    said = "" if errors and not others else problem.detail
    return Form(fields, values, errors, said)


def at_lock(text: object, zone: tzinfo) -> object:
    """Return the instant that a person at the lock means, as far as it is one."""
    try:
        return datetime.fromisoformat(str(text)).replace(tzinfo=zone)
    except ValueError:
        return text
