"""Make the tables of cases, and let the seal's secret be changed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_OPEN = sa.text("ended_at IS NULL")
_ENDED = sa.text("ended_at IS NOT NULL")


def upgrade() -> None:
    """Make the tables."""
    op.add_column("seals", sa.Column("lookup", sa.LargeBinary()))
    op.add_column("seals", sa.Column("older", sa.String(32)))
    op.create_table(
        "cases",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("number", sa.String(24), nullable=False),
        sa.Column("key", sa.LargeBinary()),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("category", sa.String(16), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(64)),
        sa.Column("organization", sa.String(64), nullable=False),
        sa.Column("handler", sa.String(32)),
        sa.Column("employer", sa.String(32)),
        sa.Column("parent", sa.String(32)),
        sa.Column("claimants", sa.Integer(), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("alarm_at", _MOMENT),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("number", name="uq_cases_number"),
        sa.ForeignKeyConstraint(["parent"], ["cases.id"], name="fk_cases_parent"),
    )
    for columns in (
        ["employer", "opened_at"],
        ["opened_at"],
        ["parent"],
        ["alarm_at"],
    ):
        op.create_index(f"ix_cases_{'_'.join(columns)}", "cases", columns)
    for columns in (["organization", "urgency", "due_at"], ["urgency", "due_at"]):
        op.create_index(
            f"ix_cases_open_{'_'.join(columns)}", "cases", columns, sqlite_where=_OPEN, postgresql_where=_OPEN
        )
    op.create_index("ix_cases_ended_at", "cases", ["ended_at"], sqlite_where=_ENDED, postgresql_where=_ENDED)
    op.create_table(
        "case_events",
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("move", sa.String(16), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("party", sa.String(16), nullable=False),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("before", sa.String(16)),
        sa.Column("after", sa.String(16), nullable=False),
        sa.Column("payload", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("case_id", "number", name="pk_case_events"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_events_case_id"),
    )
    op.create_table(
        "claimants",
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("chat", sa.String(32)),
        sa.Column("receipt", sa.String(32)),
        sa.Column("payload", sa.LargeBinary()),
        sa.Column("joined_at", _MOMENT, nullable=False),
        sa.Column("consent_at", _MOMENT, nullable=False),
        sa.Column("left_at", _MOMENT),
        sa.PrimaryKeyConstraint("case_id", "number", name="pk_claimants"),
        sa.UniqueConstraint("receipt", name="uq_claimants_receipt"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_claimants_case_id"),
    )
    op.create_index("ix_claimants_channel_chat", "claimants", ["channel", "chat"])
    op.create_table(
        "evidence",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("file", sa.String(32), nullable=False),
        sa.Column("payload", sa.LargeBinary()),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
        sa.UniqueConstraint("file", name="uq_evidence_file"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_evidence_case_id"),
    )
    op.create_index("ix_evidence_case_id", "evidence", ["case_id"])
    op.create_table(
        "case_series",
        sa.Column("series", sa.String(16), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", name="pk_case_series"),
    )
    op.create_table(
        "receipt_guesses",
        sa.Column("id", _ID, nullable=False),
        sa.Column("chat", sa.String(32), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_receipt_guesses"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_receipt_guesses_at", "receipt_guesses", ["at"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("receipt_guesses", "case_series", "evidence", "claimants", "case_events", "cases"):
        op.drop_table(table)
    with op.batch_alter_table("seals") as seals:
        seals.drop_column("older")
        seals.drop_column("lookup")
