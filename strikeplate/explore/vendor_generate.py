"""Runs by seed: codes of every kind that a vendor has, around the moments that matter.

Invariants: one seed and vendor give one run. It asks for nothing that a source forbids
or leaves open; what must be refused stands in it as a wrong call.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from strikeplate.explore.generate import LONG
from strikeplate.explore.vendor_clients import CLIENTS
from strikeplate.explore.vendor_further import (
    APART,
    SEVERAL,
    after_a_deletion,
    of_two_doors,
    shortened,
)
from strikeplate.explore.vendor_run import (
    AwayStep,
    CodeStep,
    Run,
    SettingsStep,
    UseStep,
    WrongCallStep,
    WrongCodesStep,
)
from strikeplate.explore.wrong_calls import WRONG_CALLS
from strikeplate.explore.zones import PLAIN_DAYS, ZONES, changes
from strikeplate.oracle.codes import PERSON
from strikeplate.oracle.schedules import Week
from strikeplate.oracle.windows import hour_down

if TYPE_CHECKING:
    from strikeplate.explore.vendor_run import Step

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LENGTHS = (HOUR, 3 * HOUR, 20 * HOUR, 30 * HOUR, 3 * DAY)
DOORS = 2
GRACES = (0, 60, 720, 1440)
DELAYS = (0, 60)
TWINS = ("hourly", "daily", "onetime")
"""Kinds of PIN of which a lock has several for the same hours."""

MASKS = (64, 84, 35, 8, 127, 1, 112)
MINUTES = ((480, 1140), (0, 600), (1135, 1325), (720, 721))
DRIFTS = (90, -90, 3600)


def generate(seed: int, vendor: str) -> Run:
    """Return the run of a seed."""
    return _Draw(Random(f"{seed}-{vendor}-codes"), vendor).run(seed)  # noqa: S311 - no secret


@dataclass
class _Draw:
    chance: Random
    vendor: str
    steps: list[Step] = field(default_factory=list)

    def run(self, seed: int) -> Run:
        """Draw it."""
        zone = self.chance.choice(ZONES)
        days = [datetime.fromisoformat(day).replace(tzinfo=UTC) for day in PLAIN_DAYS]
        near = self.chance.choice((*changes(zone), *days))
        begin = near - self.chance.randint(1, 3) * DAY + 8 * HOUR
        self.settings, drift = self._settings(), 0
        if self.vendor == "igloohome" and self.chance.random() < 0.2:
            drift = self.chance.choice(DRIFTS)
        for number in range(self.chance.randint(1, 3)):
            self._code(number, begin, ZoneInfo(zone))
        self._wrong_calls(begin, seed)
        if self.chance.random() < 0.5:
            self._in_vain()
        if self.vendor == "exivo" and self.chance.random() < 0.8:
            self._person(begin)
        if self.vendor == "nuki" and self.chance.random() < 0.5:
            self._switched(begin)
        if self.vendor == "igloohome" and not drift and self.chance.random() < 0.3:
            self._wrong_codes()
        if self.vendor in SEVERAL and self.chance.random() < 0.4:
            self.steps += after_a_deletion(begin)
        if self.vendor == "livionkey":
            self._under_contract(begin)
        if self.vendor != "igloohome" and self.chance.random() < 0.5:
            self._away()
        self._further(begin)
        return Run(
            seed=seed,
            vendor=self.vendor,
            zone=zone,
            begin=begin,
            drift=drift,
            settings=self.settings,
            steps=tuple(sorted(self.steps, key=lambda step: step.at)),
        )

    def _further(self, begin: datetime) -> None:
        """Draw a code of two doors, and one whose end is brought forward."""
        if self.vendor in SEVERAL and self.chance.random() < 0.5:
            self.steps += of_two_doors(self.chance, self.vendor, begin)
        if CLIENTS[self.vendor].changes and self.chance.random() < 0.5:
            self.steps += shortened(self.chance, self.vendor, begin)

    def _in_vain(self) -> None:
        """Draw that a code is tried before it is good; one that is not used then."""
        used = {step.code for step in self.steps if isinstance(step, UseStep)}
        made = [s for s in self.steps if isinstance(s, CodeStep) and s.do == "make"]
        first = next((step for step in made if step.code not in used), made[0])
        if first.start and first.start - 10 * MINUTE > first.at:
            at = first.start - 10 * MINUTE
            tried = UseStep(at=at, code=first.code)
            if self.vendor == "livionkey":
                tried = UseStep(at=at, code=first.code, move="take")
            self.steps.append(tried)

    def _twin(self, made: CodeStep) -> None:
        """Draw another PIN of the same lock and hours, which nobody uses."""
        later = {"code": f"{made.code}b", "at": made.at + MINUTE}
        self.steps.append(made.model_copy(update=later))

    def _person(self, begin: datetime) -> None:
        """Draw a person with a PIN: always or at some hours, changed and shut out."""
        chance, start = self.chance, begin + 50 * HOUR
        week = Week(days=chance.choice(MASKS), minutes=chance.choice(MINUTES))
        made = CodeStep(
            do="make",
            at=begin + 45 * MINUTE,
            code="p1",
            door=chance.randint(0, 1),
            start=start,
            end=start + 5 * DAY,
            kind=PERSON,
            week=week if chance.random() < 0.5 else None,
        )
        self.steps.append(made)
        self.steps.append(UseStep(at=start + 5 * MINUTE, code="p1"))
        if chance.random() < 0.5:
            again = {"do": "change", "at": start + chance.choice((-HOUR, 9 * HOUR))}
            again |= {"renews": chance.random() < 0.5, "end": start + 3 * DAY}
            if made.week:
                minutes = chance.choice(MINUTES)
                again["week"] = Week(days=chance.choice(MASKS), minutes=minutes)
            self.steps.append(made.model_copy(update=again))
        if made.week is None:
            at = start + 30 * HOUR
            self.steps.append(CodeStep(do="delete", at=at, code="p1", door=made.door))

    def _switched(self, begin: datetime) -> None:
        """Draw a keypad code that is switched off and on, or gets other digits."""
        start = begin + 50 * HOUR
        made = CodeStep(
            do="make",
            at=begin + 45 * MINUTE,
            code="s1",
            door=1,
            start=start,
            end=start + 5 * DAY,
        )
        self.steps.append(made)
        again = {"do": "change", "at": made.at + HOUR, "off": True}
        if self.chance.random() < 0.4:
            again = {"do": "change", "at": made.at + HOUR, "renews": True}
        self.steps.append(made.model_copy(update=again))
        on = {"do": "change", "at": start + HOUR, "off": False}
        if self.chance.random() < 0.5:
            self.steps.append(made.model_copy(update=on))

    def _away(self) -> None:
        """Draw that a door is offline while a code of it is changed or deleted."""
        orders = [s for s in self.steps if isinstance(s, CodeStep) and s.do != "make"]
        orders = [s for s in orders if s.code == "p1"][-1:] or orders
        if not orders:
            return
        order = self.chance.choice(orders)
        at, until = order.at - 3 * MINUTE, order.at + 12 * MINUTE
        moves = (s.at for s in self.steps if isinstance(s, UseStep) and s.move)
        ends = (s.end for s in self.steps if isinstance(s, CodeStep) and s.end)
        if not any(at - HOUR < each < until + HOUR for each in (*moves, *ends)):
            self.steps.append(AwayStep(at=at, code=order.code, until=until))

    def _under_contract(self, begin: datetime) -> None:
        """Draw a contract of two keys, neither given back, or one of changed grace."""
        what, start = self.chance.random(), begin + (DOORS + 1) * APART
        if what >= 0.5:
            return
        at, end = begin + 50 * MINUTE, start + self.chance.choice(LENGTHS)
        made = CodeStep(do="make", at=at, code="c8", start=start, end=end)
        self.steps.append(made)
        if what < 0.25:
            more = {"at": at + 10 * MINUTE, "code": "c9", "door": 1, "joins": "c8"}
            self.steps.append(made.model_copy(update=more))
        else:
            sets = {"return_grace_minutes": self.chance.choice(GRACES[1:])}
            step = SettingsStep(at=start + 20 * MINUTE, code="c8", sets=sets)
            self.steps.append(step)
        for code, after in (("c8", 5), ("c9", 15))[: 2 if what < 0.25 else 1]:
            at = start + after * MINUTE
            self.steps.append(UseStep(at=at, code=code, move="take"))

    def _settings(self) -> dict[str, int | str]:
        """Draw what a LivionKey account has set."""
        if self.vendor != "livionkey":
            return {}
        grace, delay = self.chance.choice(GRACES), self.chance.choice(DELAYS)
        drawn = {"return_grace_minutes": grace, "overdue_delay_minutes": delay}
        found: dict[str, int | str] = {k: v for k, v in drawn.items() if v}
        if self.chance.random() < 0.4:
            found["default_checkout_time"] = "11:00"
        return found

    def _code(self, number: int, begin: datetime, zone: ZoneInfo) -> None:
        """Draw one code: when it is made, changed, used and deleted."""
        client, chance = CLIENTS[self.vendor], self.chance
        start = hour_down(begin + chance.randint(3, 60) * HOUR, zone)
        if self.vendor == "livionkey":  # one guest at a time has a key
            start += number // DOORS * APART
        at = begin + (number + 1) * 10 * MINUTE
        made = self._made(f"c{number + 1}", at, number % DOORS, start, zone)
        self.steps.append(made)
        if made.kind in TWINS and self.chance.random() < 0.3:
            self._twin(made)
        if made.week is not None or made.start is None:
            if client.changes:
                self._reschedule(made)
            return
        end = made.end or start + DAY
        changed = None
        if client.changes and chance.random() < 0.5:
            changed = self._change(made, start, end)
            self.steps.append(changed)
        self._uses(changed or made)
        if client.deletes and chance.random() < 0.5:
            at = (changed or made).at
            moments = (at + HOUR, start + (end - start) / 2)
            at = max(chance.choice(moments), at + 10 * MINUTE).replace(microsecond=0)
            deleted = CodeStep(do="delete", at=at, code=made.code, door=made.door)
            self.steps.append(deleted)

    def _made(
        self, code: str, at: datetime, door: int, start: datetime, zone: ZoneInfo
    ) -> CodeStep:
        """Draw a code that is made: of which kind, for which times."""
        kind, end, week = "", start + self.chance.choice(LENGTHS), None
        if self.vendor == "igloohome":
            kind, end = self._pin(start, zone)
        elif self.vendor == "nuki" and self.chance.random() < 0.6:
            return self._scheduled(code, at, door, start)
        return CodeStep(
            do="make",
            at=at,
            code=code,
            door=door,
            start=start,
            end=None if kind in {"onetime", "permanent"} else end,
            kind=kind,
            week=week,
            terse=self.vendor == "nuki" and self.chance.random() < 0.3,
        )

    def _pin(self, start: datetime, zone: ZoneInfo) -> tuple[str, datetime]:
        """Draw a kind of PIN, and its end if it has one."""
        kinds = ("hourly", "hourly", "hourly", "daily", "daily", "onetime", "permanent")
        kind = self.chance.choice(kinds)
        if kind == "daily":
            end = start.astimezone(zone) + self.chance.choice((29, 30, 367)) * DAY
            return kind, end.astimezone(UTC)
        return kind, start + self.chance.choice((*LENGTHS, LONG[0]))

    def _scheduled(
        self, code: str, at: datetime, door: int, start: datetime
    ) -> CodeStep:
        """Draw a keypad code that opens on some days, at some times."""
        chance = self.chance
        days = chance.choice((0, *MASKS))
        minutes = chance.choice((None, *MINUTES)) if days else chance.choice(MINUTES)
        end = chance.choice((None, start + 8 * DAY, start + 9 * DAY + HOUR))
        return CodeStep(
            do="make",
            at=at,
            code=code,
            door=door,
            start=None if chance.random() < 0.2 else start,
            end=end,
            week=Week(days=days, minutes=minutes),
        )

    def _reschedule(self, made: CodeStep) -> None:
        """Draw another schedule for a code, or one that leaves limits out."""
        start, at = made.start, made.at + HOUR
        if start is None or self.chance.random() < 0.4:
            return
        again = self._scheduled(made.code, at, made.door, start)
        again = again.model_copy(update={"do": "change", "start": start})
        if self.chance.random() < 0.5:
            again = again.model_copy(update={"week": None})
        self.steps.append(again)

    def _change(self, made: CodeStep, start: datetime, end: datetime) -> CodeStep:
        """Draw when a code is changed, and its new times."""
        at, times = made.at + HOUR, (start + DAY, end + DAY)
        if self.chance.random() < 0.5:
            at, times = start + (end - start) / 2, (start, end + 90 * MINUTE)
        where = {"do": "change", "at": at.replace(microsecond=0)}
        if self.vendor == "livionkey" and self.chance.random() < 0.4:
            times, where["keeps_end"] = (start, end), True
        where["renews"] = self.vendor == "livionkey" and self.chance.random() < 0.3
        return made.model_copy(update={**where, "start": times[0], "end": times[1]})

    def _uses(self, code: CodeStep) -> None:
        """Draw when a code is used: within a day of its start, or not at all."""
        assert code.start
        if self.vendor == "livionkey":
            self._moves(code)
        elif self.chance.random() < 0.6:
            after = self.chance.choice((5 * MINUTE, 5 * HOUR, 23 * HOUR))
            self.steps.append(UseStep(at=code.start + after, code=code.code))

    def _moves(self, code: CodeStep) -> None:
        """Draw when a guest takes the key, and how it comes back, if it does."""
        chance = self.chance
        assert code.start
        assert code.end
        if chance.random() < 0.25:
            return
        at = code.start + 5 * MINUTE
        self.steps.append(UseStep(at=at, code=code.code, move="take"))
        within = timedelta(minutes=int(self.settings.get("return_grace_minutes", 0)))
        back, static = chance.choice(
            (
                (code.end - 10 * MINUTE, False),
                (code.start + 20 * MINUTE, False),
                (code.end + within / 2, False),
                (code.start + 25 * MINUTE, True),
                (code.end + 30 * HOUR, True),
                (None, False),
            )
        )
        if back is not None:
            back = back.replace(microsecond=0)
            step = UseStep(at=back, code=code.code, move="return", static=static)
            self.steps.append(step)

    def _wrong_calls(self, begin: datetime, seed: int) -> None:
        """Add a tenth of the calls that must be refused, once the first code is there.

        Ten seeds in a row have all of them.
        """
        for call in [*WRONG_CALLS[self.vendor]][seed % 10 :: 10]:
            at = begin + 16 * MINUTE
            self.steps.append(WrongCallStep(at=at, code="c1", call=call))

    def _wrong_codes(self) -> None:
        """Draw when five wrong codes are typed: while the first code is good."""
        first = self.steps[0]
        assert isinstance(first, CodeStep)
        assert first.start
        at = first.start + 10 * MINUTE
        self.steps.append(UseStep(at=first.start + 2 * MINUTE, code=first.code))
        self.steps.append(WrongCodesStep(at=at, code=first.code))
