"""Past harm is met with care, and danger with an alarm, wherever they are told: in a form's answer or by themselves."""

import pytest

from bot.cases.changes import OpenCase
from bot.texts import danger as danger_texts
from bot.texts import intake as texts
from tests.bot.talk import Talk

PAST = [
    ("tuition", "孩子他爸去年在工地上摔死了，就我一个人带"),
    ("tuition", "爸爸出车祸走了"),
    ("tuition", "我老公前年得尿毒症，一直透析"),
    ("tuition", "爱人在厂里被机器轧断了两个手指，没法干活了"),
    ("tuition", "老公在井下塌方没了，三年了"),
    ("tuition", "孩子爸爸在工地摔断了腰"),
    ("tuition", "家里着过火，房子烧了，欠了很多债"),
    ("hardship", "从脚手架上掉下来，腰椎断了，躺了半年"),
    ("hardship", "儿子被烫伤了，植皮花了十几万"),
    ("hardship", "父亲煤气中毒，成了植物人，要人照顾"),
    ("hardship", "我男人前年被人打伤，脑子坏了，干不了活"),
    ("hardship", "工地上摔了一跤，髌骨骨折，老板一分钱没赔"),
    ("hardship", "女儿被电瓶车撞断了腿，手术费十二万"),
    ("hardship", "我家男人触电身亡，工地赔了三十万，都还债了"),
    ("hardship", "屋里去年被雷打着了火，烧掉三间房"),
    ("hardship", "妈妈摔了，髋关节置换，要十万"),
    ("grievance", "手被机器压了，住了一个月院，老板不给报工伤"),
    ("grievance", "上个月从三楼掉下来，腿断了，公司说跟他们没关系"),
    ("grievance", "去年被班长打了一顿，肋骨断了两根"),
    ("grievance", "老板以前拿刀吓过我们，现在人跑了，工资没给"),
    ("grievance", "厂里半年前爆炸过一次，赔偿款到现在没下来"),
    ("grievance", "那次厂里氨气泄漏，我熏坏了嗓子，一直没赔"),
    ("talk", "我弟在矿上没了，想问问赔偿的事"),
    ("talk", "老公在外面打工，被骗到黑厂关过三个月，救出来了，工钱一分没有"),
    ("", "我爸在工地摔了，工伤怎么认定"),
    ("", "前年在工地上摔断了腿，现在想申请困难帮扶"),
    ("", "他爸在工地摔了，孩子上大学有没有补助"),
    ("", "老公被机器绞断了手，评了六级，能领多少"),
    ("", "爱人车祸走了三年，一个人带两个伢，有什么帮扶"),
    ("", "我妹妹以前自杀过，现在好了，想给她找个工作"),
]
IN_DOUBT = [  # the numbers stand below, and the form goes on
    ("tuition", "他爸在工地摔了"),
]
DANGER = [
    ("tuition", "他爸刚从架子上摔下来了，满头是血，叫不醒"),
    ("tuition", "别问了，我不想活了"),
    ("tuition", "孩子说考不上就跳楼，现在站在阳台上"),
    ("tuition", "交不起学费，死了算了，你们把钱给孩子"),
    ("tuition", "老公工伤死了，我不想一个人活了"),
    ("hardship", "没钱治，我买好农药了，今晚就走"),
    ("hardship", "我写好遗书了，补助给我妈"),
    ("hardship", "活着没意思，不如死了给家里省钱"),
    ("hardship", "老公又喝醉了，正拿刀追我"),
    ("hardship", "前年摔瘫了，我每天都想从窗户爬出去"),
    ("hardship", "欠了几十万的债，一家人烧炭算了"),
    ("hardship", "我以前吃过安眠药没死成，这回我买了两瓶"),
    ("grievance", "车间现在着火了，里面还有人"),
    ("grievance", "老板把我们八个人锁在宿舍里不让出来"),
    ("grievance", "他带了十几个人来，正在打我们工友"),
    ("grievance", "罐子里两个人昏过去了，喊不应"),
    ("grievance", "去年他说过要砍我，今天真拿着刀在门口"),
    ("grievance", "再不给钱我就一把火烧了他的厂，汽油都买好了"),
    ("talk", "徒弟留了张纸条就走了，电话打不通"),
    ("talk", "师傅触电了躺在地上"),
    ("", "我手被卷进去了，还没拔出来"),
    ("", "我被老公打，正躲在邻居家，他在外面找我"),
    ("", "婆婆去世了，我也活够了"),
    ("", "徒弟以前自杀过，这回又站到楼顶了"),
    ("", "爱人在工地突然晕倒，现在没反应"),
]


async def told(form: str, text: str) -> tuple[Talk, str]:
    """Send a text as the answer to a form's story, or by itself."""
    talk = Talk()
    if form:
        await talk.tap(f"form:{form}")
        await talk.click(talk.labels[0])
    if form == "tuition":
        await talk.send("孩子考上了大专")
    return talk, await talk.send(text)


def alarmed(talk: Talk) -> bool:
    assert talk.turn is not None
    return any(isinstance(change, OpenCase) for change in talk.turn.changes)


@pytest.mark.parametrize(("form", "text"), PAST)
async def test_past_harm_raises_no_alarm(form: str, text: str) -> None:
    talk, said = await told(form, text)
    assert not alarmed(talk)
    assert danger_texts.IN_CASE not in said


@pytest.mark.parametrize(("form", "text"), IN_DOUBT)
async def test_a_form_goes_on_in_doubt_with_the_numbers_below(form: str, text: str) -> None:
    talk, said = await told(form, text)
    assert not alarmed(talk)
    assert said.endswith(danger_texts.IN_CASE)
    assert talk.conversation.draft is not None


@pytest.mark.parametrize(("form", "text"), DANGER)
async def test_danger_is_an_alarm_in_a_form_too(form: str, text: str) -> None:
    talk, said = await told(form, text)
    assert alarmed(talk)
    assert "110" in said[:120]


async def test_a_story_of_harm_is_answered_with_a_kind_word() -> None:
    _, said = await told("hardship", "从脚手架上掉下来，腰椎断了，躺了半年")
    assert said.startswith(texts.CARED)
    _, said = await told("hardship", "家里两个孩子上学，我下岗了")
    assert texts.CARED not in said
