"""Every sentence that a person is shown: plain, warm, and without a promise that nobody keeps."""

from collections.abc import Sequence
from enum import StrEnum

from knowledge.model import Citation

# --- buttons ---

HELPFUL = "👍 有帮助"
UNHELPFUL = "👎 没帮上"
HUMAN = "找人工"
ANY_UNION = "都不是，先不选"

# --- the menu of commands in a messenger ---

COMMANDS = {
    "start": "从头开始",
    "report": "请工会帮忙办事",
    "apply": "申请一项服务",
    "my": "看我的事办到哪里了",
    "human": "找工作人员",
    "region": "选择我的工会",
    "help": "怎么用",
    "forget": "删除我留下的内容",
}

# --- first words ---


def welcome(union: str | None) -> str:
    """Greet; `union` is the name of the union already chosen."""
    chosen = f"您选的是{union}，要换就发“换工会”。"
    where = chosen if union else "先选一下您的工会，各地的规定和服务不一样；也可以不选，直接问。"
    return (
        "您好，欢迎回娘家！我是工会的自动问答助手。\n\n"
        "· 想问事：工资、合同、工伤、休假、帮扶、入会……用平常的话写给我。"
        "我按法律法规和工会资料回答，附上出处；没有的直说。\n"
        "· 想请工会出面：发“请工会帮忙”，不留姓名也行。\n"
        "· 想找人：发“人工”。\n\n"
        f"{where}"
    )


class Reader(StrEnum):
    """Where a chat model stands that reads what workers write."""

    IN_HOUSE = "in-house"  # on a machine of the union's own
    IN_CHINA = "in-china"
    ABROAD = "abroad"
    UNKNOWN = "unknown"


_REDACTED = "您写的话，会先去掉名字、电话和号码，再请"
READ_BY = {
    Reader.IN_HOUSE: f"{_REDACTED}我们自己机器上的智能软件帮着看，不送到外面去。",
    Reader.IN_CHINA: f"{_REDACTED}一家公司的智能软件帮着看，它的机器在国内。",
    Reader.ABROAD: f"{_REDACTED}一家公司的智能软件帮着看，它的机器在国外。",
    Reader.UNKNOWN: f"{_REDACTED}一家公司的智能软件帮着看，它的机器可能在国外。",
}


def help_text(retention_days: int, *, reader: Reader | None) -> str:
    """Say what can be done here, and what is kept; `reader` is where a chat model reads along, if one does."""
    return (
        "您可以这样用：\n"
        "· 直接写问题，一次问一件事，比如“老板拖欠两个月工资怎么办”\n"
        "· 点回答下面的出处，看原文\n"
        "· 点“有帮助”或“没帮上”，让我们知道哪里要改\n"
        "· 发“请工会帮忙”，工会出面帮您办事，不留姓名也可以\n"
        "· 发“申请服务”，申请帮扶、助学、托管班这些\n"
        "· 发“我的事”，看办到哪里了；有回执号的，直接把 16 个数字发给我\n"
        "· 发“换工会”，选您的工会，或者换一个\n"
        "· 发“清除记录”，删掉您在这里写过的话\n"
        "· 发“人工”，找工会的工作人员\n\n"
        f"关于您的信息：您写的话加密保存，只用来回答您，{retention_days} 天后清除，"
        "您选的工会一直记到您更换或删除；"
        "没答上来的和您评价过的问题，会去掉电话、证件号和姓名后留下，用来补充资料。"
        f"{READ_BY[reader] if reader else ''}"
        "如果您用的是 Telegram，消息也会经过它在境外的服务器。请不要发身份证号、银行卡号。\n\n"
        "回答供您参考，不能代替律师的意见或有关部门的决定。遇到危险，请马上打 110、119 或 120。"
    )


# --- the union ---

REGION_CHOICES = "请选择您的工会，也可以直接写地名，比如“十堰”。选好以后，我会先用当地的资料回答您。"
REGION_CLEARED = "好的，先不选工会。我会用各地都适用的资料回答您，随时可以发“换工会”再选。"


def region_chosen(union: str) -> str:
    """Confirm the union."""
    return f"记住了，您的工会是{union}。接下来我会先用当地的资料回答。您想问什么？"


def region_unknown(word: str) -> str:
    """Say that there is nothing of this place."""
    return f"我这里还没有“{word[:20]}”的工会资料。您可以从下面选一个，或者不选，直接问全国都适用的规定。"


# --- reaching a person ---

LEAVE_MESSAGE = "在这里给工作人员留言"
HUMAN_HELP = (
    "好，帮您找人。想留言就点下面的按钮，写的会交给工会的工作人员，回话送到这里；着急就打电话：\n"
    "· 12351　工会职工服务热线，找工会从这里开始\n"
    "· 12333　人社部门，社保、欠薪、劳动监察\n"
    "· 12348　公共法律服务，法律咨询和法律援助\n"
    "· 12345　政务服务热线，不知道归谁管时打这个\n\n"
    "打电话前，把劳动合同、工资记录、考勤和聊天记录准备好，会快很多。"
)

# --- what cannot be answered as it is ---

NO_TEXT = "我没有收到文字。您想问什么，写一句话给我就行。"
UNKNOWN_BUTTON = "这个按钮现在用不了了，请直接写下您想问的事。"


def unknown_command(command: str) -> str:
    """Say that there is no such command."""
    return f"我不认识“{command[:20]}”。发“帮助”看看能做什么，或者直接写下您想问的事。"


def too_long(length: int, limit: int) -> str:
    """Ask for a shorter message; both in characters."""
    return (
        f"您写得很详细，有 {length} 个字，我一次只能看 {limit} 个字以内。"
        "请挑最想问的一件事写给我，其他的我们一件一件来。"
    )


TOO_FAST = (
    "您发得有点快，我看不过来了，后面这些先没有收。请歇一分钟，再把最要紧的一句写给我；"
    "人有危险，请马上打 110、119 或 120，这样的话您随时写，我都看。"
)
APOLOGY = (
    "对不起，您刚才这条我没办成，是我们这边出了毛病，不是您写得不对。"
    "请过一会儿再发一次；着急的话，请打工会职工服务热线 12351。"
)

# --- courtesies ---

GREETING = "您好！我是工会的自动问答助手，就当是娘家人。工资、合同、工伤、休假、困难帮扶……您遇到什么事，直接说给我听。"
WELCOME = "不客气，应该的。后面还有什么事，随时来问。"
GOODBYE = "好的，您多保重。有事随时回娘家问一声。"
TAKE_TIME = "好，不着急，您慢慢想。什么时候想问、想办，回来找我都行；心里有事想找人说，发“人工”。"
GO_ON = "好的。还有别的想问的，直接写给我就行；想请工会出面，发“请工会帮忙”；想找人，发“人工”。"
LISTENING = "我在听，您慢慢说。在哪儿上班、出了什么事，想到哪儿写到哪儿，写错字也不要紧。"
CARE = "您受累了，心里肯定不好受。遇到什么事，慢慢说给我听；想找人说说，发“人工”，也可以打 12356 心理援助热线。"
SORRY_ANGRY = (
    "对不起，没帮上您，您有气我明白。您说说在哪儿上班、出了什么事，我再查；"
    "不想跟我说，就发“人工”找工作人员，或者打 12351。"
)
FOREIGN = (
    "I can only read Chinese. 我只看得懂中文，请用中文写。\n"
    "Please write in Chinese, or call 12351 (trade union hotline). In danger call 110 (police) or 120 (ambulance)."
)
FOREIGN_REPORT = (
    "I can only answer in Chinese. To ask the union for help, reply “yes” or press the button below; "
    "you may write in English there, the staff will read it. In danger call 110 (police) or 120 (ambulance).\n"
    "我只会用中文回答。要请工会帮忙，回“yes”或者点下面的按钮，用英文写也行，工作人员看得到；也可以打 12351。"
)
WHO = (
    "我是“娘家”，工会的自动问答助手，不是真人。您问工资、合同、工伤、休假、帮扶这些事，"
    "我从法律法规和工会资料里找答案，并附上出处。想跟人说，发“人工”，或者打 12351。"
)

TRUST = (
    "您多个心眼是对的。我是工会的自动问答助手，不是真人，也不替老板说话：工会代表的是职工。"
    "不放心，打 12351 问一声。我不会向您要钱、要验证码，也用不着身份证号、银行卡号。"
    "有人打着工会的名义要钱、要验证码，别给，打 110。"
)
PRIVATE = (
    "在这里问、在这里说，您的单位看不到，我们也不会转给它。请工会出面的，称呼和电话只有经办的工会人员看得到，不留姓名也能办。"
    "只是去跟单位交涉时，单位可能从事情本身猜出来，担心就先跟工作人员说一声。"
)
FEAR = (
    "您担心得有道理，不急。先把规定问明白，办不办、什么时候办，都由您定；请工会出面也可以不留姓名，工作人员看不到您是谁。"
    "真要是被针对了，留好证据，随时告诉我，或者打 12351。"
)
FOR_OTHERS = (
    "可以。替家里人、工友问，替他们登记，都行，本人自己来也行。"
    "事情照实写，电话留能打通的那个；登记之前，请先跟本人说好。"
)
GLAD = "太好了，替您高兴！以后有什么事，随时回娘家说一声。"
PLAY = "这个我不会，我只懂工作上的事：工资、合同、工伤、休假、困难帮扶、入会这些。您遇到什么事，写给我就行。"
PRESS = "采访的事我做不了主。请打 12351，请他们转当地总工会的办公室。"


def what_about(said: str) -> str:
    """Ask what a scrap belongs to: a name, a place, a number that was said alone."""
    return f"“{said}”，我看到了。您接着说：出了什么事，或者想问什么？想到哪儿写到哪儿。"


# --- an honest no ---


def refusal_text(offices: Sequence[tuple[str, str]]) -> str:
    """Say that the documents do not hold it; `offices` are the names and numbers of who would know."""
    others = "".join(f"· {number}　{name}热线，这类事归他们管\n" for name, number in offices)
    return (
        "这个问题，我手头的资料里没有查到可靠的答案，不敢乱说，怕误了您的事。\n\n"
        f"您可以问：\n{others}· 12351　工会职工服务热线，请您所在的工会帮着问清楚\n\n"
        "您也可以换个说法，说说在哪个城市、发生了什么，我再帮您查一次。"
    )


def as_of_year(year: str) -> str:
    """Say how old what a report tells is."""
    return f"（出自 {year} 年的材料）"


# --- an answer that a chat model has worded ---

COMPOSED = "（以上由人工智能根据出处整理，请以原文为准）"  # people have a right to know, and the law asks for it


def composed(paragraphs: Sequence[tuple[str, int]]) -> str:
    """Return the paragraphs, each with the number of the source that it rests on."""
    told = (f"{words}（出处{number}）" for words, number in paragraphs)
    return "\n\n".join((*told, COMPOSED))


# --- sources ---

SOURCES = "依据："
SOURCE_GONE = "这条回答过去有一阵了，它的出处我已经不留了。您再问一次，我重新找给您。"


def source_name(citation: Citation) -> str:
    """Name a source as people do: 《劳动合同法》第八十五条."""
    return f"《{citation.law or citation.title}》{citation.article or ''}"


def source_label(number: int, citation: Citation) -> str:
    """Return the button of the source with this number."""
    name = source_name(citation)
    if citation.article is None and citation.path:  # several sections of one document may be quoted
        name = f"{citation.path[-1]} {name}"
    return f"出处{number} {name if len(name) <= 28 else name[:27] + '…'}"


def source_detail(number: int, citation: Citation) -> str:
    """Show where a quote stands, and the quote."""
    lines = [f"出处{number} {source_name(citation)}"]
    if citation.path:
        lines.append("位置：" + " › ".join(citation.path))
    if citation.issued:
        issued = citation.issued
        lines.append(f"日期：{issued.year}年{issued.month}月{issued.day}日")
    if citation.law is None and citation.statutes:
        lines.append("依据：" + "、".join(f"《{statute.law}》{statute.article or ''}" for statute in citation.statutes))
    return "\n".join(lines) + f"\n\n原文：\n{citation.quote}"


# --- helpful or not ---

THANKS = "谢谢您告诉我们！"
SORRY = (
    "对不起，没帮上您。我记下了，我们照着去补资料。您可以换个说法再问一次，"
    "或者说得具体一点，比如在哪儿工作、发生了什么；也可以打工会职工服务热线 12351。"
)
JUDGED_ALREADY = "您已经评价过这条回答了，谢谢。"
JUDGED_LATE = "谢谢您。这条回答过去有一阵了，这次的评价没能记下来。"

# --- forgetting ---

FORGOTTEN = (
    "已经删除：您在这里写过的话、我给您的回答、您选的工会，还有您评价过的问题。"
    "登记过的事还留着，要删，发“我的事”，点开那件事，再点“看看存了我什么”。"
    "聊天软件里的聊天记录要您自己在软件里删。您随时可以重新问我。"
)
