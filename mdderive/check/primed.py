"""What `\\sigma'` means where a block defines `\\sigma` by a formula: its derivative by our own rules, judged as printed."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from mdderive.engine.derive import derive
from mdderive.engine.lettered import named
from mdderive.engine.lift import moves
from mdderive.latex.elaborate import read_equation
from mdderive.latex.write import write
from mdderive.model.context import Context, ElementwiseFunction, Symbol
from mdderive.model.diagnostics import Finding, MdderiveBug
from mdderive.model.expr import Expr, make, sym
from mdderive.model.shapes import SCALAR
from mdderive.verify.holds import holds


@dataclass(frozen=True, slots=True)
class Prime:
    """`equation` is the LaTeX `\\sigma'(x) = …` as it was judged; `function` the same as a function by the name `\\sigma'`."""

    equation: str
    function: ElementwiseFunction


def primes(trees: Iterable[Expr], context: Context, *, seed: int = 0, thorough: bool = False) -> tuple[Prime, ...]:
    """Return the derivatives of defined functions that stand in these trees and in their own formulas, `\\sigma'` before
    `\\sigma''`.

    One for which no derivation is found, or whose formula could not be judged, is left out: it stays a symbol.
    """
    found = _Primes(context, seed, thorough)
    for tree in trees:
        found.look(tree)
    return tuple(prime for prime in found.known.values() if prime)


def known_primes(e: Expr, context: Context) -> Context:
    """Return the context in which the derivatives in `e` of defined functions are defined functions themselves."""
    return knowing(primes([e], context), context)


def knowing(found: Iterable[Prime], context: Context) -> Context:
    """Return a context in which these derivatives are defined functions."""
    functions = {prime.function.name: prime.function for prime in found}
    return replace(context, elementwise={**context.elementwise, **functions}) if functions else context


@dataclass(slots=True)
class _Primes:
    """The derivatives found so far, by name; None for one that stays a symbol."""

    context: Context
    seed: int
    thorough: bool
    known: dict[str, Prime | None] = field(default_factory=dict)

    def look(self, e: Expr) -> None:
        """Find what the primes in a tree mean."""
        for node in e.walk():
            if node.op == "fn" and node.name.endswith("'"):
                self.of(node.name)

    def of(self, name: str) -> ElementwiseFunction | None:
        """Return a function by its name, with or without primes, if it has a formula."""
        if not name.endswith("'"):
            return self.context.elementwise.get(name)
        if name not in self.known:
            own = self.of(name[:-1])
            prime = self.known[name] = self._prime(own, own.body, name) if own and own.body else None
            if prime and prime.function.body:
                self.look(prime.function.body)
        prime = self.known[name]
        return prime.function if prime else None

    def _prime(self, own: ElementwiseFunction, body: Expr, name: str) -> Prime | None:
        """Return the derivative of a function, judged as it is written."""
        x = sym(own.parameter, SCALAR)
        if moves(body, x.name, x.name, self.context):  # a letter of that spelling is meant elsewhere in the formula
            return None
        symbols = {**self.context.symbols, x.name: Symbol(x.name, SCALAR)}
        definitions = {n: e for n, e in self.context.definitions.items() if n != x.name}
        context = replace(self.context, symbols=symbols, definitions=definitions, premises=(), layout="denominator")
        letter, inside = named(body, context)
        derived = derive(letter, x, inside)
        if isinstance(derived, Finding):
            return None
        equation = f"{write(make('fn', x, name=name), context)} = {write(derived.gradient, context)}"
        sides = read_equation(equation, context)
        if isinstance(sides, Finding):
            raise MdderiveBug(f"{equation} does not read back: {sides.message()}")
        verdict = holds(*sides, context, seed=self.seed, thorough=self.thorough, text=equation)
        if verdict.outcome == "wrong":
            raise MdderiveBug(f"{equation} does not hold")
        return Prime(equation, ElementwiseFunction(name, own.parameter, sides[1])) if verdict.outcome == "holds" else None
