"""Keep the words of a case in one place, sealed, so that a search opens few of them."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the table; the bot fills it, for only it has the key."""
    op.create_table(
        "case_words",
        sa.Column("case_id", sa.String(32), sa.ForeignKey("cases.id", name="fk_case_words_case_id_cases")),
        sa.Column("seen", sa.Integer, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_words"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("case_words")
