import pytest

from bot import texts
from bot.answers.model import AnswerStatus
from bot.dialogue.danger import Danger, crisis, spot


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("我不想活了", Danger.SELF_HARM),
        ("活不下去了", Danger.SELF_HARM),
        ("工友说要跳楼讨薪怎么办", Danger.SELF_HARM),
        ("他写了遗书", Danger.SELF_HARM),
        ("有人自杀", Danger.SELF_HARM),
        ("老板拿着刀要砍人", Danger.VIOLENCE),
        ("他说要杀了我", Danger.VIOLENCE),
        ("我被工头打了", Danger.VIOLENCE),
        ("保安正在打我们", Danger.VIOLENCE),
        ("车间着火了，还有人在里面", Danger.ACCIDENT),
        ("工友从脚手架上摔下来", Danger.ACCIDENT),
        ("刚才有人触电，能算工伤吗", Danger.ACCIDENT),
        ("有人被埋在下面，救命", Danger.ACCIDENT),
        ("我被锁在宿舍里出不去", Danger.CONFINEMENT),
        ("他们不让我们出厂门", Danger.CONFINEMENT),
    ],
)
def test_danger_is_seen(text: str, danger: Danger) -> None:
    assert spot(text) == danger


@pytest.mark.parametrize(
    "text",
    [
        "自杀算不算工伤",
        "被人打伤算工伤吗",
        "高处坠落死亡赔偿标准是多少",
        "上个月从架子上摔下来，老板不管",
        "防止触电有什么规定",
        "手指被机器压断怎么赔",
        "老板不打我工资",
        "公司老打我电话让我加班",
        "再不发工资，一家人就活不下去了",
        "辞职公司不让走",
        "强迫加班违法吗",
        "我被打卡机坑了",
        "因工死亡的丧葬补助怎么申请",
        "昨天被同事打了，派出所已经处理，单位要开除我",
        "想死亡赔偿的事情",
        "扣押身份证违法吗",
        "高温补贴什么时候发",
        "工会有心理咨询吗",
    ],
)
def test_what_is_asked_about_the_law_or_the_past_is_a_question(text: str) -> None:
    assert spot(text) is None


@pytest.mark.parametrize("text", ["我不想活了", "正在打我", "车间着火了", "现在被关在仓库"])
def test_every_danger_gets_numbers_at_once_and_no_promise(text: str) -> None:
    answer = crisis(text)
    assert answer is not None
    assert answer.status == AnswerStatus.CRISIS
    assert "110" in answer.text
    assert "120" in answer.text
    assert "不能替您打电话" in answer.text


def test_each_danger_has_its_own_advice() -> None:
    given = {crisis(text).text for text in ("我不想活了", "正在打我", "车间着火了", "现在被关在仓库")}  # type: ignore[union-attr]
    assert given == {
        texts.DANGER_SELF_HARM,
        texts.DANGER_VIOLENCE,
        texts.DANGER_ACCIDENT,
        texts.DANGER_CONFINEMENT,
    }
