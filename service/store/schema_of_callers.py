"""The tables of who may call, and of our own logins at vendors.

They stand apart because no booking, access or message refers to them; `schema.py` has
the others, and `with_indexes` there adds these.
"""

from __future__ import annotations

import sqlalchemy as sa

from service.store.database import Instant
from service.store.schema import instants, metadata, texts

api_tokens = sa.Table(
    "api_tokens",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    *texts("name"),
    sa.Column("scopes", sa.JSON, nullable=False),
    sa.Column("hash", sa.Text, nullable=False, unique=True),
    *instants("created_at"),
    *instants("until", optional=True),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("at", Instant(), nullable=False, index=True),
    *texts("actor", "action"),
    sa.Column("subject", sa.Text, nullable=False, index=True),
)

users = sa.Table(
    "users",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    *texts("name", "password_hash"),
    *instants("created_at"),
    sa.UniqueConstraint("name"),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column(
        "user_id",
        sa.Text,
        sa.ForeignKey("users.id", ondelete="CASCADE"),
        nullable=False,
    ),
    *instants("ends_at"),
    *texts("sealed_note", optional=True),
    sa.Index(None, "ends_at"),
)

vendor_sign_ins = sa.Table(
    "vendor_sign_ins",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column(
        "session_id",
        sa.Text,
        sa.ForeignKey("sessions.id", ondelete="CASCADE"),
        nullable=False,
    ),
    *instants("ends_at"),
    *texts("sealed_form"),
    sa.Index(None, "session_id"),
)

sign_in_failures = sa.Table(
    "sign_in_failures",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    *texts("source"),
    *instants("at"),
    sa.Index(None, "source", "at"),
)

vendor_tokens = sa.Table(
    "vendor_tokens",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    *texts("sealed_token", optional=True),
    *instants("good_until"),
    *instants("login_at", optional=True),
    sa.Index(None, "good_until"),
)
