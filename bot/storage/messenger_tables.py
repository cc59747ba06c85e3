"""The tables of staff's accounts in a messenger; a change here needs a migration in `migrations/versions`.

`account` and `token` are digests, `handler` is the one by which cases name who handles them, `payload` is sealed.
"""

from sqlalchemy import Column, ForeignKey, LargeBinary, String, Table

from bot.storage.tables import Moment, metadata

staff_messengers = Table(
    "staff_messengers",
    metadata,
    Column("staff_id", String(8), ForeignKey("staff.id"), primary_key=True),  # a new account replaces the old one
    Column("account", String(32), nullable=False, unique=True),
    Column("handler", String(32), nullable=False, unique=True),
    Column("payload", LargeBinary, nullable=False),  # the account's address
    Column("since", Moment, nullable=False),
)

staff_pairings = Table(
    "staff_pairings",
    metadata,
    Column("staff_id", String(8), ForeignKey("staff.id"), primary_key=True),  # a new code replaces the old one
    Column("token", String(64), nullable=False, unique=True),
    Column("expires_at", Moment, nullable=False),
)
