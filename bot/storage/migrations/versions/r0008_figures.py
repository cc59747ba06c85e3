"""Let figures find what was closed and reopened without reading all events."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_case_events_after_at", "case_events", ["after", "at"])


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_case_events_after_at", "case_events")
