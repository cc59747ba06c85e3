"""Let staff link an account in a messenger."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "staff_messengers",
        sa.Column("staff_id", sa.String(8), nullable=False),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("handler", sa.String(32), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("staff_id", name="pk_staff_messengers"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_messengers_staff_id_staff"),
        sa.UniqueConstraint("account", name="uq_staff_messengers_account"),
        sa.UniqueConstraint("handler", name="uq_staff_messengers_handler"),
    )
    op.create_table(
        "staff_pairings",
        sa.Column("staff_id", sa.String(8), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("staff_id", name="pk_staff_pairings"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_pairings_staff_id_staff"),
        sa.UniqueConstraint("token", name="uq_staff_pairings_token"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("staff_pairings", "staff_messengers"):
        op.drop_table(table)
