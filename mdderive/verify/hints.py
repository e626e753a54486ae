"""What would be right instead of a false equation; every hint is judged before it is given."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice

from mdderive.latex.write import write
from mdderive.model.context import Constraint, Context, Premise
from mdderive.model.diagnostics import Hint
from mdderive.model.expr import Expr, make, num, sym
from mdderive.model.functions import FUNCTIONS
from mdderive.model.operators import OPERATORS
from mdderive.model.shapes import SCALAR
from mdderive.verify.case import Case, Sampling, case_of
from mdderive.verify.contents import Contents
from mdderive.verify.edits import (
    det_for_norm,
    edits,
    entries_for_matrix,
    flipped,
    matrix_for_entries,
    multiple,
    rewritten,
    times_power,
)
from mdderive.verify.field import Inexact, Undefined, Unsupported
from mdderive.verify.holds import verdict_on
from mdderive.verify.moduli import PRIMES, reconstructed

MOST_SCALARS = 8
SMALL_SIZES = (1, 2, 3)
LAYOUT: Mapping[str, str] = {
    "en": 'this is the transpose, right in numerator layout (layout="numerator"); here it is',
    "zh": '这是转置，在分子布局（layout="numerator"）下成立；此处应为',
}
DETERMINANT: Mapping[str, str] = {
    "en": "it holds where the norm is a determinant: write \\det(X) or |X| for that",
    "zh": "若把范数理解为行列式则成立：行列式写作 \\det(X) 或 |X|",
}
MATRIX_FUNCTION: Mapping[str, str] = {
    "en": 'it holds for matrix functions: functions="matrix"',
    "zh": '按矩阵函数理解则成立：functions="matrix"',
}
ELEMENTWISE: Mapping[str, str] = {
    "en": 'it holds for functions of every entry: write \\exp(X) with functions="elementwise"',
    "zh": '按逐元素函数理解则成立：写作 \\exp(X) 并使用 functions="elementwise"',
}
# What a letter for a function nobody declared usually means.
CUSTOMARY: Mapping[str, tuple[str, ...]] = {"\\sigma": ("sigmoid", "relu", "tanh"), "\\rho": ("relu", "sigmoid", "tanh")}
ACTIVATIONS = ("sigmoid", "tanh", "relu", "softplus")


def explain(
    left: Expr, right: Expr, context: Context, *, varying: frozenset[str] | None = None, seed: int = 0
) -> tuple[Hint, ...]:
    """Return what would make the false equation `left = right` hold, the likeliest first; `latex` replaces the right side.

    What was read as an unknown function is said first: a repair that rests on such a reading is a guess.
    """
    try:
        search = _Search(left, right, context, varying, seed)
        known = next(search.known_functions(), None)
        found = known or next(search.unmoved(), None) or next(search.repairs(), None) or next(search.assumptions(), None)
        guessed = () if known else search.guessed()
    except (Unsupported, RecursionError):
        return ()
    return (*guessed, *((found,) if found else ()))


def guessed_functions(left: Expr, right: Expr, context: Context) -> tuple[str, ...]:
    """Return the functions in an equation that nobody declared or defined."""
    nodes = Contents(context).nodes(left, right)
    names = {e.name.rstrip("'") for e in nodes if e.op == "fn"}
    return tuple(sorted(name for name in names & context.elementwise.keys() if context.elementwise[name].inferred))


class _Search:
    """Looks for hints on one equation."""

    def __init__(self, left: Expr, right: Expr, context: Context, varying: frozenset[str] | None, seed: int) -> None:
        self.left, self.right, self.context, self.varying, self.seed = left, right, context, varying, seed
        self.case: Case = case_of((left, right), context, varying=varying, seed=seed, text="hint")
        self.sizes = self._defined_sizes()

    def holds(self, left: Expr, right: Expr, context: Context | None = None) -> bool:
        """Whether an equation holds; the trivial one says nothing."""
        case = self.case
        if context is not None or left is not self.left:
            case = case_of((left, right), context or self.context, varying=self.varying, seed=self.seed, text="hint")
        return left != right and verdict_on(case, left, right).outcome == "holds"

    # ------------------------------------------------------------------ functions

    def guessed(self) -> tuple[Hint, ...]:
        """Return what is to be said of functions that were read as unknown ones."""
        names = guessed_functions(self.left, self.right, self.context)
        first = (FUNCTIONS[_customary(name)[0]].latex for name in names)
        return tuple(Hint("function", _unknown(name, known)) for name, known in zip(names, first, strict=True))

    def known_functions(self) -> Iterator[Hint]:
        """Yield the known function for which an equation about an unknown one holds."""
        used = {e.name.rstrip("'") for e in self.case.contents.nodes(self.left, self.right) if e.op == "fn"}
        for name in sorted(used & self.context.elementwise.keys()):
            function = self.context.elementwise[name]
            for known in _customary(name) if function.body is None else ():
                body = make("fn", sym(_PARAMETER, SCALAR), name=known)
                meant = {**self.context.elementwise, name: replace(function, parameter=_PARAMETER, body=body)}
                if self.holds(self.left, self.right, replace(self.context, elementwise=meant)):
                    yield Hint("function", _meant(name, FUNCTIONS[known].latex, function.inferred))

    def repairs(self) -> Iterator[Hint]:
        """Yield other right sides that hold."""
        flip = flipped(self.right)
        if not self.right.scalar and flip.shape == self.right.shape and self.holds(self.left, flip):
            yield self._repair("transpose", flip, LAYOUT if self._of_a_gradient() else None)
        yield from self._factor()
        yield from self._determinant()
        yield from self._matrix_functions()
        differentials = any(e.op == "d" for side in (self.left, self.right) for e in side.walk())
        for code, edited in edits(self.right, differentials=differentials):
            changed = rewritten(edited, _turned_once)
            if self._promising(changed) and self.holds(self.left, changed):
                yield self._repair(code, changed)
        yield from self._scalar_factor()

    def _of_a_gradient(self) -> bool:
        return self.left.op == "deriv" and self.context.layout == "denominator"

    def assumptions(self) -> Iterator[Hint]:
        """Yield what would have to be assumed."""
        yield from self._symmetric()
        yield from self._positive()
        yield from self._at_size()
        yield from self._condition()

    def _repair(self, code: str, right: Expr, facts: Mapping[str, str] | None = None) -> Hint:
        return Hint(code, facts or {}, write(right, self.context))

    # ------------------------------------------------------------------ one point as a sieve

    def _defined_sizes(self) -> dict[str, int] | None:
        for sizes in islice(self.case.sizings(3), 6):
            try:
                self.case.point(Sampling(PRIMES[0], tuple(sizes.items()), 0)).sides(
                    self.case.contents.comparison(self.left, self.right)
                )
            except (Undefined, Inexact):
                continue
            return sizes
        return None

    def _promising(self, right: Expr) -> bool:
        """Whether an equation holds at one point; what has no exact value there is left to the judge."""
        if self.sizes is None:
            return True
        try:
            a, b = self.case.point(Sampling(PRIMES[0], tuple(self.sizes.items()), 0)).sides(
                self.case.contents.comparison(self.left, right)
            )
        except (Undefined, Unsupported):
            return False
        return a.plain == b.plain

    # ------------------------------------------------------------------ factors

    def _factor(self) -> Iterator[Hint]:
        """Yield the constant by which the right side is off."""
        if self.sizes is None:
            return
        residues = [self._ratio(prime) for prime in PRIMES]
        if None in residues:
            return
        factor = reconstructed([int(r) for r in residues if r is not None])
        if factor is None or factor in (0, 1):
            return
        changed = multiple(self.right, factor)
        if self.holds(self.left, changed):
            words = {"en": f"it would hold with the factor {factor}", "zh": f"乘以系数 {factor} 即可成立"}
            yield self._repair("sign" if factor == -1 else "factor", changed, {} if factor == -1 else words)

    def _ratio(self, prime: int) -> int | None:
        """Return left / right modulo a prime."""
        assert self.sizes is not None
        try:
            a, b = self.case.point(Sampling(prime, tuple(self.sizes.items()), 0)).sides(
                self.case.contents.comparison(self.left, self.right)
            )
        except (Undefined, Inexact):
            return None
        pair = next(((int(x), int(y)) for x, y in zip(a.plain, b.plain, strict=True) if y), None)
        return pair[0] * pow(pair[1], -1, prime) % prime if pair else None

    def _scalar_factor(self) -> Iterator[Hint]:
        """Yield the scalar expression of the claim by which the right side is off."""
        nodes = [*self.right.walk(), *self.case.contents.nodes(self.left)]
        scalars = [e for e in dict.fromkeys(nodes) if e.scalar and (e.op in ("sym", "fn", "pow") or OPERATORS[e.op].to_number)]
        for scalar in scalars[:MOST_SCALARS] if self.right != num(0) else ():
            for changed in (times_power(self.right, scalar, 1), times_power(self.right, scalar, -1)):
                if self._promising(changed) and self.holds(self.left, changed):
                    yield self._repair("factor", changed)

    # ------------------------------------------------------------------ readings

    def _determinant(self) -> Iterator[Hint]:
        """Yield the reading of a norm as a determinant; where a definition has it, that is what must be changed."""
        left, right, context = self._reread(det_for_norm)
        if (left, right, context) != (self.left, self.right, self.context) and self.holds(left, right, context):
            within = context != self.context or left != self.left
            yield Hint("determinant", DETERMINANT) if within else self._repair("determinant", right)

    def _matrix_functions(self) -> Iterator[Hint]:
        """Yield the reading of an elementwise function as a function of a matrix, and the reverse."""
        for rewrite, words in ((matrix_for_entries, MATRIX_FUNCTION), (entries_for_matrix, ELEMENTWISE)):
            left, right, context = self._reread(rewrite)
            if (left, right, context) != (self.left, self.right, self.context) and self.holds(left, right, context):
                yield Hint("function", words)

    def _reread(self, rewrite: Callable[[Expr], Expr]) -> tuple[Expr, Expr, Context]:
        definitions = {name: rewritten(e, rewrite) for name, e in self.context.definitions.items()}
        context = replace(self.context, definitions=definitions) if definitions != self.context.definitions else self.context
        return rewritten(self.left, rewrite), rewritten(self.right, rewrite), context

    # ------------------------------------------------------------------ assumptions

    def unmoved(self) -> Iterator[Hint]:
        """Yield the letters that must be constant for a differential: those whose own differential is written nowhere."""
        nodes = self.case.contents.nodes(self.left, self.right)
        moved = {e.args[0].name for e in nodes if e.op == "d" and e.args[0].op == "sym"} - self.context.definitions.keys()
        names = self._letters(lambda name: name not in moved and not self.context.has(name, "constant")) if moved else ()
        for chosen in (*((name,) for name in names), *([names] if len(names) > 1 else [])):
            if self.holds(self.left, self.right, self.context.declaring(chosen, "constant")):
                listed = ", ".join(chosen)
                declared = "; ".join(f"{name}: {self.context.symbols[name].shape}, constant" for name in chosen)
                en = f"it holds with {listed} held constant: declare {declared}"
                yield Hint("premise", {"letters": listed, "en": en, "zh": f"当 {listed} 不变时成立：请声明 {declared}"})
                return

    def _letters(self, fits: Callable[[str], bool]) -> tuple[str, ...]:
        used = self.case.contents.letters_of(self.left, self.right) - self.context.definitions.keys()
        return tuple(name for name in sorted(used) if name in self.context.symbols and fits(name))

    def _symmetric(self) -> Iterator[Hint]:
        def square(name: str) -> bool:
            shape = self.context.symbols[name].shape
            return shape.rows == shape.cols and shape.rows.names != () and not self.context.has(name, "symmetric")

        names = self._letters(square)
        for chosen in (*((name,) for name in names), *([names] if len(names) > 1 else [])):
            if self.holds(self.left, self.right, self.context.declaring(chosen, "symmetric")):
                listed = ", ".join(chosen)
                declared = f"{listed}: {self.context.symbols[chosen[0]].shape}, symmetric"
                words = {
                    "en": f"it would hold if {listed} were symmetric (declare it: {declared})",
                    "zh": f"若 {listed} 对称则成立（声明：{declared}）",
                }
                yield Hint("symmetric", {"letters": listed, **words})
                return

    def _positive(self) -> Iterator[Hint]:
        if not self.case.contents.kinds(self.left, self.right) & {"branch"}:
            return
        names = self._letters(lambda name: not self.context.has(name, "positive"))
        if names and self.holds(self.left, self.right, self.context.declaring(names, "positive")):
            listed = ", ".join(names)
            words = {"en": f"it holds where {listed} is positive", "zh": f"当 {listed} 各元素为正时成立"}
            yield Hint("domain", {"letters": listed, **words})

    def _at_size(self) -> Iterator[Hint]:
        """Yield the small sizes at which alone the equation holds."""
        for name in self.case.contents.sizes(self.left, self.right):
            fitting = []
            for value in SMALL_SIZES:
                fixed = (*self.context.constraints, Constraint(name, "=", str(value)))
                if self.holds(self.left, self.right, replace(self.context, constraints=fixed)):
                    fitting.append(str(value))
            if fitting:
                words = {
                    "en": f"it holds for {name} = {', '.join(fitting)} only",
                    "zh": f"仅当 {name} = {'、'.join(fitting)} 时成立",
                }
                yield Hint("size", {"size": name, "values": ", ".join(fitting), **words})

    def _condition(self) -> Iterator[Hint]:
        """Yield that an equation to be solved is a condition: each side has a letter of its own, and there are values for it."""
        own = [self.case.contents.letters_of(side) for side in (self.left, self.right)]
        rates = any(e.op in ("d", "deriv", "hess") for e in self.case.contents.nodes(self.left, self.right))
        if rates or not own[0] - own[1] or not own[1] - own[0] or {self.left.op, self.right.op} == {"sym"}:
            return
        premises = (*self.context.premises, Premise(self.left, self.right))
        if self.holds(self.left, self.right, replace(self.context, premises=premises)):
            said = f"{write(self.left, self.context)} = {write(self.right, self.context)}"
            words = {
                "en": f"this is an equation to be solved, no identity; to assume it, write given: {said}",
                "zh": f"这是待解的方程，不是恒等式；若作为假设，请写 given: {said}",
            }
            yield Hint("equation", words)


_PARAMETER = "t"


def _turned_once(e: Expr) -> Expr:
    """Return what is transposed twice as it is."""
    twice = e.op == "transpose" and e.args[0].op == "transpose"
    return e.args[0].args[0] if twice else e


def _customary(name: str) -> tuple[str, ...]:
    return CUSTOMARY.get(name, ACTIVATIONS)


def _unknown(name: str, known: str) -> dict[str, str]:
    """Return the words for a function that nobody declared."""
    return {
        "en": f"{name} was read as unknown; write {known} if that is meant, or define {name}(x) = …",
        "zh": f"{name} 被读作未知函数；若指 {known}，请直接写出，或定义 {name}(x) = …",
    }


def _meant(name: str, known: str, inferred: bool) -> dict[str, str]:
    """Return the words for a function that a known one would make true."""
    en = f"it holds for {known}: write {known}, or define {name}(x) = {known}(x)"
    zh = f"对 {known} 则成立：请写 {known}，或定义 {name}(x) = {known}(x)"
    if inferred:
        return {"en": f"{name} was read as unknown; {en}", "zh": f"{name} 被读作未知函数；{zh}"}
    return {"en": en, "zh": zh}
