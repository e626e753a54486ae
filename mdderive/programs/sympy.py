"""Expressions to SymPy: a text that declares the letters and binds the result, a `MatrixExpr` unless it is a number.

A product that closes to a number is written as the trace it is, so that shapes stay what SymPy knows. What has no class of its
own there gets the nearest expression that means the same: `vec` and the commutation matrix are stated entry by entry.
"""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from fractions import Fraction

from mdderive.model.context import Context, ElementwiseFunction
from mdderive.model.expr import Expr, Number, of_numbers
from mdderive.model.functions import FUNCTIONS
from mdderive.model.operators import OPERATORS
from mdderive.model.properties import PROPERTIES
from mdderive.model.shapes import ONE, SCALAR, Shape, times
from mdderive.programs.coder import ATOM, MUL, Coder, Program, PythonNames, filled, identifier

_WORD = re.compile(r"[A-Za-z]\w*")
# What the text may import: what code here writes, functions, and the classes in the programs of operators.
CLASSES = (
    *("E", "Function", "FunctionMatrix", "HadamardProduct", "Heaviside", "Integer", "KroneckerDelta", "Lambda", "MatrixSymbol"),
    *(
        "Max",
        "Min",
        "Mod",
        "Product",
        "Q",
        "Rational",
        "Sum",
        "Symbol",
        "Trace",
        "atan",
        "cos",
        "cosh",
        "exp",
        "floor",
        "log",
        "pi",
        "sign",
    ),
    *("sin", "sinh", "sqrt", "symbols", "tan", "tanh"),
    *(word for row in FUNCTIONS.values() for word in _WORD.findall(row.sympy or row.name)),
    *(word for row in OPERATORS.values() for word in _WORD.findall(row.sympy) if word[0].isupper() and word not in ("T", "True")),
)
_ORDERS = {"<": "Heaviside({1} - {0}, 0)", r"\leq": "Heaviside({1} - {0}, 1)", r"\neq": "(1 - KroneckerDelta({0}, {1}))"}
# Letters of the text itself: the argument of a function, the places in a matrix, and the names that it binds.
OWN = ("t", "i", "j", "facts", "result")


def program(e: Expr, context: Context) -> Program:
    """Return the text that binds `result` to `e`; raises `ValueError` with the operator that SymPy cannot express."""
    writer = _Writer(context)
    result = f"Integer({e.value})" if e.op == "num" and isinstance(e.value, int) else writer.whole(e)
    body = [*writer.defined, f"result = {result}"]
    lines = [*writer.declarations(_words(body)), *body]
    used = sorted(_words(lines) & {*CLASSES})
    imported = [f"from sympy import {', '.join(used)}", ""] if used else []
    return Program("\n".join([*imported, *writer.remarks, *lines]) + "\n", dict(writer.names.letters))


class _Writer(Coder):
    times = "*"

    def __init__(self, context: Context) -> None:
        self.context = context
        self.names = PythonNames((*CLASSES, *OWN))
        self.shapes: dict[str, Shape | None] = {}
        self.functions: dict[str, str] = {}
        self.defined: list[str] = []
        self.remarks: list[str] = []
        self.parameter = ""
        self.indices: dict[str, str] = {}
        self.bound: dict[str, str] = {}

    # ------------------------------------------------------------ declarations

    def declarations(self, words: Set[str]) -> list[str]:
        """Return the lines that declare sizes, places, letters and unknown functions for a text of these words."""
        letters = [self._declared(letter, name) for letter, name in list(self.names.letters.items()) if not self._is_size(letter)]
        sizes = [name for letter, name in self.names.letters.items() if self._is_size(letter)]
        lines = [f"{', '.join(sizes)} = {_symbols(sizes)}, integer=True, positive=True)"] if sizes else []
        lines += ['i, j = symbols("i j", integer=True)'] if words & {"i", "j"} else []
        lines += ['t = Symbol("t", real=True)'] if "t" in words else []
        lines += self.bound.values()
        facts = " & ".join(self._facts())
        return [*lines, *letters, *([f"facts = {facts}  # for refine(result, facts)"] if facts else [])]

    def _is_size(self, letter: str) -> bool:
        return self.shapes.get(letter, SCALAR) is None

    def _declared(self, letter: str, name: str) -> str:
        if letter in self.functions:
            return f'{name} = Function("{name}")'
        shape = self.shapes[letter]
        if shape is not None and shape != SCALAR:
            return f'{name} = MatrixSymbol("{name}", {self.sides(shape)})'
        words = [w for w in ("positive", "integer", "complex") if self.context.has(letter, w)] or ["real"]
        return f'{name} = Symbol("{name}", {", ".join(f"{w}=True" for w in words)})'

    def _facts(self) -> Iterator[str]:
        for letter, name in self.names.letters.items():
            symbol = self.context.symbols.get(letter)
            if symbol is not None and self.shapes.get(letter) not in (None, SCALAR) and symbol.shape.rows == symbol.shape.cols:
                said = (PROPERTIES[word].sympy for word in sorted(symbol.properties))
                yield from (f"Q.{word}({name})" for word in said if word)

    def size(self, name: str) -> str:
        self.shapes[name] = None
        return self.names.of(name)

    def sides(self, shape: Shape) -> str:
        return f"{self.dim(shape.rows)}, {self.dim(shape.cols)}"

    def remark(self, text: str) -> None:
        if f"# {text}" not in self.remarks:
            self.remarks.append(f"# {text}")

    # ------------------------------------------------------------ expressions

    def operator(self, e: Expr) -> tuple[str, int]:
        """Return the code of what is no sum or product, and how tightly it binds."""
        match e.op:
            case "num":
                return _number(e.value)
            case "size":
                return self.size(e.name), ATOM
            case "const":
                return {"e": "E", r"\pi": "pi"}[e.name], ATOM
            case "sym":
                return self._letter(e)
            case "member":
                return self._member(e), ATOM
            case "sum" | "product":
                return self._over_index(e), ATOM
            case "fn":
                return self._function(e), ATOM
            case "apply":
                self.functions[e.name] = ""
                return f"{self.names.of(e.name)}({self.whole(e.args[0])})", ATOM
            case "deriv" if e.args[0].op in ("sym", "apply"):
                return self._unknown_gradient(e), ATOM
            case "pow" if e.scalar:
                return f"{self.inside(e.args[0], ATOM)}**{self.inside(e.args[1], ATOM)}", MUL
        numbers = e.scalar and all(a.scalar for a in e.args)
        plain = of_numbers(e) if numbers or (e.op == "kron" and any(a.scalar for a in e.args)) else e
        return self._call(e) if plain is e else self.write(plain)

    def _letter(self, e: Expr) -> tuple[str, int]:
        if e.name == self.parameter:
            return "t", ATOM
        if e.name in self.context.definitions:
            before, self.parameter = self.parameter, ""
            code = self.write(self.context.definitions[e.name])
            self.parameter = before
            return code
        symbol = self.context.symbols.get(e.name)
        name = symbol.conjugate if symbol is not None and symbol.conjugate else e.name
        self.shapes[name] = e.shape
        return self.names.of(name) + (".conjugate()" if name != e.name else ""), ATOM

    def factors(self, args: Sequence[Expr], e: Expr) -> str:
        """Return a product; one that closes to a number is the trace it is."""
        scalars = [self.inside(a, MUL) if a.op != "mul" else f"({self.whole(a)})" for a in args if a.scalar]
        chain = [self.inside(a, ATOM) for a in args if not a.scalar]
        run = [f"Trace({'*'.join(chain)})"] if e.scalar and chain else chain
        return "*".join([*scalars, *run])

    def _function(self, e: Expr) -> str:
        x = e.args[0]
        if x.scalar:
            f = self._named(e.name) or ""
            return f"{f}({self.whole(x)})" if f.isidentifier() else self._body(e.name, self.whole(x))
        f = self._named(e.name)
        if not f:
            f = f"Lambda(t, {self._body(e.name, 't')})"
        return f"{self.inside(x, ATOM)}.applyfunc({f})"

    def _named(self, name: str) -> str:
        """Return the name under which a function can be applied as it is; nothing for one that needs a formula."""
        own = self.context.elementwise.get(name)
        if own is not None and own.body is not None:
            return self._defined(own, own.body)
        if name in FUNCTIONS and own is None:
            return "" if FUNCTIONS[name].sympy else name
        if name.endswith("'"):
            return ""
        self.functions[name] = ""
        return self.names.of(name)

    def _body(self, name: str, argument: str) -> str:
        """Return a function at an argument as a formula."""
        if name in FUNCTIONS:
            return f"({FUNCTIONS[name].sympy.format(argument)})"
        base = name.rstrip("'")
        f = self._named(base)
        order = "" if len(name) - len(base) == 1 else f", {len(name) - len(base)}"
        derived = f"{f or f'Lambda(t, {self._body(base, chr(116))})'}(t).diff(t{order})"
        return derived if argument == "t" else f"Lambda(t, {derived})({argument})"

    def _defined(self, own: ElementwiseFunction, body: Expr) -> str:
        """Return the name of a defined function, which is bound to its formula before the result."""
        if own.name not in self.functions:
            self.functions[own.name] = self.names.parameter(own.name)
            before, self.parameter = self.parameter, own.parameter
            code = self.whole(body)
            self.parameter = before
            self.defined.append(f"{self.functions[own.name]} = Lambda(t, {code})")
        return self.functions[own.name]

    def _unknown_gradient(self, e: Expr) -> str:
        f, x = e.args
        letter = rf"\frac{{\partial {f.name}}}{{\partial {x.name}}}"
        self.shapes[letter] = e.shape
        name = self.names.of(letter, f"d{identifier(f.name)}_d{identifier(x.name)}")
        self.remark(f"{name} stands for the derivative of {identifier(f.name)} by {identifier(x.name)}")
        return name

    def _call(self, e: Expr) -> tuple[str, int]:
        match e.op:
            case "commutation":
                return self._commutation(e), ATOM
            case "had":
                return f"HadamardProduct({', '.join(self.whole(a) for a in e.args)})", ATOM
            case "indicator":
                return _ORDERS[e.name].format(*map(self._place, e.args)), ATOM
            case "unit":
                return self._unit(e), ATOM
            case "max" | "min" if e.scalar:
                return f"{e.op.capitalize()}({', '.join(self.whole(a) for a in e.args)})", ATOM
        row = OPERATORS[e.op]
        if row.caveat:
            self.remark(row.caveat)
        return filled(row.sympy, e, self)

    def _place(self, unit: Expr) -> str:
        """Return a place: a number, the letter of a sum, or a letter of its own."""
        return unit.name if unit.name.isdigit() else self.indices.get(unit.name) or self.size(unit.name)

    def _unit(self, e: Expr) -> str:
        """Return the column with its one at a place."""
        return f"FunctionMatrix({self.sides(e.shape)}, Lambda((i, j), KroneckerDelta(i, {self._place(e)} - 1)))"

    def _member(self, e: Expr) -> str:
        """Return a member of a family; its members stand side by side in one matrix."""
        (unit,) = e.args
        self.shapes[e.name] = Shape(e.shape.rows, times(e.shape.cols, unit.shape.rows))
        name, place = self.names.of(e.name), self._place(unit)
        self.remark(f"{name} is all of them side by side, the first from the left for the index 1")
        if e.scalar:
            return f"{name}[0, {place} - 1]"
        column = f"({place} - 1)*{self.dim(e.shape.cols)} + j" if e.shape.cols != ONE else f"{place} - 1"
        return f"FunctionMatrix({self.sides(e.shape)}, Lambda((i, j), {name}[i, {column}]))"

    def _over_index(self, e: Expr) -> str:
        unit, body = e.args
        index = self.names.parameter(unit.name, "sum")
        before, self.indices = self.indices, {**self.indices, unit.name: index}
        code = self.whole(body)
        self.indices = before
        self.bound[index] = f'{index} = Symbol("{index}", integer=True)'
        limits = f"({index}, 1, {self.dim(unit.shape.rows)})"
        if body.scalar:
            return f"{e.op.capitalize()}({code}, {limits})"
        return f"FunctionMatrix({self.sides(e.shape)}, Lambda((i, j), Sum(({code})[i, j], {limits})))"

    def _commutation(self, e: Expr) -> str:
        """Return K with K vec(A) = vec(A^T) for A of m rows and n columns: row i n + j has its one in column j m + i."""
        m, n = (part if part.isdigit() else self.size(part) for part in e.name.replace(" ", "").split(","))
        side = self.dim(e.shape.rows)
        return f"FunctionMatrix({side}, {side}, Lambda((i, j), KroneckerDelta(j, Mod(i, {n})*{m} + floor(i/{n}))))"


def _words(lines: Iterable[str]) -> set[str]:
    return {word for line in lines for word in _WORD.findall(line.partition("#")[0])}


def _symbols(names: Sequence[str]) -> str:
    return f'symbols("{" ".join(names)}"' if len(names) > 1 else f'Symbol("{names[0]}"'


def _number(value: Number) -> tuple[str, int]:
    if isinstance(value, Fraction):
        return f"Rational({value.numerator}, {value.denominator})", ATOM
    return (str(value), ATOM) if value >= 0 else (f"({value})", ATOM)
