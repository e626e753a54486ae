"""Random formulas through the reader of blocks and `derive --batch`: whatever is written is answered or refused by a code.

    python benchmarks/fuzz.py [--seed N] [--count N]

Prints every formula that ends in an internal error (DRV901) or a traceback, or takes longer than two seconds of the processor,
and how the others ended.
"""

import argparse
import random
import re
from collections import Counter
from time import process_time

from mdderive.check.pipeline import check
from mdderive.model import operators
from mdderive.model.functions import FUNCTIONS
from mdderive.output.rows import derive_row

DECLARED = (
    "A, B: n x n",
    "X: m x n",
    "S: n x n, symmetric",
    "P: n x n, positive definite",
    "D: n x n, diagonal",
    "Q: n x n, orthogonal",
    "x, y: n",
    "u: m",
    r"a, b, t, \alpha: scalar",
    "p: scalar, integer",
    r"\sigma: elementwise",
)
SCALARS = ("a", "b", "t", r"\alpha", "p", "n", "m", "2", "0", "1", r"\frac12", "k", "-1", "j", "e", r"\pi", "10")
COLUMNS = ("x", "y", "u", r"\mathbf{1}", r"\mathbf{1}_n", "0", "z", "x_i", "e_1")
MATRICES = ("A", "B", "X", "S", "P", "D", "Q", "I", "I_n", "Z", "0", "K_{n,n}")
FUNCTION = (*(row.latex for row in FUNCTIONS.values()), r"\sigma", r"\sigma'", r"\sigma''", "f", "g")
OPERATORS = (
    *dict.fromkeys(row.names[0] for row in operators.OPERATORS.values() if row.names),
    r"\operatorname{logsumexp}",
    r"\operatorname{sum}",
    r"\operatorname{etr}",
)
SCRIPTS = ("^2", "^3", "^{-1}", "^T", "^{-T}", "^k", "^{j}", "^{1/2}", "^p", "^0", "^*", "_1", "_{ij}")
VARIABLES = ("x", "X", "A", "S", "P", "D", "Q", "t", r"\alpha", "a", "p", "u", "y", "z", "k")


class Formulas:
    """Random formulas of a seed; most of them have shapes that fit."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def of(self, depth: int, kind: str = "") -> str:
        """Return a formula of a kind: s a scalar, v a column, m a square matrix; now and then of another one."""
        pick = self.random.choice
        kind = pick("svm") if not kind or self.random.random() < 0.03 else kind
        if depth <= 0:
            return pick({"s": SCALARS, "v": COLUMNS, "m": MATRICES}[kind])
        inner = lambda k=kind: self.of(depth - 1 - (self.random.random() < 0.4), k)  # noqa: E731
        common = (
            lambda: f"{inner()} {pick('+-')} {inner()}",
            lambda: rf"{pick(FUNCTION)}({inner()})",
            lambda: rf"({inner()}) \odot ({inner()})",
            lambda: rf"({inner()})^{{\odot {inner('s')}}}",
            lambda: rf"({inner()}) \oslash ({inner()})",
            lambda: rf"\max({inner()}, {inner()})",
            lambda: rf"\{pick(('underbrace', 'boxed', 'sqrt'))}{{{inner()}}}",
            lambda: f"{inner('s')} ({inner()})",
            lambda: rf"\frac{{{inner()}}}{{{inner('s')}}}",
            lambda: rf"\sum_{{i=1}}^{{{pick('nm3')}}} ({inner()})",
            lambda: f"d({inner()})",
            lambda: f"({inner()}){pick(SCRIPTS)}",
        )
        own = {
            "s": (
                lambda: f"({inner('v')})^T ({inner('v')})",
                lambda: rf"{pick(OPERATORS)}({inner('m')})",
                lambda: rf"\|{inner(pick('vm'))}\|{pick(('', '^2', '_1', '_F', '_2', '_3', '_p', '_{1.5}'))}",
                lambda: f"|{inner(pick('sm'))}|",
                lambda: rf"\langle {inner('v')}, {inner('v')} \rangle",
                lambda: rf"\max({inner('v')})",
                lambda: f"({inner('s')})^{{{inner('s')}}}",
                lambda: f"({inner('v')})_{pick(('1', 'i', '{n}'))}",
            ),
            "v": (
                lambda: f"({inner('m')}) ({inner('v')})",
                lambda: rf"\operatorname{{diag}}({inner('m')})",
                lambda: rf"\operatorname{{softmax}}({inner('v')})",
                lambda: rf"\operatorname{{vec}}({inner('m')})",
                lambda: rf"\nabla_{pick('xyu')} ({inner('s')})",
            ),
            "m": (
                lambda: f"({inner('m')}) ({inner('m')})",
                lambda: f"({inner('v')}) ({inner('v')})^T",
                lambda: rf"\operatorname{{diag}}({inner('v')})",
                lambda: rf"({inner('m')}) \otimes ({inner('m')})",
                lambda: f"e^{{{inner('m')}}}",
                lambda: f"({inner('m')})^{{{inner('s')}}}",
                lambda: rf"\operatorname{{adj}}({inner('m')})",
                lambda: rf"\begin{{bmatrix}} {inner('s')} & {inner('s')} \\ {inner('s')} & {inner('s')} \end{{bmatrix}}",
                lambda: rf"\frac{{\partial {pick('fxX')}}}{{\partial {pick(VARIABLES)}}}",
            ),
        }[kind]
        return pick(common if self.random.random() < 0.45 else own)()

    def row(self) -> dict[str, object]:
        """Return a row of `derive --batch`; what it declares is what it uses."""
        pick = self.random.choice
        f, wrt = self.of(self.random.randint(1, 3)), pick(VARIABLES)
        where = {pick(("j", "z", "k", "Z", "g(t)", "i", "y")): self.of(1)} if self.random.random() < 0.2 else {}
        used = set(re.findall(r"\\[A-Za-z]+|[A-Za-z]", " ".join((f, wrt, *where.values()))))
        let = []
        for line in DECLARED:
            names, _, rest = line.partition(":")
            let += [f"{n.strip()}:{rest}" for n in names.split(",") if n.strip() in used]
        return {
            "let": let,
            "where": where,
            "f": f,
            "wrt": wrt,
            "order": pick((1, 1, 1, 2)),
            "functions": pick(("elementwise", "elementwise", "matrix")),
            "layout": pick(("denominator", "denominator", "numerator", "block")),
        }

    def block(self) -> str:
        """Return a derive block of a claim, a chain or a goal."""
        pick, depth = self.random.choice, self.random.randint(1, 3)
        kind = pick("svm")
        left, right = self.of(depth, kind), self.of(depth, kind)
        head = [line for line in DECLARED if self.random.random() < 0.9]
        if self.random.random() < 0.2:
            head.append(f"given: {self.of(1, kind)} = {self.of(1, kind)}")
        if self.random.random() < 0.3:
            head.append(f"{pick(('z', 'Z', 'j', 'f', 'g(t)', 'w'))} = {self.of(1)}")
        body = {
            "claim": f"{left} = {right}",
            "same": f"{left} = {left}",
            "chain": f"d({left}) = {right} = {left}",
            "goal": rf"\frac{{\partial ({left})}}{{\partial {pick(VARIABLES)}}} = {pick((right, '?', '0'))}",
            "nabla": rf"\nabla_{pick('xXAtz')} {left} = {pick((right, '?'))}",
        }
        functions = pick(("", ' functions="matrix"', ' layout="block"', ' layout="numerator"', ' steps="full"'))
        return "\n".join([f"```derive{functions}", *head, body[pick(tuple(body))], "```", ""])


def ended(formulas: Formulas, row: bool) -> tuple[str, str, float]:
    """Return what was asked, how it ended and the seconds it took."""
    start = process_time()
    if row:
        asked = formulas.row()
        answer = derive_row(asked)
        error = answer.get("error")
        return (
            str(asked),
            f"{error['code']} {error['message']}" if isinstance(error, dict) else str(answer["status"]),
            process_time() - start,
        )
    text = formulas.block()
    document = check(text)
    broken = [f for f in document.findings if f.code == "DRV901"]
    codes = sorted({f.code for f in document.findings if f.severity == "error"})
    return text, f"DRV901 {broken[0].message()}" if broken else codes[0] if codes else "judged", process_time() - start


def main() -> None:
    """Ask and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=1000)
    given = parser.parse_args()
    counts: Counter[str] = Counter()
    for i in range(given.count):
        formulas = Formulas(given.seed * 1_000_000 + i)
        try:
            asked, how, seconds = ended(formulas, row=i % 2 == 0)
        except Exception as error:
            asked, how, seconds = f"number {i}", f"DRV901 traceback {type(error).__name__}: {error}", 0.0
        if how.startswith("DRV901") or seconds > 2:
            print(f"{how}  ({seconds:.1f} s)\n    {asked}", flush=True)
        counts[how.split(" ")[0]] += 1
    print(dict(counts.most_common()))


if __name__ == "__main__":
    main()
