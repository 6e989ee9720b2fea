"""The tables of who may call: API tokens, users with their sessions, and the audit.

They stand apart because no booking, access or message refers to them; `schema.py` has
the others, and `with_indexes` there adds these.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Table, Text, UniqueConstraint

from service.store.database import Instant
from service.store.schema import instant_column, metadata, text_column

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Text, primary_key=True),
    text_column("name"),
    Column("scopes", JSON, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
    instant_column("created_at"),
    instant_column("until", optional=True),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", Instant(), nullable=False, index=True),
    text_column("actor"),
    text_column("action"),
    Column("subject", Text, nullable=False, index=True),
)

users = Table(
    "users",
    metadata,
    Column("id", Text, primary_key=True),
    text_column("name"),
    text_column("password_hash"),
    instant_column("created_at"),
    UniqueConstraint("name"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("user_id", Text, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    instant_column("ends_at"),
    text_column("sealed_note", optional=True),
    Index(None, "ends_at"),
)

sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("id", Text, primary_key=True),
    text_column("source"),
    instant_column("at"),
    Index(None, "source", "at"),
)
