"""What a step takes for constant: where nothing moves, nothing is proved, and a letter that nobody calls constant is a condition.

A reading lets those letters vary whose differentials a chain writes out. The others are constant by custom: because the section
differentiates by something else, or because they are letters of the kind that people keep for constants.
"""

from collections.abc import Iterable

from mdderive.latex.letters import base_letter
from mdderive.model.context import closure
from mdderive.model.expr import Expr
from mdderive.reading.arbitrary import UNKNOWN
from mdderive.reading.known import VARIABLES
from mdderive.reading.readings import Read


def still(found: Read, *sides: Expr) -> bool:
    """Tell whether all differentials of one side vanish by what a reading takes for constant."""
    moved = [[n for n in _differentials(side) if closure(n.args[0], found.context)] for side in sides]
    return any(nodes and not any(_moves(found, node) for node in nodes) for nodes in moved)


def taken_for_constant(found: Read, index: int) -> frozenset[str]:
    """Return the letters under the differentials of a step that a reading takes for constant without any reason."""
    if found.varying is None:
        return frozenset()
    within = {n for side in found.pair(index) for node in _differentials(side) for n in closure(node.args[0], found.context)}
    symbols = found.context.symbols
    free = {n for n in within - found.varying - found.context.definitions.keys() if n in symbols and not n.startswith(UNKNOWN)}
    return frozenset(n for n in free if "constant" not in symbols[n].properties and not _customary(n, found))


def never_constant(found: Read, names: Iterable[str]) -> bool:
    """Tell whether one of some letters is introduced and of the very kind of those that vary: a reader lets it vary too."""
    own = {n for n in names if n in found.known.symbols and n not in found.known.varied}
    return any(_alike(n, other) for n in own for other in found.varying or ())


def moves_constants(found: Read, index: int) -> bool:
    """Tell whether a reading lets letters vary that the note calls constant, and takes others of a step for constant instead."""
    symbols, varying = found.context.symbols, found.varying or frozenset()
    said = {n for n, symbol in symbols.items() if "constant" in symbol.properties}
    if not said & varying:
        return False
    within = {n for side in found.pair(index) for node in _differentials(side) for n in closure(node.args[0], found.context)}
    return bool(varying & said & within) and bool((within & symbols.keys()) - varying - said)


def _differentials(side: Expr) -> list[Expr]:
    return [node for node in side.walk() if node.op == "d"]


def _moves(found: Read, node: Expr) -> bool:
    inner = closure(node.args[0], found.context)
    if found.varying is not None:
        return bool(inner & found.varying)
    symbols = found.context.symbols
    return any(n in symbols and "constant" not in symbols[n].properties for n in inner)


def _customary(name: str, found: Read) -> bool:
    """Tell whether a letter is constant by what its section differentiates by, or else by custom."""
    varying, around = found.varying or frozenset(), found.known.varied
    if name in found.known.near:
        return False
    if varying and varying <= around:
        return True
    return _core(name) not in VARIABLES and not any(_alike(name, other) for other in varying)


def _alike(name: str, other: str) -> bool:
    """Tell whether two letters are of one kind: both kept for variables or not, both capital or not."""
    a, b = _core(name), _core(other)
    return (a in VARIABLES) == (b in VARIABLES) and a.isupper() == b.isupper() and len(a) == len(b) == 1


def _core(name: str) -> str:
    return base_letter(name)
