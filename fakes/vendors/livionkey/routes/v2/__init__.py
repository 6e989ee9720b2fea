"""What every path of the newer interface shares: the signature, pages, refusals.

Invariants: each call is signed. The signed text is the account's id, the timestamp and
the hex SHA-256 of method, full URL and body, by RSA (PKCS#1 v1.5) with SHA-256. The
bodies of refusals are not published; they are this fake's own.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode
from http import HTTPStatus
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256
from flask import Blueprint, request
from pydantic import ValidationError
from werkzeug.urls import iri_to_uri

from fakes.kit.address import called
from fakes.kit.dispatch import answer, current_world
from fakes.vendors.livionkey.auth import key
from fakes.vendors.livionkey.errors import ErrorCode, Refused
from fakes.vendors.livionkey.state import quirk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from werkzeug import Response

    from fakes.vendors.livionkey.schemas.v2 import W


blueprint = Blueprint("v2", __name__, url_prefix="/v2")
PAGE = 20
LONGEST_PAGE = 100
STATUS = {
    ErrorCode.UNKNOWN_KEY: 404,
    ErrorCode.UNKNOWN_CONTRACT: 404,
    ErrorCode.UNKNOWN_DEVICE: 404,
    ErrorCode.NO_SUCH_KEY: 404,
    ErrorCode.UNKNOWN_GROUP: 404,
    ErrorCode.OVERLAP: 409,
    ErrorCode.PIN_TAKEN: 409,
    ErrorCode.REFERENCE_TAKEN: 409,
    ErrorCode.KEY_TAKEN: 409,
}


@blueprint.before_request
def check_signature() -> Response | None:
    """Refuse a call that is not signed, not lately, or not by its account."""
    stamp = request.headers.get("x-timestamp", "")
    if not (stamp.isascii() and stamp.isdigit()):
        return refusal(401, "x-timestamp is missing")
    world = current_world()
    age = abs(world.client_now.timestamp() - int(stamp) / 1000)
    if age > quirk(world, "signature-window-seconds"):
        return refusal(401, "x-timestamp is too far away")
    if not _is_signed(_url(), stamp):
        return refusal(401, "x-signature is wrong")
    return None


@blueprint.errorhandler(Refused)
def show_refusal(refused: Refused) -> Response:
    """Answer a refusal with the status of the newer interface."""
    return refusal(STATUS.get(refused.error, 400), refused.error.value)


@blueprint.errorhandler(ValidationError)
def show_wrong_fields(error: ValidationError) -> Response:
    """Answer a body that fits no model; values are not repeated."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    named = (f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in found)
    return refusal(400, "; ".join(named))


def refusal(status: int, message: str) -> Response:
    """Return a refusal."""
    error = HTTPStatus(status).phrase
    return answer(status, {"statusCode": status, "message": message, "error": error})


def read(model: type[W]) -> W:
    """Return the body as the model."""
    return model.model_validate_json(request.get_data() or b"{}")


def page(rows: Iterable[object]) -> Response:
    """Return one page of rows, by the numbers in the query."""
    every = list(rows)
    after, limit = _number("after", 0), _number("limit", PAGE)
    if not 1 <= limit <= LONGEST_PAGE:
        return refusal(400, f"limit must be 1 to {LONGEST_PAGE}")
    end = after + limit
    body = {"data": every[after:end], "after": str(min(end, len(every)))}
    return answer(200, body | {"limit": limit, "hasNext": end < len(every)})


def _number(name: str, default: int) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() else default


def _url() -> str:
    """Return the URL as it was called; its query letter by letter."""
    query = request.query_string.decode("latin-1")
    base = iri_to_uri(called(request.environ, request.base_url))
    return f"{base}?{query}" if query else base


def _is_signed(url: str, stamp: str) -> bool:
    called = request.method.encode() + url.encode() + request.get_data()
    account = request.headers["x-service-account-id"]
    text = f"{account}{stamp}{hashlib.sha256(called).hexdigest()}"
    try:
        signature = b64decode(request.headers.get("x-signature", ""))
        key().public_key().verify(
            signature, text.encode(), padding.PKCS1v15(), SHA256()
        )
    except (InvalidSignature, ValueError):
        return False
    return True
