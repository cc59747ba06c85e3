import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Table
from sqlalchemy.dialects import sqlite

from bot.storage.heads import heads
from bot.storage.notice_tables import notices
from bot.storage.storage import Storage
from bot.storage.tables import inbox, outbox


@pytest.mark.parametrize("table", [inbox, outbox, notices])
async def test_looking_for_work_reads_what_comes_first_and_not_all_that_waits_or_was_ever_said(
    storage: Storage, tmp_path: Path, table: Table
) -> None:
    query = heads(table).params(now=datetime(2026, 11, 21, tzinfo=UTC), limit=8)
    sql = str(query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
    assert "status = 'waiting'" in str(query.compile(dialect=sqlite.dialect()))
    with sqlite3.connect(tmp_path / "niangjia.db") as connection:
        plan = "\n".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}"))
    assert f"SCAN {table.name} USING INDEX ix_{table.name}_line" in plan
    assert re.search(rf"SEARCH older USING (COVERING )?INDEX ix_{table.name}_waiting", plan)
    assert "TEMP B-TREE" not in plan  # by which all would be put in order
