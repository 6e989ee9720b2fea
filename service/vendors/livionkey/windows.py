"""Windows of contracts: exactly the booking, to the second.

Invariants: pure. Both ends are always said, so a checkout time that the organisation
has set for all its keys plays no part (LIV-01). A contract cannot begin in the past;
one that begins late begins now, and its window says what was booked.
"""

from __future__ import annotations

from typing import Final

from service.domain.schedule import Exact

KIND: Final = "contract"
TIMES: Final = Exact(KIND, "LivionKey has codes", "a contract", "hand a key over")
