"""Python names for the letters of a formula."""

import keyword
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Program:
    """Python code and the Python name of each letter in it, keyed by the letter as it was declared."""

    code: str
    names: Mapping[str, str]


def identifier(latex: str) -> str:
    """Return a Python name for a letter: `\\Sigma` is `Sigma`, `\\hat{y}` is `hat_y`, `\\lambda` is `lambda_`."""
    words = re.findall(r"[A-Za-z0-9]+|'", latex)
    name = "_".join("prime" if w == "'" else w for w in words) or "x"
    return f"{name}_" if keyword.iskeyword(name) or name[0].isdigit() else name


class PythonNames:
    """Gives each letter a name of its own, none of them among those the program needs for itself.

    `letters` maps the letters met so far, as they were declared, to their names. The parameter of a function is no letter,
    and has one name wherever that function is written.
    """

    def __init__(self, reserved: Iterable[str]) -> None:
        self.letters: dict[str, str] = {}
        self._taken = set(reserved)
        self._parameters: dict[tuple[str, str], str] = {}

    def of(self, latex: str, wish: str = "") -> str:
        """Return the name of a letter; a new one gets `wish`, or its spelling."""
        if latex not in self.letters:
            self.letters[latex] = self._fresh(wish or identifier(latex))
        return self.letters[latex]

    def parameter(self, latex: str, function: str = "") -> str:
        """Return the name of a function's parameter."""
        key = (function, latex)
        if key not in self._parameters:
            self._parameters[key] = self._fresh(identifier(latex))
        return self._parameters[key]

    def _fresh(self, name: str) -> str:
        while name in self._taken:
            name += "_"
        self._taken.add(name)
        return name
