"""Who imports whom: lower layers only, each library in its own room, and nothing that runs text as a program."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = {"mdderive": ROOT / "mdderive", "mdderive_mkdocs": ROOT / "mkdocs_plugin" / "mdderive_mkdocs"}
LAYERS = {
    "model": 0,
    "latex": 1,
    "programs": 2,
    "document": 2,
    "rules": 2,
    "reading": 3,
    "engine": 4,
    "verify": 4,
    "check": 5,
    "output": 6,
    "cli": 7,
    "__main__": 8,
    "mdderive_mkdocs": 8,
}
NEVER = {
    ("verify", "rules"),
    ("verify", "engine"),
    ("verify", "reading"),
    ("engine", "verify"),
    ("engine", "reading"),
    ("reading", "rules"),
    ("document", "programs"),
    ("programs", "document"),
    ("document", "rules"),
    ("rules", "document"),
    ("rules", "programs"),
}
HOME = {
    "pylatexenc": {"mdderive.latex.tokens"},
    "markdown_it": {"mdderive.document"},
    "mdit_py_plugins": {"mdderive.document"},
    "click": {"mdderive.cli.main"},
    "mkdocs": {"mdderive_mkdocs"},
    "numpy": set(),
    "scipy": set(),
}
LAZY = {"sympy", "mpmath"}
DANGEROUS = {"eval", "exec", "compile", "sympify", "parse_expr", "lambdify", "system", "__import__", "import_module", "urlopen"}
MOST_LINES = 400
DATA = ("mdderive.rules", "mdderive.model.catalogue")


def modules():
    for name, folder in PACKAGES.items():
        for file in sorted(folder.rglob("*.py")):
            parts = (name, *file.relative_to(folder).with_suffix("").parts)
            yield pytest.param(".".join(p for p in parts if p != "__init__"), file, id=".".join(parts))


MODULES = list(modules())


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
def test_a_module_imports_from_lower_layers_only(module, file):
    here = room(module)
    if not here:
        return
    assert here in LAYERS, f"{here} has no layer"
    for name, _ in imports(tree(file)):
        there = room(name) if name.split(".")[0] in PACKAGES else ""
        if there and there != here:
            assert LAYERS[there] <= LAYERS[here], f"{module} imports {name}"
            assert (here, there) not in NEVER, f"{module} imports {name}"


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
