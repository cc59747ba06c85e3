"""A small house of documents whose every figure is invented, and answerers that know them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from bot.answers.answerer import Answerer
from knowledge.embedder import Embedder
from knowledge.generation import Generations
from knowledge.live import LiveGeneration
from knowledge.regions import load_regions
from knowledge.superseded import Superseded, Supersession
from tests.library import index, write

SHIYAN = """十堰市总工会：把娘家建在工友身边

本报讯 十堰市总工会今年走访慰问困难职工312户，发放慰问金46.8万元。

建驿站 暖人心

全市已经建成工会驿站137座，户外劳动者可以进站喝水、充电、热饭、休息。其中24小时开放的驿站有19座。

送清凉 到一线

七月以来，市总工会为一线职工送去防暑降温物资8600份，价值95万元。
"""
SUIZHOU = """随州市总工会：服务职工再加力

本报讯 随州市总工会今年走访慰问困难职工205户，发放慰问金28.5万元。

建驿站 添温情

全市已经建成工会驿站64座，户外劳动者可以进站歇脚、喝水、充电。
"""
OLD_LEAVE = """# 职工搬家假办法

2010年5月1日 公布

第一条 为了方便职工搬家，制定本办法。

第二条 职工因为搬家需要请假的，用人单位应当给予二天搬家假。

第三条 搬家假期间，用人单位应当照常支付工资。
"""
NEW_LEAVE = OLD_LEAVE.replace("2010年5月1日", "2020年6月1日").replace("二天", "五天")
NIGHT_MEALS = """---
id: rights/night-meals
title: 夜班餐补怎么领
kind: right
regions: []
questions:
  先说结论: [夜班餐补有多少, 上夜班发不发餐补]
  怎么领: [夜班餐补怎么领]
---

## 先说结论

上夜班到晚上十点以后的，单位每个夜班发餐补18元，跟当月工资一起发。

## 怎么领

1. 先看排班表，记下自己上了几个夜班。
2. 月底对一对工资条，餐补单独列一行。
3. 少发了，先找班组长，再找单位工会。
"""
RULES = (
    {"id": 4711, "article": "第三条", "text": "互助社的社员每人每月交互助金十五元，交满半年可以借款。"},
    {"id": "b-2", "article": "第四条", "text": "互助社每年三月公布账目，社员随时可以查账。"},
)
OLD_SOURCE = "library/laws/职工搬家假办法(2010-05-01).md"
NEW_SOURCE = "library/laws/职工搬家假办法(2020-06-01).md"
DOCUMENTS = {
    "library/seeds/十堰市总工会.txt": SHIYAN,
    "library/seeds/随州市总工会.txt": SUIZHOU,
    OLD_SOURCE: OLD_LEAVE,
    NEW_SOURCE: NEW_LEAVE,
    "library/guides/夜班餐补.md": NIGHT_MEALS,
    "library/records/互助社.jsonl": "\n".join(json.dumps({"law": "工友互助社章程", **rule}) for rule in RULES),
}
STATIONS = "工会驿站建成了多少座？"
MOVING = "职工搬家能请几天假？"
MEALS = "夜班餐补有多少？"
REPLACED = Superseded(
    [Supersession("职工搬家假办法", "职工搬家假办法", date(2020, 7, 1), "its second text", date(2010, 5, 1))]
)


def build(home: Path, folder: Path, encoder: Embedder, documents: dict[str, str] | None = None) -> None:
    """Make the index of the documents."""
    result = index(home, write(folder, documents or DOCUMENTS) / "library", encoder, superseded=REPLACED)
    assert result.failures == {}


@contextmanager
def opened(home: Path, encoder: Embedder) -> Iterator[tuple[Answerer, LiveGeneration]]:
    """Open the index of a home, as the composition root does."""
    live = LiveGeneration(Generations(home), encoder)
    try:
        yield Answerer(live.use, encoder, load_regions()), live
    finally:
        live.close()
