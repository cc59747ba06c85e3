import pytest

from bot.triage.danger import Sign, context, sightings
from bot.triage.model import Danger
from bot.triage.triager import load_triager

danger = load_triager().triage


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("我不想活了", Danger.SELF_HARM),
        ("工友说要跳楼讨薪怎么办", Danger.SELF_HARM),
        ("他写了遗书", Danger.SELF_HARM),
        ("徒弟说要去跳河，现在联系不上", Danger.SELF_HARM),
        ("我攒够了药，今晚就解脱", Danger.SELF_HARM),
        ("老板拿着刀要砍人", Danger.VIOLENCE),
        ("我被工头打了", Danger.VIOLENCE),
        ("保安正在打我们", Danger.VIOLENCE),
        ("他说要杀了我", Danger.THREAT),
        ("我要拿刀去找他拼命，大不了坐牢", Danger.THREAT),
        ("我要杀了老板", Danger.THREAT),
        ("我真想捅死那个工头", Danger.THREAT),
        ("再不给钱我就跟他拼命", Danger.THREAT),
        ("老板不给钱我就烧了他的厂", Danger.THREAT),
        ("主管扇我耳光", Danger.VIOLENCE),
        ("车间着火了，还有人在里面", Danger.ACCIDENT),
        ("刚才有人触电，能算工伤吗", Danger.ACCIDENT),
        ("有人被埋在下面，救命", Danger.ACCIDENT),
        ("我被锁在宿舍里出不去", Danger.CONFINEMENT),
        ("老板收了手机，不让我们出厂门", Danger.CONFINEMENT),
        ("厂里有个十三岁的孩子在开机床", Danger.CHILD_LABOUR),
        ("一百多个工人把厂门口堵了，要工资", Danger.CROWD),
    ],
)
def test_danger_to_anybody_is_seen(text: str, kind: Danger) -> None:
    assert danger(text).danger is kind


@pytest.mark.parametrize(
    "text",
    [
        "累死了，天天加班",
        "烦死了，排班表又改了",
        "想死你们了，什么时候再搞活动",
        "打游戏又被砍死了",
        "自杀算不算工伤",
        "打人犯法吗",
        "雇童工罚多少钱",
        "罢工合法吗",
        "高处坠落死亡赔偿标准是多少",
        "上个月从架子上摔下来，老板不管",
        "前年被工头打过，现在还能要医药费吗",
        "防止触电有什么规定",
        "消防演练多久搞一次",
        "老板不打我工资",
        "公司老打我电话让我加班",
        "辞职公司不让走",
        "我被打卡机坑了",
        "高温补贴什么时候发",
        "火已经灭了，没有人受伤，想问什么时候整改",
        "看新闻说隔壁市有厂爆炸，我们这边检查吗",
        "孩子上户口",
        "领导说话太毒，杀人诛心",
        "老板要砍我的绩效",
        "厂子关了大门，工资没结",
        "车间后门晚上都锁死，说怕偷东西",
        "公司门口堵车",
        "隔壁大妈被车撞了，现在瘫在床上，想问救济",
        "孩子爸爸前年喝农药走了，家里揭不开锅",
        "他摔坏了脑子，四年了还要人喂饭",
        "当年被厂里扣着证件，早就出来了",
        "我们去年堵过一次门",
        "脑壳都要炸了，账还没对完",
        "主管说要弄没我的奖金",
        "经理威胁我，不签就不给离职证明",
        "消防通道锁着，堆满纸箱",
        "我伢十一岁，暑假想送到厂里的托管班",
        "六十岁还在工地搬砖，一天八十",
    ],
)
def test_figures_of_speech_the_law_the_past_and_the_unreal_raise_no_alarm(text: str) -> None:
    assert danger(text).danger is None


def test_a_sure_sighting_comes_before_a_likely_one() -> None:
    seen = sightings("他被打了，我也不想活了")
    assert (seen[0].danger, seen[0].sign) == (Danger.SELF_HARM, Sign.CERTAIN)
    assert (Danger.VIOLENCE, Sign.LIKELY) in [(s.danger, s.sign) for s in seen]


def test_figures_of_speech_are_no_sighting() -> None:
    assert sightings("气死我了，打卡机又坏了") == ()


@pytest.mark.parametrize("text", ["六十岁还在工地", "从早八点洗碗洗到晚上十一点", "十二岁的孩子送到厂里的托管班"])
def test_an_hour_an_old_age_and_a_child_in_care_are_no_child_at_work(text: str) -> None:
    assert Danger.CHILD_LABOUR not in {seen.danger for seen in sightings(text) if seen.sign is not Sign.HINT}


def test_how_danger_is_spoken_of_is_told() -> None:
    assert context("昨天看了部电影")["past"] == "昨天"
    assert context("昨天看了部电影")["unreal"] == "电影"
