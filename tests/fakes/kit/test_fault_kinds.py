from __future__ import annotations

import time
from typing import TYPE_CHECKING

from fakes.kit.app import TOKEN_VARIABLE, Options
from fakes.kit.faults import Effect
from fakes.kit.faults.drop import DroppedResponse

if TYPE_CHECKING:
    import pytest


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
