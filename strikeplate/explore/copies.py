"""What the owner's copies lack of a customer's messages, as both are read. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from strikeplate.context import Inbox
    from strikeplate.oracle.messages import MessageStatement


def amiss(
    said: MessageStatement, codes: Sequence[Sequence[str]], inbox: Inbox
) -> str | None:
    """Return what is wrong with the copies of messages that brought these codes.

    A resource that is declared may have an owner whose messages are not read.
    """
    if not said.copied or (said.owner and said.owner != inbox.owner):
        return None
    ever = {code for each in codes for code in each}
    found = [{*inbox.codes_in(mail)} & ever for mail in inbox.to_owner()]
    copies = [each for each in found if each]
    if {*codes[-1]} - {code for each in copies for code in each}:
        return f"the owner has no copy of {said.booking}'s latest message"
    if len(copies) > said.at_most:
        return f"the owner has {len(copies)} copies of {said.booking}'s messages"
    return None
