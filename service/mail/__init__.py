"""Sends messages: mail by SMTP, and SMS as mail to a gateway that passes them on.

Invariants: a message keeps one Message-ID over all attempts, so a mail whose answer was
lost can be sent again and still be told to be the same. Nothing a customer wrote can
add a header, a line or a recipient.
"""

from __future__ import annotations

from service.mail.addresses import check_gateway, mail_address, message_id, sms_address
from service.mail.outbox import SmtpOutbox
from service.mail.server import Server, server_at

__all__ = [
    "Server",
    "SmtpOutbox",
    "check_gateway",
    "mail_address",
    "message_id",
    "server_at",
    "sms_address",
]
