"""The leaves of expressions: letters, numbers and constants with their shapes, which agree by unification of sizes.

Unknown sizes are names that begin with `?`. A declared size is never merged with another one unless a constraint says so, and an
unknown never becomes 1: whether a dimension is 1 is known from the start.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import reduce
from typing import ClassVar, NoReturn

from mdderive.latex import stand_ins, syntax
from mdderive.latex.letters import BY_CONVENTION, Letters, base_letter, square_of
from mdderive.latex.syntax import Leaf, Syntax
from mdderive.model.conjugation import conjugate, conjugated_name, is_complex
from mdderive.model.context import Context, Symbol
from mdderive.model.diagnostics import Finding, Hint, Label, Refusal
from mdderive.model.expr import Expr, derivative, leaf, num, sym
from mdderive.model.shapes import ONE, SCALAR, Dim, Shape, plus, size, times
from mdderive.model.source import Span

_INDICES = frozenset("ijkl, ")
NO_KINDS: Mapping[str, str] = {}
Meanings = Mapping[type[Leaf] | type[syntax.Branch], Callable[..., Expr]]


class Unifier:
    """Collects equations between dimensions."""

    def __init__(self, equal: dict[str, str] | None = None) -> None:
        self.known: dict[str, Dim] = {a: Dim(int(b)) if b.isdigit() else Dim(1, (b,)) for a, b in (equal or {}).items()}
        self.count = 0

    def fresh(self) -> Dim:
        """Return a new unknown size."""
        self.count += 1
        return Dim(1, (f"?{self.count}",))

    def resolved(self, dim: Dim) -> Dim:
        """Return `dim` with everything known put in."""
        if self.known.keys().isdisjoint(dim.letters):
            return dim
        return dim.with_sizes(lambda name: self.resolved(self.known[name]) if name in self.known else size(name))

    def same(self, a: Dim, b: Dim) -> bool:
        """Make two dimensions equal; False where they cannot be."""
        if a == b:
            return True
        a, b = self.resolved(a), self.resolved(b)
        if a == b:
            return True
        for x, y in ((a, b), (b, a)):
            name = x.names[0] if len(x.names) == 1 and x == size(x.names[0]) else ""
            if name.startswith("?") and name not in y.letters and y != ONE:
                self.known[name] = y
                return True
        return self._cancelled(a, b)

    def _cancelled(self, a: Dim, b: Dim) -> bool:
        """Cancel common terms of two sums, or common factors of two products, and try again."""
        if a.more or b.more:
            common = [term for term in a.terms if term in b.terms]
            rest = [[term for term in dim.terms if term not in common] for dim in (a, b)]
            return bool(common) and all(rest) and self.same(plus(*rest[0]), plus(*rest[1]))
        left, right = list(a.names), list(b.names)
        for name in a.names:
            if name in right:
                left.remove(name)
                right.remove(name)
        shorter = (Dim(a.factor, tuple(left)), Dim(b.factor, tuple(right)))
        if shorter == (a, b):
            return self._paired(a, b)
        return ONE not in shorter and self.same(*shorter)

    def _paired(self, a: Dim, b: Dim) -> bool:
        r"""Make two products of unknown sizes equal factor by factor, older ones first: `(A \otimes B)(C \otimes D)`."""
        sizes = [sorted(int(name[1:]) for name in dim.names if name.startswith("?")) for dim in (a, b)]
        if not len(sizes[0]) == len(sizes[1]) == len(a.names) == len(b.names) > 1 or a.factor != b.factor:
            return False
        self.known.update((f"?{x}", Dim(1, (f"?{y}",))) for x, y in zip(*sizes, strict=True))
        return True

    def same_shape(self, a: Shape, b: Shape) -> bool:
        """Make two shapes equal; False where they cannot be."""
        return self.same(a.rows, b.rows) and self.same(a.cols, b.cols)

    def shape(self, shape: Shape) -> Shape:
        """Return `shape` with everything known put in."""
        return shape if not self.known else Shape(self.resolved(shape.rows), self.resolved(shape.cols))

    def tree(self, e: Expr) -> Expr:
        """Return `e` with everything known put into its shapes."""
        if not self.known:
            return e
        args = tuple(self.tree(a) for a in e.args)
        shape = self.shape(e.shape)
        if shape == e.shape and args == e.args:
            return e
        return Expr(e.op, args, shape, e.name, e.value, e.span)


class Leaves:
    """Builds expressions; the state is what was inferred so far. Subclasses add the meanings of other nodes."""

    def __init__(
        self,
        context: Context,
        letters: Letters = BY_CONVENTION,
        kinds: Mapping[str, str] = NO_KINDS,
        *,
        keeps: bool = False,
    ) -> None:
        self.context = context
        self.letters = letters
        self.kinds = kinds
        self.unify = Unifier({c.left: c.right for c in context.constraints if c.relation == "="})
        self.notices: list[Finding] = []
        self.built: dict[int, Expr] = {}
        self.keeps = keeps  # what is built, by the identity of its syntax
        self.indices: dict[str, Dim] = {}  # over which sizes they run
        self.bound: set[str] = set()
        self.counts: dict[str, tuple[Dim, ...]] = {}
        self.sizes = context.sizes | context.lengths()

    def build(self, s: Syntax) -> Expr:
        """Return the expression for a syntax node; raises `Refusal`."""
        known = self.built.get(id(s))
        if known is not None:
            return known
        if (whole := self.wholes.get(type(s))) is not None:
            built = whole(self, s, *[self.build(part) for part in s.args])
        elif (meaning := self.meanings.get(type(s))) is not None:
            built = meaning(self, s)
        else:
            raise Refusal(Finding("DRV138", s.span) if isinstance(s, syntax.Ask) else Finding("DRV203", s.span, {"found": "?"}))
        built = built if built.span == s.span else built.at(s.span)
        if self.keeps:
            self.built[id(s)] = built
        return built

    def remark(self, span: Span, text: str, reading: str, other: str) -> None:
        """Note how something with two readings is read."""
        self.notices.append(Finding("DRV230", span, {"text": text, "reading": reading, "other": other}))

    def ones_meant(self, span: Span | None) -> None:
        """Note, once, that a bare 1 is read as ones."""
        if not any(notice.code == "DRV258" for notice in self.notices):
            self.notices.append(Finding("DRV258", span or Span(0, 0)))

    def _conflict(self, sign: str, left: Expr, right: Expr) -> NoReturn:
        shape = self._words(left)
        labels = [Label(left.span, {"en": f"this is {shape}", "zh": f"此处为 {shape}"})] if left.span else []
        labels += self._declaration(left) + self._declaration(right)
        facts = {"sign": sign, "left": shape, "right": self._words(right)}
        code = "DRV302" if sign == "*" else "DRV301"
        turned = sign != "*" and self.unify.shape(left.shape) == self.unify.shape(right.shape).transposed
        hints = (
            (Hint("shape", {"en": "the two shapes are transposes of each other", "zh": "两个形状互为转置"}),) if turned else ()
        )
        raise Refusal(Finding(code, right.span or Span(0, 0), facts, tuple(labels), hints))

    def _declaration(self, e: Expr) -> list[Label]:
        known = self.context.symbols.get(e.name) if e.op == "sym" else None
        if known is None or known.span is None or known.inferred:
            return []
        return [Label(known.span, {"en": f"{e.name} is declared here", "zh": f"{e.name} 在此声明"})]

    def _words(self, e: Expr) -> str:
        return str(self.unify.shape(e.shape)).replace("?", "unknown ")

    def _square(self, e: Expr, s: Syntax) -> Expr:
        """Return `e`, which must be square (its unknown sizes become equal)."""
        if e.scalar or (ONE not in e.shape and self.unify.same(*e.shape)):
            return e
        labels = self._declaration(e)
        raise Refusal(Finding("DRV303", e.span or s.span, {"shape": self._words(e)}, tuple(labels)))

    def _number(self, s: syntax.Number) -> Expr:
        return num(Fraction(s.digits))

    def _letter(self, s: syntax.Letter) -> Expr:
        return self.named(s.name, s.span)

    def named(self, name: str, span: Span) -> Expr:
        """Return the expression that a name stands for."""
        if "_" in name and (place := self._placed(name, span)) is not None:
            return place
        if name in self.context.unknown:
            inner = self.context.unknown[name]
            return Expr("apply", (self._symbol(inner, span),), SCALAR, name)
        if name in self.letters.unknown:
            return Expr("apply", (self._symbol("Y", span),), SCALAR, name)
        if name in self.context.elementwise or name in self.letters.functions:
            raise Refusal(Finding("DRV219", span, {"name": name}))
        if name in self.context.symbols:
            return self._symbol(name, span)
        if name in self.sizes:
            return leaf("size", name=name)
        if name in ("e", r"\pi") and name not in self.kinds:
            return leaf("const", name=name)
        if (square := square_of(name)) in self.context.symbols:
            return Expr("fn", (self._symbol(square, span),), SCALAR, "sqrt")
        function, _, variable = name.partition("_")
        if name not in self.context.symbols and variable.strip("{}") in self.context.symbols:
            f = self._differentiable(function, span)
            if f is not None:
                return derivative("deriv", f, self._symbol(variable.strip("{}"), span), layout=self.context.layout)
        return self._symbol(name, span)

    def _placed(self, name: str, span: Span) -> Expr | None:
        """Return the entry that a name with a subscript spells; None where it is a letter of its own."""
        return None

    def _differentiable(self, name: str, span: Span) -> Expr | None:
        """Return the scalar function that `f` of `f_X` names, if it names one."""
        if name in self.context.unknown:
            return self.named(name, span)
        return (
            self._symbol(name, span) if name in self.context.definitions and self.context.symbols[name].shape == SCALAR else None
        )

    def _symbol(self, name: str, span: Span) -> Expr:
        known = self.context.symbols.get(name)
        bare = self.context.symbols.get(conjugated_name(name)) if name.startswith("\\bar") else None
        if bare is not None and (known is None or bare.name in self.context.definitions):
            letter = sym(bare.name, self.unify.shape(bare.shape), span)
            if is_complex(letter, self.context):
                return conjugate(letter, self.context)
        if known is None:
            known = self._inferred(name, span)
        return sym(name, self.unify.shape(known.shape), span)

    def _inferred(self, name: str, span: Span) -> Symbol:
        if _subscript(name) and set(_subscript(name)) <= _INDICES and name not in self.letters.members:
            raise Refusal(Finding("DRV224", span, {"name": name}))
        if self.letters.lookalikes:
            self._refuse_lookalike(name, span)
            if name == "i":  # the imaginary unit, where nothing says otherwise
                raise Refusal(Finding("DRV231", span, {"construct": name}))
        return self._taken(name, span)

    def _taken(self, name: str, span: Span) -> Symbol:
        """Take a letter for what its looks say, a number, a column or a matrix."""
        kind = self.kinds.get(name) or self.letters.kind(name)
        shape = SCALAR
        if kind != "scalar":
            shape = Shape(self.unify.fresh(), ONE if kind == "column" else self.unify.fresh())
        symbol = Symbol(name, shape, inferred=True, span=span)
        self.context = replace(self.context, symbols={**self.context.symbols, name: symbol})
        return symbol

    def _refuse_lookalike(self, name: str, span: Span) -> None:
        for other in (s for s in self.context.symbols.values() if not s.inferred):
            if base_letter(other.name).lower() == base_letter(name).lower() and _subscript(other.name) == _subscript(name):
                labels = (
                    ()
                    if other.span is None
                    else (Label(other.span, {"en": f"{other.name} stands here", "zh": "此处为 " + other.name}),)
                )
                raise Refusal(Finding("DRV221", span, {"name": name, "declared": other.name}, labels))

    def _identity(self, s: syntax.Identity) -> Expr:
        dim = _dim(s.sizes[0]) if s.sizes else self.unify.fresh()
        return leaf("identity", Shape(dim, dim))

    def _sized(self, sizes: tuple[syntax.Side, ...]) -> Shape:
        dims = [*map(_dim, sizes)] or [self.unify.fresh()]
        return Shape(dims[0], dims[1] if len(dims) > 1 else ONE)

    def _commutation(self, s: syntax.Commutation) -> Expr:
        total = times(*map(_dim, s.sizes))
        return leaf("commutation", Shape(total, total), ",".join("+".join(map("*".join, side)) for side in s.sizes))

    def _ones(self, s: syntax.Ones) -> Expr:
        return leaf("ones", self._sized(s.sizes))

    def _zero(self, s: syntax.Zero) -> Expr:
        return leaf("zero", self._sized(s.sizes)) if s.sizes else num(0)

    wholes: ClassVar[Meanings] = {}  # what a node is of its parts, which are built first
    meanings: ClassVar[Meanings] = {  # and what one is by itself
        syntax.Number: _number,
        **dict.fromkeys((syntax.Letter, stand_ins.Density, stand_ins.MeanGiven, stand_ins.Columns, stand_ins.Draws), _letter),
        syntax.Identity: _identity,
        syntax.Ones: _ones,
        syntax.Zero: _zero,
        syntax.Commutation: _commutation,
    }


def _dim(terms: syntax.Side) -> Dim:
    return plus(*(reduce(times, (size(int(word) if word.isdigit() else word) for word in factors), ONE) for factors in terms))


def _subscript(name: str) -> str:
    return name.partition("_")[2].strip("{}")
