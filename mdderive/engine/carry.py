"""The binder: a law applied around a differential.

What stands left and right of the differential is folded into one letter each, with the identity where nothing stands; a trace is
turned until the differential stands last. The binder alone knows that products have any number of factors. The letter that the
right side of a law ends in is the one that it carries to the end.
"""

from collections.abc import Mapping
from functools import cache

from mdderive.engine.arrange import product
from mdderive.engine.match import Binding, Law, bind, instantiate, match, matches, names_function, read_law
from mdderive.engine.normal import normal
from mdderive.engine.transposing import transposed
from mdderive.model.expr import Expr, leaf, make, rebuilt
from mdderive.model.shapes import ONE, Shape
from mdderive.model.terms import chain_shape, factors_of, has_d, weight
from mdderive.rules import kronecker, laws, trace, vec

Chain = tuple[Expr, ...]
A_FUNCTION = "a function of "
FUNCTIONS_OF_MATRICES = frozenset({"add", "mul", "pow", "inv", "mfn"})  # those that commute with what they are made of
CARRYING = frozenset(rule.name for rule in (*trace.RULES, *vec.RULES, *kronecker.CARRYING))


def cut(chain: Chain) -> tuple[Chain, Expr, Chain]:
    """Return what stands left of the factor with the differential, that factor, and what stands right of it."""
    at = next(i for i, f in enumerate(chain) if has_d(f))
    return chain[:at], chain[at], chain[at + 1 :]


def carried(found: Law, subject: Expr) -> Expr | None:
    """Return what a law makes of a normal tree with a differential in it, None where it does not fit."""
    bound = around(found, subject)
    return None if bound is None else stated(found.rhs, bound)


def around(found: Law, subject: Expr) -> Binding | None:
    """Return what the letters of a law stand for around the differential in a normal tree, None where it does not fit."""
    bound = Binding()
    pattern, letter = found.lhs.args if found.lhs.op == "deriv" else (found.lhs, found.carries)
    return bound if _around(pattern, subject, letter, bound) and _granted(found, bound) else None


def _granted(found: Law, b: Binding) -> bool:
    """Tell whether what a law says of the letters for matrices is so: "a function of X" is what is made of X alone."""
    functions = ((letter, word.removeprefix(A_FUNCTION)) for letter, word in found.premises if word.startswith(A_FUNCTION))
    return all(_is_function(b.letters[letter], b.letters[of]) for letter, of in functions)


def _is_function(e: Expr, x: Expr) -> bool:
    if e == x or e.scalar or e.op == "identity":
        return True
    return e.op in FUNCTIONS_OF_MATRICES and all(_is_function(a, x) for a in e.args)


def applied(found: Law, subject: Expr) -> Expr | None:
    """Return what a law makes of a normal tree wherever the differential stands in it, None where it does not fit."""
    bound = match(found.lhs, subject)
    return None if bound is None else stated(found.rhs, bound)


@cache
def carriers() -> Mapping[tuple[str, str], tuple[Law, ...]]:
    """Return the laws that carry a differential out of an operator, by form and operator, larger left sides first.

    The form is tr, row or vec, or nothing for a law that is used where the operator stands.
    """
    table: dict[tuple[str, str], list[Law]] = {}
    for rule in laws.RULES:
        if rule.name in CARRYING:
            found = read_law(rule)
            form = found.lhs.op if found.lhs.op in ("tr", "vec") else "row" if found.lhs.scalar else ""
            inside = found.lhs.args[0] if form in ("tr", "vec") else found.lhs
            if form != "vec":
                inside = next(f for f in factors_of(inside) if found.carries in f.walk())
            table.setdefault((form, inside.op), []).append(found)
    return {key: tuple(sorted(found, key=lambda x: -weight(x.lhs))) for key, found in table.items()}


def stated(e: Expr, b: Binding) -> Expr:
    """Return the right side of a law with what its letters stand for, arranged, transposes where they are shortest."""
    if not e.args or e.op in ("fn", "mfn", "frechet", "frechetmatrix", "apply", "deriv", "hess"):
        return normal(instantiate(e, b))
    args = tuple(stated(a, b) for a in e.args)
    match e.op:
        case "transpose":
            return transposed(args[0])
        case "kron":
            return kron(*args)
    return normal(rebuilt(e, args))


def kron(a: Expr, b: Expr) -> Expr:
    """Return a ⊗ b; a column beside a row is their product."""
    column, row = (a, b) if a.shape.cols == ONE else (b, a)
    if column.shape.cols == ONE == row.shape.rows and not (a.scalar or b.scalar):
        return product((column, row), Shape(column.shape.rows, row.shape.cols))
    return normal(make("kron", a, b))


def _around(pattern: Expr, subject: Expr, letter: Expr, b: Binding) -> bool:
    """Match a tree in which `letter` stands for what has the differential."""
    if has_d(subject) != (letter in pattern.walk()):
        return False
    if pattern == letter:
        return bind(pattern, subject, b)
    if not has_d(subject):
        return matches(pattern, subject, b)
    if pattern.op == "transpose" and pattern.args[0] == letter:
        return bind(letter, transposed(subject), b)
    if pattern.op == "tr" and pattern.args[0].op == "mul":
        return subject.op == "tr" and _in_chain(pattern.args[0].args, factors_of(subject.args[0]), letter, b, turns=True)
    if pattern.op == "mul":
        return subject.op == "mul" and _in_chain(pattern.args, subject.args, letter, b, turns=False)
    if pattern.op != subject.op or not names_function(pattern, subject, b):
        return False
    if pattern.op == "had":
        return _among(pattern, subject, letter, b)
    return all(_around(p, s, letter, b) for p, s in zip(pattern.args, subject.args, strict=True))


def _in_chain(pattern: Chain, chain: Chain, letter: Expr, b: Binding, *, turns: bool) -> bool:
    """Match a product: its factor with the differential first, then what stands on each side of it."""
    at = next(i for i, p in enumerate(pattern) if letter in p.walk())
    before, after = pattern[:at], pattern[at + 1 :]
    left, node, right = cut(chain)
    if pattern[at] == letter and not before:  # the letter takes all that stands before
        left, node = (), product((*left, node), chain_shape((*left, node)))
    if turns and not after:
        left, right = (*right, *left), ()
    rows, cols = node.shape
    return (
        _around(pattern[at], node, letter, b)
        and _run(before, left, Shape(cols if turns and not after else rows, rows), b)
        and _run(after, right, Shape(cols, cols), b)
    )


def _run(pattern: Chain, chain: Chain, empty: Shape, b: Binding) -> bool:
    """Match a run of factors, the first of which take as few as they can; where none stand, an identity of the shape `empty`."""
    if not pattern:
        return not chain
    if len(pattern) == 1:
        return matches(pattern[0], product(chain, chain_shape(chain)) if chain else leaf("identity", empty), b)
    for i in range(1, len(chain) - len(pattern) + 2):
        trial = b.copy()
        if matches(pattern[0], product(chain[:i], chain_shape(chain[:i])), trial) and _run(pattern[1:], chain[i:], empty, trial):
            b.take(trial)
            return True
    return False


def _among(pattern: Expr, subject: Expr, letter: Expr, b: Binding) -> bool:
    """Match an elementwise product, the factors without the differential folded into one."""
    inner = next(a for a in subject.args if has_d(a))
    others = [a for a in subject.args if a is not inner]
    other = others[0] if len(others) == 1 else make("had", *others)
    return all(_around(p, inner if letter in p.walk() else other, letter, b) for p in pattern.args)
