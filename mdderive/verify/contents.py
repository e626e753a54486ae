"""What a claim is made of, seen through its definitions.

Letters, sizes, and the kinds of functions that decide how it is judged.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple, TypeVar

from mdderive.model.context import Context
from mdderive.model.expr import BINDERS, POWERS, Expr, power_named, sym
from mdderive.model.functions import FUNCTIONS
from mdderive.verify.entrywise import BRANCHING, primitives
from mdderive.verify.operators import MEANING, squared_norm
from mdderive.verify.premises import Residuals
from mdderive.verify.sample import CURVED

T = TypeVar("T")


class Comparison(NamedTuple):
    """Two sides, and what is known of them before a point is drawn.

    `kinds` as `Contents.kinds` says; letters that must be `positive` or `whole` numbers; `indices` that no sum binds.
    """

    left: Expr
    right: Expr
    kinds: frozenset[str]
    positive: tuple[str, ...]
    whole: frozenset[str]
    indices: Mapping[str, Expr]


@dataclass(frozen=True, slots=True)
class Contents:
    """Answers questions about trees in one context; answers are kept.

    `residuals` are what must vanish for the letters that premises settle.
    """

    context: Context
    residuals: Residuals = field(default_factory=dict)
    known: dict[Expr, frozenset[str]] = field(default_factory=dict)
    ordered: dict[tuple[Expr, ...], Mapping[Expr, tuple[Expr, ...]]] = field(default_factory=dict)
    walked: dict[tuple[Expr, ...], tuple[Expr, ...]] = field(default_factory=dict)
    known_indices: dict[Expr, dict[str, Expr]] = field(default_factory=dict)
    known_unplaced: dict[Expr, bool] = field(default_factory=dict)
    known_kinds: dict[Expr, frozenset[str]] = field(default_factory=dict)
    known_whole: dict[Expr, frozenset[str]] = field(default_factory=dict)
    known_bases: dict[Expr, frozenset[Expr]] = field(default_factory=dict)

    def comparison(self, left: Expr, right: Expr) -> Comparison:
        """Return two sides with what is known of them."""
        pair = left, right
        positive = tuple(sorted(self.positive_letters(*pair)))
        indices = self.indices(left) | self.indices(right)
        return Comparison(left, right, self.kinds(*pair), positive, self.whole_numbers(*pair), indices)

    def letters(self, e: Expr) -> frozenset[str]:
        """Return the names of all letters in a tree, defined ones together with what they are made of."""
        found = self.known.get(e)
        if found is None:
            found = self.known[e] = self._letters(e)
        return found

    def letters_of(self, *trees: Expr) -> frozenset[str]:
        """Return the names of all letters in several trees."""
        return frozenset().union(*map(self.letters, trees))

    def _letters(self, e: Expr) -> frozenset[str]:
        parts = [self.letters(a) for a in self.inside(e)]
        names = {e.name} if e.op in ("sym", "member") else set()
        symbol = self.context.symbols.get(e.name) if e.op == "sym" else None
        if symbol is not None and symbol.along:
            names |= {symbol.along}
            parts += [self.letters(self.context.definitions[n]) for n in (symbol.along,) if n in self.context.definitions]
        for given in self.rates_of(e):
            names.update(node.name for node in given.walk() if node.op == "sym")
        for residual in self.residuals.get(e.name, ()) if e.op == "sym" else ():
            settling = [node for node in residual.walk() if node.op == "sym"]
            names.update(node.name for node in settling)
            parts += [self.letters(node) for node in settling if node.name not in self.residuals]
        return frozenset(names).union(*parts)

    def inside(self, e: Expr) -> tuple[Expr, ...]:
        """Return the arguments of a node; of a letter, what it stands for."""
        if e.op == "sym":
            if e.name in self.context.definitions:
                return (self.context.definitions[e.name],)
            return self.argument_of(e.name)
        if e.op == "pow" and squared_norm(e):
            return (*e.args[0].args, e.args[1])
        if e.op == "fn":
            own = self.context.elementwise.get(e.name.rstrip("'"))
            return (*e.args, own.body) if own is not None and own.body is not None else e.args
        return e.args

    def in_order(self, *trees: Expr) -> Mapping[Expr, tuple[Expr, ...]]:
        """Return every different node of the trees with what is inside it, which comes first."""
        if trees not in self.ordered:
            found: dict[Expr, tuple[Expr, ...]] = {}
            for e in trees:
                self._put_in_order(e, found)
            self.ordered[trees] = found
        return self.ordered[trees]

    def _put_in_order(self, e: Expr, found: dict[Expr, tuple[Expr, ...]]) -> None:
        inside = self.inside(e)
        for a in inside:
            if a not in found:
                self._put_in_order(a, found)
        found[e] = inside

    def indices(self, e: Expr) -> dict[str, Expr]:
        """Return the unit vectors whose place is a letter that no sum binds, definitions included, by that letter."""
        if e not in self.known_indices:
            found: dict[str, Expr] = {} if e.op != "unit" or e.name.isdigit() else {e.name: e}
            for a in self.inside(e):
                found |= self.indices(a)
            if e.op in BINDERS:
                found.pop(e.args[0].name, None)
            self.known_indices[e] = found
        return self.known_indices[e]

    def unplaced(self, e: Expr) -> bool:
        """Tell whether a tree has no free index, nor what premises say of its letters: its value is one for all places."""
        if e not in self.known_unplaced:
            given = [*self.rates_of(e), *(self.residuals.get(e.name, ()) if e.op == "sym" else ())]
            inside = map(self.unplaced, self.inside(e))
            self.known_unplaced[e] = not self.indices(e) and not any(map(self.indices, given)) and all(inside)
        return self.known_unplaced[e]

    def rates_of(self, e: Expr) -> tuple[Expr, ...]:
        """Return what premises say of the derivative of a letter x(t)."""
        if e.op != "sym" or not self.context.premises:
            return ()
        sides = (side for p in self.context.premises for side in ((p.left, p.right), (p.right, p.left)))
        return tuple(other for rate, other in sides if rate.op == "deriv" and rate.args[0] == e)

    def argument_of(self, name: str) -> tuple[Expr, ...]:
        """Return Y as a one-tuple for an unknown function f of Y written as a bare letter."""
        target = self.context.unknown.get(name)
        if target is None:
            return ()
        meant = self.context.definitions.get(target) or self.context.symbols[target]
        return (sym(target, meant.shape),)

    def nodes(self, *trees: Expr) -> tuple[Expr, ...]:
        """Return every different node of the trees once, definitions included."""
        found = self.walked.get(trees)
        if found is None:
            found = self.walked[trees] = tuple(self._nodes(trees))
        return found

    def _nodes(self, trees: tuple[Expr, ...]) -> Iterator[Expr]:
        seen: set[Expr] = set()
        waiting = list(trees)
        while waiting:
            e = waiting.pop()
            if e not in seen:
                seen.add(e)
                yield e
                waiting.extend(self.inside(e))
                waiting.extend(self.residuals.get(e.name, ()) if e.op == "sym" else ())
                waiting.extend(self.rates_of(e))

    def sizes(self, *trees: Expr) -> tuple[str, ...]:
        """Return the names of all sizes, in order."""
        found: set[str] = set()
        for e in self.nodes(*trees):
            found.update(e.shape.rows.letters, e.shape.cols.letters)
            if e.op == "size":
                found.add(e.name)
            elif e.op == "commutation":
                found.update(n for n in re.split(r"[*+,]", e.name) if not n.isdigit())
        linked = [n for c in self.context.constraints for n in (c.left, c.right) if {c.left, c.right} & found]
        return tuple(sorted(found.union(n for n in linked if not n.isdigit())))

    def bound_elsewhere(self, *trees: Expr) -> str:
        """Return a positive or symmetric letter that premises settle by letters of the trees, perhaps not at all; or nothing."""
        letters, has = self.letters_of(*trees), self.context.has
        asked = (n for n in self.residuals if (has(n, "positive") or has(n, "symmetric")) and n not in letters)
        return next((name for name in asked if not letters.isdisjoint(self.letters_of(*self.residuals[name]))), "")

    def kinds(self, *trees: Expr) -> frozenset[str]:
        """Return what decides how a claim is judged.

        `transcendental`, `branch` (its graph has pieces), `root` and `signs` (a choice that many points must meet), `unknown`
        (hashed), `products` (sizes multiply), `matrix function` (no exact value).
        """
        return frozenset().union(*[self._gathered(e, self.kinds_of, self.known_kinds) for e in trees])

    def _gathered(self, e: Expr, told: Callable[[Expr], Iterable[T]], known: dict[Expr, frozenset[T]]) -> frozenset[T]:
        """Return what `told` says of all nodes of a tree, definitions included; `known` keeps it for every sub-tree."""
        found = known.get(e)
        if found is None:
            if e.op == "sym" and e.name in self.residuals:  # its premises speak of the letter itself
                found = frozenset(word for node in self.nodes(e) for word in told(node))
            else:
                found = frozenset(told(e)).union(*[self._gathered(a, told, known) for a in self.inside(e)])
            known[e] = found
        return found

    def kinds_of(self, e: Expr) -> Iterable[str]:
        """Return the kinds of one node."""
        name = e.name.rstrip("'")
        match e.op:
            case "fn":
                return self._kinds_of_function(name)
            case "mfn" | "frechet" | "frechetmatrix" if name not in FUNCTIONS and power_named(e.name) is None:  # of a rule
                return ("unknown",)
            case "apply" | "sym" if e.op == "apply" or e.name in self.context.unknown:
                return ("unknown",)
            case "pow" | "hpow":
                return self._kinds_of_power(e)
            case "hess":
                return ("products",)
            case "deriv":
                return () if e.args[0].scalar or e.args[1].scalar else ("products",)
            case "sym" | "member" if any(self.context.has(e.name, curved) for curved in CURVED):
                return ("signs",)
            case "sym" if e.name in self.residuals and self.context.has(e.name, "positive"):
                return ("root",)
        return MEANING[e.op].kinds if e.op in MEANING else ()

    def _kinds_of_function(self, name: str) -> Iterable[str]:
        if name in self.context.elementwise:
            return () if self.context.elementwise[name].body is not None else ("unknown",)
        if name not in FUNCTIONS:
            return ("unknown",)
        made_of = primitives(name)
        kinds = ["branch"] if made_of & BRANCHING else []
        return kinds + (["root"] if "sqrt" in made_of else []) + (["transcendental"] if made_of - BRANCHING else [])

    def _kinds_of_power(self, e: Expr) -> Iterable[str]:
        exponent = e.args[1]
        if exponent.op == "num":
            halves = Fraction(exponent.value).denominator
            return () if halves == 1 else ("branch", "root") if halves == 2 else ("transcendental",)
        whole = self.whole_numbers(e)
        if _integral(exponent, whole):
            return ()
        fraction = exponent.op in ("add", "mul") and self.letters(exponent) <= whole  # of an integer: a root where that is odd
        return ("branch", "root", "transcendental") if fraction else ("transcendental",)

    def exponents(self, *trees: Expr) -> frozenset[str]:
        """Return the integers that stand in an exponent."""
        powers = (e for e in self.nodes(*trees) if e.op in POWERS | {"hpow"})
        return self.whole_numbers(*trees) & frozenset().union(*(self.letters(e.args[-1]) for e in powers))

    def naturals(self, *trees: Expr) -> frozenset[str]:
        """Return the exponents of matrices that nothing declares integers: positive, unless the matrices are invertible."""
        powers = (e for e in self.nodes(*trees) if e.op in POWERS and not e.args[0].scalar)
        singular = (e for e in powers if e.args[0].op != "sym" or not self.context.has(e.args[0].name, "invertible"))
        letters = frozenset[str]().union(*(self.letters(e.args[-1]) for e in singular))
        return frozenset(name for name in letters if not self.context.has(name, "integer"))

    def whole_numbers(self, *trees: Expr) -> frozenset[str]:
        """Return the letters that must be integers: exponents of matrices, and those declared so."""
        found = [self._gathered(e, self._exponent_of_matrix, self.known_whole) for e in trees]
        return frozenset(name for name, s in self.context.symbols.items() if "integer" in s.properties).union(*found)

    def _exponent_of_matrix(self, e: Expr) -> Iterable[str]:
        return self.letters(e.args[-1]) if e.op in POWERS and not e.args[0].scalar else ()

    def positive_letters(self, *trees: Expr) -> frozenset[str]:
        """Return the letters that stand directly under a root or a logarithm, and so have no other value than a positive one."""
        whole = self.whole_numbers(*trees)
        found = frozenset[Expr]().union(*[self._gathered(e, self._over_a_letter, self.known_bases) for e in trees])
        return frozenset(e.args[0].name for e in found if e.op == "fn" or not _integral(e.args[1], whole))

    def _over_a_letter(self, e: Expr) -> Iterable[Expr]:
        """Return the node if it is a logarithm, a root or a power of a letter that is not defined."""
        named = e.op in ("pow", "hpow", "powers") or (e.op == "fn" and e.name in ("log", "sqrt"))
        letter = named and e.args[0].op in ("sym", "member") and e.args[0].name not in self.context.definitions
        return (e,) if letter else ()

    def continued(self, *trees: Expr) -> bool:
        """Whether agreement on one part of the domain is agreement on all of it, without functions that have branches.

        Rational functions, exp, sin and cos continue past every pole; logarithms up to a constant that a function shows.
        """
        nodes = self.nodes(*trees)
        if any(not FUNCTIONS[name].entire for e in nodes for name in self._primitives(e) - BRANCHING - {"log"}):
            return False
        through = [e for e in nodes if e.op == "fn" or "transcendental" in self.kinds_of(e)]
        powers = any(e.op in ("pow", "hpow", "powers") for e in through)
        return not powers and not any("log" in self._primitives(inner) for e in through for inner in self.nodes(*self.inside(e)))

    def _primitives(self, e: Expr) -> frozenset[str]:
        name = e.name.rstrip("'")
        return primitives(name) if e.op == "fn" and name not in self.context.elementwise and name in FUNCTIONS else frozenset()


def _integral(exponent: Expr, whole: frozenset[str]) -> bool:
    """Whether an exponent is an integer whatever its letters are."""
    match exponent.op:
        case "num":
            return Fraction(exponent.value).denominator == 1
        case "size":
            return True
        case "sym":
            return exponent.name in whole
        case "add" | "mul":
            return all(_integral(a, whole) for a in exponent.args)
    return False
