"""The rooms of the package and the arrows between them, as the imports of its modules have them.

A room is a package or a module directly under `mdderive`; the plugin is one, and the package itself is the room `api`. An
arrow goes from a room to one that it imports from; what is taken from the package under a name such as `__version__` is
none. Imports inside functions count; those for types alone (`TYPE_CHECKING`) count where they are asked for.
"""

import ast
from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

PACKAGES = {"mdderive": "mdderive", "mdderive_mkdocs": "mkdocs_plugin/mdderive_mkdocs"}
Node = TypeVar("Node", bound=Hashable)


def modules(root: Path) -> dict[str, Path]:
    """Return the modules of a checkout with their files."""
    found: dict[str, Path] = {}
    for package, folder in PACKAGES.items():
        for file in sorted((root / folder).rglob("*.py")):
            parts = file.relative_to(root / folder).with_suffix("").parts
            found[".".join((package, *(part for part in parts if part != "__init__")))] = file
    return found


def imports(root: Path, *, types: bool = False) -> dict[str, frozenset[str]]:
    """Return the modules of a checkout with the modules of it that each imports."""
    known = modules(root)
    trees = {name: ast.parse(file.read_text(encoding="utf-8")) for name, file in known.items()}
    return {name: frozenset(_imported(tree, known, types=types)) - {name} for name, tree in trees.items()}


def _imported(tree: ast.Module, known: Mapping[str, Path], *, types: bool) -> set[str]:
    found: set[str] = set()
    for node in _statements(tree, types=types):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = {f"{node.module}.{alias.name}" for alias in node.names if not alias.name.startswith("__")}
            found |= {name if name in known else node.module for name in inside}
    return found & known.keys()


def _statements(node: ast.AST, *, types: bool) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if types or not (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test)):
            yield child
            yield from _statements(child, types=types)


def room(module: str) -> str:
    """Return the room of a module."""
    package, *inner = module.split(".")
    return inner[0] if inner and package == "mdderive" else "api" if package == "mdderive" else package


def arrows(imported: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Return the rooms with the rooms that each imports from."""
    found: dict[str, set[str]] = {}
    for module, others in imported.items():
        found.setdefault(room(module), set()).update(map(room, others))
    return {name: frozenset(others - {name}) for name, others in found.items()}


def direct(graph: Mapping[Node, frozenset[Node]]) -> dict[Node, frozenset[Node]]:
    """Return a graph without circles, without the arrows that say no more than longer ways do."""
    reached = {node: _reached(node, graph) for node in graph}
    return {node: others - frozenset().union(*(reached[other] for other in others)) for node, others in graph.items()}


def circles(graph: Mapping[Node, frozenset[Node]]) -> list[frozenset[Node]]:
    """Return the largest sets of nodes of which each leads to all others."""
    reached = {node: _reached(node, graph) for node in graph}
    found = {frozenset(other for other in reached[node] if node in reached[other]) for node in graph}
    return [circle for circle in found if len(circle) > 1]


def _reached(start: Node, graph: Mapping[Node, frozenset[Node]]) -> frozenset[Node]:
    found: set[Node] = set()
    waiting = [start]
    while waiting:
        new = graph[waiting.pop()] - found
        found |= new
        waiting += new
    return frozenset(found)


def floors(graph: Mapping[Node, frozenset[Node]]) -> dict[Node, int]:
    """Return the floor of every node: how many stand on the longest way that leads down from it, a circle counted as one."""
    whole = {node: circle for circle in circles(graph) for node in circle}
    found: dict[Node, int] = {}

    def floor(node: Node) -> int:
        if node not in found:
            circle = whole.get(node, frozenset((node,)))
            below = {other for member in circle for other in graph[member]} - circle
            found.update(dict.fromkeys(circle, 1 + max(map(floor, below), default=0)))
        return found[node]

    return {node: floor(node) for node in graph}
