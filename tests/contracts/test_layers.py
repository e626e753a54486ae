"""Who imports whom: rooms further up, no module in a circle, each library in its room; and nothing runs text as a program."""

import ast
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

import rooms

ROOT = Path(__file__).parents[2]
PACKAGES = {"mdderive": ROOT / "mdderive", "mdderive_mkdocs": ROOT / "mkdocs_plugin" / "mdderive_mkdocs"}
ROOMS = (
    "model",
    "cache",
    "latex",
    "document",
    "reading",
    "programs",
    "rules",
    "engine",
    "verify",
    "check",
    "output",
    "api",
    "adapters",
    "cli",
    "__main__",
    "mdderive_mkdocs",
)
"""A module imports from its own room and from those before it."""
STRANGERS = {
    "latex": {"cache"},
    "document": {"cache"},
    "reading": {"cache"},
    "programs": {"cache", "document", "reading"},
    "rules": {"cache", "document", "reading", "programs"},
    "engine": {"cache", "document", "reading", "programs"},
    "verify": {"cache", "document", "reading", "rules", "engine"},
    "adapters": {*ROOMS} - {"api", "adapters"},
}
"""The rooms before it that a room does not know: the judge must not agree with its own mistakes, adapters stand on the API."""
HOME = {
    "sqlite3": {"mdderive.cache.store"},
    "multiprocessing": {"mdderive.check.many"},
    "pylatexenc": {"mdderive.latex.tokens"},
    "markdown_it": {"mdderive.document", "mdderive.output"},
    "mdit_py_plugins": {"mdderive.output.markup"},
    "click": {"mdderive.cli"},
    "rich": {"mdderive.output.terminal"},
    "pathspec": {"mdderive.cli.config"},
    "pygls": {"mdderive.adapters.lsp"},
    "lsprotocol": {"mdderive.adapters.lsp"},
    "watchfiles": {"mdderive.cli.watch"},
    "mkdocs": {"mdderive_mkdocs"},
    "markdown": {"mdderive.adapters.python_markdown", "mdderive_mkdocs"},
    "docutils": {"mdderive.adapters.sphinx"},
    "sphinx": {"mdderive.adapters.sphinx"},
    "IPython": {"mdderive.adapters.jupyter"},
    "nbformat": {"mdderive.document.notebook"},
    "zensical": set(),
    "numpy": set(),
    "scipy": set(),
}
LAZY = {"sympy", "mpmath"}
DANGEROUS = {"eval", "exec", "compile", "sympify", "parse_expr", "lambdify", "system", "__import__", "import_module", "urlopen"}
TWICE = {
    "derive": "the command, and what it runs",
    "markdown": "a format that is read, and written",
    "operators": "the table, what they mean to the reader, and what to the judge",
    "sums": "over an index: read, and brought into matrix form",
    "tex": "a format that is read, and written",
}
"""Names of modules that stand in two rooms, each with the reason."""
TWO_CLASSES = {
    "Given": "what a block's tasks came to, and what a rule without a proof is",
    "Meaning": "of a block to its reader, and of an operator to the judge",
}
"""Names of public classes that stand in two modules, each with the reason."""
MOST_LINES = 400
DATA = ("mdderive.rules",)


def modules():
    for name, folder in PACKAGES.items():
        for file in sorted(folder.rglob("*.py")):
            parts = (name, *file.relative_to(folder).with_suffix("").parts)
            yield pytest.param(".".join(p for p in parts if p != "__init__"), file, id=".".join(parts))


MODULES = list(modules())


@cache
def tree(file):
    return ast.parse(file.read_text(encoding="utf-8"))


def imports(node):
    """Yield the names of modules that a module imports, with the statement."""
    for found in ast.walk(node):
        if isinstance(found, ast.Import):
            yield from ((alias.name, found) for alias in found.names)
        elif isinstance(found, ast.ImportFrom):
            assert found.level == 0, "relative import"
            yield found.module, found


def typing_only(node):
    return {
        found
        for branch in ast.walk(node)
        if isinstance(branch, ast.If) and "TYPE_CHECKING" in ast.dump(branch.test)
        for found in ast.walk(branch)
    }


def room(module):
    parts = module.split(".")
    return "mdderive_mkdocs" if parts[0] == "mdderive_mkdocs" else parts[1] if len(parts) > 1 else ""


@pytest.mark.parametrize(("module", "file"), MODULES)
def test_a_module_imports_from_rooms_above_only(module, file):
    here = room(module)
    if not here:
        return
    assert here in ROOMS, f"{here} has no place"
    above = set(ROOMS[: ROOMS.index(here) + 1]) - STRANGERS.get(here, set())
    for name, _ in imports(tree(file)):
        if name.split(".")[0] in PACKAGES and room(name):
            assert room(name) in above, f"{module} imports {name}"


def test_no_module_imports_itself_by_way_of_others():
    assert rooms.circles(rooms.imports(ROOT, types=True)) == []


def test_a_name_of_a_module_stands_once_or_has_a_reason():
    names = Counter(param.id.rpartition(".")[2] for param in MODULES if not param.id.endswith("__init__"))
    assert {name for name, count in names.items() if count > 1} == set(TWICE)


def test_a_name_of_a_class_stands_once_or_has_a_reason():
    found = (node for param in MODULES for node in tree(param.values[1]).body if isinstance(node, ast.ClassDef))
    names = Counter(node.name for node in found if not node.name.startswith("_"))
    assert {name for name, count in names.items() if count > 1} == set(TWO_CLASSES)


@pytest.mark.parametrize(("module", "file"), MODULES)
def test_each_library_stays_in_its_room(module, file):
    parsed = tree(file)
    spared = typing_only(parsed)
    top = set(parsed.body)
    for name, statement in imports(parsed):
        library = name.split(".")[0]
        if library in HOME and statement not in spared:
            assert any(module == home or module.startswith(home + ".") for home in HOME[library]), f"{module} imports {library}"
        if library in LAZY and statement not in spared:
            assert statement not in top, f"{module} imports {library} when it is loaded"


@pytest.mark.parametrize(("module", "file"), MODULES)
def test_nothing_runs_text_as_a_program(module, file):
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "id", "") or (
                node.func.attr if isinstance(node.func, ast.Attribute) and not _regex(node.func) else ""
            )
            assert called not in DANGEROUS, f"{file.name}:{node.lineno} {called}"


def _regex(call):
    return isinstance(call.value, ast.Name) and call.value.id == "re"


@pytest.mark.parametrize(("module", "file"), MODULES)
def test_modules_stay_small(module, file):
    if not module.startswith(DATA):
        assert len(file.read_text(encoding="utf-8").splitlines()) <= MOST_LINES
