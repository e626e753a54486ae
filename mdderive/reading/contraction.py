r"""Products of entries to products of matrices: `A_{ij} X_{jk}` summed over j is the entry of A X at i, k.

Every entry is an edge between its two indices, a vector's an edge that ends nowhere; an index that two edges share is summed
over. A path is then a product, transposed where it runs against an edge; a ring is a trace.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mdderive.latex.syntax import Call, Derivative, Group, Identity, Indexed, Letter, Neg, Product, Sum, Syntax, Transpose

_END = ""  # where a vector ends


@dataclass(frozen=True, slots=True)
class _Edge:
    matrix: Syntax
    ends: tuple[str, str]


def contracted(side: Syntax, free: Sequence[str]) -> Syntax | None:
    """Return a side with its implied sums taken, so that only free indices are left; None where it is no product of matrices."""
    if isinstance(side, Sum | Neg | Group):
        args = [contracted(a, free) for a in side.args]
        return None if any(a is None for a in args) else replace(side, args=tuple(a for a in args if a is not None))
    if not any(isinstance(n, Indexed) for n in _factors(side)):
        return None if _numbers(side) - set(free) else side
    edges: list[_Edge] = []
    rest: list[Syntax] = []
    for factor in _factors(side):
        found = _edges(factor, free)
        if found is not None:
            edges += found
        elif _numbers(factor):
            return None
        else:
            rest.append(factor)
    joined = _joined(edges, free)
    if joined is None:
        return None
    parts = (*rest, *joined)
    return parts[0] if len(parts) == 1 else Product(parts, side.span)


def _numbers(node: Syntax) -> set[str]:
    own = set(node.places) if isinstance(node, Indexed) else set[str]()
    return own.union(*(_numbers(a) for a in node.args))


def _factors(node: Syntax) -> Iterator[Syntax]:
    if isinstance(node, Product):
        for arg in node.args:
            yield from _factors(arg)
    elif isinstance(node, Group) and isinstance(node.args[0], Product | Indexed | Group):
        yield from _factors(node.args[0])
    else:
        yield node


def _edges(node: Syntax, free: Sequence[str]) -> list[_Edge] | None:
    """Return a factor as edges; None where it is none."""
    if not isinstance(node, Indexed) or any(i.isdigit() for i in node.places):
        return None
    base, numbers = node.args[0], node.places
    if isinstance(base, Derivative):
        return _derivative(base, numbers, free)
    if _numbers(base) or len(numbers) > 2:
        return None
    return [_Edge(base, (numbers[0], numbers[1] if len(numbers) == 2 else _END))]


def _derivative(node: Derivative, numbers: tuple[str, ...], free: Sequence[str]) -> list[_Edge] | None:
    """Return the derivative of an entry by one of its letter as an identity for each index, any other at the free indices."""
    of, by = node.args
    match of.args[0] if isinstance(of, Group) else of, by:
        case Indexed((Letter() as x,), places=own), Letter() if len(own) == len(numbers):
            return [_Edge(Identity(node.span), pair) for pair in zip(own, numbers, strict=True)] if x == by else None
    inner = contracted(of, ())
    if inner is None or numbers != tuple(free):
        return None
    whole = replace(node, args=(Group((inner,), of.span), by))
    return [_Edge(whole, (numbers[0], numbers[1] if len(numbers) == 2 else _END))]


def _joined(edges: Sequence[_Edge], free: Sequence[str]) -> list[Syntax] | None:
    """Return the factors that edges join to: traces, inner products, and at most one entry at the free indices."""
    counts = Counter(i for e in edges for i in e.ends if i != _END)
    if any(n != (1 if i in free else 2) for i, n in counts.items()) or (counts and set(free) - counts.keys()):
        return None
    left = list(edges)
    out: list[Syntax] = []
    columns: list[Syntax] = []
    starts = [*free, *(_END for e in edges for i in e.ends if i == _END)]
    for start in starts:
        if not any(start in e.ends for e in left):
            continue
        path, last = _path(left, start)
        whole = _product(path)
        if start == _END:
            out.append(whole)
        elif last == _END:
            columns.append(whole)
        else:
            out.append(Indexed((whole,), whole.span, (start, last)))
    while left:
        path, _ = _path(left, left[0].ends[0])
        out.append(Call((_product(path),), path[0].span, "tr"))
    if len(columns) == 2:
        outer = _product([columns[0], _turned(columns[1])])
        out.append(Indexed((outer,), outer.span, tuple(free)))
    elif columns:
        out.append(Indexed((columns[0],), columns[0].span, (free[0],)))
    return out


def _path(left: list[_Edge], start: str) -> tuple[list[Syntax], str]:
    """Take the edges from a start off the list as far as they lead; return their matrices, in order, and where they end."""
    path: list[Syntax] = []
    at = start
    while True:
        edge = next((e for e in left if at in e.ends), None)
        if edge is None or (path and at in (_END, start)):
            return path, at
        left.remove(edge)
        forward = edge.ends[0] == at
        path.append(edge.matrix if forward else _turned(edge.matrix))
        at = edge.ends[1] if forward else edge.ends[0]


def _turned(matrix: Syntax) -> Syntax:
    if isinstance(matrix, Identity):
        return matrix
    plain = isinstance(matrix, Letter | Group)
    return Transpose((matrix if plain else Group((matrix,), matrix.span),), matrix.span)


def _product(path: Sequence[Syntax]) -> Syntax:
    """Return matrices as their product, in brackets, without the identities that change nothing."""
    matrices = [m for m in path if not isinstance(m, Identity)] or [path[0]]
    inner = matrices[0] if len(matrices) == 1 else Product(tuple(matrices), path[0].span)
    return Group((inner,), path[0].span)
