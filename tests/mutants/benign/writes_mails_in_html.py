"""Mails are written in HTML alone, the code in a table."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from service import mail

if TYPE_CHECKING:
    from email.message import EmailMessage

    import pytest

    from service.ports import Mail

on = "service"
reads = {"CON-11", "EXV-03", "LIV-08", "MSG"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = mail.build_message

    def in_html(given: Mail, sender: str) -> EmailMessage:
        message = real(given, sender)
        rows = (f"<tr><td>{escape(line)}</td></tr>" for line in given.body.split("\n"))
        page = f"<html><body><table>{''.join(rows)}</table></body></html>"
        message.clear_content()  # of text, and the HTML beside it
        message.set_content(page, subtype="html", cte="quoted-printable")
        return message

    patch.setattr(mail, "build_message", in_html)
