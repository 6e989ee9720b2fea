"""The invitation in the lock system's app: a digital-key visit by the link (EXV-05).

Invariants: like any visit it is known again by its name, never changed, and revoked for
ever. It names the customer to the vendor, which is why a rule has to ask for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from service.domain.booking import Customer
from service.ports import Order, VendorRefused
from service.vendors.exivo.api import Account, Client
from service.vendors.exivo.mapping import own_name, visit_request_of

NAME: Final = "app"
MEANS: Final = "an invitation in the lock system's app"


def add(client: Client, account: Account, order: Order) -> None:
    """Invite the customer, once; raise `VendorRefused` if nobody can be invited."""
    if not account.mobile_app_id:
        raise VendorRefused("the connection has no mobile_app_id; give it the app's")
    if _earlier(client, account, order.access):
        return
    visit = visit_request_of(order).written
    window = {name: visit[name] for name in ("validFrom", "validTo", "components")}
    order_of = {
        **window,
        **_address(order.customer),
        "name": own_name(order.access),
        "mobileApp": {"id": account.mobile_app_id},
        "installNotification": True,
    }
    client.make_key_visit(account, order_of)


def take_back(client: Client, account: Account, access: str) -> None:
    """Revoke every invitation of this access."""
    for ref in _earlier(client, account, access):
        client.revoke_key_visit(account, ref)


def _earlier(client: Client, account: Account, access: str) -> list[str]:
    rows = client.key_visits(account)
    mine = [row for row in rows if row.get("name") == own_name(access)]
    return [str(row["id"]) for row in mine if not row.get("revoked")]


def _address(customer: Customer) -> Mapping[str, str]:
    """Return where the key goes: the phone that opens doors, else the mailbox."""
    if customer.phone:
        plain = "".join(customer.phone.split())
        return {"formFactor": "ma-phone", "publicRegistrationId": plain}
    if customer.email:
        return {"formFactor": "ma-email", "publicRegistrationId": customer.email}
    raise VendorRefused("the customer left neither phone number nor mail address")
