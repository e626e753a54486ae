"""The whole derivation of a gradient, told in the order of a lecture.

Restate f; take df law by law; carry each term to the differential; enter inner definitions late, the outer gradient first;
put like terms together; use declared symmetry by name; read the gradient off. The result is a sequence of `Rewrite`s, each of
which is an equation that can be judged by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mdderive.engine.arrange import plus, product
from mdderive.engine.differentiate import differentiate, expanded, replaced
from mdderive.engine.fold import fold, leading_positive
from mdderive.engine.isolate import Isolated, assembled, collected, isolate, isolated
from mdderive.engine.lift import MAX_WEIGHT
from mdderive.engine.members import at_member, by_member
from mdderive.engine.named_forms import named_forms
from mdderive.engine.normal import normal
from mdderive.engine.readoff import as_row, assuming, in_layout, read_off, without_orthogonal
from mdderive.engine.restate import restatements, spelled_out
from mdderive.engine.seen_through import inlined, inner_definitions, product_inlined
from mdderive.engine.sums import matrix_form
from mdderive.engine.transposing import cost, tidy_transposes, transposed
from mdderive.model.context import Context
from mdderive.model.diagnostics import Finding, Refusal
from mdderive.model.expr import Expr, derivative, make, sym, unshadowed
from mdderive.model.shapes import ONE, SCALAR
from mdderive.model.source import Span
from mdderive.model.terms import is_zero, letters_of, same, weight, zero
from mdderive.rules.forms import DEFINITIONS

if TYPE_CHECKING:
    from mdderive.engine.vec_form import Jacobian


@dataclass(frozen=True, slots=True)
class Rewrite:
    """`left = right` by the named laws; `constants` were dropped, `letters` are those whose declared property was used."""

    left: Expr
    right: Expr
    laws: tuple[str, ...]
    constants: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Derived:
    """The steps, the last of which states the gradient."""

    steps: tuple[Rewrite, ...]
    gradient: Expr


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a differential: its left side, the first term of each differential whose factor is told, all other terms."""

    left: Expr
    firsts: tuple[Isolated, ...]
    rest: tuple[Expr, ...]


class Lecture:
    """Collects the steps of one derivation; raises `Refusal` where it can't go on."""

    def __init__(self, f: Expr, wrt: Expr, context: Context, *, full: bool, also: Sequence[Expr] = ()) -> None:
        self.f = f
        self.full = full
        self.wrt = wrt
        self.variables = (wrt, *also)
        self.context = replace(context, layout="denominator")  # the steps are told in it, and laid out at the end
        self.layout = context.layout
        self.steps: list[Rewrite] = []
        self.weight = 0
        self.restate = False
        self.symmetric = frozenset(n for n in context.symbols if context.has(n, "symmetric"))

    def told(self) -> Derived:
        """Tell the first derivative."""
        laws: tuple[str, ...] = ()
        if not self.f.scalar and not self.wrt.scalar and self.layout == "block":
            gradient, laws = self._by_blocks(normal(inlined(self.f, self.context)))
            self.steps.append(Rewrite(derivative("deriv", self.f, self.wrt, layout="block"), gradient, laws))
        else:
            gradient = self._gradient_told()
        return self._laid_out()

    def second(self) -> Derived:
        """Tell the gradient, then its differential, and read the Hessian off."""
        gradient = normal(inlined(self._gradient_told(), self.context))
        hessian = self._by_vec(self.steps[-1].left, gradient, transpose=False)
        self.steps.append(Rewrite(derivative("hess", self.f, self.wrt, layout="denominator"), hessian, ()))
        return self._laid_out()

    def _gradient_told(self) -> Expr:
        if self.f.scalar or self.wrt.scalar:
            gradient = self._first()
        else:
            gradient = self._by_vec(self.f, matrix_form(normal(inlined(self.f, self.context))), transpose=True)
        self.steps.append(self._gradient_by(self.wrt, gradient))
        return gradient

    def _gradient_by(self, x: Expr, gradient: Expr) -> Rewrite:
        laws = ("member",) if x.op == "member" else ("wirtinger",) if self.context.has(x.name, "complex") else ()
        return Rewrite(derivative("deriv", self.f, x, layout="denominator"), gradient, laws)

    def _laid_out(self) -> Derived:
        """Return the derivation with every derivative in the layout asked for."""
        steps = tuple(self._in_layout(step) for step in self.steps)
        return Derived(steps, steps[-1].right)

    def _in_layout(self, step: Rewrite) -> Rewrite:
        if self.layout == "denominator":
            return step
        left, right = (in_layout(side, self.layout) for side in (step.left, step.right))
        if left.op == "transpose":
            left, right = left.args[0], fold(tidy_transposes(transposed(right), self.symmetric))
        return replace(step, left=left, right=right)

    def _first(self) -> Expr:
        terms = self._isolated(self._line())
        if self.wrt.op != "member":
            return self._gradient(self.f, self.wrt, terms)
        groups = by_member(terms)
        found = self._gradients(self.f, [(group[0].letter, group) for group in groups])
        gradient = at_member([(group[0], one) for group, one in zip(groups, found, strict=True)], self.wrt)
        return leading_positive(fold(tidy_transposes(fold(gradient), self.symmetric)))

    def differential(self) -> Expr:
        """Tell the differential, that of a scalar with the terms beside the variable's together, and return it."""
        line = self._line()
        if not self.f.scalar or is_zero(line):
            return line
        factor = as_row(fold(tidy_transposes(collected(terms := self._isolated(line)), self.symmetric)), self.symmetric)
        together = assembled(replace(terms[0], factor=factor)) if not is_zero(factor) else zero(SCALAR)
        self._say(make("d", self.f), together, ("row-linearity" if self.wrt.shape.cols == ONE else "linearity",))
        return together

    def _line(self) -> Expr:
        """Tell the differential down to those of the variables."""
        value = self._value(self.f) if self.f.op == "sym" else self.f
        if not self.f.scalar:
            value = matrix_form(normal(inlined(value, self.context)))
        likelihood = product_inlined(value, self.context)
        if self.restate or likelihood != value:
            value = likelihood
            self._say(self.f, value, ("substitution",))
        moving = self.context.moving(self.wrt.name)
        below = {name for x in self.variables for name in inner_definitions(value, x.name, self.context)}
        inner = tuple(name for name in self.context.definitions if name in below)
        varying = frozenset({*(x.name for x in self.variables), *moving, *inner})
        for restated, used in restatements(value, lambda e: not varying.isdisjoint(letters_of(e))):
            value = restated
            self._say(self.f, value, used)
        spelled, laws = spelled_out(value, varying)
        if laws:
            value = spelled
            self._say(self.f, value, laws)
        line = self._differential(self.f, value, varying)
        for name in reversed(inner):
            line = self._through(name, line, varying)
        if moving:
            line = self._moved(line, moving, varying)
        return line

    def together(self) -> tuple[Derived, ...]:
        """Tell one differential of a scalar function and read the gradients by all variables off it."""
        terms = self._isolated(self._line())
        groups = [(x, tuple(t for t in terms if t.letter.name == x.name)) for x in self.variables]
        gradients = self._gradients(self.f, groups)
        shared = tuple(self.steps)
        told = [self._gradient_by(x, g) for x, g in zip(self.variables, gradients, strict=True)]
        return tuple(Derived((*shared, step), step.right) for step in told)

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
            value, laws = named_forms(value, DEFINITIONS)
            self._say(letter, value, ("indices", *laws))
        return value

    def _termwise_transposed(self, matrix: Expr) -> Expr:
        """Return the transpose of a Jacobian, term by term where that is not longer."""
        whole = fold(tidy_transposes(transposed(matrix), self.symmetric))
        if matrix.op != "add":
            return whole
        parts = plus((transposed(t, self.symmetric) for t in matrix.args), matrix.shape.transposed)
        apart = fold(tidy_transposes(parts, self.symmetric))
        return apart if cost(apart) <= cost(whole) else whole

    def _jacobian(self, name: Expr, value: Expr) -> "Jacobian":
        """Tell d(name) and return its Jacobian; letters that unknown functions are of have theirs told before."""
        from mdderive.engine.vec_form import jacobian  # lazily: for what is no derivative of or by a scalar

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
        from mdderive.engine.block_form import blocks  # lazily: for this layout alone

        line = self._differential(self.f, value, frozenset({self.wrt.name}))
        if is_zero(line):
            return zero(derivative("deriv", self.f, self.wrt, layout="block").shape), ()
        found = blocks(line, self.wrt, self.symmetric)
        return leading_positive(fold(tidy_transposes(found.matrix, self.symmetric))), found.laws

    def _say(
        self, left: Expr, right: Expr, laws: tuple[str, ...], constants: tuple[str, ...] = (), used: tuple[str, ...] = ()
    ) -> None:
        """Add a step, unless it only repeats an earlier line; raises `Refusal` where the derivation grows past its bound."""
        self.weight += weight(right := unshadowed(right))
        if self.weight > MAX_WEIGHT:
            raise Refusal(Finding("DRV409", self.f.span or Span(0, 0), {"bound": f"{MAX_WEIGHT} nodes in a derivation"}))
        if any(step.left == left and same(step.right, right) for step in self.steps):
            return
        self.steps.append(Rewrite(left, right, laws, constants, used))

    def _differential(self, name: Expr, value: Expr, varies: frozenset[str]) -> Expr:
        """Tell d(name) = … down to differentials of letters and return the last line."""
        passes = differentiate(value, varies, self.context)
        of_entries = any(p.law == "d-product-over-index" for p in passes)  # its sum may have a matrix form
        for p in passes:
            line = matrix_form(p.line) if of_entries else p.line
            used = (*([p.law] if p.law else []), *(["indices"] if line != p.line else []))
            self._say(make("d", name), line, used, p.constants)
        line, laws = named_forms(line)
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
        """Read off the gradient by the definition `name`, tell its differential, and substitute that.

        A letter that is a function of the variable has the differential dx = x' dt.
        """
        terms = self._isolated(line)
        mine = tuple(t for t in terms if t.letter.name == name)
        if not mine:
            return line
        letter = mine[0].letter
        others = tuple(t for t in terms if t.letter.name != name)
        outer = self._gradient(self.f, letter, mine, others)
        node = derivative("deriv", self.f, letter, layout="denominator")
        if not same(outer, node):
            self.steps.append(Rewrite(node, outer, ()))
        if name in self.context.definitions:
            value = self._value(letter)
            inner = self._differential(letter, value, varies - {name})
            if value.op in ("softmax", "rowsoftmax"):  # it keeps its name: dp = p ⊙ dz - p^T dz p
                inner = replaced(inner, {value: letter})
                self._say(make("d", letter), inner, ("substitution",))
        else:
            inner = self._velocity(letter)
        beside = normal(make("transpose", outer)) if not letter.scalar else outer
        whole = replaced(assembled(Isolated(letter, beside)), {make("d", letter): inner})
        line = expanded(plus((whole, *map(assembled, others)), line.shape))
        self._say(make("d", self.f), line, ("substitution",))
        return line

    def _velocity(self, letter: Expr) -> Expr:
        """Tell dx = x' dt for a letter that is a function of the variable t."""
        rate = derivative("deriv", letter, self.wrt, layout=self.context.layout)
        inner = product((rate, make("d", self.wrt)), letter.shape)
        self._say(make("d", letter), inner, ("moving",))
        return inner

    def _moved(self, line: Expr, moving: Sequence[str], varies: frozenset[str]) -> Expr:
        """Substitute dx = x' dt for the letters that are functions of the variable; one alone is read off first."""
        found = {e.args[0].name: e.args[0] for e in line.walk() if e.op == "d" and e.args[0].name in moving}
        if line.scalar and len(found) == 1:
            return self._through(next(iter(found)), line, varies)
        if line.scalar:
            terms = self._isolated(line)
            line = plus(map(assembled, terms), line.shape)
        for letter in found.values():
            line = expanded(replaced(line, {make("d", letter): self._velocity(letter)}))
        if found:
            self._say(make("d", self.f), line, ("substitution",))
        return line

    def _gradient(self, f: Expr, letter: Expr, terms: tuple[Isolated, ...], others: tuple[Isolated, ...] = ()) -> Expr:
        """Put the terms beside one differential together and return the gradient in denominator layout."""
        return self._gradients(f, ((letter, terms),), others)[0]

    def _gradients(
        self, f: Expr, groups: Sequence[tuple[Expr, tuple[Isolated, ...]]], others: tuple[Isolated, ...] = ()
    ) -> tuple[Expr, ...]:
        """Put the terms beside each differential together, all in the same lines; return the gradients, denominator layout."""
        moving = [(letter, terms) for letter, terms in groups if terms]
        line = _Line(make("d", f), tuple(terms[0] for _, terms in moving), tuple(map(assembled, others)))
        letters = tuple(letter for letter, _ in moving)
        factors = self._by_premises(line, self._collected(line, moving))
        found = dict(zip(letters, self._read_off(line, letters, factors), strict=True))
        return tuple(found.get(x) or zero(f.shape if x.scalar else x.shape) for x, _ in groups)

    def _put(self, line: _Line, factors: Sequence[Expr], laws: tuple[str, ...], used: tuple[str, ...] = ()) -> None:
        """Tell a line with new factors beside its differentials."""
        firsts = zip(line.firsts, factors, strict=True)
        parts = (assembled(replace(first, factor=m)) for first, m in firsts if not is_zero(m))
        self._say(line.left, plus((*parts, *line.rest), line.left.shape), laws, (), used)

    def _collected(self, line: _Line, moving: Sequence[tuple[Expr, tuple[Isolated, ...]]]) -> list[Expr]:
        """Put the terms beside each differential together, and what has a name under its name; return the factors."""
        factors = [as_row(fold(tidy_transposes(collected(terms)))) for _, terms in moving]
        several = [x for x, terms in moving if len(terms) > 1]
        if several:
            self._put(line, factors, ("row-linearity" if all(x.shape.cols == ONE for x in several) else "linearity",))
        formed = [named_forms(m) for m in factors]
        if any(laws for _, laws in formed):
            factors = [as_row(fold(tidy_transposes(new))) if laws else m for m, (new, laws) in zip(factors, formed, strict=True)]
            self._put(line, factors, tuple(dict.fromkeys(name for _, laws in formed for name in laws)))
        return factors

    def _by_premises(self, line: _Line, factors: list[Expr]) -> list[Expr]:
        """Use in the factors what is declared of letters and granted by equations."""
        known = [as_row(fold(tidy_transposes(m, self.symmetric)), self.symmetric) for m in factors]
        if known != factors:
            self._put(line, known, ("symmetric",), self._used(*factors))
        granted = [assuming(m, self.context) for m in known]
        given = [m if g == m else fold(g) for m, g in zip(known, granted, strict=True)]
        if given != known:
            known = [as_row(m, self.symmetric) for m in given]
            self._put(line, known, ("premise",))
        orthogonal = tuple(dict.fromkeys(n for m in known for n in letters_of(m) if self.context.has(n, "orthogonal")))
        tidied = [fold(tidy_transposes(without_orthogonal(m, frozenset(orthogonal)))) if orthogonal else m for m in known]
        if tidied != known:
            self._put(line, tidied, ("orthogonal",), orthogonal)
        return tidied

    def _read_off(self, line: _Line, letters: Sequence[Expr], factors: Sequence[Expr]) -> tuple[Expr, ...]:
        """Read the gradients off the factors, transposed where the layout asks for it."""
        said = self.steps[-1].letters if self.steps and "symmetric" in self.steps[-1].laws else ()
        read = [
            read_off(x, m, self.context, self.symmetric, row=self.layout == "numerator")
            for x, m in zip(letters, factors, strict=True)
        ]
        laws = tuple(dict.fromkeys(name for r in read for name in r.laws))
        columns = all(x.shape.cols == ONE for x in letters) and {*laws} <= {"read-off", "symmetric"}
        if columns and laws and {*self._used(*(r.before for r in read))} <= {*said}:
            laws = ()  # said in the line above already
        if laws:
            turned = [r.turned if r.laws else m for r, m in zip(read, factors, strict=True)]
            if self.full and "symmetric" in laws and "read-off" in laws:
                plainly = [normal(make("transpose", r.before)) if r.laws else m for r, m in zip(read, factors, strict=True)]
                self._put(line, plainly, ("read-off",))
                laws = tuple(name for name in laws if name != "read-off")
            self._put(line, turned, laws, self._used(*(r.before for r in read)) if "symmetric" in laws else ())
        return tuple(r.gradient for r in read)

    def _used(self, *trees: Expr) -> tuple[str, ...]:
        """Return the letters whose declared symmetry changes the trees."""

        def changes(e: Expr, name: str) -> bool:
            return tidy_transposes(e, self.symmetric - {name}) != tidy_transposes(e, self.symmetric)

        names = dict.fromkeys(n for e in trees for n in letters_of(e) if n in self.symmetric)
        return tuple(n for n in names if any(changes(e, n) for e in trees))
