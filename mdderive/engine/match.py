"""Laws: rules read once, matched against a subject, and applied to it.

`Law` is a rule whose two sides were read by the reader of LaTeX. A letter of its left side binds a sub-tree of the right type;
the shape premise is the most general unifier of both sides and is checked at every use by binding its sizes as well.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, reduce

from mdderive.engine.arrange import dimension, product
from mdderive.engine.lift import derivative_of_matrix, function_derivative
from mdderive.engine.normal import normal
from mdderive.engine.transposing import transposed
from mdderive.latex.elaborate import FOR_RULES, Elaborator
from mdderive.latex.letters import NO_NAMES, numbering
from mdderive.latex.notation import LOWER_GREEK
from mdderive.latex.parse import parse
from mdderive.model.context import Context, Family, Symbol
from mdderive.model.diagnostics import Finding, MdderiveBug, Refusal
from mdderive.model.expr import BINDERS, Expr, derivative, leaf, make, num, placed, rebuilt
from mdderive.model.shapes import ONE, SCALAR, Dim, Shape, plus, size, times
from mdderive.model.terms import chain_shape
from mdderive.rules import laws
from mdderive.rules.statement import Rule

NUMBERS = replace(NO_NAMES, symbols=FOR_RULES.scalars | LOWER_GREEK - FOR_RULES.functions, strict=True)
FUNCTION_LETTER = r"\sigma"


@dataclass(frozen=True, slots=True)
class Law:
    """A rule as two normal trees; `written` is the right side as it stands; `premises` are pairs of a letter and its property."""

    rule: Rule
    lhs: Expr
    rhs: Expr
    written: Expr
    premises: tuple[tuple[str, str], ...]

    @property
    def carries(self) -> Expr:
        """The letter that the right side ends in: what a law for the differential carries to the end."""
        return [node for node in self.rhs.walk() if node.op == "sym"][-1]


@dataclass(slots=True)
class Binding:
    """What the letters, functions and sizes of a law stand for at one use."""

    letters: dict[str, Expr] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)
    sizes: dict[Dim, Dim] = field(default_factory=dict)
    allowed: Callable[[str, Expr], bool] = lambda _name, _subject: True

    def copy(self) -> "Binding":
        """Return a binding of its own with the same entries."""
        return Binding(dict(self.letters), dict(self.functions), dict(self.sizes), self.allowed)

    def take(self, trial: "Binding") -> None:
        """Take over the entries of a trial."""
        self.letters, self.functions, self.sizes = trial.letters, trial.functions, trial.sizes


@cache
def read_law(rule: Rule) -> Law:
    """Return the law a rule states; a rule that cannot be read is a bug of the table."""
    context = _context(rule)
    try:
        left, right = _sides((rule.lhs, rule.rhs), context)
    except Refusal:  # the right side may be what says that a letter is square
        right, left = _sides((rule.rhs, rule.lhs), context)
    return Law(rule, normal(left), normal(right), right, _premises(rule))


def _premises(rule: Rule) -> tuple[tuple[str, str], ...]:
    return tuple((w.split(" ", 1)[0], w.split(" ", 1)[1]) for w in rule.when.split(", ") if w)


def _context(rule: Rule) -> Context:
    premises = _premises(rule)
    return Context(
        symbols=declared(rule.shapes),
        functions="matrix" if ("functions", "matrix") in premises else "elementwise",
        layout="block" if ("layout", "block") in premises else "denominator",
    )


def declared(shapes: str) -> dict[str, Symbol]:
    """Return the letters that the `shapes` of a rule or a proof declare; a scalar with an index is one for each of its values."""
    table = {}
    for part in filter(None, shapes.split(", ")):
        name, _, dims = part.partition(": ")
        rows, _, cols = dims.partition(" x ")
        letter, below = numbering(name)
        if below:
            table[name] = Symbol(name, SCALAR, family=Family(letter, below, (size(dims),)))
            continue
        table[name] = Symbol(name, Shape(size(int(rows) if rows.isdigit() else rows), size(cols) if cols else ONE))
    return table


def _sides(texts: tuple[str, ...], context: Context) -> list[Expr]:
    """Return sides read in this order, of one shape; raises `Refusal`."""
    reader = Elaborator(context, letters=FOR_RULES)
    trees = []
    families = {s.family.letter: 1 for s in context.symbols.values() if s.family is not None}
    for text in texts:
        syntax = parse(text, names=replace(NUMBERS, families=families) if families else NUMBERS)
        if isinstance(syntax, Finding):
            raise MdderiveBug(f"{syntax.message()} in the rule {text}")
        trees.append(reader.expression(syntax))
    sides = reader.equate(*trees) if len(trees) == 2 else trees
    resolution = reader.finish()
    return [unplaced(resolution.expr(side)) for side in sides]


def unplaced(e: Expr) -> Expr:
    """Return `e` without the places where it stood."""
    return Expr(e.op, tuple(map(unplaced, e.args)), e.shape, e.name, e.value)


@cache
def law(name: str) -> Law:
    """Return the law of a rule by its name."""
    for rule in laws.RULES:
        if rule.name == name:
            return read_law(rule)
    raise MdderiveBug(f"no rule named {name}")


@cache
def differential_laws(op: str) -> tuple[Law, ...]:
    """Return the told laws of `d(op(…))` for an operator, the larger left sides first."""
    return tuple(sorted(map(read_law, _differentials().get(op, ())), key=lambda law: -_size(law.lhs)))


@cache
def _differentials() -> Mapping[str, Sequence[Rule]]:
    """Return the told rules of `d(op(…))` by operator, of which the left sides alone are read."""
    table: dict[str, list[Rule]] = {}
    for rule in laws.RULES:
        if rule.told and rule.lhs.startswith("d("):
            (left,) = _sides((rule.lhs,), _context(rule))
            table.setdefault(normal(left).args[0].op, []).append(rule)
    return table


def _size(e: Expr) -> int:
    """Count what a pattern asks for: nodes, and a typed letter more than a free one."""
    return sum(2 + (node.op == "sym" and node.shape.cols == ONE) for node in e.walk())


def match(pattern: Expr, subject: Expr, allowed: Callable[[str, Expr], bool] | None = None) -> Binding | None:
    """Return what makes `pattern` equal to the normal tree `subject`, or None; `allowed` may refuse what a letter would bind."""
    binding = Binding() if allowed is None else Binding(allowed=allowed)
    return binding if matches(pattern, subject, binding) else None


def matches(pattern: Expr, subject: Expr, b: Binding) -> bool:
    """Tell whether a pattern can be made equal to a normal tree within a binding, which takes what that needs."""
    if pattern.op == "sym":
        return bind(pattern, subject, b)
    if pattern.op == "transpose" and pattern.args[0].op == "sym":
        return not subject.scalar and bind(pattern.args[0], transposed(subject), b)
    if pattern.op != subject.op or pattern.value != subject.value:
        return False
    if pattern.op in BINDERS:
        return _over_index(pattern, subject, b)
    if pattern.op == "commutation":
        return _sizes(_sides_of(pattern), _sides_of(subject), b)
    if not pattern.args:
        return _sizes(pattern.shape, subject.shape, b)
    if pattern.op == "mul" and len(pattern.args) == 2:
        return _matches_product(pattern, subject, b)
    if not names_function(pattern, subject, b):
        return False
    return len(pattern.args) == len(subject.args) and all(
        matches(p, s, b) for p, s in zip(pattern.args, subject.args, strict=True)
    )


def _over_index(pattern: Expr, subject: Expr, b: Binding) -> bool:
    """Match a sum or product over the members of a family: they may stand for whatever is summed up or multiplied."""
    unit = subject.args[0]
    if pattern.args[1].op != "member" or not _sizes(pattern.args[0].shape, unit.shape, b):
        return False
    return b.letters.setdefault(pattern.args[1].name, subject) == subject


def names_function(pattern: Expr, subject: Expr, b: Binding) -> bool:
    """Tell whether the name in a pattern is that of a subject of the same operator, or a letter that may stand for it."""
    if pattern.op == "apply" or pattern.name == FUNCTION_LETTER:
        return b.functions.setdefault(pattern.name, subject.name) == subject.name
    return pattern.name == subject.name


def _matches_product(pattern: Expr, subject: Expr, b: Binding) -> bool:
    """Match a product of two against every cut of a chain, the middle first."""
    chain = subject.args
    cuts = sorted(range(1, len(chain)), key=lambda i: abs(2 * i - len(chain)))
    for i in cuts:
        trial = b.copy()
        halves = [product(part, chain_shape(part)) for part in (chain[:i], chain[i:])]
        if all(matches(p, s, trial) for p, s in zip(pattern.args, halves, strict=True)):
            b.take(trial)
            return True
    return False


def _sides_of(commutation: Expr) -> Shape:
    """Return the shape of the matrices whose vec a commutation matrix permutes."""
    rows, cols = commutation.name.split(",")
    return Shape(_side(rows), _side(cols))


def commutation(rows: Dim, cols: Dim) -> Expr:
    """Return K with K vec(A) = vec(A^T) for A of this size; for a row or a column it is an identity."""
    total = times(rows, cols)
    if ONE in (rows, cols):
        return leaf("identity", Shape(total, total))
    sides = ("+".join(term.joined("*") for term in d.terms) for d in (rows, cols))
    return leaf("commutation", Shape(total, total), ",".join(sides))


def _side(text: str) -> Dim:
    """Return the size that one side of the subscript of a commutation matrix names."""
    words = (term.split("*") for term in text.split("+"))
    return plus(*(reduce(times, (size(int(word) if word.isdigit() else word) for word in term), ONE) for term in words))


def bind(letter: Expr, subject: Expr, b: Binding) -> bool:
    """Tell whether a letter can stand for a tree, its sizes for those of the tree, and let it."""
    bound = b.letters.get(letter.name)
    if bound is not None:
        return bound == subject
    if letter.scalar != subject.scalar and (letter.scalar or not letter.name.isupper()):
        return False
    if letter.name == "n" and not (subject.op == "num" and isinstance(subject.value, int) and subject.value >= 2):
        return False
    if not _sizes(letter.shape, subject.shape, b) or not b.allowed(letter.name, subject):
        return False
    b.letters[letter.name] = subject
    return True


def _sizes(pattern: Shape, subject: Shape, b: Binding) -> bool:
    for p, s in zip(pattern, subject, strict=True):
        if p == ONE:
            if s != ONE:
                return False
        elif len(p.names) == 1 and b.sizes.setdefault(p, s) != s:
            return False
    return True


def rewritten(e: Expr, old: Expr, new: Expr, allowed: Callable[[str, Expr], bool]) -> Expr:
    """Return a normal tree with one side of a law in place of the other wherever it fits outside of differentials."""
    if not e.args or e.op in ("deriv", "hess", "d"):
        return e
    args = tuple(rewritten(a, old, new, allowed) for a in e.args)
    e = e if args == e.args else normal(rebuilt(e, args))
    bound = match(old, e, allowed)
    return e if bound is None else normal(instantiate(new, bound))


def instantiate(e: Expr, b: Binding) -> Expr:
    """Return the right side `e` of a law with what its letters stand for; not yet normal."""
    match e.op:
        case "sym":
            return b.letters[e.name]
        case "fn" if e.name.rstrip("'") in b.functions:
            argument = instantiate(e.args[0], b)
            function, primes = b.functions[e.name.rstrip("'")], e.name.count("'")
            return function_derivative(function, argument) if primes else make("fn", argument, name=function)
        case "mfn" | "frechet" | "frechetmatrix" if e.name.rstrip("'") in b.functions:
            args, function = [instantiate(a, b) for a in e.args], b.functions[e.name.rstrip("'")]
            return derivative_of_matrix(function, args[0]) if "'" in e.name else make(e.op, *args, name=function)
        case "apply":
            return make("apply", instantiate(e.args[0], b), name=b.functions[e.name])
        case "deriv" | "hess":
            return derivative(e.op, instantiate(e.args[0], b), instantiate(e.args[1], b), layout=e.name)
        case "identity" | "ones" | "zero":
            shape = Shape(_size_of(e.shape.rows, b), _size_of(e.shape.cols, b))
            return num(0) if e.op == "zero" and shape == SCALAR else leaf(e.op, shape)
        case "member":
            unit, body = b.letters[e.name].args
            return placed(body, unit.name, e.args[0].name)
        case op if op in BINDERS:
            return _bound(e, b)
        case "commutation":
            return commutation(*(_size_of(d, b) for d in _sides_of(e)))
        case "size":
            return dimension(_size_of(size(e.name), b))
    return rebuilt(e, tuple(instantiate(a, b) for a in e.args))


def _bound(e: Expr, b: Binding) -> Expr:
    """Return a sum or product of what the members of a family stand for, over the letter that runs in it."""
    family = next(node.name for node in e.walk() if node.op == "member")
    unit = b.letters[family].args[0]
    return make(e.op, unit, instantiate(placed(e.args[1], e.args[0].name, unit.name), b))


def _size_of(dim: Dim, b: Binding) -> Dim:
    return b.sizes.get(dim) or dim.with_sizes(lambda name: b.sizes.get(size(name)) or size(name))
