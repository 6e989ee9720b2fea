"""Messages that Livion itself sends to people: contacts, and the property manager.

Invariants: a contact gets what it asked for and nothing else; a contact that names
single kinds of notice gets those alone. The texts are this fake's own, in English.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fakes.vendors.livionkey.state import NAME, Contact, Contract, Key, state_of

if TYPE_CHECKING:
    from fakes.kit.world import World


LINK = "https://api.livionkey.com/contracts/public/{contract.id}/{contract.hash}"


class Notice(NamedTuple):
    """One kind of notice: its name in a contact's choice, and its text."""

    choice: str
    subject: str
    body: str


CODE = "Code {pin}, from {start} to {end}. " + LINK


NOTICES = {
    "created": Notice("contractCreated", "Your key", CODE),
    "updated": Notice("contractUpdated", "Your key: changed", CODE),
    "cancelled": Notice("contractUpdated", "Your key: cancelled", "It is cancelled."),
    "starts": Notice("contractStartReminder", "Your key: soon", CODE),
    "ends": Notice("contractEndReminder", "Your key: please return", "Until {end}."),
    "fetched": Notice("contractKeyFetched", "Key fetched", "Key {key} was fetched."),
    "returned": Notice("contractKeyReturned", "Key returned", "Key {key} is back."),
    "not-returned": Notice(
        "contractKeysNotReturned", "Key not returned", "Key {key} was due at {end}."
    ),
}


CHOICES = tuple(dict.fromkeys(notice.choice for notice in NOTICES.values()))


TO_MANAGER = {
    "returned": ("Key returned", "Key {key}, slot {slot}, contract {ref} is back."),
    "not-returned": (
        "Key not returned",
        "Key {key}, slot {slot}, contract {ref} was due at {end}.",
    ),
}


def notify_contacts(
    world: World, contract: Contract, kind: str, key: Key | None = None
) -> None:
    """Send a notice to each contact that wants its kind."""
    notice = NOTICES[kind]
    facts = _facts(contract, key)
    text = notice.body.format(contract=contract, **facts)
    if kind == "created" and contract.free_text:
        text = f"{text}\n{contract.free_text}"
    for contact in contract.contacts:
        if contact.email and _wants(contact, notice.choice, "email"):
            world.mail(NAME, "mail", contact.email, notice.subject, text)
        if contact.phone and _wants(contact, notice.choice, "sms"):
            world.mail(NAME, "sms", contact.phone, notice.subject, text)


def notify_manager(
    world: World, contract: Contract | None, kind: str, key: Key
) -> None:
    """Send a notice to the property manager, with key, slot and booking (LIV-05)."""
    subject, body = TO_MANAGER[kind]
    text = body.format(**_facts(contract, key))
    settings = state_of(world).settings
    if settings.manager_email:
        world.mail(NAME, "mail", settings.manager_email, subject, text)
    if settings.manager_phone:
        world.mail(NAME, "sms", settings.manager_phone, subject, text)


def _wants(contact: Contact, choice: str, channel: str) -> bool:
    if contact.notices is not None:
        return contact.notices.get(choice, {}).get(channel, False)
    return contact.send_email if channel == "email" else contact.send_sms


def _facts(contract: Contract | None, key: Key | None) -> dict[str, object]:
    end = contract and contract.end
    return {
        "pin": contract.handovers[0].pin if contract else "",
        "start": f"{contract.start:%Y-%m-%d %H:%M}" if contract else "",
        "end": f"{end:%Y-%m-%d %H:%M}" if end else "further notice",
        "ref": contract.contract_id if contract else "unknown",
        "key": key.name if key else "",
        "slot": key.locker if key else "",
    }
