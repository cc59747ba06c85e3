"""Take figures of speech for what they are: who says 累死了 is tired, and asks nothing about a death."""

import re

# Whoever speaks of a death, an injury or what is paid for one may mean it.
_MEANT = re.compile(r"猝死|死亡|去世|过世|没了命|工伤|工商|抢救|遗|抚恤|丧葬|赔|死者|死因|死在|死人[的啊]?事")
_STATE = "[累饿气热冷烦急吓笑渴困忙疼苦愁恨]"
_FIGURES = tuple(
    (re.compile(said), plain)
    for said, plain in (
        # 我爸累死了 is no figure: of somebody else it stands as it is written.
        (rf"(?P<how>{_STATE})死(?:我|俺|老子|个?人)了?", r"\g<how>"),
        (rf"(?:(?<![\u4e00-\u9fff])|(?<=[我都快要真天得把]))(?P<how>{_STATE})死了?", r"\g<how>"),
        (r"(?P<how>[\u4e00-\u9fff])得要(?:死要活|死|老?命)[了的]?", r"\g<how>"),
        (r"死工资", "工资"),
        (r"死活(?=不)|拼死拼活|要死要活|死皮赖脸|死乞白赖|往死里|打死也(?=不)|死都(?=不)", ""),
        # 跟他拼命 is a threat.
        (r"(?<![他她你们板头理])[拼玩]命(?!了)", ""),
        (r"卖命", "干活"),
        # A word that is taken apart: 加好多班 asks about 加班.
        (r"加(?P<how>这么多|那么多|几多|好多|多少|几)个?班", r"加班\g<how>"),
    )
)


def plain(question: str) -> str:
    """Return the question with its figures of speech in plain words."""
    if _MEANT.search(question):
        return question
    for figure, words in _FIGURES:
        question = figure.sub(words, question)
    return question
