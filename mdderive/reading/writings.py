"""How the sides of a chain are written before they are judged, and how else they may have been meant."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import partial

from mdderive.document.blocks import Section
from mdderive.latex.notation import EQUALS
from mdderive.latex.syntax import (
    Ask,
    Derivative,
    Differential,
    Directional,
    Group,
    Indexed,
    Inverse,
    InverseTranspose,
    Letter,
    Mean,
    Power,
    Product,
    Syntax,
    Transpose,
    has,
    rewritten,
)
from mdderive.model.shapes import ONE
from mdderive.reading.bare_nabla import with_its_letter
from mdderive.reading.chains import Chain
from mdderive.reading.changes import as_row, by_inverse, sought
from mdderive.reading.claims import definable
from mdderive.reading.defined import Defined
from mdderive.reading.known import Grounds
from mdderive.reading.means import weighed
from mdderive.reading.ranges import in_force, with_ranges
from mdderive.reading.shown_by_form import (
    LOGARITHM,
    Uses,
    differentiated,
    factor_of_differential,
    grasped,
    letters,
    logarithm_of,
    of_matrices,
    primed_arguments,
    renamed,
    with_arguments,
    with_named_logarithms,
    without_arguments,
)
from mdderive.reading.substituted import with_values
from mdderive.reading.summation import Change, indexed, kronecker, numbered, opaque, stacked, summed
from mdderive.reading.surroundings import Surroundings
from mdderive.reading.tables import Tables, tabled
from mdderive.reading.unbracketed import wholly_bracketed
from mdderive.reading.unsummed import separate

Sides = Sequence[Syntax | None]
Writing = Callable[[Sides], list[Syntax | None] | None]


@dataclass(frozen=True, slots=True)
class OtherWriting:
    """Another way to write sides, and what it changes in the definitions that they rest on.

    A guess may show that they are equal, never that they are not.
    """

    sides: Writing
    change: Change | None = None
    guess: bool = False


def written(chain: Chain, around: Surroundings) -> list[Syntax | None]:
    """Return the sides of a chain as its note writes its letters."""
    named, at = around.note.named, chain.sides[-1].span.start
    trees = [grasped(renamed(s.syntax, around.name), named) if s.syntax is not None else None for s in chain.sides]
    trees = _changed(trees, by_inverse)
    matrix = next((n for n in ("T", r"\mathbf{T}") if around.introduced(n, chain.section, at)), "")
    trees = [rewritten(t, partial(_exponential, of=matrix)) if t is not None and matrix else t for t in trees]

    def given(name: str) -> bool:
        return bool(around.defined(name, chain.section, at)) or around.dependences.value(name, chain.section, at) is not None

    def made_of(name: str) -> Iterable[str]:
        return around.dependences.arguments(name, chain.section, at) or around.mentioned([name], chain.section, at)

    def definition(name: str) -> Syntax | None:
        found = around.defined(name, chain.section, at)
        return found[-1].value if found else None

    own_variables = Uses.of([t for t in trees if t is not None]).variables - {""}
    moved = (own_variables,) if own_variables else (around.varying(chain.section, at), around.varied)
    trees = [t and with_its_letter(t, made_of, moved) for t in trees]
    trees = [t and with_values(t, definition, made_of) for t in trees]
    trees = [t and differentiated(rewritten(t, factor_of_differential), given) for t in trees]
    first = logarithm_of(trees[0])
    logarithms = {first.name} if first is not None and not given(first.name) else set()
    trees = [t and with_named_logarithms(t, lambda n: n in logarithms or (given(LOGARITHM + n) and not given(n))) for t in trees]
    arguments = {n: a for tree in trees if tree is not None for n, a in primed_arguments(tree).items()}
    trees = sought(trees)
    sides = [with_arguments(of_matrices(t, around.capitals), arguments) if t is not None else None for t in trees]
    sides = [s.args[0] if isinstance(s, Group) and definable(s.args[0]) else s for s in sides]
    own = {n for s in sides if s is not None for n in letters(s)}
    given_to = {a for s in sides if s is not None for n in letters(s) for a in around.dependences.arguments(n, chain.section, at)}
    sides = weighed(sides, _kinds_in_means(sides, around, chain.section, at), given_to | around.varying(chain.section, at))
    vectors, inner = around.vectors(own, chain.section, at), around.mentioned(own, chain.section, at)
    sides = numbered(indexed(separate(sides, vectors, inner)), vectors)
    sides = [s and with_ranges(s, lambda index: in_force(around.note.ranges, index, chain.section, at)) for s in sides]
    unclear = opaque(sides)
    return [None if i in unclear else s for i, s in enumerate(sides)]


def _exponential(node: Syntax, of: str) -> Syntax:
    """Return `e^T` as a power where T is a letter of the note: nobody transposes the number."""
    match node:
        case Transpose((Letter(name="e") as number,)):
            return Power((number, Letter(node.span, of)), node.span)
    return node


def _kinds_in_means(sides: Sides, around: Surroundings, section: Section, at: int) -> dict[str, str]:
    """Return the letters beside means that the note calls columns or matrices, or writes in bold, with what they are."""
    present = [s for s in sides if s is not None and has(s, Mean)]
    names = tuple(n for s in present for n in letters(s))
    if not names:
        return {}
    known = around.known(names, Uses.of(present), Grounds(section, at))
    bold = {n: "column" for n in names if n in known.bold}
    shaped = {n: s.shape for n, s in known.symbols.items() if s.shape.rows != ONE}
    return bold | {**known.kinds} | {n: "column" if shape.cols == ONE else "matrix" for n, shape in shaped.items()}


def taken(chain: Chain, around: Surroundings) -> list[Syntax | None]:
    """Return the sides of a chain as the note has them that is judged up to there."""
    sides = written(chain, around)
    around.write(chain)
    return sides


def writings(sides: Sides, tables: Tables, inner: Iterable[Syntax], rows: AbstractSet[str]) -> Iterator[OtherWriting]:
    """Yield other ways to write sides that rest on the `inner` definitions; `rows` are letters that the note writes as rows."""
    yield OtherWriting(summed)
    turned = partial(_changed, change=partial(as_row, names=rows))
    for change in stacked(sides, inner):
        yield OtherWriting(partial(_changed, change=change), change)
        if rows:
            yield OtherWriting(lambda sides, change=change: _changed(turned(sides), change), change, guess=True)  # type: ignore[misc]
    for guess in (
        wholly_bracketed,
        kronecker,
        without_arguments,
        _of_first_bracket,
        _wholly_indexed,
        _in_a_direction,
        *([turned] if rows else ()),
        *tabled(sides, tables),
    ):
        yield OtherWriting(guess, guess=True)


def _changed(sides: Sides, change: Change) -> list[Syntax | None]:
    return [rewritten(s, change) if s is not None else None for s in sides]


def _of_first_bracket(sides: Sides) -> list[Syntax | None] | None:
    r"""Return sides in which `\frac{d}{dx} (f) (g)` is the derivative of f times g; None where nothing is written so.

    What is a whole side is differentiated as a whole.
    """

    def change(node: Syntax) -> Syntax:
        match node:
            case Derivative((Product((Group() as first, *others)), by)):
                return Product((replace(node, args=(first, by)), *others), node.span)
        return node

    out = [s if s is None or isinstance(s, Derivative) else rewritten(s, change) for s in sides]
    return out if out != list(sides) else None


def _in_a_direction(sides: Sides) -> list[Syntax | None] | None:
    r"""Return sides in which `df(x) \cdot h` is the differential at a place, taken in a direction; None where none stands so."""

    def change(node: Syntax) -> Syntax:
        match node:
            case Product((Differential((of,)), direction)):
                names = set(letters(of))
                unsaid = Ask(of.span) if isinstance(of, Letter) or len(names) != 1 else Letter(of.span, names.pop())
                return Directional((of, unsaid, direction), node.span)
        return node

    out = [s and rewritten(s, change) for s in sides]
    return out if out != list(sides) else None


def _wholly_indexed(sides: Sides) -> list[Syntax | None] | None:
    r"""Return sides in which `A B_{ij}` is an entry of the product, `(A B)_{ij}`; None where nothing is written so."""

    def change(node: Syntax) -> Syntax:
        match node:
            case Product((*first, Indexed((Letter() as last,)) as entry)) if all(isinstance(a, Letter) for a in first):
                whole = Product((*first, last), node.span)
                return replace(entry, args=(Group((whole,), node.span),), span=node.span)
        return node

    out = [s and rewritten(s, change) for s in sides]
    return out if out != list(sides) else None


def announced(chain: Chain, around: Surroundings) -> Defined | None:
    """Return what a chain defines, for what stands above it."""
    if not chain.relations or chain.relations[0] not in EQUALS or chain.skipped or chain.conditional:
        return None
    left, right = written(chain, around)[:2]
    if right is None or not isinstance(left, Letter) or isinstance(right, Letter):
        return None
    inner = set(letters(right))
    if not inner or left.name in inner or chain.implied or has(right, Inverse, InverseTranspose):
        return None  # what solves an equation is no definition
    return Defined(left.name, right, chain.section, chain.sides[0].span.start, unsure=True)
