"""Expressions to LaTeX that reads back as the same tree.

`read(write(t)) == t` for every normal tree, and the value is kept for an author's. The formulas are portable: plain parentheses
(sized ones around fractions), `\\operatorname` for names, no macros of our own.
"""

from collections.abc import Sequence
from fractions import Fraction

from mdderive.latex.grids import rows_written_out
from mdderive.latex.letters import base_letter, root_of
from mdderive.latex.limits import limits, members, order
from mdderive.latex.notation import ATOM, PREFIX, PRODUCT, SUM, TENSOR
from mdderive.latex.power_sums import summand_of
from mdderive.model.conjugation import conjugate, over_complex
from mdderive.model.context import Context
from mdderive.model.expr import BINDERS, LETTERS, Expr, make, num, power_named, rebuilt
from mdderive.model.functions import FUNCTIONS
from mdderive.model.operators import OPERATORS
from mdderive.model.shapes import ONE, Dim, size
from mdderive.model.terms import factors_of, has_d

Text = tuple[str, int]


def write(e: Expr, context: Context) -> str:
    """Return LaTeX for an expression over the names of `context`."""
    return Writer(context).whole(e)


def negated(e: Expr) -> Expr | None:
    """Return `-e` for a tree that is written with a leading minus, else None."""
    if e.op == "num" and e.value < 0:
        return num(-e.value)
    if e.op != "mul" or e.args[0].op != "num" or e.args[0].value >= 0:
        return None
    number, rest = -e.args[0].value, e.args[1:]
    if number != 1:
        return Expr("mul", (num(number), *rest), e.shape)
    return rest[0] if len(rest) == 1 else Expr("mul", rest, e.shape)


class Writer:
    """Writes expressions over the names of `context`; what recurs in them is written once."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.known: dict[Expr, Text] = {}
        declared = "d" in context.symbols or any("d" in dim.letters for s in context.symbols.values() for dim in s.shape)
        self.sign = r"\mathrm{d}" if declared else "d"
        self.complex = over_complex(context)
        self.squares = frozenset(name for name in context.symbols if root_of(name))

    def whole(self, e: Expr) -> str:
        """Return LaTeX for an expression."""
        return self.text(e)[0]

    def inside(self, e: Expr, least: int) -> str:
        """Return `e`, in parentheses where it binds looser than `least`."""
        text, binds = self.text(e)
        return text if binds >= least else brackets(text)

    def text(self, e: Expr) -> Text:
        """Return the LaTeX of `e` and how tightly it binds."""
        if (found := self.known.get(e)) is None:
            found = self.known[e] = self._text(e)
        return found

    def _text(self, e: Expr) -> Text:
        if (positive := negated(e)) is not None:
            return f"-{self.inside(positive, TENSOR)}", SUM
        match e.op:
            case "num":
                return _number(Fraction(e.value)), ATOM
            case "sym" | "size" | "const":
                return e.name, PREFIX if e.name in self.squares else ATOM
            case "member":
                return self._member(e), ATOM
            case "add":
                return self._sum(e.args), SUM
            case "mul" if (entry := self._entry(e)) is not None:
                return entry, ATOM
            case "mul":
                return self._product(e.args), PRODUCT
            case "sum" | "product":
                return self._over_index(e), PRODUCT
            case "powersum" | "powersummatrix":
                i, last, factors = summand_of(e, self.context.symbols)
                summand = self._product(factors) if e.op == "powersum" else self._tensor(make("kron", *factors))
                return rf"\sum_{{{i}=0}}^{{{self.whole(last)}}} {summand}", PRODUCT if e.op == "powersum" else TENSOR
            case "cross":
                return r" \times ".join(self.inside(a, PREFIX) for a in e.args), TENSOR
            case "had" | "hdiv" | "kron":
                return self._tensor(e), TENSOR
            case "d":
                return self._differential(e.args[0])
            case "pow" if e.args[1].op == "num" and e.args[1].value < 0 and e.scalar:
                return self._fraction((e,)), ATOM
            case "transpose" | "inv" | "pow" | "hpow" | "powers" | "pinv":
                return self._script(e), PREFIX
            case "fn":
                return self._function(e)
        scripted = (e.op == "mfn" and (e.name == "exp" or power_named(e.name) is not None)) or (
            e.op in ("ones", "zero") and e.shape.rows == ONE != e.shape.cols
        )
        return self._named(e), PREFIX if scripted else ATOM

    def _sum(self, terms: Sequence[Expr]) -> str:
        out = ""
        for term in terms:
            positive = negated(term)
            sign = ("-" if positive is not None else "") if not out else (" - " if positive is not None else " + ")
            out += sign + self.inside(term if positive is None else positive, TENSOR)
        return out

    def _product(self, factors: Sequence[Expr]) -> str:
        """Write number and scalars, powers below a fraction line first of all, then the chain."""
        below = [f for f in factors if _below(f) and not has_d(f)]
        if below:
            front = [f for f in factors if f.scalar and not has_d(f)]
            rest = [f for f in factors if not (f.scalar and not has_d(f))]
            head = self._fraction(front)
            return f"{head} {self._row(rest)}" if rest else head
        return self._row(factors)

    def _row(self, factors: Sequence[Expr]) -> str:
        out = ""
        for i, f in enumerate(factors):
            last = i == len(factors) - 1
            entry = self._entry(f)
            run = entry is None and f.op == "mul" and f.scalar and not any(a.scalar for a in f.args)
            text = entry if entry is not None else self.whole(f) if run else self._factor(f, last=last)
            if run and not all(g.scalar for g in factors[:i]):  # without brackets its row would meet the open chain
                text = brackets(text)
            if out and (
                text[0].isdigit() or (text[0] in "(\\" and (self._is_letter(factors[i - 1]) or factors[i - 1].op == "const"))
            ):
                out += r" \cdot "
            elif out:
                before = factors[i - 1]
                run = before.op == "mul" and before.scalar and self._entry(before) is None
                out += r"\, " if run or (last and f.op == "d") else " "
            out += text
        return out

    def _factor(self, f: Expr, *, last: bool) -> str:
        if f.op == "d":
            text = self._differential(f.args[0])[0]
            return text if last else brackets(text)
        return self.whole(f) if last and f.op in BINDERS else self.inside(f, PREFIX)

    def _entry(self, e: Expr) -> str | None:
        """Return `x_{i}` or `X_{ij}` for the entry of a letter that is written so, or the derivative by it, else None."""
        match e.args[1:2]:
            case (Expr(op="deriv", args=(Expr(scalar=True) as f, x), name="denominator"),) if e.op == "mul":
                by = self._entry(rebuilt(e, (e.args[0], x, *e.args[2:])))
                return by and rf"\frac{{\partial {self._differentiated(f)}}}{{\partial {by}}}"
        if e.op != "mul" or len(e.args) not in (2, 3) or e.args[0].op != "transpose" or e.args[1].op != "sym":
            return None
        ends = (e.args[0].args[0], *e.args[2:])
        name = e.args[1].name
        if any(end.op != "unit" for end in ends) or (len(ends) == 1) != (e.args[1].shape.cols == ONE):
            return None
        places = _listed(ends)
        symbol = self.context.symbols.get(name)
        if symbol is not None and symbol.inferred and "one-hot" in symbol.properties:
            label = f"{name}_{{{ends[0].name}}}" if len(ends) > 1 else name
            return rf"\mathbf{{1}}[{label} = {ends[-1].name}]"
        taken = not self.context.symbols.keys().isdisjoint((f"{name}_{places}", f"{name}_{{{places}}}"))
        read = "_" not in name and not taken and (len(ends) == 2 or base_letter(name)[-1:].islower())
        return f"{name}_{{{places}}}" if read else f"[{name}]_{{{places}}}"

    def _member(self, e: Expr) -> str:
        family = self.context.symbols[e.name].family
        assert family is not None
        return f"{family.letter}_{{{_listed(e.args)}}}"

    def _over_index(self, e: Expr) -> str:
        unit, body = e.args
        sign = r"\sum" if e.op == "sum" else r"\prod"
        last = _dim(unit.shape.rows)
        if not (last.isdigit() or unit.shape.rows == size(unit.shape.rows.letters[0])):
            return rf"{sign}_{{{unit.name}}} {self.inside(body, PRODUCT)}"
        around, summand = members(self.context, body, unit) or limits(unit, body, last)
        return rf"{sign}_{around} {self.inside(summand, PRODUCT)}"

    def _fraction(self, factors: Sequence[Expr]) -> str:
        """Write scalar factors as one fraction: numbers and positive powers above, negative powers below."""
        number = Fraction(1)
        above: list[Expr] = []
        below: list[Expr] = []
        for f in factors:
            if f.op == "num":
                number *= f.value
            elif _below(f):
                base, k = f.args
                below.append(base if k.value == -1 else make("pow", base, num(-k.value)))
            else:
                above.append(f)
        top = ([num(number.numerator)] if number.numerator != 1 or not above else []) + above
        bottom = ([num(number.denominator)] if number.denominator != 1 else []) + below
        written = [self.whole(side[0]) if len(side) == 1 else self._row(side) for side in (top, bottom)]
        return rf"\frac{{{written[0]}}}{{{written[1]}}}"

    def _tensor(self, e: Expr) -> str:
        parts = [self.inside(a, PRODUCT) for a in e.args]
        if (e.op, e.args[0].op) in (("hdiv", "had"), ("kron", "kron")):  # read from the left
            parts[0] = self.whole(e.args[0])
        return f" {OPERATORS[e.op].signs[0]} ".join(parts)

    def _script(self, e: Expr) -> str:
        base = e.args[0]
        match e.op:
            case "transpose" if base.op == "inv" and base.args[0].op != "pow" and self._unbarred(base) is None:
                return self.inside(base.args[0], ATOM) + r"^{-\top}"
            case "transpose" if (mixed := self._mixed(base)) is not None:
                return mixed
            case "transpose" if (turned := self._unbarred(base)) is not None:
                return self.inside(turned, ATOM) + ("^{H}" if "H" not in self.context.symbols else r"^{\mathsf H}")
            case "transpose":
                return self.inside(base, ATOM) + r"^{\top}"
            case "inv" if base.op == "pow" and base.args[1].op == "num":
                return self.inside(base.args[0], ATOM) + f"^{{-{self.whole(base.args[1])}}}"
            case "inv":
                return self.inside(base, ATOM) + "^{-1}"
            case "pinv":
                return self.inside(base, ATOM) + "^{+}"
            case "hpow" | "powers":
                power = e.args[1]
                above = self.whole(power) if power.op == "num" else self.inside(power, TENSOR)
                return self.inside(base, ATOM) + rf"^{{\odot {above}}}"
        power = e.args[1]
        root = root_of(base.name) if base.op == "sym" and base.name in self.squares else ""
        if root and isinstance(power.value, int) and power.value > 1:
            return f"{root}^{{{2 * power.value}}}"
        return self.inside(base, ATOM) + f"^{{{self.whole(power)}}}"

    def _unbarred(self, e: Expr) -> Expr | None:
        """Return the conjugate of a formula, if that has fewer conjugate letters."""
        letters = (n for n in (e.walk() if self.complex else ()) if n.op == "sym" and self.context.has(n.name, "complex"))
        count = sum(1 if self.context.symbols[n.name].conjugate else -1 for n in letters)
        return conjugate(e, self.context) if count > 0 else None

    def _differential(self, inner: Expr) -> Text:
        if (inner.op in LETTERS and inner.name not in self.squares) or self._is_letter(inner):
            return self.sign + self.whole(inner), PREFIX
        return self.sign + brackets(self.whole(inner)), PREFIX

    def _is_letter(self, e: Expr) -> bool:
        return e.op == "apply" and self.context.unknown.get(e.name) == e.args[0].name

    def _function(self, e: Expr) -> Text:
        (inner,) = e.args
        known = FUNCTIONS.get(e.name)
        if e.name == "sqrt":
            return rf"\sqrt{{{self.whole(inner)}}}", ATOM
        if e.name == "abs" and e.scalar:
            return rf"\left| {self.whole(inner)} \right|", ATOM
        if e.name == "log" and inner.op == "det":
            return rf"\log{self.whole(inner)}", PREFIX
        taken = known is not None and (known.latex in self.context.elementwise or known.latex in self.context.symbols)
        name = e.name if known is None else rf"\operatorname{{{e.name}}}" if taken else known.latex
        return name + brackets(self.whole(inner)), ATOM

    def _named(self, e: Expr) -> str:
        match e.op:
            case "identity" | "ones" | "zero":
                return _sized(e)
            case "commutation":
                return f"K_{{{e.name.replace('*', '')}}}"
            case "deriv" | "hess":
                return self._derivative(e)
            case "along":
                return self._along(*e.args)
            case "at":
                f, x, value = e.args
                return rf"{self.inside(f, ATOM)}|_{{{x.name} = {self.whole(value)}}}"
            case "apply" if self._is_letter(e):
                return e.name
            case "indicator":
                return f"[{order(e, e.args[0])}]"
            case "unit":
                return rf"\mathbf{{e}}_{{{e.name}}}"
            case "below" | "beside" | "matrix":
                lines = [" & ".join(map(self.whole, row)) for row in rows_written_out(e)]
                return r"\begin{bmatrix} " + r" \\ ".join(lines) + r" \end{bmatrix}"
            case "mfn" | "frechet" | "frechetmatrix":
                return self._of_matrix(e)
        inner = self.whole(e.args[0])
        match e.op:
            case "norm":
                return rf"\| {inner} \|" + ("" if e.args[0].shape.cols == ONE else "_F")
            case "nuclear":
                return rf"\| {inner} \|_*"
            case "norm1":
                return rf"\| {inner} \|_1"
            case "normp":
                return rf"\| {inner} \|_{{{e.args[1].value if e.args[1].op == 'num' else e.args[1].name}}}"
            case "inner":
                return rf"\langle {inner}, {self.whole(e.args[1])} \rangle"
            case "apply":
                return e.name + brackets(inner)
        return OPERATORS[e.op].names[0] + brackets(", ".join(map(self.whole, e.args)))

    def _of_matrix(self, e: Expr) -> str:
        """Write a function of a matrix, or its derivative."""
        inner = self.whole(e.args[0])
        power = power_named(e.name) is not None
        known = FUNCTIONS[e.name].latex if e.name in FUNCTIONS else e.name
        match e.op:
            case "mfn" if e.name == "exp":
                return f"e^{{{inner}}}"
            case "mfn" if power:
                return f"{self.inside(e.args[0], ATOM)}^{{{e.name}}}"
            case "mfn":
                entrywise = self.context.functions != "matrix"
                return (rf"\operatorname{{{e.name}m}}" if entrywise and known != e.name else known) + brackets(inner)
        function = f"x^{{{e.name}}}" if power else known
        return f"{'L' if e.op == 'frechet' else 'K'}_{{{function}}}({', '.join(map(self.whole, e.args))})"

    def _along(self, f: Expr, x: Expr, direction: Expr) -> str:
        """Write a derivative in a direction; in that of one entry, as the derivative by the entry."""
        if (places := _entry_moved(direction)) and "_" not in x.name:
            return rf"\frac{{\partial {self._differentiated(f)}}}{{\partial {x.name}_{{{places}}}}}"
        return f"D_{{{x.name}}} {self._differentiated(f)}[{self.whole(direction)}]"

    def _mixed(self, e: Expr) -> str | None:
        """Return the second derivative by two columns whose transpose a node is; None where it is none."""
        if e.op != "deriv" or e.args[0].op != "deriv":
            return None
        (f, x), y = e.args[0].args, e.args[1]
        columns = x.shape.cols == y.shape.cols == ONE and not y.scalar
        if not columns or not self._is_mixed(f, x, y):
            return None
        return rf"\frac{{\partial^2 {self._differentiated(f)}}}{{\partial {x.name} \partial {y.name}^{{\top}}}}"

    def _is_mixed(self, f: Expr, x: Expr, y: Expr) -> bool:
        """Tell whether a derivative of a derivative is written as a second one by two letters."""
        return (
            f.scalar and x != y and self.context.layout == "denominator" and not any(self.context.moving(v.name) for v in (x, y))
        )

    def _differentiated(self, f: Expr) -> str:
        return self.whole(f) if f.op == "sym" or self._is_letter(f) else brackets(self.whole(f))

    def _derivative(self, e: Expr) -> str:
        f, x = e.args
        if e.op == f.op == "deriv" and self._is_mixed(inner := f.args[0], first := f.args[1], x) and (x.scalar or first.scalar):
            return rf"\frac{{\partial^2 {self._differentiated(inner)}}}{{\partial {first.name} \partial {x.name}}}"
        by = self.whole(x)
        if e.op == f.op == "deriv" and f.args[1] == x and x.scalar and not f.scalar and not self.context.moving(x.name):
            return rf"\frac{{\partial^2 {self._differentiated(f.args[0])}}}{{\partial {by}^2}}"
        top = self._differentiated(f)
        if e.op == "deriv":
            d = self.sign if self.context.moving(x.name) else r"\partial"
            space = "" if d == "d" and not top.startswith("\\") and not by.startswith("\\") else " "
            return rf"\frac{{{d}{space}{top}}}{{{d}{space}{by}}}"
        if x.scalar:
            return rf"\frac{{\partial^2 {top}}}{{\partial {by}^2}}"
        return rf"\frac{{\partial^2 {top}}}{{\partial {by} \partial {by}^{{\top}}}}"


def brackets(text: str) -> str:
    """Return `text` in parentheses, sized ones where it is tall."""
    return rf"\left( {text} \right)" if r"\frac" in text else f"({text})"


def _sized(e: Expr) -> str:
    rows, cols = (_dim(d) for d in e.shape)
    if e.op == "identity":
        return f"I_{{{rows}}}"
    sign = r"\mathbf{1}" if e.op == "ones" else "0"
    if e.shape.cols == ONE:
        return f"{sign}_{{{rows}}}"
    return rf"{sign}_{{{cols}}}^{{\top}}" if e.shape.rows == ONE else rf"{sign}_{{{rows} \times {cols}}}"


def _listed(units: Sequence[Expr]) -> str:
    """Return the places of some unit vectors as a subscript: `ij`, `1,10`."""
    return ("" if all(len(unit.name) == 1 for unit in units) else ",").join(unit.name for unit in units)


def _entry_moved(direction: Expr) -> str:
    """Return the places of the one entry that a direction moves; nothing where it moves others."""
    ends = [a.args[0] if a.op == "transpose" else a for a in factors_of(direction)]
    return _listed(ends) if len(ends) <= 2 and all(end.op == "unit" for end in ends) else ""


def _below(e: Expr) -> bool:
    return e.op == "pow" and e.scalar and e.args[1].op == "num" and e.args[1].value < 0


def _number(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else rf"\frac{{{value.numerator}}}{{{value.denominator}}}"


def _dim(dim: Dim) -> str:
    return " + ".join(term.joined("") for term in dim.terms)
