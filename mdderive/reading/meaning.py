"""The statements of one block to typed tasks: what is to be derived, and what is to be judged.

Declarations and definitions hold for the whole block, wherever in it they stand; sizes are unified over all of it. One mistake
yields one finding, and what rests on a statement that could not be read is left out as unread, never judged.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations, islice, pairwise

from mdderive.latex.elaborate import Elaborator, Resolution
from mdderive.latex.letters import base_letter
from mdderive.latex.notation import LOWER_GREEK
from mdderive.latex.syntax import Ask, Syntax
from mdderive.model.context import Context, ElementwiseFunction, Family, Premise, Symbol, closure
from mdderive.model.diagnostics import Finding, Label, Language, Refusal
from mdderive.model.expr import Expr, make, sym
from mdderive.model.reasons import Reason
from mdderive.model.shapes import ONE, SCALAR, Dim, ShapeError
from mdderive.model.source import Span
from mdderive.reading.asking import asks_for_entry
from mdderive.reading.denominators import bracketed
from mdderive.reading.evidence import by_entries, no_scalars, sizes_named, transposed
from mdderive.reading.families import bound_in, misnumbered, numbered, numbered_constant, refuse_loose, untied
from mdderive.reading.formulas import (
    Definition,
    Equations,
    FunctionDefinition,
    Goal,
    Item,
    PremiseFormula,
    Refused,
    in_order,
    items_sides,
    mentions,
    name_of,
    read_formulas,
)
from mdderive.reading.obstacles import refused
from mdderive.reading.scope import Scope, declare, forget, handed_down, over_complex_by_use
from mdderive.reading.squares import squared
from mdderive.reading.statements import split, without_comments
from mdderive.reading.stating import (
    absent_letters,
    goals_letters,
    resolved,
    stands_still,
    stated_by,
    stated_trees,
    taken_entrywise,
    whole_exponents,
    with_varying,
)
from mdderive.reading.tasks import ChainTask, GoalTask, Meaning, Pair, Solved, Task, Unread, ValueTask

MAX_READINGS = 64
_Kept = tuple[Context, dict[str, Dim], int, list[Finding]]
_THROUGH: Mapping[Language, str] = {"en": "which is defined here", "zh": "它在此定义"}


def interpret(text: str, context: Context) -> Meaning:
    """Return what the statements of a block say in the context that its section hands down.

    An undeclared lower-case letter is a column, and a Greek one a scalar; where the whole does not fit so, readings are tried in
    which they are the other, fewest first. A letter that stands under a transpose or a norm is a column in all of them.
    """
    clean = without_comments(text)
    statements = split(text)
    bound, inherited = bound_in(clean), handed_down(context)
    scope = declare(statements, replace(inherited, sizes=inherited.sizes | bound.sizes))
    scope = squared(clean, numbered(clean, bound, over_complex_by_use(clean, scope)))
    items = read_formulas(clean, statements, scope)
    columns = {name for item in items for side in items_sides(item) for name in no_scalars(side)}
    fixed = {name: "column" for name in columns if base_letter(name) in LOWER_GREEK}
    first, guessed = _Reading(clean, scope, items, fixed).meaning()
    if not (found := _errors(first))[1]:
        return first
    turned = [(name, other) for name, other in guessed.items() if name not in columns]
    turned.sort(key=lambda letter: letter[1] == "column")  # that one is a number is seen more often
    others = (chosen for count in range(1, len(turned) + 1) for chosen in combinations(turned, count))
    for chosen in islice(others, MAX_READINGS):
        meaning, _ = _Reading(clean, scope, items, fixed | dict(chosen)).meaning()
        errors, left = _errors(meaning)
        if not left and errors < found[0]:
            return meaning
    return first


def _errors(meaning: Meaning) -> tuple[int, int]:
    """Return how many errors were found, and how many of them are about shapes."""
    misfits = (task.misfit for task in meaning.tasks if isinstance(task, GoalTask) and task.misfit)
    codes = [finding.code for finding in (*meaning.findings, *misfits) if finding.severity == "error"]
    return len(codes), sum(code.startswith("DRV3") for code in codes)


@dataclass
class _Reading:
    """One way to read the items of a block; `kinds` says which undeclared letters are not what their looks say.

    `guessed` are the letters that were taken for what they look like, each with what else it may be.
    """

    text: str
    scope: Scope
    items: tuple[Item, ...]
    kinds: Mapping[str, str]
    findings: list[Finding] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    premises: list[Premise] = field(default_factory=list)
    guessed: dict[str, str] = field(default_factory=dict)

    def meaning(self) -> tuple[Meaning, Mapping[str, str]]:
        """Return the meaning, and the undeclared letters that may be something else."""
        self.findings += self.scope.findings
        self.failed = set(self.scope.failed) | {item.defines for item in self.items if isinstance(item, Refused)} - {""}
        self.stale = dict(self.scope.stale)
        self.redefined = [name for name in self.scope.anew if self.scope.context.symbols.get(name)]
        definitions = self._ordered()
        context = self._forgotten(definitions)
        named = {name for item in self.items for side in items_sides(item) for name in sizes_named(side)}
        context = replace(context, sizes=(context.sizes | named) - context.symbols.keys())
        self.reader = Elaborator(context, kinds=self.kinds)
        for item in [*definitions, *(i for i in self.items if i not in definitions)]:
            if self._rests_on_nothing_failed(item):
                self._guarded(item)
        return self._settled(self.reader.finish()), self.guessed

    # ------------------------------------------------------------ what comes first

    def _ordered(self) -> list[Definition | FunctionDefinition]:
        """Return the definitions, each behind those it mentions; those that lead back to themselves are findings."""
        ordered, circles, rest = in_order(self.items)
        for first, *others in circles:
            labels = tuple(Label(other.span, _THROUGH) for other in others)
            self.findings.append(Finding("DRV117", first.span, {"name": first.name}, labels))
        self.failed |= rest
        return ordered

    def _forgotten(self, definitions: Iterable[Definition | FunctionDefinition]) -> Context:
        """Return the context without what the block defines anew."""
        context = self.scope.context
        anew = {d.name for d in definitions if self._changes(d, context)}
        self.redefined += sorted(anew & (context.definitions.keys() | context.elementwise.keys()))
        forgotten, stale = forget(context, anew)
        named = {item.name for item in self.items if isinstance(item, Definition | FunctionDefinition)}
        self.stale = {name: through for name, through in (self.stale | stale).items() if name not in named}
        return forgotten

    def _changes(self, item: Definition | FunctionDefinition, context: Context) -> bool:
        """Tell whether a definition gives a name another meaning than a block before has given it."""
        if isinstance(item, FunctionDefinition):
            return item.name in context.elementwise
        symbol = context.symbols.get(item.name)
        if item.name not in context.definitions:
            return item.name in context.elementwise or (symbol is not None and symbol.inferred)
        reader = Elaborator(context)
        try:
            value = reader.expression(item.value)
        except (Refusal, ShapeError):
            return True
        return reader.finish().expr(value) != context.definitions[item.name]

    # ------------------------------------------------------------ one statement

    def _rests_on_nothing_failed(self, item: Item) -> bool:
        """Tell whether an item can be read; else remember what was to be read of it, and say so where that is news."""
        if isinstance(item, Refused):
            self.findings.append(item.finding)
            self._fails(item, item.defines, refused(item.finding))
            return False
        used = {name_of(node): node for side in items_sides(item) for node in mentions(side)}
        defined = item.name if isinstance(item, Definition | FunctionDefinition) else ""
        for name in (used.keys() & self.stale.keys()) - self.failed:
            facts = {"name": name, "through": self.stale[name]}
            self.findings.append(Finding("DRV118", used[name].span, facts))
            self.failed.add(name)
        failed = sorted(used.keys() & self.failed) + [defined] * (defined in self.failed)
        if failed:
            self._fails(item, defined, Reason("rests-on-unread", {"name": failed[0]}))
        return not failed

    def _fails(self, item: Item, defined: str, reason: Reason) -> None:
        self.failed |= {defined} - {""}
        chains = item.chains if isinstance(item, Equations) else ()
        pairs = [(left.span.join(right.span), right.span) for sides in chains for left, right in pairwise(sides)]
        self.unread += (Unread(place, self._latex(span), reason) for span, place in pairs or [(item.span, item.span)])

    def _guarded(self, item: Item) -> None:
        """Read one item; what is refused becomes a finding and leaves no trace in what was inferred."""
        before = self._kept()
        self.reader.unbind()
        try:
            refuse_loose(items_sides(item))
            self._item(item)
        except (Refusal, ShapeError) as error:
            facts = {"sign": "=", "left": str(error), "right": "?"}
            finding = error.diagnostic if isinstance(error, Refusal) else Finding("DRV301", item.span, facts)
            self._given_up(item, bracketed(self.text, finding, self.reader), before)
        except Exception as bug:  # a fault of mdderive costs the one statement that it met
            self._given_up(item, Finding("DRV901", item.span, {"what": f"{type(bug).__name__}: {bug}"}), before)

    def _given_up(self, item: Item, finding: Finding, before: "_Kept") -> None:
        self._restore(before)
        self.findings.append(finding)
        self._fails(item, item.name if isinstance(item, Definition | FunctionDefinition) else "", refused(finding))

    def _kept(self) -> "_Kept":
        reader = self.reader
        return reader.context, dict(reader.unify.known), reader.unify.count, list(reader.notices)

    def _restore(self, before: "_Kept") -> None:
        """Forget what was inferred since; which letters were guessed is kept."""
        self._note_guesses()
        reader = self.reader
        reader.context, known, reader.unify.count, notices = before
        reader.unify.known, reader.notices = dict(known), list(notices)

    def _note_guesses(self) -> None:
        for letter in self.reader.context.symbols.values():
            if letter.inferred and letter.shape == SCALAR and base_letter(letter.name) in LOWER_GREEK:
                self.guessed[letter.name] = "column"
            elif letter.inferred and letter.shape != SCALAR and letter.shape.cols == ONE:
                self.guessed[letter.name] = "scalar"

    def _item(self, item: Item) -> None:
        match item:
            case Definition():
                self._define(item)
            case FunctionDefinition():
                self._define_function(item)
            case PremiseFormula():
                self.premises.append(Premise(*self._equal(item.left, item.right)))
            case Goal():
                self.tasks.append(self._goal(item))
            case Equations():
                pairs = tuple(pair for chain in item.chains for pair in self._pairs(chain))
                self.tasks.append(ChainTask(item.span, self._latex(item.span), pairs))

    def _latex(self, span: Span) -> str:
        return " ".join(self.text[span.start : span.end].split())

    def _equal(self, left: Syntax, right: Syntax) -> tuple[Expr, Expr]:
        return self.reader.equate(self.reader.expression(left), self.reader.expression(right))

    # ------------------------------------------------------------ definitions

    def _define(self, item: Definition) -> None:
        value = self.reader.expression(item.value)
        if item.indices:
            self.reader.define_members(Family(item.name, item.indices), value, item.name_span)
            self.tasks += [ChainTask(item.span, self._latex(item.span), tuple(self._pairs(item.sides)))] if item.sides else []
            return
        if item.name in self.scope.declared and item.name in self.scope.context.elementwise:
            facts = {"name": item.name, "first": "elementwise", "second": str(value.shape)}
            raise Refusal(Finding("DRV115", item.name_span, facts))
        symbol = self.reader.context.symbols.get(item.name)
        if symbol is not None:
            _, value = self.reader.equate(sym(item.name, symbol.shape, symbol.span), value)
        self.reader.define(item.name, value, item.name_span, item.argument)
        if symbol is not None and symbol.properties:
            facts = {"name": item.name, "properties": ", ".join(sorted(symbol.properties))}
            self.findings.append(Finding("DRV126", symbol.span or item.name_span, facts))
        if item.sides:
            self.tasks.append(ChainTask(item.span, self._latex(item.span), tuple(self._pairs(item.sides))))

    def _define_function(self, item: FunctionDefinition) -> None:
        """Read the body with the parameter as a scalar, whatever its letter means elsewhere."""
        context = self.reader.context
        symbols = {**context.symbols, item.parameter: Symbol(item.parameter, SCALAR)}
        inner = Elaborator(replace(context, symbols=symbols, definitions=_without(context.definitions, item.parameter)))
        outside = context.symbols.get(item.parameter)
        refusal = Refusal(Finding("DRV120", item.span, {"name": item.name, "parameter": item.parameter}))
        if outside and (outside.shape.cols != ONE or (outside.shape != SCALAR and not by_entries(item.body))):
            raise refusal
        try:
            body = inner.expression(item.body)
        except (Refusal, ShapeError) as error:
            raise refusal if outside and outside.shape != SCALAR else error from None
        if not body.scalar or inner.context.symbols.keys() != symbols.keys() or item.parameter in transposed(item.body):
            raise refusal
        function = ElementwiseFunction(item.name, item.parameter, inner.finish().expr(body))
        self.reader.context = replace(context, elementwise={**context.elementwise, item.name: function})

    # ------------------------------------------------------------ goals and chains

    def _goal(self, item: Goal) -> Task:
        node = self.reader.expression(item.node)
        inner = node.args[0] if node.op == "transpose" else node
        if inner.op not in ("deriv", "hess") and not (node.op == "mul" and asks_for_entry(item.node)):
            return self._made_of_one(node, item)
        task = GoalTask(item.span, self._latex(item.span), node)
        if item.stated is None:
            return task
        task = replace(task, stated_span=item.stated.span)
        before = self._kept()
        try:
            node, stated = self.reader.equate(node, self.reader.expression(item.stated))
        except Refusal as error:
            if item.solutions or not error.diagnostic.code.startswith("DRV3"):
                raise
            self._restore(before)
            return self._misfitting(task, item.stated, error.diagnostic)
        task = replace(task, node=node, stated=stated)
        if not item.solutions:
            return task
        return replace(task, zero=True, solutions=tuple(self._solved(*pair) for pair in item.solutions))

    def _made_of_one(self, node: Expr, item: Goal) -> ChainTask | ValueTask:
        """Return what is asked for, or stated, of a formula made of derivatives: at a value, in a direction, by vec(X)."""
        if item.stated is None:
            return ValueTask(item.span, self._latex(item.span), node)
        if item.solutions:
            raise Refusal(Finding("DRV214", item.node.span))
        pair = Pair(*self.reader.equate(node, self.reader.expression(item.stated)), item.stated.span, self._latex(item.span))
        return ChainTask(item.span, pair.latex, (pair,))

    def _misfitting(self, task: GoalTask, stated: Syntax, why: Finding) -> GoalTask:
        """Return a goal without the result stated for it, whose shapes do not fit, and with its transpose where that fits."""
        self.unread.append(Unread(stated.span, task.latex, refused(why)))
        before = self._kept()
        try:
            turned = self.reader.equate(task.node, make("transpose", self.reader.expression(stated)))[1]
        except (Refusal, ShapeError):
            self._restore(before)
            return replace(task, misfit=why)
        return replace(task, misfit=why, turned=turned)

    def _solved(self, left: Syntax, right: Syntax) -> Solved:
        if isinstance(right, Ask):
            return Solved(self.reader.expression(left), None, right.span, self._latex(left.span))
        return Solved(*self._equal(left, right), right.span, f"{self._latex(left.span)} = {self._latex(right.span)}")

    def _pairs(self, sides: tuple[Syntax, ...]) -> Iterator[Pair]:
        built = [self.reader.expression(side) for side in sides]
        for i in range(1, len(built)):
            left, built[i] = self.reader.equate(built[i - 1], built[i])
            latex = f"{self._latex(sides[i - 1].span)} = {self._latex(sides[i].span)}"
            yield Pair(left, built[i], sides[i].span, latex)

    # ------------------------------------------------------------ the end

    def _settled(self, resolution: Resolution) -> Meaning:
        """Return the meaning with every size named, without what turned out to rest on nothing."""
        self._note_guesses()
        before = self.scope.context
        premises = tuple(Premise(resolution.expr(p.left), resolution.expr(p.right)) for p in self.premises)
        context = replace(resolution.context, premises=(*resolution.context.premises, *premises))
        unplaced = tuple(misnumbered(context))
        self.findings += (*unplaced, *untied(context))
        settled = [resolved(task, resolution) for task in self.tasks]
        if unplaced:  # what an unknown place stands in is not judged
            self.unread += (Unread(task.span, task.latex, refused(unplaced[0])) for task in settled)
            settled = []
        tasks = [task for task in settled if not (isinstance(task, GoalTask) and self._pointless(task, context))]
        varying = goals_letters(tasks, context)
        said = stated_trees(tasks, context)
        notices = (*resolution.notices, *absent_letters(tasks, context))
        findings = sorted((*self.findings, *notices), key=lambda finding: finding.span)
        stated = (Definition, FunctionDefinition, PremiseFormula)
        return Meaning(
            context,
            tuple(sorted((with_varying(task, varying, context) for task in tasks), key=lambda task: task.span)),
            tuple(context.symbols[name] for name in self.scope.declared if name in context.symbols),
            tuple(item.span for item in self.items if isinstance(item, stated)),
            tuple(s for name, s in context.symbols.items() if s.inferred and name not in before.symbols),
            tuple(sorted(context.elementwise.keys() - before.elementwise.keys() - _defined_functions(self.items))),
            tuple(self.redefined),
            whole_exponents(said, context),
            taken_entrywise(said, context),
            tuple(findings),
            tuple(sorted(self.unread, key=lambda unread: unread.span)),
            tuple(dict.fromkeys(stated_by(self.items, self.unread, self.text))),
        )

    def _pointless(self, task: GoalTask, context: Context) -> bool:
        """Tell whether a goal differentiates what was never defined, or by a letter that means nothing; that is a finding."""
        f, x = task.f, task.wrt
        if f.op == "sym" and f != x and f.name not in context.definitions and not stands_still(task, context):
            finding = Finding("DRV119", f.span or task.span, {"name": f.name, "variable": x.name})
        elif context.symbols[x.name].inferred and x.name not in closure(f, context):
            finding = Finding("DRV128", x.span or task.span, {"name": x.name})
        elif x.name not in (reached := closure(f, context)) and (place := numbered_constant(reached, context)) is not None:
            finding = place
        else:
            return False
        self.findings.append(finding)
        if task.misfit is None:
            self.unread.append(Unread(task.span, task.latex, refused(finding)))
        return True


def _without(definitions: Mapping[str, Expr], name: str) -> Mapping[str, Expr]:
    return {n: e for n, e in definitions.items() if n != name}


def _defined_functions(items: Iterable[Item]) -> set[str]:
    return {item.name for item in items if isinstance(item, FunctionDefinition)}
