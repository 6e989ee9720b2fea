"""The newer interface's JSON: one model for each body, and how the state is shown.

Invariants: no state is changed here. Instants are stored in UTC, however they were
written.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Generic, Literal, NotRequired, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from typing_extensions import TypedDict

from fakes.vendors.livionkey.notices import CHOICES
from fakes.vendors.livionkey.schemas.shapes import NamedShape  # noqa: TC001 (read by pydantic)
from fakes.vendors.livionkey.schemas.v1 import LAST_INSTANT, lockers
from fakes.vendors.livionkey.state import Contact
from fakes.vendors.livionkey.webhooks import iso

if TYPE_CHECKING:
    from fakes.vendors.livionkey.schemas import shapes
    from fakes.vendors.livionkey.state import Contract, Device, Handover, Key, State


Row = TypeVar("Row")


class RefusalShape(TypedDict):
    """A refusal; what it looks like is not published."""

    message: str
    statusCode: NotRequired[int]
    error: NotRequired[str]
    success: NotRequired[bool]


class Page(TypedDict, Generic[Row]):
    """A page of rows; the next one begins `after` so many."""

    data: list[Row]
    after: str
    limit: int
    hasNext: bool


class StorageShape(TypedDict):
    """Where a key is, or belongs."""

    automatId: str


class AvailableShape(TypedDict):
    """Whether a key is in its automat."""

    available: bool


class AutomatKeyShape(TypedDict):
    """A key; `storage` is where it is, `selectedStorage` where it belongs."""

    id: str
    name: str
    organizationUnitId: str
    rfidHex: str | None
    selectedStorage: StorageShape
    storage: StorageShape | None
    targetStorage: StorageShape
    status: AvailableShape
    shared: bool


class RecipientShape(TypedDict):
    """Who is told of a contract, and by what of which notice."""

    name: str
    email: str | None
    phoneNumber: str | None
    sendSms: bool
    sendEmail: bool
    language: str
    notifications: dict[str, dict[str, bool]]


class KeyPlaceShape(StorageShape):
    """From where a key is handed over, and by which PIN."""

    pincode: str


class HandoverShape(TypedDict):
    """One key of a contract."""

    id: str
    storageInfo: KeyPlaceShape
    status: str | None
    inHistory: bool


class KeyContractShape(TypedDict):
    """A contract; without an end it goes on."""

    id: str
    start: str
    end: str | None
    contact: RecipientShape | None
    keys: list[HandoverShape]
    freeLockerAfterFetch: bool
    userVerification: str
    pickUpInfoForManualStorageKeys: None


class LocationShape(TypedDict):
    """Where an automat stands."""

    address: str | None
    postalCode: str | None
    postalOffice: str | None


class AutomatLockerShape(TypedDict):
    """A locker of an automat."""

    lockerIndex: str
    isKeyInside: bool
    key: NamedShape | None


class AutomatShape(TypedDict):
    """An automat with its lockers."""

    id: str
    name: str
    location: LocationShape
    label: str | None
    groups: list[NamedShape]
    hwId: str | None
    timezone: str
    installationPincode: str | None
    lockers: list[AutomatLockerShape]
    lifecycleState: str


class SentShape(TypedDict):
    """Whether a PIN was sent, and why not."""

    success: bool
    reason: str | None


class ServiceAccountShape(TypedDict):
    """A new account, with its private key."""

    id: str
    name: str
    role: str
    privateKey: str
    organizationUnitId: str


def key(state: State, record: Key) -> AutomatKeyShape:
    """Return a key."""
    storage: StorageShape = {"automatId": record.device}
    return {
        "id": record.id,
        "name": record.name,
        "organizationUnitId": state.account.unit,
        "rfidHex": None,
        "selectedStorage": storage,
        "storage": storage if record.inside else None,
        "targetStorage": storage,
        "status": {"available": record.inside},
        "shared": record.shared,
    }


def contract(record: Contract) -> KeyContractShape:
    """Return a contract."""
    return {
        "id": record.contract_id,
        "start": iso(record.start),
        "end": iso(record.end) if record.end else None,
        "contact": _contact(record.contacts[0]) if record.contacts else None,
        "keys": [_handover(record, handover) for handover in record.handovers],
        "freeLockerAfterFetch": record.frees_slot,
        "userVerification": record.verification,
        "pickUpInfoForManualStorageKeys": None,
    }


def automat(state: State, record: Device) -> AutomatShape:
    """Return an automat with its lockers."""
    return {
        "id": record.id,
        "name": record.name,
        "location": {"address": None, "postalCode": None, "postalOffice": None},
        "label": record.label,
        "groups": [],
        "hwId": None,
        "timezone": state.door_of(record).timezone,
        "installationPincode": None,
        "lockers": [_locker(each) for each in lockers(state, record)],
        "lifecycleState": "active",
    }


def _locker(shown: shapes.LockerShape) -> AutomatLockerShape:
    index, inside = shown["lockerIndex"], shown["isKeyInside"]
    return {"lockerIndex": index, "isKeyInside": inside, "key": shown["key"]}


def _handover(record: Contract, handover: Handover) -> HandoverShape:
    done = {"fetch": "fetched", "return": "returned"}.get(record.kind)
    return {
        "id": handover.key,
        "storageInfo": {"pincode": handover.pin, "automatId": handover.device},
        "status": _status(handover),
        "inHistory": handover.status == done,
    }


def _status(handover: Handover) -> str | None:
    if handover.status == "fetched":
        return "key-not-returned" if handover.overdue else "key-fetched"
    if handover.status == "returned":
        return "key-returned"
    return "key-not-fetched" if handover.missed else None


def _contact(record: Contact) -> RecipientShape:
    chosen = record.notices
    plain = {"sms": record.send_sms, "email": record.send_email}
    silent = {"sms": False, "email": False}
    return {
        "name": record.name,
        "email": record.email or None,
        "phoneNumber": record.phone or None,
        "sendSms": record.send_sms,
        "sendEmail": record.send_email,
        "language": record.language or "en",
        "notifications": {
            choice: plain if chosen is None else silent | chosen.get(choice, {})
            for choice in CHOICES
        },
    }


class V2Request(BaseModel):
    """A body that asks for something; what is left out is None."""

    model_config = ConfigDict(alias_generator=to_camel, frozen=True, defer_build=True)


class PinRequest(V2Request):
    """A PIN to be sent; a proximity check counts as passed at once."""

    pincode: str
    proximity_check: bool = False


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
    """The recipient; one that names single notices gets only those."""

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
    """What is to be changed; an end of null means no end."""

    start: Instant | None = None
    end: Instant | None = None
    contact: ContactRequest | None = None
    user_verification: Verification | None = None


class Storage(V2Request):
    """Where a key belongs."""

    automat_id: str


class NewKey(V2Request):
    """What a key is to be."""

    id: str
    selected_storage: Storage
    away: bool
    name: str | None = None
    shared: bool | None = None


class KeyChange(V2Request):
    """What is to be changed of a key."""

    name: str | None = None
    shared: bool | None = None


class KeyDeletion(V2Request):
    """Whether a key goes together with its contracts."""

    delete_active_contracts: bool = False


class AutomatChange(V2Request):
    """What is to be changed of an automat; a label of null takes it away."""

    name: str | None = None
    label: str | None = None


class GroupRequest(V2Request):
    """A group of automats."""

    name: str


class NewServiceAccount(V2Request):
    """An account for another machine."""

    organization_unit_id: str
    name: str


W = TypeVar("W", bound=V2Request)
