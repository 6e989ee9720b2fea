"""Access rights in the older interface.

Invariants: `modifyTime` is true unless it is false, and extends a right to whole days.
A new PIN is answered as a bare JSON string, unlike a contract's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from werkzeug import Response

from fakes.kit.answers import answers
from fakes.kit.dispatch import answer, note
from fakes.vendors.livionkey import rights
from fakes.vendors.livionkey.auth import signed_in
from fakes.vendors.livionkey.errors import ErrorCode, Refused
from fakes.vendors.livionkey.rights import RightTerms
from fakes.vendors.livionkey.routes.v1 import blueprint, body, text
from fakes.vendors.livionkey.schemas import shapes, v1
from fakes.vendors.livionkey.schemas.v1 import flag, instant, said
from fakes.vendors.livionkey.state import KEYPAD_KEY, AccessRight, state_of

if TYPE_CHECKING:
    from fakes.kit.world import World
    from fakes.vendors.livionkey.schemas.v1 import Fields


HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
DAYS = frozenset("0123456")


@blueprint.post("/accessrights")
@answers(shapes.MadeShape)
def make_right() -> Response:
    """Make an access right."""
    world, fields = signed_in(), _body()
    made = rights.make(world, _terms(fields, None))
    note(made.access_right_id)
    return answer(200, {"id": made.id, "pincode": made.pin})


@blueprint.get("/accessrights/<right_id>")
@answers(shapes.RightShape)
def show_right(right_id: str) -> Response:
    """Show an access right."""
    world = signed_in()
    return answer(200, v1.right(state_of(world), _find(world, right_id)))


@blueprint.post("/accessrights/<right_id>")
@answers(str)
def change_right(right_id: str) -> Response:
    """Change an access right."""
    world, fields = signed_in(), _body()
    right = _find(world, right_id)
    rights.change(world, right, _terms(fields, right))
    return text("AccessRight updated")


@blueprint.post("/accessrights/<right_id>/pincode")
@answers(str)
def renew_right_pin(right_id: str) -> Response:
    """Give an access right another PIN."""
    world, fields = signed_in(), body()
    v1.devices(fields)
    pin = rights.renew_pin(world, _find(world, right_id))
    return Response(f'"{pin}"', mimetype="application/json")


@blueprint.delete("/accessrights/<right_id>")
@answers(str)
def delete_right(right_id: str) -> Response:
    """Delete an access right."""
    world = signed_in()
    rights.cancel(world, _find(world, right_id))
    return text("AccessRight deleted successfully")


def _find(world: World, right_id: str) -> AccessRight:
    right = rights.find(world, right_id)
    note(right.access_right_id)
    return right


def _body() -> Fields:
    fields = body()
    if not fields:
        raise Refused(ErrorCode.NO_RIGHT_PARAMETERS)
    return fields


def _terms(fields: Fields, before: AccessRight | None) -> RightTerms:
    """Return the terms of a right; a change may leave out the person."""
    if before is None:
        reference = v1.needed(fields, "accessRightId", ErrorCode.NO_RIGHT_ID)
    else:
        reference = before.access_right_id
        fields = {"person": before.person} | fields
    start = v1.needed_instant(fields, "start", ErrorCode.NO_START)
    end = instant(fields.get("end"))
    if end is None and not flag(fields.get("perm")):
        raise Refused(ErrorCode.NO_END)
    stay = before is not None and "contacts" not in fields
    return RightTerms(
        access_right_id=reference,
        devices=_keypads(fields),
        start=start,
        end=end,
        person=v1.needed(fields, "person", ErrorCode.NO_PERSON),
        contacts=before.contacts if before and stay else v1.contacts(fields),
        pin=said(fields, "pincode"),
        free_text=said(fields, "freeText"),
        weekly=_weekly(fields),
        whole_days=fields.get("modifyTime") is not False,
    )


def _keypads(fields: Fields) -> list[str]:
    devices = v1.devices(fields)
    if any(said(each, "keyId") not in {None, KEYPAD_KEY} for each in devices):
        raise Refused(ErrorCode.UNKNOWN_KEY)
    return [str(each["id"]) for each in devices]


def _weekly(fields: Fields) -> list[dict[str, Any]]:
    given = fields.get("recurrent") or []
    if not isinstance(given, list) or not all(_is_hours(each) for each in given):
        raise Refused(ErrorCode.NO_RIGHT_PARAMETERS)
    return given


def _is_hours(hours: Any) -> bool:
    if not isinstance(hours, dict) or not isinstance(hours.get("days"), dict):
        return False
    times = (str(hours.get(name)) for name in ("startTime", "endTime"))
    return all(HOURS.fullmatch(each) for each in times) and set(hours["days"]) <= DAYS
