from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fakes.kit.faults import Effect, Fault, Faults

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
BUSY = Effect(status=503)


def struck(faults: Faults, calls: int, *, now: datetime = NOW) -> list[str | None]:
    """Return the fault that each of so many calls meets."""
    matches = [faults.match("acme", "POST", "/codes", now) for _ in range(calls)]
    return [hit.id if (hit := s.before or s.after) else None for s in matches]


def faults_of(*faults: Fault, seed: str = "7") -> Faults:
    kept = Faults(seed)
    for fault in faults:
        kept.add(fault)
    return kept


@given(st.integers(0, 5), st.integers(1, 5), st.integers(0, 15))
def test_fault_skips_then_strikes_so_many_times(
    skip: int, times: int, calls: int
) -> None:
    kept = faults_of(Fault("f", "acme", "before", BUSY, skip=skip, times=times))
    expected = ([None] * skip + ["f"] * times + [None] * calls)[:calls]
    assert struck(kept, calls) == expected


@given(st.text(max_size=5), st.floats(0.05, 0.95), st.integers(0, 40))
def test_chance_is_the_same_for_the_same_seed(
    seed: str, probability: float, calls: int
) -> None:
    def lived() -> list[str | None]:
        fault = Fault("f", "acme", "before", BUSY, probability=probability)
        return struck(faults_of(fault, seed=seed), calls)

    assert lived() == lived()


@given(st.floats(0.05, 0.95), st.floats(0.05, 1.0))
def test_another_fault_does_not_shift_the_first_ones_chance(
    one: float, other: float
) -> None:
    def lived(*more: Fault) -> list[bool]:
        first = Fault("first", "acme", "before", BUSY, probability=one)
        met = struck(faults_of(first, *more), 30)
        return [name == "first" for name in met]

    assert lived(Fault("more", "acme", "before", BUSY, probability=other)) == lived()


def test_chance_comes_near_to_the_probability() -> None:
    fault = Fault("f", "acme", "before", BUSY, probability=0.3)
    hits = sum(name is not None for name in struck(faults_of(fault), 2000))
    assert 520 < hits < 680


def test_two_faults_of_one_call_strike_one_after_the_other() -> None:
    one = Fault("one", "acme", "before", BUSY, times=1)
    two = Fault("two", "acme", "before", BUSY, times=1)
    assert struck(faults_of(one, two), 3) == ["one", "two", None]


def test_fault_after_the_deed_is_not_used_up_by_a_call_that_never_acted() -> None:
    before = Fault("before", "acme", "before", BUSY, times=1)
    after = Fault("after", "acme", "after", BUSY, times=1)
    assert struck(faults_of(before, after), 3) == ["before", "after", None]


def test_late_call_may_meet_a_fault_after_the_deed_too() -> None:
    late = Fault("late", "acme", "before", Effect(delay_ms=500))
    lost = Fault("lost", "acme", "after", Effect(drop=True))
    matched = faults_of(late, lost).match("acme", "POST", "/codes", NOW)
    assert (matched.before, matched.after, matched.stops) == (late, lost, False)


def test_fault_dies_at_its_time() -> None:
    end = NOW + timedelta(minutes=5)
    kept = faults_of(Fault("f", "acme", "before", BUSY, expires_at=end))
    assert struck(kept, 1, now=end - timedelta(seconds=1)) == ["f"]
    assert struck(kept, 1, now=end) == [None]


def test_fault_hits_only_the_calls_it_names() -> None:
    kept = faults_of(Fault("f", "acme", "before", BUSY, method="post", path="/codes/*"))
    assert kept.match("acme", "POST", "/codes/9", NOW).before
    assert not any(kept.match("acme", "GET", "/codes/9", NOW))
    assert not any(kept.match("acme", "POST", "/doors/9", NOW))
    assert not any(kept.match("other", "POST", "/codes/9", NOW))


def test_state_is_reached_after_a_number_of_reads(world: Any) -> None:
    world.make_code("4829")  # at the door after 30 seconds
    effect = {"advance": "PT30S"}
    fault = {"vendor": "acme", "method": "GET", "phase": "before", "effect": effect}
    world.post("/faults", fault | {"skip": 2, "times": 1})

    def known_after_a_read() -> int:
        world.acme("GET", "/codes")
        return sum(row["truth"] == "door" for row in world.get("/codes"))

    assert [known_after_a_read() for _ in range(4)] == [0, 0, 1, 1]
    assert world.get("/clock")["now"] == "2026-12-01T09:00:30Z"
