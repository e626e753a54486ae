"""A second reading of our trees: entry by entry, as explicit SymPy matrices, differentiated by SymPy's scalar calculus.

Nothing here is shared with the judge. It knows the operators from the page of `tree` alone, and no rule. A differential moves
every varying letter along a line in `s`; a derivative puts symbols in the place of the entries of its letter. What has no formula
in `s`, such as an eigenvalue, is a value of mpmath, and its slope a difference quotient of more digits than are compared.
"""

from itertools import combinations
from random import Random

import mpmath
import sympy as sp

from mdderive.model.expr import Expr, power_named
from tests.witness.decomposed import NUMERIC, PRECISE, NoValue, by_mpmath, numeric

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
PREMISES = {"positive definite", "symmetric", "diagonal", "orthogonal", "invertible", "positive", "integer", "constant"}
SERIES = {"exp": lambda k: 1, "sin": lambda k: (0, 1, 0, -1)[k % 4], "cos": lambda k: (1, 0, -1, 0)[k % 4]}

STEP = sp.Float(10, PRECISE) ** -30


def function(name):
    """Return a function of a number; one left unknown is t^3 sin(t), and a prime is SymPy's derivative."""
    base = name.rstrip("'")
    t = sp.Symbol("t", real=True)
    f = FUNCTIONS[base](t) if base in FUNCTIONS else t**3 * sp.sin(t)
    return lambda x: sp.diff(f, t, len(name) - len(base)).subs(t, x)


def cross_matrix(u):
    return sp.Matrix([[0, -u[2], u[1]], [u[2], 0, -u[0]], [-u[1], u[0], 0]])


def slope(value):
    """Return the derivative at 0 of a matrix that is given at numbers alone."""
    return (value(STEP) - value(-STEP)) / (2 * STEP)


def by_numbers(e):
    return any(node.op in NUMERIC or (node.op == "mfn" and node.name not in SERIES and node.name[0] != "\\") for node in e.walk())


class Explicit:
    """Values of trees at one rational point; sizes are `least` and up to 3 more in turn, and a unit that no sum binds stands at a
    place drawn."""

    def __init__(self, context, varying=None, seed=0, least=2):
        self.context = context
        self.least = least
        self.step = 0  # how far members are moved along their directions
        self.varying = varying
        self.seed = seed
        self.sizes = {}
        self.moved = {}
        self.places = {}

    def size(self, name):
        return self.sizes.setdefault(name, self.least + len(self.sizes) % 4)

    def monomial(self, text):
        terms = (term.split("*") for term in text.split("+"))
        return sum(sp.prod([int(part) if part.isdigit() else self.size(part) for part in term]) for term in terms)

    def sides(self, shape):
        terms = (((term.factor, *map(self.size, term.names)) for term in dim.terms) for dim in shape)
        return tuple(sum(sp.prod(map(sp.Integer, term)) for term in side) for side in terms)

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
        if self.context.has(e.name, "positive definite") and not what:
            return value * value.T + sp.eye(rows)
        symmetric = self.context.has(e.name, "symmetric") or self.context.has(e.name, "positive definite")
        return value + value.T if symmetric else value

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
        lines = {name: (self.letter(node), self.drawn(node, "direction")) for name, node in letters.items()}

        def at(step):
            before, self.step = self.step, step
            value = self.with_moved({name: value + step * way for name, (value, way) in lines.items()}, e)
            self.step = before
            return value

        return slope(at) if by_numbers(e) else at(S).diff(S).subs(S, 0)

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
        slopes, start = self.partial(f, x)
        if x.scalar:
            return slopes[0]
        if e.name == "block":
            blocks = [[slopes[j * start.rows + i] for j in range(start.cols)] for i in range(start.rows)]
            return sp.Matrix(sp.BlockMatrix(blocks))
        rows = [list(changed.vec()) for changed in slopes]
        if f.scalar:
            return sp.Matrix(start.rows, start.cols, lambda i, j: rows[j * start.rows + i][0])
        return sp.Matrix(rows)

    def partial(self, f, x):
        """Return the derivatives of f by the entries of x in the order of vec, and the value of x."""
        if not by_numbers(f) and all(node.op != "mfn" for node in f.walk()):
            value, symbols, at, start = self.slopes(f, x)
            return [value.diff(symbol).subs(at) for symbol in symbols], start
        start = self.letter(x)
        return [slope(lambda h, unit=unit: self.with_moved({x.name: start + h * unit}, f)) for unit in units(start)], start

    def hessian(self, e):
        value, symbols, at, _ = self.slopes(*e.args)
        return sp.Matrix(len(symbols), len(symbols), lambda i, j: sp.diff(value[0], symbols[i], symbols[j]).subs(at))

    def power(self, e):
        base, exponent = self.value(e.args[0]), self.value(e.args[1])[0]
        if e.op == "hpow" or e.args[0].scalar:
            return base.applyfunc(lambda x: x**exponent)
        return (base if exponent >= 0 else base.inv()) ** abs(int(exponent))

    def of_matrix(self, name, x):
        """Return a function of a square matrix; one left unknown is a polynomial, and a prime is SymPy's derivative."""
        if name in SERIES:
            return self.series(name, x)
        if name[0] != "\\":
            exponent = power_named(name)
            return by_mpmath(lambda y: mpmath.powm(y, exponent.numerator / mpmath.mpf(exponent.denominator)), x)
        base, t = name.rstrip("'"), sp.Symbol("t", real=True)
        rng = Random(f"{base} coefficients")
        body = sp.Poly(sum(rng.randint(1, 9) * t**k for k in range(5)), t)
        result = sp.zeros(x.rows)
        for c in sp.Poly(sp.diff(body.as_expr(), t, len(name) - len(base)), t).all_coeffs():
            result = (result * x + c * sp.eye(x.rows)).applyfunc(sp.expand)
        return result

    def along(self, name, x, direction):
        """Return how a function of a matrix changes in a direction."""

        def at(step):
            return self.of_matrix(name, x + step * direction)

        return at(S).diff(S).subs(S, 0) if name in SERIES or name[0] == "\\" else slope(at)

    def series(self, name, x):
        """Return a function of a small matrix by its power series, as polynomials in s."""
        term = sp.eye(x.rows)
        total = SERIES[name](0) * term
        for k in range(1, TERMS):
            term = (term * x / k).applyfunc(sp.expand)
            total += SERIES[name](k) * term
        return total

    def place(self, e):
        """Return the place of a unit, counted from 0."""
        if e.name.isdigit():
            return int(e.name) - 1
        drawn = Random(f"{self.seed} {e.name} place").randrange(self.sides(e.shape)[0])
        return self.places.get(e.name, drawn)

    def member(self, e):
        """Return the value of a member of a family, moved where a differential is taken around it."""
        which = f"member {self.place(e.args[0])}"
        value = self.drawn(e, which)
        return value + self.step * self.drawn(e, f"direction of {which}") if self.varies(e.name) else value

    def at_places(self, unit, e):
        """Return the values at all places of a unit vector."""
        before, terms = self.places, []
        for place in range(self.sides(unit.shape)[0]):
            self.places = {**before, unit.name: place}
            terms.append(self.value(e))
        self.places = before
        return terms

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
                return self.member(e)
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
            case "along":
                f, x, direction = e.args
                start, way = self.letter(x), self.value(direction)
                return slope(lambda h: self.with_moved({x.name: start + h * way}, f))
            case "at":
                f, x, value = e.args
                return self.with_moved({x.name: self.value(value)}, f)
            case "pow" | "hpow":
                return self.power(e)
            case "mfn":
                return self.of_matrix(e.name, self.value(e.args[0]))
            case "unit":
                return sp.Matrix(self.sides(e.shape)[0], 1, lambda i, _: int(i == self.place(e)))
            case "sum":
                first, *others = self.at_places(*e.args)
                return sum(others, first)
            case "product":
                return sp.Matrix([[sp.prod([f[0] for f in self.at_places(*e.args)])]])
            case "indicator":
                first, second = map(self.place, e.args)
                return sp.Matrix([[int({"<": first < second, r"\leq": first <= second, r"\neq": first != second}[e.name])]])
        return self.of_values(e, [self.value(a) for a in e.args])

    def of_values(self, e, args):
        x = args[0]
        if e.op in NUMERIC:
            return numeric(e.op, x)
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
            case "powers":
                return sp.Matrix(x.rows, x.cols, lambda i, j: x[i, j] ** args[1][i, j])
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
            case "below":
                return sp.Matrix.vstack(*args)
            case "beside":
                return sp.Matrix.hstack(*args)
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
            case "rowsoftmax":
                powers = x.applyfunc(sp.exp)
                return sp.Matrix(*x.shape, lambda i, j: powers[i, j] / sum(powers[i, :]))
            case "powersum":
                z, k = args[1], int(args[2][0])
                return sum((x**r * z * x ** (k - 1 - r) for r in range(k)), sp.zeros(*x.shape))
            case "powersummatrix":
                k = int(args[1][0])
                return sum((sp.kronecker_product(x.T ** (k - 1 - r), x**r) for r in range(k)), sp.zeros(x.rows**2))
            case "layernorm" | "rmsnorm":
                y = x - sp.ones(x.rows, 1) * sum(x) / x.rows if e.op == "layernorm" else x
                return y / sp.sqrt(sum(z**2 for z in y) / x.rows)
            case "sort":
                return sp.Matrix([sp.Min(*(sp.Max(*some) for some in combinations(x, k + 1))) for k in range(x.rows)])
            case "sorting":
                places = sorted(range(x.rows), key=lambda i: x[i])
                return sp.Matrix(x.rows, x.rows, lambda i, j: int(places[i] == j))
            case "largest" | "smallest":
                return sp.Matrix([[(sp.Max if e.op == "largest" else sp.Min)(*x)]])
            case "atlargest" | "atsmallest":
                at = (max if e.op == "atlargest" else min)(x)
                if list(x).count(at) > 1:
                    raise NoValue
                return x.applyfunc(lambda y: int(y == at))
            case "tril" | "triu":
                return sp.Matrix(x.rows, x.cols, lambda i, j: x[i, j] if (i >= j if e.op == "tril" else i <= j) else 0)
            case "cross":
                return cross_matrix(x) * args[1]
            case "crossmatrix":
                return cross_matrix(x)
            case "frechet":
                return self.along(e.name, x, args[1])
            case "frechetmatrix":
                return sp.Matrix.hstack(*(self.along(e.name, x, unit).vec() for unit in units(x)))
            case "matrix":
                return sp.Matrix(*self.sides(e.shape), [a[0] for a in args])
            case "inner":
                return sp.Matrix([[sum(x.multiply_elementwise(args[1]))]])
            case "apply":
                return self.unknown(x)
        raise NotImplementedError(e.op)


def units(x):
    """Return the matrices of the size of x with a single 1, column by column."""
    return [sp.Matrix(x.rows, x.cols, lambda i, j, p=p, q=q: int((i, j) == (p, q))) for q in range(x.cols) for p in range(x.rows)]


def differ(left, right, context, *, varying=None, seed=0, least=2):
    """Return whether two trees have different values at a rational point, compared at forty digits.

    The point is the first at which both are real: the logarithm of a negative number is no value.
    """
    for attempt in range(POINTS):
        here = Explicit(context, varying, seed + attempt, least)
        try:
            one, other = here.value(left), here.value(right)
        except NoValue:
            continue
        assert one.shape == other.shape
        a, b = ([sp.N(x, DIGITS) for x in side] for side in (one, other))
        if all(sp.im(x) == 0 for x in (*a, *b)):
            size = max(1, *map(abs, a))
            return max(abs(x - y) for x, y in zip(a, b, strict=True)) > size * sp.Float(10) ** -(DIGITS // 2)
    raise AssertionError("no point at which both sides are real")
