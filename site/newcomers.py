"""The page of lines as who begins writes them: what is said of each and what happens, as mdderive says and does it.

Nothing of it is written by hand but the lines: each stands in its block when the site is built.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import mdderive
from mdderive import Document, Settings
from mdderive.model.diagnostics import Language

_HEAD: Mapping[Language, tuple[str, ...]] = {
    "en": (
        "Lines as people write them",
        "A line of a block need not be spelled as LaTeX wants it. Most spellings below are read as they stand; the others are "
        "answered with the line to write, which `mdderive check --fix` writes where it is certain. Each line was tried when this "
        "page was made.",
        "| line | what is said | what happens |",
    ),
    "zh": (
        "各种写法",
        "块中的一行不必完全按 LaTeX 书写。下面的写法大多可直接读取；其余的会得到应写的那一行，"
        "在确定时 `mdderive check --fix` 会写入。"
        "生成本页时每一行都经过尝试。",
        "| 写法 | 提示 | 结果 |",
    ),
}
_HAPPENS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "read": "read",
        "derived": "derived",
        "fixed": "refused; `--fix` writes it",
        "refused": "refused",
        "wrong": "called wrong",
        "warned": "read, with a warning",
        "inferred": "taken for what fits: ",
        "nothing": "—",
    },
    "zh": {
        "read": "可读取",
        "derived": "已推导",
        "fixed": "不接受；`--fix` 会写入",
        "refused": "不接受",
        "wrong": "判为错误",
        "warned": "可读取，有警告",
        "inferred": "取合适的形状：",
        "nothing": "—",
    },
}
_SAID = re.compile(r"^(?:error|warning|错误|警告)\[\w+\][:：]\s*(.*)|^ *= (?:help|建议)[:：]\s*(.*)", re.MULTILINE)
_INFERRED: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(r"inferred from use: (.*)\."),
    "zh": re.compile(r"推断：(.*)。"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line, with what stands above and below it in its block."""

    text: str
    above: str = ""
    below: str = ""


_LINEAR = "f = a^T X b\n\\nabla_X f = ?"
_SQUARE = "f = x^T A x\n\\nabla_x f = ?"
_XA = "x: n, A: n x n"
_ABX = "a: m, X: m x n, b: n"
GROUPS: Mapping[str, tuple[Line, ...]] = {
    "Declarations": (
        *(
            Line(text, "a: m, b: n", _LINEAR)
            for text in (
                "X in R^{m x n}",
                r"X \in R^{m x n}",
                "X ∈ ℝᵐˣⁿ",
                "let X be m x n",
                "X is an m x n matrix",
                "m x n matrix X",
                "X: (m, n)",
                "X: m×n",
                "X: matrix",
                "X: m x n # the data",
                "X: m x n.",
            )
        ),
        Line("X is m x n and y is m", "", "f = y^T X X^T y\n\\nabla_X f = ?"),
        Line("lambda: scalar", _XA, "f = \\lambda x^T A x\n\\nabla_x f = ?"),
        Line("X 是 m×n 矩阵，y 是 m 维向量", "", "f = y^T X X^T y\n\\nabla_X f = ?"),
        Line("X: m x n, m >= n", "", "f = \\log\\det(X^T X)\n\\nabla_X f = ?"),
        Line("A: n x n symmetric", "x: n", _SQUARE),
        Line("A is symmetric", "x: n", _SQUARE),
        Line("W > 0", "W: n x n", "f = \\log\\det W\n\\nabla_W f = ?"),
        Line("λ: scalar", _XA, "f = λ x^T A x\n\\nabla_x f = ?"),
    ),
    "Definitions": (
        *(
            Line(text, _ABX, "\\nabla_X f = ?")
            for text in ("f = aᵀ X b", "f = a^\\text{T} X b", "f(X) = a^T X b", "f == a^T X b")
        ),
        *(
            Line(text, _ABX, "\\nabla_X f = ?")
            for text in ("$f = a^T X b$", "let f = a^T X b", "f = a.T @ X @ b", "f = a^T （X b）")
        ),
        *(Line(text, _XA, "\\nabla_x f = ?") for text in ("f = x'*A*x", "f = dot(x, A, x)", "f = <x, A x>", "f = ||x||^2")),
        *(
            Line(text, _XA, "\\nabla_x f = ?")
            for text in (
                "f = x^T A x / x^T x",
                "f = sum(x)",
                "f = lambda x^T x",
                "f = sum_i x_i^2",
                "f = np.linalg.norm(A @ x)**2",
                "f = |x|^2",
            )
        ),
        *(
            Line(text, "A: n x n, B: n x n", "\\nabla_A f = ?")
            for text in ("f = logdet(A)", "f = tr(A^-1)", "f = tr(A * B)", "f = trace(A B)")
        ),
        Line(r"y = \mathbf{1} - x^2", "x: n"),
        Line(r"f = (x-\mu)^T \Sigma^{-1} (x-\mu) + \log\det \Sigma", "", r"\nabla_\Sigma f = ?"),
        Line(r"f = \|y - X \beta\|^2 + \lambda \|\beta\|^2", "", r"\nabla_\beta f = ?"),
    ),
    "Goals and claims": (
        *(
            Line(text, _ABX + "\nf = a^T X b")
            for text in (
                "∂f/∂X = ?",
                "∂f/∂X = ？",
                "df/dX = …",
                "df/dX = a b^T",
                "d/dX f = ?",
                "grad f = ?",
                "find df/dX",
                "∂f/∂X",
                "∂f/∂X ?",
            )
        ),
        *(
            Line(text, _XA + "\nf = x^T A x")
            for text in (r"\nabla^2_x f = ?", "d^2f/dx^2 = ?", "H = ?", "D f(x)[h] = h^T (A + A^T) x", r"\nabla_x f = 2 A x")
        ),
        Line("df = x^T (A+A^T) dx", "f = x^T A x"),
        Line("A = A^T", "A: n x n"),
    ),
}
_TITLES: Mapping[str, str] = {"Declarations": "声明", "Definitions": "定义", "Goals and claims": "目标与断言"}


def newcomers_page(lang: Language = "en") -> str:
    """Return the page."""
    title, opening, head = _HEAD[lang]
    parts = [f"# {title}", opening]
    for group, lines in GROUPS.items():
        rows = [f"| <code>{_cell(line.text)}</code> | {' | '.join(told(line, lang))} |" for line in lines]
        parts += [f"## {_TITLES[group] if lang == 'zh' else group}", "\n".join([head, "|---|---|---|", *rows])]
    return "\n\n".join(parts) + "\n"


def tried(line: Line, lang: Language = "en") -> Document:
    """Return what the block of a line comes to."""
    block = "\n".join(filter(None, ["```derive", line.above, line.text, line.below, "```"]))
    return mdderive.check(block + "\n", settings=Settings(lang=lang))


def told(line: Line, lang: Language = "en") -> Iterator[str]:
    """Yield what is said of a line, and what happens to it."""
    document, words = tried(line, lang), _HAPPENS[lang]
    report = mdderive.report([document], lang=lang)
    said = ["".join(found.groups("")).strip() for found in _SAID.finditer(report)]
    said += [f"{words['inferred']}{shapes}" for shapes in _INFERRED[lang].findall(mdderive.convert(document, "text"))]
    yield "<br>".join(map(_cell, dict.fromkeys(said))) or words["nothing"]
    errors = [finding for finding in document.findings if finding.severity == "error"]
    if errors:
        wrong = errors[0].code in ("DRV401", "DRV402")
        yield words["wrong" if wrong else "fixed" if mdderive.fixes(document) else "refused"]
    elif document.findings:
        yield words["warned"]
    elif any(entry.statement.strip() == line.text for entry in document.derivations):
        yield words["derived"]
    else:
        yield words["read"]


def _cell(text: str) -> str:
    """Return a text for the cell of a table, of which Markdown reads nothing."""
    return re.sub(r"[^\w\s.,:;=/—。，：；（）“”]|_", lambda sign: f"&#{ord(sign[0])};", text)
