"""What a vendor reported, to its webhook and to the manager, held against the oracle.

Invariants: each report is read once, in the order in which it came. One that is not
signed as the vendor signs, or that is about a code nobody asked for, differs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from strikeplate.cause import PRIVACY, SILENT
from strikeplate.explore.compare import Difference
from strikeplate.explore.vendor_clients import MANAGER
from strikeplate.explore.vendor_hooks import Report
from strikeplate.oracle.codes import RULES
from strikeplate.oracle.reports import notices, reports

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime, timedelta

    from strikeplate.environment import Place
    from strikeplate.explore.counts import Counts
    from strikeplate.explore.vendor_calls import VendorCalls
    from strikeplate.explore.vendor_hooks import Receiver
    from strikeplate.oracle.codes import Account
    from strikeplate.oracle.reports import ReportStatement, What

SUBJECTS: dict[str, What] = {"Key returned": "returned", "Key not returned": "late"}
"""The subjects of mails to a manager, and what they report."""


@dataclass
class News:
    """What was reported so far in one run."""

    calls: VendorCalls
    places: Sequence[Place]
    receiver: Receiver | None
    _read: int = 0
    _reports: list[Report] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._url = ""
        if self.receiver and self.calls.reports:
            self._url = self.receiver.new_url()
            self.calls.subscribe(self._url)

    def differences(
        self, account: Account, now: datetime, delay: timedelta, counts: Counts
    ) -> Iterator[Difference]:
        """Yield what differs now of what must have been reported."""
        if self.receiver and self._url:
            yield from self._collect(self.receiver, account, now)
            for said in reports(account, now, delay):
                counts.add(said.rule)
                yield from self._held(said, self._reports, "its webhook", now)
        if account.vendor == "livionkey":
            mailed = [*self._mailed()]
            for said in notices(account, now, delay):
                counts.add(said.rule)
                yield from self._held(said, mailed, "the manager", now)

    def _collect(
        self, receiver: Receiver, account: Account, now: datetime
    ) -> Iterator[Difference]:
        """Read what came since the last time."""
        came, rule = receiver.at(self._url), RULES[account.vendor].window
        labels = {self.calls.label(each.code) for each in account.asked}
        for posted in came[self._read :]:
            if not self.calls.is_genuine(posted):
                text = "a report is not signed as it must be"
                yield Difference(rule, "", now, text, PRIVACY)
            try:
                new = [*self.calls.read(posted)]
            except (ValueError, LookupError, TypeError, AttributeError) as mishap:
                text = f"a report has another shape: {type(mishap).__name__}"
                yield Difference(rule, "", now, text, SILENT)
                continue
            self._reports += new
            for report in new:
                if report.code and report.code not in labels:
                    text = f"what nobody asked for is reported: {report.what}"
                    yield Difference(rule, "", now, text, SILENT)
        self._read = len(came)

    def _mailed(self) -> Iterator[Report]:
        """Yield what the manager was told by mail, by the names of codes and keys."""
        for mail in self.places[0].world.mails(MANAGER):
            what = SUBJECTS.get(mail["subject"])
            for number, place in enumerate(self.places):
                if what and f"Key {number}," in mail["body"]:
                    named = (
                        name
                        for name in map(self.calls.label, self.calls.made)
                        if f"{name} " in mail["body"]
                    )
                    yield Report(what, place.door.vendor_id, next(named, ""))

    def _held(
        self, said: ReportStatement, seen: Sequence[Report], to: str, now: datetime
    ) -> Iterator[Difference]:
        """Yield what differs of one statement."""
        door = self.places[said.door].door.vendor_id
        label = self.calls.label(said.code) if said.code else ""
        alike = [
            each
            for each in seen
            if (each.what, each.door) == (said.what, door) and label in {"", each.code}
        ]
        number, of = len(alike), said.code or f"door {said.door + 1}"
        if number < said.at_least:
            text = (
                f"{to} has {number} reports of {of}, {said.what}, not {said.at_least}"
            )
            yield Difference(said.rule, said.code, now, text, SILENT)
        if said.at_most is not None and number > said.at_most:
            text = f"{to} has {number} reports of {of}, {said.what}, at most"
            text = f"{text} {said.at_most}"
            yield Difference(said.rule, said.code, now, text, SILENT)
        if said.times and alike and alike[-1].times != said.times:
            text = f"{to} is shown other times of {of} than were asked for"
            yield Difference(said.rule, said.code, now, text, SILENT)
