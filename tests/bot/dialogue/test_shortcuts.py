import pytest

from bot.dialogue.shortcuts import command


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("请工会帮忙", "/report"),
        ("我要投诉", "/report"),
        ("申请服务", "/apply"),
        ("我的事", "/my"),
        ("有进展吗？", "/my"),
        ("怎么撤回", "/my"),
        ("怎么删掉我的信息", "/my"),
        ("什么时候有人来找我", "/my"),
        ("怎么还没得人联系我", "/my"),
        ("help", "/help"),
        ("我想换工会", "/region"),
        ("清除记录", "/forget"),
    ],
)
def test_a_command_is_understood_in_plain_words(said: str, meant: str) -> None:
    assert command(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "我要投诉老板不发工资",
        "怎么申请困难补助",
        "请工会帮忙要工资",
        "举报有奖励吗",
        "我的事假被扣钱",
        "老板删除考勤记录",
        "换工会要什么手续",
    ],
)
def test_whoever_says_more_is_heard_out(said: str) -> None:
    assert command(said) is None
