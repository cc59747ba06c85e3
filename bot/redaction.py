"""Taking out of a question what names a person: before it is kept for the desk, and before it leaves the house."""

import re

from knowledge.characters import plain

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁"
    "潘蔡蒋杜魏苏吕丁沈姚卢姜崔谭陆汪范廖贾韦夏付邹孟熊秦邱尹薛闫侯雷龙史陶贺顾毛郝龚邵万覃武钱戴严莫孔汤"
)
_COMPOUND = "欧阳|司马|上官|诸葛|夏侯|皇甫|尉迟|公孙|慕容|令狐|司徒|端木|南宫|长孙|宇文"
_RARER = "方余叶高马程石任傅钟白江常康施洪伍兰聂章鲁葛游阮涂柯童鲍柳向倪易舒祝喻甘詹"  # words begin so as well
_TITLES = (
    "师傅|经理|老板|主任|主管|队长|班长|工头|包工头"
    "|科长|厂长|书记|主席|会计|老师|医生|律师|法官|某|总(?!工会|是|之|共|算)"
)
_NAME = rf"(?:{_COMPOUND}|[{_SURNAMES}])[\u4e00-\u9fff]{{1,2}}"
_WHOLE = re.compile(rf"(?:{_NAME}|[老小阿][{_SURNAMES}{_RARER}])(?:师傅|姐|哥|叔|嫂|老师)?")
_ANNOUNCED = rf"(?:{_COMPOUND}|[{_SURNAMES}{_RARER}])[\u4e00-\u9fff]{{1,2}}"  # after words that only a name follows

_HALF_WIDTH = str.maketrans("＠－＋", "@-+")  # as an input method for Chinese writes them

_SPOKEN = "[零〇一幺二两三四五六七八九]"  # digits as they are said

# In this order: the longer numbers first, or a part of one would pass for another kind.
_PATTERNS = (
    (re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])|(?<!\d)\d{15}(?!\d)"), "〔证件号〕"),
    (re.compile(r"(?<!\d)\d{4}(?:[ -]?\d{4}){2,3}[ -]?\d{1,4}(?!\d)"), "〔卡号〕"),
    (re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[-—– .·]{0,3}\d{4}[-—– .·]{0,3}\d{4}(?!\d)"), "〔电话〕"),
    (re.compile(r"(?<!\d)[(（]?0\d{2,3}[)）]?[-—– ]{0,3}\d{7,8}(?!\d)"), "〔电话〕"),
    (re.compile(rf"(?<!{_SPOKEN})[一幺][三四五六七八九]{_SPOKEN}{{9}}(?!{_SPOKEN})"), "〔电话〕"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "〔邮箱〕"),
    (re.compile(r"((?:微信|QQ|qq|Q Q|扣扣)号?)[是:：\s]*[A-Za-z0-9_-]{5,20}"), r"\1〔账号〕"),
    (re.compile(rf"(我叫|名叫|姓名[是为:：\s]*|联系人[是:：\s]*){_ANNOUNCED}"), r"\1〔姓名〕"),
    (re.compile(rf"(本人){_NAME}"), r"\1〔姓名〕"),
    (re.compile(rf"(我是|他是|她是|他叫|她叫){_NAME}(?=[，。,.！!？?、\s]|$)"), r"\1〔姓名〕"),
    (re.compile(rf"(?<!任)(?:{_COMPOUND}|[{_SURNAMES}])[\u4e00-\u9fff]{{0,2}}?(?={_TITLES})"), "〔姓名〕"),
)


def holds_personal(text: str) -> bool:
    """Tell whether something in `text` looks as though it named a person."""
    narrow = plain(text).translate(_HALF_WIDTH)
    return any(pattern.search(narrow) for pattern, _ in _PATTERNS)


def is_name(text: str) -> bool:
    """Tell whether `text` looks like somebody's name and nothing else; some words do so too, such as 严重."""
    return _WHOLE.fullmatch(text) is not None


def redact(text: str) -> str:
    """Return `text` without telephone, identity and card numbers, accounts and names; what it asks stays readable."""
    text = plain(text).translate(_HALF_WIDTH)
    for pattern, substitute in _PATTERNS:
        text = pattern.sub(substitute, text)
    return text
