from dataclasses import fields
from datetime import datetime

import pytest

from bot.notices.model import Kind, Notice, NoticeError

UNION = "荆州市总工会"


def test_a_notice_has_no_field_for_free_words() -> None:
    free = {field.name for field in fields(Notice) if "str" in str(field.type)}
    assert free == {"union", "called", "case", "by"}  # and these four are checked below


@pytest.mark.parametrize("case", ["王建国 13800000000", "JZ-2026-1", "jz-2026-000123", "JZ-2026-000123 王", ""])
def test_a_case_is_named_by_its_number_and_by_nothing_else(case: str) -> None:
    with pytest.raises(NoticeError, match="JZ-2026-000123"):
        Notice(Kind.NEW_CASE, UNION, case=case)


@pytest.mark.parametrize("union", ["王建国", "", "荆州市总工会 王建国", "工会13800000000", "工会", "工会" * 21])
def test_a_notice_goes_to_a_union_by_its_name(union: str) -> None:
    with pytest.raises(NoticeError, match="union"):
        Notice(Kind.NEW_CASE, union)
    with pytest.raises(NoticeError, match="union"):
        Notice(Kind.NEW_CASE, UNION, called=union or " ")


@pytest.mark.parametrize("by", ["王建国说老板三个月没有给他发过一分钱工资，让我们赶紧去" * 3, "王建国\n13800000000"])
def test_a_colleague_is_named_by_a_name_and_nothing_longer(by: str) -> None:
    with pytest.raises(NoticeError, match="name"):
        Notice(Kind.TAKEN, UNION, case="JZ-2026-000123", by=by)


def test_a_deadline_needs_its_time_zone() -> None:
    with pytest.raises(NoticeError, match="time zone"):
        Notice(Kind.WARNING, UNION, due=datetime(2026, 11, 21, 9))
