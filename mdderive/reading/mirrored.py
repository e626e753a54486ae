r"""Letters that are symmetric by the way a note writes them: a mirrored table, `X^T X`, the spread of a Gaussian."""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from mdderive.document.blocks import Section
from mdderive.latex.letters import base_letter
from mdderive.latex.syntax import (
    Group,
    Identity,
    Indexed,
    Letter,
    Matrix,
    Mean,
    Neg,
    Number,
    Over,
    OverIndex,
    Power,
    Product,
    Sum,
    Syntax,
    Transpose,
)
from mdderive.reading.chains import Chain
from mdderive.reading.discourse import Reach
from mdderive.reading.facts import Fact
from mdderive.reading.statements import canonical

NORMAL = re.compile(r"(?:\\mathcal\s*\{?\s*N\s*\}?|^\s*N)\s*(?:_\w\s*)?(?:\\left\s*)?\(", re.IGNORECASE)
_PART = re.compile(r"(?:\\[,;:! ]|\\mid|\\right|\s)*")


def mirrored(chains: Sequence[Chain]) -> Iterator[Fact]:
    """Yield that a letter is symmetric by what it is said to be, until its section lets it be something else."""
    for k, chain in enumerate(chains):
        at = chain.sides[0].span.start
        for name in {*_own_transposes(chain)}:
            others = (c.sides[0].span.start for c in chains[k + 1 :] if _lets(c, name, chain.section))
            yield Fact((name,), "symmetric", chain.section, Reach(at, next(others, sys.maxsize)), at)


def _lets(chain: Chain, name: str, section: Section) -> bool:
    """Tell whether a chain lets a letter be what equals its transpose no longer."""
    own = chain.sides[0].syntax
    named = isinstance(own, Letter) and own.name == name and chain.section == section
    return named and chain.act == "let" and name not in _own_transposes(chain)


def _own_transposes(chain: Chain) -> Iterator[str]:
    """Yield the letters that a chain says to be what equals its transpose by its form."""
    for first, other in pairwise(side.syntax for side in chain.sides):
        if isinstance(first, Letter) and other is not None and _own_transpose(other):
            yield first.name


def spreads(chains: Iterable[Chain]) -> Iterator[Fact]:
    r"""Yield that the second letter of a Gaussian is symmetric, `x \sim \mathcal{N}(\mu, P)`, in all of its section."""
    for chain in chains:
        for side in chain.sides:
            if NORMAL.match(side.latex) and (name := canonical(_PART.sub("", _last(side.latex)))):
                yield Fact((name,), "symmetric", chain.section, Reach(0), chain.sides[0].span.start)


def _last(latex: str) -> str:
    r"""Return what stands behind the last comma of the bracket that a formula ends with: `P` of `\mathcal{N}(\mu, P)`."""
    end = latex.rfind(")")
    depth, start = 0, end
    for start in range(end - 1, -1, -1):
        depth += (latex[start] in ")}]") - (latex[start] in "({[")
        if depth < 0 or (latex[start] == "," and not depth and latex[start - 1 : start] != "\\"):
            break
    return latex[start + 1 : end]


def _bare(node: Syntax) -> Syntax:
    return _bare(node.args[0]) if isinstance(node, Group) else node


def _plain(node: Syntax) -> Syntax:
    """Return a factor without brackets, around it and around what it is the transpose of."""
    bare = _bare(node)
    return Transpose((_bare(bare.args[0]),), bare.span) if isinstance(bare, Transpose) else bare


def _turned(node: Syntax) -> Syntax:
    plain = _plain(node)
    return plain.args[0] if isinstance(plain, Transpose) else Transpose((plain,), plain.span)


def _own_transpose(side: Syntax) -> bool:
    """Tell whether a formula equals its transpose, whatever its letters are."""
    match side:
        case Matrix(args=entries, rows=n):
            square = n * n == len(entries) > 1
            return square and all(entries[n * i + j] == entries[n * j + i] for i in range(n) for j in range(i))
        case Group((inner,)) | Neg((inner,)) | Mean((inner,)) | OverIndex((inner,), how="sum"):
            return _own_transpose(inner)
        case Over((above, _)):
            return _own_transpose(above)
        case Sum(args=terms):
            return all(map(_own_transpose, terms))
        case Product(args=factors):
            return _there_and_back(factors)
    return isinstance(side, Identity)


def _there_and_back(factors: Sequence[Syntax]) -> bool:
    """Tell whether the factors, behind some numbers, are the same from behind, each transposed."""
    if len(factors) == 1:
        return _own_transpose(factors[0])
    half = len(factors) // 2
    pairs = zip(factors[:half], factors[: -half - 1 : -1], strict=True)
    if len(factors) == 2 * half and all(_turned(a) == _plain(b) for a, b in pairs):
        return True
    return _number(factors[0]) and _there_and_back(factors[1:])


def _number(factor: Syntax) -> bool:
    """Tell whether a factor may be a number in front: one with digits, a fraction, a small letter."""
    bare = factor.args[0] if isinstance(factor, Indexed | Power) else factor
    return isinstance(bare, Number | Over) or (isinstance(bare, Letter) and base_letter(bare.name).lstrip("\\").islower())
