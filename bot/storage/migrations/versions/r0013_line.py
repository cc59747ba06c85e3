"""Let what is due be found without looking at all that waits."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_TABLES = ("inbox", "outbox", "notices")
_WAITING = sa.text("status = 'waiting'")


def upgrade() -> None:
    """Make the indexes."""
    for table in _TABLES:
        op.create_index(f"ix_{table}_line", table, ["id"], sqlite_where=_WAITING, postgresql_where=_WAITING)


def downgrade() -> None:
    """Drop the indexes."""
    for table in _TABLES:
        op.drop_index(f"ix_{table}_line", table)
