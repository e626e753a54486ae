"""The public API in one place: its list, its types, what its values promise, and that nothing a text says can raise."""

import ast
import inspect
import json
import pickle
import re
import subprocess
import sys
from dataclasses import FrozenInstanceError, asdict, fields, is_dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mdderive
from mdderive import Settings, Span
from tests.documents import WRONG_TEXT

ROOT = Path(__file__).parents[2]

# Every name, and how it is called: a change here is a change of what people depend on.
FUNCTIONS = {
    "check": "(text, *, path='-', settings=DEFAULTS, line_offset=0, cache=False) -> Document",
    "derive": "(f, wrt, *, let=(), where=(), given=(), order=1, settings=DEFAULTS) -> Derivation",
    "holds": "(equation, *, let=(), given=(), settings=DEFAULTS) -> Verdict",
    "convert": "(document, to='markdown', *, standalone=False, boxes=None, place=None) -> str",
    "report": "(documents, form='full', lang='en') -> str",
    "fixes": "(document) -> tuple[Edit, ...]",
    "check_files": "(paths, *, settings=DEFAULTS, jobs=1, cache=True) -> Iterator[Document]",
    "rules": "(name=None) -> tuple[Rule, ...]",
    "explain": "(code, lang='en') -> str",
    "recent": "() -> Recent",
    "remembered": "(made, content, *, cache=True) -> str | None",
    "plain": "(latex) -> str",
    "notation": "(lang='en') -> tuple[Described, ...]",
}
VALUES = {
    "Document": "source blocks equations findings ms suggestions derivations letters at",
    "Derivation": "span statement steps result verdict latex numpy sympy names shape layout solution solution_steps primes "
    "findings ms_derive ms_verify moved formulas",
    "Settings": "layout steps lang functions seed thorough equations declare result",
    "Finding": "code span facts labels hints witness reason severity message help moved",
    "Equation": "span latex outcome act reason why root reading",
    "Step": "left right caption rules",
    "Rule": "name lhs rhs en zh ref when told shapes",
    "Verdict": "outcome method sizes points reason why error_probability threshold branches witness findings",
    "Edit": "span text",
    "Gate": "settings equations undecided stops told",
    "Span": "start end join",
    "LetterSaid": "name latex span",
    "Described": "name title spellings rules kind",
    "MdderiveBug": "",
}
NOTE = f"{WRONG_TEXT}\n```derive\nx: n\nf = x^T x\n\\frac{{\\partial f}}{{\\partial x}} = ?\n```\n"


@pytest.fixture(scope="module")
def document():
    return mdderive.check(NOTE, path="note.md")


def values(document):
    return [
        document,
        *document.derivations,
        *document.findings,
        *document.equations,
        *document.derivations[-1].steps,
        *mdderive.fixes(document),
        *mdderive.rules("d-inverse"),
        Settings(lang="zh"),
        mdderive.Gate(Settings(equations=True), equations="warn"),
        Span(1, 2),
        mdderive.derive("x^T A x", "x", let=["x: n", "A: n x n"]),
        mdderive.derive("x^", "x"),
        mdderive.holds("A B = B A", let=["A: n x n", "B: n x n"]),
    ]


def test_the_list_is_this_one():
    assert sorted(mdderive.__all__) == sorted([*FUNCTIONS, *VALUES])
    for name in FUNCTIONS:
        assert inspect.isfunction(getattr(mdderive, name)), f"{name} is no function: a room by that name took its place"
    for name, parts in VALUES.items():
        kind = getattr(mdderive, name)
        own = {f.name for f in fields(kind)} if is_dataclass(kind) else {*getattr(kind, "_fields", ())}
        own |= {key for key in vars(kind) if not key.startswith("_")}
        assert own == set(parts.split()), name


@pytest.mark.parametrize(("name", "called"), FUNCTIONS.items())
def test_functions_are_called_like_this_typed_and_documented(name, called):
    function = getattr(mdderive, name)
    signature = inspect.signature(function)
    shown = [
        ("*, " if p.kind is p.KEYWORD_ONLY and not any(q.kind is p.kind for q in [*signature.parameters.values()][:i]) else "")
        + p.name
        + ("" if p.default is p.empty else "=DEFAULTS" if isinstance(p.default, Settings) else f"={p.default!r}")
        for i, p in enumerate(signature.parameters.values())
    ]
    returned = inspect.formatannotation(signature.return_annotation)
    returned = re.sub(r"[\w.]+\.(?=[A-Z])|'", "", returned)
    assert f"({', '.join(shown)}) -> {returned}" == called
    assert all(p.annotation is not p.empty for p in signature.parameters.values())
    missing = [p for p in signature.parameters if p not in ("settings", "lang") and p not in function.__doc__]
    assert not missing, f"the docstring of {name} does not say what {missing} is"


@pytest.mark.parametrize("name", VALUES)
def test_values_are_documented(name):
    kind = getattr(mdderive, name)
    assert kind.__doc__
    assert not kind.__doc__.startswith(f"{kind.__name__}("), name
    told = [part for part, member in vars(kind).items() if not part.startswith("_") and inspect.isfunction(member)]
    assert all(vars(kind)[part].__doc__ for part in told), name


def test_values_are_frozen_compare_by_content_and_survive_pickle_and_json(document):
    for value in values(document):
        name = fields(value)[0].name if is_dataclass(value) else "start"
        with pytest.raises((FrozenInstanceError, AttributeError)):
            setattr(value, name, None)
        again = pickle.loads(pickle.dumps(value))
        assert again == value
        assert hash(again) == hash(value)
        if is_dataclass(value):
            assert replace(value) == value
            assert json.loads(json.dumps(asdict(value)))
            assert json.dumps(asdict(again)) == json.dumps(asdict(value))
    assert mdderive.check(NOTE, path="note.md") == document
    assert mdderive.check(NOTE + " ", path="note.md") != document


def test_a_note_is_checked_reported_fixed_and_converted(document):
    assert [e.outcome for e in document.equations] == ["wrong"]
    [finding] = document.findings
    assert (finding.code, finding.severity) == ("DRV401", "error")
    assert "gradient" in finding.message()
    assert document.source.text[slice(*finding.span)] == "2 A W"
    assert [d.result for d in document.derivations][-1] == r"\frac{\partial f}{\partial x} = 2 x"
    assert document.at(finding.span.start)[0] == finding
    assert document.derivations[0] in document.at(finding.span.start)
    assert document.at(0) == ()
    [edit] = mdderive.fixes(document)
    assert edit.text == r"(A + A^{\top}) W"
    right = NOTE[: edit.span.start] + edit.text + NOTE[edit.span.end :]
    assert mdderive.check(right).findings == ()
    for to in ("markdown", "html", "tex", "text"):
        text = mdderive.convert(document, to)
        assert WRONG_TEXT in text
        assert "```derive\nx: n" not in text
        assert 'class="mdderive-error"' not in text
    assert 'class="mdderive-error"' in mdderive.convert(document, boxes="en")
    assert "note.md:6:33: DRV401" in mdderive.report([document], "concise")
    assert json.loads(mdderive.report(iter([document]), "json"))["summary"]["wrong"] == 1


def test_places_count_from_where_the_text_begins_in_its_file(document):
    lower = mdderive.check(NOTE, path="note.md", line_offset=10)
    assert lower.findings == document.findings
    for form in ("full", "concise", "json", "github", "sarif"):
        here, there = (re.sub(r'"ms": .*|\s+', " ", mdderive.report([d], form)) for d in (document, lower))
        assert here != there
        shifted = re.sub(r"(note\.md:|ine\"?[:=] ?|^|\| ?)6\b", r"\g<1>16", here)
        assert "16" in there, form
        assert shifted.count("16") <= there.count("16"), form


def test_a_derivation_is_given_as_latex_and_programs():
    done = mdderive.derive(r"\operatorname{tr}(W^T B)", "W", let=["A: m x m", "W: m x n"], where=["B = A W"])
    assert done.verdict.outcome == "holds"
    assert done.latex == r"A^{\top} W + B"
    assert done.numpy == "A.T @ W + A @ W"
    assert done.names == {"A": "A", "W": "W"}
    assert done.shape == "m x n"
    assert done.sympy.endswith("result = A.T*W + A*W\n")
    assert [step.rules for step in done.steps if step.rules]
    assert done.findings == ()
    assert mdderive.derive("x^T A x", "x", let=["x: n", "A: n x n"], order=2).latex == r"A + A^{\top}"
    assert mdderive.derive("A x", "x", let=["x: n", "A: m x n"], settings=Settings(layout="numerator")).latex == "A"


def test_what_is_not_derived_says_why_and_where():
    done = mdderive.derive("x^T A + )", "x", let=["x: n", "A: n x n"])
    assert done.steps == ()
    assert done.verdict.outcome == "undecided"
    [finding] = done.findings
    assert "x^T A + )"[slice(*finding.span)] == ")"
    assert done.verdict.why == finding.message()
    lost = mdderive.derive("e^{t A}", "t", let=["A: n x n", "t: scalar"])
    assert lost.verdict.outcome == "holds"
    assert lost.sympy == ""
    assert [finding.code for finding in lost.findings] == ["DRV430"]


def test_one_equation_is_judged():
    square = ["A: n x n", "B: n x n"]
    assert mdderive.holds(r"\operatorname{tr}(A B) = \operatorname{tr}(B A)", let=square).outcome == "holds"
    wrong = mdderive.holds("A B = B A", let=square)
    assert wrong.outcome == "wrong"
    assert wrong.witness is not None
    assert wrong.findings[0].code == "DRV402"
    assert mdderive.holds("A B = B A", let=square, given=["A B = B A"]).outcome == "holds"
    assert mdderive.holds("a^T b = b^T a = 2 b^T a", let=["a: n", "b: n"]).outcome == "wrong"
    assert mdderive.holds(r"\frac{\partial f}{\partial x} = 2x", let=["x: n", "f = x^T x"]).outcome == "holds"
    for nothing in ("", "x: n", "A B", r"\frac{\partial f}{\partial x} = ?", "f = A B"):
        assert mdderive.holds(nothing, let=[*square, "x: n"]).outcome == "undecided", nothing
    unread = mdderive.holds("A + ) = B", let=square)
    assert unread.outcome == "undecided"
    assert unread.why == unread.findings[0].message()
    assert "A + ) = B"[slice(*unread.findings[0].span)] == ")"
    assert mdderive.holds("A B = B A", let=["A: n x", "B: n x n"]).outcome == "undecided"


def test_files_are_checked(tmp_path):
    (tmp_path / "good.md").write_text("```derive\nx: n\nx^T x = x^T x\n```\n", encoding="utf-8")
    (tmp_path / "bad.md").write_text(WRONG_TEXT, encoding="utf-8")
    (tmp_path / "bytes.md").write_bytes(b"\xff")
    found = {
        Path(d.source.path).name: [f.code for f in d.findings] for d in mdderive.check_files([tmp_path, "no\0where", "none.md"])
    }
    assert found == {"good.md": [], "bad.md": ["DRV401"], "bytes.md": ["DRV190"], "no\0where": ["DRV192"], "none.md": ["DRV192"]}


def test_rules_and_codes_are_told():
    assert len(mdderive.rules()) > 100
    assert [rule.name for rule in mdderive.rules("d-inverse")] == ["d-inverse"]
    assert mdderive.explain("DRV401").startswith("DRV401 (error)")
    assert mdderive.explain("DRV401", "zh") != mdderive.explain("DRV401")


MISUSE = [
    ("TypeError", "check(b'x')"),
    ("TypeError", "check('x', path=None)"),
    ("TypeError", "check('x', settings={'lang': 'en'})"),
    ("TypeError", "check('x', line_offset='1')"),
    ("ValueError", "check('x', line_offset=-1)"),
    ("TypeError", "derive(1, 'x')"),
    ("TypeError", "derive('x', 'x', let='x: n')"),
    ("TypeError", "derive('x', 'x', where={'Y': 'x'})"),
    ("TypeError", "derive('x', 'x', given=[1])"),
    ("ValueError", "derive('x', 'x', where=['Y'])"),
    ("ValueError", "derive('x', 'x', order=3)"),
    ("TypeError", "holds(None)"),
    ("TypeError", "holds('x = x', let='x: n')"),
    ("TypeError", "convert('text')"),
    ("ValueError", "convert(check(''), 'md')"),
    ("ValueError", "convert(check(''), standalone=True)"),
    ("ValueError", "convert(check(''), 'text', standalone=True)"),
    ("ValueError", "convert(check(''), boxes='fr')"),
    ("TypeError", "report(check(''))"),
    ("TypeError", "report(['x'])"),
    ("ValueError", "report([], 'xml')"),
    ("ValueError", "report([], lang='fr')"),
    ("TypeError", "fixes([])"),
    ("TypeError", "check_files('notes')"),
    ("TypeError", "check_files([1])"),
    ("ValueError", "check_files(['notes'], jobs=0)"),
    ("ValueError", "rules('no such rule')"),
    ("TypeError", "rules(1)"),
    ("ValueError", "explain('DRV999')"),
    ("ValueError", "explain('DRV401', 'fr')"),
    ("ValueError", "Settings(layout='rows')"),
    ("ValueError", "Settings(lang='fr')"),
    ("TypeError", "Settings(equations='yes')"),
    ("TypeError", "Settings(seed=1.5)"),
    ("TypeError", "Settings(declare=['x: n'])"),
]


@pytest.mark.parametrize(("kind", "call"), MISUSE)
def test_misuse_says_what_to_write(kind, call):
    with pytest.raises((TypeError, ValueError)) as refused:
        eval(call, {name: getattr(mdderive, name) for name in mdderive.__all__})  # the calls above
    assert type(refused.value).__name__ == kind
    assert "write" in str(refused.value)


PIECES = r"x A ^ _ { } \ \frac = ? T ( ) $ d | \sum , : n % ≠ ' ~".split()
PIECES += ["\n", " ", "\ud800"]
ODD = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=14).map("".join))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ODD, ODD, ODD)
def test_input_never_raises(one, two, three):
    document = mdderive.check(f"{one}\n```derive\n{two}\n```\n${three}$\n", settings=Settings(equations=True))
    for text in (mdderive.report([document], "json"), mdderive.convert(document, "html", boxes="zh")):
        assert isinstance(text, str)
    mdderive.fixes(document)
    derivations = [mdderive.derive(one, two, let=[three]), mdderive.derive(one, "x", where=[f"x={three}"], given=[two])]
    verdicts = [mdderive.holds(one, let=[two], given=[three]), *(done.verdict for done in derivations)]
    found = [*document.findings, *(finding for told in (*verdicts, *derivations) for finding in told.findings)]
    assert not [finding for finding in found if finding.code == "DRV901"]
    assert {verdict.outcome for verdict in verdicts} <= {"holds", "wrong", "undecided"}


LIGHT = """
import sys
import mdderive
loaded = [name for name in sys.modules if name.startswith("mdderive.")]
rooms = {name.split(".")[1] for name in loaded}
heavy = {"sympy", "numpy", "mpmath", "markdown_it", "pylatexenc", "click", "fractions", "decimal"} & {*sys.modules}
assert not heavy, heavy
assert not rooms & {"engine", "verify", "latex", "reading", "output", "programs", "cli"}, rooms
assert len(loaded) < 16, loaded
document = mdderive.check("No block here, $x = y$.")
assert not {name.split(".")[1] for name in sys.modules if name.startswith("mdderive.")} & {"engine", "verify", "latex"}
import mdderive.check.pipeline, mdderive.rules.book, mdderive.output.reports
assert all(callable(getattr(mdderive, name)) for name in ("check", "rules", "report"))
"""


def test_importing_it_loads_no_engine_and_rooms_take_no_function_away():
    done = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


USER = """
from collections.abc import Iterator

import mdderive
from mdderive import Derivation, Document, Edit, Equation, Finding, MdderiveBug, Rule, Settings, Span, Step, Verdict

settings = Settings(lang="zh", equations=True)
document: Document = mdderive.check("text", path="note.md", settings=settings, line_offset=3)
findings: tuple[Finding, ...] = document.findings
equations: tuple[Equation, ...] = document.equations
derivations: tuple[Derivation, ...] = document.derivations
near: tuple[Finding | Equation | Derivation, ...] = document.at(0)
done: Derivation = mdderive.derive("x", "x", let=("x: n",), where=("Y = x",), given=(), order=2, settings=settings)
steps: tuple[Step, ...] = done.steps
texts: tuple[str, str, str, str] = (done.result, done.latex, done.numpy, done.sympy)
verdict: Verdict = mdderive.holds("x = x", let=["x: n"])
text: str = mdderive.convert(document, "html") + mdderive.report([document], "sarif", "zh") + mdderive.explain("DRV401")
edits: tuple[Edit, ...] = mdderive.fixes(document)
spans: list[Span] = [edit.span for edit in edits]
documents: Iterator[Document] = mdderive.check_files(["notes"], jobs=2, cache=False)
rules: tuple[Rule, ...] = mdderive.rules()
bug: type[Exception] = MdderiveBug
mdderive.check(1)  # wrong: 'arg-type'
mdderive.convert(document, "pdf")  # wrong: 'arg-type'
"""


@pytest.mark.slow
def test_types_reach_the_programs_of_users(tmp_path):
    (tmp_path / "user.py").write_text(USER, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", str(tmp_path / "cache"), "user.py"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    wrong = [number for number, line in enumerate(USER.split("\n"), 1) if "# wrong" in line]
    assert [int(line.split(":")[1]) for line in done.stdout.splitlines() if ": error:" in line] == wrong, done.stdout


@pytest.mark.parametrize("page", ["guide/api.md", "zh/guide/api.md"])
def test_the_program_of_the_page_prints_what_the_page_says(page):
    text = (ROOT / "site/docs" / page).read_text(encoding="utf-8")
    [program] = re.findall(r"^````python\n(.*?)^````$", text, re.MULTILINE | re.DOTALL)
    [printed] = re.findall(r"^```text\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    done = subprocess.run([sys.executable, "-X", "utf8", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == printed
    assert [name for name in mdderive.__all__ if f"`{name}" not in text] == []


def test_the_plugin_imports_nothing_else():
    for file in sorted((ROOT / "mkdocs_plugin" / "mdderive_mkdocs").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                assert all(a.name == "mdderive" or not a.name.startswith("mdderive.") for a in node.names), file.name
            if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "mdderive":
                assert node.module == "mdderive", f"{file.name} imports {node.module}"
                assert {a.name for a in node.names} <= {*mdderive.__all__}, file.name
