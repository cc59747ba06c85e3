"""Every sentence of the pages of replies that stand ready, but for the headings and labels of their templates."""

from collections.abc import Sequence

BRACES = "花括号要成对，里面写变量，像 {单位}；要写花括号本身，请写两个：{{、}}。"
NO_MOVE = "请选这句话用在哪一步。"
CANNED_DONE = {"changed": "已保存，下次打开诉求就能用。", "retired": "已停用。", "restored": "已恢复。"}
SAMPLE = {"单位": "某某建筑公司", "工会": "十堰市总工会", "经办人": "王主任", "类别": "欠薪"}


def unknown_variable(name: str, known: Sequence[str]) -> str:
    """Name a variable that there is not, and those that there are."""
    return f"没有“{name}”这个变量，可以用：{'、'.join(f'{{{each}}}' for each in known)}。"


def title_needed(longest: int) -> str:
    """Ask for a title."""
    return f"请写一个名字，最多 {longest} 个字。"


def text_needed(longest: int) -> str:
    """Ask for a text."""
    return f"请写要说的话，最多 {longest} 个字。"


def kept_by(union: str) -> str:
    """Say whose a reply is."""
    return union or "系统自带"
