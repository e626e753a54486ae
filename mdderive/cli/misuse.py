"""What is said of a command line that cannot be carried out, in the language that was asked for.

The English words stand where a misuse is found and are the keys of their Chinese ones, with `{}` for what they are about.
"""

import re
from collections.abc import Mapping
from typing import IO, Any

import click

ZH: Mapping[str, str] = {
    "No such option {}. Did you mean {}?": "没有选项 {}。是否想写 {}？",
    "No such option {}. (Did you mean one of: {}?)": "没有选项 {}。（是否想写其中之一：{}？）",
    "No such option {}.": "没有选项 {}。",
    "No such command {}. Did you mean {}?": "没有命令 {}。是否想写 {}？",
    "No such command {}. (Did you mean one of: {}?)": "没有命令 {}。（是否想写其中之一：{}？）",
    "No such command {}.": "没有命令 {}。",
    "Missing argument {}.": "缺少参数 {}。",
    "Option {} requires an argument.": "选项 {} 需要一个值。",
    "Option {} does not take a value.": "选项 {} 不带值。",
    "Got unexpected extra argument ({})": "多出了参数（{}）",
    "Got unexpected extra arguments ({})": "多出了参数（{}）",
    "Invalid value for {}: {} is not one of {}.": "{} 的值无效：{} 不是以下之一：{}。",
    "Invalid value for {}: {} is not in the range {}.": "{} 的值无效：{} 不在范围 {} 之内。",
    "Invalid value for {}: {} is not a valid {}.": "{} 的值无效：{} 不是整数。",
    "Invalid value for {}: {}: No such file or directory": "{} 的值无效：没有文件 {}",
    "no such file or folder: {}": "没有这个文件或文件夹：{}",
    "--fix needs files; --diff reads standard input too": "--fix 需要文件；--diff 也可读标准输入",
    "--explain FILE:LINE names its file itself, and checks nothing": "--explain FILE:LINE 自带文件名，不作检查",
    "--explain needs FILE:LINE, as in notes.md:12: {}": "--explain 需要 FILE:LINE，如 notes.md:12：{}",
    "--explain needs one file: {}": "--explain 只用于一个文件：{}",
    "--write-baseline needs --baseline F, the file to write": "--write-baseline 需要 --baseline F，即要写的文件",
    "--cluster judges elsewhere: --watch and --jobs are for runs here": "--cluster 在别处判定：--watch 和 --jobs 只用于本机",
    "--watch only reads: --fix, --diff and --write-baseline are for a run of their own": (
        "--watch 只读取：--fix、--diff 和 --write-baseline 请另行运行"
    ),
    "--watch needs files or folders: standard input is read once": "--watch 需要文件或文件夹：标准输入只读一次",
    "--watch needs a package more: {}": "--watch 还需要一个软件包：{}",
    "lsp needs a package more: {}": "lsp 还需要一个软件包：{}",
    "no such baseline: {}; --write-baseline writes it": "没有基线文件 {}；用 --write-baseline 写出",
    "{} cannot be read as a baseline: {}": "{} 不能作为基线读取：{}",
    "--in-place changes the notes themselves: leave out -o, --to and --fragment": (
        "--in-place 改写笔记本身：请去掉 -o、--to 和 --fragment"
    ),
    "--in-place needs Markdown files, and {} is none": "--in-place 需要 Markdown 文件，而 {} 不是",
    "several sources need -o FOLDER": "有多个来源时需要 -o 文件夹",
    "{} would overwrite a source": "{} 会覆盖来源文件",
    "two sources would be written to one file": "两个来源会写入同一文件",
    "{} is a notebook, and only notes are converted: write %%derive in its cells": (
        "{} 是 notebook，只能转换笔记：请在单元格中写 %%derive"
    ),
    "{} is LaTeX, and only Markdown becomes a page: write --to tex": "{} 是 LaTeX，只有 Markdown 能成为网页：请写 --to tex",
    "nothing is written as {}: end OUT in {}, or say --to": "不能写成 {}：OUT 请以 {} 结尾，或给出 --to",
    "--batch takes the formulas from the file": "--batch 从文件读取公式",
    "EXPR and --wrt X are needed (or --batch FILE)": "需要 EXPR 和 --wrt X（或 --batch FILE）",
    "'{}' is no definition: write it as NAME = FORMULA": "“{}”不是定义：请写成 NAME = FORMULA",
    "nothing has the code {}: write one of {}; every report names the codes it is about": (
        "没有代码 {}：请写其中之一：{}；每份报告都写明代码"
    ),
    "unknown rule {}; did you mean {}? `mdderive rules` lists all": "没有法则 {}；是否想写 {}？`mdderive rules` 列出全部",
    "unknown rule {}; `mdderive rules` lists all": "没有法则 {}；`mdderive rules` 列出全部",
    "{} is there already: nothing was written": "{} 已经存在：什么也没有写",
    "{}: [tool.mdderive] is not a table": "{}：[tool.mdderive] 不是表",
    "{}: unknown key {} in [tool.mdderive]; known are {}": "{}：[tool.mdderive] 中没有键 {}；可用的是 {}",
}


class Misuse(click.UsageError):
    """A misuse told in Chinese, with the usage of its command, whose context speaks it."""

    def __init__(self, error: click.UsageError, ctx: click.Context) -> None:
        super().__init__(in_chinese(error.format_message()), ctx)
        with ctx.scope(cleanup=False):
            self.usage = ctx.get_usage()

    def show(self, file: IO[Any] | None = None) -> None:
        """Print what is wrong, and where help is."""
        path = self.ctx.command_path if self.ctx else "mdderive"
        click.echo(f"{self.usage}\n用 '{path} --help' 查看说明。\n\n错误：{self.format_message()}", file=file, err=True)


def in_chinese(message: str) -> str:
    """Return a message in Chinese; as it is where its words are not ours."""
    for english, chinese in ZH.items():
        found = re.fullmatch(re.escape(english).replace(r"\{\}", "(.*?)"), message, re.DOTALL)
        if found:
            return chinese.format(*found.groups())
    return message
