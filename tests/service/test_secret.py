"""A secret shows itself nowhere but where it is asked to."""

from __future__ import annotations

from dataclasses import dataclass

from service.secret import Secret, reveal


@dataclass
class Holder:
    pin: Secret


def test_secret_is_masked_in_every_text() -> None:
    secret = Secret("012345678")
    shown = f"{secret} {secret!r} {secret!s} {[secret]} {Holder(secret)} %s" % secret
    assert "012345678" not in shown
    assert shown.count("•••") == 6


def test_secret_is_told_only_on_request() -> None:
    assert Secret("1").reveal() == reveal(Secret("1")) == reveal("1") == "1"


def test_secrets_compare_by_what_they_hide() -> None:
    assert Secret("1") == Secret("1")
    assert len({Secret("1"), Secret("1"), Secret("2")}) == 2
    assert Secret("1") != "1"
    assert not Secret("")
