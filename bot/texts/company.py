"""What is said in a group, where others read along."""

NOT_HERE = "这件事是您自己的，群里大家都看得见。请点我的头像，单独发消息给我。"

REGION_CHOICES = "请点下面的按钮，给这个群选一家工会；也可以回复我这条消息，写个地名，比如“十堰”。"
FILE = "照片和文件我没有收，群里大家都看得见。要交给工会的人，"
RECEIPT = "回执号是您自己的凭证，别发在群里，发了的请撤回。要查办到哪里了，"
PERSONAL = "登记、申请、查进度、找人工，都是您自己的事，群里大家都看得见。"
GRIEVANCE = "这件事要请工会出面，"


def alone(address: str) -> str:
    """Say where the bot is written to alone."""
    return f"请单独写给我：{address}"


def welcome(address: str) -> str:
    """Say what can be done in a group, and what cannot."""
    return (
        "大家好，我是工会的自动问答助手。在群里点我的名字（@）或者回复我的话，就能问工资、合同、工伤、休假、帮扶这些规定，"
        "我按法律法规和工会资料回答，附上出处。\n\n"
        f"登记诉求、申请服务、查进度、找人工，是各人自己的事，群里大家都看得见，{alone(address)}"
    )


IN_GROUP = ("从哪里来", "群里说的，那里没法单独回话")


ALONE = "单独接着说（谁写的谁点）"
NOT_CARRIED = (
    "这个按钮用不了：它只给在群里写那句话的人用，用过一次就作废。\n\n"
    "要是有人正有危险，马上打 110（报警）、120（急救）、119（火警），再把出了什么事、在哪里写在这里，我马上叫值班的人。"
)


def carried(union: str, receipt: str) -> str:
    """Say that what was told in the group goes on here, and ask for what staff need to know first."""
    return (
        f"接上了。您在群里说的事，{union}值班的人看得到；您在这里写的，群里看不到。有危险还是马上打 110、120、119。\n\n"
        "人在哪里？身边有没有人？怎么打电话给您？写在这里。\n\n"
        f"以后凭这个号接着问：{receipt}。"
    )


def called(address: str) -> str:
    """Say how whoever is in danger reaches us beside the group."""
    return f"群里大家都看得见，人在哪里、怎么联系，{alone(address)}"
