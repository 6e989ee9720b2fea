"""Who calls: a login, a token, a public link, a service account, the web app.

Invariants: the beginning of a path says which of these it takes. A wrong password is a
400, a bad token a 401, a missing one a 403. All service accounts share one key pair. It
is fixed, so that a client under test can keep it in its settings, and public, so that
nobody takes it for a secret; the account's id tells worlds apart.
"""

from __future__ import annotations

import hmac
from functools import cache
from typing import TYPE_CHECKING, Any

import flask
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from fakes.kit.clock import wall
from fakes.kit.dispatch import answer, current_world
from fakes.kit.ids import derive
from fakes.vendors.livionkey.state import NAME, state_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from werkzeug import Request, Response

    from fakes.kit.world import World


LOGIN = "/auth/login"
PUBLIC = "/contracts/public/"
PORTAL = "/portal/"
V2 = "/v2/"
BEARER = "Bearer "
WRONG_LOGIN = "Firebase: Error (auth/invalid-login-credentials)."
P = int(
    "c23d4ee4aa536edaa90d9d6c86e58de7ea0eff2adb2e9364e6432a0ffb4a8d73"
    "d79221f96c589d100c0bdf54457a404b1ed5aa75e3a03aa43bd7e2561ee2d474"
    "7566c921cdc20e0e454d37a15352939f4e71e0fd64f7930fc4ab7a7c39ec2f2e"
    "11d3476137dc57b0453e040bbcb543153831552c88053d8415f199724886ef99",
    16,
)
Q = int(
    "bdde08096d9d1258d9f3cff822af5ef3efc87483229bc8f442f526644fd9266f"
    "0156bd2d71d73fe5edfee3e91f0e40065ef78c52195d90b2fb58fe9f1ce42969"
    "199ba9bbb782a9dfa98c5781c4025aab5127f4438c27cb611cb746b7cb7d6ae7"
    "44ebed3686e8b561329385b1c610e9545a361b8c6573014e7cab7926d5f6675b",
    16,
)
E = 65537


class Turned(Exception):  # noqa: N818 - it is the vendor's answer, not a failure
    """A call that is turned away, with the answer that it gets."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def presented(request: Request) -> str | None:
    """Return the credential of a call, marked with its kind."""
    path = request.path.removeprefix(f"/{NAME}")
    for start, find in _KINDS:
        if path.startswith(start):
            return find(request, path)
    header = request.headers.get("Authorization", "")
    return f"token:{header[len(BEARER) :]}" if header.startswith(BEARER) else None


def no_world(request: Request) -> Response:
    """Refuse a call whose credential is unknown."""
    path = request.path.removeprefix(f"/{NAME}")
    if path.startswith(LOGIN):
        return missing(request) or answer(400, WRONG_LOGIN)
    if path.startswith(PUBLIC):
        return answer(400, "Contract not found")
    if path.startswith(V2):
        return answer(401, {"statusCode": 401, "message": "Unauthorized"})
    if path.startswith(PORTAL):
        return answer(401, "sign in with e-mail and password")
    if not request.headers.get("Authorization", "").startswith(BEARER):
        return answer(403, {"success": False, "message": "No token provided."})
    return not_authorized(wall(), request.path)


def not_authorized(now: datetime, about: str) -> Response:
    """Return the answer to a bad token, and to a right token at the wrong door."""
    mark = derive(about, now).hex()[:8]
    stamp = int(now.timestamp() * 1000)
    return answer(401, f"GraphQL - {stamp} - {mark} - not authorized")


def signed_in() -> World:
    """Return the world of a call with a token that lives."""
    world = current_world()
    token = flask.request.headers["Authorization"][len(BEARER) :]
    if state_of(world).account.tokens[token] <= world.now:
        raise Turned(not_authorized(world.now, flask.request.path))
    return world


def at_the_portal() -> World:
    """Return the world of a call that is signed in to the web app."""
    world = current_world()
    basic = flask.request.authorization
    email, password = (
        (basic.username or "", basic.password or "") if basic else ("", "")
    )
    if not matches(password, state_of(world).account.passwords[email]):
        raise Turned(answer(401, "sign in with e-mail and password"))
    return world


def _email(request: Request, _path: str) -> str | None:
    email = field(request, "email")
    return f"email:{email}" if email else None


def _public(_request: Request, path: str) -> str | None:
    _id, _, rest = path.removeprefix(PUBLIC).partition("/")
    return f"public:{rest.partition('/')[0]}"


def _service(request: Request, _path: str) -> str | None:
    return f"service:{request.headers.get('x-service-account-id', '')}"


def _basic(request: Request, _path: str) -> str | None:
    basic = request.authorization
    return f"email:{basic.username}" if basic and basic.username else None


_KINDS: tuple[tuple[str, Callable[[Request, str], str | None]], ...] = (
    (LOGIN, _email),
    (PUBLIC, _public),
    (V2, _service),
    (PORTAL, _basic),
)


def missing(request: Request) -> Response | None:
    """Return the refusal of a login that lacks a field, if it does."""
    for name in ("email", "password"):
        if not field(request, name):
            return answer(400, f"Missing {name} from parameters")
    return None


def field(request: Request, name: str) -> str:
    """Return a field of a login, or nothing."""
    value = fields(request).get(name)
    return value if isinstance(value, str) else ""


def fields(request: Request) -> dict[str, Any]:
    """Return the body as an object; anything else counts as an empty one."""
    try:
        given = request.get_json(silent=True)
    except RecursionError:
        return {}
    return given if isinstance(given, dict) else {}


def matches(given: str, known: str) -> bool:
    """Whether a secret is the right one; compared in constant time."""
    return hmac.compare_digest(given.encode(), known.encode())


def make(world: World, name: str) -> dict[str, Any]:
    """Return a new account as it is shown once, its private key included."""
    account = state_of(world).account
    ref = account.secret("service", world.ids.ordinal("livionkey.service")).hex()[:24]
    account.services[ref] = name
    world.register_credential(NAME, f"service:{ref}")
    pem = key().private_bytes(
        Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    )
    return {
        "id": ref,
        "name": name,
        "role": "admin",
        "privateKey": pem.decode(),
        "organizationUnitId": account.unit,
    }


def drop(world: World, ref: str) -> bool:
    """Remove an account; false if there is none."""
    if state_of(world).account.services.pop(ref, None) is None:
        return False
    world.release_credential(NAME, f"service:{ref}")
    return True


@cache
def key() -> rsa.RSAPrivateKey:
    """Return the key pair."""
    d = pow(E, -1, (P - 1) * (Q - 1))
    return rsa.RSAPrivateNumbers(
        p=P,
        q=Q,
        d=d,
        dmp1=d % (P - 1),
        dmq1=d % (Q - 1),
        iqmp=pow(Q, -1, P),
        public_numbers=rsa.RSAPublicNumbers(E, P * Q),
    ).private_key()
