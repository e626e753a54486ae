"""Help in the language that was asked for: commands and options whose words are looked up as they are printed.

The English words stand where a command is declared and are the keys of its Chinese ones.
"""

import copy
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import click

from mdderive.model.diagnostics import Language
from mdderive.model.results import CHOICES

LANG = "mdderive.lang"

ZH: Mapping[str, str] = {
    "Derive and verify matrix calculus in Markdown and LaTeX notes.": "推导并验证 Markdown 与 LaTeX 笔记中的矩阵微积分。",
    "Write notes with every derive block replaced by its derivation.": (
        "写出笔记，其中每个推导块换成它的推导过程。\n\n"
        "写成 md 时，块外的文字逐字节不变；写成 html 或 tex 时，整篇笔记成为可单独使用的网页或文档。若有任何错误，则什么也不写。"
    ),
    "Form of what is written [default: as OUT ends, else tex for .tex, md for others].": (
        "写出的形式 [默认：按 OUT 的后缀，否则 .tex 为 tex，其余为 md]。"
    ),
    "Write what stands inside of a page or document, not all of it.": "只写网页或文档的正文部分。",
    "Write each derivation below its block, between two comments, and renew it there.": (
        "把每个推导写在它的块下方的两条注释之间，再次运行时更新。"
    ),
    "Verify the derive blocks of files and folders, with --equations all formulas.": (
        "验证文件和文件夹中的推导块；加 --equations 则验证全部公式。\n\n不给 PATH 时检查当前文件夹；`-` 表示标准输入。"
    ),
    "Derive ∂EXPR/∂X, every step named and verified.": "推导 ∂EXPR/∂X，每一步都有名称并经过验证。",
    "Say what a code of a finding means, or the reason of a row.": "说明某个代码或理由的含义。",
    "List the rules, or show one with its proof.": "列出法则，或给出一条法则及其证明。",
    "Write a first note to start from, with --mkdocs a site that builds.": (
        "写一篇可供入门的笔记；加 --mkdocs 则写一个可直接构建的站点。"
    ),
    "Serve an editor: notes are checked while they are written.": "为编辑器服务：边写边检查笔记。",
    "Language of the words.": "所用语言。",
    "Layout of derivatives.": "导数的布局。",
    "How much of a derivation is shown.": "推导过程的详略。",
    r"What \exp(X) means for square X.": r"方阵 X 的 \exp(X) 的含义。",
    "Where the result of a derivation stands.": "推导结果的位置。",
    "File to write, or folder when there are several sources.": "要写的文件；有多个来源时为文件夹。",
    "Form of the derivations [default: tex for .tex, else md].": "推导的形式 [默认：.tex 用 tex，其余用 md]。",
    "Judge the formulas outside derive blocks too.": "也判定推导块之外的公式。",
    "With --equations, print declarations that would let more be judged.": "与 --equations 同用：给出有助于判定的声明。",
    "Tell what was understood at a line, and check nothing else.": "说明对某一行的理解，不作其他检查。",
    "Say of every formula that was not judged why.": "对每个未判定的公式说明理由。",
    "Form of the report [default: full].": "报告的形式 [默认：full]。",
    "Colour the report.": "报告是否着色。",
    "Tell only what the file F, written earlier, does not know.": "只报告先前写好的文件 F 中没有的问题。",
    "Write what is found now to the file of --baseline.": "把现在发现的问题写入 --baseline 的文件。",
    "Write what would be right in place of what is wrong, where that is known, and check again.": (
        "在已知正确写法之处改正错误，并重新检查。"
    ),
    "Show what --fix would change, and change nothing.": "显示 --fix 将作的改动，但不改动。",
    "Check again whatever changes, until Ctrl-C.": "有改动时重新检查，直到按 Ctrl-C。",
    "Count the findings by code.": "按代码统计。",
    "Exit 1 also where something could not be decided.": "有未能判定之处也以 1 退出。",
    "Exit 0 also where something is wrong.": "即使有错误也以 0 退出。",
    "Judge in so many processes.": "用这么多个进程判定。",
    "Judge by the workers of the dask cluster at ADDRESS.": "由位于 ADDRESS 的 dask 集群的工作进程判定。",
    "Judge everything, and keep nothing for later runs.": "全部重新判定，且不为以后的运行保留结果。",
    "Tell what is kept of earlier runs, or throw it away.": "说明保留了哪些先前的结果，或将其清除。",
    "Say where the cache is and how much it holds.": "说明缓存的位置与大小。",
    "Throw everything away that is kept.": "清除保留的全部结果。",
    "Judge at more points and sizes.": "在更多的点和尺寸上判定。",
    "Seed of the random points [default: 0].": "随机点的种子 [默认：0]。",
    "Name of standard input in the report.": "标准输入在报告中的名称。",
    "The variable.": "自变量。",
    'A declaration, such as "X: m x n, symmetric".': "声明，如 “X: m x n, symmetric”。",
    'A definition, such as "Y = A X B".': "定义，如 “Y = A X B”。",
    r'A premise, such as "\mathbf{1}^T y = 1".': r"前提，如 “\mathbf{1}^T y = 1”。",
    "First or second derivative.": "一阶或二阶导数。",
    "Form of the answer.": "答案的形式。",
    "Answer JSON lines, one row out for each row in; `-` is standard input.": "逐行回答 JSON，每行一个答案；`-` 表示标准输入。",
    "List the operators and functions that can be written in notes.": "列出笔记中可用的运算和函数。",
    "Also write a site for MkDocs around the note.": "同时写出包含该笔记的 MkDocs 站点。",
    "Show the version and exit.": "显示版本并退出。",
    "Show this message and exit.": "显示此说明并退出。",
    "Options": "选项",
    "Commands": "命令",
    "Usage: ": "用法：",
}


def spoken(ctx: click.Context | None = None) -> Language:
    """Return the language that the command line, or the project where it is called, asks for."""
    from mdderive.cli.config import ConfigError, configured

    ctx = ctx or click.get_current_context(silent=True)
    if ctx and LANG in ctx.meta:
        chosen: Language = ctx.meta[LANG]
        return chosen
    try:
        return configured().settings.lang
    except ConfigError:
        return "en"  # the command that is called says what is wrong with the file


def said(text: str) -> str:
    """Return a text of the help in the language that was asked for; it is known by its first paragraph."""
    return ZH.get(text.partition("\n\n")[0], text) if spoken() == "zh" else text


class _Formatter(click.HelpFormatter):
    """Writes headings in the language that was asked for."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, said(prefix or "Usage: "))

    def write_heading(self, heading: str) -> None:
        super().write_heading(said(heading))


class SpokenContext(click.Context):
    """A context whose help is spoken."""

    formatter_class = _Formatter


class Option(click.Option):
    """An option whose help is spoken."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option and its help."""
        shown = copy.copy(self)
        shown.help = said(self.help or "")
        return click.Option.get_help_record(shown, ctx)


class _Spoken(click.Command):
    context_class = SpokenContext

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; the language counts for the help too, wherever it stands."""
        for here, there in pairwise([*args, ""]):
            name, _, value = here.partition("=")
            if name == "--lang" and (value or there) in CHOICES["lang"]:
                ctx.meta[LANG] = value or there
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx  # which an option without its value does not name
            raise

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        shown = copy.copy(self)
        shown.help = said(self.help or "")
        super(_Spoken, shown).format_help_text(ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the first sentence on the command."""
        return said(self.help or "").partition("\n")[0][: 2 * limit]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the option `--help`."""
        found = super().get_help_option(ctx)
        return found and Option([*found.opts], **_asking_for_help(found))


def _asking_for_help(option: click.Option) -> dict[str, Any]:
    return {"is_flag": True, "is_eager": True, "expose_value": False, "callback": option.callback, "help": option.help}


class SpokenCommand(_Spoken):
    """A command whose help is spoken."""


class SpokenGroup(_Spoken, click.Group):
    """The command line, with commands whose help is spoken, and what is said of a misuse too."""

    command_class = SpokenCommand

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Read the command line; what is wrong with it is spoken."""
        with _misuse_told():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what is wrong with its options is spoken."""
        with _misuse_told():
            return super().invoke(ctx)


@contextmanager
def _misuse_told() -> Iterator[None]:
    try:
        yield
    except click.UsageError as error:
        if error.ctx is None or spoken(error.ctx) == "en":
            raise
        from mdderive.cli.misuse import Misuse  # lazily: for what seldom happens

        raise Misuse(error, error.ctx) from None
