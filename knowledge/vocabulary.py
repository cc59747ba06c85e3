"""The closed choices that all rooms share, stored and printed as the words themselves."""

from enum import StrEnum


class Category(StrEnum):
    """What a worker's matter is about."""

    WAGE_ARREARS = "欠薪"
    CONTRACT = "劳动合同与解除"
    WORKING_TIME = "工时与休假"
    SOCIAL_INSURANCE = "社会保险"
    WORK_INJURY = "工伤"
    SAFETY = "安全生产与职业病"
    WOMEN = "女职工权益"
    COLLECTIVE = "集体合同与民主管理"
    LEGAL_AID = "法律援助"
    HARDSHIP = "困难帮扶"
    EMPLOYMENT = "就业与培训"
    MEMBERSHIP = "入会与会员服务"
    CULTURE = "文体活动与阵地"
    MENTAL_HEALTH = "心理关怀"
    UNION_COMPLAINT = "投诉工会服务"
    OTHER = "其他"


class Urgency(StrEnum):
    """How soon a worker's matter must be acted on."""

    NORMAL = "普通"
    URGENT = "紧急"
    EMERGENCY = "特急"
