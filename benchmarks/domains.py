"""False claims made of true ones: the domain of a value, a relation of sizes, a threshold or a premise is changed.

    python benchmarks/domains.py [--each N] [--seed N] [--verbose]

Every template holds as it is declared, and fails when one thing of it is changed; both are dressed with random letters and terms.
That the changed one is false is shown apart from the judge, at eighty digits and at a point where it fails (`independent.py`); the
one that is unchanged is evaluated at many points, small and equal sizes among them. Prints a table; exit 1 where a false claim
was accepted or a true one called wrong.
"""

# ruff: noqa: E501
import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import independent
from independent import Misshapen, Undefined, Unknown, mp

from mdderive.latex.elaborate import read_equation
from mdderive.model.context import Context
from mdderive.model.diagnostics import Finding
from mdderive.reading.meaning import interpret
from mdderive.verify.holds import holds

Lines = tuple[str, ...]
POINTS = 8
SMALL = ({}, {"m": 1, "n": 1, "p": 1}, {"m": 2, "n": 2, "p": 2}, {"m": 2, "n": 1, "p": 1}, {"m": 1, "n": 2, "p": 1})


@dataclass(frozen=True)
class Pair:
    """A true claim and a false one: declarations and sides, and where the false one fails."""

    kind: str
    true: tuple[Lines, str, str]
    false: tuple[Lines, str, str]
    at: Mapping[str, int | str] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)


def number(rng: random.Random) -> int:
    """Return a number that may be small or large."""
    return rng.choice((rng.randrange(1, 10), rng.randrange(10, 1000), 10 ** rng.randrange(3, 13) + rng.randrange(100)))


def domains(rng: random.Random) -> Pair:
    """A property or a domain is dropped."""
    c = number(rng)
    whole, positive, far = ("p: scalar, integer",), ("p: scalar, integer, positive",), {"p": -c - rng.randrange(1, 50)}
    forms: tuple[Callable[[], Pair], ...] = (
        lambda: Pair("domain", (positive, f"|p + {c}|", f"p + {c}"), (whole, f"|p + {c}|", f"p + {c}"), far),
        lambda: Pair("domain", (positive, rf"\max(p, -{c})", "p"), (whole, rf"\max(p, -{c})", "p"), far),
        lambda: Pair(
            "domain",
            (positive, rf"\operatorname{{relu}}(p + {c})", f"p + {c}"),
            (whole, rf"\operatorname{{relu}}(p + {c})", f"p + {c}"),
            far,
        ),
        lambda: Pair(
            "domain", (positive, rf"\sqrt{{(p + {c})^2}}", f"p + {c}"), (whole, rf"\sqrt{{(p + {c})^2}}", f"p + {c}"), far
        ),
        lambda: Pair(
            "domain", (positive, r"\operatorname{sign}(p) p", "p"), (whole, r"\operatorname{sign}(p) p", "p"), {"p": -1}
        ),
        lambda: Pair("domain", (positive, "|p| z^p", "p z^p"), (whole, "|p| z^p", "p z^p"), {"p": -rng.randrange(1, 6)}),
        lambda: Pair(
            "domain",
            (whole, rf"\operatorname{{relu}}(p - {c}) \operatorname{{relu}}({c + 1} - p)", "0"),
            (("p: scalar",), rf"\operatorname{{relu}}(p - {c}) \operatorname{{relu}}({c + 1} - p)", "0"),
            {"p": f"{c}.5"},
        ),
        lambda: Pair(
            "domain",
            (("S: n x n, integer, symmetric",), r"x^T S y", r"y^T S x"),
            (("S: n x n, integer",), r"x^T S y", r"y^T S x"),
            sizes={"n": 3},
        ),
        lambda: Pair(
            "domain",
            (("D: n x n, integer, diagonal",), r"x^T D^2 y", r"x^T (D \odot D) y"),
            (("D: n x n, integer, symmetric",), r"x^T D^2 y", r"x^T (D \odot D) y"),
            sizes={"n": 3},
        ),
        lambda: Pair(
            "domain",
            (("Q: n x n, integer, orthogonal",), r"\|Q x\|^2", r"\|x\|^2"),
            (("Q: n x n, integer, invertible",), r"\|Q x\|^2", r"\|x\|^2"),
            sizes={"n": 3},
        ),
        lambda: Pair(
            "domain",
            (("w: n, integer, positive",), r"\|w\|_1", r"\mathbf{1}^T w"),
            (("w: n, integer",), r"\|w\|_1", r"\mathbf{1}^T w"),
            {"w": -2},
            {"n": 2},
        ),
        lambda: Pair(
            "domain",
            (("w: n, positive",), rf"\|w + {c} \cdot \mathbf{{1}}\|_1", rf"\mathbf{{1}}^T w + {c} n"),
            (("w: n",), rf"\|w + {c} \cdot \mathbf{{1}}\|_1", rf"\mathbf{{1}}^T w + {c} n"),
            {"w": -c - 2},
            {"n": 2},
        ),
        lambda: Pair(
            "domain",
            (("P: n x n, positive definite",), "|x^T P x|", "x^T P x"),
            (("P: n x n, symmetric",), "|x^T P x|", "x^T P x"),
            {"P": -1, "x": 1},
            {"n": 1},
        ),
    )
    return rng.choice(forms)()


def sizes(rng: random.Random) -> Pair:
    """A relation of sizes is weakened, or a size that is a number meets a polynomial at a few sizes only."""
    wide, loose, none = ("A: m x n", "m > n"), ("A: m x n", "m >= n"), ("A: m x n",)
    weak = rng.choice((loose, none))
    roots = sorted(rng.sample(range(1, 7), rng.randrange(1, 5)))
    vanishing = " ".join(f"(n - {r})" for r in roots)
    other = max(roots) + 1
    three, ties = ("A: m x p", "B: p x n", "C: n x m"), ("m >= p", "n >= p")
    column = ("x: n",)
    k, e = rng.randrange(2, 5), rng.randrange(1, 4)
    base = rng.choice((2, 3, -2))
    forms: tuple[Callable[[], Pair], ...] = (
        lambda: Pair("sizes", (wide, "|A A^T|", "0"), (weak, "|A A^T|", "0"), sizes={"m": 2, "n": 2}),
        lambda: Pair("sizes", (wide, "|A A^T|", f"{k} |A A^T|"), (weak, "|A A^T|", f"{k} |A A^T|"), sizes={"m": 1, "n": 1}),
        lambda: Pair("sizes", (wide, "|A (A^T A)^{-1} A^T|", "0"), (weak, "|A (A^T A)^{-1} A^T|", "0"), sizes={"m": 2, "n": 2}),
        lambda: Pair(
            "sizes",
            ((*three, "m > p", "n >= p"), "|A B C|", "0"),
            ((*three, *ties), "|A B C|", "0"),
            sizes={"m": 2, "n": 2, "p": 2},
        ),
        lambda: Pair("sizes", (none, r"\operatorname{tr}(A A^T) 0", "0"), (none, "|A A^T| |A^T A|", "0"), sizes={"m": 2, "n": 2}),
        lambda: Pair(
            "sizes", (column, f"{vanishing} s_x - s_x {vanishing}", "0"), (column, f"{vanishing} s_x", "0"), sizes={"n": other}
        ),
        lambda: Pair(
            "sizes",
            (column, r"\operatorname{tr}(I_n)^2 s_x", "n^2 s_x"),
            (column, r"\operatorname{tr}(I_n)^2 s_x", f"{2 * k + 1} n s_x - {k * (k + 1)} s_x"),
            sizes={"n": k + 3},
        ),
        lambda: Pair(
            "sizes",
            (("M: n x n",), f"|{base} M|", f"({base})^n |M|"),
            (
                ("M: n x n",),
                f"|{base} M|",
                f"({base**e * (base - 1)} n - {base**e * (e * (base - 1) - 1)}) |M|".replace("- -", "+ "),
            ),
            sizes={"n": e + 3},
        ),
        lambda: Pair(
            "sizes",
            (column, "(-1)^{n (n + 1)} s_x", "s_x"),
            (column, rf"(-1)^{{\frac{{n (n + {2 * k - 1})}}{{2}}}} s_x", "s_x"),
            sizes={"n": 1 if k % 2 else 2},
        ),
        lambda: Pair("sizes", (column, "(-1)^{2 n} s_x", "s_x"), (column, f"(-1)^{{{2 * k + 1} n}} s_x", "s_x"), sizes={"n": 1}),
        lambda: Pair(
            "sizes", (("x: n", "n = 1"), r"x x^T", "x^T x I_n"), (("x: n", "n >= 1"), "x x^T", "(x^T x) I_n"), sizes={"n": 2}
        ),
        lambda: Pair(
            "sizes",
            (none, "(m - n) (m + n) s_A", "m^2 s_A - n^2 s_A"),
            (none, f"(m - n) (m - {k}) s_A", "0"),
            sizes={"m": k + 1, "n": k + 2},
        ),
    )
    found = rng.choice(forms)()
    longer = {"s_x": "x^T x", "s_A": r"\operatorname{tr}(A A^T)"}
    sides = [tuple(_replaced(side, longer) for side in claim[1:]) for claim in (found.true, found.false)]
    return replace(found, true=(found.true[0], *sides[0]), false=(found.false[0], *sides[1]))


def _replaced(text: str, longer: Mapping[str, str]) -> str:
    for short, long in longer.items():
        text = text.replace(short, long)
    return text


def branches(rng: random.Random) -> Pair:
    """A threshold is moved to where a branch is seen, far away or in a narrow place."""
    c = number(rng)
    t = rng.choice((f"{c}", rf"\frac{{1}}{{{c}}}", f"10^{{{rng.randrange(2, 15)}}}", f"10^{{-{rng.randrange(2, 15)}}}"))
    value = _value(t)
    relu, x, xy, v = r"\operatorname{relu}", ("x: scalar",), ("x, y: scalar",), ("v: n",)
    a = rng.randrange(-9, 10)
    forms: tuple[Callable[[], Pair], ...] = (
        lambda: Pair("branches", (x, rf"{relu}(x^2 + {t})", f"x^2 + {t}"), (x, rf"{relu}(x^2 - {t})", f"x^2 - {t}"), {"x": 0}),
        lambda: Pair("branches", (x, rf"\max(x^2, -{t})", "x^2"), (x, rf"\max(x, -{t})", "x"), {"x": -2 * value}),
        lambda: Pair(
            "branches", (x, rf"|x^2 + {t}|", f"x^2 + {t}"), (x, rf"|(x - {c})^2 - {t}|", f"(x - {c})^2 - {t}"), {"x": c}
        ),
        lambda: Pair(
            "branches",
            (xy, rf"|x^2 + y^2 + {t}|", rf"x^2 + y^2 + {t}"),
            (xy, rf"|(x - {c})^2 + (y + {c})^2 - {t}|", rf"(x - {c})^2 + (y + {c})^2 - {t}"),
            {"x": c, "y": -c},
        ),
        lambda: Pair(
            "branches",
            (x, r"\operatorname{sign}(x) \operatorname{sign}(x^3)", "1"),
            (x, rf"\operatorname{{sign}}(x) \operatorname{{sign}}(x + {t})", "1"),
            {"x": -value / 2},
        ),
        lambda: Pair(
            "branches",
            (xy, r"\operatorname{sign}(x) \operatorname{sign}(x y^2)", "1"),
            (xy, rf"\operatorname{{sign}}(x) \operatorname{{sign}}(x + {t} y^2)", "1"),
            {"x": -value / 2, "y": 1},
        ),
        lambda: Pair(
            "branches",
            (x, rf"{relu}(x - {c}) {relu}({c} - x)", "0"),
            (x, rf"{relu}(x - {c}) {relu}({c} + {t} - x)", "0"),
            {"x": c + value / 2},
        ),
        lambda: Pair(
            "branches",
            (v, rf"{relu}(v^T v + {t})", f"v^T v + {t}"),
            (v, rf"{relu}(v^T v - {t})", "v^T v - " + t),
            {"v": 0},
            {"n": 2},
        ),
        lambda: Pair(
            "branches",
            (v, rf"{relu}({relu}(v) + {t} \mathbf{{1}})", rf"{relu}(v) + {t} \mathbf{{1}}"),
            (v, rf"{relu}(v + {t} \mathbf{{1}})", rf"v + {t} \mathbf{{1}}"),
            {"v": -2 * value},
            {"n": 2},
        ),
        lambda: Pair(
            "branches",
            (xy, rf"\max(x, y + {t}) - {t}", rf"\max(x - {t}, y)"),
            (xy, rf"\max(\max(x, y), -{t})", r"\max(x, y)"),
            {"x": -2 * value, "y": -3 * value},
        ),
        lambda: Pair(
            "branches", (x, rf"\sqrt{{(x - {c})^2}}", f"|x - {c}|"), (x, rf"\sqrt{{(x - {c})^2}}", f"{c} - x"), {"x": c + 1}
        ),
        lambda: Pair("branches", (x, rf"|{c} x|", f"{c} |x|"), (x, rf"|{c} x|", f"-{c} |x|"), {"x": 1}),
        lambda: Pair(
            "branches",
            (x, rf"{relu}(\exp(x) + {t})", rf"\exp(x) + {t}"),
            (x, rf"{relu}(\exp(x) - {t})", rf"\exp(x) - {t}"),
            {"x": mp.log(value) - 1},
        ),
        lambda: Pair(
            "branches",
            (xy, r"|x^2 - 2 x y + y^2|", r"(x - y)^2"),
            (xy, rf"|x^2 - 2 x y + y^2 - {t}|", rf"(x - y)^2 - {t}"),
            {"x": a, "y": a},
        ),
        lambda: Pair(
            "branches",
            (xy, r"\max(|x|, |y|)^2", r"\max(x^2, y^2)"),
            (xy, rf"\max(|x|, |y|, {t})^2".replace(f", {t}", ""), rf"\max(x^2, y^2 - {t})"),
            {"x": 0, "y": mp.sqrt(2 * value) + 1},
        ),
    )
    return rng.choice(forms)()


def premises(rng: random.Random) -> Pair:
    """A premise is dropped or changed."""
    c, k = rng.randrange(2, 9), rng.randrange(2, 5)
    plane, xy = ("u, w: n",), ("x, y: scalar",)
    squares, tied = ("A, B: n x n",), ("M: n x n, invertible", "u, w: n", "b: n, constant", "given: M u = b")
    first, second = r"\frac{\partial (w^T u)}{\partial M}", r"-(M^{-1})^T w u^T"
    forms: tuple[Callable[[], Pair], ...] = (
        lambda: Pair(
            "premises", ((*xy, "given: x + y = 1"), "x^2 - y^2", "x - y"), ((*xy, f"given: x + y = {c}"), "x^2 - y^2", "x - y")
        ),
        lambda: Pair(
            "premises",
            ((*xy, f"given: x - y = {c}"), "(x - y)^2", f"{c * c}"),
            ((*xy, f"given: x - y = {c + 1}"), "(x - y)^2", f"{c * c}"),
        ),
        lambda: Pair(
            "premises",
            ((*plane, "A: n x n", f"given: A u = {c} u"), f"A^{k} u", f"{c**k} u"),
            ((*plane, "A: n x n", f"given: A u = {c + 1} u"), f"A^{k} u", f"{c**k} u"),
            sizes={"n": 2},
        ),
        lambda: Pair(
            "premises",
            ((*squares, f"given: B = {c} A"), "(A + B)^2", f"{(c + 1) ** 2} A^2"),
            ((*squares, f"given: B = {c} A^T"), "(A + B)^2", f"{(c + 1) ** 2} A^2"),
            sizes={"n": 2},
        ),
        lambda: Pair(
            "premises",
            ((*plane, "given: u^T w = 0"), r"\|u + w\|^2", r"\|u\|^2 + \|w\|^2"),
            ((*plane, f"given: u^T w = {c}"), r"\|u + w\|^2", r"\|u\|^2 + \|w\|^2"),
            sizes={"n": 2},
        ),
        lambda: Pair(
            "premises",
            ((*plane, r"given: \mathbf{1}^T u = 1"), r"(\mathbf{1}^T u) w", "w"),
            ((*plane, rf"given: \mathbf{{1}}^T u = {c}"), r"(\mathbf{1}^T u) w", "w"),
            sizes={"n": 2},
        ),
        lambda: Pair(
            "premises",
            ((*plane, rf"given: w = {c} u"), "w^T w", f"{c * c} u^T u"),
            ((*plane, rf"given: w = {c} u"), "w^T w", f"{c * c + 1} u^T u"),
            sizes={"n": 2},
        ),
        lambda: Pair(
            "premises",
            ((*squares, "given: A B = I"), f"A^{k} B^{k}", "I"),
            ((*squares, "given: A B = 2 I"), f"A^{k} B^{k}", "I"),
            sizes={"n": 2},
        ),
        lambda: Pair("premises", (tied, first, second), (tied, first, "0 M"), sizes={"n": 2}),
        lambda: Pair("premises", (tied, first, second), (tied, first, f"{c} M^T w u^T"), sizes={"n": 2}),
    )
    return rng.choice(forms)()


def _value(text: str) -> mp.mpf:
    if text.startswith("10^"):
        return mp.mpf(10) ** int(text[4:-1])
    return 1 / mp.mpf(text[text.rindex("{") + 1 : -1]) if text.startswith(r"\frac") else mp.mpf(text)


KINDS = (domains, sizes, branches, premises)
DRESS: tuple[tuple[str, str, Lines], ...] = (
    ("{}", "{}", ()),
    ("{} + \\operatorname{{tr}}(G H)", "{} + \\operatorname{{tr}}(H G)", ("G, H: r x r",)),
    ("{} + g^T h", "{} + h^T g", ("g, h: r",)),
    ("{} - s^2 + s t", "{} + s (t - s)", ("s, t: scalar",)),
    ("{} + |s t|", "{} + |s| |t|", ("s, t: scalar",)),
    ("{} + \\|g\\|^2", "{} + g^T g", ("g: r",)),
)


def dressed(pair: Pair, rng: random.Random) -> tuple[tuple[Lines, str, str], tuple[Lines, str, str]]:
    """Return both claims with the same term on both sides, where they are numbers."""
    before, behind, letters = rng.choice(DRESS)
    plain = any(word in pair.false[1] for word in ("x x^T", "\\partial", "A^", "(A + B)", "w", "v", "\\mathbf"))
    before, behind, letters = DRESS[0] if plain and "v^T v" not in pair.false[1] else (before, behind, letters)
    flip = rng.random() < 0.3 and "\\partial" not in pair.false[1]

    def one(claim: tuple[Lines, str, str]) -> tuple[Lines, str, str]:
        lines, left, right = claim
        sides = before.format(left), behind.format(right)
        extra = tuple(f"{name}: {shape}" for name, shape in (("z", "scalar"), ("x, y", "n")) if _lacks(name, lines, left))
        return (*lines, *extra, *letters), *(sides[::-1] if flip else sides)

    return one(pair.true), one(pair.false)


def _lacks(names: str, lines: Lines, left: str) -> bool:
    first = names.split(",")[0]
    return not any(line.split(":")[0].replace(" ", "").split(",")[0] == first for line in lines) and first in left.replace(
        "max", ""
    )


class Claim:
    """A claim that was read, and what is true of it."""

    def __init__(self, claim: tuple[Lines, str, str]) -> None:
        lines, left, right = claim
        self.text = f"{left} = {right}"
        self.shown = f"{'; '.join(lines)}: {self.text}"
        self.context = interpret("\n".join(lines), Context()).context
        self.sides = read_equation(self.text, self.context)

    def fails(self, pair: Pair, seed: int) -> bool:
        """Whether the sides differ at the point where the claim is meant to fail."""
        at = {name: mp.mpf(value) for name, value in pair.at.items()}
        for point in self._points(seed, pair.sizes):
            there = point.moved({name: independent.entries(point.values[name], lambda _x, to=to: to) for name, to in at.items()})
            if self._differ(there):
                return True
        return False

    def stands(self, seed: int) -> bool:
        """Whether the sides agree at all of many points."""
        every = [self._differ(point) for sizes in SMALL if self._allowed(sizes) for point in self._points(seed, sizes)]
        return False in every and True not in every

    def _allowed(self, sizes: Mapping[str, int]) -> bool:
        return all(independent._obeys(sizes, c.left, c.relation, c.right) for c in self.context.constraints)

    def _points(self, seed: int, sizes: Mapping[str, int]) -> Iterator[independent.Point]:
        points = independent.points(self.context, self.sides, frozenset(), seed, sizes)
        for _ in range(POINTS):
            try:
                yield next(points)
            except (Unknown, Undefined, StopIteration):
                return

    def _differ(self, point: independent.Point) -> bool | None:
        try:
            a, b = map(point.value, self.sides)
        except (Undefined, Unknown, Misshapen):
            return None
        return not independent.near(a, b)

    def outcome(self, seed: int) -> str:
        """Return what the judge says."""
        return holds(*self.sides, self.context, seed=seed, text=self.text).outcome


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--each", type=int, default=600, help="false claims of each kind")
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--verbose", action="store_true", help="print what was judged falsely or not at all")
    chosen = options.parse_args()
    failures = 0
    print("| kind | false | wrong | undecided | accepted | true | hold | undecided | called wrong | unread | unproven | ms |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for make in KINDS:
        rng = random.Random(f"{chosen.seed} {make.__name__}")
        counts: Counter[str] = Counter()
        spent = 0.0
        while counts["F"] < chosen.each and counts["unread"] + counts["unproven"] < 4 * chosen.each:
            pair = make(rng)
            for truth, lines in zip("TF", dressed(pair, rng), strict=True):
                claim = Claim(lines)
                if isinstance(claim.sides, Finding):
                    counts["unread"] += 1
                    shown = "unread"
                elif not (claim.stands(rng.randrange(10**6)) if truth == "T" else claim.fails(pair, rng.randrange(10**6))):
                    counts["unproven"] += 1
                    shown = "unproven"
                else:
                    start = time.perf_counter()
                    shown = claim.outcome(chosen.seed)
                    spent += time.perf_counter() - start
                    counts.update((truth, truth + shown))
                if chosen.verbose and shown != {"T": "holds", "F": "wrong"}[truth]:
                    print(truth, shown, claim.shown, getattr(claim.sides, "code", ""))
        failures += counts["Fholds"] + counts["Twrong"]
        cells = [
            counts[k]
            for k in ("F", "Fwrong", "Fundecided", "Fholds", "T", "Tholds", "Tundecided", "Twrong", "unread", "unproven")
        ]
        print(
            "|",
            make.__name__,
            "|",
            " | ".join(map(str, cells)),
            "|",
            f"{1000 * spent / max(1, counts['T'] + counts['F']):.0f} |",
            flush=True,
        )
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
