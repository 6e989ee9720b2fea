"""Contracts of the newer interface; `id` is the caller's own reference.

Invariants: a contract is not deleted while one of its keys is out, whatever the older
interface does.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, Field

from fakes.kit.call import answer, current_world, note
from fakes.vendors.livionkey import contracts
from fakes.vendors.livionkey.errors import ErrorCode, Refused
from fakes.vendors.livionkey.state import Contact, Contract, State, state_of
from fakes.vendors.livionkey.terms import Ask, Terms
from fakes.vendors.livionkey.v2 import shapes
from fakes.vendors.livionkey.v2.wire import V2Request, blueprint, page, read, refusal
from fakes.vendors.livionkey.wire import LAST_INSTANT

if TYPE_CHECKING:
    from werkzeug import Response

    from fakes.kit.world import World

PATH = "/mechanical/keycontracts"


def _in_utc(at: datetime) -> datetime:
    try:
        utc = at.astimezone(UTC)
    except OverflowError:
        utc = LAST_INSTANT
    if utc >= LAST_INSTANT:
        raise ValueError("give an instant before the year 9000")
    return utc


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Verification = Annotated[str, Field(pattern="^[012]$", coerce_numbers_to_str=True)]


class ContactRequest(V2Request):
    """The recipient; whoever names single notices gets those alone."""

    name: str
    email: str | None = None
    phone_number: str | None = None
    send_sms: bool = False
    send_email: bool = False
    language: Literal["en", "fi", "sv", "de", "no", "fr"] = "en"
    notifications: dict[str, dict[str, bool]] | None = None

    def contact(self) -> Contact:
        """Return the recipient as the cloud keeps it."""
        return Contact(
            name=self.name,
            email=self.email or "",
            phone=self.phone_number or "",
            send_sms=self.send_sms,
            send_email=self.send_email,
            language=self.language,
            notices=self.notifications,
        )


class KeyPlace(V2Request):
    """From where a key is handed over, and by which PIN."""

    pincode: str | None = None
    automat_id: str | None = None


class KeyAsk(V2Request):
    """One key of a contract."""

    id: str
    storage_info: KeyPlace = KeyPlace()


class NewContract(V2Request):
    """What a contract is to be."""

    start: Instant
    contact: ContactRequest
    keys: Annotated[list[KeyAsk], Field(min_length=1)]
    end: Instant | None = None
    user_verification: Verification | None = None
    free_locker_after_fetch: bool | None = None
    id: str | None = None


class ContractChange(V2Request):
    """What is to be changed; an end of null is for ever."""

    start: Instant | None = None
    end: Instant | None = None
    contact: ContactRequest | None = None
    user_verification: Verification | None = None


@blueprint.get(PATH)
def list_contracts() -> Response:
    """List contracts."""
    found = state_of(current_world()).contracts.values()
    return page(shapes.contract(each) for each in found if not each.deleted)


@blueprint.post(PATH)
def make_contract() -> Response:
    """Make a contract."""
    world, body = current_world(), read(NewContract)
    state = state_of(world)
    terms = Terms(
        contract_id=body.id or world.ids.hex("livionkey.reference", 24),
        asks=tuple(_ask(state, each) for each in body.keys),
        start=body.start,
        end=body.end,
        person=body.contact.name,
        contacts=[body.contact.contact()],
        frees_slot=bool(body.free_locker_after_fetch),
        verification=body.user_verification or "0",
    )
    made = contracts.make(world, terms)
    note(made.contract_id)
    return answer(201, shapes.contract(made))


@blueprint.get(f"{PATH}/<reference>")
def show_contract(reference: str) -> Response:
    """Show a contract."""
    return answer(200, shapes.contract(_find(current_world(), reference)))


@blueprint.patch(f"{PATH}/<reference>")
def change_contract(reference: str) -> Response:
    """Change a contract; its verification only while no key was fetched."""
    world, body = current_world(), read(ContractChange)
    contract = _find(world, reference)
    fetched = any(handover.fetched_at for handover in contract.handovers)
    if body.user_verification and fetched:
        return refusal(400, "verification cannot be changed: a key was fetched")
    contracts.change(world, contract, _changed(body, contract))
    return answer(200, shapes.contract(contract))


@blueprint.delete(f"{PATH}/<reference>")
def delete_contract(reference: str) -> Response:
    """Delete a contract of which no key is out."""
    world = current_world()
    contracts.cancel(world, _find(world, reference), even_if_out=False)
    return answer(204)


def _find(world: World, reference: str) -> Contract:
    state = state_of(world)
    contract = contracts.find(world, state.references.get(reference, ""))
    note(contract.contract_id)
    return contract


def _ask(state: State, body: KeyAsk) -> Ask:
    key = state.keys.get(body.id)
    place = body.storage_info
    if key is None or place.automat_id not in {None, key.device}:
        raise Refused(ErrorCode.UNKNOWN_KEY)
    return Ask(key.device, key.id, place.pincode)


def _changed(body: ContractChange, contract: Contract) -> Terms:
    """Return what a contract is to be, from what it is and what is said."""
    said: dict[str, Any] = body.model_dump(exclude_unset=True)
    return Terms(
        contract_id=contract.contract_id,
        asks=contracts.asks_of(contract),
        start=body.start or contract.start,
        end=body.end if "end" in said else contract.end,
        person=body.contact.name if body.contact else contract.person,
        contacts=[body.contact.contact()] if body.contact else contract.contacts,
        kind=contract.kind,
        free_text=contract.free_text,
        frees_slot=contract.frees_slot,
        verification=body.user_verification or contract.verification,
    )
