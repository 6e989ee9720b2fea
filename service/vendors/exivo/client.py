"""Exivo's API: one method a call, and nothing but HTTP.

Invariants: every method returns what the vendor said yes with, or raises one of the
errors of `service.ports`. A list is read page by page until a page brings nothing new,
since nobody says how many rows the vendor answers at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from service.ports import VendorBusy, VendorRefused, VendorUnknown
from service.vendors.exivo.answers import done
from service.vendors.exivo.visits import Visit, visit_of

if TYPE_CHECKING:
    from service.vendor_http import VendorHttpClient
    from service.vendors.exivo.account import Account

Body = Mapping[str, object]
PAGE: Final = 200
MOST_PAGES: Final = 1000


class Client:
    """Calls Exivo for any site; safe to share between threads."""

    def __init__(self, http: VendorHttpClient) -> None:
        self._http = http

    def site(self, account: Account) -> Body:
        """Return what is told of the site."""
        found = self._get(account, "/info")
        if not isinstance(found, dict):
            raise VendorBusy(
                "Exivo: its answer is none; if this goes on, check api_url"
            )
        return found

    def components(self, account: Account) -> list[Body]:
        """Return all components, gateways among them."""
        return self._all(account, "/component")

    def visits(self, account: Account) -> list[Visit]:
        """Return all visits, those that are over or revoked too."""
        found = [visit_of(each) for each in self._all(account, "/visit")]
        return [visit for visit in found if visit is not None]

    def visit(self, account: Account, ref: str) -> Visit | None:
        """Return one visit, None where there is none."""
        try:
            return visit_of(self._get(account, f"/visit/{_part(ref)}"))
        except VendorRefused:
            return None

    def make_visit(self, account: Account, order: Body) -> Visit:
        """Return a new visit; the same order again makes another one."""
        visit = visit_of(self._post(account, "/visit", order))
        if visit is None:
            raise VendorUnknown(
                "Exivo: it said yes without a visit; it may have made one"
            )
        return visit

    def revoke_visit(self, account: Account, ref: str) -> None:
        """Return once the visit is revoked; `VendorRefused` if it was already."""
        self._post(account, f"/visit/{_part(ref)}/revoke")

    def key_visits(self, account: Account) -> list[Body]:
        """Return all digital-key visits, revoked ones too."""
        return self._all(account, "/digitalKeyVisits")

    def make_key_visit(self, account: Account, order: Body) -> None:
        """Return once there is a new digital-key visit."""
        self._post(account, "/digitalKeyVisits", order)

    def revoke_key_visit(self, account: Account, ref: str) -> None:
        """Return once the digital-key visit is revoked."""
        self._post(account, f"/digitalKeyVisit/{_part(ref)}/revoke")

    def persons(self, account: Account) -> list[Body]:
        """Return all persons."""
        return self._all(account, "/person")

    def make_person(self, account: Account, order: Body) -> Body:
        """Return a new person, who may go nowhere yet."""
        return _made(self._post(account, "/person", order))

    def set_pin(self, account: Account, ref: str, pin: str) -> None:
        """Return once the person has this PIN."""
        self._post(account, f"/person/{_part(ref)}/pincode", {"pinCode": pin})

    def join(self, account: Account, ref: str, group: str) -> None:
        """Return once the person is in the access group, and in no other."""
        self._post(account, f"/person/{_part(ref)}/assign/accessgroup/{_part(group)}")

    def delete_person(self, account: Account, ref: str) -> None:
        """Return once there is no such person."""
        url = f"{account.url}/person/{_part(ref)}"
        reply = self._http.order("DELETE", url, headers=account.headers)
        done(reply, wrote=True)

    def groups(self, account: Account) -> list[Body]:
        """Return all access groups."""
        return self._all(account, "/accessgroup")

    def make_group(self, account: Account, order: Body) -> Body:
        """Return a new access group, which may enter nothing yet."""
        return _made(self._post(account, "/accessgroup", order))

    def permit(self, account: Account, group: str, zone: str, profile: str) -> None:
        """Return once the group may enter the zone by the time profile."""
        path = f"/accessgroup/{_part(group)}/accesszone/{_part(zone)}"
        self._post(account, path, profile)

    def _all(self, account: Account, path: str) -> list[Body]:
        found: dict[str, Body] = {}
        for _ in range(MOST_PAGES):
            params = {"skip": str(len(found)), "limit": str(PAGE)}
            page = self._get(account, path, params)
            if not isinstance(page, list):
                raise VendorBusy(
                    "Exivo: its list is none; if this goes on, check api_url"
                )
            new = {str(row.get("id")): row for row in page if isinstance(row, dict)}
            if new.keys() <= found.keys():
                return list(found.values())
            found |= new
        raise VendorBusy("Exivo: its list has no end; try again later")

    def _get(
        self, account: Account, path: str, params: Mapping[str, str] | None = None
    ) -> object:
        url = f"{account.url}{path}"
        reply = self._http.read(url, headers=account.headers, params=params)
        return done(reply, wrote=False)

    def _post(self, account: Account, path: str, body: object = None) -> object:
        url = f"{account.url}{path}"
        reply = self._http.write(url, headers=account.headers, json=body)
        return done(reply, wrote=True)


def _made(body: object) -> Body:
    if isinstance(body, dict) and body.get("id"):
        return body
    raise VendorUnknown("Exivo: it said yes without an id; it may have made one")


def _part(text: str) -> str:
    return quote(text, safe="")
