"""The Chinese page on what was measured: the English one, which `benchmarks/run.py` makes, with its words in Chinese.

No figure is written twice, so a new measurement is on both pages.
"""

import re
from collections.abc import Mapping
from pathlib import Path

PAGE = Path(__file__).parent / "docs/guide/measured.md"
WORDS: Mapping[str, str] = {
    "# Measured\n": "# 测量\n",
    "Made by `benchmarks/run.py` with mdderive ": "由 `benchmarks/run.py` 生成：mdderive ",
    " and Python ": "，Python ",
    " cores, while the load of the machine was\n": " 个核，当时机器的负载为 ",
    " on ": "，",
    ". All figures are CPU times of one run; under a load they are larger than on a quiet machine, their ratios less so.": (
        "。所有数字都是一次运行的 CPU 时间；机器有负载时，它们比空闲时大，其比值变化较小。"
    ),
    "## Beside floors and peers": "## 与下限和同类程序比较",
    "| run | CPU, ms | of `python` with argparse |": "| 运行 | CPU，毫秒 | 为 `python` 加 argparse 的倍数 |",
    "`python` with argparse": "`python` 加 argparse",
    "SymPy, one derivative": "SymPy，求一个导数",
    "50 notes without a block": "50 篇没有块的笔记",
    "20 notes with a block, unchanged": "20 篇有一个块的笔记，未改动",
    "20 notes with a block, without a cache": "20 篇有一个块的笔记，不用缓存",
    ", 50 notes": "，50 篇笔记",
    "## A site that did not change": "## 未改动的网站",
    " pages with ": " 页，共 ",
    " blocks, built in a new process | CPU, ms | of the expanded pages |": (
        " 个块，在新进程中生成 | CPU，毫秒 | 为已展开页面的倍数 |"
    ),
    "| as html, expanded before |": "| HTML，事先展开 |",
    "| as html, unchanged |": "| HTML，未改动 |",
    "| as markdown, expanded before |": "| Markdown，事先展开 |",
    "| as markdown, unchanged |": "| Markdown，未改动 |",
    "## While somebody writes": "## 书写之时",
    "Of a program that asks `check` with the cache of its process, as [the language server](editor.md) does.": (
        "这是一个用进程内缓存调用 `check` 的程序，[语言服务器](editor.md)就是这样做的。"
    ),
    "| a stroke in a note of 50 blocks | CPU, ms | of a check without a cache |": (
        "| 在有 50 个块的笔记中按一次键 | CPU，毫秒 | 为不用缓存时的倍数 |"
    ),
    "in the words": "在文字中",
    "in a result, which becomes wrong": "在结果中，结果因此变错",
    "all of it, without a cache": "整篇，不用缓存",
    "## Growth": "## 增长",
    "What a [bound](bounds.md) refuses is named by its code; what costs hardly more than a start has no exponent.": (
        "被[限度](bounds.md)拒绝的注明代码；开销几乎不超过启动的没有指数。"
    ),
    "| what grows | CPU seconds at each size | exponent |": "| 增长的量 | 各种大小的 CPU 秒数 | 指数 |",
    "| definitions in a chain |": "| 一连串的定义 |",
    "| definitions, one a block |": "| 定义，每块一个 |",
    "| layers of a network |": "| 网络的层 |",
    "| definitions that double |": "| 逐次加倍的定义 |",
    "| terms |": "| 项 |",
    "| blocks |": "| 块 |",
    "| characters without a block |": "| 没有块的字符 |",
    "| backticks |": "| 反引号 |",
    "| runs of backticks |": "| 反引号串 |",
    "| comments that stay open |": "| 未结束的注释 |",
    "| the same with --equations |": "| 同上，用 `--equations` |",
    "| formulas on one line |": "| 同一行的公式 |",
    " (refused, ": "（拒绝，",
    "), ": "），",
    ") |": "） |",
    "One block: ": "一个块：",
    " s.\n": " 秒。\n",
}
_WORD = re.compile("|".join(map(re.escape, sorted(WORDS, key=len, reverse=True))))


def measured_page() -> str:
    """Return the page in Chinese."""
    return _WORD.sub(lambda found: WORDS[found[0]], PAGE.read_text(encoding="utf-8"))
