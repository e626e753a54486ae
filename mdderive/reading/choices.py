"""What is open in a chain of sides, and how it may be chosen: kinds of letters, layouts, what varies, notation; likeliest first.

What the words declare is the same in all readings; each choice costs so much as it is unlikely.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations, islice, product

from mdderive.latex import stand_ins, syntax
from mdderive.latex.letters import base_letter, written_with
from mdderive.latex.syntax import Syntax, has, rewritten, walk
from mdderive.model.shapes import SCALAR
from mdderive.reading.changes import CHANGES, COLUMN, MIXED, TOTAL, mixed
from mdderive.reading.known import VARIABLES, Known, kinds_of
from mdderive.reading.partials import partials
from mdderive.reading.readings import MAX_COST, NATURAL, Reading, any_derivative
from mdderive.reading.shown_by_form import Uses, letters, widened

_MOST_KINDS = 40
_LINEAR = (syntax.Letter, syntax.Number, syntax.Sum, syntax.Neg, syntax.Product, syntax.Group)
_OF_NUMBERS = (*_LINEAR, *syntax.MOVING, syntax.Over, syntax.Power, syntax.SquareRoot, syntax.Applied)
_Combo = tuple[tuple[str, str, int], ...]  # letters, the kind that each is taken for, and what that costs
_FUNCTIONAL = frozenset({"exp", "sin", "cos", "log", "sqrt", "sinh", "cosh"})


def readings(sides: Sequence[Syntax], names: Iterable[str], known: Known, uses: Uses) -> Iterator[Reading]:
    """Yield the readings of a chain over its undeclared letters `names`, the likeliest first."""
    open_names = [n for n in dict.fromkeys(names) if n not in known.symbols]
    nodes = [n for s in (*sides, *known.definitions.values()) for n in walk(s)]
    certain = {n.name: n.kind for n in nodes if isinstance(n, stand_ins.StandIn)}
    known = replace(known, kinds={**certain, **known.kinds}) if certain else known
    combos, plain = _combos(nodes, open_names, known, uses)
    moved = uses.moving
    varied = _varied(sides, known, moved, open_names)
    chosen = _chosen(sides, known)
    wide = [False, True] if any(widened(s) is not s for s in sides) else [False]
    spread = Uses.of(map(widened, sides)).moving
    layouts = [known.layout]
    if any_derivative(sides):
        layouts.append("numerator" if known.layout != "numerator" else "denominator")
    slopes = [n for s in sides for n in walk(s) if isinstance(n, syntax.Derivative | syntax.SecondDerivative)]
    laid_out = any(isinstance(n, syntax.SecondDerivative) or n.how != "primed" for n in slopes)
    functions = [known.functions_mode]
    if _any_function(sides):
        functions.append("matrix" if known.functions_mode == "elementwise" else "elementwise")
    unsized = list(dict.fromkeys((frozenset[str](), known.loose, frozenset(known.symbols))))
    out = []
    for cost, i, combo in combos[:_MOST_KINDS]:
        kinds = {n: k for n, k, _ in combo}
        worst = max((c for *_, c in combo), default=0)
        numbers = plain and all(kind == "scalar" for kind in kinds.values())
        forms = product(enumerate(layouts), enumerate(functions), enumerate(unsized), enumerate(varied))
        for ((a, layout), (b, mode), (c, fit), (v, vary)), (w, far), (more, some) in product(forms, enumerate(wide), chosen):
            total = cost + a + b + 2 * c + 2 * w + more
            turned = bool(a and laid_out) or MIXED in some
            columns = len({COLUMN, MIXED} & {*some})
            if total <= MAX_COST and columns <= (layout == "numerator"):
                own = spread if far and vary == moved and spread else vary
                made = Reading(kinds, layout, mode, own, total, fit, far, some, turned, numbers, worst)
                out.append((total, v, i, made))
    out.sort(key=lambda t: (t[0], t[2], t[1]))
    yield from (r for *_, r in out)


def _combos(
    nodes: Sequence[Syntax], names: Sequence[str], known: Known, uses: Uses
) -> tuple[list[tuple[int, int, _Combo]], bool]:
    """Return what letters may be taken for, the cheapest first, and whether nothing tells that they are of more than numbers."""
    choices = [[(n, k, c) for k, c in kinds_of(n, known, uses)] for n in names]
    said = any(s.shape != SCALAR for s in known.symbols.values()) or bool(known.bold & {*names})
    plain = not said and not any(map(_of_matrices, nodes))
    tried = [*islice(product(*choices), 4096)]
    capitals = any(base_letter(n)[-1:].isupper() for n in names)
    laws = _beside_numbers(nodes) or _any_function(nodes) or any(map(_power_of_e, nodes))  # of functions of numbers, too
    if plain and capitals and laws and all(known.kinds.get(n, "scalar") == "scalar" for n in names):
        tried.append(tuple((n, "scalar", 0 if i else NATURAL + 1) for i, n in enumerate(names)))  # far-fetched, however many
    return sorted(((_cost(combo, plain), i, combo) for i, combo in enumerate(tried)), key=lambda t: t[:2]), plain


def _beside_numbers(nodes: Sequence[Syntax]) -> bool:
    """Tell whether a number is a term of a sum."""
    return any(isinstance(n, syntax.Sum) and any(isinstance(term, syntax.Number) for term in n.args) for n in nodes)


def _power_of_e(node: Syntax) -> bool:
    return isinstance(node, syntax.Power) and isinstance(node.args[0], syntax.Letter) and node.args[0].name == "e"


def _varied(sides: Sequence[Syntax], known: Known, moved: frozenset[str], names: Sequence[str]) -> list[frozenset[str] | None]:
    """Return which letters may vary, the likeliest first; None where the judge finds it."""
    if not any(has(s, syntax.Differential) for s in sides):
        return [None]
    least = _least_moved(sides, known)
    usual = known.varied or written_with(VARIABLES, (*names, *known.symbols))
    usual |= least  # what a formula moves everywhere varies, whatever its section differentiates by
    inside = _least_moved(sides, known, whole=True)
    return [None, *dict.fromkeys(m for m in (moved, least, usual, inside) if m)]


def _chosen(sides: Sequence[Syntax], known: Known) -> list[tuple[int, tuple[str, ...]]]:
    """Return which changes of notation may be taken together, each with what it costs."""
    changes = [c for c in CHANGES if any(rewritten(s, CHANGES[c][1]) != s for s in sides)]
    changes += [MIXED] if mixed(sides) is not None else []
    changes += [TOTAL] if any(partials(s, known, total=False) != s for s in sides) else []
    return [(sum(CHANGES[c][0] for c in some), some) for n in range(len(changes) + 1) for some in combinations(changes, n)]


def _cost(combo: Sequence[tuple[str, str, int]], plain: bool) -> int:
    """Return what it costs to take letters for these; formulas without a sign of matrices may be about numbers alone."""
    cost = sum(c for _, _, c in combo)
    numbers = plain and all(kind == "scalar" and not base_letter(name)[-1:].isupper() for name, kind, _ in combo)
    return min(cost, NATURAL) if numbers else cost


def _of_matrices(node: Syntax) -> bool:
    """Tell whether a node is a sign of matrices."""
    return not isinstance(node, _OF_NUMBERS) and not (isinstance(node, syntax.Call) and node.op == "fn")


def _least_moved(sides: Sequence[Syntax], known: Known, *, whole: bool = False) -> frozenset[str]:
    """Return the letters whose differential stands on every side that has one: the others may be constant.

    With `whole` all that a differential is taken of count.
    """
    sets = []
    for side in sides:
        inner = {n for d in walk(side) if isinstance(d, syntax.Differential) for n in letters(d)} if whole else set()
        own = (Uses.of([side]).moved | inner) - known.definitions.keys() - known.depends.keys() - known.functions - {""}
        sets += [own] if own else []
    return frozenset(set.intersection(*sets)) if sets else frozenset()


def _any_function(sides: Iterable[Syntax]) -> bool:
    """Tell whether some sides have a function that may be meant of matrices."""
    return any(isinstance(n, syntax.Call) and n.function in _FUNCTIONAL for s in sides for n in walk(s))
