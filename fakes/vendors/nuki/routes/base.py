"""What all paths share: the blueprint, the form of answers and refusals, look-ups.

Invariants: a refusal whose body was never observed has the body that quirk
`other-errors` says. An accepted order is answered with an empty 204. A path that is not
served is 404, as `COVERAGE.md` lists them; a wrong method on one that is served is 405.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from flask import Blueprint, current_app, request
from werkzeug import Response
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from fakes.kit.dispatch import answer, current_world, note
from fakes.vendors.nuki.errors import Refused, refused
from fakes.vendors.nuki.state import NAME, Auth, Device, quirk, state_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fakes.kit.world import World
    from fakes.vendors.nuki.schemas import Shape
    from fakes.vendors.nuki.state import Key


routes = Blueprint("nuki", __name__)
T = TypeVar("T")
NOT_FOUND = 404
EVERY_METHOD = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@routes.errorhandler(Refused)
def show_refusal(refusal: Refused) -> Response:
    """Answer a refusal in the vendor's own shape."""
    empty = not refusal.known and quirk(current_world(), "other-errors") == "empty"
    body = None if empty else refusal.body
    return answer(refusal.status, body, refusal.headers)


def shown(shape: Shape) -> Response:
    """Answer with one object."""
    return answer(200, shape.wire())


def listed(rows: Iterable[Shape]) -> Response:
    """Answer with a list."""
    return answer(200, [shape.wire() for shape in rows])


def accepted() -> Response:
    """Answer that it is valid and will be done, or is done."""
    return Response(status=204)


def device(world: World, smartlock_id: int) -> Device:
    """Return a lock of the account."""
    found = state_of(world).devices.get(smartlock_id)
    status = int(quirk(world, "unknown-lock-status"))
    return _found(found, "There is no such smartlock in this account", status)


def auth(world: World, lock: Device, auth_id: str) -> Auth:
    """Return a row of the copy; the journal notes which."""
    note(auth_id)
    status = int(quirk(world, "unknown-auth-status"))
    return _found(lock.auths.get(auth_id), "There is no such authorization", status)


def key(world: World, key_id: int) -> Key:
    """Return an API key of the account."""
    found = state_of(world).keys.get(key_id)
    return _found(found, "There is no such API key in this account")


def found(thing: T | None, what: str) -> T:
    """Return a thing that is there; otherwise it is 404."""
    return _found(thing, f"There is no such {what} in this account")


def _found(thing: T | None, message: str, status: int = 404) -> T:
    if thing is None:
        raise refused(status, message)
    return thing


@routes.route("/", defaults={"rest": ""}, methods=EVERY_METHOD)
@routes.route("/<path:rest>", methods=EVERY_METHOD)
def nothing_here(rest: str) -> Response:
    """Answer that there is no such path, or no such method on it."""
    allowed = sorted(_methods(f"/{NAME}/{rest}"))
    if not allowed or quirk(current_world(), "wrong-method-status") == NOT_FOUND:
        raise refused(NOT_FOUND, f"There is no /{rest[:80]}")
    taken = ", ".join(allowed)
    refusal = refused(405, f"{request.method} is not allowed there, but {taken}")
    refusal.headers["Allow"] = taken
    raise refusal


def _methods(path: str) -> Iterator[str]:
    """Yield the methods that a path has."""
    urls = current_app.url_map.bind("")
    for method in EVERY_METHOD:
        try:
            rule, _ = urls.match(path, method, return_rule=True)
        except (HTTPException, RequestRedirect):
            continue
        if not rule.endpoint.endswith(nothing_here.__name__):
            yield method
