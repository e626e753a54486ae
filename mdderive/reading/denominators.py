"""Divisions by what is no number, where the rest of the term was meant to stand under the slash: `x^T A x / x^T x`."""

import re

from mdderive.latex.elaborate import Elaborator
from mdderive.latex.parse import parse
from mdderive.model.diagnostics import Finding, Refusal
from mdderive.model.shapes import ShapeError
from mdderive.model.source import Span

_MARKS = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)
_OPENS, _CLOSES, _ENDS = frozenset("([{"), frozenset(")]}"), frozenset("+-=,;/&?")


def bracketed(text: str, refused: Finding, reader: Elaborator) -> Finding:
    """Return a refused division with the brackets to write, where the rest of its term is a number; else as it is."""
    if refused.code != "DRV209":
        return refused
    whole = Span(refused.span.start, _end(text, refused.span.end))
    meant = text[whole.start : whole.end]
    syntax = parse(meant, names=reader.names())
    if whole == refused.span or isinstance(syntax, Finding):
        return refused
    try:
        number = Elaborator(reader.context, reader.letters, reader.kinds).expression(syntax).scalar
    except (Refusal, ShapeError):
        return refused
    facts = {**refused.facts, "first": text[refused.span.start : refused.span.end], "write": f"({meant})"}
    return Finding("DRV139", whole, facts) if number else refused


def _end(text: str, at: int) -> int:
    """Return where the term ends that goes on at a place."""
    depth = 0
    for mark in _MARKS.finditer(text, at):
        if depth == 0 and (mark[0] in _ENDS or mark[0] in _CLOSES or mark[0] == "\\\\" or mark[0] == "\n"):
            return len(text[: mark.start()].rstrip())
        depth += (mark[0] in _OPENS) - (mark[0] in _CLOSES)
    return len(text.rstrip())
