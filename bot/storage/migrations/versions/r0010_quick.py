"""Let figures count from the indexes alone, and a search go through the newest cases of some unions."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Put more into two indexes, and make two."""
    op.drop_index("ix_case_events_after_at", "case_events")
    op.create_index("ix_case_events_closings", "case_events", ["after", "at", "case_id", "before", "move"])
    op.drop_index("ix_cases_opened_at", "cases")
    op.create_index("ix_cases_openings", "cases", ["opened_at", "organization", "category", "ended_at", "due_at"])
    op.create_index("ix_cases_organization_opened_at", "cases", ["organization", "opened_at"])
    several = sa.text("kind = 'several'")
    op.create_index("ix_notices_several", "notices", ["created_at"], sqlite_where=several, postgresql_where=several)


def downgrade() -> None:
    """Undo it."""
    op.drop_index("ix_notices_several", "notices")
    op.drop_index("ix_cases_organization_opened_at", "cases")
    op.drop_index("ix_cases_openings", "cases")
    op.create_index("ix_cases_opened_at", "cases", ["opened_at"])
    op.drop_index("ix_case_events_closings", "case_events")
    op.create_index("ix_case_events_after_at", "case_events", ["after", "at"])
