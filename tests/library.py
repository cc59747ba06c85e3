"""A small folder of documents and the index made of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ingest.pipeline import ingest
from ingest.result import IndexingResult
from ingest.sources import Sources
from knowledge.embedder import Embedder
from knowledge.generation import Generations

LEAVE = """# 带薪年休假条例

2007年12月14日 公布

第一条 职工连续工作一年以上的，享受带薪年休假。

第二条 职工累计工作已满一年不满十年的，年休假五天。

第三条 国家法定休假日、休息日不计入年休假的假期。
"""
STATION = """---
title: 工会驿站
regions: [十堰]
---

# 工会驿站

## 谁能用

环卫工人、快递员和外卖骑手都能进来歇脚喝水。

## 在哪里

人民路和车城路各有一座，全天开放。
"""
CARE = """---
title: 高温津贴
---

# 高温津贴

## 怎么领

六月到九月在室外干活的，用人单位按月发高温津贴。
"""
DOCUMENTS = {"laws/带薪年休假条例(2007-12-14).md": LEAVE, "guides/驿站.md": STATION, "guides/高温.md": CARE}


def write(folder: Path, documents: Mapping[str, str] = DOCUMENTS) -> Path:
    """Write the documents below `folder` and return it."""
    for name, text in documents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf8")
    return folder


def index(home: Path, folder: Path, embedder: Embedder, **options: Any) -> IndexingResult:
    """Ingest a folder into a home."""
    sources = Sources(home)
    sources.replace([folder])
    return ingest(sources, Generations(home), embedder, **options)
