"""Sphinx: the directive `derive` in reStructuredText and MyST, and MyST fences named `derive`, become derivations.

The directive leaves its place in the tree; when all of a page is read its blocks are judged together, and what is derived
takes their places as mathematics of Sphinx's own, for MathJax and LaTeX alike. What is wrong is a warning `file:line: …
[mdderive.CODE]`, so that `-W` fails, and an error on the page.
"""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StateMachine
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

import mdderive
from mdderive import Document, Gate, __version__
from mdderive.adapters.gate import OPTIONS, gate
from mdderive.adapters.parts import Answer, Centred, Heading, Inline, Wording, Written, answered, meant

log = logging.getLogger(__name__)
NAME = "derive"
CHOSEN = [name for name in OPTIONS if name != "equations"]
STYLED = {"plain": None, "strong": nodes.strong, "emphasis": nodes.emphasis}


class Derive(SphinxDirective):
    """The place of a derive block. Its options are those of a fence, in the line of its name or as fields."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {
        **dict.fromkeys(("layout", "steps", "lang", "functions", "title", "expect", "skip"), directives.unchanged),
        "new": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        """Leave the place of the block."""
        body, said = "\n".join(self.content), " ".join(self.arguments)
        path, line = self.get_source_info()
        if not isinstance(self.state_machine, StateMachine):  # MyST counts from the line of the fence
            line = self.lineno + self.content_offset
        elif said and self.block_text.split("\n", 1)[0].rstrip().endswith("::"):  # no blank line below the name
            body, said = f"{said}\n\n{body}", ""
        elif self.content:
            path, line = self.content.source(0), self.content.offset(0)
        named = [f'{name}="{value}"' if value else name for name, value in self.options.items()]
        return [Awaited("", written=Written(" ".join([said, *named]).strip(), body, path, line))]


class Awaited(nodes.General, nodes.Element):
    """Where a derivation is to stand."""


def expand(app: Sphinx, doctree: nodes.document) -> None:
    """Put derivations into a page that was read."""
    held = gate({name: getattr(app.config, f"mdderive_{name}") for name in CHOSEN})
    _tell_misspelt(doctree)
    found = [*_found(doctree)]
    places = [node for node in found if isinstance(node, Awaited)]
    answers = answered([node["written"] if isinstance(node, Awaited) else Heading(_level(node)) for node in found], held)
    for place, answer in zip(places, answers, strict=True):
        stopped = _told(answer.document, held)
        made = [*_error(place["written"], stopped)] if stopped else [*_nodes(answer)]
        place.replace_self(made)


def _found(doctree: nodes.document) -> Iterator[nodes.Element]:
    yield from doctree.findall(lambda node: isinstance(node, Awaited | nodes.section))


def _level(section: nodes.Element) -> int:
    level, around = 1, section.parent
    while around is not None:
        level += isinstance(around, nodes.section)
        around = around.parent
    return level


def _told(document: Document, held: Gate) -> list[str]:
    """Warn of what is found in a block, and return what keeps it from being printed."""
    stopped = []
    for finding, _ in held.told(document):
        alone = mdderive.report([Document(document.source, equations=document.equations, findings=(finding,))], "concise")
        place, _, message = alone.partition("\n")[0].partition(f": {finding.code} ")
        log.warning(message, location=place.rpartition(":")[0], type="mdderive", subtype=finding.code)
        if held.stops(document, finding):
            stopped.append(f"{finding.code}: {message}")
    return stopped


def _tell_misspelt(doctree: nodes.document) -> None:
    for block in doctree.findall(nodes.literal_block):
        language = str(block.get("language", ""))
        if language != NAME and meant(language):
            log.warning(
                "this looks like a derive block and is none: write %s", NAME, location=block, type="mdderive", subtype="DRV108"
            )


def _error(written: Written, stopped: Sequence[str]) -> Iterator[nodes.Node]:
    paragraphs = (nodes.paragraph(message, message) for message in stopped)
    yield nodes.error("", *paragraphs)
    yield nodes.literal_block(written.body, written.body, language="none")


def _nodes(answer: Answer) -> Iterator[nodes.Node]:
    for piece in answer.pieces:
        match piece:
            case Centred(latex):
                yield nodes.math_block(latex, latex, **{"no-wrap": False, "nowrap": False, "number": None, "label": None})
            case Wording(words, style):
                yield nodes.paragraph("", "", *_words(words, style))


def _words(words: Sequence[str | Inline], style: str) -> Iterator[nodes.Node]:
    for word in words:
        if isinstance(word, Inline):
            yield nodes.math(word.latex, word.latex)
        else:
            yield STYLED[style](word, word) if STYLED[style] else nodes.Text(word)


def configured(app: Sphinx, config: Config) -> None:
    """Read MyST fences named `derive` as directives, and refuse options that cannot be meant."""
    try:
        gate({name: getattr(config, f"mdderive_{name}") for name in CHOSEN})
    except ValueError as error:
        raise ConfigError(f"mdderive_{error}") from error
    if "myst_fence_as_directive" in config:
        config.myst_fence_as_directive = {*config.myst_fence_as_directive, NAME}


def setup(app: Sphinx) -> dict[str, object]:
    """Join Sphinx."""
    for name in CHOSEN:
        app.add_config_value(f"mdderive_{name}", OPTIONS[name], "env", types=(str,))
    app.add_node(Awaited)
    app.add_directive(NAME, Derive)
    app.connect("config-inited", configured, priority=100)
    app.connect("doctree-read", expand, priority=10)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
