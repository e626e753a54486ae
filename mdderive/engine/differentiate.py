"""From f to df: one named law a line.

`differentiate` starts at d(f) and applies, pass by pass, the one law that is due at the outermost open differential, at every
place where that law is due. Sums, constants, transposes, traces and linear surroundings pass silently with it. It ends when only
differentials of letters are left; every pass takes an operator off the path, so their number is bounded by the depth of f.

An operator without a law is a diagnostic with the operator's name, never a zero.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mdderive.engine.arrange import plus, product
from mdderive.engine.match import Binding, Law, differential_laws, instantiate, match
from mdderive.engine.normal import normal
from mdderive.engine.transposing import tidy_transposes, transposed
from mdderive.model.context import Context
from mdderive.model.diagnostics import Finding, Refusal
from mdderive.model.expr import LETTERS, Expr, leaf, make, num, rebuilt
from mdderive.model.operators import LEAVES, OPERATORS
from mdderive.model.shapes import SCALAR
from mdderive.model.source import Span
from mdderive.model.terms import chain_shape, has_d, split, terms_of, weight, zero

LINEAR = frozenset(row.op for row in OPERATORS.values() if row.linear and row.arguments == 1)
EXPONENTS = frozenset({"k", "n"})
MAX_PASSES = 200
MAX_NODES = 5_000


@dataclass(frozen=True, slots=True)
class Pass:
    """One line: the expression, the law that was told (empty where only silent ones applied), constants first dropped here."""

    line: Expr
    law: str
    constants: tuple[str, ...]


class Differentiator:
    """Takes differentials of trees in which the letters `varies` vary; remembers which constants it dropped."""

    def __init__(self, varies: frozenset[str], context: Context) -> None:
        self.varies = varies
        self.context = context
        self.constants: dict[str, None] = {}
        self._depends: dict[Expr, bool] = {}
        self._laws: dict[Expr, tuple[Law, Binding] | None] = {}

    def depends(self, e: Expr) -> bool:
        """Tell whether a varying letter stands in `e`."""
        known = self._depends.get(e)
        if known is None:
            known = e.name in self.varies if e.op in LETTERS else any(self.depends(a) for a in e.args)
            self._depends[e] = known
        return known

    def of(self, e: Expr) -> Expr:
        """Return the differential of a normal tree, the silent laws applied; what needs a told law stays `d(…)`."""
        if not self.depends(e):
            self._drop((e,))
            return zero(e.shape)
        match e.op:
            case "sym" | "member":
                return make("d", e)
            case "add":
                return plus((self.of(a) for a in e.args), e.shape)
            case "mul" | "had" | "kron":
                varying = [i for i, a in enumerate(e.args) if self.depends(a)]
                if len(varying) == 1:
                    return self._in_place(e, varying[0])
                return self._scaled(e) if e.op == "mul" else make("d", e)
            case "hdiv" if not self.depends(e.args[1]):
                return self._in_place(e, 0)
            case "sum":
                return self._in_place(e, 1)
            case "matrix":
                return rebuilt(e, tuple(map(self.of, e.args)))
        if e.op in LINEAR and self.law_for(e) is None:
            return normal(rebuilt(e, (self.of(e.args[0]),)))
        return make("d", e)

    def _in_place(self, e: Expr, at: int) -> Expr:
        self._drop(a for i, a in enumerate(e.args) if i != at)
        args = tuple(self.of(a) if i == at else a for i, a in enumerate(e.args))
        return normal(rebuilt(e, args))

    def _scaled(self, e: Expr) -> Expr:
        """Take constant scalar factors out of the differential of a product."""
        outer = [a for a in e.args if a.scalar and not self.depends(a)]
        if not outer:
            return make("d", e)
        self._drop(outer)
        inner = product((a for a in e.args if not (a.scalar and not self.depends(a))), e.shape)
        return product((*outer, self.of(inner)), e.shape)

    def _drop(self, parts: Iterable[Expr]) -> None:
        for part in parts:
            for node in part.walk():
                if node.op in LETTERS:
                    self.constants.setdefault(node.name)

    def law_for(self, e: Expr) -> Law | None:
        """Return the told law that applies to `d(e)`, if there is one."""
        if e not in self._laws:
            self._laws[e] = next(self._bound(e), None)
        bound = self._laws[e]
        return bound[0] if bound is not None else None

    def _bound(self, e: Expr) -> Iterator[tuple[Law, Binding]]:
        """Yield the laws for `d(e)`; exponents, and letters with the premise `constant`, bind only what does not vary."""
        for found in differential_laws(e.op):
            fixed = {letter for letter, prop in found.premises if prop == "constant"} | EXPONENTS
            allowed = lambda name, bound, fixed=fixed: name not in fixed or not self.depends(bound)  # noqa: E731
            bound = Binding() if _is_binder(found.lhs) else match(found.lhs.args[0], e, allowed)
            if bound is not None and self._symmetric(found, bound):
                yield found, bound

    def _symmetric(self, found: Law, bound: Binding) -> bool:
        """Tell whether what a law says of symmetric letters is said of matrices that are their own transposes."""
        known = frozenset(name for name in self.context.symbols if self.context.has(name, "symmetric"))
        letters = (bound.letters[letter] for letter, prop in found.premises if prop in ("symmetric", "positive definite"))
        return all(transposed(e, known) == tidy_transposes(e, known) for e in letters)

    def apply(self, found: Law, e: Expr) -> Expr:
        """Return the right side of its law for `d(e)`, with the differentials in it taken as far as silent laws go."""
        if _is_binder(found.lhs):
            return self._product_rule(found, e)
        bound = self._laws[e]
        assert bound is not None, found.rule.name
        return self.settle(normal(instantiate(found.rhs, bound[1])))

    def _product_rule(self, found: Law, e: Expr) -> Expr:
        """Return the law for two factors applied to the first that varies and the others, and so on to the last."""
        at = next(i for i, a in enumerate(e.args) if self.depends(a)) + 1
        if not any(map(self.depends, e.args[at:])):
            return self.of(e)
        first, rest = (_together(e, part) for part in (e.args[:at], e.args[at:]))
        letters = dict(zip((letter.name for letter in found.lhs.args[0].args), (first, rest), strict=True))
        others = self._product_rule(found, rest) if rest.op == e.op and len(e.args) > at + 1 else self.of(rest)
        inner = {make("d", rest): others, make("d", first): self.of(first)}
        return replaced(normal(instantiate(found.rhs, Binding(letters))), inner)

    def settle(self, e: Expr) -> Expr:
        """Apply the silent laws to every differential in `e`."""
        if e.op == "d":
            return self.of(e.args[0])
        if not e.args or e.op in ("deriv", "hess"):
            return e
        args = tuple(self.settle(a) for a in e.args)
        return e if args == e.args else normal(rebuilt(e, args))


def _is_binder(lhs: Expr) -> bool:
    """Tell whether a law is one for any number of factors: d of a product of two distinct free letters."""
    inner = lhs.args[0]
    return inner.op in ("mul", "had", "kron") and len(inner.args) == 2 and all(a.op == "sym" for a in inner.args)


def _together(whole: Expr, factors: tuple[Expr, ...]) -> Expr:
    """Return some factors of a product of any kind as a product of their own."""
    if len(factors) == 1:
        return factors[0]
    return product(factors, chain_shape(factors)) if whole.op == "mul" else normal(make(whole.op, *factors))


def _of_a_curve(e: Expr) -> bool:
    """Tell whether a tree is dx/dt of a letter x(t), the differential of which no law gives."""
    return e.op == "deriv" and e.args[1].scalar


def open_differentials(e: Expr) -> Iterator[Expr]:
    """Yield the differentials in `e` that are not of a single letter or of the gradient of an unknown function."""
    if e.op == "d":
        if e.args[0].op not in (*LETTERS, "deriv") or _of_a_curve(e.args[0]):
            yield e
    elif e.op not in LEAVES:
        for a in e.args:
            yield from open_differentials(a)


def replaced(e: Expr, new: dict[Expr, Expr]) -> Expr:
    """Return the normal tree `e` with other trees in place of some differentials."""
    if e in new:
        return new[e]
    if not e.args or e.op in ("d", "deriv", "hess"):
        return e
    args = tuple(replaced(a, new) for a in e.args)
    return e if args == e.args else normal(rebuilt(e, args))


def differentiate(f: Expr, varies: frozenset[str], context: Context) -> tuple[Pass, ...]:
    """Return the lines from the first named law to a line in which only letters carry a `d`.

    Raises `Refusal` with DRV405 for an operator that has no law.
    """
    d = Differentiator(varies, context)
    order = list(dict.fromkeys(node.name for node in f.walk() if node.op in LETTERS))
    line = expanded(d.of(f))
    passes: list[Pass] = []
    named: tuple[str, ...] = ()
    for _ in range(MAX_PASSES):
        waiting = list(open_differentials(line))
        if not waiting:
            return tuple(passes) or (Pass(line, "", tuple(sorted(d.constants, key=order.index))),)
        found = d.law_for(waiting[0].args[0])
        if found is None:
            raise Refusal(no_law(waiting[0].args[0]))
        due = [w for w in dict.fromkeys(waiting) if d.law_for(w.args[0]) is found]
        line = expanded(replaced(line, {w: d.apply(found, w.args[0]) for w in due}))
        if weight(line) > MAX_NODES:
            raise Refusal(Finding("DRV409", f.span or Span(0, 0), {"bound": f"{MAX_NODES} nodes in a line"}))
        new = sorted((c for c in d.constants if c not in named), key=order.index)
        passes.append(Pass(line, found.rule.name, tuple(new)))
        named = tuple(d.constants)
    raise Refusal(Finding("DRV409", f.span or Span(0, 0), {"bound": f"{MAX_PASSES} laws"}))


def no_law(e: Expr, what: str = "") -> Finding:
    """Return the diagnostic for an operator that has no law, or for something else that has none."""
    return Finding("DRV405", e.span or Span(0, 0), {"operator": what or f"{e.op} {e.name}".strip()})


# ---------------------------------------------------------------- sums on the path to a differential


def expanded(e: Expr) -> Expr:
    """Return the normal tree `e` with every sum of differentials carried to the outside."""
    if not e.args or e.op == "d" or not has_d(e):
        return e
    args = tuple(expanded(a) for a in e.args)
    if e.op == "matrix":
        return _rates(rebuilt(e, args))
    for i, a in enumerate(args):
        if a.op == "add" and e.op != "add" and has_d(a):
            terms = (expanded(normal(rebuilt(e, (*args[:i], t, *args[i + 1 :])))) for t in a.args)
            return plus(terms, e.shape)
    return e if args == e.args else normal(rebuilt(e, args))


def _rates(e: Expr) -> Expr:
    """Return a matrix of multiples of one dt as a matrix beside dt; `e` itself where its entries are something else."""
    terms = [[split(t) for t in terms_of(a)] for a in e.args]
    found = {s for entry in terms for _, scalars, _ in entry for s in scalars if s.op == "d"}
    if len(found) != 1:
        return e
    dt = found.pop()
    rates = []
    for entry in terms:
        parts = []
        for number, scalars, chain in entry:
            rest = [s for s in scalars if s != dt]
            if any(map(has_d, (*rest, *chain))) or (number != 0 and len(rest) != len(scalars) - 1):
                return e
            parts.append(product((num(number), *rest, *chain), SCALAR))
        rates.append(plus(parts, SCALAR))
    diagonal = [num(int(i == j)) for i in range(e.shape.rows.factor) for j in range(e.shape.cols.factor)]
    square = e.shape.rows == e.shape.cols and rates == diagonal
    return product((leaf("identity", e.shape) if square else rebuilt(e, tuple(rates)), dt), e.shape)
