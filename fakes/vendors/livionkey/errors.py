"""Why the cloud refuses: error codes, with the texts that the older interface sends.

Invariants: clients match the texts, so they are the vendor's own. Checks raise
`Refused`; each interface answers it in its own shape.
"""

from __future__ import annotations

from enum import Enum


class ErrorCode(Enum):
    """A refusal; its value is the text of the older interface."""

    NO_CONTRACT_ID = "Missing contractId from parameters"
    NO_PARAMETERS = "Missing contract parameters"
    NO_DEVICE_ID = "Missing deviceId from parameters"
    NO_KEY_ID = "Missing keyId from parameters"
    NO_START = "Missing start from parameters"
    NO_PERSON = "Missing person from parameters"
    NO_CONTACTS = "Missing contacts from parameters"
    NO_END = "Missing end from parameters"
    NO_DEVICES = "No devices"
    BAD_REFERENCE = "Invalid contractId"  # invented text
    BAD_PIN = "Invalid pincode"  # invented text
    BAD_TYPE = "Invalid type"  # invented text
    REFERENCE_TAKEN = "ContractId already in use"
    UNKNOWN_KEY = "KeyId not found"
    BACKWARDS = "Start time should be before End time"
    PAST = "Start time should be in the future"
    OVERLAP = "Overlapping contract existing"
    PIN_TAKEN = "Pincode already used in existing contracts"
    UNKNOWN_CONTRACT = "Contract not found"
    KEY_IS_OUT = "Delete contract failed"
    KEY_IS_FETCHED = (
        "Key is fetched"  # invented text: a device is left out of an update
    )

    NO_RIGHT_PARAMETERS = "Missing accessRight parameters"
    NO_RIGHT_ID = "Missing accessRightId from parameters"
    RIGHT_TAKEN = "AccessId already in use"
    NO_KEYPAD = "Device is not a keypad"
    RIGHT_OVERLAP = "Overlapping accessRight existing"
    RIGHT_PIN_TAKEN = "Pincode already used in existing accessRights"
    UNKNOWN_RIGHT = "AccessRight not found"
    RIGHT_NOT_DELETED = "Delete accessRight failed"

    NO_BODY = "body is required"
    NO_DEVICE_ID_OF_KEY = "deviceId is required"
    NO_KEY_ID_OF_KEY = "keyId is required"
    NO_KEY_NAME = "keyName is required"  # invented text
    NO_QUERY = "Missing deviceId from query parameters"
    NO_SUCH_DEVICE = "no such device"
    NO_SUCH_KEY = "no such key"
    KEY_TAKEN = "key already exists with that keyId"
    SLOT_TOO_BIG = "lockerIndex is too big"
    NO_FREE_SLOT = "no free lockers"

    UNKNOWN_DEVICE = "Device not found"
    NO_DEVICE_KEYS = "Device keys not found"
    NOT_SUPPORTED = "not supported"
    MALFORMED_SLOT = "malformed locker index"
    UNKNOWN_SLOT = "locker not found"
    NO_SLOT = "lockerIndex is required"
    OPEN_SLOT_TOO_BIG = "Locker index is too big"
    DEVICE_ERROR = "Device error"
    DEVICE_BUSY = "Device busy"
    UNKNOWN_GROUP = "there is no such group"
    BAD_PAGE = "limit must be 1 to 50"  # invented text


class Refused(Exception):  # noqa: N818 - it is the vendor's answer, not a failure
    """A refusal, before it has a shape."""

    def __init__(self, error: ErrorCode) -> None:
        super().__init__(error.value)
        self.error = error
