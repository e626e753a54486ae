"""A second reading of our trees: entry by entry, as explicit SymPy matrices, differentiated by SymPy's scalar calculus.

Nothing here is shared with the judge. It knows the operators from the page of `tree` alone, and no rule. A differential moves
every varying letter along a line in `s`; a derivative puts symbols in the place of the entries of its letter.
"""

from random import Random

import sympy as sp

from mdderive.model.expr import Expr

S = sp.Symbol("s", real=True)
DIGITS = 40
POINTS = 20
TERMS = 30
FUNCTIONS = {
    **{name: getattr(sp, name) for name in ("exp", "log", "sin", "cos", "tan", "tanh", "sinh", "cosh", "sqrt", "sign")},
    "abs": sp.Abs,
    "arctan": sp.atan,
    "relu": lambda t: (t + sp.Abs(t)) / 2,
    "sigmoid": lambda t: 1 / (1 + sp.exp(-t)),
    "softplus": lambda t: sp.log(1 + sp.exp(t)),
    "step": lambda t: (1 + sp.sign(t)) / 2,
}
PREMISES = {"symmetric", "diagonal", "orthogonal", "invertible", "positive", "integer", "constant"}
SERIES = {"exp": lambda k: 1, "sin": lambda k: (0, 1, 0, -1)[k % 4], "cos": lambda k: (1, 0, -1, 0)[k % 4]}


def function(name):
    """Return a function of a number; one left unknown is t^3 sin(t), and a prime is SymPy's derivative."""
    base = name.rstrip("'")
    t = sp.Symbol("t", real=True)
    f = FUNCTIONS[base](t) if base in FUNCTIONS else t**3 * sp.sin(t)
    return lambda x: sp.diff(f, t, len(name) - len(base)).subs(t, x)


class Explicit:
    """Values of trees at one rational point; sizes are 2 to 5 in turn, and a unit that no sum binds stands at a place drawn."""

    def __init__(self, context, varying=None, seed=0):
        self.context = context
        self.varying = varying
        self.seed = seed
        self.sizes = {}
        self.moved = {}
        self.places = {}

    def size(self, name):
        return self.sizes.setdefault(name, 2 + len(self.sizes) % 4)

    def monomial(self, text):
        return sp.prod([int(part) if part.isdigit() else self.size(part) for part in text.split("*")])

    def sides(self, shape):
        return tuple(sp.prod([sp.Integer(dim.factor), *map(self.size, dim.names)]) for dim in shape)

    def drawn(self, e, what=""):
        """Return the value of a letter, or its direction: what is declared holds, and goes on to hold along the direction."""
        self.known(e.name)
        rng = Random(f"{self.seed} {e.name} {what}")
        rows, cols = self.sides(e.shape)
        if e.scalar:
            whole = self.context.has(e.name, "integer")
            return sp.Matrix([[rng.choice([2, 3]) if whole else sp.Rational(rng.randint(2, 9), 7)]])
        value = sp.Matrix(rows, cols, lambda i, j: sp.Rational(rng.choice([-1, 1]) * rng.randint(1, 9), 11))
        if self.context.has(e.name, "orthogonal"):
            return self.turned(e.name, max(rows, cols), what)[:rows, :cols]
        if self.context.has(e.name, "diagonal"):
            return sp.diag(*value.diagonal())
        if self.context.has(e.name, "positive"):
            return value.applyfunc(abs)
        return value + value.T if self.context.has(e.name, "symmetric") else value

    def known(self, name):
        """Raise where a premise cannot be drawn: a value that ignores it is no witness."""
        unknown = self.context.symbols[name].properties - PREMISES if name in self.context.symbols else ()
        if unknown:
            raise NotImplementedError(f"{name} {sorted(unknown)}")

    def turned(self, name, n, what=""):
        """Return an orthogonal matrix by Cayley's transform, which is rational; its directions are Q W with W skew."""
        rng = Random(f"{self.seed} {name} {what} skew")
        free = sp.Matrix(n, n, lambda i, j: sp.Rational(rng.choice([-1, 1]) * rng.randint(1, 9), 11))
        skew = free - free.T
        return self.turned(name, n) * skew if what else (sp.eye(n) - skew) * (sp.eye(n) + skew).inv()

    def letter(self, e):
        if e.name in self.moved:
            return self.moved[e.name]
        if e.name in self.context.definitions:
            return self.value(self.context.definitions[e.name])
        if e.name in self.context.unknown:
            y = self.context.unknown[e.name]
            symbol = self.context.symbols[y]
            return self.unknown(self.value(Expr("sym", (), symbol.shape, y)))
        return self.drawn(e)

    def unknown(self, y):
        return sp.Matrix([[sum((i + 2) * x**3 + x * sp.sin(x) for i, x in enumerate(y))]])

    def with_moved(self, letters, e):
        before, self.moved = self.moved, {**self.moved, **letters}
        value = self.value(e)
        self.moved = before
        return value

    def differential(self, e):
        letters = {node.name: node for node in e.walk() if node.op == "sym" and self.varies(node.name)}
        moved = {name: self.letter(node) + S * self.drawn(node, "direction") for name, node in letters.items()}
        return self.with_moved(moved, e).diff(S).subs(S, 0)

    def varies(self, name):
        if self.varying is not None:
            return name in self.varying
        return not self.context.has(name, "constant") and not self.context.has(name, "integer")

    def slopes(self, f, x):
        """Return f with symbols for the entries of x, the symbols in the order of vec, and their values."""
        at = self.letter(x)
        symbols = sp.Matrix(at.rows, at.cols, lambda i, j: sp.Symbol(f"x{i}{j}", real=True))
        value = self.with_moved({x.name: symbols}, f)
        return value, list(symbols.vec()), dict(zip(symbols.vec(), at.vec(), strict=True)), at

    def derivative(self, e):
        """Return D with vec(dF) = D^T vec(dx), in the shape of F or x where one of them is a number.

        In block layout, block (i, j) is the derivative of F by the entry (i, j).
        """
        f, x = e.args
        value, symbols, at, start = self.slopes(f, x)
        if x.scalar:
            return value.diff(symbols[0]).subs(at)
        if e.name == "block":
            slopes = [value.diff(symbol).subs(at) for symbol in symbols]
            blocks = [[slopes[j * start.rows + i] for j in range(start.cols)] for i in range(start.rows)]
            return sp.Matrix(sp.BlockMatrix(blocks))
        rows = [list(value.diff(symbol).subs(at).vec()) for symbol in symbols]
        if f.scalar:
            return sp.Matrix(start.rows, start.cols, lambda i, j: rows[j * start.rows + i][0])
        return sp.Matrix(rows)

    def hessian(self, e):
        value, symbols, at, _ = self.slopes(*e.args)
        return sp.Matrix(len(symbols), len(symbols), lambda i, j: sp.diff(value[0], symbols[i], symbols[j]).subs(at))

    def power(self, e):
        base, exponent = self.value(e.args[0]), self.value(e.args[1])[0]
        if e.op == "hpow" or e.args[0].scalar:
            return base.applyfunc(lambda x: x**exponent)
        return (base if exponent >= 0 else base.inv()) ** abs(int(exponent))

    def series(self, e):
        """Return a function of a small matrix by its power series, as polynomials in s."""
        x = self.value(e.args[0])
        term = sp.eye(x.rows)
        total = SERIES[e.name](0) * term
        for k in range(1, TERMS):
            term = (term * x / k).applyfunc(sp.expand)
            total += SERIES[e.name](k) * term
        return total

    def place(self, e):
        """Return the place of a unit, counted from 0."""
        if e.name.isdigit():
            return int(e.name) - 1
        drawn = Random(f"{self.seed} {e.name} place").randrange(self.sides(e.shape)[0])
        return self.places.get(e.name, drawn)

    def summed(self, unit, e):
        """Return the sum over the places of a unit vector."""
        before, terms = self.places, []
        for place in range(self.sides(unit.shape)[0]):
            self.places = {**before, unit.name: place}
            terms.append(self.value(e))
        self.places = before
        return sum(terms[1:], terms[0])

    def value(self, e):
        """Return the matrix of a tree."""
        match e.op:
            case "num":
                return sp.Matrix([[sp.Rational(e.value.numerator, e.value.denominator)]])
            case "size":
                return sp.Matrix([[self.size(e.name)]])
            case "const":
                return sp.Matrix([[sp.pi if e.name == r"\pi" else sp.E]])
            case "sym":
                return self.letter(e)
            case "member":
                return self.drawn(e, f"member {self.place(e.args[0])}")
            case "identity":
                return sp.eye(self.sides(e.shape)[0])
            case "ones":
                return sp.ones(*self.sides(e.shape))
            case "zero":
                return sp.zeros(*self.sides(e.shape))
            case "commutation":
                m, n = (self.monomial(side) for side in e.name.replace(" ", "").split(","))
                return sp.Matrix(m * n, m * n, lambda i, j: int(j == (i % n) * m + i // n))
            case "d":
                return self.differential(e.args[0])
            case "deriv":
                return self.derivative(e)
            case "hess":
                return self.hessian(e)
            case "pow" | "hpow":
                return self.power(e)
            case "mfn":
                return self.series(e)
            case "unit":
                return sp.Matrix(self.sides(e.shape)[0], 1, lambda i, _: int(i == self.place(e)))
            case "sum":
                return self.summed(*e.args)
        return self.of_values(e, [self.value(a) for a in e.args])

    def of_values(self, e, args):
        x = args[0]
        match e.op:
            case "add":
                return sum(args[1:], x)
            case "mul":
                scalars = sp.prod([v[0] for a, v in zip(e.args, args, strict=True) if a.scalar])
                chain = [v for a, v in zip(e.args, args, strict=True) if not a.scalar]
                product = chain[0] if chain else sp.eye(1)
                for v in chain[1:]:
                    product = product * v
                return scalars * product
            case "had":
                for v in args[1:]:
                    x = x.multiply_elementwise(v)
                return x
            case "hdiv":
                return x.multiply_elementwise(args[1].applyfunc(lambda y: 1 / y))
            case "transpose":
                return x.T
            case "inv":
                return x.inv(method="ADJ")
            case "tr":
                return sp.Matrix([[x.trace()]])
            case "det":
                return sp.Matrix([[x.det()]])
            case "adj":
                return x.adjugate()
            case "kron":
                return sp.kronecker_product(*args)
            case "vec":
                return x.vec()
            case "diag":
                return sp.diag(*x)
            case "diagonal":
                return sp.Matrix([x[i, i] for i in range(x.rows)])
            case "fn":
                return x.applyfunc(function(e.name))
            case "softmax":
                powers = x.applyfunc(sp.exp)
                return powers / sum(powers)
            case "norm":
                return sp.Matrix([[sp.sqrt(sum(y**2 for y in x))]])
            case "norm1":
                return sp.Matrix([[sum(map(sp.Abs, x))]])
            case "normp":
                p = args[1][0]
                return sp.Matrix([[sum(sp.Abs(y) ** p for y in x) ** (1 / p)]])
            case "max" | "min":
                choose = sp.Max if e.op == "max" else sp.Min
                return sp.Matrix(x.rows, x.cols, lambda i, j: choose(x[i, j], args[1][i, j]))
            case "largest" | "smallest":
                return sp.Matrix([[(sp.Max if e.op == "largest" else sp.Min)(*x)]])
            case "matrix":
                return sp.Matrix(*self.sides(e.shape), [a[0] for a in args])
            case "inner":
                return sp.Matrix([[sum(x.multiply_elementwise(args[1]))]])
            case "apply":
                return self.unknown(x)
        raise NotImplementedError(e.op)


def differ(left, right, context, *, varying=None, seed=0):
    """Return whether two trees have different values at a rational point, compared at forty digits.

    The point is the first at which both are real: the logarithm of a negative number is no value.
    """
    for attempt in range(POINTS):
        here = Explicit(context, varying, seed + attempt)
        one, other = here.value(left), here.value(right)
        assert one.shape == other.shape
        a, b = ([sp.N(x, DIGITS) for x in side] for side in (one, other))
        if all(sp.im(x) == 0 for x in (*a, *b)):
            size = max(1, *map(abs, a))
            return max(abs(x - y) for x, y in zip(a, b, strict=True)) > size * sp.Float(10) ** -(DIGITS // 2)
    raise AssertionError("no point at which both sides are real")
