"""The tables of cases; a change here needs a migration in `migrations/versions`.

`key` is a case's own key, sealed by the deployment; `payload` is sealed with that key. `chat`, `receipt`, `handler` and
`employer` hold digests. Once a case is erased, keys and payloads are None and its events stand bare.
"""

from datetime import UTC, datetime

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, text

from bot.storage.tables import Moment, RowId, metadata

NEVER = datetime(9999, 12, 31, tzinfo=UTC)  # when a case is due that waits for nobody: it comes last

cases = Table(
    "cases",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("number", String(24), nullable=False, unique=True),
    Column("key", LargeBinary),
    Column("seen", Integer, nullable=False),  # number of the last event
    # What the events make of it, kept for queues:
    Column("state", String(16), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("category", String(16), nullable=False),
    Column("urgency", Integer, nullable=False),  # 0 emergency, 1 urgent, 2 normal
    Column("region", String(64)),
    Column("organization", String(64), nullable=False),
    Column("handler", String(32)),
    Column("employer", String(32)),
    Column("parent", String(32), ForeignKey("cases.id")),
    Column("claimants", Integer, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("due_at", Moment, nullable=False),  # of the next deadline, or NEVER
    Column("alarm_at", Moment, index=True),  # when the clockwork looks at it next
    Column("level", Integer, nullable=False),  # how far it is escalated, 0 to 3
    Index(None, "employer", "opened_at"),
    Index(None, "organization", "opened_at"),
    Index(None, "parent"),
    # For figures, from the index alone: what was taken in when, and what of it is overdue.
    Index("ix_cases_openings", "opened_at", "organization", "category", "ended_at", "due_at"),
)

# Queues are of open cases, in the order in which they are due: read off an index, however many there are.
for _columns in (("organization", "urgency", "due_at"), ("urgency", "due_at")):
    Index(
        f"ix_cases_open_{'_'.join(_columns)}",
        *(cases.c[name] for name in _columns),
        sqlite_where=cases.c.ended_at.is_(None),
        postgresql_where=cases.c.ended_at.is_(None),
    )
_ended = cases.c.ended_at.is_not(None)
Index("ix_cases_ended_at", cases.c.ended_at, sqlite_where=_ended, postgresql_where=_ended)  # for deletion on time

case_events = Table(
    "case_events",
    metadata,
    Column("case_id", String(32), ForeignKey("cases.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("move", String(16), nullable=False),
    Column("at", Moment, nullable=False),
    Column("party", String(16), nullable=False),
    Column("audience", String(16), nullable=False),
    Column("before", String(16)),
    Column("after", String(16), nullable=False),
    Column("payload", LargeBinary),
    # For figures, from the index alone: what was closed and reopened when.
    Index("ix_case_events_closings", "after", "at", "case_id", "before", "move"),
)

_rating = text("move = 'rate' AND payload IS NOT NULL")
Index(  # for figures: when a case that is not erased was given a score
    "ix_case_events_ratings",
    *(case_events.c[name] for name in ("at", "case_id", "number")),
    sqlite_where=_rating,
    postgresql_where=_rating,
)

claimants = Table(
    "claimants",
    metadata,
    Column("case_id", String(32), ForeignKey("cases.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("chat", String(32)),  # None of somebody without one, and once they left
    Column("receipt", String(32), unique=True),  # None once they left
    Column("payload", LargeBinary),  # likewise
    Column("joined_at", Moment, nullable=False),
    Column("consent_at", Moment, nullable=False),
    Column("left_at", Moment),
    Index(None, "channel", "chat"),
    Index(None, "joined_at"),
)

# All words of a case in one, for searches.
case_words = Table(
    "case_words",
    metadata,
    Column("case_id", String(32), ForeignKey("cases.id"), primary_key=True),
    Column("seen", Integer, nullable=False),  # number of the event that it was made after
    Column("payload", LargeBinary, nullable=False),
)

# Chats that a case was told in for a receipt, so that what was said there can go with it.
case_readers = Table(
    "case_readers",
    metadata,
    Column("case_id", String(32), ForeignKey("cases.id"), primary_key=True),
    Column("claimant", Integer, primary_key=True),  # whose receipt it was
    Column("channel", String(16), primary_key=True),
    Column("chat", String(32), primary_key=True),
    Column("at", Moment, nullable=False),  # the last time
)

evidence = Table(
    "evidence",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("case_id", String(32), ForeignKey("cases.id"), nullable=False, index=True),
    Column("file", String(32), nullable=False, unique=True),
    Column("payload", LargeBinary),
    Column("added_at", Moment, nullable=False),
)

case_series = Table(
    "case_series",
    metadata,
    Column("series", String(16), primary_key=True),  # letters and year, such as JZ-2026
    Column("last", Integer, nullable=False),
)

receipt_guesses = Table(
    "receipt_guesses",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("chat", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "at"),
    sqlite_autoincrement=True,
)
