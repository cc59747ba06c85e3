"""The tables of what the desk keeps beside the cases; a change here needs a migration in `migrations/versions`."""

from sqlalchemy import Boolean, Column, ForeignKey, LargeBinary, String, Table, Text

from bot.storage.tables import Moment, metadata

case_views = Table(
    "case_views",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("staff_id", String(8), ForeignKey("staff.id"), nullable=False, index=True),
    Column("name", String(20), nullable=False),
    Column("query", String(400), nullable=False),  # of an address: tab and filters, closed words all of them
    Column("created_at", Moment, nullable=False),
)

case_drafts = Table(
    "case_drafts",
    metadata,
    Column("id", String(32), primary_key=True),  # of the case to be
    Column("staff_id", String(8), ForeignKey("staff.id"), nullable=False, index=True),
    Column("payload", LargeBinary, nullable=False),  # what was told, sealed by the deployment
    Column("saved_at", Moment, nullable=False),
)

canned_replies = Table(
    "canned_replies",
    metadata,
    Column("organization", String(64), primary_key=True),
    Column("id", String(32), primary_key=True),  # that of a shipped one, or of a union above, stands in its place
    Column("move", String(16), nullable=False),
    Column("title", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("retired", Boolean, nullable=False),
)
