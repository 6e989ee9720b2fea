"""The organisation in the newer interface: service accounts, and no groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.kit.call import answer, current_world
from fakes.vendors.livionkey import service_accounts
from fakes.vendors.livionkey.v2.wire import V2Request, blueprint, page, read, refusal

if TYPE_CHECKING:
    from werkzeug import Response

EVERY_METHOD = ["GET", "POST", "PUT", "PATCH", "DELETE"]


class NewServiceAccount(V2Request):
    """An account for another machine."""

    organization_unit_id: str
    name: str


@blueprint.get("/groups")
def list_groups() -> Response:
    """List groups, of which there are none."""
    return page([])


@blueprint.post("/serviceAccounts")
def make_service_account() -> Response:
    """Make an account; its private key is shown this once."""
    body = read(NewServiceAccount)
    return answer(201, service_accounts.make(current_world(), body.name))


@blueprint.delete("/serviceAccounts/<account_id>")
def delete_service_account(account_id: str) -> Response:
    """Delete an account."""
    if not service_accounts.drop(current_world(), account_id):
        return refusal(404, "there is no such service account")
    return answer(204)


@blueprint.route("/<path:rest>", methods=EVERY_METHOD)
def nothing_here(rest: str) -> Response:
    """Answer whatever this interface does not have."""
    return refusal(404, f"Cannot find /{rest[:80]}")
