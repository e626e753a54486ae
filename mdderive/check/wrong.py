"""What is said of a step of a chain that is wrong: where, why, what would be right, and values at which it fails."""

from collections.abc import Callable, Iterator, Set
from dataclasses import replace

from mdderive.check.answers import GRADIENT
from mdderive.check.attempts import Attempts, ChainStep
from mdderive.check.conditions import Under
from mdderive.check.goals import tell
from mdderive.latex.stand_ins import StandIn
from mdderive.latex.syntax import walk
from mdderive.model.context import Context, Premise
from mdderive.model.diagnostics import Finding, Hint, Witness
from mdderive.model.expr import Expr, rebuilt, sym
from mdderive.model.results import HELD_BACK
from mdderive.model.shapes import ONE
from mdderive.model.source import Span
from mdderive.reading.arbitrary import UNKNOWN
from mdderive.reading.chains import Chain
from mdderive.reading.readings import Read
from mdderive.reading.shown_by_form import letters
from mdderive.reading.surroundings import Surroundings
from mdderive.reading.writings import written
from mdderive.verify.hints import explain, guessed_functions

_STEP = {"end": "later steps are judged on their own", "end_zh": "之后的各步分别判断"}


def wrong(chain: Chain, step: ChainStep, attempts: Attempts, slip: Hint | None = None) -> Finding:
    """Return the finding on a step that is wrong, by a slip of the pen if one was found."""
    around = attempts.around
    span = chain.sides[step.index].span
    code = "DRV403" if len(chain.relations) > 1 and step.index > 1 else "DRV402"
    if slip is not None:
        return Finding(code, span, _STEP, hints=(slip,))
    if not step.refuted:
        misfit = step.misfits[0][0] if step.misfits else None
        shape = (Hint("shape", {"en": misfit.message("en"), "zh": misfit.message("zh")}),) if misfit else ()
        return Finding(code, span, _STEP, hints=shape)
    refuted, _ = step.refuted[0]
    found = spelled(refuted, around.spelling)
    left, right = found.pair(step.index)
    hints = explain(left, right, found.context, varying=found.varying, seed=attempts.seed)
    trees = (tree for tree in (*written(chain, around), *found.known.definitions.values()) if tree is not None)
    stand_ins = {n.name for tree in trees for n in walk(tree) if isinstance(n, StandIn)}
    ours = [n for n in (*found.context.symbols, *found.context.elementwise) if n in stand_ins or n.startswith(UNKNOWN)]
    held = ", ".join((*guessed_functions(left, right, found.context), *ours, *_spelled_in_several_ways(chain, around)))
    facts = {**_STEP, **({HELD_BACK: held} if held else {})}
    derived = _derived(left, found.context) if code == "DRV402" and not ours else ""
    if derived:
        code, facts = "DRV401", {**facts, **GRADIENT[2 if left.op == "hess" else 1], "right": derived}
    return Finding(code, span, facts, hints=hints, witness=_witness(attempts.witness(refuted, step.index), around))


def also_under(found: Finding, under: Under, attempts: Attempts) -> Finding:
    """Return the finding on a step that is wrong, with the conditions under which it fails too and values that meet them."""
    if under.step is None or found.witness is None:
        return found
    words = {"en": f"it fails under the condition of line {under.lines} too", "zh": f"在第 {under.lines} 行的条件下也不成立"}
    witness = _witness(attempts.witness(under.step.refuted[0][0], under.step.index), attempts.around)
    return replace(found, hints=(*found.hints, Hint("premise", words)), witness=witness)


def no_solution(line: int) -> Hint:
    """Return what is wrong with a value that does not solve the condition of a line."""
    words = {
        "en": f"put into the condition of line {line}, it does not give zero",
        "zh": f"代入第 {line} 行的条件，并不为零",
    }
    return Hint("equation", words)


def _witness(witness: Witness | None, around: Surroundings) -> Witness | None:
    """Return a witness with the letters as the note spells them."""
    return witness and replace(witness, values={around.spelling(name): value for name, value in witness.values.items()})


def _spelled_in_several_ways(chain: Chain, around: Surroundings) -> Iterator[str]:
    """Yield the letters of a chain that have several fonts in the note: what is proposed cannot stand as it is."""
    names = {n for side in chain.sides if side.syntax is not None for n in letters(side.syntax)}
    yield from sorted(n for n in names if around.spelling(around.name(n)) != n)


def _derived(left: Expr, context: Context) -> str:
    """Return the right equation where a left side is a gradient or a Hessian that can be derived, else an empty text."""
    if left.op not in ("deriv", "hess") or left.args[1].op != "sym":
        return ""
    told = tell(left.args[0], left.args[1], context, order=2 if left.op == "hess" else 1)
    if isinstance(told, Finding) or told.verdict.outcome != "holds":
        return ""
    return f"{told.lines[-1].left} = {told.lines[-1].right}"


def misshapen(step: ChainStep, span: Span, lone: Set[str]) -> Finding | None:
    """Return the finding on a step whose sides differ in shape in its likeliest reading, where nothing it needs is missing.

    A letter that stands on one side alone may have the shape of the other; one with a number may be a row, a block or an entry.
    """
    likeliest = step.misshapen[0] if step.misshapen and not step.refuted and not step.outcome else None
    if likeliest is None or likeliest.reading.cost or likeliest.known.depends or likeliest.known.unsure:
        return None
    misfit = next(m for i, m in likeliest.misfits.items() if i in likeliest.apart)
    guessed = not lone.isdisjoint(likeliest.reading.kinds) or any("_" in name for name in likeliest.context.symbols)
    if misfit.code != "DRV301" or guessed:
        return None
    return Finding("DRV415", span, {"left": str(misfit.facts["left"]), "right": str(misfit.facts["right"])})


def spelled(found: Read, name: Callable[[str], str]) -> Read:
    """Return a reading whose letters have the names that `name` gives them."""
    varying = None if found.varying is None else frozenset(map(name, found.varying))
    sides = tuple(side and _tree(side, name) for side in found.sides)
    return replace(found, sides=sides, context=_context(found.context, name), varying=varying)


def _tree(e: Expr, name: Callable[[str], str]) -> Expr:
    if e.op == "sym":
        return sym(name(e.name), e.shape, e.span)
    return rebuilt(e, tuple(_tree(arg, name) for arg in e.args))


def _context(context: Context, name: Callable[[str], str]) -> Context:
    return replace(
        context,
        symbols={name(n): replace(symbol, name=name(n)) for n, symbol in context.symbols.items()},
        definitions={name(n): _tree(value, name) for n, value in context.definitions.items()},
        premises=tuple(Premise(_tree(p.left, name), _tree(p.right, name)) for p in context.premises),
    )


def suggestion(found: Read, span: Span, prop: str = "") -> list[tuple[Span, str]]:
    """Return the declarations of a reading, at a place: of all its letters, or with a property, of those that may have it."""
    said = []
    for name, symbol in found.context.symbols.items():
        square = symbol.shape.rows == symbol.shape.cols != ONE
        if name.startswith(UNKNOWN) or name in found.context.definitions or (prop and not square):
            continue
        said.append(f"{name}: {symbol.shape}" + (f", {prop}" if prop else ""))
    return [(span, "; ".join(sorted(said)))] if said else []
