from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fakes.kit.ids import Ids, spell


@given(st.text(), st.lists(st.sampled_from("abc")))
def test_streams_do_not_shift_one_another(seed: str, order: list[str]) -> None:
    mixed = Ids(seed)
    drawn: dict[str, list[bytes]] = {}
    for stream in order:
        drawn.setdefault(stream, []).append(mixed.draw(stream))
    for stream, draws in drawn.items():
        alone = Ids(seed)
        assert [alone.draw(stream) for _ in draws] == draws


@given(st.text(), st.integers(0, 20))
def test_counters_are_all_that_a_future_needs(seed: str, draws: int) -> None:
    first = Ids(seed)
    for _ in range(draws):
        first.draw("pin")
    second = Ids(seed, first.counters)
    assert second.digits("pin", 8) == first.digits("pin", 8)


@given(st.binary(min_size=32, max_size=32), st.integers(1, 300))
def test_word_has_the_letters_it_was_asked_for(drawn: bytes, size: int) -> None:
    word = spell(drawn, size, "0123456789")
    assert len(word) == size
    assert word.isdigit()


def test_long_word_does_not_run_out_of_chance() -> None:
    word = Ids("7").word("token", 400)
    assert len({word[i : i + 20] for i in range(0, 400, 20)}) == 20


def test_names_count_and_uuids_are_of_version_4() -> None:
    ids = Ids("7")
    assert [ids.name("door"), ids.name("door")] == ["door-1", "door-2"]
    assert ids.uuid("x")[14] == "4"
    assert 0 <= ids.chance("x") < 1
