"""The house in figures: its rooms and arrows, the size of what stands in them, and the way of a formula through them.

    python benchmarks/house.py [--json] [--names] [--tree DIR]

A room is a package or a module directly under `mdderive`, and the plugin; the package itself, which offers what is below, is
none. An arrow goes from a room to one that it imports from; a circle is a set of rooms, or of modules, of which each leads to
all others; floors are the rooms on the longest way along arrows. Imports inside functions count, those for types alone only
where the table says so. Lines are those of the package without the plugin. A homonym is the name of a module, or of a public
class or function, that stands in two places.

The way: a block and a formula of a whole note are checked twice, and of the second time every call of a Python function of
the package is written down. A change of module (of room) is a call whose module (room) is not that of the call before; they
grow with the points tried. A passage is a pair of modules (of rooms) between which there was a change, however often.
Modules of values, whose methods every room calls, are left out: the room `model`, what became it, and the nodes of syntax.

`--tree DIR` measures another checkout, with its own package; `--names` lists what is behind the counts.
"""

import argparse
import ast
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "site"))
from rooms import arrows, circles, floors, imports, modules, room

ROOT = Path(__file__).resolve().parents[1]
VALUES = {"model", "catalogue", "context", "diagnostics", "functions", "results", "shapes", "source", "tree"}
SYNTAX = "mdderive.latex.syntax"
MOST_LINES, LONGEST_FUNCTION, MOST_PARAMETERS = 300, 40, 5
BLOCK = r"""
```derive
a: m,  X: m x n,  b: n                  % declarations: a vector, a matrix, a vector
f = a^T X b                              % definition
\frac{\partial f}{\partial X} = a b^T    % goal with a stated result; "= ?" asks for it
```
"""
FORMULA = r"""
Let $X \in \mathbb{R}^{m \times n}$ be a matrix, $a \in \mathbb{R}^m$ and $b \in \mathbb{R}^n$ vectors. Then

$$\frac{\partial}{\partial X} a^T X b = a b^T$$
"""
Found = Mapping[str, list[str]]


# ---------------------------------------------------------------- what stands


def sizes(root: Path) -> dict[str, list[str]]:
    """Return modules and functions that are large, uses of regular expressions, and names that stand in two places."""
    found: dict[str, list[str]] = defaultdict(list)
    names: dict[str, list[str]] = defaultdict(list)
    for module, file in modules(root).items():
        text = file.read_text(encoding="utf-8")
        lines = text.count("\n")
        if lines > MOST_LINES:
            found[f"modules above {MOST_LINES} lines"].append(f"{module} {lines}")
        tree = ast.parse(text)
        for node in tree.body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
                names[node.name].append(module)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                if (length := _length(node)) > LONGEST_FUNCTION:
                    found[f"functions above {LONGEST_FUNCTION} lines"].append(f"{module}.{node.name} {length}")
                if (count := _parameters(node)) > MOST_PARAMETERS:
                    found[f"functions with more than {MOST_PARAMETERS} parameters"].append(f"{module}.{node.name} {count}")
            elif isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re."):
                found["uses of regular expressions"].append(f"{module}:{node.lineno} {ast.unparse(node.func)}")
    found["homonyms among public classes and functions"] = _twice(names)
    last: dict[str, list[str]] = defaultdict(list)
    for module in modules(root):
        last[module.rpartition(".")[2]].append(module)
    found["homonyms among modules"] = _twice(last)
    return found


def _twice(names: Found) -> list[str]:
    return [f"{name}: {', '.join(places)}" for name, places in sorted(names.items()) if len(places) > 1]


def _length(node: ast.FunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _parameters(node: ast.FunctionDef) -> int:
    found = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    return len(found) - (found[:1] in (["self"], ["cls"]))


def standing(root: Path) -> dict[str, object]:
    """Return the figures of a checkout that its text gives."""
    imported = imports(root)
    rooms = arrows(imported)
    lines = {name: file.read_text(encoding="utf-8").count("\n") for name, file in modules(root).items()}
    largest = max(lines, key=lines.__getitem__)
    found = sizes(root)
    return {
        "rooms": sorted(rooms),
        "floors": max(floors(rooms).values()),
        "arrows between rooms": [f"{here} -> {there}" for here in sorted(rooms) for there in sorted(rooms[here])],
        "circles among rooms": _listed(circles(rooms)),
        "circles among modules": _listed(circles(imported)),
        "circles among modules with imports for types": _listed(circles(imports(root, types=True))),
        "modules": len(lines),
        "lines": sum(count for name, count in lines.items() if name.split(".")[0] == "mdderive"),
        "largest module": f"{largest} {lines[largest]}",
        **{
            name: sorted(found[name])
            for name in (
                f"modules above {MOST_LINES} lines",
                f"functions above {LONGEST_FUNCTION} lines",
                f"functions with more than {MOST_PARAMETERS} parameters",
                "uses of regular expressions",
                "homonyms among modules",
                "homonyms among public classes and functions",
            )
        },
    }


def _listed(found: list[frozenset[str]]) -> list[str]:
    return sorted(", ".join(sorted(circle)) for circle in found)


# ---------------------------------------------------------------- the way through


def walked(root: Path) -> dict[str, object]:
    """Return the figures of the way of a block and of a formula, in a process that imports the package of the checkout."""
    paths = f"import sys; sys.path[:0] = {[str(root), str(root / 'mkdocs_plugin'), str(ROOT / 'benchmarks')]!r}"
    command = f"{paths}; import house; house.walk({str(root)!r})"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True, cwd=root)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def walk(root: str) -> None:
    """Print the figures of the way as JSON; the package that is imported is measured."""
    check, settings = (_offered(Path(root), name) for name in ("check", "Settings"))
    print(
        json.dumps(
            {
                f"{what}: {name}": figure
                for what, text, options in (("block", BLOCK, settings()), ("formula", FORMULA, settings(equations=True)))
                for name, figure in _way(lambda text=text, options=options: check(text, settings=options)).items()
            }
        )
    )


def _offered(root: Path, name: str):
    """Return what a checkout calls `name`: what the package offers, else what a module defines (a function of a text)."""
    if callable(found := getattr(__import__("mdderive"), name, None)):
        return found
    for module, file in modules(root).items():
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            match node:
                case ast.ClassDef(name=here) if here == name:
                    return getattr(__import__(module, fromlist=[name]), name)
                case ast.FunctionDef(name=here, args=ast.arguments(args=[ast.arg(arg="text"), *_])) if here == name:
                    return getattr(__import__(module, fromlist=[name]), name)
    raise LookupError(f"nothing is called {name}")


def _way(work) -> dict[str, int]:
    calls: list[str] = []

    def seen(frame, event, _):
        if event == "call" and (name := str(frame.f_globals.get("__name__"))).startswith("mdderive."):
            calls.append(name)

    document = work()
    if [e.outcome for e in document.equations][-1:] != ["holds"]:
        raise AssertionError("the example does not hold")
    sys.setprofile(seen)
    work()
    sys.setprofile(None)
    between = [name for name in calls if room(name) not in VALUES and name != SYNTAX]
    return {
        "modules passed": len(set(calls)),
        "changes of module": _changes(between),
        "changes of room": _changes([room(name) for name in between]),
        "passages between modules": _passages(between),
        "passages between rooms": _passages([room(name) for name in between]),
    }


def _changes(names: list[str]) -> int:
    return sum(here != there for here, there in pairwise(names))


def _passages(names: list[str]) -> int:
    return len({frozenset(pair) for pair in pairwise(names) if pair[0] != pair[1]})


# ---------------------------------------------------------------- the table


def lines_of(figures: Mapping[str, object], *, names: bool) -> Iterator[str]:
    """Yield the lines of the table, each list by its length."""
    for name, figure in figures.items():
        yield f"{name:48} {len(figure) if isinstance(figure, list) else figure}"
        if names and isinstance(figure, list):
            yield from (f"    {line}" for line in figure)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--json", action="store_true", help="figures and names as JSON")
    options.add_argument("--names", action="store_true", help="list what is behind the counts")
    options.add_argument("--tree", type=Path, default=ROOT, metavar="DIR", help="the checkout to measure")
    chosen = options.parse_args()
    root = chosen.tree.resolve()
    figures = {**standing(root), **walked(root)}
    print(json.dumps(figures, indent=1) if chosen.json else "\n".join(lines_of(figures, names=chosen.names)))


if __name__ == "__main__":
    main()
