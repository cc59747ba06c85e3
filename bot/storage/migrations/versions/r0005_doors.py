"""Let staff come in by an identity provider, and count tries in the database."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables and columns."""
    op.add_column("staff", sa.Column("email", sa.String(254)))
    op.add_column("staff", sa.Column("identity", sa.String(64)))
    op.create_index("ix_staff_email", "staff", ["email"], unique=True)
    op.create_index("ix_staff_identity", "staff", ["identity"], unique=True)
    op.add_column("staff_sessions", sa.Column("strong", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "staff_journeys",
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("browser", sa.String(64), nullable=False),
        sa.Column("nonce", sa.String(64), nullable=False),
        sa.Column("verifier", sa.String(64), nullable=False),
        sa.Column("link", sa.String(64)),
        sa.Column("onward", sa.String(500), nullable=False),
        sa.Column("begun_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("state", name="pk_staff_journeys"),
    )
    op.create_table(
        "staff_tries",
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("full_at", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_staff_tries"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("staff_tries", "staff_journeys"):
        op.drop_table(table)
    op.drop_column("staff_sessions", "strong")
    for column in ("identity", "email"):
        op.drop_index(f"ix_staff_{column}", "staff")
        op.drop_column("staff", column)
