"""A cabinet on paper: what a clerk with a notebook would expect of it.

The clerk thinks in minutes, looks at what holds rather than at timers, and knows no
table, no rack and no task. The cabinet's codes are a copy that is made whenever the
cabinet is connected; what happens while it is not is read out when it is back.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

DAY = 24 * 60
Event = tuple[str, str, str, int]  # what, key or code, contract, minute


@dataclass
class Sheet:
    """One contract, and what the office has heard of its key."""

    name: str
    key: str
    pin: str
    start: int
    end: int
    known: str = "waiting"
    missed: bool = False
    overdue: bool = False
    deleted: bool = False

    def meets(self, key: str, start: int, end: int) -> bool:
        return self.key == key and self.start < end and start < self.end


@dataclass
class CabinetModel:
    """The notebook."""

    keys: dict[str, str]  # return codes
    backup: dict[str, set[str]]
    now: int = 0
    online: bool = True
    grace: int = 0
    delay: int = 0
    sheets: dict[str, Sheet] = field(default_factory=dict)
    copy: dict[str, tuple[Sheet, int]] = field(default_factory=dict)  # by PIN
    has: dict[str, str] = field(default_factory=dict)  # who has which key
    unreported: list[tuple[str, str, str, int]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    wrong: int = 0
    blocked_until: int = -1

    def live(self) -> list[Sheet]:
        return [sheet for sheet in self.sheets.values() if not sheet.deleted]

    def is_free(self, key: str, start: int, end: int, but: str = "") -> bool:
        meeting = (each for each in self.live() if each.meets(key, start, end))
        return all(each.name == but for each in meeting)

    def sign(self, sheet: Sheet) -> None:
        self.sheets[sheet.name] = sheet
        self.events.append(("update", sheet.key, sheet.name, self.now))
        self.connect()

    def extend(self, sheet: Sheet, end: int) -> None:
        if end != sheet.end and end > self.now:
            sheet.missed = sheet.overdue = False
        sheet.end = end
        self.sign(sheet)

    def delete(self, sheet: Sheet) -> None:
        sheet.deleted = True
        self.connect()

    def set_times(self, grace: int, delay: int) -> None:
        self.grace, self.delay = grace, delay
        self.connect()

    def wait(self, minutes: int) -> None:
        for _ in range(minutes):
            self.now += 1
            self.report_missing()

    def switch(self, *, online: bool) -> None:
        if online != self.online:
            self.events.append(("alarm", str(not online), "", self.now))
        self.online = online
        self.connect()

    def connect(self) -> None:
        """Read out what happened, then copy every code that is of use."""
        if self.online:
            self.read_out()
            self.copy = {
                each.pin: (replace(each), each.end + self.grace)
                for each in self.live()
                if self.now < each.end + self.grace + DAY
            }
        self.report_missing()

    def read_out(self) -> None:
        for answer in self.unreported:
            self.learn(*answer)
        self.unreported.clear()
        self.report_missing()

    def learn(self, what: str, key: str, who: str, minute: int) -> None:
        """Let the office know of one thing, and tell it outside."""
        name = who.removeprefix("return:")
        sheet = self.sheets.get(name)
        if what == "fetched" and sheet:
            sheet.known, sheet.overdue = "fetched", False
        if what == "returned" and sheet:
            sheet.known = "returned"
        shown = sheet.name if sheet and name == who else ""
        self.events.append((what, key, shown, minute))

    def report_missing(self) -> None:
        """Tell of what is missing by now."""
        for sheet in self.live():
            if sheet.known == "waiting" and not sheet.missed and self.now >= sheet.end:
                sheet.missed = True
                self.events.append(("not-fetched", sheet.key, sheet.name, self.now))
            due = sheet.end + self.delay
            if sheet.known == "fetched" and not sheet.overdue and self.now >= due:
                sheet.overdue = True
                self.events.append(("not-returned", sheet.key, sheet.name, self.now))

    def type(self, code: str, *, moves: bool) -> str:
        """Return what comes of a code: taken, returned, open or shut."""
        if self.now < self.blocked_until:
            return "shut"
        for key, static in self.keys.items():
            if code == f"*{static}":
                if key not in self.has:
                    return "shut"
                return self.opened("return", code, key, "return:", moves=moves)
            if code in self.backup[key]:
                self.backup[key].discard(code)
                return self.opened("access", code, key, "", moves=moves)
        if code not in self.copy:
            self.wrong += 1
            if self.wrong >= 5:
                self.blocked_until = self.now + 1
            return "shut"
        return self.by_contract(code, moves=moves)

    def by_contract(self, code: str, *, moves: bool) -> str:
        sheet, closes = self.copy[code]
        mine = self.has.get(sheet.key) == sheet.name
        if not sheet.start <= self.now < closes:
            return "shut"
        if self.now >= sheet.end and not mine:
            return "shut"
        others = sheet.key in self.has and not mine
        return self.opened(
            "pin", code, sheet.key, sheet.name, moves=moves and not others
        )

    def opened(self, kind: str, code: str, key: str, who: str, *, moves: bool) -> str:
        self.wrong, self.blocked_until = 0, -1
        name = "" if who == "return:" else who
        self.report(f"{kind}-code", code, name)
        if not moves:
            return "open"
        if key in self.has:
            holder = self.has.pop(key)
            self.report("returned", key, ("return:" if name != who else "") + holder)
            return "returned"
        self.has[key] = who or "backup"
        self.report("fetched", key, who)
        return "taken"

    def report(self, what: str, key: str, who: str) -> None:
        self.unreported.append((what, key, who, self.now))
