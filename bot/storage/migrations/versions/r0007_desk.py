"""Make the tables of what the desk keeps beside the cases: saved views, drafts and canned replies."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "case_views",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("staff_id", sa.String(8), nullable=False),
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("query", sa.String(400), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_case_views_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_views"),
    )
    op.create_table(
        "case_drafts",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("staff_id", sa.String(8), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_case_drafts_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_drafts"),
    )
    for table in ("case_views", "case_drafts"):
        op.create_index(f"ix_{table}_staff_id", table, ["staff_id"])
    op.create_table(
        "canned_replies",
        sa.Column("organization", sa.String(64), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("move", sa.String(16), nullable=False),
        sa.Column("title", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("organization", "id", name="pk_canned_replies"),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("canned_replies", "case_drafts", "case_views"):
        op.drop_table(table)
