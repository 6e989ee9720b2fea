"""How much of a history was held against the oracle."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Counts:
    """How much was held against the oracle."""

    moments: int = 0
    probes: int = 0
    statements: dict[str, int] = field(default_factory=dict)
    """How many strict statements were seen to hold or not, by rule."""

    def add(self, rule: str) -> None:
        """Count one strict statement."""
        self.statements[rule] = self.statements.get(rule, 0) + 1

    def add_all(self, other: Counts) -> None:
        """Count what another history was held against."""
        self.moments += other.moments
        self.probes += other.probes
        for rule, number in other.statements.items():
            self.statements[rule] = self.statements.get(rule, 0) + number
