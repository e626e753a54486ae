"""A NumPy program that recomputes both sides of an equation at given values.

It trusts no rule: a derivative or a differential in the equation is computed by differences, from what it is a derivative of. So
whoever runs it sees by themselves which side is what it should be, to about eight digits.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mdderive.model.context import Context, ElementwiseFunction
from mdderive.model.expr import Expr
from mdderive.model.functions import FUNCTIONS
from mdderive.model.properties import PROPERTIES
from mdderive.programs.coder import ATOM, identifier
from mdderive.programs.numpy import NumpyWriter

# Each helper with those it needs itself.
HELPERS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "along": (
        (),
        '''
def along(f, x, e=1.0, h=1e-3):
    """How f changes at x in the direction e: central differences, extrapolated once."""
    slope = lambda h: (f(x + h * e) - f(x - h * e)) / (2 * h)
    return (4 * slope(h / 2) - slope(h)) / 3
''',
    ),
    "directions": (
        (),
        '''
def directions(x):
    """The directions of the entries of x, in the order of vec."""
    return [np.eye(x.size)[k].reshape(x.shape, order="F") for k in range(x.size)]
''',
    ),
    **{
        f"{name}_directions": (
            ("directions",),
            f'''
def {name}_directions(x):
    """What is {name} in the directions of x."""
    return [{numpy} for e in directions(x)]
''',
        )
        for name, numpy in ((row.name.replace(" ", "_"), row.numpy.format("e")) for row in PROPERTIES.values() if row.numpy)
    },
    "gradient": (
        ("along",),
        '''
def gradient(f, x, directions):
    """The derivative of a scalar f, in the shape of x."""
    return np.reshape([np.ravel(along(f, x, e))[0] for e in directions(x)], x.shape, order="F")
''',
    ),
    "jacobian": (
        ("along",),
        '''
def jacobian(f, x, directions):
    """D with vec(dF) = D^T vec(dx)."""
    return np.array([np.ravel(along(f, x, e), order="F") for e in directions(x)])
''',
    ),
    "blocks": (
        ("along",),
        '''
def blocks(f, x, directions):
    """The derivatives of f by the entries of x, block by block."""
    slopes = [along(f, x, e) for e in directions(x)]
    return np.block([[slopes[j * x.shape[0] + i] for j in range(x.shape[1])] for i in range(x.shape[0])])
''',
    ),
    "adjugate": (
        (),
        '''
def adjugate(x):
    """The transposed cofactors of x."""
    cofactor = lambda i, j: (-1) ** (i + j) * np.linalg.det(np.delete(np.delete(x, i, 0), j, 1))
    return np.array([[cofactor(i, j) for i in range(len(x))] for j in range(len(x))])
''',
    ),
    "hessian": (
        ("along",),
        '''
def hessian(f, x, directions):
    """The second derivatives of a scalar f by the entries of x."""
    slope = lambda a, b: np.ravel(along(lambda x: along(f, x, a), x, b))[0]
    return np.array([[slope(a, b) for a in directions(x)] for b in directions(x)])
''',
    ),
}


@dataclass(frozen=True, slots=True)
class Sides:
    """The sides of an equation as code: what else the code needs and which letters, keyed as they were declared.

    A letter `d X` is the direction in which X moves inside a differential.
    """

    left: str
    right: str
    helpers: tuple[str, ...]
    letters: Mapping[str, str]

    def program(self, values: Mapping[str, str]) -> str:
        """Return the program that defines every letter by its value and prints both sides and their difference.

        Raises `KeyError` for a letter without a value.
        """
        code = " ".join((self.left, self.right, *values.values()))
        lines = ["import numpy as np", *(f"import {m}" for m in ("scipy.linalg", "scipy.special") if m in code)]
        lines += [HELPERS[name][1].rstrip("\n") for name in self.helpers]
        lines += [""] if self.helpers else []
        lines += [f"{name} = {values[letter]}" for letter, name in self.letters.items()]
        lines += [f"left = {self.left}", f"right = {self.right}"]
        lines += [*(f'print("{side}:", {side}, sep="\\n")' for side in ("left", "right")), "print(left - right)"]
        return "\n".join(lines)


def length(trees: Iterable[Expr], context: Context) -> int:
    """Return how many operators and letters a program for these trees has, which writes out every definition where it stands."""
    known: dict[str, int] = {}

    def count(e: Expr) -> int:
        defined = context.definitions.get(e.name) if e.op == "sym" else None
        if defined is None:
            return 1 + sum(map(count, e.args))
        if e.name not in known:
            known[e.name] = count(defined)
        return known[e.name]

    return sum(map(count, trees))


def sides(left: Expr, right: Expr, context: Context, varying: frozenset[str]) -> Sides:
    """Return both sides as code; in a differential the letters `varying` move.

    Raises `ValueError` for an operator that has no meaning in NumPy.
    """
    writer = _Writer(context, varying)
    codes = writer.whole(left), writer.whole(right)
    return Sides(*codes, tuple(name for name in HELPERS if name in writer.helpers), dict(writer.names.letters))


class _Writer(NumpyWriter):
    """Writes derivatives as what computes them; the letters `free` are varied and stand for themselves."""

    reserved = (*NumpyWriter.reserved, "left", "right", *HELPERS)

    def __init__(self, context: Context, varying: frozenset[str]) -> None:
        super().__init__(context)
        self.varying = varying
        self.free: frozenset[str] = frozenset()
        self.helpers: set[str] = set()

    def help(self, name: str) -> str:
        """Return the name of a helper, which from now on belongs to the program."""
        self.helpers |= {name, *HELPERS[name][0]}
        return name

    def letter(self, e: Expr) -> tuple[str, int]:
        """Return a letter that is varied by its name, an unknown function at what it is a function of."""
        if e.name in self.free and e.name not in self.bound:
            return self.names.of(e.name), ATOM
        target = self.context.unknown.get(e.name)
        if target is not None:
            return f"{self.names.of(e.name)}({self.whole(self.symbol(target))})", ATOM
        return super().letter(e)

    def symbol(self, name: str) -> Expr:
        """Return a letter by its name."""
        known = self.context.definitions.get(name)
        return Expr("sym", (), known.shape if known is not None else self.context.symbols[name].shape, name)

    def function(self, e: Expr) -> tuple[str, int]:
        """Return an elementwise function; a prime is a derivative along all entries at once."""
        base = e.name.rstrip("'")
        if base == e.name:
            return super().function(e)
        f = self._callable(base)
        for _ in range(len(e.name) - len(base) - 1):
            t = self.names.parameter("t")
            f = f"lambda {t}: {self.help('along')}({f}, {t})"
        return f"{self.help('along')}({f}, {self.whole(e.args[0])})", ATOM

    def defined(self, own: ElementwiseFunction, body: Expr, e: Expr) -> tuple[str, int]:
        """Return a defined function at its argument."""
        return f"({self.formula(own, body)})({self.whole(e.args[0])})", ATOM

    def _callable(self, name: str) -> str:
        own = self.context.elementwise.get(name)
        if own is not None and own.body is not None:
            return self.formula(own, own.body)
        if own is None and name in FUNCTIONS:
            t = self.names.parameter("t")
            return f"lambda {t}: {FUNCTIONS[name].python.format(t)}"
        return self.names.of(name)

    def derivative(self, e: Expr) -> str:
        """Return a derivative or differential by differences."""
        if e.op == "d":
            return self._differential(e.args[0])
        f, x, *rest = e.args
        if x.op != "sym":
            raise ValueError(e.op)
        if rest:
            return self._moved(e)
        moving = sorted(self._letters(f) & set(self.context.moving(x.name)))
        if moving:
            return self._along(e, moving)
        at = self.whole(x)
        varied = f"lambda {self.names.of(x.name)}: {self._varied(f, frozenset({x.name}))}"
        if x.scalar:
            if e.op == "hess":
                t = self.names.parameter("t")
                varied = f"lambda {t}: {self.help('along')}({varied}, {t})"
            return f"{self.help('along')}({varied}, {at})"
        has = self.context.has
        square = x.shape.rows == x.shape.cols
        among = next(
            (f"{row.name.replace(' ', '_')}_" for row in PROPERTIES.values() if row.numpy and square and has(x.name, row.name)),
            "",
        )
        kind = "hessian" if e.op == "hess" else "gradient" if f.scalar else "blocks" if e.name == "block" else "jacobian"
        code = f"{self.help(kind)}({varied}, {at}, {self.help(among + 'directions')})"
        return f"{code}.T" if e.op == "deriv" and e.name == "numerator" else code

    def _moved(self, e: Expr) -> str:
        """Return what stands where a letter has a value, or how it changes as the letter moves in a direction."""
        f, x, other = e.args
        varied = f"lambda {self.names.of(x.name)}: {self._varied(f, frozenset({x.name}))}"
        if e.op == "at":
            return f"({varied})({self.whole(other)})"
        s = self.names.parameter("s")
        moved = f"{self.inside(x, ATOM)} + {s} * {self.inside(other, ATOM)}"
        return f"{self.help('along')}(lambda {s}: ({varied})({moved}), 0.0)"

    def _along(self, e: Expr, moving: list[str]) -> str:
        """Return the first derivative by t of what letters x(t) stand in: x + (t - t0) x' is put in for them."""
        f, t = e.args
        rates = {name: self.names.of(rf"\dot {name}", f"dot_{identifier(name)}") for name in moving}
        if f.op == "sym" and f.name in rates:
            return rates[f.name]
        if e.op != "deriv" or any(node.op in ("deriv", "hess", "d") for node in f.walk()):
            raise ValueError(e.op)
        start, time = self.whole(t), self.names.of(t.name)
        s = self.names.parameter("s")
        inner = f"lambda {', '.join((time, *map(self.names.of, moving)))}: {self._varied(f, frozenset({t.name, *moving}))}"
        moved = [f"{self.inside(self.symbol(name), ATOM)} + {s} * {rate}" for name, rate in rates.items()]
        return f"{self.help('along')}(lambda {s}: ({inner})({', '.join((f'{start} + {s}', *moved))}), 0.0)"

    def template(self, e: Expr) -> str:
        """Return the program of an operator; that of the adjugate also serves a matrix that is not invertible.

        A function of a matrix that is left open has none.
        """
        if e.op in ("mfn", "frechet", "frechetmatrix") and e.name.startswith("\\"):
            raise ValueError(e.op)
        return f"{self.help('adjugate')}({{0}})" if e.op == "adj" else super().template(e)

    def _varied(self, f: Expr, letters: frozenset[str]) -> str:
        """Return the code of `f` in which some letters stand for themselves, whatever they are defined as."""
        before, self.free = self.free, self.free | letters
        code = self.whole(f)
        self.free = before
        return code

    def _differential(self, e: Expr) -> str:
        moving = sorted(self._letters(e) & self.varying)
        if not moving:
            return f"(0 * ({self.whole(e)}))"
        steps = [self.names.of(f"d {name}", f"d{identifier(name)}") for name in moving]
        if e.op == "sym" and e.name in moving:
            return steps[0]
        starts = [(self.names.of(name), self.inside(self.symbol(name), ATOM)) for name in moving]
        s = self.names.parameter("s")
        inner = f"lambda {', '.join(name for name, _ in starts)}: {self._varied(e, frozenset(moving))}"
        moved = ", ".join(f"{start} + {s} * {step}" for (_, start), step in zip(starts, steps, strict=True))
        return f"{self.help('along')}(lambda {s}: ({inner})({moved}), 0.0)"

    def _letters(self, e: Expr) -> frozenset[str]:
        """Return the letters in `e`, seen through definitions and functions."""
        found: set[str] = set()
        waiting = [e]
        while waiting:
            node = waiting.pop()
            waiting += node.args
            if node.op == "member":
                found.add(node.name)
            if node.op == "sym" and node.name not in found:
                found.add(node.name)
                defined = self.context.definitions.get(node.name)
                waiting += [*([defined] if defined else []), *map(self.symbol, self._argument(node.name))]
        return frozenset(found)

    def _argument(self, name: str) -> tuple[str, ...]:
        return (self.context.unknown[name],) if name in self.context.unknown else ()
