"""Commands in plain words: what people write who have never heard of a slash."""

import re

_END = r"[吗呢啊吧了。.!！?？~～ ]*"
_WORDS = {
    "/report": (
        r"(还是|那就?|就)?我?(想|要)?((给我|帮我)?登记(一下)?"
        r"|请工会(帮忙|出面|帮我办)|投诉|举报|维权|反映(问题|情况))"
    ),
    "/apply": r"我?(想|要)?(怎么)?(申请|申请服务|报名|办事|有(哪些|什么)服务|服务)",
    "/my": (
        r"(我的事(情)?|查?看?一?下?我?的?(进度|进展)|我的(登记|投诉|申请)|我?(想|要)?(怎么)?(撤回|撤销|撤诉)"
        r"|有(进展|结果|消息|回音)|我的事(情)?(怎么样|办得怎么样|办到哪)|办得?(怎么样|到哪)|(多久|什么时候)(能|可以|才)?(办好|有结果|处理好)"
        r"|((么|什么|啥子?|几)时候?(会|能|才)?有|怎么还?没得?)人(来)?(找|联系|管|回|看)(我|我的事)?"
        r"|我?(想|要)?(怎么)?(删掉?|删除|清除)(我的)?(信息|资料|个人信息))"
    ),
    "/region": r"我?(想|要)?(换|选|选择|更换|改)(一?下|一?个|我的)*工会",
    "/forget": r"我?(想|要)?(清除|清空|删掉?|删除)(一下|我的|这里的)*(聊天|对话|提问)?记录",
    "/help": r"(帮助|怎么用|使用说明|菜单|功能|help)",
}
_COMMANDS = {command: re.compile(words + _END, re.IGNORECASE) for command, words in _WORDS.items()}


def command(text: str) -> str | None:
    """Return the command that `text` says in words and nothing else, None where it says more."""
    return next((name for name, words in _COMMANDS.items() if words.fullmatch(text)), None)
