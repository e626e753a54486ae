"""What differentials and derivatives mean: by which letter, in which layout, in which direction, at which value."""

from dataclasses import replace
from typing import ClassVar

from mdderive.latex import syntax
from mdderive.latex.leaves import Meanings
from mdderive.latex.operations import Operations
from mdderive.latex.syntax import Syntax
from mdderive.model.conjugation import TIED, is_real
from mdderive.model.context import MOVED, Symbol, closure, mentioned, put_in
from mdderive.model.diagnostics import Finding, Refusal
from mdderive.model.expr import LETTERS, Expr, derivative, make, num, sym
from mdderive.model.shapes import ONE, SCALAR, Shape


class Motions(Operations):
    """Builds what moves letters, over all that stands still."""

    def _derivative(self, s: syntax.Derivative) -> Expr:
        match s.args:
            case syntax.Standing(
                (inner, syntax.Ask() as unsaid, value), span=span
            ), syntax.Ask():  # the gradient of f(x), at a value
                return self._standing(syntax.Standing((replace(s, args=(inner, unsaid)), unsaid, value), span))
        if s.how == "conjugate":
            return self._conjugate_gradient(s)
        written = s.args[0]
        flipped = isinstance(written, syntax.Transpose)
        f = self.build(written.args[0] if flipped else written)
        if s.how in ("vec", "vec transposed"):
            return self._by_vec(f, s)
        if flipped and ONE not in f.shape:
            flipped, f = False, self.build(written)
        if s.how == "before" and not f.scalar:  # the gradient of the row, or of the whole product?
            raise Refusal(Finding("DRV214", s.span))
        x = self._variable(s, f)
        if s.how == "partial":
            self._held_fixed(f, x, s)
        node = derivative("deriv", f, x, layout=self.context.layout)
        if flipped and f.scalar:
            self.notices.append(Finding("DRV406", s.span))
        turned = s.how == "entry" and f.scalar and node.name == "numerator"  # by x_{ij}, a scalar: the same in every layout
        transposed = (flipped and f.scalar) != (s.how == "transposed" or turned)
        return node if not transposed or node.scalar else Expr("transpose", (node,), node.shape.transposed)

    def _conjugate_gradient(self, s: syntax.Derivative) -> Expr:
        """Return twice the derivative of a real function by the conjugate letter."""
        f, x = (self.build(a) for a in s.args)
        known = {name: self.unify.tree(value) for name, value in self.context.definitions.items()}
        if not f.scalar or not is_real(f, replace(self.context, definitions=known)):
            raise Refusal(Finding("DRV231", s.span, {"construct": r"\nabla of what is not seen to be real"}))
        return make("mul", num(2), derivative("deriv", f, x, layout=self.context.layout))

    def _by_vec(self, f: Expr, s: syntax.Derivative) -> Expr:
        r"""Return the derivative by vec(X); by its transpose it has a row for every entry of f in every layout."""
        x, transposed = self._variable(s, f), s.how == "vec transposed" or self.context.layout == "numerator"
        if isinstance(s.args[0], syntax.Transpose) or x.scalar or self.context.layout == "block":
            raise Refusal(Finding("DRV214", s.span))
        f = f.args[0] if f.op == "vec" else f
        node = derivative("deriv", f, x, layout="denominator")
        node = Expr("vec", (node,), Shape(x.shape.entries, ONE)) if f.scalar else node
        return Expr("transpose", (node,), node.shape.transposed) if transposed else node

    def _directional(self, s: syntax.Directional) -> Expr:
        f = self.build(s.args[0])
        x = self._variable(s, f)
        self._held_fixed(f, x, s)
        return Expr("along", (f, *self.fitted(",", (x, self.build(s.args[2])))), f.shape)

    def _standing(self, s: syntax.Standing) -> Expr:
        f = self.build(s.args[0])
        if isinstance(s.args[1], syntax.Ask):  # f(X + H) where a formula defines f(X)
            named = f.args[0] if f.op in ("deriv", "hess") else f
            argument = self.context.symbols[named.name].argument if named.op == "sym" else ""
            if not argument:
                raise Refusal(Finding("DRV226", s.span, {"name": named.name, "letters": ", ".join(sorted(mentioned(f)))}))
            x = self.named(argument, s.args[1].span)
        else:
            x = self.build(s.args[1])
        if x.op != "sym" or x.name in self.context.definitions or self.context.moving(x.name):
            raise Refusal(Finding("DRV214", s.span))
        if f.op == "sym" and f != x and x.name not in closure(f, self.context):  # nothing says how the value depends on it
            raise Refusal(Finding("DRV214", s.span))
        if self.context.has(x.name, "complex"):  # its conjugate has a value then too
            raise Refusal(Finding("DRV231", s.span, {"construct": rf"|_{{{x.name} = …}}"}))
        if any(node.op == "d" for node in f.walk()):  # what dx is where x is a value, notes leave to their readers
            raise Refusal(Finding("DRV214", s.span))
        x, value = self.fitted(",", (x, self.build(s.args[2])))
        return put_in(f, x, value, self.context) or Expr("at", (f, x, value), f.shape)

    def _held_fixed(self, f: Expr, x: Expr, s: Syntax) -> None:
        """Refuse ∂f/∂t where f depends on t through letters declared as x(t): nobody can tell whether they are held fixed."""
        moving = self.context.moving(x.name)
        reached: set[str] = set()
        waiting = [f] if moving and f.name not in moving else []
        while waiting:
            names = {node.name for node in waiting.pop().walk() if node.op == "sym"} - reached
            reached |= names
            waiting += [self.context.definitions[name] for name in names if name in self.context.definitions]
        through = [name for name in moving if name in reached]
        if through:
            raise Refusal(Finding("DRV240", s.span, {"variable": x.name, "names": ", ".join(through)}))

    def _second(self, s: syntax.SecondDerivative) -> Expr:
        match s.args:
            case syntax.Standing((inner, syntax.Ask() as unsaid, value), span=span), syntax.Ask():
                return self._standing(syntax.Standing((replace(s, args=(inner, unsaid)), unsaid, value), span))
        f = self.build(s.args[0])
        if not f.scalar and len(s.args) == 2 and (x := self._variable(s, f)).scalar:  # entry by entry
            self._held_fixed(f, x, s)
            return derivative("deriv", derivative("deriv", f, x, layout=self.context.layout), x, layout=self.context.layout)
        if not f.scalar:
            raise Refusal(Finding("DRV214", s.span))
        if len(s.args) == 3:
            return self._mixed(f, s)
        return derivative("hess", f, self._variable(s, f), layout=self.context.layout)

    def _mixed(self, f: Expr, s: syntax.SecondDerivative) -> Expr:
        r"""Return `\partial^2 f / \partial x \partial y^T`, rows by x and columns by y; without the transpose one is a number."""
        x, y = self._variable(s, f), self.build(s.args[2])
        turned = y.op == "transpose"
        y = y.args[0] if turned else y
        fits = ONE in x.shape and ONE in y.shape if turned else x.scalar or y.scalar
        if self.context.layout != "denominator" or not fits:
            raise Refusal(Finding("DRV214", s.span))
        for letter in (x, y):
            self._held_fixed(f, letter, s)
        node = derivative("deriv", derivative("deriv", f, x, layout="denominator"), y, layout="denominator")
        return Expr("transpose", (node,), node.shape.transposed) if turned and not node.scalar else node

    def _variable(self, s: Syntax, f: Expr) -> Expr:
        """Return what a derivative is taken by; where that is not written, the argument of an unknown function."""
        if isinstance(s.args[1], syntax.Ask):
            return f.args[0] if f.op == "apply" and f.args[0].op == "sym" else self._only_variable(f, s)
        x = self.build(s.args[1])
        if x.op not in LETTERS or any(self.context.has(x.name, tied) for tied in TIED):
            raise Refusal(Finding("DRV214", s.span))
        return x

    def _only_variable(self, f: Expr, s: Syntax) -> Expr:
        r"""Return the letter of `\nabla f`: the argument that f is defined with, or the one column that it is made of."""
        known = self.context.symbols
        made = sorted((closure(f, self.context) & known.keys()) - self.context.definitions.keys() - {f.name})
        free = [n for n in made if known[n].shape != SCALAR and not self.context.has(n, "constant") and known[n].family is None]
        free = [n for n in free if known[n].shape.cols == ONE] if len(free) > 1 else free
        argument = known[f.name].argument if f.op == "sym" else ""
        if not argument and (len(free) != 1 or f.op != "sym"):
            raise Refusal(Finding("DRV214", s.span))
        x = argument or free[0]
        others = [n for n in made if n != x and not self.context.has(n, "constant")]
        if others and not argument:
            self.remark(s.span, r"\nabla", rf"\nabla_{{{x}}}", rf"\nabla_{{{', '.join(others)}}}")
        return self.named(x, s.span)

    def _chain_product(self, s: syntax.ChainProduct) -> Expr:
        r"""Return what derivatives give by the chain rule: behind `b`, that of \langle G, b \rangle with its own gradient as G.

        Those of what is no number are Jacobians, multiplied in the order of the layout.
        """
        turned = isinstance(s.args[0], syntax.Transpose)
        first, *others = (n.args[0] if isinstance(n, syntax.Transpose) else n for n in s.args)
        if not all(isinstance(n, syntax.Derivative) for n in (first, *others)):
            raise Refusal(Finding("DRV214", s.span))
        product = self.build(first)
        if not self.build(first.args[0]).scalar:
            factors = [product, *map(self.build, others)]
            factors = factors if self.context.layout == "numerator" else factors[::-1]
            if misfit := self._misfit(factors):
                self._conflict("*", *misfit)
            return self.multiplied(factors)
        for then in others:
            product = self._through(product, then)
        return Expr("transpose", (product,), product.shape.transposed) if turned else product

    def _through(self, slope: Expr, then: Syntax) -> Expr:
        """Return the gradient by the letter of a derivative, of what has a gradient by what that differentiates."""
        of = self.build(then.args[0])
        if of.scalar:
            return make("mul", slope, self.build(then))
        if self.context.layout == "numerator" and not slope.scalar:
            slope = Expr("transpose", (slope,), slope.shape.transposed)
        held = Symbol(f"G{MOVED}{len(self.context.symbols)}", of.shape, frozenset({"constant"}), inferred=True)
        self.context = replace(self.context, symbols={**self.context.symbols, held.name: held})
        letter = sym(held.name, of.shape)
        still = Expr("inner", self.fitted(",", (letter, of)), SCALAR)
        by = derivative("deriv", still, self._variable(then, still), layout=self.context.layout)
        return Expr("at", (by, *self.fitted(",", (letter, slope))), by.shape)

    def _listed(self, s: syntax.Listed) -> Expr:
        raise Refusal(Finding("DRV214", s.span))  # asked for, a goal for each letter is read instead

    def _differential(self, s: syntax.Differential, moved: Expr) -> Expr:
        inner = s.args[0]
        if isinstance(inner, syntax.Power) and isinstance(inner.args[0], syntax.Letter) and moved.scalar:
            raise Refusal(Finding("DRV205", s.span, {"base": inner.args[0].name}))
        return Expr("d", (moved,), moved.shape)

    meanings: ClassVar[Meanings] = {
        **Operations.meanings,
        syntax.Derivative: _derivative,
        syntax.SecondDerivative: _second,
        syntax.Directional: _directional,
        syntax.Standing: _standing,
        syntax.ChainProduct: _chain_product,
        syntax.Listed: _listed,
    }
    wholes: ClassVar[Meanings] = {**Operations.wholes, syntax.Differential: _differential}
