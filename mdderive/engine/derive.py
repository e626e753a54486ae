"""The whole derivation of a gradient, told in the order of a lecture.

Restate f; take df law by law; carry each term to the differential; enter inner definitions late, the outer gradient first;
put like terms together; use declared symmetry by name; read the gradient off. The result is a sequence of `Step`s, each of
which is an equation that can be judged by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mdderive.context import Context
from mdderive.diagnostics import Diagnostic, Refusal
from mdderive.engine.arrange import is_zero, plus, product, weight, zero
from mdderive.engine.blocks import blocks
from mdderive.engine.definitions import MAX_WEIGHT, inlined, inner_definitions, letters_of, opened_context
from mdderive.engine.differentiate import differentiate, expanded
from mdderive.engine.fold import fold, leading_positive
from mdderive.engine.forms import named_forms
from mdderive.engine.isolate import Isolated, assembled, isolate, isolated
from mdderive.engine.match import same
from mdderive.engine.normal import normal
from mdderive.engine.restate import restatements
from mdderive.engine.sums import matrix_form
from mdderive.engine.transposing import cost, tidy_transposes, transposed
from mdderive.engine.vec import Jacobian, jacobian
from mdderive.rules.forms import DEFINITIONS
from mdderive.shapes import ONE
from mdderive.source import Span
from mdderive.tree import Expr, derivative, make, num, rebuilt, sym

HALF = normal(make("mul", num(1), make("pow", num(2), num(-1))))


@dataclass(frozen=True, slots=True)
class Step:
    """`left = right` by the named laws; `letters` are the constants dropped or the symmetric letters used."""

    left: Expr
    right: Expr
    laws: tuple[str, ...]
    constants: tuple[str, ...] = ()
    symmetric: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Derivation:
    """The steps, the last of which states the gradient."""

    steps: tuple[Step, ...]
    gradient: Expr


def derive(f: Expr, wrt: Expr, context: Context, *, order: int = 1, full: bool = False) -> Derivation | Diagnostic:
    """Return the derivation of ∂f/∂wrt in the layout of `context`, or of the Hessian of a scalar f where `order` is 2.

    `f` is a defined name, or an unknown scalar function applied to one; `full` gives every law a line of its own. The
    diagnostic is DRV405 for an operator without a law and DRV409 for a bound on work.
    """
    try:
        lecture = _Lecture(f, wrt, opened_context(f, wrt, context), full=full)
        lecture.restate = lecture.context.definitions.get(f.name) != context.definitions.get(f.name)
        return lecture.told() if order == 1 else lecture.second()
    except Refusal as refusal:
        return refusal.diagnostic


def spelled_out(e: Expr, varying: frozenset[str]) -> tuple[Expr, tuple[str, ...]]:
    """Return `e` by the names of the functions that it spells out, and the laws used."""
    return (e, ()) if varying.isdisjoint(letters_of(e)) else named_forms(e, DEFINITIONS)


class _Lecture:
    """Collects the steps of one derivation."""

    def __init__(self, f: Expr, wrt: Expr, context: Context, *, full: bool) -> None:
        self.f = f
        self.full = full
        self.wrt = wrt
        self.context = replace(context, layout="denominator")  # the steps are told in it, and laid out at the end
        self.layout = context.layout
        self.steps: list[Step] = []
        self.weight = 0
        self.restate = False
        self.symmetric = frozenset(n for n in context.symbols if context.has(n, "symmetric"))

    def told(self) -> Derivation:
        """Tell the first derivative."""
        laws: tuple[str, ...] = ()
        if not self.f.scalar and not self.wrt.scalar and self.layout == "block":
            gradient, laws = self._by_blocks(normal(inlined(self.f, self.context)))
            self.steps.append(Step(derivative("deriv", self.f, self.wrt, layout="block"), gradient, laws))
        else:
            gradient = self._gradient_told()
        return self._laid_out()

    def second(self) -> Derivation:
        """Tell the gradient, then its differential, and read the Hessian off."""
        gradient = normal(inlined(self._gradient_told(), self.context))
        hessian = self._by_vec(self.steps[-1].left, gradient, transpose=False)
        self.steps.append(Step(derivative("hess", self.f, self.wrt, layout="denominator"), hessian, ()))
        return self._laid_out()

    def _gradient_told(self) -> Expr:
        if self.f.scalar or self.wrt.scalar:
            gradient = self._first()
        else:
            gradient = self._by_vec(self.f, matrix_form(normal(inlined(self.f, self.context))), transpose=True)
        self.steps.append(Step(derivative("deriv", self.f, self.wrt, layout="denominator"), gradient, ()))
        return gradient

    def _laid_out(self) -> Derivation:
        """Return the derivation with every derivative in the layout asked for."""
        steps = tuple(self._in_layout(step) for step in self.steps)
        return Derivation(steps, steps[-1].right)

    def _in_layout(self, step: Step) -> Step:
        if self.layout == "denominator":
            return step
        left, right = (in_layout(side, self.layout) for side in (step.left, step.right))
        if left.op == "transpose":
            left, right = left.args[0], fold(tidy_transposes(transposed(right), self.symmetric))
        return replace(step, left=left, right=right)

    def _first(self) -> Expr:
        value = self._value(self.f) if self.f.op == "sym" else self.f
        if not self.f.scalar:
            value = matrix_form(normal(inlined(value, self.context)))
        if self.restate:
            self._say(self.f, value, ("substitution",))
        inner = inner_definitions(value, self.wrt.name, self.context)
        varying = frozenset({self.wrt.name, *inner})
        for restated, used in restatements(value, lambda e: not varying.isdisjoint(letters_of(e))):
            value = restated
            self._say(self.f, value, (used,))
        spelled, laws = spelled_out(value, varying)
        if laws:
            value = spelled
            self._say(self.f, value, laws)
        line = self._differential(self.f, value, varying)
        for name in reversed(inner):
            line = self._through(name, line, varying)
        return self._gradient(self.f, self.wrt, self._isolated(line))

    def _by_vec(self, name: Expr, value: Expr, *, transpose: bool) -> Expr:
        """Tell vec(dF) = J vec(dX) and return J, or its transpose."""
        found = self._jacobian(name, value)
        matrix = fold(tidy_transposes(fold(tidy_transposes(found.matrix)), self.symmetric))
        if matrix.op != "identity":
            self._say_jacobian(name, matrix, found.laws)
        known, laws = named_forms(matrix)
        if laws:
            matrix = fold(known)
            self._say_jacobian(name, matrix, laws)
        return leading_positive(self._termwise_transposed(matrix) if transpose else matrix)

    def _value(self, letter: Expr) -> Expr:
        """Return what a letter stands for, sums over indices in matrix form, which is a line of its own."""
        written = normal(self.context.definitions.get(letter.name, letter))
        value = matrix_form(written)
        if value != written:
            self._say(letter, value, ("indices",))
        return value

    def _termwise_transposed(self, matrix: Expr) -> Expr:
        """Return the transpose of a Jacobian, term by term where that is not longer."""
        whole = fold(tidy_transposes(transposed(matrix), self.symmetric))
        if matrix.op != "add":
            return whole
        parts = plus((transposed(t, self.symmetric) for t in matrix.args), matrix.shape.transposed)
        apart = fold(tidy_transposes(parts, self.symmetric))
        return apart if cost(apart) <= cost(whole) else whole

    def _jacobian(self, name: Expr, value: Expr) -> Jacobian:
        """Tell d(name) and return its Jacobian; letters that unknown functions are of have theirs told before."""
        targets = {node.args[-1].name for node in value.walk() if node.op in ("apply", "deriv")}
        inner = [n for n in inner_definitions(value, self.wrt.name, self.context) if n in targets]
        line = self._differential(name, value, frozenset({self.wrt.name, *inner}))
        known: dict[str, Expr] = {}
        for n in inner:
            letter = sym(n, self.context.definitions[n].shape)
            found = self._jacobian(letter, normal(inlined(self.context.definitions[n], self.context)))
            known[n] = fold(tidy_transposes(fold(tidy_transposes(found.matrix)), self.symmetric))
            self._say_jacobian(letter, known[n], found.laws)
        return jacobian(line, self.wrt, self.symmetric, known)

    def _say_jacobian(self, name: Expr, matrix: Expr, laws: tuple[str, ...]) -> None:
        vec_d, vec_dx = (normal(make("vec", make("d", e))) for e in (name, self.wrt))
        self._say(vec_d, product((matrix, vec_dx), vec_d.shape), laws)

    def _by_blocks(self, value: Expr) -> tuple[Expr, tuple[str, ...]]:
        """Tell dF and return the derivative in block layout with the laws that gave it."""
        line = self._differential(self.f, value, frozenset({self.wrt.name}))
        if is_zero(line):
            return zero(derivative("deriv", self.f, self.wrt, layout="block").shape), ()
        found = blocks(line, self.wrt, self.symmetric)
        return leading_positive(fold(tidy_transposes(found.matrix, self.symmetric))), found.laws

    def _say(
        self, left: Expr, right: Expr, laws: tuple[str, ...], constants: tuple[str, ...] = (), used: tuple[str, ...] = ()
    ) -> None:
        """Add a step, unless it only repeats an earlier line; raises `Refusal` where the derivation grows past its bound."""
        self.weight += weight(right)
        if self.weight > MAX_WEIGHT:
            raise Refusal(Diagnostic("DRV409", self.f.span or Span(0, 0), {"bound": f"{MAX_WEIGHT} nodes in a derivation"}))
        if any(step.left == left and same(step.right, right) for step in self.steps):
            return
        self.steps.append(Step(left, right, laws, constants, used))

    def _differential(self, name: Expr, value: Expr, varies: frozenset[str]) -> Expr:
        """Tell d(name) = … down to differentials of letters and return the last line."""
        passes = differentiate(value, varies, self.context)
        for p in passes:
            self._say(make("d", name), p.line, (p.law,) if p.law else (), p.constants)
        line, laws = named_forms(passes[-1].line)
        if laws:
            self._say(make("d", name), line, laws)
        return line

    def _isolated(self, line: Expr) -> tuple[Isolated, ...]:
        if is_zero(line):
            return ()
        if line.scalar:
            for move in isolate(line):
                laws = move.laws
                if self.full and move.between is not None:
                    self._say(make("d", self.f), move.between, laws[:1])
                    laws = laws[1:]
                self._say(make("d", self.f), move.result, laws)
                line = move.result
        return isolated(line)

    def _through(self, name: str, line: Expr, varies: frozenset[str]) -> Expr:
        """Read off the gradient by the definition `name`, tell its differential, and substitute that."""
        terms = self._isolated(line)
        mine = tuple(t for t in terms if t.letter.name == name)
        if not mine:
            return line
        letter = mine[0].letter
        others = tuple(t for t in terms if t.letter.name != name)
        outer = self._gradient(self.f, letter, mine, others)
        node = derivative("deriv", self.f, letter, layout="denominator")
        if not same(outer, node):
            self.steps.append(Step(node, outer, ()))
        inner = self._differential(letter, self._value(letter), varies - {name})
        beside = normal(make("transpose", outer)) if not letter.scalar else outer
        whole = _substituted(assembled(letter, beside), letter, inner)
        line = expanded(plus((whole, *(assembled(t.letter, t.factor) for t in others)), line.shape))
        self._say(make("d", self.f), line, ("substitution",))
        return line

    def _gradient(self, f: Expr, letter: Expr, terms: tuple[Isolated, ...], others: tuple[Isolated, ...] = ()) -> Expr:
        """Put the terms beside one differential together and return the gradient in denominator layout."""
        left = make("d", f)
        rest = [assembled(t.letter, t.factor) for t in others]

        def say(factor: Expr, laws: tuple[str, ...], used: tuple[str, ...] = ()) -> None:
            self._say(left, plus((assembled(letter, factor), *rest), left.shape), laws, (), used)

        if not terms:
            return zero(f.shape if letter.scalar else letter.shape)
        factor = _as_row(fold(tidy_transposes(plus((t.factor for t in terms), terms[0].factor.shape))))
        if is_zero(factor):
            return zero(f.shape if letter.scalar else letter.shape)
        if len(terms) > 1:
            say(
                factor,
                ("row-linearity" if letter.shape.cols == ONE else "linearity",),
            )
        formed, laws = named_forms(factor)
        if laws:
            factor = _as_row(fold(tidy_transposes(formed)))
            say(factor, laws)
        known = _as_row(fold(tidy_transposes(factor, self.symmetric)))
        if known != factor:
            say(known, ("symmetric",), self._used(factor))
        given = fold(assuming(known, self.context))
        if given != known:
            known = given
            say(known, ("premise",))
        if letter.scalar:
            return known
        gradient = fold(tidy_transposes(transposed(known)))
        final = leading_positive(fold(tidy_transposes(gradient, self.symmetric)))
        if self.context.has(letter.name, "symmetric"):
            final = self._symmetric_direction(final)
        plain = self.layout == "numerator" or known.op == "transpose" or letter.shape.cols == ONE or not known.args
        if not plain or final != gradient:
            if self.full and final != gradient:
                say(normal(make("transpose", gradient)), ("read-off",))
            laws = ("read-off", *(("symmetric",) if final != gradient else ()))[1 if self.full and final != gradient else 0 :]
            say(normal(make("transpose", final)), laws, self._used(gradient) if final != gradient else ())
        return final

    def _symmetric_direction(self, gradient: Expr) -> Expr:
        """Return (G + G^T)/2, which is G where G is symmetric by what is declared."""
        other = transposed(gradient, self.symmetric)
        if same(fold(plus((gradient, product((num(-1), other), gradient.shape)), gradient.shape)), zero(gradient.shape)):
            return gradient
        return fold(product((HALF, fold(plus((gradient, other), gradient.shape))), gradient.shape))

    def _used(self, e: Expr) -> tuple[str, ...]:
        """Return the letters whose declared symmetry changes `e`."""
        names = [n for n in dict.fromkeys(letters_of(e)) if n in self.symmetric]
        return tuple(n for n in names if tidy_transposes(e, self.symmetric - {n}) != tidy_transposes(e, self.symmetric))


def _as_row(factor: Expr) -> Expr:
    """Return a row as the transpose of a column where that is no longer: (a - b)^T for a^T - b^T."""
    if factor.shape.rows != ONE or factor.scalar:
        return factor
    row = normal(make("transpose", fold(tidy_transposes(transposed(factor)))))
    return row if cost(row) <= cost(factor) else factor


def _substituted(e: Expr, letter: Expr, inner: Expr) -> Expr:
    """Return `e` with d(letter) replaced by `inner`."""
    if e.op == "d" and e.args[0] == letter:
        return inner
    if not e.args or e.op in ("deriv", "hess"):
        return e
    return normal(rebuilt(e, tuple(_substituted(a, letter, inner) for a in e.args)))


def assuming(e: Expr, context: Context) -> Expr:
    """Return the normal tree `e` with the left sides of premises replaced by their right sides; scalars in either direction."""
    for premise in context.premises:
        left, right = matrix_form(normal(premise.left)), matrix_form(normal(premise.right))
        new = {left: right} | ({normal(make("mul", *map(transposed, reversed(left.args)))): right} if left.op == "mul" else {})
        e = _assumed(e, new)
    return e


def _assumed(e: Expr, new: Mapping[Expr, Expr]) -> Expr:
    if e in new:
        return new[e]
    if not e.args or e.op in ("d", "deriv", "hess"):
        return e
    args = tuple(_assumed(a, new) for a in e.args)
    return e if args == e.args else normal(rebuilt(e, args))


def in_layout(e: Expr, layout: str) -> Expr:
    """Return the normal tree `e` with its derivatives, told in denominator layout, in another layout."""
    if e.op == "hess":
        return derivative("hess", *e.args, layout=layout)
    if e.op == "deriv":
        node = derivative("deriv", *e.args, layout=layout)
        return normal(make("transpose", node)) if layout == "numerator" and not e.args[1].scalar else node
    if not e.args:
        return e
    args = tuple(in_layout(a, layout) for a in e.args)
    return e if args == e.args else normal(rebuilt(e, args))
