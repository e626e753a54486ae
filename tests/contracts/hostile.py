"""Texts that are small to write and large to work on, each with the codes that are found in it: an answer, or what was too large.

What they cost is shown by `benchmarks/bounds.py`; `site/docs/guide/bounds.md` says where the bounds are.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

GOOD = "```derive\nx: n, y: n\nx^T y = y^T x\n```\n"
TRUE = "\n\nThen $x^T y = y^T x$.\n"
ASKED = r"\frac{\partial a_{%d}}{\partial x} = ?"


@dataclass(frozen=True)
class Case:
    """A text, or a row of `derive --batch`, made when it is needed; `codes` are what it comes to, none where it is answered."""

    codes: str = ""
    text: Callable[[], str] = str
    path: str = "note.md"
    equations: bool = False
    row: Mapping[str, object] = field(default_factory=dict)


def block(*lines: str) -> str:
    return "\n".join(["```derive", *lines, "```", ""])


def defined(n: int, first: str, next_: str) -> list[str]:
    """Return n definitions, each made of the one before, for which `@` stands."""
    return [f"a_{{1}} = {first}", *(f"a_{{{k + 1}}} = {next_.replace('@', f'a_{{{k}}}')}" for k in range(1, n))]


def nested(left: str, right: str, n: int, inner: str = "x") -> str:
    return left * n + inner + right * n


def definitions() -> Iterator[tuple[str, str, list[str]]]:
    yield "doubling sums, 16", "", ["x: scalar", *defined(16, "x + 1", "@ + @"), ASKED % 16]
    yield "doubling products, 16", "", ["x: scalar", *defined(16, "x + 1", "@ @"), ASKED % 16]
    yield "doubling products, 40", "DRV404", ["x: scalar", *defined(40, "x + 1", "@ @"), ASKED % 40]
    yield "doubling products, 300", "DRV409", ["x: scalar", *defined(300, "x + 1", "@ @"), ASKED % 300]
    yield "doubling products, a wrong result", "DRV401", ["x: scalar", *defined(40, "x + 1", "@ @"), ASKED[:-1] % 40 + "3"]
    yield "doubling sums of pieces", "DRV409", ["x: scalar", *defined(14, "x", r"\sin(@ \cos(@))"), ASKED % 14]
    yield (
        "doubling matrices",
        "DRV409",
        ["X: n x n", *defined(16, "X", "@ @"), r"\frac{\partial \operatorname{tr}(a_{16})}{\partial X} = ?"],
    )
    yield "a chain of 100 sines", "", ["x: scalar", *defined(100, "x", r"\sin(@)"), ASKED % 100]
    yield "a chain of 400 sines", "DRV409", ["x: scalar", *defined(400, "x", r"\sin(@)"), ASKED % 400]
    yield "a claim through 400 definitions", "DRV404", ["x: scalar", *defined(400, "x", "@ + 1"), "a_{400} - 2 = x + 397"]
    functions = ["f_{0}(t) = t + 1", *(f"f_{{{k}}}(t) = f_{{{k - 1}}}(t) f_{{{k - 1}}}(t)" for k in range(1, 101))]
    yield "doubling functions", "DRV409", ["x: scalar", *functions, r"\frac{\partial f_{100}(x)}{\partial x} = ?"]


def numbers() -> Iterator[tuple[str, str, list[str]]]:
    yield "X to the 10^9", "DRV404", ["X: n x n", f"X^{{{10**9}}} = X"]
    yield (
        "derivative of X to the 10^9",
        "DRV404",
        ["X: n x n", rf"\frac{{\partial \operatorname{{tr}}(X^{{{10**9}}})}}{{\partial X}} = ?"],
    )
    yield "9^9^9", "DRV404", ["x: scalar", "9^{9^9} x = x"]
    yield "10^10^10", "DRV404", ["x: scalar", "10^{10^{10}} x = 10^{10^{10}} x"]
    yield "a power of a power of a power", "DRV404", ["x: scalar", "x^{((2^{9999})^{9999})^{9999}} = x"]
    yield "300 digits", "DRV404", ["x: scalar", f"x^{{{10**299}}} = x"]
    yield "a million digits", "DRV111", ["x: scalar", f"{'1' * 1_000_000} x = x"]
    yield "500 digits", "DRV215", ["x: scalar", f"{'1' * 500} x = x"]
    yield "A of 100000 x 100000", "DRV409", ["A: 100000 x 100000", "A^T = A"]
    yield "gradient at 100000 x 100000", "DRV409", ["A: 100000 x 100000, x: 100000", r"\frac{\partial x^T A x}{\partial A} = ?"]
    yield "trace of I of 10^9", "DRV409", ["x: scalar", rf"\operatorname{{tr}}(I_{{{10**9}}}) = {10**9}"]
    yield "K of 1000, 1000", "DRV409", ["x: scalar", r"\operatorname{tr}(K_{1000,1000}) = 1000"]
    yield "a sum of 10^9 terms", "DRV409", ["x: scalar", rf"\sum_{{i=1}}^{{{10**9}}} x = {10**9} x"]


def operators() -> Iterator[tuple[str, str, list[str]]]:
    for n, code in ((2, "DRV402"), (5, "DRV404"), (30, "DRV404")):
        yield f"{n} exponentials of a matrix", code, ["X: n x n", nested("e^{", "}", n, "X") + " = X"]
    yield (
        "gradient of 30 exponentials",
        "DRV409",
        ["X: n x n", r"\frac{\partial \operatorname{tr}(" + nested("e^{", "}", 30, "X") + r")}{\partial X} = ?"],
    )
    yield (
        "5 Kronecker factors",
        "DRV409",
        ["X: m x n", r"X \otimes X \otimes X \otimes X \otimes X = X \otimes X \otimes X \otimes X \otimes X"],
    )
    yield (
        "8 Kronecker factors",
        "DRV409",
        ["X: m x n, Y: m x n", r" \otimes ".join("XXXXXXXX") + " = " + r" \otimes ".join("XXXXXXXY")],
    )
    yield "determinant of 8 Kronecker factors", "DRV409", ["X: n x n", r"\det(" + r" \otimes ".join("X" * 8) + ") = 1"]
    yield "a vector of 30 diagonals", "DRV215", ["x: n", nested(r"\operatorname{diag}(\operatorname{vec}(", "))", 30) + " = x"]
    yield (
        "a determinant of 60 rows",
        "DRV111",
        ["x: scalar", r"\det\begin{pmatrix}" + r" \\ ".join([" & ".join("x" * 60)] * 60) + r"\end{pmatrix} = 0"],
    )
    yield (
        "30 roots",
        "DRV402",
        [
            ", ".join(f"x_{{{k}}}" for k in range(30)) + ": scalar, positive",
            " + ".join(rf"\sqrt{{x_{{{k}}}}}" for k in range(30)) + " = 0",
        ],
    )
    yield (
        "30 absolute values",
        "DRV402",
        [", ".join(f"x_{{{k}}}" for k in range(30)) + ": scalar", " + ".join(f"|x_{{{k}}}|" for k in range(30)) + " = 0"],
    )
    yield "30 nested powers", "DRV402", ["x: scalar, y: scalar", nested("(", ")^2", 30, "x + y") + " = x"]
    sums = "".join(rf"\sum_{{{i}=1}}^n " for i in "ijklpqrs") + "x_i x_j x_k x_l x_p x_q x_r x_s"
    yield "8 nested sums", "DRV409", ["x: n", f"{sums} = x^T x"]


def lengths() -> Iterator[tuple[str, str, list[str]]]:
    yield "a sum of 2,000 terms", "", ["x: scalar", " + ".join(["x"] * 2_000) + " = 2000 x"]
    yield "a sum of 20,000 terms", "DRV111", ["x: scalar", " + ".join(["x"] * 20_000) + " = 20000 x"]
    yield "a product of 2,000 matrices", "", ["X: n x n", " ".join(["X"] * 2_000) + " = X^{2000}"]
    yield (
        "gradient of a product of 200 matrices",
        "",
        ["X: n x n", f"f = \\operatorname{{tr}}({' '.join(['X'] * 200)})", r"\frac{\partial f}{\partial X} = ?"],
    )
    yield "200 undeclared matrices", "DRV409", [" ".join(f"A_{{{k}}}" for k in range(200)) + " = B"]
    yield "480 letters", "", [*(f"x_{{{k}}}: n" for k in range(480)), "x_{0}^T x_{1} = x_{1}^T x_{0}"]
    yield "480 premises", "", ["x: n", *(f"given: b_{{{k}}}^T x = 0" for k in range(480)), "x^T x = x^T x"]
    yield "600 statements", "DRV110", ["x: n", *["x^T x = x^T x"] * 600]
    yield "20,000 commas", "DRV111", [", " * 20_000]
    yield "40 primes", "DRV215", ["x: n, \\sigma: elementwise", "\\sigma" + "'" * 40 + "(x) = x"]
    yield "a name of 3,000 marks", "DRV203", ["x" + "_" * 3_000 + " = 1"]
    yield "a font of fonts", "", [nested(r"\mathbf{", "}", 500) + " = x"]
    for name, left, right in (
        *(("braces", "{", "}"), ("parentheses", "(", ")"), ("left and right", r"\left(", r"\right)"), ("roots", r"\sqrt{", "}")),
        *(("fractions", r"\frac{1}{", "}"), ("bare fractions", r"\frac1", ""), ("powers", "x^{", "}"), ("hats", r"\hat{", "}")),
        *(("quotients", "x / ", ""), ("traces", r"\operatorname{tr}(", ")"), ("maxima", r"\max(x, ", ")"), ("minus", "-(", ")")),
    ):
        yield f"300 {name}", "DRV215", ["x: scalar", nested(left, right, 300) + " = x"]


def marks() -> Iterator[tuple[str, str, str]]:
    for name, piece in (
        *(
            ("backticks", "`"),
            ("backticks apart", "` "),
            ("lines of backticks", "`\n"),
            ("comments", "<!--"),
            ("lines of comments", "<!--\n"),
        ),
        *(
            ("quotes", ">"),
            ("stars", "*"),
            ("lists", "* "),
            ("brackets", "["),
            ("boxes", "[x]"),
            ("tildes", "~"),
            ("references", "[a]: b\n"),
        ),
        *(
            ("blanks", " "),
            ("tabs", "\t"),
            ("tags", "<div>"),
            ("pre", "<pre>"),
            ("lines of pre", "<pre>\n"),
            ("dollars", "$"),
            ("braces", "{"),
        ),
    ):
        yield f"20,000 {name}", "", piece * 20_000
    yield "20,000 growing backticks", "", " ".join("`" * (k % 300 + 1) for k in range(130))


CASES: dict[str, Case] = {}
for group in (definitions, numbers, operators, lengths):
    for name, codes, lines in group():
        CASES[name] = Case(codes, lambda lines=lines: block(*lines))
for name, codes, text in marks():
    CASES[f"{name} below a block"] = Case(codes, lambda text=text: f"{GOOD}\n{text}\n")
    CASES[f"{name} above a formula"] = Case(codes, lambda text=text: text + TRUE, equations=True)
    CASES[f"{name} above a formula in LaTeX"] = Case(codes, lambda text=text: text + TRUE, "note.tex", equations=True)
for name, piece in (
    *(("formulas", "$x = x$ "), (r"\[", r"\["), (r"\(", r"\("), ("environments", r"\begin{align} "), ("displays", "$$ ")),
    *(("directives", "<!-- mdderive: X: m x n -->\n"), ("open directives", "<!-- mdderive: X: m x n"), ("letters", "x, ")),
    *(("sentences", "Let $x$ be a vector. "), ("conditions", "If $x = y$ then $y = x$. "), ("rows", "| $x$ | $x = x$ |\n")),
):
    CASES[f"300 {name} of a note"] = Case("", lambda piece=piece: piece * 300 + TRUE, equations=True)
CASES |= {
    "20,000 derive fences": Case("DRV101", lambda: GOOD + "```derive\n" * 20_000),
    "20,000 options": Case("DRV107", lambda: "```derive " + 'title="a" ' * 20_000 + "\nx: n\nx = x\n```\n"),
    "20,000 LaTeX options": Case("DRV101", lambda: r"\begin{derive}[" * 20_000, "note.tex"),
    "20,000 LaTeX comments": Case("", lambda: "\\begin{comment}\n\\begin{derive}\n" * 20_000, "note.tex"),
    "1,000 blocks": Case("", lambda: GOOD * 1_000),
    "50 MB in a line, equations": Case("DRV150", lambda: "$x$ words " * 5_000_000, equations=True),
    "50 MB in a line above a block": Case("DRV150", lambda: "words " * 8_000_000 + "\n\n" + GOOD),
    "50 MB in a line, no block": Case("", lambda: "words " * 8_000_000),
    "50 MB in lines above a block": Case("DRV150", lambda: "words\n" * 8_000_000 + GOOD),
    "50 MB of a statement": Case("DRV150", lambda: block("x + " * 12_500_000 + "x = x")),
    "a formula of 20,000 characters": Case("DRV134", lambda: f"$${'x + ' * 5_000}x = x$$\n", equations=True),
    "a chain of 500 sides": Case("", lambda: f"$${' = '.join(f'x_{{{k}}}' for k in range(500))}$$", equations=True),
    "200 doubling definitions": Case("", lambda: "".join(f"$a_{{{k + 1}}} = a_{k} a_{k}$. " for k in range(200)), equations=True),
    "a row of doubling definitions": Case(
        "DRV409",
        row={
            "let": ["X: n x n"],
            "where": {"Y_0": "X X"} | {f"Y_{{{k + 1}}}": f"Y_{{{k}}} Y_{{{k}}}" for k in range(40)},
            "f": r"\operatorname{tr}(Y_{40})",
            "wrt": "X",
        },
    ),
    "a row with a power of 10^9": Case(row={"let": ["X: n x n"], "f": r"\operatorname{tr}(X^{1000000000})", "wrt": "X"}),
    "a row with 8 Kronecker factors": Case(
        row={"let": ["X: n x n"], "f": r"\operatorname{tr}(" + r" \otimes ".join("X" * 8) + ")", "wrt": "X"}
    ),
    "a row with 5,000 letters": Case(
        "DRV110", row={"let": [f"x_{{{k}}}: n" for k in range(5_000)], "f": "x_{0}^T x_{1}", "wrt": "x_{0}"}
    ),
}
