"""The functions of `import mdderive`: each checks how it is called and hands on to the room that answers.

Input never raises: whatever a text says, the answer is a value with findings. A call that cannot be meant raises `TypeError` or
`ValueError` that says what to write. The rooms that read, derive and judge are imported when they are first needed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from os import PathLike, fspath
from os.path import exists
from typing import TYPE_CHECKING, Literal, Union, get_args

from mdderive.check.glance import checked
from mdderive.model.diagnostics import Finding, Language
from mdderive.model.diagnostics import MdderiveBug as MdderiveBug
from mdderive.model.results import Derivation, Described, Document, Settings, Verdict
from mdderive.model.results import Equation as Equation
from mdderive.model.results import LetterSaid as LetterSaid
from mdderive.model.results import Step as Step
from mdderive.model.source import Edit, Source
from mdderive.model.source import Span as Span
from mdderive.rules.statement import Rule

if TYPE_CHECKING:
    from mdderive.cache.memory import Memory, Recent

Cache = Union[bool, str, PathLike[str], "Recent"]
Output = Literal["markdown", "html", "tex", "text"]
Form = Literal["full", "concise", "json", "github", "gitlab", "sarif", "html"]
DEFAULTS = Settings()
UNREAD = ("DRV108", "DRV109")  # no errors of the command line, and yet blocks that a reader would miss
JUDGED = ("DRV402", "DRV403")
UNDECIDED = "DRV404"
MARKDOWN = "markdown"  # in full here, `md` on the command line


def check(text: str, *, path: str = "-", settings: Settings = DEFAULTS, line_offset: int = 0, cache: Cache = False) -> Document:
    """Return everything there is to say about a note.

    `text` is Markdown, or LaTeX where `path` ends in `.tex`; the path is a name for reports, no file is opened (`check_files`
    reads notebooks too). The derive blocks are judged, with `settings.equations` all formulas. Spans are offsets into `text`, in
    characters; the first line of `text` is line `line_offset + 1` in reports, for a text that begins inside a file. With a
    `cache`, the user's or the one in the folder that is named, what is unchanged is not judged again; one that `recent` returns
    is for a text that is checked while somebody writes it.
    """
    _of_type(str, text=text, path=path)
    _of_type(Settings, settings=settings)
    _of_type(int, line_offset=line_offset)
    if line_offset < 0:
        raise ValueError(f"line_offset={line_offset}: write how many lines of the file stand above the text, 0 or more")
    return checked(Source(text, path, line_offset), settings, _memory(cache))


def recent() -> "Recent":
    """Return a cache for `check` in this process, which knows what the user's holds and writes nothing to it."""
    from mdderive.cache.memory import recent as made

    return made()


def remembered(made: Callable[[], str | None], content: str, *, cache: Cache = True) -> str | None:
    """Return the text that `made` makes of a `content`, which is all that it rests on beside mdderive; nothing if it makes none.

    With a `cache`, the user's or the one in the folder that is named, a text is made once.
    """
    _of_type(str, content=content)
    memory = _memory(cache)
    if memory is None:
        return made()
    key = memory.key("remembered", content)
    known = memory.known(key)
    if known is None and (known := made()) is not None:
        memory.keep(key, known)
        memory.flush()
    return known


def derive(
    f: str,
    wrt: str,
    *,
    let: Sequence[str] = (),
    where: Sequence[str] = (),
    given: Sequence[str] = (),
    order: int = 1,
    settings: Settings = DEFAULTS,
) -> Derivation:
    r"""Return the derivative of a formula by a letter, every step named and verified.

    `f` is LaTeX, `wrt` the letter. `let` declares letters (`"X: m x n, symmetric"`), `where` defines names (`"Y = A X B"`),
    `given` are premises (`r"\mathbf{1}^T y = 1"`), each as in a derive block. `order` 2 asks for the Hessian. Of a scalar by a
    vector or matrix the derivative has the shape of the variable, in other layouts as `settings.layout` says. What keeps it from
    being derived is a finding of the derivation, whose verdict is undecided then; spans are offsets into the argument they are
    about.
    """
    from mdderive.check.derivations import derivation_of

    _of_type(str, f=f, wrt=wrt)
    _of_type(Settings, settings=settings)
    _one_of(order=(order, (1, 2)))
    row = {
        "let": [*_texts("let", let, "X: m x n")],
        "where": dict(_definition(line) for line in _texts("where", where, "Y = A X B")),
        "given": [*_texts("given", given, "A B = C")],
        "f": f,
        "wrt": wrt,
        "order": order,
        "functions": settings.functions,
        "layout": settings.layout,
    }
    return derivation_of(row, settings)


def holds(equation: str, *, let: Sequence[str] = (), given: Sequence[str] = (), settings: Settings = DEFAULTS) -> Verdict:
    """Return whether an equation, or a chain of equations, holds wherever its sides are defined.

    `equation` is LaTeX; `let` declares letters (`"A: n x n, symmetric"`) and defines names (`"f = x^T A x"`), `given` are
    premises. The outcome is `holds`, `wrong` (with a witness that anyone can recompute, and hints what would hold) or
    `undecided` with the reason, also where the text could not be read or claims nothing.
    """
    from mdderive.check.asked import claimed

    _of_type(str, equation=equation)
    _of_type(Settings, settings=settings)
    return claimed(equation, _texts("let", let, "X: m x n"), _texts("given", given, "A B = C"), settings)


def convert(
    document: Document,
    to: Output = "markdown",
    *,
    standalone: bool = False,
    boxes: Language | None = None,
    place: Callable[[str], str] | None = None,
) -> str:
    """Return the text of a checked note with every sound derive block replaced by its derivation, written in the form `to`.

    Everything else in the `document` stays byte for byte, and so does a block with a mistake; `boxes` puts in its place, in that
    language and as HTML, what is wrong with it. `place` is given each derivation and each box as it would be written, and what it
    returns is written: a line that stands for it, say, until Markdown has been rendered. `standalone`, in the forms html and
    tex, returns a page or a document that needs nothing around it, with all of the Markdown rendered.
    """
    from mdderive.output.pages import OUTPUTS, expand

    _of_type(Document, document=document)
    _of_type(bool, standalone=standalone)
    _one_of(to=(to, (MARKDOWN, *(name for name in OUTPUTS if name != "md"))), boxes=(boxes, (None, *get_args(Language))))
    if not standalone:
        return expand(document, "md" if to == MARKDOWN else to, boxes=boxes, place=place or str)
    from mdderive.output.wholes import WHOLES

    _one_of(to=(to, tuple(WHOLES)), boxes=(boxes, (None,)), place=(place, (None,)))
    return WHOLES[to].standalone(document)


def report(documents: Iterable[Document], form: Form = "full", lang: Language = "en") -> str:
    """Return the findings of `documents` by path and place, in a `form` for people (`full`, `concise`) or for programs.

    `json` is one object with the counts, equations and findings, `github` workflow commands, `gitlab` a code quality report,
    `sarif` a SARIF 2.1.0 log; `html` is a page on what many notes come to. The words are in
    `lang`; lines and columns count from 1, columns in characters of the text.
    """
    from mdderive.output import reports

    if isinstance(documents, Document) or not isinstance(documents, Iterable):
        raise TypeError(f"documents is {type(documents).__name__}: write report([document])")
    listed = [*documents]
    for document in listed:
        _of_type(Document, document=document)
    _one_of(form=(form, tuple(reports.FORMATS)), lang=(lang, get_args(Language)))
    return reports.FORMATS[form](reports.report(listed, lang))


def fixes(document: Document) -> tuple[Edit, ...]:
    """Return the changes that set the mistakes of a `document` right, in order and without overlap; spans are those of its text.

    Each was verified: the repair of a hint, or the result that was derived.
    """
    from mdderive.output.fixes import changes

    _of_type(Document, document=document)
    return changes(document)


@dataclass(frozen=True, slots=True)
class Gate:
    """What a page must pass before a program publishes it, and the settings with which it is checked.

    `equations` says what the formulas outside of derive blocks count for: `off` and `fail` make no exception of them, with `warn`
    a wrong one stops no page. With `undecided` as `fail` an equation that could not be decided stops one.
    """

    settings: Settings = DEFAULTS
    equations: str = "off"
    undecided: str = "warn"

    def __post_init__(self) -> None:
        """Raise `TypeError` or `ValueError` for what cannot be meant."""
        _of_type(Settings, settings=self.settings)
        _one_of(equations=(self.equations, ("off", "warn", "fail")), undecided=(self.undecided, ("warn", "fail")))

    def stops(self, document: Document, finding: Finding) -> bool:
        """Tell whether a `finding` of a `document` keeps it from being published."""
        in_block = any(block.span.start <= finding.span.start < block.span.end for block in document.blocks)
        if finding.code in JUDGED and self.equations == "warn" and not in_block:
            return False
        undecided = finding.code == UNDECIDED and self.undecided == "fail"
        return undecided or finding.severity == "error" or finding.code in UNREAD

    def told(self, document: Document) -> Iterator[tuple[Finding, str]]:
        """Yield the findings of a `document` that are no mere information, each with its report."""
        for finding in document.findings:
            if finding.severity != "info":
                alone = Document(document.source, equations=document.equations, findings=(finding,))
                yield finding, report([alone], lang=self.settings.lang).rpartition("\n\n")[0]


def check_files(
    paths: Iterable[str | PathLike[str]], *, settings: Settings = DEFAULTS, jobs: int = 1, cache: Cache = True
) -> Iterator[Document]:
    """Yield the document of every note that paths stand for: a file itself, a folder all notes in it, `-` standard input.

    What cannot be read is a document with a finding that says so. With a `cache`, the user's or the one in the folder that is
    named, what is unchanged is not judged again; the rest is judged by up to `jobs` processes. The documents and their order do
    not depend on either.
    """
    if isinstance(paths, str | bytes | PathLike) or not isinstance(paths, Iterable):
        raise TypeError(f"paths is {type(paths).__name__}: write check_files([{paths!r}])")
    listed = [*paths]
    if not all(isinstance(path, str | PathLike) for path in listed):
        raise TypeError("paths holds something that is no path: write text or pathlib.Path")
    _of_type(Settings, settings=settings)
    _of_type(int, jobs=jobs)
    memory = _memory(cache)
    if jobs < 1:
        raise ValueError(f"jobs={jobs}: write a number of at least 1")
    return _each([fspath(path) for path in listed], settings, memory, jobs)


def _each(paths: Sequence[str], settings: Settings, memory: "Memory | None", jobs: int) -> Iterator[Document]:
    from mdderive.check.many import every
    from mdderive.document import files
    from mdderive.document.walk import STDIN

    missing = [path for path in paths if path != STDIN and not exists(path)]
    notes = files.notes([path for path in paths if path not in missing])
    yield from every(map(files.read, (*missing, *notes.paths)), settings, memory, jobs)
    yield from notes.passed


def rules(name: str | None = None) -> tuple[Rule, ...]:
    """Return every rule, derivative of a function, lemma and definition, or those by one name; `ValueError` for an unknown name.

    A rule is its statement: `lhs = rhs` as LaTeX, under the premise `when`.
    """
    from mdderive.output.explain import near_rules
    from mdderive.rules.book import BOOK

    if name is None:
        return BOOK
    _of_type(str, name=name)
    found = tuple(rule for rule in BOOK if rule.name == name)
    if not found:
        raise ValueError(f"no rule is named {name!r}: write one of {near_rules(name)}, or rules() for all")
    return found


def notation(lang: Language = "en") -> tuple[Described, ...]:
    """Return everything that has a name in notes: operators, functions, properties of letters, options of blocks."""
    from mdderive.output import rulebook

    _one_of(lang=(lang, get_args(Language)))
    tables = rulebook.operators, rulebook.functions, rulebook.properties, rulebook.options
    return tuple(row for table in tables for row in table(lang))


def plain(latex: str) -> str:
    """Return a formula, which is `latex`, as one line of Unicode text, to be read by people where no formulas are drawn."""
    from mdderive.output.plain import plain as written

    _of_type(str, latex=latex)
    return written(latex)


def explain(code: str, lang: Language = "en") -> str:
    """Return what the `code` of a finding means, the reason of an equation, or a rule with its proof, as Markdown.

    `rule:NAME` is a rule also where a reason has its name. Raises `ValueError` for what is none of them.
    """
    from mdderive.output.explain import code_text

    _of_type(str, code=code)
    _one_of(lang=(lang, get_args(Language)))
    try:
        return code_text(code, lang)
    except LookupError as near:
        raise ValueError(f"nothing has the code {code!r}: write one of {near}") from near


# ---------------------------------------------------------------- how a function is called


def _of_type(wanted: type, **given: object) -> None:
    """Raise `TypeError` for an argument of another type; a truth value is no number."""
    for name, value in given.items():
        if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
            raise TypeError(f"{name} is {type(value).__name__}: write a value of the type {wanted.__name__}")


def _memory(cache: Cache) -> "Memory | None":
    """Return the memory that is asked for."""
    if cache is False:
        return None
    from mdderive.cache.memory import Recent, opened

    match cache:
        case Recent():
            return cache
        case True:
            return opened()
        case str() | PathLike():
            return opened(fspath(cache))
    raise TypeError(f"cache is {type(cache).__name__}: write True, False, the path of a folder, or recent()")


def _one_of(**given: tuple[object, tuple[object, ...]]) -> None:
    """Raise `ValueError` for an argument that is none of the values it may have."""
    for name, (value, choices) in given.items():
        if not any(type(value) is type(choice) and value == choice for choice in choices):
            raise ValueError(f"{name}={value!r}: write one of {', '.join(map(repr, choices))}")


def _texts(name: str, lines: Sequence[str], example: str) -> Sequence[str]:
    """Return the texts of an argument; a single text is refused, for its characters would be taken for texts."""
    if isinstance(lines, str | bytes | dict) or not isinstance(lines, Iterable):
        raise TypeError(f"{name} is {type(lines).__name__}: write a sequence of texts, {name}=[{example!r}]")
    texts = tuple(lines)
    if not all(isinstance(line, str) for line in texts):
        raise TypeError(f"{name} holds something that is no text: write a sequence of texts, {name}=[{example!r}]")
    return texts


def _definition(line: str) -> tuple[str, str]:
    name, sign, value = line.partition("=")
    if not sign:
        raise ValueError(f"where={line!r} defines nothing: write NAME = FORMULA")
    return name.strip(), value.strip()
