"""Exivo's API: the site, what its answers mean, one method a call.

Invariants: a call returns what the vendor said yes with (200 or 204), or raises one of
the errors of `service.ports`; `MEANINGS` says which. What the vendor says is passed on
without its digits, since they may be a PIN. A list is read page by page until a page
brings nothing new, since nothing says how many rows the vendor answers at once.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from service import vendor_kit as kit
from service.ports import (
    CredentialField,
    Credentials,
    CredentialsRefused,
    VendorBusy,
    VendorRefused,
    VendorUnknown,
)
from service.secret import MASK, Secret
from service.vendor_http import Reply, VendorHttpClient
from service.vendors.exivo.mapping import Visit, visit_of

DONE: Final = (200, 204)
MEANINGS: Final[dict[int, kit.Meaning]] = {
    400: (VendorRefused, "it does not take this"),
    401: (CredentialsRefused, "it does not take the API key and its secret"),
    403: (CredentialsRefused, "the API key is not for this site; check site_id"),
    404: (VendorRefused, "it knows no such thing"),
    408: (VendorBusy, "it took too long"),
    425: (VendorBusy, "it was asked too early"),
    429: (VendorBusy, "it was asked too often"),
}
UNCLEAR: Final = "it is not clear whether it did it"
DIGITS: Final = re.compile(r"\d{4,}")


def done(reply: Reply, *, wrote: bool) -> object:
    """Return the body of an answer that says yes; raise what any other one means."""
    if reply.status in DONE:
        return reply.body
    error, meaning = kit.meaning_of(
        reply.status, MEANINGS, wrote=wrote, unclear=UNCLEAR
    )
    raise error(f"Exivo: {meaning} ({reason_of(reply)})", reply.retry_after)


def reason_of(reply: Reply) -> str:
    """Return the status and what the vendor says about it, without digits."""
    words = kit.text_in(reply.body, "message")
    if not words:
        return str(reply.status)
    return f"{reply.status}: {kit.short(DIGITS.sub(MASK, words))}"


FIELDS: Final = (
    CredentialField("site_id", "Site ID"),
    CredentialField("api_key", "API key"),
    CredentialField("api_secret", "API secret", secret=True),
    CredentialField("api_url", "API URL", default="https://api.exivo.io/v1"),
    CredentialField(
        "mobile_app_id", "Id of the mobile app, for invitations in it", optional=True
    ),
)


@dataclass(frozen=True, slots=True)
class Account:
    """Whose doors are meant, and where they are asked for."""

    site_id: str
    api_key: str
    api_secret: Secret
    api_url: str
    mobile_app_id: str = ""

    @property
    def url(self) -> str:
        """Return what every path of the site begins with."""
        return f"{self.api_url}/{kit.part(self.site_id)}"

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers of a call: HTTP Basic, and nothing else."""
        pair = f"{self.api_key}:{self.api_secret.reveal()}".encode()
        return {"Authorization": f"Basic {b64encode(pair).decode()}"}


def account_of(credentials: Credentials) -> Account:
    """Return the account of a connection's credentials; defaults fill the gaps."""
    where = "the Exivo app shows it when an API key is made"
    return Account(**kit.given(credentials, FIELDS, missing=where))


PAGE: Final = 200
MOST_PAGES: Final = 1000


class Client:
    """Calls Exivo for any site; safe to share between threads."""

    def __init__(self, http: VendorHttpClient) -> None:
        self._http = http

    def site(self, account: Account) -> kit.Body:
        """Return the site's record."""
        found = self._get(account, "/info")
        if not isinstance(found, dict):
            raise VendorBusy(
                "Exivo: its answer is none; if this goes on, check api_url"
            )
        return found

    def components(self, account: Account) -> list[kit.Body]:
        """Return all components, gateways among them."""
        return self._all(account, "/component")

    def visits(self, account: Account) -> list[Visit]:
        """Return all visits, those that are over or revoked too."""
        found = [visit_of(each) for each in self._all(account, "/visit")]
        return [visit for visit in found if visit is not None]

    def visit(self, account: Account, ref: str) -> Visit | None:
        """Return one visit, None where there is none."""
        try:
            return visit_of(self._get(account, f"/visit/{kit.part(ref)}"))
        except VendorRefused:
            return None

    def make_visit(self, account: Account, order: kit.Body) -> Visit:
        """Return a new visit; the same order again makes another one."""
        visit = visit_of(self._post(account, "/visit", order))
        if visit is None:
            raise VendorUnknown(
                "Exivo: it said yes without a visit; it may have made one"
            )
        return visit

    def revoke_visit(self, account: Account, ref: str) -> None:
        """Revoke the visit; raise `VendorRefused` if it was revoked already."""
        self._end(account, f"/visit/{kit.part(ref)}/revoke")

    def key_visits(self, account: Account) -> list[kit.Body]:
        """Return all digital-key visits, revoked ones too."""
        return self._all(account, "/digitalKeyVisits")

    def make_key_visit(self, account: Account, order: kit.Body) -> None:
        """Make a digital-key visit."""
        self._post(account, "/digitalKeyVisits", order)

    def revoke_key_visit(self, account: Account, ref: str) -> None:
        """Revoke the digital-key visit."""
        self._end(account, f"/digitalKeyVisit/{kit.part(ref)}/revoke")

    def persons(self, account: Account) -> list[kit.Body]:
        """Return all persons."""
        return self._all(account, "/person")

    def make_person(self, account: Account, order: kit.Body) -> kit.Body:
        """Return a new person, who may go nowhere yet."""
        return _made(self._post(account, "/person", order))

    def set_pin(self, account: Account, ref: str, pin: str) -> None:
        """Give the person this PIN."""
        self._post(account, f"/person/{kit.part(ref)}/pincode", {"pinCode": pin})

    def join(self, account: Account, ref: str, group: str) -> None:
        """Put the person into the access group, and out of any other."""
        self._post(
            account, f"/person/{kit.part(ref)}/assign/accessgroup/{kit.part(group)}"
        )

    def delete_person(self, account: Account, ref: str) -> None:
        """Delete the person."""
        url = f"{account.url}/person/{kit.part(ref)}"
        reply = self._http.order("DELETE", url, headers=account.headers)
        done(reply, wrote=True)

    def groups(self, account: Account) -> list[kit.Body]:
        """Return all access groups."""
        return self._all(account, "/accessgroup")

    def make_group(self, account: Account, order: kit.Body) -> kit.Body:
        """Return a new access group, which may enter nothing yet."""
        return _made(self._post(account, "/accessgroup", order))

    def permit(self, account: Account, group: str, zone: str, profile: str) -> None:
        """Let the group enter the zone by the time profile."""
        path = f"/accessgroup/{kit.part(group)}/accesszone/{kit.part(zone)}"
        self._post(account, path, profile)

    def _all(self, account: Account, path: str) -> list[kit.Body]:
        found: dict[str, kit.Body] = {}
        for _ in range(MOST_PAGES):
            params = {"skip": str(len(found)), "limit": str(PAGE)}
            page = kit.objects(self._get(account, path, params), "Exivo")
            new = {str(row.get("id")): row for row in page}
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

    def _end(self, account: Account, path: str) -> None:
        """Revoke something; words where none are due are no yes."""
        reply = self._write(account, path)
        done(reply, wrote=True)
        if reply.text.strip() and not isinstance(reply.body, dict):
            raise VendorUnknown("Exivo: it said yes in words that mean nothing")

    def _post(self, account: Account, path: str, body: object = None) -> object:
        return done(self._write(account, path, body), wrote=True)

    def _write(self, account: Account, path: str, body: object = None) -> Reply:
        url = f"{account.url}{path}"
        return self._http.write(url, headers=account.headers, json=body)


def _made(body: object) -> kit.Body:
    if isinstance(body, dict) and body.get("id"):
        return body
    raise VendorUnknown("Exivo: it said yes without an id; it may have made one")
