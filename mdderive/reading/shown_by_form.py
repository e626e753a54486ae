r"""What the syntax of a side shows by its form alone: which letters it transposes, inverts, divides by; letters renamed.

Fonts of one letter mean one letter, until a note uses them apart: `merged` takes them off.
"""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from mdderive.latex import stand_ins, syntax
from mdderive.latex.letters import base_letter
from mdderive.latex.notation import NAMES, RESERVED
from mdderive.latex.syntax import Syntax, has, rewritten, walk, with_args
from mdderive.model.operators import OPERATORS
from mdderive.reading.evidence import columns_of, of_a_column

_FONT = re.compile(
    r"\\(?:mathbf|boldsymbol|bm|mathrm|mathsf|mathit|vec|pmb|rm|mathbb|overrightarrow)\{(?P<core>.*?)\}(?P<rest>_.*)?", re.DOTALL
)
LOGARITHM = "\\log "  # before a letter: its logarithm, taken for a letter
BOLD = re.compile(r"\\(?:mathbf|boldsymbol|bm|pmb|vec|overrightarrow)\{")


def letter_name(node: Syntax) -> str:
    """Return the letter or function a node names, or an empty text."""
    return node.name if isinstance(node, syntax.Letter | syntax.Applied) else ""


def letters(node: Syntax, *, entries: bool = True) -> Iterator[str]:
    """Yield the letters and functions named in a tree, those of which only entries are named if `entries`."""
    if isinstance(node, syntax.Indexed) and not entries:
        return
    name = letter_name(node)
    if name:
        yield name
    for arg in node.args:
        yield from letters(arg, entries=entries)


def is_number(node: Syntax) -> bool:
    """Tell whether a tree is made of numbers alone."""
    return set(letters(node)) <= RESERVED


def naming(node: Syntax) -> Iterator[str]:
    """Yield the letters named in a tree, and those of which some stand for what is made of them."""
    yield from letters(node)
    yield from (n.of for n in walk(node) if isinstance(n, stand_ins.StandIn))


def merged(name: str) -> str:
    r"""Return a letter without its font: `\mathbf{x}_1` is `x_1`."""
    found = _FONT.fullmatch(name)
    return merged(found["core"] + (found["rest"] or "")) if found and found["core"] else name


def renamed(node: Syntax, name: Callable[[str], str]) -> Syntax:
    """Return a tree with its letters renamed; a letter that becomes I is the identity."""

    def change(n: Syntax) -> Syntax:
        if not isinstance(n, syntax.Letter | syntax.Applied):
            return n
        new = name(n.name)
        return syntax.Identity(n.span) if isinstance(n, syntax.Letter) and new == "I" != n.name else replace(n, name=new)

    return rewritten(node, change)


_LINEAR = (syntax.Letter, syntax.Number, syntax.Group, syntax.Sum, syntax.Neg, syntax.Product)
_SCRIPTED = (syntax.Turned, syntax.Inverse, syntax.Power)
_MADE_OF_ONE = (syntax.Letter, syntax.Number, syntax.Group, syntax.Neg, *_SCRIPTED)


@dataclass
class Uses:
    """How letters are used: transposed, as square matrices, as divisors and exponents, as neighbours, as what moves."""

    transposed: set[str] = field(default_factory=set)
    square: set[str] = field(default_factory=set)
    scalar: set[str] = field(default_factory=set)
    exponents: set[str] = field(default_factory=set)  # capital letters: of e^A
    powered: set[str] = field(default_factory=set)
    normed: set[str] = field(default_factory=set)
    moved: set[str] = field(default_factory=set)
    differentiated: set[tuple[str, str]] = field(default_factory=set)
    variables: set[str] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    matrices: set[str] = field(default_factory=set)
    applied: set[str] = field(default_factory=set)
    primed: set[str] = field(default_factory=set)
    beside: set[tuple[str, str]] = field(default_factory=set)
    counts: dict[str, syntax.OverIndex] = field(default_factory=dict)  # letters up to which a sum goes: how many terms it has
    multiplied: set[str] = field(default_factory=set)  # small letters right behind a capital or a transposed letter
    tensored: set[str] = field(default_factory=set)  # factors of Kronecker products

    @classmethod
    def of(cls, sides: Iterable[Syntax]) -> "Uses":
        """Return the uses in some trees."""
        uses = cls()
        for side in sides:
            uses.take(side)
        return uses

    @property
    def moving(self) -> frozenset[str]:
        """The letters of which there is a differential, or a derivative by them."""
        return frozenset(self.moved | self.variables) - {""}

    def turned(self, name: str) -> bool:
        """Tell whether a letter is a factor before and behind one capital letter: of a number nobody would write both."""
        return any(a == name and (b, a) in self.beside and b[-1:].isupper() for a, b in self.beside)

    def take(self, node: Syntax) -> None:
        """Note the uses in a tree."""
        first = _bare(node.args[0]) if node.args else ""
        match node:
            case syntax.Turned():
                self.transposed |= {first} - {""}
                if isinstance(node, syntax.InverseTranspose):
                    self.square |= {first} - {""}
            case syntax.Inverse() | syntax.Adjugate() | syntax.Star():
                self.square |= {first} - {""}
            case syntax.Over((_, below)):
                self.scalar |= {_bare(below)} - {""}
            case syntax.Power((syntax.Letter(name="e"), exponent)) if _bare(exponent)[-1:].isupper():
                self.exponents |= {_bare(exponent)}
            case syntax.Power((base, exponent)):
                self.scalar |= {_bare(exponent)} - {""}
                self.powered |= _numbers(base) if isinstance(exponent, syntax.Number) else set()
            case syntax.OverIndex(how="sum", indices=(_,), last=last) if last and not last.isdigit():
                self.counts.setdefault(last, replace(node, args=(syntax.Number(node.span, "1"),)))
            case syntax.Norm():
                self.normed |= {first} - {""}
            case syntax.Indexed():
                (self.columns if len(node.places) == 1 else self.matrices).update({first} - {""})
            case syntax.Product():
                self._multiplied(node.args)
                self.matrices.update(_permuted(node.args))
            case syntax.Kronecker():
                self.tensored |= {_bare(arg) for arg in node.args} - {""}
            case syntax.Differential((inner,)):
                self.moved |= {_moving(inner)} - {""} or _sole(inner)
            case syntax.Derivative((of, by)) | syntax.SecondDerivative((of, by)):
                self.variables.add(_moving(by))
                self.differentiated |= {(name, _moving(by)) for name in {_untransposed(of)} - {""}}
            case syntax.Call(op=op) if op in OPERATORS and OPERATORS[op].of_square:
                self.square |= {first} - {""}
            case syntax.Call(args=(inner, *_)) if of_a_column(node):
                self.columns |= {*columns_of(inner)}
            case syntax.Applied():
                self.applied.add(node.name)
                self.primed |= {node.name} if node.primes else set()
        for arg in node.args:
            self.take(arg)

    def _multiplied(self, factors: Sequence[Syntax]) -> None:
        """Note which letters stand beside each other, and the small ones that a matrix or a row is multiplied with."""
        names = [_untransposed(factor) for factor in factors]
        self.beside |= {(a, b) for a, b in pairwise(names) if a and b and a != b}
        turned = [isinstance(factor, syntax.Transpose) for factor in factors]
        pairs = zip(names, turned, names[1:], turned[1:], strict=False)
        self.multiplied |= {b for a, t, b, u in pairs if b.islower() and not u and a and (t or a.isupper())}


def _numbers(base: Syntax) -> set[str]:
    """Return the letters of a base that is no matrix unless they are: alone, or in a sum of products of letters and numbers."""
    nodes = list(walk(base))
    plain = all(isinstance(n, _LINEAR) for n in nodes)
    return {n.name for n in nodes if isinstance(n, syntax.Letter)} if plain else set()


def _moving(node: Syntax) -> str:
    """Return the letter that is differentiated, whole or entry by entry."""
    return _moving(node.args[0]) if isinstance(node, syntax.Indexed) else _bare(node)


def _sole(node: Syntax) -> set[str]:
    """Return the letter that moves where something is made of it alone: its transpose, inverse or power."""
    own = {n.name for n in walk(node) if isinstance(n, syntax.Letter)}
    alone = len(own) == 1 and all(isinstance(n, _MADE_OF_ONE) for n in walk(node))
    return own if alone else set()


def _letter(node: Syntax) -> syntax.Letter | None:
    """Return the letter a node is, in brackets or not."""
    if isinstance(node, syntax.Group):
        return _letter(node.args[0])
    return node if isinstance(node, syntax.Letter) else None


def _bare(node: Syntax) -> str:
    """Return the name of the letter a node is, in brackets or not; an empty text where it is none."""
    letter = _letter(node)
    return letter.name if letter is not None else ""


def _untransposed(node: Syntax) -> str:
    """Return the name of the letter a node is, transposed or not."""
    return _bare(node.args[0] if isinstance(node, syntax.Transpose) else node)


def upper_limits(node: Syntax) -> Iterator[str]:
    """Yield the letters up to which sums go: they count."""
    yield from (n.last for n in walk(node) if isinstance(n, syntax.OverIndex) and n.last and not n.last.isdigit())


def is_zero(node: Syntax) -> bool:
    """Tell whether a side is nothing but zero."""
    return isinstance(node, syntax.Zero) or (isinstance(node, syntax.Number) and not node.digits.strip("0."))


def grasped(node: Syntax, functions: Container[str]) -> Syntax:
    r"""Return a tree in which `\nabla_x A x` differentiates the product, unless `\nabla_x f` is that of a function.

    `\nabla_x f^T` before a differential is the transposed gradient of a function f.
    """
    node = with_args(node, tuple(grasped(arg, functions) for arg in node.args))
    if not isinstance(node, syntax.Product):
        return node
    ahead = next((k for k, arg in enumerate(node.args) if not isinstance(arg, syntax.Number | syntax.Over)), 0)
    if ahead and is_nabla(node.args[ahead]) and len(node.args) > ahead + 1:  # 1/2 \nabla_x (x - b)^T (x - b)
        return replace(node, args=(*node.args[:ahead], grasped(replace(node, args=node.args[ahead:]), functions)))
    if not is_nabla(node.args[0]):
        return node
    match node.args:
        case syntax.Derivative((syntax.Transpose((f,)) as turned, by)) as nabla, syntax.Differential(), *_ if (
            letter_name(f) in functions
        ):
            return replace(node, args=(replace(turned, args=(replace(nabla, args=(f, by)),)), *node.args[1:]))
        case syntax.Derivative((f, _)), *_ if letter_name(f) in functions:
            return node
    return widened(node)


def widened(node: Syntax) -> Syntax:
    r"""Return a tree in which a product that begins with `d` or `\nabla_x` stands under it: `d(a^T x)` for `d a^T x`."""
    match node:
        case syntax.Sum():
            return node
        case syntax.Product((syntax.Differential() | syntax.Derivative() as first, *others)) if not isinstance(
            first, syntax.Derivative
        ) or is_nabla(first):
            return replace(first, args=(syntax.Product((first.args[0], *others), node.span), *first.args[1:]))
    return with_args(node, tuple(widened(arg) for arg in node.args))


def is_nabla(node: Syntax) -> bool:
    """Tell whether a derivative is written in front of its function."""
    return isinstance(node, syntax.Derivative) and node.args[0].span.start > node.args[1].span.start


def of_matrices(node: Syntax, names: Container[str]) -> Syntax:
    """Return a tree in which the entries `a_{ij}` are those of A, where there is an A."""

    def change(n: Syntax) -> Syntax:
        match n:
            case syntax.Indexed((syntax.Letter(name=name) as letter,)) if _other_case(n, name):
                return replace(n, args=(replace(letter, name=name.upper()),))
            case syntax.Indexed((syntax.Derivative((of, syntax.Letter(name=name) as letter)) as inner,)) if _other_case(n, name):
                return replace(n, args=(replace(inner, args=(of, replace(letter, name=name.upper()))),))
        return n

    def _other_case(n: syntax.Indexed, name: str) -> bool:
        return len(n.places) == 2 and name.islower() and name.upper() in names

    return rewritten(node, change)


def without_arguments(sides: Sequence[Syntax | None]) -> list[Syntax | None] | None:
    """Return the sides of a chain with `f(x)` as `f` where f has the same letter as its argument throughout, and no prime."""
    calls = _calls(sides)
    arguments = [_bare(n.args[0]) for n in calls]
    if not calls or any(n.primes for n in calls) or len(set(arguments)) != 1 or not arguments[0]:
        return None
    functions = {n.name for n in calls}

    def change(n: Syntax) -> Syntax:
        if isinstance(n, syntax.Applied):
            return syntax.Letter(n.span, n.name)
        if not isinstance(n, syntax.Product):
            return n
        kept = [  # `f^2(x)` is a power of f, not a product
            b
            for a, b in zip((None, *n.args), n.args, strict=False)
            if not (
                isinstance(a, syntax.Power)
                and _bare(a.args[0]) in functions
                and isinstance(b, syntax.Group)
                and _bare(b) == arguments[0]
            )
        ]
        return kept[0] if len(kept) == 1 else replace(n, args=tuple(kept))

    return [rewritten(s, change) if s is not None else None for s in sides]


def powers_of_values(sides: Sequence[Syntax | None]) -> list[Syntax | None]:
    r"""Return the sides of a chain with `\sigma^2(z)` as `\sigma(z)^2` where the chain applies that function to that letter."""
    calls = {(n.name, _bare(n.args[0])) for n in _calls(sides)}

    def change(n: Syntax) -> Syntax:
        if not isinstance(n, syntax.Product):
            return n
        kept: list[Syntax] = []
        for b in n.args:
            match kept[-1:], b:
                case [syntax.Power((syntax.Letter(name=name) as letter, exponent)) as a], syntax.Group() if (
                    name,
                    _bare(b),
                ) in calls:
                    call = syntax.Applied(b.args, letter.span.join(b.span), name)
                    kept[-1] = syntax.Power((call, exponent), a.span.join(b.span))
                case _:
                    kept.append(b)
        return kept[0] if len(kept) == 1 else replace(n, args=tuple(kept))

    return [rewritten(s, change) if s is not None else None for s in sides] if calls else list(sides)


def with_arguments(node: Syntax, arguments: Mapping[str, Syntax]) -> Syntax:
    """Return a tree in which a function written without its argument has it: `df = f'(x) dx` says `df(x)`."""

    def change(n: Syntax) -> Syntax:
        return syntax.Applied((arguments[n.name],), n.span, n.name) if isinstance(n, syntax.Letter) and n.name in arguments else n

    return rewritten(node, change)


def differentiated(node: Syntax, defined: Callable[[str], bool]) -> Syntax:
    """Return a tree in which `f'(x)` is the derivative by x of a letter f that is defined, once for each prime."""

    def change(n: Syntax) -> Syntax:
        match n:
            case syntax.Applied((syntax.Letter() as x,)) if n.primes and defined(n.name):
                out: Syntax = syntax.Letter(n.span, n.name)
                for _ in range(n.primes):
                    out = syntax.Derivative((out, x), n.span, "primed")
                return out
        return n

    return rewritten(node, change)


def factor_of_differential(node: Syntax) -> Syntax:
    """Return `Y(dX)` as the product that it is where Y is a capital: a function of a differential is written `f(dx)` at most."""
    match node:
        case syntax.Applied((argument,), primes=0) if base_letter(node.name).isupper() and has(argument, syntax.Differential):
            letter = syntax.Letter(node.span, node.name)
            return syntax.Product((letter, syntax.Group((argument,), argument.span)), node.span)
    return node


def logarithm_of(node: Syntax | None) -> syntax.Letter | None:
    """Return the letter of which a node is the logarithm."""
    return _letter(node.args[0]) if isinstance(node, syntax.Call) and node.function == "log" and not node.primes else None


def with_named_logarithms(node: Syntax, names: Callable[[str], bool]) -> Syntax:
    r"""Return a tree in which `\log p` is a letter of its own, for the letters p of which only the logarithm is given."""

    def change(n: Syntax) -> Syntax:
        match logarithm_of(n):
            case stand_ins.Density(name=name, of=of) if names(name):
                return stand_ins.Density(n.span, LOGARITHM + name, LOGARITHM + of)
            case syntax.Letter(name=name) if names(name):
                return syntax.Letter(n.span, LOGARITHM + name)
        return n

    return rewritten(node, change)


def primed_arguments(side: Syntax) -> dict[str, Syntax]:
    """Return the arguments of the functions whose derivative stands in a tree."""
    return {n.name: n.args[0] for n in walk(side) if isinstance(n, syntax.Applied) and n.primes}


def _calls(sides: Iterable[Syntax | None]) -> list[syntax.Applied]:
    """Return the functions that are applied in some sides."""
    return [n for s in sides if s is not None for n in walk(s) if isinstance(n, syntax.Applied)]


def spells_functions(word: str) -> bool:
    """Tell whether letters that look like a word spell functions and differentials."""
    return any(word.endswith(name) or word.startswith(name) for name in NAMES if len(name) > 1) or bool(
        re.fullmatch(r"(?:d[A-Za-z])+", word)
    )


def _permuted(factors: Sequence[Syntax]) -> Iterator[str]:
    """Yield the letters of which a commutation matrix moves the stacked entries: of a column they stay where they are."""
    for one, other in pairwise(factors):
        match one, other:
            case syntax.Commutation(), syntax.Call((syntax.Letter(name=name),), op="vec"):
                yield name
