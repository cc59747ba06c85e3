"""Let reports find who came in a week without reading all claimants."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_claimants_joined_at", "claimants", ["joined_at"])


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_claimants_joined_at", "claimants")
