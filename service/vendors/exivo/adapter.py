"""Exivo as the service sees any vendor: its words mapped to those of the ports.

Invariants: making a visit twice makes two, and the vendor has no mark against that. So
an order that may have gone out before first looks for its own work, keeps one visit
that fits, and revokes what an earlier try left beside it.
"""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import Final

from service import clock
from service.domain.access import ChangePolicy
from service.ports import (
    Code,
    Credentials,
    Issued,
    LockVendor,
    Order,
    Revocation,
    VendorError,
    VendorLock,
    VendorPending,
    VendorRefused,
    VendorUnknown,
)
from service.secret import Secret
from service.vendor_http import VendorHttpClient
from service.vendor_kit import label, with_page
from service.vendors.exivo import invitations, mapping, pads
from service.vendors.exivo.api import FIELDS, Account, Client, account_of
from service.vendors.exivo.mapping import Visit, VisitRequest, vendor_locks

WAYS_IN: Final = (invitations, pads)
"""Modules that add a way in to a visit, and take it back."""

SETTLES: Final = timedelta(minutes=1)
"""How long an order whose answer was lost may still be carried out."""


class Exivo(LockVendor, Revocation):
    """Visits at an Exivo site: a link and a PIN that open its doors."""

    name = "exivo"
    fields = FIELDS
    planner = mapping.TIMES
    change_policy = ChangePolicy.REPLACE  # the interface has no update of a visit
    pin_form = mapping.FORM
    options = MappingProxyType({each.NAME: each.MEANS for each in WAYS_IN})
    renewed_every = timedelta(days=365)  # no longest visit is known
    one_code_for_all_locks = True
    example_link = "https://visit.exivo.example/v/aB3dE"

    def __init__(self, http: VendorHttpClient) -> None:
        self._client = Client(http)
        self.revocation = self

    def verify(self, credentials: Credentials) -> str:
        """Return the site's name once the key proved to be the site's."""
        account = account_of(credentials)
        site = self._client.site(account)
        return f"Exivo site {site.get('name') or account.site_id}"

    def locks(self, credentials: Credentials) -> list[VendorLock]:
        """Return every component of the site, also those not usable (CON-05)."""
        account = account_of(credentials)
        site = self._client.site(account)
        return vendor_locks(self._client.components(account), site)

    def issue(self, credentials: Credentials, order: Order) -> Issued:
        """Return the link and the PIN of the one visit for this order (EXV-03)."""
        account, request = account_of(credentials), mapping.visit_request_of(order)
        visit = self._visit(account, request, repeated=order.repeated)
        place = f"Exivo: site {account.site_id}, visit “{visit.name}”, id {visit.id}"
        place = with_page(place, visit.id, account.api_url, FIELDS)
        notice = self._add_ways_in(account, order)
        return Issued(Secret(visit.code), visit.id, visit.link, place, notice)

    def _visit(
        self, account: Account, request: VisitRequest, *, repeated: bool
    ) -> Visit:
        if not repeated:
            return self._client.make_visit(account, request.written)
        earlier = self._earlier(account, request)
        fitting = [visit for visit in earlier if request.fits(visit)]
        if not fitting:
            made = self._client.make_visit(account, request.written)
            earlier = self._earlier(account, request)  # with one that came in late
            fitting = [visit for visit in earlier if request.fits(visit)] or [made]
        kept = fitting[0]
        for visit in earlier:
            if visit.id != kept.id:
                self._revoke(account, visit.id)
        return kept

    def _add_ways_in(self, account: Account, order: Order) -> str | None:
        """Return what could not be added; the visit itself works without it.

        Raise `VendorUnknown` where that is not known yet: the visit is made, so no
        error may say that nothing was done.
        """
        missing = []
        for way in WAYS_IN:
            try:
                if way.NAME in order.options:
                    way.add(self._client, account, order)
            except VendorRefused as refused:
                missing.append(f"Without {way.MEANS}: {refused.reason}.")
            except VendorError as unsaid:
                raise VendorUnknown(unsaid.reason, unsaid.retry_after) from unsaid
        return " ".join(missing) or None

    def _earlier(self, account: Account, request: VisitRequest) -> list[Visit]:
        return [each for each in self._client.visits(account) if request.made(each)]

    def revoke(self, credentials: Credentials, code: Code) -> None:
        """Make sure that no visit of this order opens anything (EXV-06)."""
        account = account_of(credentials)
        for way in WAYS_IN:
            if way.NAME in code.options:
                way.take_back(self._client, account, code.access)
        refs = [code.ref] if code.ref else self._left_by(account, code)
        for ref in refs:
            self._revoke(account, ref)

    def list_refs(self, credentials: Credentials, lock_vendor_id: str) -> set[str]:
        """Return the ids of the site's visits that are not revoked."""
        del lock_vendor_id
        found = self._client.visits(account_of(credentials))
        return {visit.id for visit in found if not visit.revoked}

    def _left_by(self, account: Account, code: Code) -> list[str]:
        """Return the visits that an order left whose answer never came."""
        pin = code.pin.reveal() if code.pin else None
        known = (label(code.name), pin)
        found = self._client.visits(account)
        refs = [v.id for v in found if (v.name, v.code) == known and not v.revoked]
        if not refs and clock.now() < code.ordered_at + SETTLES:
            raise VendorPending("Exivo: the order may still be on its way")
        return refs

    def _revoke(self, account: Account, ref: str) -> None:
        """Revoke a visit; one that is revoked already, or gone, counts as revoked."""
        try:
            self._client.revoke_visit(account, ref)
        except VendorRefused:
            visit = self._client.visit(account, ref)
            if visit is not None and not visit.revoked:
                raise
