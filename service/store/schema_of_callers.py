"""The tables of who may call: API tokens, users with their sessions, and the audit.

They stand apart because no booking, access or message refers to them; `schema.py` has
the others, and `with_indexes` there adds these.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Table, Text, UniqueConstraint

from service.store.database import Instant
from service.store.schema import instants, metadata, texts

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Text, primary_key=True),
    *texts("name"),
    Column("scopes", JSON, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
    *instants("created_at"),
    *instants("until", optional=True),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", Instant(), nullable=False, index=True),
    *texts("actor", "action"),
    Column("subject", Text, nullable=False, index=True),
)

users = Table(
    "users",
    metadata,
    Column("id", Text, primary_key=True),
    *texts("name", "password_hash"),
    *instants("created_at"),
    UniqueConstraint("name"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("user_id", Text, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    *instants("ends_at"),
    *texts("sealed_note", optional=True),
    Index(None, "ends_at"),
)

sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("id", Text, primary_key=True),
    *texts("source"),
    *instants("at"),
    Index(None, "source", "at"),
)
