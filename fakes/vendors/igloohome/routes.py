"""igloohome's own paths: who may call, what is read, what is answered.

Invariants: every call is checked in one order: token, scope, device, media type, body.
A path that the present interface does not have (older generations, any DELETE of a PIN)
is answered with 404, as the vendor does.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from flask import Blueprint, request
from werkzeug.exceptions import BadRequest

from fakes.kit.answers import FORM, answers, takes
from fakes.kit.dispatch import answer, current_world, note
from fakes.vendors.igloohome import auth, delivery, issue, login, schemas, webhooks
from fakes.vendors.igloohome.errors import Refused, invalid
from fakes.vendors.igloohome.state import Device, quirk, state_of
from fakes.vendors.igloohome.validation import Order

if TYPE_CHECKING:
    from werkzeug import Response

    from fakes.kit.world import World


blueprint = Blueprint("igloohome", __name__)
API = "/igloohome"
EVERY_METHOD = ["GET", "POST", "PUT", "PATCH", "DELETE"]
MOST_ROWS = 100  # of a page
GRANTS = {
    "client_credentials": auth.grant,
    "authorization_code": login.grant,
    "refresh_token": login.renew,
}


@blueprint.errorhandler(Refused)
def show_refusal(refused: Refused) -> Response:
    """Answer a refusal in the vendor's own shape."""
    return answer(refused.status, refused.body)


@blueprint.post(auth.TOKEN_PATH)
@takes(schemas.TokenForm, FORM)
@answers(schemas.TokenShape)
def token() -> Response:
    """Give out an access token."""
    world = current_world()
    return answer(200, GRANTS[auth.grant_type(world)](world))


@blueprint.get(auth.LOGIN_PATH)
def sign_in() -> Response:
    """Show the page where the owner signs in and allows a client its access."""
    return login.show_page()


@blueprint.post(auth.LOGIN_PATH)
def allow_access() -> Response:
    """Send the owner's browser back to the client, with a code."""
    return login.allow()


@blueprint.get(f"{API}/devices")
@answers(schemas.Page[schemas.DeviceShape])
def devices() -> Response:
    """List the devices of the account."""
    world = auth.allow("get-devices")
    return answer(200, _page(world, _shown_devices(world)))


@blueprint.get(f"{API}/devices/<device_id>")
@answers(schemas.DeviceShape)
def device(device_id: str) -> Response:
    """Show one device."""
    world = auth.allow("get-devices")
    return answer(200, _shown(world, _device(world, device_id)))


@blueprint.get(f"{API}/devices/<device_id>/masterpin")
@answers(dict[str, str])
def master_pin(device_id: str) -> Response:
    """Show the PIN that the owner set at the lock; the answer's shape is invented."""
    world = auth.allow("get-devices")
    found = _with_digits(world, device_id)
    return answer(200, {str(quirk(world, "master-pin-field")): found.master_pin})


@blueprint.post(
    f"{API}/devices/<device_id>/algopin/<any(onetime,hourly,daily,permanent):kind>"
)
@takes(schemas.PinBody)
@answers(schemas.PinShape)
def algopin(device_id: str, kind: str) -> Response:
    """Make a PIN; nothing is sent to the lock."""
    world = auth.allow(f"algopin-{kind}")
    found = _with_digits(world, device_id)
    issued = issue.issue_pin(Order(world, found, kind, _body()))
    note(issued.ref)
    return answer(200, {"pin": issued.pin, "pinId": issued.ref})


@blueprint.post(f"{API}/devices/<device_id>/ekey")
@takes(schemas.KeyBody)
@answers(schemas.KeyShape)
def ekey(device_id: str) -> Response:
    """Make a Bluetooth key for a guest's phone."""
    world = auth.allow()
    _device(world, device_id)
    made = issue.make_ekey(world, _body())
    note(made["keyId"])
    return answer(200, made)


@blueprint.get(f"{API}/devices/<device_id>/activity")
@answers(schemas.Page[schemas.ActivityShape])
def activity(device_id: str) -> Response:
    """List what a bridge has pulled from the lock's log."""
    alone = bool(quirk(current_world(), "activity-scope-alone"))
    world = auth.allow("get-device-activity", alone=alone)
    return answer(200, _page(world, _device(world, device_id).activity))


@blueprint.post(f"{API}/devices/<device_id>/jobs/bridges/<bridge_id>")
@takes(schemas.JobBody)
@answers(schemas.QueuedShape)
def submit_job(device_id: str, bridge_id: str) -> Response:
    """Queue a job for a bridge; what is queued has not happened."""
    world = auth.allow()
    lock, hub = _device(world, device_id), _device(world, bridge_id)
    queued = delivery.submit(world, delivery.read_request(world, lock, hub, _body()))
    note(queued.job_id)
    return answer(200, {"jobId": queued.job_id})


@blueprint.get(f"{API}/jobs/<job_id>")
@answers(schemas.JobShape)
def job(job_id: str) -> Response:
    """Show how far a job is."""
    world = auth.allow("get-job-status")
    found = state_of(world).jobs.get(job_id)
    if found is None:
        raise Refused(404, "not_found", "there is no such job")
    return answer(200, schemas.job(found))


@blueprint.get(f"{API}/properties")
@answers(schemas.Page[schemas.HomeShape])
def properties() -> Response:
    """List the homes of the account; the shape is invented, and there is one home."""
    world = auth.allow("get-properties")
    return answer(200, _page(world, [_home(world)]))


@blueprint.get(f"{API}/properties/<home_id>")
@answers(schemas.HomeShape)
def home(home_id: str) -> Response:
    """Show a home."""
    world = auth.allow("get-properties")
    _check_home(world, home_id)
    return answer(200, _home(world))


@blueprint.get(f"{API}/properties/<home_id>/devices")
@answers(schemas.Page[schemas.DeviceShape])
def devices_of_home(home_id: str) -> Response:
    """List the devices of a home."""
    world = auth.allow("get-properties")
    _check_home(world, home_id)
    return answer(200, _page(world, _shown_devices(world)))


@blueprint.route(auth.PORTAL_PATH + "/webhook", methods=["GET", "PUT", "DELETE"])
def webhook() -> Response:
    """Stand for the page of the vendor's portal where a receiver is registered."""
    state = state_of(current_world())
    auth.prove_client(state)
    if request.method == "PUT":
        state.webhook_url = webhooks.checked_url(_body().get("url"))
    if request.method == "DELETE":
        state.webhook_url = None
    key = b64encode(webhooks.public_key()).decode()
    return answer(200, {"url": state.webhook_url, "publicKey": key})


@blueprint.route("/", defaults={"rest": ""}, methods=EVERY_METHOD)
@blueprint.route("/<path:rest>", methods=EVERY_METHOD)
def nothing_here(rest: str) -> Response:
    """Answer whatever this interface does not have."""
    return answer(404, {"error": "not_found", "message": f"there is no /{rest[:80]}"})


def _body() -> dict[str, Any]:
    """Return the body as an object; a wrong media type is refused before it is read."""
    if request.mimetype != "application/json":
        raise Refused(415, "unsupported_media_type", "send application/json")
    try:
        body = request.get_json()
    except (BadRequest, RecursionError):
        raise invalid("the body is not JSON") from None
    if not isinstance(body, dict):
        raise invalid("the body must be an object")
    return body


def _device(world: World, device_id: str) -> Device:
    found = state_of(world).devices.get(device_id)
    if found is None:
        raise Refused(404, "not_found", "there is no such device in this account")
    return found


def _with_digits(world: World, device_id: str) -> Device:
    """Return a device that has a keypad of its own (IGL-11)."""
    found = _device(world, device_id)
    if not found.algopin:
        status = int(quirk(world, "no-algopin-status"))
        raise Refused(status, "invalid_request", "the device has no algoPIN")
    return found


def _shown(world: World, record: Device) -> schemas.DeviceShape:
    state = state_of(world)
    linked = [state.devices[each] for each in record.linked]
    return schemas.device(record, state.home_id, linked)


def _shown_devices(world: World) -> list[schemas.DeviceShape]:
    return [_shown(world, each) for each in state_of(world).devices.values()]


def _home(world: World) -> schemas.HomeShape:
    return {"id": state_of(world).home_id, "name": "Home"}


def _check_home(world: World, home_id: str) -> None:
    if home_id != state_of(world).home_id:
        raise Refused(404, "not_found", "there is no such property in this account")


def _page(world: World, rows: list[Any]) -> schemas.Page[Any]:
    text = request.args.get("pageSize", str(quirk(world, "page-size")))
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= MOST_ROWS:
        raise invalid(f"pageSize must be 1 to {MOST_ROWS}")
    return schemas.page(rows, request.args.get("cursor", ""), int(text))
