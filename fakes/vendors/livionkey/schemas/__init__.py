"""What is asked and what is answered: the older interface (`v1`), the newer (`v2`)."""

from __future__ import annotations
