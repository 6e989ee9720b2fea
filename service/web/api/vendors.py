"""Vendors: which there are, and what a connection to each needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.web.endpoint import Endpoints
from service.web.fields import Shape

if TYPE_CHECKING:
    from service.bootstrap import Service
    from service.ports import LockVendor

endpoints = Endpoints()


class CredentialFieldSchema(Shape):
    """One field of the vendor's credentials."""

    name: str
    label: str
    secret: bool
    default: str | None
    optional: bool


class VendorSchema(Shape):
    """A lock vendor; codes of `kinds` can be made by hand.

    `options` are the further ways in that a rule may add, with what each is (EXV-05).
    Rules `by_community` are possible where access can last as long as a membership.

    With `keeps_keys` its locks are keys that are taken and given back.
    `events` says how it is made to send messages of its own, null where it does not.
    """

    name: str
    fields: list[CredentialFieldSchema]
    kinds: list[str]
    revocable: bool
    options: dict[str, str]
    by_community: bool
    keeps_keys: bool
    events: str | None


class VendorList(Shape):
    """All vendors."""

    items: list[VendorSchema]


@endpoints.add("GET", "/api/vendors", gives=VendorList)
def list_vendors(service: Service) -> VendorList:
    """List the lock vendors that can be connected."""
    return VendorList(
        items=[_to_schema(each) for each in service.deps.vendors.values()]
    )


def _to_schema(vendor: LockVendor) -> VendorSchema:
    fields = [
        CredentialFieldSchema(
            name=field.name,
            label=field.label,
            secret=field.secret,
            default=field.default,
            optional=field.optional,
        )
        for field in vendor.fields
    ]
    return VendorSchema(
        name=vendor.name,
        fields=fields,
        kinds=list(vendor.planner.manual_kinds),
        revocable=vendor.revocation is not None,
        options=dict(vendor.options),
        by_community=vendor.renewed_every is not None,
        keeps_keys=vendor.keys is not None,
        events=vendor.webhooks.instructions if vendor.webhooks else None,
    )
