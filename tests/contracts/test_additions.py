"""One place for each thing: what CONTRIBUTING says is tried here, by adding the thing to a scratch copy and seeing it follow."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from mdderive.reading.lexicon import LANGUAGES

ROOT = Path(__file__).parents[2]
ROWS = dict(
    re.findall(r"^\| (an? [^|]+|the [^|]+) \| (.+) \|$", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE)
)
# Rows that have their own file: what is added is tried there.
ELSEWHERE = {"an operator": "test_adding_an_operator.py"}


@dataclass(frozen=True)
class Scratch:
    """A copy of the package to which things are added; `places` are the files that had to be edited."""

    root: Path
    places: dict[str, None]

    def insert(self, path: str, before: str, text: str) -> None:
        """Insert a text before the one place where another stands."""
        file = self.root / "mdderive" / path
        old = file.read_text(encoding="utf-8")
        assert old.count(before) == 1, f"{before!r} stands {old.count(before)} times in {path}"
        self.write(f"mdderive/{path}", old.replace(before, text + before))

    def write(self, path: str, text: str) -> None:
        """Write a file."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        self.places[path] = None

    def as_said(self, *things: str) -> None:
        """Assert that CONTRIBUTING names every place that had to be edited for some things."""
        said = [place for thing in things for place in re.findall("`([^` ]+)`", ROWS[thing])]
        astray = [path for path in self.places if not any(path == place or path.startswith(f"{place}") for place in said)]
        assert not astray, f"name {astray} in the row {things} of CONTRIBUTING.md"

    def run(self, *arguments: str, given: str = "", exits: int = 0) -> str:
        """Return what a command of Python says in the copy."""
        environment = os.environ | {"PYTHONPATH": str(self.root), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, *arguments]
        done = subprocess.run(command, input=given, cwd=self.root, env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == exits, done.stdout + done.stderr
        return done.stdout

    def says(self, *arguments: str, given: str = "", exits: int = 0) -> str:
        """Return what the command line says in the copy."""
        return self.run("-m", "mdderive", *arguments, given=given, exits=exits)

    def outcomes(self, note: str) -> list[str]:
        """Return what becomes of the claims of a note in the copy."""
        found = json.loads(self.says("check", "-", "--equations", "--exit-zero", "--format", "json", given=note))
        assert [f["message"] for f in found["findings"] if f["code"] < "DRV400"] == []
        return [row["outcome"] for row in found["equations"] if row["outcome"] != "not_an_assertion"]

    def tests(self, path: str, *which: str, exits: int = 0) -> str:
        """Return what tests say in the copy."""
        for name in ("__init__.py", f"{Path(path).parent}/__init__.py", path):
            copied = self.root / "tests" / name
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / "tests" / name, copied)
        return self.run("-m", "pytest", "-q", "-p", "no:cacheprovider", f"tests/{path}", *which, exits=exits)


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    # What is compiled comes along, but for what another process is writing.
    shutil.copytree(ROOT / "mdderive", tmp_path / "mdderive", ignore=shutil.ignore_patterns("*.pyc.*"))
    return Scratch(tmp_path, {})


HOLLOW = """    Property(
        "hollow",
        "零对角",
        (r"\\operatorname{diag}(A)", "0"),
        kept=("transpose", "add", "had", "kron"),
        part=r"M - M \\odot I",
        numpy="{0} - {0} * np.eye(len({0}))",
        scaled="any",
    ),
"""
HOLLOW_DRAWN = """    "hollow": Sampler(lambda draw, e, bits: _hollow(draw.algebra, draw._plain(e, bits)), _hollow, space=True),
"""
HOLLOW_PART = """def _hollow(algebra: Algebra, a: Value) -> Value:
    return algebra.sum(a, algebra.negative(_diagonal_part(algebra, a)))


"""
HOLLOW_NOTE = r"""# Distances

```derive
D: n x n, hollow, symmetric, A: n x n
f = \operatorname{tr}(A^T D)
\frac{\partial f}{\partial D} = \frac{1}{2} (A + A^T) - A \odot I
\operatorname{tr}(D) = 0
\operatorname{tr}(D^2) = 0
```

Let $D \in \mathbb{R}^{n \times n}$ be hollow. Then
$$\operatorname{tr}(D) = 0$$
"""


def test_a_property(scratch: Scratch) -> None:
    scratch.insert("model/properties.py", '    Property(\n        "positive definite"', HOLLOW)
    missing = scratch.tests("contracts/test_properties.py", "-k", "sampler or words", exits=1)
    assert "add an entry to SAMPLERS of mdderive/verify/sample.py" in missing
    assert "add a row to mdderive/reading/lexicon/ko.txt" in missing
    scratch.insert("verify/sample.py", "# Properties of entries", HOLLOW_PART)
    scratch.insert("verify/sample.py", '    "symmetric": Sampler(', HOLLOW_DRAWN)
    for language in LANGUAGES:
        scratch.insert(
            f"reading/lexicon/{language}.txt", "symmetric:", "hollow: 零对角\n" if language == "zh" else "hollow: hollow\n"
        )
    scratch.tests("contracts/test_properties.py")
    assert scratch.outcomes(HOLLOW_NOTE) == ["holds", "holds", "wrong", "holds"]
    scratch.as_said("a property of letters")


DUTCH = """# Dutch
if: als, indien
suppose: stel, stel dat, veronderstel, aangenomen
let: zij
where: waarbij, met
then: dan, dus, daarom
hold: geldt, waar, juist
not: niet, geen
false: onjuist, fout
be: is, zijn
and: en, of
function-word: de, het, een, is, en, van, we, niet, dat, dan, voor
article: een, de, het
verb: zij, heeft
size: lengte, afmeting, componenten
symmetric: symmetrisch*
vector: vector, vectoren
matrix: matrix, matrices
"""
DUTCH_NOTE = r"""Zij $A$ een $n \times n$ matrix en $x$ een vector van lengte $n$.

Als $A$ symmetrisch is, dan geldt

$$\frac{\partial x^T A x}{\partial x} = 2 A x.$$

Het is niet waar dat $\frac{\partial x^T x}{\partial x} = x$. Dus $\frac{\partial x^T x}{\partial x} = 3 x$.
"""


def test_a_language(scratch: Scratch) -> None:
    assert scratch.outcomes(DUTCH_NOTE)[0] != "holds"
    scratch.write("mdderive/reading/lexicon/nl.txt", DUTCH)
    assert scratch.outcomes(DUTCH_NOTE) == ["holds", "wrong"]
    scratch.as_said("a language of notes")


QUADRATIC = """    Rule(
        "d-quadratic-form",
        r"d(x^T A x)",
        r"x^T (A + A^T) \\, d x",
        "differential of a quadratic form",
        "二次型的微分",
        when="A constant",
    ),
"""
QUADRATIC_NOTE = r"""```derive
A: n x n, x: n
\frac{\partial x^T A x}{\partial x} = ?
```
"""


def test_a_rule(scratch: Scratch) -> None:
    scratch.insert("rules/differential.py", '    Rule("d-matrix-power"', QUADRATIC)
    missing = scratch.tests("rules/test_proofs.py", "-k", "says_what_it_is", exits=1)
    assert "d-quadratic-form" in missing
    assert "add an entry to mdderive/rules/proofs.py" in missing
    given = '    "d-quadratic-form": Given("the product rule, twice", "两次使用乘积法则"),\n'
    scratch.insert("rules/proofs.py", '    "symmetric": Given(', given)
    assert "differential of a quadratic form" in scratch.says("convert", "-", given=QUADRATIC_NOTE)
    assert "二次型的微分" in scratch.says("rules", "d-quadratic-form", "--lang", "zh")
    scratch.as_said("a rule", "the proof of a rule, or what a rule without one is")


def test_a_wrong_rule_prints_nothing(scratch: Scratch) -> None:
    scratch.insert("rules/differential.py", '    Rule("d-matrix-power"', QUADRATIC.replace("(A + A^T)", "2 A"))
    scratch.says("convert", "-", given=QUADRATIC_NOTE, exits=2)


def test_a_notation(scratch: Scratch) -> None:
    note = r"""```derive
\symbf{A}: n x n
\operatorname{Spur}(\symbf{A}^T) = \operatorname{Spur}(\symbf{A})
\operatorname{Spur}(\symbf{A}^T) = 2 \operatorname{Spur}(\symbf{A})
```
"""
    scratch.insert("latex/notation.py", "mathbf boldsymbol bm mathrm", "symbf ")
    scratch.insert("model/operators.py", r'r"\operatorname{tr}", r"\tr"', r'r"\operatorname{Spur}", ')
    assert scratch.outcomes(note) == ["holds", "wrong"]
    scratch.as_said("a notation")


ARCSIN = """    Function(
        "arcsin",
        r"\\arcsin",
        r"\\sqrt{1 - \\tau^2}^{-1}",
        "np.arcsin({0})",
        domain=(-1, 1),
        parity="odd",
        rising=True,
        sympy="asin({0})",
        digits="asin",
    ),
"""
ARCSIN_NOTE = r"""```derive
x: scalar, a, w: n
f = a^T \arcsin(w)
\frac{\partial f}{\partial w} = ?
\frac{d}{dx} \arcsin(x) = \frac{1}{\sqrt{1 - x^2}}
\frac{d}{dx} \arcsin(x) = \frac{1}{\sqrt{1 + x^2}}
\arcsin(-x) = -\arcsin(x)
\arcsin(x) = 2 \arctan(\frac{x}{1 + \sqrt{1 - x^2}})
```

Let $x \in \mathbb{R}$. Then
$$\frac{d}{dx} \arcsin x = \frac{1}{\sqrt{1 - x^2}}$$
"""


def test_a_construction_of_formulas(scratch: Scratch) -> None:
    note = "```derive\nX: n x n\n\\sharp{X} = X + X\n\\sharp{X} = X\n```\n"
    scratch.insert("latex/syntax.py", "class SquareRoot(Branch):", 'class Twice(Branch):\n    """Twice."""\n\n\n')
    reader = '    r"\\sharp": lambda p, command: syntax.Twice((p.brace(),), p.since(command.span.start)),\n'
    scratch.insert("latex/operands.py", '    r"\\sqrt": _root,', reader)
    meaning = "        syntax.Twice: lambda self, s: self.build(syntax.Sum(s.args * 2, s.span)),\n"
    scratch.insert("latex/operations.py", "        syntax.Star: _star,", meaning)
    assert scratch.outcomes(note) == ["holds", "wrong"]
    scratch.as_said("a construction of formulas")


def test_an_elementwise_function(scratch: Scratch) -> None:
    scratch.insert("model/functions.py", '    Function("sqrt"', ARCSIN)
    assert scratch.outcomes(ARCSIN_NOTE) == ["holds", "wrong", "holds", "holds", "holds"]
    right = "\n".join(line for line in ARCSIN_NOTE.splitlines() if "1 + x^2" not in line)
    for to in ("md", "html", "tex"):
        assert "arcsin" in scratch.says("convert", "-", "--to", to, given=right), to
    asked = (r"\mathbf{1}^T \arcsin(w)", "--wrt", "w", "--let", "w: n", "--to")
    for to, slope in (
        ("text", "√"),
        ("numpy", "np.sqrt(np.ones((n, 1)) - (w"),
        ("sympy", "sqrt"),
        ("json", '"outcome": "holds"'),
    ):
        assert slope in scratch.says("derive", *asked, to), to
    assert r"\arcsin(X)" in scratch.says("rules", "--functions")
    assert "derivative of arcsin" in scratch.says("rules", "d-arcsin")
    assert list(scratch.places) == ["mdderive/model/functions.py"]
    scratch.as_said("an elementwise function")


def test_a_form_of_report(scratch: Scratch) -> None:
    codes = 'def codes(report: Report) -> str:\n    """Return the codes."""\n'
    codes += '    return "".join(f"{finding.code}\\n" for _, finding in report.findings())\n\n\n'
    scratch.insert("output/machine.py", "FOR_PROGRAMS: ", codes)
    scratch.insert("output/machine.py", '"json": json_report', '"codes": codes, ')
    wrong = "```derive\nx: n\nx = 2 x\n```\n"
    assert scratch.says("check", "-", "--format", "codes", given=wrong, exits=1) == "DRV402\n"
    assert "|codes|" in scratch.says("check", "--help").replace(" ", "").replace("\n", "")
    assert list(scratch.places) == ["mdderive/output/machine.py"]
    scratch.as_said("a form of report")


def test_a_form_of_output(scratch: Scratch) -> None:
    titles = '''"""A story as the titles in it."""

from collections.abc import Sequence

from mdderive.output.story import Piece


def titles(pieces: Sequence[Piece]) -> list[str]:
    """Return the kinds of its pieces."""
    return [type(piece).__name__.lower() for piece in pieces]
'''
    scratch.write("mdderive/output/titles.py", titles)
    scratch.insert("output/pages.py", "\nOUTPUTS: ", "from mdderive.output.titles import titles\n")
    scratch.insert("output/pages.py", '    "text": text,', '    "titles": titles,\n')
    assert "steps" in scratch.says("derive", "x^T x", "--wrt", "x", "--let", "x: n", "--to", "titles").split()
    assert "steps" in scratch.says("convert", "-", "--to", "titles", given=QUADRATIC_NOTE).split()
    scratch.as_said("a form of output")


def test_a_diagnostic(scratch: Scratch) -> None:
    row = '    "DRV299": entry("a strange {sign}", "奇怪的 {sign}", "write another", "请改写"),\n'
    scratch.insert("model/catalogue/of_notation.py", '    "DRV206": entry(', row)
    scratch.write("site/docs/diagnostics/DRV299.md", "# DRV299: a strange …\n\nSigns have meanings.\n")
    scratch.write("site/docs/zh/diagnostics/DRV299.md", "# DRV299：奇怪的 …\n\n记号各有含义。\n")
    for lang, words in (("en", ("a strange …", "Signs have meanings.")), ("zh", ("奇怪的 …", "记号各有含义。"))):
        said = scratch.says("explain", "DRV299", "--lang", lang)
        assert all(word in said for word in words), said
    scratch.as_said("a diagnostic")


def test_a_reason(scratch: Scratch) -> None:
    row = '    "strange": _cause("a strange {sign}", "奇怪的 {sign}", NOTATION),\n'
    scratch.insert("model/causes.py", '    "picture": _cause(', row)
    for lang, words in (("en", "a strange …"), ("zh", "奇怪的 …")):
        assert words in scratch.says("explain", "strange", "--lang", lang)
    scratch.as_said("a reason why a row has its outcome")


def test_an_assumption(scratch: Scratch) -> None:
    row = '    Assumption("orthogonal", "far", 3, _all_square, _having("orthogonal"), declares="orthogonal"),\n'
    words = '    "orthogonal": _cause("the square matrices are orthogonal", "其中的方阵正交", ASSUMED),\n'
    note = r"$\operatorname{tr}(Q^{-1} A) = \operatorname{tr}(Q^T A)$"
    before = scratch.says("check", "-", "--equations", "--exit-zero", given=note)
    scratch.insert("check/assumptions.py", '    Assumption("sums-to-one"', row)
    scratch.insert("model/causes.py", '    "sums-to-one": _cause(', words)
    after = scratch.says("check", "-", "--equations", "--exit-zero", given=note)
    assert "orthogonal" not in before
    assert "this holds only if the square matrices are orthogonal, which nothing says" in after
    scratch.as_said("an assumption that an equation may rest on")


def test_a_test_of_mathematics(scratch: Scratch) -> None:
    case = "# Scratch\n\n## Twice a letter\n\n```derive\nx: n\nx + x = 2 x\n```\n\n```expect\nclaim: holds\n```\n"
    scratch.write("tests/cases/scratch.md", case)
    scratch.tests("test_cases.py", "-k", "Twice")
    scratch.write("tests/cases/scratch.md", case.replace("claim: holds", "claim: wrong"))
    assert "Twice a letter" in scratch.tests("test_cases.py", "-k", "Twice", exits=1)
    scratch.as_said("a test of mathematics")


PLAIN_TEXT = """from mdderive import check, convert
from mdderive.adapters.gate import gate


def page(text: str, options: dict[str, object]) -> str:
    stops = gate(options)
    document = check(text, settings=stops.settings)
    if told := [report for finding, report in stops.told(document) if stops.stops(document, finding)]:
        raise SystemExit(told[0])
    return convert(document, "text")
"""
PAGE = "from mdderive.adapters.scratched import page; import sys; print(page(sys.stdin.read(), {}))"


def test_an_adapter(scratch: Scratch) -> None:
    scratch.write("mdderive/adapters/scratched.py", PLAIN_TEXT)
    note = "```derive\nx: n\nf = x^T x\n\\nabla_x f = {}\n```\n"
    assert "∂f/∂x = 2 x" in scratch.run("-c", PAGE, given=note.format("2 x"))
    assert scratch.run("-c", PAGE, given=note.format("3 x"), exits=1) == ""
    scratch.as_said("an adapter to another program")


def test_every_row_of_contributing_is_tried() -> None:
    tried = re.findall(r"as_said\((.*)\)$", Path(__file__).read_text(encoding="utf-8"), re.MULTILINE)
    things = {thing for said in tried for thing in re.findall('"([^"]+)"', said)}
    assert things | {thing for thing, file in ELSEWHERE.items() if (Path(__file__).parent / file).is_file()} == {*ROWS}
