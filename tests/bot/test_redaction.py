import pytest

from bot.redaction import holds_personal, redact


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("我叫张三丰，电话13812345678", "我叫〔姓名〕，电话〔电话〕"),
        ("打 +86 138-1234-5678 找我", "打 〔电话〕 找我"),
        ("找１３８１２３４５６７８，或138.1234.5678", "找〔电话〕，或〔电话〕"),
        ("座机0716-8123456", "座机〔电话〕"),
        ("身份证42010119900101123X欠薪", "身份证〔证件号〕欠薪"),
        ("卡号6222 0212 3456 7890 123", "卡号〔卡号〕"),
        ("我叫欧阳明哲，姓名：方志远，联系人高翔", "我叫〔姓名〕，姓名：〔姓名〕，联系人〔姓名〕"),
        ("欧阳经理扣我钱", "〔姓名〕经理扣我钱"),
        ("邮箱 li.si@example.org", "邮箱 〔邮箱〕"),
        ("微信号：abc_12345", "微信号〔账号〕"),
        ("王总不发工资", "〔姓名〕总不发工资"),
        ("李建国经理骂人", "〔姓名〕经理骂人"),
        ("我是陈小明，想问社保", "我是〔姓名〕，想问社保"),
    ],
)
def test_what_names_a_person_is_taken_out(text: str, left: str) -> None:
    assert redact(text) == left
    assert holds_personal(text)


@pytest.mark.parametrize(
    "text",
    [
        "公司拖欠我15000元工资三个月了怎么办",
        "劳动合同法第八十五条",
        "2026年11月21日离职",
        "打12351有用吗",
        "本人高血压能不能不上夜班",
        "我是江西的，马上走",
        "我是农民工，没签合同",
        "任何经理都可以批假吗",
        "湖北省总工会在哪里",
    ],
)
def test_what_a_question_needs_stays(text: str) -> None:
    assert redact(text) == text
    assert not holds_personal(text)
