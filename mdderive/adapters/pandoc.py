"""A filter for pandoc, and with that for Quarto: derive blocks become derivations, and pandoc stops where one is wrong.

`pandoc --filter mdderive-pandoc note.md`. The filter reads pandoc's tree as JSON and writes it. Options stand in the metadata
below `mdderive`. A tree holds no lines: places are those of the block, or of the file where the metadata names it (`source`) or
pandoc was asked for them (`+sourcepos`).
"""

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import mdderive
from mdderive import Gate
from mdderive.adapters.gate import OPTIONS, gate
from mdderive.adapters.parts import Answer, Centred, Heading, Inline, Wording, Written, answered, meant

Node = dict[str, Any]
NAME, SOURCE = "derive", "source"
CHOSEN = [name for name in OPTIONS if name != "equations"]
STYLED = {"strong": "Strong", "emphasis": "Emph"}
_OPENING = re.compile(r"\{\s*\.derive\b|derive\s+(?:[a-z]+\s*=\s*[\"']|new\s)", re.IGNORECASE)
_POSITION = re.compile(r"(?:(?P<file>.+)@)?(?P<line>\d+):\d+-")


class Unmet(Exception):
    """What keeps the filter from writing the tree."""


def filtered(tree: Node) -> Node:
    """Return a tree of pandoc with its derive blocks expanded; raises `Unmet` with the report where one is wrong."""
    options = {name: _plain(value) for name, value in tree["meta"].get("mdderive", {}).get("c", {}).items()}
    path = options.pop(SOURCE, os.environ.get("QUARTO_DOCUMENT_FILE", ""))
    unknown = [name for name in options if name not in CHOSEN]
    if unknown:
        raise Unmet(f"mdderive: {unknown[0]}: no such option in the metadata: write one of {', '.join([*CHOSEN, SOURCE])}")
    try:
        held = gate(options)
    except ValueError as error:
        raise Unmet(f"mdderive: {error}") from error
    places = _Places(path)
    found = [*_found(tree["blocks"])]
    parts = [places.part(node) for node in found]
    answers = iter(answered(parts, held))
    given = [(node, next(answers)) for node, part in zip(found, parts, strict=True) if isinstance(part, Written)]
    _stop(given, held)
    return {**tree, "blocks": _replaced(tree["blocks"], {id(node): _blocks(answer) for node, answer in given})}


def _stop(given: Sequence[tuple[Node, Answer]], held: Gate) -> None:
    """Tell what is found; raises `Unmet` where pandoc must not go on."""
    documents = [answer.document for _, answer in given]
    told = [(document, finding, text) for document in documents for finding, text in held.told(document)]
    if any(held.stops(document, finding) for document, finding, _ in told):
        raise Unmet(mdderive.report(documents, lang=held.settings.lang))
    for _, _, text in told:
        print(text, file=sys.stderr)


class _Places:
    """Where the blocks of a tree stand: in the file they came from, as far as it is known, else by their number."""

    def __init__(self, path: str) -> None:
        self.path = path
        try:
            self.lines = Path(path).read_text(encoding="utf-8").splitlines() if path else []
        except (OSError, UnicodeDecodeError):
            self.lines = []
        self.count = 0
        self.after = 0

    def part(self, node: Node) -> Heading | Written:
        """Return a heading or a block of the tree."""
        if node["t"] == "Header":
            return Heading(node["c"][0])
        self.count += 1
        (_, classes, attributes), body = node["c"]
        _refuse(classes, body)
        path, line = self._place(dict(attributes).get("data-pos", ""), body)
        written = [f"{name}={_quoted(value)}" for name, value in attributes if name != "data-pos"]
        return Written(" ".join([*classes[1:], *written]), body, path, line)

    def _place(self, position: str, body: str) -> tuple[str, int]:
        if given := _POSITION.match(position):
            return given["file"] or self.path or "-", int(given["line"])
        wanted = [line.strip() for line in body.split("\n")]
        for at in range(self.after, len(self.lines) - len(wanted)):
            opened = self.lines[at].lstrip("> \t*+-0123456789.)")
            inside = [line.lstrip("> \t").rstrip() for line in self.lines[at + 1 : at + 1 + len(wanted)]]
            if opened.startswith(("```", "~~~")) and NAME in opened and inside == wanted:
                self.after = at + 1
                return self.path, at + 1
        return f"derive block {self.count}", 1


def _refuse(classes: Sequence[str], body: str) -> None:
    """Raise `Unmet` for what was to be a block and that pandoc read as something else."""
    if classes[:1] != [NAME]:
        seen = f"{' '.join(classes)} {body.partition(chr(10))[0]}".strip()
        raise Unmet(
            f"mdderive: pandoc reads no derive block in {seen!r}: write ```derive without options, "
            'or as pandoc\'s Markdown has them, ```{.derive key="value" .new}'
        )


def _found(value: Any) -> Iterator[Node]:
    """Yield headings, derive blocks, and what was to be one, in the order of the tree."""
    for node in _below(value):
        match node:
            case {"t": "Header"}:
                yield node
            case {"t": "CodeBlock", "c": [[_, [str(first), *_], _], _]} if first == NAME or meant(first):
                yield node
            case {"t": "Para" | "Plain", "c": [{"t": "Code", "c": [[_, [], _] as attributes, str(text)]}]} if _opens(text):
                yield {"t": "CodeBlock", "c": [attributes, text]}


def _below(value: Any) -> Iterator[Node]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting += reversed([*one.values()])
        elif isinstance(one, list):
            waiting += reversed(one)


def _opens(text: str) -> bool:
    """Tell whether code in a line of its own is a derive fence whose opening pandoc does not know: it makes one line of it."""
    return _OPENING.match(text) is not None


def _replaced(value: Any, made: Mapping[int, Sequence[Node]]) -> Any:
    """Return a part of the tree with what stands in place of its blocks."""
    if isinstance(value, dict):
        return {key: _replaced(inner, made) for key, inner in value.items()}
    if isinstance(value, list):
        return [new for inner in value for new in made.get(id(inner), [_replaced(inner, made)])]
    return value


def _blocks(answer: Answer) -> list[Node]:
    return [
        {"t": "Para", "c": [_math("DisplayMath", piece.latex)] if isinstance(piece, Centred) else _inlines(piece)}
        for piece in answer.pieces
    ]


def _inlines(sentence: Wording) -> list[Node]:
    told = ([_math("InlineMath", word.latex)] if isinstance(word, Inline) else _strings(word) for word in sentence.words)
    words = [node for nodes in told for node in nodes]
    return [{"t": STYLED[sentence.style], "c": words}] if sentence.style in STYLED else words


def _strings(text: str) -> Iterator[Node]:
    for part in re.split(r"( )", text):
        if part:
            yield {"t": "Space"} if part == " " else {"t": "Str", "c": part}


def _math(kind: str, latex: str) -> Node:
    return {"t": "Math", "c": [{"t": kind}, latex]}


def _quoted(value: str) -> str:
    return f"'{value}'" if '"' in value else f'"{value}"'


def _plain(value: Node) -> str:
    """Return the text of a value of the metadata."""
    content = value.get("c")
    if isinstance(content, list):
        return "".join(_plain(inner) for inner in content)
    return " " if value["t"] in ("Space", "SoftBreak") else "off" if content is False else str(content)


def main() -> NoReturn:
    """Filter standard input to standard output."""
    try:
        made = filtered(json.loads(sys.stdin.buffer.read()))
    except Unmet as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
    sys.stdout.buffer.write(json.dumps(made).encode())
    sys.exit(0)
