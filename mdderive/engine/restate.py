"""How f is rewritten before its differential is taken: inner products, squared norms and Kronecker products written out.

A lecturer states f in the form whose differential is short; each restatement is one law, tried in the order of the table.
"""

from collections.abc import Callable, Iterator, Sequence

from mdderive.engine.arrange import plus, product
from mdderive.engine.match import instantiate, law, match
from mdderive.engine.named_forms import named_forms
from mdderive.engine.normal import normal
from mdderive.model.expr import Expr, rebuilt
from mdderive.model.terms import factors_of, letters_of, terms_of
from mdderive.rules.forms import DEFINITIONS
from mdderive.rules.kronecker import RESTATEMENTS

INNER = ("inner-vector", "inner")
EXPONENTIAL = ("exponential-inverse", "exponential-determinant")
MANY_FACTORS = "log-of-product-over-index"
LOGARITHMS = ("log-of-product", "log-of-power", "log-of-root", "log-of-exponential")
KRONECKER = tuple(rule.name for rule in RESTATEMENTS)
SQUARED_NORMS = ("norm-squared-vector", "norm-squared")
MAX_RESTATEMENTS = 40

Depends = Callable[[Expr], bool]


def restatements(e: Expr, depends: Depends) -> Iterator[tuple[Expr, tuple[str, ...]]]:
    """Yield the normal tree `e` after each law that rewrites it, with the name of the law; nothing where none fits.

    The logarithm of a product over an index is a sum, the logarithms in which are written out in one line. Inner products are
    written out wherever they stand, functions of the matrix exponential and Kronecker products where the variable stands in one
    or in a vec, squared norms only as factors of the terms: deeper inside they are shorter by their name.
    """
    if any(_of_many_factors(node) for node in e.walk()):
        e = _everywhere(e, MANY_FACTORS)
        yield e, (MANY_FACTORS,)
        opened, used = _logarithms(e)
        if used:
            e = opened
            yield e, used
    for _ in range(MAX_RESTATEMENTS):
        varying = {node.op for node in e.walk() if node.op in ("kron", "vec", "mfn") and depends(node)}
        names = INNER + (EXPONENTIAL if "mfn" in varying else ()) + (KRONECKER if varying & {"kron", "vec"} else ())
        for name in names:
            new = _everywhere(e, name)
            if new != e:
                yield new, (name,)
                e = new
                break
        else:
            break
    new, name = _squared_norms(e, depends)
    if name:
        yield new, (name,)


def _of_many_factors(e: Expr) -> bool:
    """Tell whether a tree is the logarithm of something with a product over an index in it."""
    return e.op == "fn" and e.name == "log" and any(f.op == "product" for f in factors_of(e.args[0]))


def _logarithms(e: Expr) -> tuple[Expr, tuple[str, ...]]:
    """Return `e` with the logarithms of products, powers and exponentials of letters in it written out, and the laws used."""
    used: dict[str, None] = {}

    def opened(e: Expr) -> Expr:
        args = tuple(map(opened, e.args))
        e = e if args == e.args else normal(rebuilt(e, args))
        if e.op != "fn" or e.name != "log":
            return e
        names = LOGARITHMS[0 if any(letters_of(e)) else 1 :]  # log(2 \pi) stays as it is
        written, name = _written_out(e, names)
        if not name:
            return e
        used.setdefault(name)
        return opened(written)

    return opened(e), tuple(used)


def _everywhere(e: Expr, name: str) -> Expr:
    """Return `e` with a law applied wherever it fits, from the inside out."""
    if not e.args or e.op in ("deriv", "hess"):
        return e
    args = tuple(_everywhere(a, name) for a in e.args)
    inside = e if args == e.args else normal(rebuilt(e, args))
    pattern = law(name).lhs
    if pattern.op == "mul":
        return _neighbours(inside, name) if inside.op == "mul" else inside
    return _written_out(inside, (name,))[0] if inside.op == pattern.op else inside


def _neighbours(e: Expr, name: str) -> Expr:
    """Return a product with a law for two factors applied to the first neighbours that it fits."""
    for i in range(len(e.args) - 1):
        pair = e.args[i : i + 2]
        if any(a.scalar for a in pair):
            continue
        together = product(pair, e.shape)
        written, used = _written_out(together, (name,)) if together.op == "mul" and len(together.args) == 2 else (together, "")
        if used:
            return product((*e.args[:i], written, *e.args[i + 2 :]), e.shape)
    return e


def _written_out(e: Expr, names: Sequence[str]) -> tuple[Expr, str]:
    """Return what the first of these laws that fits makes of `e`, and its name; `e` itself where none fits."""
    for name in names:
        bound = match(law(name).lhs, e)
        if bound is not None:
            return normal(instantiate(law(name).rhs, bound)), name
    return e, ""


def _squared_norms(e: Expr, depends: Depends) -> tuple[Expr, str]:
    used = ""
    terms = []
    for term in terms_of(e):
        factors = []
        for factor in factors_of(term):
            found = factor.op == "pow" and depends(factor)
            written, name = _written_out(factor, SQUARED_NORMS) if found else (factor, "")
            factors.append(written)
            used = name or used
        terms.append(product(factors, term.shape))
    return plus(terms, e.shape), used


def spelled_out(e: Expr, varying: frozenset[str]) -> tuple[Expr, tuple[str, ...]]:
    """Return `e` by the names of the functions that it spells out, and the laws used."""
    return (e, ()) if varying.isdisjoint(letters_of(e)) else named_forms(e, DEFINITIONS)
