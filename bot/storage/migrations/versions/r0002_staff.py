"""Make the tables of staff, their sessions and the audit, to which the database itself only lets rows be added."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_ALTERED = ("UPDATE", "DELETE")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "staff",
        sa.Column("id", sa.String(8), nullable=False),
        sa.Column("login", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("unions", sa.JSON(), nullable=False),
        sa.Column("password", sa.String(200)),
        sa.Column("totp", sa.LargeBinary()),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("login", name="uq_staff_login"),
    )
    op.create_table(
        "staff_links",
        sa.Column("staff_id", sa.String(8), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("staff_id", name="pk_staff_links"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_links_staff_id"),
        sa.UniqueConstraint("token", name="uq_staff_links_token"),
    )
    op.create_table(
        "staff_recovery",
        sa.Column("staff_id", sa.String(8), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("staff_id", "code", name="pk_staff_recovery"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_recovery_staff_id"),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.String(8), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(64), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_staff_sessions"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_sessions_staff_id"),
    )
    op.create_index("ix_staff_sessions_staff_id", "staff_sessions", ["staff_id"])
    op.create_table(
        "audit",
        sa.Column("number", _ID, autoincrement=False, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("actor", sa.String(32), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("detail", sa.String(200), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
    )
    op.create_index("ix_audit_actor_number", "audit", ["actor", "number"])
    op.create_index("ix_audit_subject_number", "audit", ["subject", "number"])
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", _ID, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )
    op.bulk_insert(head, [{"id": 1, "number": 0, "hash": "0" * 64}])
    _refuse_changes()


def _refuse_changes() -> None:
    """Let the database refuse what the code never does."""
    if op.get_bind().dialect.name == "sqlite":
        for altered in _ALTERED:
            op.execute(
                f"CREATE TRIGGER audit_no_{altered.lower()} BEFORE {altered} ON audit "
                "BEGIN SELECT RAISE(ABORT, 'the audit is only ever added to'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_only_added_to() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit is only ever added to'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER audit_no_change BEFORE {' OR '.join(_ALTERED)} OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_only_added_to()"
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("audit_head", "audit", "staff_sessions", "staff_recovery", "staff_links", "staff"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_only_added_to()")
