"""Lines as programs and plain text spell them, in Python, Matlab, Julia, words or by hand, to the spelling of a block.

A program is told by a mark that LaTeX has not: `X.T`, `@`, `.*`, `**`, `np.`, a prime before a product sign. Its text becomes a
tree and is not run. What is offered is a spelling only: it is read and judged like any other once it is written.
"""

import ast
import re
from collections.abc import Callable, Mapping

from mdderive.latex.notation import LOWER_GREEK, UPPER_GREEK

LONGEST = 300
_ENTRY = r"-?\d+(?:\.\d+)?"
_ENTRIES = rf"{_ENTRY}(?:(?:\s*,\s*|\s+){_ENTRY})+"  # of a row of a matrix of numbers
_PYTHON = re.compile(r"[\w)\]]\.(?:T\b|transpose\(\))|@|\*\*|\b(?:np|numpy|jnp|torch)\.")
_CALLS = re.compile(r"(?<![\\\w{])(?:norm|dot|matmul|kron|slogdet|transpose)\(")
_BESIDE = re.compile(r"(?<=[\w)])\s+(?=[A-Za-z(])")  # factors that stand side by side, as on paper
_MATLAB = re.compile(r"\.[*/^]|[\w)\]]\.?'\s*(?:\.?\*|$)")
# Matlab's signs as Python's, whose `*`, `/` and `**` go by entries too
_SIGNS = (
    (re.compile(r"(?<=[\w)\]])\.?'"), ".T"),
    (re.compile(r"(?<!\.)\*"), "@"),
    (re.compile(r"\.\*"), "*"),
    (re.compile(r"\./"), "/"),
    (re.compile(r"(?<!\.)\^"), "**~"),
    (re.compile(r"\.\^"), "**"),
)
_PLAIN = (
    (re.compile(r"\$+\s*(.*?)\s*\$+"), r"\1"),
    (re.compile(r"d\s*([A-Za-z])\s*/\s*d\s*([A-Za-z])(?![A-Za-z])(.*)"), r"\\frac{d\1}{d\2}\3"),
    (re.compile(r"d\s*/\s*d\s*([A-Za-z])(?![A-Za-z])(.*)"), r"\\frac{d}{d\1}\2"),
    (
        re.compile(r"(?:d|∂)\s*(?:\^\s*\{?2\}?|²)\s*([A-Za-z])\s*/\s*(?:d|∂)\s*([A-Za-z])\s*(?:\^\s*\{?2\}?|²)(.*)"),
        r"\\frac{\\partial^2 \1}{\\partial \2 \\partial \2^T}\3",
    ),
    (re.compile(r"grad(_[A-Za-z])?\s*\(?\s*([A-Za-z])(?![A-Za-z])\)?(.*)"), r"\\nabla\1 \2\3"),
)
GREEK = frozenset(name.removeprefix("\\") for name in LOWER_GREEK | UPPER_GREEK)
_SPELT_OUT = "|".join(sorted((name for name in GREEK if len(name) >= 4), key=len, reverse=True))  # no one means s i g m a
# Parts of a formula that are spelled so in plain text alone
_PIECES: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(rf"(?<![\\\w{{])({_SPELT_OUT})(?![A-Za-z])"), r"\\\1"),
    (re.compile(r"(?<![\\\w{])(sum|prod)(?=_)"), r"\\\1"),
    (re.compile(rf"\[\s*({_ENTRIES}(?:\s*;\s*{_ENTRIES})+)\s*\]"), lambda found: _grid(found[1])),
    (re.compile(r"\^\s*-\s*(\d+|T(?![A-Za-z]))"), r"^{-\1}"),
    (re.compile(r"^([^=]*[^=\s])\s*=\s*(?:…|\.\.\.|\\[lc]?dots|_+|[?？]{2,})$"), r"\1 = ?"),
    (re.compile(r"^([^=]*[^=\s?？])\s*[?？]+$"), r"\1 = ?"),
)
_FIRST_WORD = re.compile(r"(?P<word>[A-Za-z]{3,})(?:\s+the)?:?\s+(?P<rest>\S.*)")
_REMARK = re.compile(r"(?P<stated>(?:.*?\S)?(?:^|\s))\s*(?:#+|//+)\s+(?P<said>\S.*)")
_NAMES: Mapping[str, str] = {
    "trace": r"\operatorname{tr}",
    "tr": r"\operatorname{tr}",
    "diag": r"\operatorname{diag}",
    "abs": r"\operatorname{abs}",
    "kron": r"\otimes",
    "slogdet": r"\log\det",
    "logdet": r"\log\det",
    **{name: rf"\{name}" for name in ("det", "log", "exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "sqrt")},
}
_NUMBERS = frozenset({"norm", "det", "trace", "tr", "sum"})
_SUM, _PRODUCT, _POWER = range(3)


class _Unknown(Exception):
    """Something that has no spelling here."""


def translated(line: str) -> str:
    """Return a formula of a program or of plain text as LaTeX; empty for one that is spelled as it is read, or not known here."""
    if len(line) > LONGEST:
        return ""
    plain = _plain(line)
    return _program(plain) or (plain if plain != line else "")


def remarked(line: str) -> tuple[int, str] | None:
    """Return where the remark of a program begins in a line, and the line with it as a comment of a block."""
    found = _REMARK.fullmatch(line)
    return (len(found["stated"].rstrip()), f"{found['stated'].rstrip()}  % {found['said']}".strip()) if found else None


def _plain(line: str) -> str:
    """Return a formula without the words in front of it, and with what plain text spells in its own way as LaTeX."""
    found = _FIRST_WORD.fullmatch(line)
    if found and (formula := _said_of(found["word"].lower(), found["rest"])):
        return _plain(formula)
    for pattern, latex in _PIECES:
        line = pattern.sub(latex, line)
    for pattern, latex in _PLAIN:
        if found := pattern.fullmatch(line):
            return found.expand(latex)
    return line


def _said_of(word: str, rest: str) -> str:
    """Return the formula behind a word that asks for it or presents it; empty behind another word."""
    from mdderive.reading.lexicon import spellings  # lazily: few formulas begin with a word

    if word in spellings("seek"):
        return rest if re.search("[=?]", rest) else f"{rest} = ?"
    return rest if "=" in rest and word in spellings("let", "suppose", "where", "claim", "then") else ""


def _grid(rows: str) -> str:
    """Return a matrix of numbers, with semicolons between its rows, as LaTeX."""
    lines = (" & ".join(re.findall(_ENTRY, row)) for row in rows.split(";"))
    return r"\begin{bmatrix} " + r" \\ ".join(lines) + r" \end{bmatrix}"


def _program(line: str) -> str:
    """Return a formula of a program as LaTeX; empty for what is no program, or holds what has no spelling here."""
    if not (_PYTHON.search(line) or _MATLAB.search(line) or _CALLS.search(line)):
        return ""
    if not _PYTHON.search(line):
        for sign, python in _SIGNS:
            line = sign.sub(python, line)
    line = _BESIDE.sub(" @ ", line)
    try:
        return _statement(ast.parse(line.strip()).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError, _Unknown):
        return ""


def _statement(body: list[ast.stmt]) -> str:
    match body:
        case [ast.Assign(targets=[target], value=value)]:
            return f"{_latex(target)} = {_latex(value)}"
        case [ast.Expr(value=ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]))]:
            return f"{_latex(left)} = {_latex(right)}"
        case [ast.Expr(value=value)]:
            return _latex(value)
    raise _Unknown


def _latex(node: ast.expr, least: int = _SUM) -> str:
    """Return an expression, in parentheses where it binds less than `least`."""
    text, binds = _bound(node)
    return text if binds >= least else f"({text})"


def _bound(node: ast.expr) -> tuple[str, int]:
    """Return an expression and how much it binds."""
    match node:
        case ast.Name(id=name):
            return _letter(name), _POWER
        case ast.Constant(value=int() | float() as number):
            return str(number), _POWER
        case ast.Attribute(value=inner, attr="T") | ast.Call(func=ast.Attribute(value=inner, attr="transpose"), args=[]):
            return f"{_latex(inner, _POWER)}^T", _POWER
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return f"-{_latex(inner, _PRODUCT)}", _SUM
        case ast.BinOp(left=left, op=op, right=right):
            return _binary(op, left, right)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args):
            return _call(name, args)
    raise _Unknown


def _letter(name: str) -> str:
    """Return a name as a letter: itself, a Greek one, one with an index, a differential."""
    stem, _, index = name.partition("_")
    if len(stem) > 1 and stem not in GREEK and not (len(stem) == 2 and stem[0] == "d"):
        raise _Unknown
    return ("\\" if stem in GREEK else "") + stem + (f"_{{{index}}}" if index else "")


def _number(node: ast.expr) -> bool:
    """Tell whether a factor is a number by its looks: a constant, a Greek letter in lower case, a norm."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _NUMBERS:
            return True
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id in GREEK and node.id.islower())


def _binary(op: ast.operator, left: ast.expr, right: ast.expr) -> tuple[str, int]:
    match op:
        case ast.Add() | ast.Sub():
            sign = "+" if isinstance(op, ast.Add) else "-"
            return f"{_latex(left)} {sign} {_latex(right, _PRODUCT)}", _SUM
        case ast.Mult() if not any(map(_number, (left, right))):
            return rf"{_latex(left, _PRODUCT)} \odot {_latex(right, _POWER)}", _PRODUCT
        case ast.MatMult() | ast.Mult():
            return f"{_latex(left, _PRODUCT)} {_latex(right, _POWER)}", _PRODUCT
        case ast.Div():
            return rf"\frac{{{_latex(left)}}}{{{_latex(right)}}}", _POWER
        case ast.Pow():
            power = right.operand if isinstance(right, ast.UnaryOp) and isinstance(right.op, ast.Invert) else None
            raised = _latex(power or right) if power or _number(left) else rf"\odot {_latex(right)}"
            return f"{_latex(left, _POWER)}^{{{raised}}}", _POWER
    raise _Unknown


def _call(name: str, args: list[ast.expr]) -> tuple[str, int]:
    match name, args:
        case "inv", [inner]:
            return f"{_latex(inner, _POWER)}^{{-1}}", _POWER
        case "norm", [inner]:
            return rf"\|{_latex(inner)}\|", _POWER
        case "norm", [inner, ast.Constant(value=2 | "fro" as kind)]:
            return rf"\|{_latex(inner)}\|_{'F' if kind == 'fro' else kind}", _POWER
        case "sum", [inner]:
            return rf"\operatorname{{sum}}({_latex(inner)})", _POWER
        case "dot", [ast.Name(id=left_name) as left, right] if left_name.islower():
            return f"{_latex(left, _POWER)}^T {_latex(right, _POWER)}", _PRODUCT
        case "dot", [left, middle, right]:
            return f"{_latex(left, _POWER)}^T {_latex(middle, _POWER)} {_latex(right, _POWER)}", _PRODUCT
        case "transpose", [inner]:
            return f"{_latex(inner, _POWER)}^T", _POWER
        case "dot" | "matmul", [left, right]:
            return f"{_latex(left, _PRODUCT)} {_latex(right, _POWER)}", _PRODUCT
        case "kron", [left, right]:
            return rf"{_latex(left, _PRODUCT)} \otimes {_latex(right, _POWER)}", _PRODUCT
        case _, [inner] if name in _NAMES:
            return f"{_NAMES[name]}({_latex(inner)})", _POWER
    raise _Unknown
