"""Problems: every error answer is an RFC 9457 problem that says what to do.

Invariants: `detail` is a sentence for people, `errors` name fields. Neither holds a
secret, nor the text of an error that nobody wrote for this.
"""

from __future__ import annotations

from datetime import timedelta
from functools import singledispatch
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Response, json
from werkzeug.exceptions import HTTPException

from service.domain.errors import DomainError, NotPossible, SemanticError
from service.logs import fault_of, log
from service.ports import CredentialsRefused, VendorError, VendorRefused
from service.store.store import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask import Flask

SOON: Final = timedelta(seconds=5)
LATER: Final = timedelta(seconds=30)


class Problem(Exception):  # noqa: N818 (the word of RFC 9457)
    """An answer that is an error: its status, what is wrong, and which fields."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        errors: Sequence[Mapping[str, object]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors
        self.headers = headers or {}

    def answer(self) -> Response:
        """Return the answer itself."""
        content: dict[str, Any] = {  # JSON
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": self.detail,
        }
        if self.errors:
            content["errors"] = list(self.errors)
        return Response(
            json.dumps(content),
            status=self.status,
            headers=dict(self.headers),
            content_type="application/problem+json",
        )


@singledispatch
def problem_of(error: Exception) -> Problem:
    """Return the problem that an error amounts to for the caller."""
    log.error("fault", fault=fault_of(error))
    return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "a fault in the service")


@problem_of.register
def _(error: Problem) -> Problem:
    return error


@problem_of.register
def _(error: DomainError) -> Problem:
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, error.reason)


@problem_of.register
def _(error: SemanticError) -> Problem:
    field = {"field": error.field, "value": error.value, "fix": error.fix}
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, error.reason, [field])


@problem_of.register
def _(error: NotPossible) -> Problem:
    return Problem(HTTPStatus.CONFLICT, error.reason)


@problem_of.register
def _(error: VendorError) -> Problem:
    return _try_again(error.reason, error.retry_after or LATER)


@problem_of.register
def _(error: VendorRefused) -> Problem:
    return Problem(HTTPStatus.BAD_GATEWAY, error.reason)


@problem_of.register
def _(error: CredentialsRefused) -> Problem:
    field = {"field": "credentials", "fix": error.reason}
    detail = f"the vendor does not take these credentials: {error.reason}"
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, [field])


@problem_of.register
def _(error: StoreUnavailable) -> Problem:
    del error  # its text is for the log
    return _try_again("nothing can be stored at the moment; try again", SOON)


@problem_of.register
def _(error: HTTPException) -> Problem:
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    given = error.get_headers()
    headers = {name: value for name, value in given if name in {"Allow", "Location"}}
    return Problem(status, error.description or status.phrase, headers=headers)


def handle_problems(app: Flask) -> None:
    """Answer every error of the app with a problem."""
    app.register_error_handler(Exception, lambda error: problem_of(error).answer())


def _try_again(reason: str, after: timedelta) -> Problem:
    seconds = str(max(1, round(after.total_seconds())))
    status = HTTPStatus.SERVICE_UNAVAILABLE
    return Problem(status, reason, headers={"Retry-After": seconds})
