r"""What numbers and what is numbered in a block: the indices that it binds, the sizes that its sums end with, its families.

An index is never part of a constant's name. A declared `x_i` is one letter of a family where a sum, a product or a maximum of the
scope binds i, where its line says how far i runs, or where another member of x is spoken of.
"""

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace

from mdderive.latex.letters import Names, numbering
from mdderive.latex.notation import INDICES
from mdderive.latex.syntax import Derivative, Indexed, OverIndex, Syntax, places, walk
from mdderive.model.context import Context, Family, Symbol
from mdderive.model.diagnostics import Finding, Label, Refusal
from mdderive.model.shapes import SCALAR
from mdderive.model.source import Span
from mdderive.reading.scope import Scope
from mdderive.reading.statements import Formula

_SCRIPT = r"\{(?:[^{}]|\{[^{}]*\})*\}|\\[A-Za-z]+|\w"
_BINDER = re.compile(
    r"\\(?:sum|prod|max|min|bigcup|bigcap|bigoplus|operatorname\*?\{arg(?:max|min)\}|arg\s*\\?(?:max|min))(?![A-Za-z])"
    rf"(?:\s*\\(?:no)?limits)?(?P<scripts>(?:\s*[_^]\s*(?:{_SCRIPT}))+)|\\forall\s*(?P<all>[A-Za-z])(?![A-Za-z])"
)
_LISTED = re.compile(r"(?:dots|\.\.\.|…)\s*(?:,|;|&|\\\\)?\s*\S+?\s*_\s*(?:\{\s*(\w+)\s*\}|(\w))")
_MARKED = re.compile(rf"(?P<mark>[_^])\s*(?P<text>{_SCRIPT})")
_RELATION = re.compile(r"<=|[<=]|\\(?:leq?(?:slant)?|in|neq?|lt)(?![A-Za-z])")
_FROM_ONE = re.compile(r"=\s*1\s*,(?:\s*\\,)?")
_COMMANDS = re.compile(r"\\[A-Za-z]+")
_SIZE = re.compile(r"[A-Za-z](?:_\w|_\{\w\})?|\\ell")


@dataclass(frozen=True, slots=True)
class Bound:
    """Letters that are bound as indices, and letters up to which they run."""

    indices: frozenset[str]
    sizes: frozenset[str]


def bound_in(text: str) -> Bound:
    """Return the indices that a text binds, and the sizes its sums end with."""
    indices: set[str] = set()
    sizes: set[str] = set()
    for found in _BINDER.finditer(text):
        indices |= {found["all"]} - {None}
        for script in _MARKED.finditer(found["scripts"] or ""):
            inside = _FROM_ONE.sub(",", script["text"].removeprefix("{").removesuffix("}")).strip()
            parts = [part.strip(" ()") for part in _RELATION.split(inside)]
            if script["mark"] == "^" or len(parts) >= 3:
                sizes |= {part for part in parts[-1:] if _SIZE.fullmatch(part)}
            if script["mark"] == "_":
                indices |= _letters(parts[1:-1] if len(parts) >= 3 else parts[:2] if "<" in inside else parts[:1])
    last = {braced or letter for braced, letter in _LISTED.findall(text)}
    return Bound(frozenset(indices), frozenset(sizes | {size for size in last if _SIZE.fullmatch(size)}))


def _letters(parts: Iterable[str]) -> set[str]:
    """Return the letters of a list of indices: `i`, `ij`, `i, j`."""
    plain = (_COMMANDS.sub("", part) for part in parts)
    return {letter for part in plain if re.fullmatch(r"[A-Za-z](?:[\s,]*[A-Za-z])*", part) for letter in part if letter.isalpha()}


def numbered(text: str, found: Bound, scope: Scope) -> Scope:
    """Return a scope that knows the indices and the families of a block with these bound letters."""
    context = scope.context
    indices = (context.indices | found.indices) - context.symbols.keys() - context.lengths()
    sizes = context.sizes - (found.sizes & (context.symbols.keys() | found.indices))
    symbols = dict(context.symbols)
    findings: list[Finding] = []
    for name, symbol in context.symbols.items():
        letter, own = numbering(name)
        if symbol.family is not None or symbol.along or name in context.definitions or not letter:
            continue
        bound = [i in indices | found.indices for i in own]
        usual = all(i in INDICES for i, known in zip(own, bound, strict=True) if not known)
        if all(bound) or (usual and (any(bound) or _others(text, letter, own, indices, symbols))):
            symbols[name] = replace(symbol, family=Family(letter, own, (None,) * len(own)))
    findings += _settled(symbols, context.definitions)
    context = replace(context, symbols=symbols, indices=indices, sizes=sizes)
    return replace(scope, context=context, findings=(*scope.findings, *findings))


def _others(text: str, letter: str, own: tuple[str, ...], indices: frozenset[str], declared: Iterable[str]) -> bool:
    """Tell whether a text speaks of another member of a letter that it does not declare."""
    listed, bare = r"\s*,?\s*".join([r"(\w)"] * len(own)), r"|(\w)" if len(own) == 1 else ""
    below = re.finditer(rf"{re.escape(letter)}\s*_\s*(?:\{{\s*{listed}\s*\}}{bare})", text)
    known = {own, *(numbering(name)[1] for name in declared if numbering(name)[0] == letter)}
    others = {tuple(filter(None, found.groups())) for found in below} - known
    return any(all(i in INDICES | indices or i.isdigit() for i in other) for other in others)


def _settled(symbols: dict[str, Symbol], defined: Container[str]) -> Iterator[Finding]:
    """Leave one symbol for each family; yield what is declared in two ways. A column may be defined by its entries."""
    first: dict[str, Symbol] = {}
    for name, symbol in list(symbols.items()):
        letter = symbol.family.letter if symbol.family else ""
        whole = symbols.get(letter)
        if symbol.family is None:
            continue
        if whole is not None and letter not in defined and symbol.shape == SCALAR != whole.shape:
            yield _twice("DRV256", symbol, whole, {"name": name, "letter": letter})
        other = first.setdefault(letter, symbol)
        if other is not symbol:
            otherwise = len(other.family.indices) != len(symbol.family.indices) if other.family else False
            del symbols[other.name if otherwise else name]  # of two ways to number, the later one is known
            first[letter] = symbol if otherwise else other
            if (other.shape, other.properties) != (symbol.shape, symbol.properties):
                yield _twice("DRV115", symbol, other, {"name": name, "first": str(other.shape), "second": str(symbol.shape)})


def _twice(code: str, symbol: Symbol, other: Symbol, facts: dict[str, str]) -> Finding:
    labels = (Label(other.span, {"en": "the first is here", "zh": "前者在此"}),) if other.span else ()
    return Finding(code, symbol.span or other.span or Span(0, 0), facts, labels)


def misnumbered(context: Context) -> Iterator[Finding]:
    """Yield what looks like a place of something that is only known later in the block: `p_y` above the definition of p."""
    for symbol in context.symbols.values():
        letter, _ = numbering(symbol.name)
        whole = context.symbols.get(letter)
        if symbol.inferred and symbol.span is not None and whole is not None and whole.shape != SCALAR:
            yield Finding("DRV251", symbol.span, {"name": symbol.name, "letter": letter})


def numbered_constant(names: Iterable[str], context: Context) -> Finding | None:
    """Return what is wrong with a derivative that is zero only because an undeclared `p_y` was taken for a constant."""
    symbols = (context.symbols[name] for name in sorted(names) if name in context.symbols)
    found = next((s for s in symbols if s.inferred and s.span is not None and numbering(s.name)[0]), None)
    if found is None or found.span is None:
        return None
    return Finding("DRV251", found.span, {"name": found.name, "letter": numbering(found.name)[0]})


def untied(context: Context) -> Iterator[Finding]:
    """Yield a warning for each matrix X with as many rows or columns as there are x_i that nothing ties to them."""
    for family in context.families().values():
        assert family.family is not None
        letter, count = family.family.letter, family.family.counts[0]
        whole = context.symbols.get(re.sub(r"[a-z](?=\}?$)", lambda found: found[0].upper(), letter))
        known = whole is None or whole.name in context.definitions or len(family.family.indices) > 1
        if whole is None or known or count not in whole.shape or whole.span is None:
            continue
        across = whole.shape.cols == count
        listed = rf"[{letter}_1, \dots, {letter}_{count}]" if across else rf"[{letter}_1^T; \dots; {letter}_{count}^T]"
        yield Finding("DRV257", whole.span, {"name": whole.name, "members": family.name, "listed": listed})


def defined_families(text: str, lines: Iterable[Formula], known: Names) -> dict[str, int]:
    """Return the letters of which formulas define all members at once: the index is bound, or numbers something on the right."""
    found: dict[str, int] = {}
    for line in lines:
        letter, indices = numbering(line.defines)
        value = text[line.span.start : line.span.end].partition("=")[2]
        number = (i in known.indices or (i in INDICES and re.search(rf"_\s*(?:\{{[^{{}}]*)?{i}", value)) for i in indices)
        if letter and letter not in known.symbols and line.defines not in known.symbols and all(number):
            found[letter] = len(indices)
    return found


# ------------------------------------------------------------ indices of one formula


def refuse_loose(sides: Iterable[Syntax]) -> None:
    """Refuse an index that a sum binds in one part of a formula and that is free in another.

    The index of what a derivative is taken by is free around it, whatever the sums in its function bind.
    """
    sides = tuple(sides)
    nodes = [node for side in sides for node in walk(side)]
    bound = {index for node in nodes if isinstance(node, OverIndex) for index in node.indices}
    derivatives = [node for node in nodes if isinstance(node, Derivative)]
    entries = (node for node in nodes if isinstance(node, Indexed) and node.args[0] in derivatives)
    by = {index for node in (*entries, *(d.args[1] for d in derivatives)) for index in places(node)}
    for side in sides:
        for index, span in _free(side, frozenset()):
            if index in bound - by:
                raise Refusal(Finding("DRV255", span, {"index": index}))
    for node in derivatives:
        refuse_loose(node.args[:1])


def _free(node: Syntax, bound: frozenset[str]) -> Iterator[tuple[str, Span]]:
    """Yield the indices that stand free in a tree, with their places."""
    yield from ((index, node.span) for index in places(node) if not index.isdigit() and index not in bound)
    inside = bound.union(node.indices) if isinstance(node, OverIndex) else bound
    for arg in node.args:
        yield from _free(arg, inside)
