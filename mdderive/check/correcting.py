"""A step whose shapes fit in no likely reading, and that holds with one correction: it is wrong, and the correction is why."""

from collections.abc import Iterator

from mdderive.check.attempts import ILL_SHAPED, Attempts, ChainStep
from mdderive.check.wrong import spelled
from mdderive.latex.syntax import Letter, Syntax, Transpose, Turned, has, rewritten
from mdderive.latex.write import write
from mdderive.model.diagnostics import Hint
from mdderive.reading.chains import Chain
from mdderive.reading.claims import refutable
from mdderive.reading.corrections import corrections
from mdderive.reading.readings import Read, read, varied

MOST_FITTING = 12  # corrected sides that are judged
MISSHAPEN = ILL_SHAPED | {"DRV307"}  # also a factor behind a number that looks like a matrix


def corrected(attempts: Attempts, chain: Chain, left: Syntax, right: Syntax, step: ChainStep) -> Hint | None:
    """Return the correction with which a step that claims holds in a likely reading, where its shapes fit in none as it stands.

    Where people write the vectors as rows, or the inner product without a sign, that may be all: nothing is corrected then.
    """
    if not step.astray or step.outcome or any(step.natural(found.reading) for found, _ in step.refuted):
        return None
    k, before = step.index, [None] * (step.index - 1)
    if any(found.misfits[i].code not in MISSHAPEN for found in step.astray for i in {k - 1, k} & found.misfits.keys()):
        return None
    fitting = 0
    for code, pair, right_changed in _corrected(left, right):
        for found in step.astray:
            meant = read([*before, *pair], found.known, found.reading)
            if not isinstance(meant, Read) or meant.misfits:
                continue
            meant = varied(meant, found.reading)
            fitting += 1
            if refutable(chain, left, right, meant, k) is None and _holds(attempts, meant, k):
                if _holds_of_rows(attempts, left, right, found):
                    return None
                said = spelled(meant, attempts.around.spelling)
                return Hint(code, {}, write(said.pair(k)[1], said.context) if right_changed else "")
            if fitting > MOST_FITTING:
                return None
    return None


def _corrected(left: Syntax, right: Syntax) -> Iterator[tuple[str, tuple[Syntax, Syntax], bool]]:
    """Yield both sides with one correction on one of them, and whether it is the right side; none that makes them the same.

    Who writes no transpose anywhere may mean an inner product by two letters side by side.
    """
    plain = not has(left, Turned) and not has(right, Turned)
    changes = [(code, (left, other), True) for code, other in corrections(right)]
    changes += [(code, (other, right), False) for code, other in corrections(left)]
    for code, pair, right_changed in changes:
        if pair[0] != pair[1] and not (plain and code == "transpose"):
            yield code, pair, right_changed


def _holds(attempts: Attempts, found: Read, index: int) -> bool:
    verdicts = attempts.verdicts([found.pair(index)], found.context, found.varying)
    return verdicts[0].outcome == "holds"


def _holds_of_rows(attempts: Attempts, left: Syntax, right: Syntax, found: Read) -> bool:
    """Tell whether two sides hold as they stand where small letters are rows."""

    def turned(node: Syntax) -> Syntax:
        match node:
            case Transpose((Transpose((inner,)),)):
                return inner
            case Letter(name=name) if name in found.context.symbols and found.context.symbols[name].shape.cols.letters == ():
                return Transpose((node,), node.span)
        return node

    pair = read([rewritten(left, turned), rewritten(right, turned)], found.known, found.reading)
    return isinstance(pair, Read) and not pair.misfits and _holds(attempts, varied(pair, found.reading), 1)
