"""Whether an equation of a note claims something that may be refuted, or rather defines, demands or assumes it."""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace

from mdderive.latex import stand_ins, syntax
from mdderive.latex.notation import GREATER, LESS, NAMES
from mdderive.latex.syntax import Syntax, has, walk
from mdderive.model.context import MOVED, Context, closure
from mdderive.model.diagnostics import Finding
from mdderive.model.expr import Expr
from mdderive.model.operators import OPERATORS
from mdderive.model.reasons import Reason
from mdderive.model.shapes import SCALAR
from mdderive.reading.arbitrary import UNKNOWN
from mdderive.reading.chains import Chain
from mdderive.reading.changes import LOGISTIC
from mdderive.reading.known import Known
from mdderive.reading.lexicon import pattern
from mdderive.reading.readings import Read
from mdderive.reading.shown_by_form import is_zero, letter_name, letters
from mdderive.reading.summation import free_indices

FUNCTIONS_NOT_GIVEN = frozenset("f g h F G H u v y".split())
_GLUED = re.compile(r"d(?:[a-z]{3,}|[A-Z][a-z]{2,})(?![A-Za-z])")  # dsigmoid(x), a name for the derivative
_ORDERS = LESS | GREATER | {r"\succ", r"\succeq", r"\succcurlyeq", r"\prec", r"\preceq", r"\preccurlyeq"}
_LETTERS = re.compile(r"\\[A-Za-z]+|[A-Za-z]")
CLAIMING = (*syntax.MOVING, syntax.Tensor, syntax.OverIndex)


def speaks_of_the_logistic(words: str) -> bool:
    """Tell whether a note speaks of the logistic function, and of no other activation that may go by its letter."""
    return bool(pattern("logistic").search(words)) and not pattern("activation").search(words)


def definable(side: Syntax) -> bool:
    """Tell whether a side is a bare name (`w^N` and `x^*` are), or a function of a bare name."""
    match side:
        case syntax.Letter() | syntax.Power((syntax.Letter(), syntax.Letter())):
            return True
        case syntax.Star((base,)) | syntax.Applied((base,)):
            return isinstance(base, syntax.Letter)
    return False


def misshapen(misfit: Finding, known: Known) -> bool:
    """Tell whether a reading fails by its form: a column and a row of one length are added or multiplied entrywise."""
    return (
        not known.unsure
        and misfit.code == "DRV301"
        and misfit.facts["sign"] in ("+", r"\odot")
        and any(h.code == "shape" for h in misfit.hints)
    )


def names_only(sides: Sequence[Syntax | None]) -> bool:
    """Tell whether sides are nothing but names."""
    return all(side is not None and definable(side) for side in sides)


def probable(side: Syntax, of: str = "") -> bool:
    """Tell whether a side has a probability, `p(x | y)`, one of the name p if that is given.

    Between two of one name an equation is a claim; `p(x) = \\mathcal{N}(x | 0, 1)` says what p is.
    """
    return any(isinstance(node, stand_ins.Density) and of in ("", node.of) for node in walk(side))


def untold(symbols: Iterable[str], moved: Set[str]) -> bool:
    """Tell whether several probabilities are among some letters, or one of what is differentiated by.

    Nothing tells what ties them; one alone is a number like any other.
    """
    found = [name for name in symbols if name.endswith(")")]
    return len(found) > 1 or any(not moved.isdisjoint(_LETTERS.findall(name.partition("(")[2])) for name in found)


def names(right: Syntax, unknown: Set[str]) -> bool:
    """Tell whether a right side is a bare letter that nothing tells yet: it names what stands on the left."""
    bare = right.args[0] if isinstance(right, syntax.Transpose) else right
    return isinstance(bare, syntax.Letter) and bare.name in unknown


def ordered(chain: Chain, left: Syntax, right: Syntax) -> str:
    r"""Return the letter that is said to be its own transpose: `Q = Q^T \succeq 0`, with an order, and `Q_{ij} = Q_{ji}`."""
    entries = isinstance(left, syntax.Indexed)
    return own_transpose(left, right) if entries or not _ORDERS.isdisjoint(chain.relations) else ""


def own_transpose(left: Syntax, right: Syntax) -> str:
    """Return the letter that two sides say to be its own transpose, or by entries; an empty text where they say another thing."""
    match left, right:
        case syntax.Indexed((syntax.Letter() as one,)), syntax.Indexed((syntax.Letter() as other,)):
            return one.name if one == other and left.places == right.places[::-1] != right.places else ""
        case (syntax.Letter() as one, syntax.Transpose((other,))) | (syntax.Transpose((other,)), syntax.Letter() as one):
            return one.name if one == other else ""
    return ""


def bounded(chain: Chain, signed: Set[str]) -> Set[str]:
    r"""Return the letters of what a chain compares with a number, `a^T x < 0`; those that are `signed` only with one but zero."""
    trees = [side.syntax for side in chain.sides] if {*chain.relations} <= LESS | GREATER else []
    numbers = {tree.digits for tree in trees if isinstance(tree, syntax.Number)}
    said = {name for tree in trees if tree is not None for name in letters(tree)} if numbers else set()
    return said - signed if numbers == {"0"} else said


def settled(reads: Sequence[Read], index: int, words: str) -> Read:
    """Return the reading in which an equation that fails in several is weighed: the likeliest, or one without doubt.

    Where the words speak of the logistic function, that is the function meant.
    What fails with a definition that may be another's, and for whatever its letter is, fails: unless some function is not given.
    """
    first = reads[0]
    if speaks_of_the_logistic(words) and not first.known.unsure:
        first = next((found for found in reads if LOGISTIC.name in found.reading.changes), first)
    if not first.known.unsure or any(_functions_not_given(e, first) for e in first.pair(index)):
        return first
    return next((found for found in reads if not found.known.unsure), first)


def refutable(chain: Chain, left: Syntax, right: Syntax, read: Read, index: int) -> Reason | None:
    """Return why an equation that fails is still not called wrong; None where it claims what it says.

    Words may present it as true. A bare one claims when both sides are compound and speak of the same
    letters, or when what it speaks of is given; it demands when letters on one side alone would have to be found.
    """
    said, relations = chain.act == "assert", len(chain.relations)
    a, b = read.pair(index)
    free = [_free(e, read) for e in (a, b)]
    one_sided = bool(free[0] ^ free[1])
    decimal = _decimal(left) or _decimal(right)
    if said and _given(a, b, read) and not (one_sided and free[0] and free[1]) and not decimal:
        return None
    derivative = any(has(side, *syntax.MOVING) or _slope(side) for side in (left, right))
    both = free[0] and free[1] and claiming(left, right)
    if not derivative and index == 1 and one_sided and not both:
        return Reason("one-sided" if said else "or-definition")
    if names(right, free[1] - free[0] | read.known.given):
        return Reason("or-name")
    if index == 1 and _GLUED.match(chain.sides[0].latex) and not has(right, syntax.Differential):
        return Reason("one-differential")
    pairs = ((free[1] - free[0], free[0]), (free[0] - free[1], free[1]))
    if any(_lookalikes(own, others) and own <= chain.written(index) for own, others in pairs):
        return None
    doubt = _unmatched(a, free[0], free[1], derivative) or _in_doubt(left, right, index, read.known) or _ungiven(a, b, free, read)
    if doubt:
        return doubt
    if ((_numeric(left) or _numeric(right)) and (free[0] or free[1])) or decimal:
        return Reason("value")
    if _numbered(left, right, read) or (vanish(chain) and free_indices(left) != free_indices(right)):
        return Reason("subscripts")
    compound = is_compound(left) and is_compound(right) and not (commute(left, right) and chain.reasons)
    if not derivative and relations == 1 and not claiming(left, right) and not compound:
        again = said and isinstance(left, syntax.Letter) and left.name in read.context.definitions
        if again or not free[0] | free[1]:
            return None
        return Reason("ungiven-property" if said else "property")
    return None


def commute(left: Syntax, right: Syntax) -> bool:
    """Tell whether two sides are a product of two letters in both orders."""
    both = isinstance(left, syntax.Product) and isinstance(right, syntax.Product) and left.args == right.args[::-1]
    return both and [*map(type, left.args)] == [syntax.Letter] * 2


def _free(e: Expr, read: Read) -> set[str]:
    """Return the letters that an expression is made of, without functions that are given, or made of it, whatever they are."""
    every = _standing_closure(e, replace(read.context, elementwise={}))
    for name, function in read.context.elementwise.items():
        if name in every and function.body is not None:
            every = every - {name} | (closure(function.body, read.context) - {function.parameter})
    every -= read.context.definitions.keys() | NAMES.keys()
    return {name for name in every if _arbitrary(name) not in read.known.given and MOVED not in name}


def _standing_closure(e: Expr, context: Context) -> frozenset[str]:
    """Return the letters that an expression is made of; one that has a value there is not free."""
    if e.op != "at":
        return frozenset(closure(e, context))
    of, letter, value = e.args
    return frozenset(_standing_closure(of, context) - {letter.name} | closure(value, context))


def _arbitrary(name: str) -> str:
    """Return the letter for which an arbitrary function stands; an empty text for other names."""
    return name.removeprefix(UNKNOWN).partition("}")[0] if name.startswith(UNKNOWN) else ""


def _given(a: Expr, b: Expr, read: Read) -> bool:
    """Tell whether all letters that stand in two sides themselves are defined, or have a property.

    What is said to be made of others, whatever it is, is not given where one side alone has it: the other may say what it is.
    """
    own, context = {n.name for e in (a, b) for n in e.walk() if n.op == "sym"} & read.context.symbols.keys(), read.context
    given = all(n in context.definitions or context.symbols[n].properties for n in own)
    return bool(own) and not read.known.unsure and given and not _drawn(a, read) ^ _drawn(b, read)


def _unmatched(a: Expr, left: Set[str], right: Set[str], derivative: bool) -> Reason | None:
    """Return the letter that one side has and the other does not; what is differentiated, `a` apart, may have more."""
    if right - left:
        return Reason("not-on-left", {"name": min(right - left)})
    samples = {n for n in left - right if n.endswith("_{*}")}  # the other side says it of all of them at once, perhaps
    moved = {n.args[0].name for n in a.walk() if n.op == "d" and n.args[0].op == "sym"}  # whatever it is: it varies
    own = samples or (left - right) & _plainly(a) - moved or (set() if derivative else left - right)
    return Reason("not-on-right", {"name": min(own)}) if own else None


def _in_doubt(left: Syntax, right: Syntax, index: int, known: Known) -> Reason | None:
    r"""Return what the form of two sides leaves open; `dZ = A - Y` may name something, and `d(AB) = AB` may not."""
    if _layouts(left, right):
        return Reason("rows-of-jacobian")
    if _totals(left, right, known):
        return Reason("total-and-partial")
    named = index == 1 and isinstance(left, syntax.Differential) and isinstance(left.args[0], syntax.Letter)
    lone = has(left, syntax.Differential) != has(right, syntax.Differential)
    bent = any(has(n, syntax.Differential) for n in walk(left) if isinstance(n, syntax.Bars | syntax.Norm))  # a distance d(x)
    directions = [direction_of(side) for side in (left, right)]
    moved = [has(d, syntax.Differential) for d in directions if d is not None]
    if len(set(moved)) > 1:  # a differential at a place, and one side alone has a second one
        return Reason("one-differential")
    named = named or bent or any(d is not None for d in directions)
    return Reason("one-differential") if lone and (named or not has(left, syntax.Differential)) else None


def direction_of(side: Syntax) -> Syntax | None:
    r"""Return what stands behind a differential that begins a side, and may be its direction: `df(x) \cdot h`."""
    match side:
        case syntax.Product((syntax.Differential(), direction)):
            return direction
    return None


def _ungiven(a: Expr, b: Expr, free: Sequence[Set[str]], read: Read) -> Reason | None:
    """Return what two sides speak of and the note does not give."""
    nodes = (*a.walk(), *b.walk())
    for node in nodes:
        if node.op in ("deriv", "hess") and node.args[1].name not in closure(node.args[0], read.context):
            return Reason("not-in-terms", {"name": node.args[1].name})
    if read.known.unsure:
        return Reason("doubtful-definition")
    tests = [{n for n in names if n.startswith(UNKNOWN)} for names in free]
    drawn = [_drawn(e, read) for e in (a, b)]
    if drawn[0] | drawn[1] and drawn[0].isdisjoint(drawn[1]):  # the other side says what the function is
        return Reason("not-given", {"name": _arbitrary(min(drawn[0] or drawn[1]))})
    if tests[0] ^ tests[1]:
        return Reason("not-given", {"name": _arbitrary(min(tests[0] ^ tests[1]))})
    slopes = [_differentiated(e, read) for e in (a, b)]
    own = frozenset().union(*slopes) & read.known.depends.keys() - read.known.given - read.known.entries
    own = frozenset(n for n in own if "_" not in n)  # what an index of a letter says may be its own matter
    if own and frozenset() in slopes:  # the other side says what the derivative is of what nothing gives
        return Reason("not-given", {"name": min(own)})
    if any(len(arguments) > 1 and name not in read.known.given for name, arguments in read.known.depends.items()):
        return Reason("not-given", {"name": min(read.known.depends)})
    functions = [_functions_not_given(e, read) for e in (a, b)]
    if functions[0] ^ functions[1] or any(n.op == "fn" and n.name.rstrip("'") in FUNCTIONS_NOT_GIVEN for n in nodes):
        return Reason("function-not-given")
    return None


def _values(e: Expr, read: Read) -> Iterator[Expr]:
    """Yield the values of the letters that an expression is made of."""
    defined = read.context.definitions
    return (defined[n] for n in closure(e, read.context) & defined.keys())


def _drawn(e: Expr, read: Read) -> frozenset[str]:
    """Return the arbitrary functions that stand behind the letters of a side."""
    return frozenset(n.name for v in _values(e, read) for n in v.walk() if n.op == "fn" and _arbitrary(n.name))


def _differentiated(e: Expr, read: Read) -> frozenset[str]:
    """Return what is differentiated in a side, and behind its letters: letters, and without a name anything else."""
    slopes = (n.args[0] for some in (e, *_values(e, read)) for n in some.walk() if n.op in ("deriv", "hess", "d"))
    return frozenset(of.name if of.op == "sym" else "" for of in slopes)


def _functions_not_given(e: Expr, read: Read) -> frozenset[str]:
    """Return the functions in a side, and behind its letters, of which nothing says what they are."""
    used = {n.name.rstrip("'") for some in (e, *_values(e, read)) for n in some.walk() if n.op == "fn"}
    found = ((name, read.context.elementwise.get(name)) for name in used if not name.startswith(UNKNOWN))
    return frozenset(name for name, function in found if function is not None and function.body is None)


def vanish(chain: Chain) -> bool:
    """Tell whether all sides of a chain, of more than two, are said to be zero."""
    last = chain.sides[-1].syntax
    return len(chain.relations) > 1 and last is not None and is_zero(last)


def partners(left: Syntax, right: Syntax) -> bool:
    """Tell whether two sides are nothing but the derivatives of one letter by two others."""
    match left, right:
        case syntax.Derivative((one, by)), syntax.Derivative((other, other_by)):
            return bool(letter_name(one)) and letter_name(one) == letter_name(other) and by != other_by
    return False


def _numbered(left: Syntax, right: Syntax, read: Read) -> bool:
    """Tell whether subscripts of two sides may be indices; a vector or matrix with one is no entry.

    What fails for numbers fails for what they stand for, unless subscripts tie them: a side has others, a letter has several, or
    one is differentiated by what others of its kind may depend on.
    """
    symbols = read.context.symbols
    own = [{n for n in letters(s) if _indexed(n) and (n not in symbols or symbols[n].shape == SCALAR)} for s in (left, right)]
    moved = {letter_name(n.args[0]) for side in (left, right) for n in walk(side) if isinstance(n, syntax.Derivative)}
    return own[0] != own[1] or bool(own[0] & moved) or len({n.partition("_")[0] for n in own[0]}) < len(own[0])


def is_compound(side: Syntax) -> bool:
    """Tell whether a side is more than a name, a number or an identity."""
    bare = side.args[0] if isinstance(side, syntax.Group | syntax.Neg) else side
    return not isinstance(bare, syntax.Letter | syntax.Number | syntax.Identity | syntax.Ones | syntax.Zero | syntax.Star)


def worked_out_at(left: Syntax, right: Syntax) -> bool:
    """Tell whether sides have what a formula is at a value that is written out: nothing is left to be found."""
    at = (n.args[2] for side in (left, right) for n in walk(side) if isinstance(n, syntax.Standing))
    return any(not isinstance(value, syntax.Letter | syntax.Star | syntax.Number) for value in at)


def claiming(left: Syntax, right: Syntax) -> bool:
    """Tell whether sides have what is written to claim rather than to demand: derivatives, sums, traces, Kronecker products."""
    return has(left, *CLAIMING) or has(right, *CLAIMING) or _named(left) or _named(right)


def _slope(side: Syntax) -> bool:
    """Tell whether a tree has the derivative of a function, written with a prime."""
    return any(isinstance(node, syntax.Call | syntax.Applied) and node.primes for node in walk(side))


def _layouts(left: Syntax, right: Syntax) -> bool:
    """Tell whether an entry of a derivative is said to be the derivative of an entry: that chooses a layout."""
    bare = [side.args[0] if isinstance(side, syntax.Group) else side for side in (left, right)]
    entries = all(isinstance(s, syntax.Indexed) and has(s, syntax.Derivative) for s in bare)
    return entries and sorted(letters(left)) == sorted(letters(right))


def _totals(left: Syntax, right: Syntax, known: Known) -> bool:
    r"""Tell whether a letter of which nothing says what it is made of is differentiated both with `d` and with `\partial`.

    Where that is said, only `\partial` of one letter by another on both sides may be meant in two ways.
    """
    found = [[n for n in walk(side) if isinstance(n, syntax.Derivative)] for side in (left, right)]
    own = [{(letter_name(n.args[0]), letter_name(n.args[1])) for n in some if n.how == "partial"} for some in found]
    if own[0] & own[1] & known.partial:
        return True
    pairs = {
        how: {(*letters(n.args[0]), "/", *letters(n.args[1])) for some in found for n in some if n.how == how}
        for how in ("", "partial")
    }
    return any(pair[0] not in known.given for pair in pairs[""] & pairs["partial"])


def loses_differential(left: Syntax, right: Syntax) -> bool:
    """Tell whether one of two sides of the same letters is linear in differentials, and the other has none."""
    lone = has(left, syntax.Differential) != has(right, syntax.Differential)
    return lone and not has(left, syntax.Derivative) | has(right, syntax.Derivative) and {*letters(left)} == {*letters(right)}


def primed(*sides: Syntax) -> frozenset[str]:
    """Return the letters with a prime, each of which may be a letter of its own, a derivative or a transpose."""
    return frozenset(n.name for side in sides for n in walk(side) if isinstance(n, syntax.Letter) and n.name.endswith("'"))


def _plainly(e: Expr) -> frozenset[str]:
    """Return the letters that stand in a tree outside everything that is differentiated."""
    own = {e.name} if e.op == "sym" else set()
    return frozenset(own).union(*(_plainly(a) for a in e.args if e.op not in ("deriv", "hess", "d")))


def _lookalikes(own: Set[str], others: Set[str]) -> bool:
    """Tell whether all letters of one side alone differ from one of the other in case only."""
    return bool(own) and all(name.swapcase() in others for name in own)


def _numeric(side: Syntax) -> bool:
    """Tell whether a side has no letters at all."""
    return not any(True for _ in letters(side)) and not has(side, syntax.Identity, syntax.Ones, syntax.Zero)


def _decimal(side: Syntax) -> bool:
    return any(isinstance(node, syntax.Number) and "." in node.digits for node in walk(side))


def _indexed(name: str) -> bool:
    """Tell whether a letter may be an entry: its subscript is of lower-case letters alone."""
    below = name.partition("_")[2].strip("{}")
    return bool(re.fullmatch(r"[a-t]{1,3}|.*[,+-].*", below))


def _named(side: Syntax) -> bool:
    rows = (OPERATORS.get(node.op) for node in walk(side) if isinstance(node, syntax.Call))
    return any(row is not None and not row.entrywise for row in rows)
