"""Let reports find when scores were given without going through all that was done."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the index, of cases that are not erased."""
    given = sa.text("move = 'rate' AND payload IS NOT NULL")
    columns = ["at", "case_id", "number"]
    op.create_index("ix_case_events_ratings", "case_events", columns, sqlite_where=given, postgresql_where=given)


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_case_events_ratings", "case_events")
