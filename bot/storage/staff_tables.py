"""The tables of staff, their sessions and the audit; a change here needs a migration in `migrations/versions`.

What opens a door is kept as a digest (`token`, `code`, `identity`, `state`) or a hash (`password`), and `totp` is
sealed: see `Seal`.
"""

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, LargeBinary, String, Table

from bot.storage.tables import Moment, RowId, metadata

staff = Table(
    "staff",
    metadata,
    Column("id", String(8), primary_key=True),
    Column("login", String(64), nullable=False, unique=True),
    Column("name", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("unions", JSON, nullable=False),  # names of organizations.yaml
    Column("password", String(200)),  # Argon2; None until the invitation is taken up
    Column("totp", LargeBinary),
    Column("totp_step", Integer, nullable=False, default=0),  # the last one that was used: no code opens twice
    Column("disabled", Boolean, nullable=False, default=False),
    Column("created_at", Moment, nullable=False),
    Column("email", String(254)),  # by which an identity provider may know them before the invitation is taken up
    Column("identity", String(64)),  # of an issuer and a subject; who comes in by it has no password
    Index(None, "email", unique=True),
    Index(None, "identity", unique=True),
)

staff_links = Table(
    "staff_links",
    metadata,
    Column("staff_id", String(8), ForeignKey("staff.id"), primary_key=True),  # a new one replaces the old one
    Column("token", String(64), nullable=False, unique=True),
    Column("expires_at", Moment, nullable=False),
)

staff_recovery = Table(
    "staff_recovery",
    metadata,
    Column("staff_id", String(8), ForeignKey("staff.id"), primary_key=True),
    Column("code", String(64), primary_key=True),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("staff_id", String(8), ForeignKey("staff.id"), nullable=False, index=True),
    Column("whole", Boolean, nullable=False),  # False while the second factor is still asked for
    Column("tries", Integer, nullable=False, default=0),  # wrong second factors
    Column("device", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("strong", Boolean, nullable=False, default=False),  # the identity provider asked for a second factor
)

staff_journeys = Table(
    "staff_journeys",
    metadata,
    Column("state", String(64), primary_key=True),
    Column("browser", String(64), nullable=False),  # the digest of its token
    Column("nonce", String(64), nullable=False),
    Column("verifier", String(64), nullable=False),
    Column("link", String(64)),  # the digest of an invitation that is to be taken up
    Column("onward", String(500), nullable=False),
    Column("begun_at", Moment, nullable=False),
)

staff_tries = Table(
    "staff_tries",
    metadata,
    Column("key", String(32), primary_key=True),
    Column("full_at", Float(53), nullable=False),  # seconds since 1970: when the bucket is full again
)

audit = Table(
    "audit",
    metadata,
    Column("number", RowId, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("actor", String(32), nullable=False),
    Column("role", String(16), nullable=False),
    Column("act", String(32), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("detail", String(200), nullable=False),
    Column("hash", String(64), nullable=False),
    Index(None, "actor", "number"),
    Index(None, "subject", "number"),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", RowId, nullable=False),
    Column("hash", String(64), nullable=False),
)
