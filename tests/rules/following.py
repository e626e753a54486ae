"""Does a line follow from the one above by the laws it names, and by nothing but the arithmetic of sums and products?

Laws are used as rewritings of any part of a formula, in both directions. Two formulas are the same arithmetic when the judge
finds them equal with every other operator (d, tr, det, exp, …) taken for an unknown letter.
"""

from collections.abc import Callable, Iterator, Sequence

from mdderive.engine.arrange import product
from mdderive.engine.match import Law, instantiate, match
from mdderive.engine.normal import normal
from mdderive.engine.transposing import tidy_transposes
from mdderive.model.context import Context, Symbol
from mdderive.model.expr import Expr, make, num, rebuilt, sym
from mdderive.model.shapes import SCALAR, Shape, ShapeError
from mdderive.verify.holds import holds

ARITHMETIC = frozenset(
    {"num", "size", "sym", "identity", "ones", "zero", "add", "mul", "transpose", "had", "hdiv", "hpow", "pow", "inv"}
)
MOST = 60
ROUNDS = 4


def follows(before: Expr, after: Expr, laws: Sequence[Law], context: Context) -> bool:
    """Tell whether some form that the laws give `before` and some form that they give `after` are the same arithmetic."""
    ours, theirs = ([normal(e), e] for e in (before, after))  # as written too: the normal form of X X^{-1} is no product
    new: tuple[list[Expr], list[Expr]] = (ours, theirs)
    for _ in range(ROUNDS):
        if any(same_arithmetic(a, b, context) for a in new[0] for b in theirs):
            return True
        if any(same_arithmetic(a, b, context) for a in ours for b in new[1]):
            return True
        new = (_more(new[0], ours, laws, context), _more(new[1], theirs, laws, context))
    return False


def _more(trees: list[Expr], known: list[Expr], laws: Sequence[Law], context: Context) -> list[Expr]:
    """Return the forms one use of a law away from `trees` that were not known, and make them known."""
    found = dict.fromkeys(new for tree in trees for law in laws for new in rewritings(tree, law, context))
    fresh = [tree for tree in found if tree not in known][: max(0, MOST - len(known))]
    known += fresh
    return fresh


def rewritings(tree: Expr, law: Law, context: Context) -> Iterator[Expr]:
    """Yield the trees in which a law is used once, in either direction, somewhere in `tree`."""
    yield from _here(tree, law, context)
    if tree.op in ("deriv", "hess"):
        return
    for i, arg in enumerate(tree.args):
        for new in rewritings(arg, law, context):
            try:
                yield normal(rebuilt(tree, (*tree.args[:i], new, *tree.args[i + 1 :])))
            except ShapeError:
                continue


def _here(tree: Expr, law: Law, context: Context) -> Iterator[Expr]:
    if tree.op == "d":
        yield from _of_a_product(tree.args[0], law.rule.name, context)
    for pattern, result in ((law.lhs, law.rhs), (law.rhs, law.lhs)):
        if pattern.op == "sym" or {e.name for e in result.walk() if e.op == "sym"} - {e.name for e in pattern.walk()}:
            continue
        for part, around in _parts(tree):
            bound = match(pattern, part, lambda name, e: _may_bind(name, e, law, context))
            if bound is not None:
                try:
                    yield normal(around(normal(instantiate(result, bound))))
                except ShapeError:
                    continue


def _may_bind(name: str, bound: Expr, law: Law, context: Context) -> bool:
    """Tell whether the premises of a law let a letter stand for a tree."""
    properties = {prop for letter, prop in law.premises if letter == name}
    if name in ("k", "n") or "constant" in properties:
        return not _varies(bound, context)
    return "symmetric" not in properties or (bound.op == "sym" and context.has(bound.name, "symmetric"))


def _varies(e: Expr, context: Context) -> bool:
    return any(node.op == "d" or (node.op == "sym" and not context.has(node.name, "constant")) for node in e.walk())


def _of_a_product(inner: Expr, name: str, context: Context) -> Iterator[Expr]:
    """Yield the uses of the laws that are for any number of factors: the product rules, and linearity."""
    if inner.op == "hdiv":
        inner = Expr("had", (inner.args[0], make("hpow", inner.args[1], num(-1))), inner.shape)
    if inner.op not in ("mul", "had"):
        return
    count = len(inner.args)
    cuts = [(i, j) for i in range(count) for j in range(i + 1, count + 1) if j - i < count]
    for i, j in cuts:
        left, middle, right = (_together(inner, part) for part in (inner.args[:i], inner.args[i:j], inner.args[j:]))
        kept = [e for e in (left, right) if e is not None]
        assert middle is not None
        if name in ("d-linear", "d-scale") and inner.op == "mul" and not any(_varies(e, context) for e in kept):
            yield _joined(inner, left, make("d", middle), right)
        if name == ("d-product" if inner.op == "mul" else "d-hadamard") and (i == 0 or j == count) and len(kept) == 1:
            first, second = (middle, right) if i == 0 else (left, middle)
            assert first is not None
            assert second is not None
            halves = _joined(inner, make("d", first), second), _joined(inner, first, make("d", second))
            yield normal(make("add", *halves))


def _joined(whole: Expr, *parts: Expr | None) -> Expr:
    factors = tuple(e for e in parts if e is not None)
    if whole.op == "had":
        return normal(make("had", *factors))
    return product(tuple(f for e in factors for f in (e.args if e.op == "mul" and not e.scalar else (e,))), whole.shape)


def _together(whole: Expr, factors: Sequence[Expr]) -> Expr | None:
    """Return some of the factors or terms of a tree as a tree of their own."""
    if len(factors) < 2:
        return factors[0] if factors else None
    if whole.op != "mul":
        return make(whole.op, *factors)
    chain = [f.shape for f in factors if not f.scalar]
    return product(factors, Shape(chain[0].rows, chain[-1].cols) if chain else SCALAR)


def _parts(tree: Expr) -> Iterator[tuple[Expr, Callable[[Expr], Expr]]]:
    """Yield a tree, and the runs of factors or terms in it, each with what puts another in its place."""
    yield tree, lambda new: new
    count = len(tree.args)
    if tree.op in ("mul", "had", "add"):
        for i, j in ((a, b) for a in range(count) for b in range(a + 2, count + 1) if b - a < count):
            part = _together(tree, tree.args[i:j])
            assert part is not None
            yield part, lambda new, i=i, j=j: make(tree.op, *tree.args[:i], new, *tree.args[j:])  # type: ignore[misc]


def same_arithmetic(a: Expr, b: Expr, context: Context) -> bool:
    """Tell whether two trees agree with everything but sums, products and powers taken for unknown letters."""
    if a == b:
        return True
    if a.shape != b.shape:
        return False
    unknown: dict[Expr, Expr] = {}
    left, right = (_opaque(tidy_transposes(e), unknown, context) for e in (a, b))
    symbols = {letter.name: Symbol(letter.name, letter.shape) for letter in unknown.values()}
    return left == right or holds(left, right, Context(symbols={**context.symbols, **symbols})).outcome == "holds"


def _opaque(e: Expr, unknown: dict[Expr, Expr], context: Context) -> Expr:
    """Return a tree with the operators that are no arithmetic as letters, one letter for what is the same."""
    if e.op in ARITHMETIC:
        return e if not e.args else rebuilt(e, tuple(_opaque(a, unknown, context) for a in e.args))
    if e not in unknown:
        same = (
            letter
            for other, letter in unknown.items()
            if (other.op, other.name, other.value, other.shape) == (e.op, e.name, e.value, e.shape)
            and all(same_arithmetic(x, y, context) for x, y in zip(e.args, other.args, strict=True))
        )
        unknown[e] = next(same, sym(f"U_{{{len(unknown)}}}", e.shape))
    return unknown[e]
