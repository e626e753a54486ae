r"""What the syntax of a side shows by its form alone: which letters it transposes, inverts, divides by; letters renamed.

Fonts of one letter mean one letter, until a note uses them apart: `merged` takes them off.
"""

import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from mdderive.latex.notation import NAMES
from mdderive.latex.syntax import Syntax
from mdderive.model.operators import OPERATORS

_FONT = re.compile(
    r"\\(?:mathbf|boldsymbol|bm|mathrm|mathsf|mathit|vec|pmb|rm|mathbb|overrightarrow)\{(?P<core>.*?)\}(?P<rest>_.*)?", re.DOTALL
)
LOGARITHM = "\\log "  # before a letter: its logarithm, taken for a letter
PRIMED = "primed"  # what a derivative says that is written with a prime
COLUMNS = "_{*}"  # behind a letter: the matrix whose columns are the vectors of that letter
BOLD = re.compile(r"\\(?:mathbf|boldsymbol|bm|pmb|vec|overrightarrow)\{")


def letter_name(node: Syntax) -> str:
    """Return the letter or function a node names, or an empty text."""
    if node.kind == "letter":
        return node.text
    return node.text.removeprefix("letter:").rstrip("'") if node.text.startswith("letter:") else ""


def letters(node: Syntax, *, entries: bool = True) -> Iterator[str]:
    """Yield the letters and functions named in a tree, those of which only entries are named if `entries`."""
    if node.kind == "entry" and not entries:
        return
    name = letter_name(node)
    if name:
        yield name
    for arg in node.args:
        yield from letters(arg, entries=entries)


def merged(name: str) -> str:
    r"""Return a letter without its font: `\mathbf{x}_1` is `x_1`."""
    found = _FONT.fullmatch(name)
    return merged(found["core"] + (found["rest"] or "")) if found and found["core"] else name


def renamed(node: Syntax, name: Callable[[str], str]) -> Syntax:
    """Return a tree with its letters renamed; a letter that becomes I is the identity."""
    args = tuple(renamed(arg, name) for arg in node.args)
    if node.kind == "letter":
        new = name(node.text)
        if new == "I" and node.text != "I":
            return Syntax("identity", (), node.span)
        return Syntax("letter", (), node.span, new)
    if node.text.startswith("letter:"):
        bare = node.text.removeprefix("letter:")
        core = bare.rstrip("'")
        return Syntax(node.kind, args, node.span, f"letter:{name(core)}{bare[len(core) :]}")
    return node if args == node.args else replace(node, args=args)


def walk(node: Syntax) -> Iterator[Syntax]:
    """Yield all nodes of a tree."""
    yield node
    for arg in node.args:
        yield from walk(arg)


_MADE_OF_ONE = frozenset({"letter", "group", "brace", "transpose", "inverse", "inverse-transpose", "number", "power", "neg"})


@dataclass
class Uses:
    """How letters are used: transposed, as square matrices, as divisors and exponents, as neighbours, as what moves."""

    transposed: set[str] = field(default_factory=set)
    square: set[str] = field(default_factory=set)
    scalar: set[str] = field(default_factory=set)
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
    counts: dict[str, Syntax] = field(default_factory=dict)  # letters up to which a sum goes: how many terms it has
    multiplied: set[str] = field(default_factory=set)  # small letters right behind a capital or a transposed letter
    tensored: set[str] = field(default_factory=set)  # factors of Kronecker products

    def turned(self, name: str) -> bool:
        """Tell whether a letter is a factor before and behind one capital letter: of a number nobody would write both."""
        return any(a == name and (b, a) in self.beside and b[-1:].isupper() for a, b in self.beside)

    def _count(self, node: Syntax) -> None:
        """Note the letter up to which a sum goes."""
        op, _, rest = node.text.partition(":")
        indices, _, last = rest.partition("|")
        if not op and last and not last.isdigit() and "," not in indices:
            one = Syntax("number", (), node.span, "1")
            self.counts.setdefault(last, Syntax("over-index", (one,), node.span, node.text))

    def take(self, node: Syntax) -> None:
        """Note the uses in a tree."""
        first = _bare(node.args[0]) if node.args else ""
        match node.kind:
            case "transpose" | "inverse-transpose":
                self.transposed |= {first} - {""}
                if node.kind == "inverse-transpose":
                    self.square |= {first} - {""}
            case "inverse" | "adjugate" | "star":
                self.square |= {first} - {""}
            case "over":
                self.scalar |= {_bare(node.args[1])} - {""}
            case "power":
                self.scalar |= {_bare(node.args[1])} - {""}
                self.powered |= _numbers(node.args[0]) if node.args[1].kind == "number" else set()
            case "over-index":
                self._count(node)
            case "norm":
                self.normed |= {first} - {""}
            case "entry":
                (self.matrices if "," in node.text else self.columns).update({first} - {""})
            case "product":
                factors = [_bare(a.args[0] if a.kind == "transpose" else a) for a in node.args]
                self.beside |= {(a, b) for a, b in pairwise(factors) if a and b and a != b}
                turned = [a.kind == "transpose" for a in node.args]
                pairs = zip(factors, turned, factors[1:], turned[1:], strict=False)
                self.multiplied |= {b for a, t, b, u in pairs if b.islower() and not u and a and (t or a.isupper())}
            case "kron":
                self.tensored |= {_bare(arg) for arg in node.args} - {""}
            case "d":
                self.moved |= {_moving(node.args[0])} - {""} or _sole(node.args[0])
            case "derivative" | "second":
                variable = _moving(node.args[1])
                self.variables.add(variable)
                name = _bare(node.args[0].args[0]) if node.args[0].kind == "transpose" else first
                if name:
                    self.differentiated.add((name, variable))
            case "call":
                op, _, name = node.text.partition(":")
                if op in OPERATORS and OPERATORS[op].of_square:
                    self.square |= {first} - {""}
                if op == "letter":
                    self.applied.add(name.rstrip("'"))
                    if name.endswith("'"):
                        self.primed.add(name.rstrip("'"))
        for arg in node.args:
            self.take(arg)


def _numbers(base: Syntax) -> set[str]:
    """Return the letters of a base that is no matrix unless they are: alone, or in a sum of products of letters and numbers."""
    nodes = list(walk(base))
    plain = all(n.kind in ("letter", "number", "group", "brace", "sum", "neg", "product") for n in nodes)
    return {n.text for n in nodes if n.kind == "letter"} if plain else set()


def _moving(node: Syntax) -> str:
    """Return the letter that is differentiated, whole or entry by entry."""
    return _moving(node.args[0]) if node.kind == "entry" else _bare(node)


def _sole(node: Syntax) -> set[str]:
    """Return the letter that moves where something is made of it alone: its transpose, inverse or power."""
    own = {n.text for n in walk(node) if n.kind == "letter"}
    alone = len(own) == 1 and all(n.kind in _MADE_OF_ONE for n in walk(node))
    return own if alone else set()


def _bare(node: Syntax) -> str:
    """Return the letter a node is, in brackets or not."""
    if node.kind in ("group", "brace"):
        return _bare(node.args[0])
    return node.text if node.kind == "letter" else ""


def upper_limits(node: Syntax) -> Iterator[str]:
    """Yield the letters up to which sums go: they count."""
    for n in walk(node):
        last = n.text.partition("|")[2] if n.kind == "over-index" else ""
        if last and not last.isdigit():
            yield last


def has(node: Syntax, *kinds: str) -> bool:
    """Tell whether a tree has a node of one of some kinds."""
    return any(n.kind in kinds for n in walk(node))


def is_zero(node: Syntax) -> bool:
    """Tell whether a side is nothing but zero."""
    return node.kind == "zero" or (node.kind == "number" and not node.text.strip("0."))


def same(a: Syntax, b: Syntax) -> bool:
    """Tell whether two trees say the same, wherever they stand."""
    return a.kind == b.kind and a.text == b.text and len(a.args) == len(b.args) and all(map(same, a.args, b.args))


def grasped(node: Syntax, functions: Container[str]) -> Syntax:
    r"""Return a tree in which `\nabla_x A x` differentiates the product, unless `\nabla_x f` is that of a function.

    `\nabla_x f^T` before a differential is the transposed gradient of a function f.
    """
    args = tuple(grasped(arg, functions) for arg in node.args)
    node = node if all(a is b for a, b in zip(args, node.args, strict=True)) else replace(node, args=args)
    if node.kind != "product" or not is_nabla(node.args[0]):
        return node
    inner = node.args[0].args[0]
    if (
        inner.kind == "transpose" and node.args[1].kind == "d" and letter_name(inner.args[0]) in functions
    ):  # the transposed gradient of a function
        gradient = replace(node.args[0], args=(inner.args[0], *node.args[0].args[1:]))
        return replace(node, args=(replace(inner, args=(gradient,)), *node.args[1:]))
    return node if inner.kind in ("letter", "group", "call") and letter_name(inner) in functions else widened(node)


def widened(node: Syntax) -> Syntax:
    r"""Return a tree in which a product that begins with `d` or `\nabla_x` stands under it: `d(a^T x)` for `d a^T x`."""
    if node.kind == "sum":
        return node
    first = node.args[0] if node.kind == "product" else node
    if first is not node and (first.kind == "d" or is_nabla(first)):
        rest = Syntax("product", (first.args[0], *node.args[1:]), node.span)
        return replace(first, args=(rest, *first.args[1:]))
    args = tuple(widened(arg) for arg in node.args)
    return node if all(a is b for a, b in zip(args, node.args, strict=True)) else replace(node, args=args)


def is_nabla(node: Syntax) -> bool:
    """Tell whether a derivative is written in front of its function."""
    return node.kind == "derivative" and node.args[0].span.start > node.args[1].span.start


def of_matrices(node: Syntax, names: Container[str]) -> Syntax:
    """Return a tree in which the entries `a_{ij}` are those of A, where there is an A."""

    def change(n: Syntax) -> Syntax:
        base = n.args[0] if n.args else n
        if n.kind != "entry" or "," not in n.text:
            return n
        derivative = base.kind == "derivative"
        letter = base.args[1] if derivative else base
        if letter.kind != "letter" or not letter.text.islower() or letter.text.upper() not in names:
            return n
        upper = replace(letter, text=letter.text.upper())
        return replace(n, args=(replace(base, args=(base.args[0], upper)) if derivative else upper,))

    return rewritten(node, change)


def without_arguments(sides: Sequence[Syntax | None]) -> list[Syntax | None] | None:
    """Return the sides of a chain with `f(x)` as `f` where f has the same letter as its argument throughout, and no prime."""
    calls = [n for s in sides if s is not None for n in walk(s) if n.kind == "call" and n.text.startswith("letter:")]
    arguments = [_bare(n.args[0]) for n in calls]
    if not calls or any(n.text.endswith("'") for n in calls) or len(set(arguments)) != 1 or not arguments[0]:
        return None
    functions = {letter_name(n) for n in calls}

    def change(n: Syntax) -> Syntax:
        if n.kind == "call" and n.text.startswith("letter:"):
            return Syntax("letter", (), n.span, letter_name(n))
        if n.kind != "product":
            return n
        kept = [  # `f^2(x)` is a power of f, not a product
            b
            for a, b in zip((None, *n.args), n.args, strict=False)
            if not (
                a is not None
                and a.kind == "power"
                and _bare(a.args[0]) in functions
                and b.kind == "group"
                and _bare(b) == arguments[0]
            )
        ]
        return kept[0] if len(kept) == 1 else replace(n, args=tuple(kept))

    return [rewritten(s, change) if s is not None else None for s in sides]


def powers_of_values(sides: Sequence[Syntax | None]) -> list[Syntax | None]:
    r"""Return the sides of a chain with `\sigma^2(z)` as `\sigma(z)^2` where the chain applies that function to that letter."""
    calls = {
        (letter_name(n), _bare(n.args[0]))
        for s in sides
        if s is not None
        for n in walk(s)
        if n.kind == "call" and n.text.startswith("letter:")
    }

    def change(n: Syntax) -> Syntax:
        if n.kind != "product":
            return n
        kept: list[Syntax] = []
        for b in n.args:
            a = kept[-1] if kept else b
            own = a.kind == "power" and b.kind == "group" and a.args[0].kind == "letter" and (a.args[0].text, _bare(b)) in calls
            if own:
                call = Syntax("call", b.args, a.args[0].span.join(b.span), f"letter:{a.args[0].text}")
                kept[-1] = replace(a, args=(call, a.args[1]), span=a.span.join(b.span))
            else:
                kept.append(b)
        return kept[0] if len(kept) == 1 else replace(n, args=tuple(kept))

    return [rewritten(s, change) if s is not None else None for s in sides] if calls else list(sides)


def with_arguments(node: Syntax, arguments: Mapping[str, Syntax]) -> Syntax:
    """Return a tree in which a function written without its argument has it: `df = f'(x) dx` says `df(x)`."""

    def change(n: Syntax) -> Syntax:
        known = n.kind == "letter" and n.text in arguments
        return Syntax("call", (arguments[n.text],), n.span, f"letter:{n.text}") if known else n

    return rewritten(node, change)


def differentiated(node: Syntax, defined: Callable[[str], bool]) -> Syntax:
    """Return a tree in which `f'(x)` is the derivative by x of a letter f that is defined, once for each prime."""

    def change(n: Syntax) -> Syntax:
        name = letter_name(n)
        if n.kind != "call" or not n.text.endswith("'") or n.args[0].kind != "letter" or not defined(name):
            return n
        out = Syntax("letter", (), n.span, name)
        for _ in range(len(n.text) - len(n.text.rstrip("'"))):
            out = Syntax("derivative", (out, n.args[0]), n.span, PRIMED)
        return out

    return rewritten(node, change)


def logarithm_of(node: Syntax) -> str:
    """Return the letter of which a node is the logarithm; an empty text where it is none."""
    bare = node.kind == "call" and node.text == "fn:log" and _bare(node.args[0])
    return bare or ""


def with_named_logarithms(node: Syntax, names: Callable[[str], bool]) -> Syntax:
    r"""Return a tree in which `\log p` is a letter of its own, for the letters p of which only the logarithm is given."""

    def change(n: Syntax) -> Syntax:
        name = logarithm_of(n)
        return Syntax("letter", (), n.span, LOGARITHM + name) if name and names(name) else n

    return rewritten(node, change)


def primed_arguments(side: Syntax) -> dict[str, Syntax]:
    """Return the arguments of the functions whose derivative stands in a tree."""
    calls = (n for n in walk(side) if n.kind == "call" and n.text.startswith("letter:") and n.text.endswith("'"))
    return {letter_name(n): n.args[0] for n in calls}


def rewritten(node: Syntax, change: Callable[[Syntax], Syntax]) -> Syntax:
    """Return a tree with every node changed, from the leaves up."""
    args = tuple(rewritten(arg, change) for arg in node.args)
    return change(node if args == node.args else replace(node, args=args))


def spells_functions(word: str) -> bool:
    """Tell whether letters that look like a word spell functions and differentials."""
    return any(word.endswith(name) or word.startswith(name) for name in NAMES if len(name) > 1) or bool(
        re.fullmatch(r"(?:d[A-Za-z])+", word)
    )
