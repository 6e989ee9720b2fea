"""The log: newest first, at most 50 rows a call, `id` leads on to older ones."""

from __future__ import annotations

from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING

from flask import request

from fakes.vendors.nuki import shapes
from fakes.vendors.nuki.errors import bad_value
from fakes.vendors.nuki.paths.base import device, listed, routes
from fakes.vendors.nuki.state import Device, LogRow, state_of
from fakes.vendors.nuki.tokens import allow
from fakes.vendors.nuki.wire import date, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from werkzeug import Response

SCOPE = "smartlock.log"
USUAL_ROWS = 20
MOST_ROWS = 50  # more than that is silently cut


@routes.get("/smartlock/log")
def list_logs() -> Response:
    """List what happened at all locks."""
    world = allow(SCOPE)
    return _rows(state_of(world).devices.values())


@routes.get("/smartlock/<int:smartlock_id>/log")
def list_log(smartlock_id: int) -> Response:
    """List what happened at one lock."""
    world = allow(SCOPE)
    return _rows([device(world, smartlock_id)])


def _rows(locks: Iterable[Device]) -> Response:
    limit = number("limit")
    limit = USUAL_ROWS if limit is None else limit
    if limit < 1:
        raise bad_value(limit, "limit")
    logs = (reversed(lock.log) for lock in locks)
    newest_first = merge(*logs, key=lambda row: row.id, reverse=True)
    wanted = filter(_filter(), newest_first)
    return listed(map(shapes.log, islice(wanted, min(limit, MOST_ROWS))))


def _filter() -> Callable[[LogRow], bool]:
    """Return whether a row is one that the query asks for."""
    args, user, action = request.args, number("accountUserId"), number("action")
    first = date(args.get("fromDate"), "fromDate")
    last = date(args.get("toDate"), "toDate")
    before, auth = args.get("id"), args.get("authId")

    def wanted(row: LogRow) -> bool:
        return (
            (before is None or row.id < before)
            and (first is None or row.at >= first)
            and (last is None or row.at <= last)
            and action in {None, row.action}
            and auth in {None, row.auth_id}
            and user in {None, row.account_user}
        )

    return wanted
