"""What is asked and answered: older interface (`v1`, `shapes`), newer (`v2`)."""

from __future__ import annotations
