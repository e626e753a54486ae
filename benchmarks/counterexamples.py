"""False claims that are true on a part of their domain, judged under thousands of seeds.

    python benchmarks/counterexamples.py [--draws N] [--seed N]

A rectifier is the identity for positive numbers, a root of a square is its base there, an arctangent inverts the tangent near
zero: random points that all fall into such a part would let the claim pass. Prints how often each claim was judged under
different seeds, and how often it passed. Exit 1 where any did.
"""

import argparse
import sys
import time

from mdderive.latex.elaborate import read_equation
from mdderive.model.context import Context
from mdderive.reading.meaning import interpret
from mdderive.verify.holds import holds

SCALAR, VECTOR, PAIR = ("x: scalar",), ("x: n",), ("x: scalar", "y: scalar")
CLAIMS = (
    (r"\operatorname{relu}(x) = x", SCALAR),
    (r"\operatorname{relu}(x) = x", VECTOR),
    (r"\operatorname{abs}(x) = x", SCALAR),
    (r"\operatorname{abs}(x) = -x", VECTOR),
    (r"d \operatorname{relu}(x) = dx", SCALAR),
    (r"d \operatorname{relu}(x) = dx", VECTOR),
    (r"\sqrt{x x} = x", SCALAR),
    (r"\sqrt{x^2 y^2} = x y", PAIR),
    (r"\operatorname{relu}(2 x) = 2 x", SCALAR),
    (r"\operatorname{sign}(x) = 1", SCALAR),
    (r"\operatorname{step}(x) = \operatorname{step}(y)", PAIR),
    (r"\operatorname{relu}(x + y) = \operatorname{relu}(x) + \operatorname{relu}(y)", PAIR),
    (r"\operatorname{relu}(x y) = \operatorname{relu}(x) \operatorname{relu}(y)", PAIR),
    (r"\operatorname{relu}(x) + \operatorname{step}(-x) \operatorname{step}(-y) x = \operatorname{relu}(x)", PAIR),
    (r"\| x \| = x^T \mathbf{1}", VECTOR),
    (r"\| x \|_1 = \mathbf{1}^T x", VECTOR),
    (r"\arctan(\tan(x)) = x", SCALAR),
    (r"\exp(\frac{1}{2} \log(x^2)) = x", SCALAR),
    (r"\arctan(x) + \arctan(x^{-1}) = \frac{1}{2} \pi", SCALAR),
    (r"\arctan(x) + \arctan(y) = \arctan(\frac{x + y}{1 - x y})", PAIR),
    (r"(x^4)^{\frac{1}{4}} = x", SCALAR),
    (r"d \operatorname{abs}(x) = dx", SCALAR),
    (r"| X | = | \operatorname{abs}(X) |", ("X: n x n",)),
    (r"| Q | = 1", ("Q: n x n, orthogonal",)),
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--draws", type=int, default=10_000, help="judgements over all claims")
    options.add_argument("--seed", type=int, default=0, help="the first seed")
    chosen = options.parse_args()
    start = time.perf_counter()
    each = -(-chosen.draws // len(CLAIMS))
    passed = other = 0
    for text, lines in CLAIMS:
        context = interpret("\n".join(lines), Context()).context
        sides = read_equation(text, context)
        assert isinstance(sides, tuple), sides
        outcomes = [holds(*sides, context, seed=chosen.seed + i, text=text).outcome for i in range(each)]
        accepted, undecided = outcomes.count("holds"), outcomes.count("undecided")
        passed, other = passed + accepted, other + undecided
        print(f"{each:5d} judged {accepted:3d} accepted {undecided:3d} undecided  {', '.join(lines)}:  {text}")
    total = each * len(CLAIMS)
    seconds = time.perf_counter() - start
    print(f"{len(CLAIMS)} false claims, {total} judgements: {passed} accepted, {other} undecided; {seconds:.0f} s")
    sys.exit(1 if passed else 0)


if __name__ == "__main__":
    main()
