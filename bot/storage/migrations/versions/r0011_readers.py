"""Remember which chats a case was told in for its receipt."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "case_readers",
        sa.Column("case_id", sa.String(32), sa.ForeignKey("cases.id", name="fk_case_readers_case_id_cases")),
        sa.Column("claimant", sa.Integer),
        sa.Column("channel", sa.String(16)),
        sa.Column("chat", sa.String(32)),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "claimant", "channel", "chat", name="pk_case_readers"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("case_readers")
