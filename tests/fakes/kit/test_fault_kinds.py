from __future__ import annotations

import time

import pytest
from pydantic import ValidationError
from werkzeug import Response

from fakes.kit.app import TOKEN_VARIABLE, Options
from fakes.kit.faults import Effect
from fakes.kit.faults.delay import drawn_ms
from fakes.kit.faults.drop import DroppedResponse


def test_lost_answer_promises_a_byte_and_sends_none() -> None:
    heads: list[object] = []
    body = DroppedResponse()({}, lambda *head: heads.append(head))
    assert list(body) == []
    assert heads == [("502 BAD GATEWAY", [("Content-Length", "1")])]
    body.close()


def test_late_answer_is_late_for_real_without_a_word_from_the_caller() -> None:
    begun = time.monotonic()
    Effect(delay_ms=20).wait({})
    assert time.monotonic() - begun >= 0.02


def test_spread_delay_has_its_median_and_its_99th_percentile() -> None:
    effect = Effect(delay_ms=10_000, delay_p99_ms=50_000)
    drawn = [drawn_ms(effect, (number + 0.5) / 1000) for number in range(1000)]
    assert sum(each <= 10_000 for each in drawn) == 500
    assert sum(each <= 50_000 for each in drawn) == 990
    assert drawn_ms(Effect(delay_ms=100), 0.99) == 100


@pytest.mark.parametrize(
    "effect",
    [{"delay_p99_ms": 5}, {"delay_ms": 5, "delay_p99_ms": 5}, {"slow_body_ms": -1}],
)
def test_delay_that_makes_no_sense_is_refused(effect: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        Effect.model_validate(effect)


def test_garbage_is_the_first_half_of_the_own_body() -> None:
    own = Response('{"id":"c1"}', 201, mimetype="application/json")
    cut = Effect(garbage=True).replace(own)
    assert (cut.status_code, cut.get_data()) == (201, b'{"id"')
    assert cut.mimetype == "application/json"
    assert Effect(garbage=True).replace(Response(status=204)).get_data() == b'{"'


def test_slow_body_is_the_own_one_in_pieces() -> None:
    own = Response("0123456789" * 3, 200)
    seen = Effect(slow_body_ms=50).replace(own)
    begun = time.monotonic()
    pieces = list(seen({}, lambda *_: None))
    assert time.monotonic() - begun >= 0.05
    assert b"".join(pieces) == own.get_data()
    assert len(pieces) == 10
    assert Effect(slow_body_ms=50).replaces is False


def test_token_comes_from_the_environment_or_is_made_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, "from-outside")
    assert Options().control_token == "from-outside"
    monkeypatch.delenv(TOKEN_VARIABLE)
    made = {Options().control_token, Options().control_token}
    assert len(made) == 2
    assert min(map(len, made)) >= 32


def test_options_do_not_show_their_token() -> None:
    assert "sesame" not in repr(Options(control_token="sesame"))
