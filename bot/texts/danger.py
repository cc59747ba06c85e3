"""What somebody in danger reads first: the numbers, and what to do now."""

from datetime import datetime

_CALL_YOURSELF = "我是自动回复，不能替您打电话，请现在就拨。"

SELF_HARM = (
    "看到您写的话，我很担心。您不是一个人。\n\n"
    "· 人有危险或已经受伤：马上打 120 或 110\n"
    "· 心里撑不住，想找人说说：打 12356 心理援助热线\n"
    "· 工作上的难处，要工会帮忙：打 12351\n\n"
    "先到身边有人的地方，离开高处、药物和利器；要是您身边的人，请陪着他，别让他一个人待着。"
    f"{_CALL_YOURSELF}"
)
VIOLENCE = (
    "您的安全最要紧。先离开动手的人，到人多、安全的地方。\n\n"
    "· 正在挨打、被威胁：马上打 110\n"
    "· 有人受伤：打 120\n"
    "· 脱险以后要工会帮忙：打 12351；受到家庭暴力，还可以打妇联 12338\n\n"
    f"安全了再拍照留证据。{_CALL_YOURSELF}"
)
ACCIDENT = (
    "先救人，先保住自己。\n\n"
    "· 有人受伤、昏迷、中毒：马上打 120\n"
    "· 着火、爆炸、有人被埋被困：打 119\n"
    "· 需要警察：打 110\n\n"
    "别一个人冒险去救：触电先断电，井下、罐里、有毒气的地方没有防护不要进。"
    f"{_CALL_YOURSELF}"
)
CONFINEMENT = (
    "谁也没有权利把您关着不让走，或者逼您干活。\n\n"
    "· 马上打 110，说清您在哪里\n"
    "· 有人受伤或生病：打 120\n"
    "· 出来以后要工会帮忙：打 12351\n\n"
    f"别硬拼，先保护好自己；手机留够电，把位置发给信得过的人。{_CALL_YOURSELF}"
)
THREAT = (
    "有人说要伤人，这样的话要当真。先离他远一点，到有人、能锁门的地方。\n\n"
    "· 人就在附近，或者带着东西：马上打 110\n"
    "· 有人受伤：打 120\n"
    "· 为工资、工伤起的争执，要工会来调解：打 12351\n\n"
    f"威胁的短信、录音留着。要是您自己气成这样：先走开，再大的气我们一起想办法。{_CALL_YOURSELF}"
)
CHILD_LABOUR = (
    "不满 16 岁的孩子不能招来干活，这件事要马上有人管。\n\n"
    "· 孩子被打、被关、有危险：马上打 110\n"
    "· 举报用童工：打 12333，人社的劳动监察会去查\n"
    "· 要工会帮孩子和家里：打 12351；青少年的事还可以打 12355\n\n"
    f"记下在哪里、什么单位、几个孩子，别当面跟老板争。{_CALL_YOURSELF}"
)
CROWD = (
    "人一多容易出事，先让大家离开路口、楼顶和车流，坐下来等，别堵路、别往高处爬。\n\n"
    "· 有人要动手、要跳、被挤伤：马上打 110 或 120\n"
    "· 讨薪、讨说法，请工会来人一起谈：打 12351\n"
    "· 欠薪还可以打 12333，人社的劳动监察会到场\n\n"
    f"推两三个人当代表，把要求和欠的数写在一张纸上，谈起来快。{_CALL_YOURSELF}"
)


AGAIN_NUMBERS = {  # by bot.triage.model.Danger, for somebody who has read the advice already
    "自伤": "我看到了，您不是一个人。有危险马上打 120 或 110，想找人说话打 12356，身边有人就喊住他。",
    "暴力": "先离开动手的人。马上打 110，有人受伤打 120。",
    "事故": "先救人：受伤打 120，着火、被困打 119，要警察打 110。别一个人冒险去救。",
    "拘禁": "马上打 110，说清您在哪里；有人受伤打 120。别硬拼。",
    "威胁": "离他远一点，到能锁门的地方。马上打 110，有人受伤打 120。",
    "童工": "孩子有危险，马上打 110；举报用童工打 12333。",
    "聚集": "让大家先坐下来，别堵路、别上高处。有人要动手、被挤伤，打 110 或 120。",
}


def called(union: str) -> str:
    """Say that somebody on duty is being called."""
    return f"{called_from_group(union)}您现在在哪里？身边有没有人？写在这里，他们看得到。"


def called_from_group(union: str) -> str:
    """Say so where others read along, and ask for nothing there."""
    return f"您写的已经转给{union}值班的人，会一直叫到有人接，不用登记。"


def nobody(opens: datetime | None) -> str:
    """Say that nobody is on duty, so that nobody waits for a call; `opens` in local time."""
    back = f"{opens.month}月{opens.day}日{opens:%H:%M}才有人上班，" if opens else ""
    return (
        f"跟您说实话：工会这边现在没有人值班，{back}请不要等我们，马上打上面的电话。"
        f"您写的都记下了{'，上班的人第一眼就会看到' if opens else ''}。"
    )


CALL_BACK = "网页关了我们就找不到您：把能打通的电话也写在这里，只有值班和经办的人看得到。"


def again(union: str) -> str:
    """Say that what was written since has been passed on."""
    return f"您写的又转给{union}值班的人了。电话也请马上打，不要只等这里。"


HELP_COMES = "好，打了就好。守着人别走开，电话里怎么说就怎么做；有变化，马上再打。您写的工会这边看得到。"

ALL_WELL = (
    "好，您平安就好，这句话工会的人也看得到。心里难受，随时打 12356；有危险，马上打 110。\n"
    "用不着工会管这件事了，点“撤回，不办了”；想接着问别的，点“说完了”。"
)


def followed(receipt: str) -> str:
    """Give the receipt of a case that nobody filled in a form for."""
    return f"以后凭这个号接着问：{receipt}。不要工会管了，发“我的事”就能撤回。"


IN_CASE = (
    "要是有人正有危险，别在这里等：马上打 110（报警）、120（急救）、119（火警）。想叫工会值班的人，回我“救命”两个字。"
)
