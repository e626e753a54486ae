"""What depends on what at a place of a note: by what it says, else by what its formulas differentiate by."""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field

from mdderive.latex.letters import base_letter
from mdderive.latex.syntax import Syntax
from mdderive.reading.reach import ordered, reached
from mdderive.reading.shown_by_form import letters

Arguments = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Graph:
    """The arguments of letters without a value, each behind those it depends on; those of `given` are stated, not inferred.

    `partial` are the letters with those of their arguments that others of their arguments depend on: `L(x, t)` where x = x(t).
    """

    arguments: Arguments = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    partial: frozenset[tuple[str, str]] = frozenset()


def graph(
    pairs: Iterable[tuple[str, str]],
    definitions: Mapping[str, Syntax],
    names: Iterable[str],
    stated: Callable[[str], tuple[str, ...]],
) -> Graph:
    """Return what letters depend on; `pairs` are letters with what formulas differentiate them by, `stated` what a note says."""
    found: dict[str, list[str]] = {}
    for name, variable in sorted(pairs):
        if name and variable and name != variable:
            found.setdefault(name, []).append(variable)
    said = _said(found, definitions, names, stated)
    inferred = _inferred({n: v for n, v in found.items() if n not in {*definitions, *said}}, definitions, said)
    every = {**inferred, **{n: a for n, a in said.items() if n not in definitions}}

    def inner(name: str) -> Iterable[str]:
        return letters(definitions[name]) if name in definitions else every.get(name, ())

    order = ordered(every)
    own = {n: said[n] for n in said if n in definitions or n in order}
    partial = {(n, v) for n, args in own.items() for v in args if any(v in reached(o, inner) for o in args if o != v)}
    family = {n for n in inferred if any(_related(a, v) for a in stated(n) for v in found[n])}
    return Graph({n: every[n] for n in order}, frozenset(own.keys() | family), frozenset(partial))


def between(
    names: Iterable[str],
    variables: Set[str],
    inner: Callable[[str], Iterable[str]],
    arguments: Callable[[str], Iterable[str]],
) -> list[str]:
    """Return the arguments of functions behind some letters that lead to variables; `inner` are the letters behind one."""
    every = {*names}.union(*(reached(n, inner) for n in names)) if variables else ()
    said = {a for n in every for a in arguments(n)}
    return sorted(n for n in said if not variables.isdisjoint(reached(n, inner)))


def _said(
    found: Mapping[str, list[str]],
    definitions: Mapping[str, Syntax],
    names: Iterable[str],
    stated: Callable[[str], tuple[str, ...]],
) -> dict[str, tuple[str, ...]]:
    """Return what is stated of letters that lead to what formulas differentiate by, where that is all they are made of."""

    def inner(name: str) -> Iterable[str]:
        return letters(definitions[name]) if name in definitions else stated(name)

    variables = {v for some in found.values() for v in some}
    said: dict[str, tuple[str, ...]] = {}
    for name in {*names}.union(*(reached(n, inner) for n in names)):
        reach = reached(name, inner)
        if stated(name) and name not in reach and (name in found or variables & reach) and reach >= {*found.get(name, ())}:
            said[name] = stated(name)
    return said


def _inferred(found: Mapping[str, list[str]], definitions: Mapping[str, Syntax], said: Arguments) -> dict[str, tuple[str, ...]]:
    """Return what letters are differentiated by, without what is made of other letters among that."""

    def through(name: str) -> set[str]:
        return reached(name, lambda n: letters(definitions[n]) if n in definitions else said.get(n, ()))

    reach = {name: reached(name, lambda n: {*found.get(n, ()), *through(n)}) for name in found}

    def leads(a: str, b: str) -> bool:
        """Tell whether a letter is made of another, and not each of the other (a circle tells nothing)."""
        return [end in reach.get(start, through(start)) for start, end in ((a, b), (b, a))] == [True, False]

    return {name: tuple(v for v in dict.fromkeys(args) if not any(leads(o, v) for o in args)) for name, args in found.items()}


def _related(name: str, other: str) -> bool:
    """Tell whether two letters are one letter of two layers, or at two places."""
    return name != other and base_letter(name) == base_letter(other) and "_" in name and "_" in other
