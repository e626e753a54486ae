r"""Notebooks and IPython: `%load_ext mdderive.adapters.jupyter`, then `%%derive` above a block shows its derivation.

What a cell defines, later ones know, until one says `%%derive new`; a cell that is run again keeps its place among them. A wrong
block raises, so that a notebook that is run as a whole fails there. Derivations and verdicts of `import mdderive` are shown as
formulas, too.
"""

from itertools import takewhile

from IPython.core.interactiveshell import InteractiveShell

import mdderive
from mdderive import Derivation, Step, Verdict
from mdderive.adapters.gate import OPTIONS, gate
from mdderive.adapters.parts import Written, answered


class Refuted(Exception):
    """What is wrong with a block, as a report; a notebook shows it without the way through the program."""

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


class Shown:
    """A derivation as a notebook shows it."""

    def __init__(self, markdown: str) -> None:
        self.markdown = markdown

    def __repr__(self) -> str:
        return self.markdown

    def _repr_markdown_(self) -> str:
        return self.markdown


class Blocks:
    """The blocks of a session, in the order in which they were run first."""

    def __init__(self) -> None:
        self.known: dict[str, Written] = {}

    def derive(self, line: str, cell: str) -> Shown:
        """Return the derivation of a block with the options of its line; raises `Refuted` where it is wrong."""
        body = cell.rstrip("\n")
        if "new" in line.split():
            self.known.clear()
        written = Written(line.strip(), body, "cell")
        held = gate(OPTIONS)
        answer = answered([*takewhile(lambda earlier: earlier.body != body, self.known.values()), written], held)[-1]
        if any(held.stops(answer.document, finding) for finding in answer.document.findings):
            raise Refuted(mdderive.report([answer.document]))
        for _, told in held.told(answer.document):
            print(told)
        self.known[body] = written
        return Shown(answer.markdown)


def latex(done: Derivation) -> str:
    """Return a derivation as one display: its steps with what was done, and its result."""
    rows = [f"{step.left} &= {step.right} && {_caption(step)}" for step in done.steps]
    left, _, right = done.result.partition(" = ")
    told = done.result or r"\text{not derived}"
    return r"$$\begin{aligned}" + r" \\ ".join([*rows, f"{left} &= {right}" if right else told]) + r"\end{aligned}$$"


def _caption(step: Step) -> str:
    return rf"\text{{{step.caption['en']}}}" if step.caption.get("en") else ""


def markdown(verdict: Verdict) -> str:
    """Return a verdict in a sentence, with the values that refute what is wrong."""
    why = f": {verdict.why}" if verdict.why else ""
    how = f", {verdict.method}, {verdict.points} points" if verdict.method else ""
    witness = verdict.witness
    values = ", ".join(f"`{name} = {value}`" for name, value in witness.values.items()) if witness else ""
    sides = f"; at {values} the sides are `{witness.left}` and `{witness.right}`" if witness else ""
    return f"**{verdict.outcome}**{how}{why}{sides}"


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Offer `%%derive`, and show what mdderive returns."""
    shell.register_magic_function(Blocks().derive, "cell", "derive")  # type: ignore[arg-type]  # typed as a method there
    if shell.display_formatter is not None:
        shell.display_formatter.formatters["text/latex"].for_type(Derivation, latex)
        shell.display_formatter.formatters["text/markdown"].for_type(Verdict, markdown)
