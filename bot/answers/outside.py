"""Knows matters of daily life and of other law that neither a union's documents nor labour law tell of.

The topic's likelihood alone (see `bot.answers.scope`) lets some of them pass, for a fine, a contract and a court are of
labour law too. Here stand words that leave no doubt, as long as nothing in the question is about work.
"""

import re

_WORK = re.compile(
    r"工|班|厂|公司|单位|企业|老板|领导|主管|经理|同事|职|薪|岗|社保|医保|保险|公积金|补贴|补助|救助|帮扶|慰问|困难|产假|休假|请假|仲裁|劳动|人社"
    r"|妇联|妇女|孕|哺乳|骑手|外卖|代驾|网约车|滴滴|司机|送货|送单|跑单|派单|平台"
)
_MATTERS = re.compile(
    "|".join(
        (
            r"遗嘱|彩礼|净身出户|抚养权|亲子鉴定",
            r"信用卡|网贷|花呗|借呗|高利贷|老赖|征信|车贷|(?:贷款|按揭)买[车房]",
            r"房东.{0,8}(?:押金|定金|涨|房租|不退|[赶撵])|合租|二手房|首付|物业费|邻居.{0,6}(?:吵|漏|占|装修)|小产权",
            r"[开吃]了?罚单|违章停车|驾照|驾驶证|车险|年审",
            r"淘宝|拼多多|京东|网购|卖假货|退货|直播间买|快递(?:丢|坏)了",
            r"[高动]铁.{0,6}票|火车票|订机票|机票(?:多少|几多)|大巴",
            r"天气怎么样|天气预报|(?:明天|后天|今天|周末|会不会|下不).{0,6}(?:下?[雨雪]|降温|天气)|台风|雾霾",
            r"双色球|大乐透|股票|炒股|涨停|比特币|理财产品|金价",
            r"(?:多少|好多|几多|几)(?:块?钱|块|元)一?[斤只条袋箱]|菜价|油价|房价",
            r"[今昨明][晚天日].{0,6}(?:球赛|电影|电视剧|比分)|世界杯|欧冠|追剧",
            r"(?:发烧|感冒|咳嗽|拉肚子|牙疼|头疼).{0,8}(?:吃什么|怎么办|吃么|用什么|挂什么)|偏方|减肥|护肤",
            r"养[猫狗]|[猫狗](?:粮|洗澡|打疫苗)|给[猫狗]",
            r"高考(?:分数|志愿)|中考分数|学区房|作文|背单词|奥数|上小学要|小学报名",
            r"[写做]个?(?:代码|爬虫|程序)|python|excel公式|翻译成|写一?首|星座运势|算命",
        )
    ),
    re.IGNORECASE,
)


def is_outside(question: str) -> bool:
    """Tell whether `question` is beyond doubt about something that no document of a union answers."""
    return bool(_MATTERS.search(question)) and not _WORK.search(question)
