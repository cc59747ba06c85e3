"""Let reports count the messages of a stretch of time from an index alone."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the index, of messages that are answered."""
    done = sa.text("status = 'done'")
    op.create_index("ix_inbox_done", "inbox", ["created_at", "status"], sqlite_where=done, postgresql_where=done)


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_inbox_done", "inbox")
