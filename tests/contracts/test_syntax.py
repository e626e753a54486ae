"""Nodes of the syntax tree say what they say in fields that nobody takes apart as texts, and no node is without a meaning."""

import ast
from dataclasses import fields
from pathlib import Path

import pytest

import mdderive
from mdderive.latex import stand_ins, syntax
from mdderive.latex.elaborate import Elaborator
from mdderive.model.context import Context
from mdderive.model.diagnostics import Refusal
from mdderive.model.source import Span

ROOT = Path(mdderive.__file__).parent
NODES = sorted(
    (c for c in (vars(syntax) | vars(stand_ins)).values() if isinstance(c, type) and issubclass(c, syntax.Leaf | syntax.Branch)),
    key=lambda c: c.__name__,
)
GROUPS = {
    syntax.Leaf,
    syntax.Branch,
    syntax.Sized,
    stand_ins.StandIn,
    syntax.Tensor,
    syntax.Turned,
}  # without a text of their own
ONE = {
    *(syntax.Transpose, syntax.InverseTranspose, syntax.Inverse, syntax.Adjugate, syntax.Star, syntax.Neg, syntax.Group),
    *(syntax.Bars, syntax.Norm, syntax.SquareRoot, syntax.Differential, syntax.Indexed, syntax.Member, syntax.OverIndex),
    *(syntax.Call, syntax.Applied, syntax.Pairs, syntax.Adjoint, syntax.Conjugate, syntax.Daggered, syntax.Pseudoinverse),
}
THREE = {syntax.Directional, syntax.Standing}
TAKING_APART = frozenset({"partition", "rpartition", "split", "startswith", "endswith", "removeprefix", "removesuffix", "rstrip"})
# Names of letters have subscripts and primes: this list may only shrink.
NAMES_TAKEN_APART = {
    ("reading/claims.py", "n.name.endswith"),
    ("reading/claims.py", "n.name.rstrip"),
    ("reading/formulas.py", "node.name.rstrip"),
    ("reading/summation.py", "node.name.rpartition"),
}
DATA = frozenset(f.name for c in NODES for f in fields(c)) - {"args", "span"}


def taken_apart():
    """Return the fields of nodes that are taken apart as texts, by module."""
    for file in sorted(path for room in ("latex", "reading", "check") for path in (ROOT / room).rglob("*.py")):
        if "syntax" not in file.read_text(encoding="utf-8"):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Attribute(value=ast.Attribute(attr=field), attr=how) if field in DATA and how in TAKING_APART:
                    yield file.relative_to(ROOT).as_posix(), ast.unparse(node)


def test_no_field_hides_data():
    assert set(taken_apart()) == NAMES_TAKEN_APART


@pytest.mark.parametrize("kind", [c for c in NODES if c not in GROUPS], ids=lambda c: c.__name__)
def test_every_node_has_a_meaning(kind):
    span = Span(0, 1)
    x = syntax.Letter(span, "x")
    data = {"places": ("1",), "place": "1", "indices": ("i",), "sizes": (("m",), ("n",)), "rows": 1, "op": "tr", "how": "sum"}
    data |= {"below": "", "first": "1", "second": "2", "order": "<", "pair": syntax.Compared(span, "1", "<", "2")}
    given = {f.name: data.get(f.name, "1") for f in fields(kind) if f.name in data or f.name in ("digits", "name", "of")}
    given = {n: "" if n == "how" and kind is syntax.Derivative else v for n, v in given.items()}
    if issubclass(kind, syntax.Branch):
        given["args"] = (x,) if kind in ONE else (x, x, x) if kind in THREE else (x, x)
    asked: list[str] = []
    try:
        Elaborator(Context()).expression(kind(span=span, **given))
    except Refusal as refusal:
        asked = [refusal.diagnostic.code]
    assert (asked == ["DRV138"]) == (kind is syntax.Ask), f"{kind.__name__} has no row in `wholes` or `meanings`"
