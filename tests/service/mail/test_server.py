"""SMTP servers by URL."""

from __future__ import annotations

import pytest

from service.mail import Server, server_at
from service.secret import Secret


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://127.0.0.1:2525", Server("smtp", "127.0.0.1", 2525)),
        ("smtp://localhost", Server("smtp", "localhost", 25)),
        ("smtps://[::1]", Server("smtps", "::1", 465)),
        (
            "smtp+starttls://doors%40x:a%3Ab@mail.example.org",
            Server("smtp+starttls", "mail.example.org", 587, "doors@x", Secret("a:b")),
        ),
    ],
)
def test_url_says_all_that_is_needed(url: str, server: Server) -> None:
    assert server_at(url) == server


@pytest.mark.parametrize(
    "url",
    ["", "localhost:25", "http://x", "smtp://", "smtp://x:port", "smtp://u:word@x/in"],
)
def test_wrong_url_is_named_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match=r"write it like smtp://") as refused:
        server_at(url)
    assert "word@x" not in str(refused.value)
