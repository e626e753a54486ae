"""Expressions to NumPy: one expression over `np` (and `scipy.linalg` for matrix functions), all arrays two-dimensional.

Every definition is substituted, a function that its author defined is a `lambda`, sizes are integers; the names of a `Program`
say which Python name stands for which letter. The same text runs where `np` is `jax.numpy` and `scipy` is `jax.scipy`: nothing is
written in place, and only functions that both have are used, but for the Bessel functions J and some functions of a matrix, which
SciPy alone has.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction

from mdderive.latex.write import write
from mdderive.model.context import Context, ElementwiseFunction
from mdderive.model.expr import Expr, Number, of_numbers, ordered, power_named
from mdderive.model.functions import FUNCTIONS
from mdderive.model.operators import OPERATORS
from mdderive.programs.coder import ATOM, MUL, Coder, Program, PythonNames, filled, identifier

MATRIX_FUNCTIONS = {
    "exp": "scipy.linalg.expm({0})",
    "sin": "scipy.linalg.expm(1j * ({0})).imag",
    "cos": "scipy.linalg.expm(1j * ({0})).real",
    "tan": "scipy.linalg.tanm({0})",
    "sinh": "scipy.linalg.sinhm({0})",
    "cosh": "scipy.linalg.coshm({0})",
    "tanh": "scipy.linalg.tanhm({0})",
    "log": "scipy.linalg.logm({0})",
    "1/2": "scipy.linalg.sqrtm({0})",
    "sigmoid": "np.linalg.inv(np.eye({0.rows}) + scipy.linalg.expm(-({0})))",
    "softplus": "scipy.linalg.logm(np.eye({0.rows}) + scipy.linalg.expm({0}))",
}
_ORDERS = {"<": " < ", r"\leq": " <= ", r"\neq": " != "}
# A function of this has the derivative of the function of the first, in the direction of the second, above the diagonal.
UNIT = "np.reshape(_, ({rows}, {rows}), order='F')"
BLOCKS = "np.block([[{0}, {1}], [np.zeros(({rows}, {rows})), {0}]])"


def program(e: Expr, context: Context) -> Program:
    """Return `e` as one NumPy expression; raises `ValueError` for an operator that has no meaning there (differentials)."""
    writer = NumpyWriter(context)
    code = writer.whole(e)
    return Program(code, dict(writer.names.letters))


class NumpyWriter(Coder):
    """Writes trees as NumPy expressions; the letters met are in `names`."""

    reserved: tuple[str, ...] = ("np", "scipy")

    def __init__(self, context: Context) -> None:
        self.context = context
        self.names = PythonNames(self.reserved)
        self.bound: Mapping[str, str] = {}

    @contextmanager
    def binding(self, bound: Mapping[str, str]) -> Iterator[None]:
        """Write the letters `bound` as the parameters they are inside a function, and no others of an outer one."""
        before, self.bound = self.bound, bound
        yield
        self.bound = before

    def size(self, name: str) -> str:
        """Return the name of a size."""
        return self.names.of(name)

    def operator(self, e: Expr) -> tuple[str, int]:
        """Return the code of what is no sum or product, and how tightly it binds."""
        match e.op:
            case "num":
                return _number(e.value)
            case "sym":
                return self.letter(e)
            case "size":
                return self.names.of(e.name), ATOM
            case "member":
                return f"{self.names.of(e.name)}[{', '.join(self.place(unit.name) for unit in e.args)}]", ATOM
            case "sum":
                return self._over_index(e, "sum({} for {} in range(1, {} + 1){})"), ATOM
            case "product":
                return self._over_index(e, "np.prod(np.stack(tuple({} for {} in range(1, {} + 1){})), axis=0)"), ATOM
            case "had":
                return " * ".join(self.inside(a, ATOM) for a in e.args), MUL
            case "pow" | "hpow":
                return self._power(e)
            case "fn":
                return self.function(e)
            case "apply":
                return f"{self.names.of(e.name)}({self.whole(e.args[0])})", ATOM
            case "d" | "deriv" | "hess" | "along" | "at":
                return self.derivative(e), ATOM
        plain = of_numbers(e) if e.args and e.scalar and all(a.scalar for a in e.args) else e
        return self._call(e) if plain is e else self.write(plain)

    def letter(self, e: Expr) -> tuple[str, int]:
        """Return a parameter by its name, a defined letter by what it stands for."""
        if e.name in self.bound:
            return self.bound[e.name], ATOM
        if e.name in self.context.definitions:
            with self.binding({}):
                return self.write(self.context.definitions[e.name])
        symbol = self.context.symbols.get(e.name)
        if symbol is not None and symbol.conjugate:
            return f"np.conj({self.names.of(symbol.conjugate)})", ATOM
        return self.names.of(e.name), ATOM

    def factors(self, args: Sequence[Expr], e: Expr) -> str:
        """Return numbers entry by entry, and what is none as products of matrices."""
        scalars = [self.inside(a, ATOM) for a in args if a.scalar]
        chain = [self.inside(a, ATOM) for a in args if not a.scalar]
        run = " @ ".join(chain)
        if scalars and len(chain) > 1:
            run = f"({run})"
        return " * ".join([*scalars, *([run] if run else [])])

    def _power(self, e: Expr) -> tuple[str, int]:
        base, exponent = e.args
        if e.op == "pow" and not base.scalar and not self._whole(exponent):
            return f"scipy.linalg.fractional_matrix_power({self.whole(base)}, {self.whole(exponent)})", ATOM
        if e.op == "pow" and not base.scalar:
            return f"np.linalg.matrix_power({self.whole(base)}, {self.whole(exponent)})", ATOM
        if exponent.op == "num" and exponent.value == -1:
            return f"1 / {self.inside(base, ATOM)}", MUL
        return f"({self.inside(base, ATOM)} ** {self.inside(exponent, ATOM)})", ATOM

    def _whole(self, exponent: Expr) -> bool:
        """Tell whether an exponent is an integer: a letter is one unless it was declared without the word."""
        match exponent.op:
            case "num":
                return Fraction(exponent.value).denominator == 1
            case "sym" if exponent.name in self.context.definitions:
                return self._whole(self.context.definitions[exponent.name])
            case "sym":
                symbol = self.context.symbols.get(exponent.name)
                return symbol is None or symbol.inferred or "integer" in symbol.properties
        return all(map(self._whole, exponent.args))

    def function(self, e: Expr) -> tuple[str, int]:
        """Return an elementwise function: known, defined by its author, or a name of its own."""
        own = self.context.elementwise.get(e.name)
        if own is not None and own.body is not None:
            return self.defined(own, own.body, e)
        if e.name in FUNCTIONS and own is None:
            return filled(FUNCTIONS[e.name].python, e, self)
        return f"{self.names.of(e.name)}({self.whole(e.args[0])})", ATOM

    def defined(self, own: ElementwiseFunction, body: Expr, e: Expr) -> tuple[str, int]:
        """Return a defined function at its argument; one that does not vary is a constant of the argument's size."""
        if e.scalar or _mentions(body, own.parameter):
            return f"({self.formula(own, body)})({self.whole(e.args[0])})", ATOM
        with self.binding({}):
            return f"{self.inside(body, ATOM)} * np.ones(({self.sides(e)}))", MUL

    def formula(self, own: ElementwiseFunction, body: Expr) -> str:
        """Return a defined function as a `lambda`, whose value has the shape of its argument also where it is constant."""
        name = self.names.parameter(own.parameter, own.name)
        with self.binding({own.parameter: name}):
            code = self.whole(body)
        return f"lambda {name}: {code}" if _mentions(body, own.parameter) else f"lambda {name}: {code} + 0 * {name}"

    def sides(self, e: Expr) -> str:
        """Return rows and columns."""
        return f"{self.dim(e.shape.rows)}, {self.dim(e.shape.cols)}"

    def derivative(self, e: Expr) -> str:
        """Return ∂f/∂Y of an unknown f as a name of its own."""
        f, x = e.args if len(e.args) == 2 else (e, e)
        if e.op == "hess":
            wish = f"d2{identifier(f.name)}_d{identifier(x.name)}2"
            return self.names.of(rf"\frac{{\partial^2 {f.name}}}{{\partial {x.name} \partial {x.name}^{{\top}}}}", wish)
        if e.op != "deriv":
            raise ValueError(e.op)
        wish = f"d{identifier(f.name)}_d{identifier(x.name)}"
        return self.names.of(write(e, self.context), wish)

    def _call(self, e: Expr) -> tuple[str, int]:
        match e.op:
            case "const":
                return "np.pi" if e.name == r"\pi" else "np.e", ATOM
            case "commutation":
                m, n = (self._size(part) for part in e.name.replace(" ", "").split(","))
                return f"np.eye({m} * {n})[np.arange({m} * {n}).reshape(({m}, {n}), order='F').ravel()]", ATOM
            case "indicator":
                return f"({_ORDERS[e.name].join(self.place(unit.name) for unit in e.args)})", ATOM
            case "unit":
                return f"np.eye({self.dim(e.shape.rows)})[:, [{self.place(e.name)}]]", ATOM
            case "matrix":
                wide = e.shape.cols.factor
                rows = [", ".join(map(self.whole, e.args[i : i + wide])) for i in range(0, len(e.args), wide)]
                return f"np.block([{', '.join(f'[{row}]' for row in rows)}])", ATOM
        return filled(self.template(e), e, self)

    def template(self, e: Expr) -> str:
        """Return the program of an operator over its arguments; empty where there is none."""
        if e.op not in ("mfn", "frechet", "frechetmatrix"):
            return OPERATORS[e.op].numpy
        other = f"scipy.linalg.fractional_matrix_power({{0}}, {e.name})" if power_named(e.name) is not None else ""
        own = f"{self.names.of(e.name)}({{0}})" if e.name.startswith("\\") else ""
        function = MATRIX_FUNCTIONS.get(e.name, other or own)
        if e.op == "mfn" or not function:
            return function
        if e.op == "frechetmatrix":
            column = function.replace("{0.rows}", "2 * {0.rows}").replace(
                "{0}", BLOCKS.replace("{1}", UNIT).replace("{rows}", "{0.rows}")
            )
            over = "for _ in np.eye({rows})"
            return f"np.stack(list(np.ravel({column}[:{{0.rows}}, {{0.rows}}:], order='F') {over}), axis=1)"
        if e.name == "exp":
            return "scipy.linalg.expm_frechet({0}, {1}, compute_expm=False)"
        return f"{function.replace('{0.rows}', '2 * {rows}').replace('{0}', BLOCKS)}[:{{rows}}, {{rows}}:]"

    def _size(self, text: str) -> str:
        """Return one side of the subscript of a commutation matrix, a product of sizes."""
        words = re.sub(r"[^*+]+", lambda found: found[0] if found[0].isdigit() else self.names.of(found[0]), text)
        return words if words.isidentifier() or words.isdigit() else f"({words.replace('*', ' * ').replace('+', ' + ')})"

    def place(self, index: str) -> str:
        """Return the position, counted from 0, of an index: a number, the letter of a sum, or a letter of its own."""
        return str(int(index) - 1) if index.isdigit() else f"{self.bound.get(index) or self.names.of(index)} - 1"

    def _over_index(self, e: Expr, form: str) -> str:
        unit, body = e.args
        index, over = self.names.parameter(unit.name, "sum"), self.dim(unit.shape.rows)
        pair, rest = ordered(body, unit)
        with self.binding({**self.bound, unit.name: index}):
            where = f" if {self.whole(pair)[1:-1]}" if pair is not None else ""
            return form.format(self.whole(rest), index, over, where)


def _mentions(e: Expr, letter: str) -> bool:
    return any(node.op == "sym" and node.name == letter for node in e.walk())


def _number(value: Number) -> tuple[str, int]:
    if isinstance(value, Fraction):
        return f"({value.numerator} / {value.denominator})", ATOM
    return (str(value), ATOM) if value >= 0 else (f"({value})", ATOM)
