"""A gradient set to zero: told how it is solved, and what is said to follow judged.

A value is put in: it must give zero. Any other equation is judged by both implications, each with the other side as a premise. So
`(X^T X + λ I) w = X^T y` follows from the gradient's zero, and the zero from it, whether or not the unknown was ever isolated.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from mdderive.engine.normal import normal
from mdderive.engine.regular import Regular, regular
from mdderive.engine.seen_through import inlined
from mdderive.engine.solve import Relation, Solution, solve, substituted
from mdderive.latex.elaborate import read_equation
from mdderive.latex.write import write
from mdderive.model.context import Context, Premise, Symbol
from mdderive.model.diagnostics import Finding, Language, MdderiveBug
from mdderive.model.expr import Expr, leaf, make, num, sym
from mdderive.model.properties import IMPLIED_BY, PROPERTIES
from mdderive.model.reasons import Reason
from mdderive.model.results import Settings, Step, Verdict
from mdderive.model.shapes import ONE, Shape
from mdderive.model.terms import letters_of
from mdderive.reading.tasks import Solved
from mdderive.verify.holds import holds

Words = Mapping[Language, str]
_ZERO: Words = {"en": "gradient set to zero", "zh": "令导数为零"}
_PUT_IN: Words = {"en": "put in, it makes the gradient zero", "zh": "代入后导数为零"}
_VEC: Words = {"en": "vec of a product", "zh": "乘积的向量化"}
_ONLY: Words = {"en": "the only solution", "zh": "唯一解"}
_REASONS: Mapping[str, Words] = {
    "orthogonal": {"en": "{letter} orthogonal, so its inverse is its transpose", "zh": "{letter} 正交，其逆即其转置"},
    "definite": {"en": "so {matrix} is positive definite", "zh": "故 {matrix} 正定"},
    "column": {"en": "{letter} has full column rank, so {matrix} is invertible", "zh": "{letter} 列满秩，故 {matrix} 可逆"},
    "row": {"en": "{letter} has full row rank, so {matrix} is invertible", "zh": "{letter} 行满秩，故 {matrix} 可逆"},
}


@dataclass(frozen=True, slots=True)
class Zeros:
    """Judges what is said of the zeros of `gradient`, the derivative by the letter `unknown`."""

    gradient: Expr
    unknown: Expr
    context: Context
    settings: Settings

    def holds(self, left: Expr, right: Expr, text: str, premise: tuple[Expr, Expr] | None = None) -> Verdict:
        """Return the verdict on an equation, under one more premise."""
        premises = (*self.context.premises, *([Premise(*premise)] if premise else []))
        context = replace(self.context, premises=premises)
        return holds(left, right, context, seed=self.settings.seed, thorough=self.settings.thorough, text=text)

    # ------------------------------------------------------------ what is said

    def judged(self, said: Solved) -> tuple[Verdict, tuple[Expr, Expr]]:
        """Return the verdict on an equation that is said to follow, and the two sides that it compared."""
        assert said.right is not None
        zero = _zero(self.gradient)
        value = inlined(said.right, self.context)
        if said.left == self.unknown and self.unknown.name not in letters_of(value):
            at = substituted(self.gradient, self.unknown, value)
            return self._in_its_space(self.holds(at, zero, said.latex), value), (at, zero)
        left = inlined(said.left, self.context)
        follows = self.holds(left, value, said.latex, (self.gradient, zero))
        leads = self.holds(self.gradient, zero, said.latex, (left, value))
        if follows.outcome == "wrong":
            return follows, (left, value)
        if leads.outcome == "wrong" and follows.outcome == "holds":
            reason = Reason("not-every-solution")
            return replace(leads, outcome="undecided", reason=reason, witness=None), (self.gradient, zero)
        if leads.outcome == "wrong":
            return leads, (self.gradient, zero)
        return (follows if follows.outcome == "undecided" else leads), (self.gradient, zero)

    def _in_its_space(self, verdict: Verdict, value: Expr) -> Verdict:
        """Return the verdict on a value that was put in: it must have what an equation says of the declared unknown."""
        outside = self._outside(value) if verdict.outcome == "holds" else ""
        if not outside:
            return verdict
        reason = Reason("outside", {"outside": outside, "name": self.unknown.name})
        return replace(verdict, outcome="undecided", reason=reason)

    def _outside(self, value: Expr) -> str:
        """Return the declared property of the unknown that a value is not known to have; empty where it has them all."""
        probe = sym("any column", Shape(value.shape.rows, ONE))
        symbols = {**self.context.symbols, probe.name: Symbol(probe.name, probe.shape)}
        among = replace(self, context=replace(self.context, symbols=symbols))
        square = value.shape.rows == value.shape.cols and not value.scalar
        letters = {"x": probe, "A": value}  # in this order: the value may have an x of its own
        rows = [
            row for row in PROPERTIES.values() if self.context.has(self.unknown.name, row.name) and (square or not row.square)
        ]
        must = ((row.name, _sides(row.meaning, letters)) for row in rows if row.meaning is not None)
        never = ((row.name, _sides(row.never, letters)) for row in rows if row.never is not None)
        lacking = (name for name, sides in must if among.holds(*sides, name).outcome != "holds")
        opposite = (name for name, sides in never if among.holds(*sides, name).outcome == "holds")
        return next(chain(lacking, opposite), "")

    # ------------------------------------------------------------ how it is found

    def solution(self) -> tuple[Step, ...]:
        """Return the lines from the gradient set to zero to its solution, each judged; none where that was not found."""
        found = solve(normal(self.gradient), self.unknown, self.context)
        if found is None or not all(self._regular(r.matrix) for r in found.inverted):
            return ()
        lines = tuple(self._lines(found))
        pairs: list[tuple[Expr, Expr]] = []
        for line in lines:
            sides = read_equation(f"{line.left} = {line.right}", self.context)
            if isinstance(sides, Finding):
                return ()
            pairs.append(sides)
        pairs.insert(0, (self.gradient, _zero(self.gradient)))
        value = pairs[-1]
        if value[0] == self.unknown and self._outside(value[1]):
            return ()
        for left, right in pairs[:-1]:
            if value[0] == self.unknown:
                left, right = (substituted(s, self.unknown, value[1]) for s in (left, right))
            verdict = self.holds(left, right, lines[0].left, None if value[0] == self.unknown else value)
            if verdict.outcome != "holds":
                return ()
        return lines

    def agrees(self, lines: tuple[Step, ...], said: Solved) -> bool:
        """Tell whether what was found by these lines is the value that is said, wherever both are defined.

        The least-norm solution and the one by least squares need different ranks: one is no way to the other.
        """
        if not lines:
            return False
        if said.left != self.unknown or said.right is None or self.unknown.name in letters_of(inlined(said.right, self.context)):
            return True
        found = read_equation(f"{lines[-1].left} = {lines[-1].right}", self.context)
        if isinstance(found, Finding) or found[0] != self.unknown:
            return True
        return self.holds(found[1], inlined(said.right, self.context), said.latex).outcome == "holds"

    def put_in(self, said: Solved) -> tuple[Step, ...]:
        """Return the one line there is to tell of a value that was only put in."""
        if said.left != self.unknown or said.right is None:
            return ()
        return (Step(write(said.left, self.context), write(said.right, self.context), _PUT_IN, ("solve-put-in",)),)

    def equation(self) -> str:
        """Return the gradient set to zero as LaTeX."""
        return f"{write(self.gradient, self.context)} = {write(_zero(self.gradient), self.context)}"

    def _lines(self, found: Solution) -> Iterator[Step]:
        solved = (found.steps[-1].left, found.steps[-1].right) == (found.unknown, found.value)
        for step in found.steps[:-1] if solved else found.steps:
            words = _all([_VEC if step.law else _ZERO, *self._multiplied(step), *map(self._why, step.cancelled)])
            yield Step(write(step.left, self.context), write(step.right, self.context), words, (step.law or "solve-linear",))
        reasons = [*map(self._why, (*(found.steps[-1].cancelled if solved else ()), *found.inverted)), _ONLY]
        caption = _all([_ZERO, *self._multiplied(found.steps[0]), *reasons] if solved else reasons)
        yield Step(write(found.unknown, self.context), write(found.value, self.context), caption, ("solve-inverse",))

    def _multiplied(self, step: Relation) -> list[Words]:
        """Say by what the equation was multiplied."""
        by = f"${write(step.times, self.context)}$"
        return [] if step.times == num(1) else [{"en": f"multiplied by {by}", "zh": f"两边乘以 {by}"}]

    def _why(self, r: Regular) -> Words:
        """Return what makes a matrix invertible, formulas between dollars."""
        matrix = f"${write(r.matrix, self.context)}$"
        match r.kind:
            case "known":
                return self._declared(r.because)
            case "definite":
                reasons = self._declared(r.because)
                if r.matrix in r.because:
                    return reasons
                so: Words = {lang: words.format(matrix=matrix) for lang, words in _REASONS["definite"].items()}
                return {"en": f"{reasons['en']}, {so['en']}", "zh": f"{reasons['zh']}，{so['zh']}"}
            case "rank" if r.factor is not None:
                kind, factor = ("row", r.factor.args[0]) if r.factor.op == "transpose" else ("column", r.factor)
                letter = write(factor, self.context)
                if r.matrix.scalar:
                    return dict.fromkeys(("en", "zh"), f"${letter} \\neq 0$")
                return {lang: words.format(letter=f"${letter}$", matrix=matrix) for lang, words in _REASONS[kind].items()}
        if r.matrix.scalar:
            return dict.fromkeys(("en", "zh"), f"{matrix[:-1]} \\neq 0$")
        return {lang: words.format(letter=matrix) for lang, words in _words("invertible").items()}

    def _declared(self, letters: tuple[Expr, ...]) -> Words:
        """Return what is declared of letters, in the order in which they stand."""
        en: list[str] = []
        zh: list[str] = []
        for letter in letters:
            name = write(letter, self.context)
            if self.context.has(letter.name, "positive"):
                en.append(f"${name} > 0$")
                zh.append(f"${name} > 0$")
                continue
            words = _words(next(p for p in PROPERTIES if p in IMPLIED_BY["invertible"] and self.context.has(letter.name, p)))
            en.append(words["en"].format(letter=f"${name}$"))
            zh.append(words["zh"].format(letter=f"${name}$"))
        return {"en": ", ".join(en), "zh": "，".join(zh)}

    def _regular(self, matrix: Expr) -> bool:
        """Tell whether a matrix has an inverse at the points tried."""
        if regular(matrix, self.context).kind in ("trivial", "known", "definite"):
            return True
        determinant = matrix if matrix.scalar else make("det", matrix)
        return self.holds(determinant, num(0), "rank").outcome == "wrong"


def _words(name: str) -> Words:
    """Return the words for a letter that is invertible because it has a property."""
    return _REASONS.get(name, {"en": f"{{letter}} {name}", "zh": f"{{letter}} {PROPERTIES[name].zh}"})


def _sides(stated: tuple[str, str], letters: Mapping[str, Expr]) -> tuple[Expr, Expr]:
    """Return what a row of the table of properties states of some values, given by its letters."""
    context = Context(symbols={name: Symbol(name, value.shape) for name, value in letters.items()})
    sides = read_equation(" = ".join(stated), context)
    if isinstance(sides, Finding):
        raise MdderiveBug(f"the table of properties does not read: {' = '.join(stated)}: {sides.message()}")
    left, right = sides
    for name, value in letters.items():
        letter = sym(name, value.shape)
        left, right = substituted(left, letter, value), substituted(right, letter, value)
    return left, right


def _zero(e: Expr) -> Expr:
    return num(0) if e.scalar else leaf("zero", e.shape)


def _all(words: list[Words]) -> Words:
    """Return words one after the other, each once."""
    return {"en": "; ".join(dict.fromkeys(w["en"] for w in words)), "zh": "；".join(dict.fromkeys(w["zh"] for w in words))}
