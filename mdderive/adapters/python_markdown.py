"""Python-Markdown: derive blocks become derivations when a page is converted, and a page with a mistake is not converted.

`markdown.markdown(text, extensions=["mdderive.adapters.python_markdown"])`, and with that the generators that convert with
Python-Markdown: Zensical above all. Where somebody writes and watches (`serve`) a box on the page says what is wrong instead.

Zensical keeps converted pages and takes them up in the next run, be it of `serve` or of `build`: a box that `serve` showed would
be published. It converts anew where its options changed, so `Fence`, as the format of a superfences fence, is made another for
`serve`, for `build` and for each version of mdderive. Without it nothing is boxed.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor

import mdderive
from mdderive import Document, Finding, Gate, __version__
from mdderive.adapters.gate import OPTIONS, below, gate

PRIORITY = 31.5  # behind snippets (32), before whatever reads fences (31.05)
WATCHING = ("mkdocs", "properdocs", "zensical")
ARITHMATEX = "pymdownx.arithmatex"
CONTEXT = "rendering_context"  # the name under which Zensical leaves the page with its converter
ADVICE = (
    "mdderive: a box on the page would also be published, for Zensical's serve and build share what they keep; to have it, write "
    "under [project.markdown_extensions.pymdownx.superfences]\n"
    'custom_fences = [{ name = "derive", class = "derive", format = { object = "mdderive.adapters.python_markdown.Fence" } }]'
)


class Unpublishable(Exception):
    """What is wrong with a page, as a report that names file and line."""


class Fence:
    """The format of a superfences fence: a derive block that reaches it was not looked at, and stops the build."""

    def __init__(self) -> None:
        self.watched = watched()
        self.version = __version__

    def __call__(self, body: str, *_: object, **__: object) -> str:
        """Return the fence as code where a box says what is wrong with it; raises where nothing was judged."""
        from html import escape

        from pymdownx.superfences import SuperFencesException

        if self.watched:
            return f"<pre><code>{escape(body)}</code></pre>"
        raise SuperFencesException(
            f"mdderive: nothing judged this block, for it was put together behind mdderive.adapters.python_markdown:\n{body}"
        )


class Derivations(Extension):
    """Expands derive blocks and holds the page to what they say; options as `gate` has them."""

    def __init__(self, **options: object) -> None:
        self.config = {name: [default, "see the guide"] for name, default in OPTIONS.items()}
        super().__init__(**options)
        self.gate = gate(self.getConfigs())

    def extendMarkdown(self, md: Markdown) -> None:
        """Take the place in a converter, and have formulas left alone there."""
        md.registerExtension(self)
        md.preprocessors.register(_Blocks(md, self.gate), "mdderive_blocks", PRIORITY)
        if not any(type(known).__module__ == ARITHMATEX for known in md.registeredExtensions):
            md.registerExtensions([ARITHMATEX], {ARITHMATEX: {"generic": True}})


class _Page(NamedTuple):
    """The page that is converted, as far as its generator tells: its path, its file, and whether mistakes may be boxed on it."""

    path: str = "-"
    whole: str = ""
    boxed: bool = False


class _Blocks(Preprocessor):
    def __init__(self, md: Markdown, held: Gate) -> None:
        super().__init__(md)
        self.gate = held

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines with derivations; raises `Unpublishable` where they must not be published."""
        page = _page(self.md)
        text = "\n".join(lines)
        document = below(mdderive.check(text, path=page.path, settings=self.gate.settings), page.whole)
        wrong = any(self.gate.stops(document, finding) for finding in document.findings)
        if wrong and not page.boxed:
            told = mdderive.report(self._placed(document, page.whole), lang=self.gate.settings.lang)
            raise Unpublishable(f"mdderive: this page is not published\n\n{told}{ADVICE if watched() else ''}")
        for _, told in self.gate.told(document):
            print(told, file=sys.stderr)
        return mdderive.convert(document, boxes=self.gate.settings.lang if page.boxed else None).split("\n")

    def _placed(self, document: Document, whole: str) -> Iterator[Document]:
        """Yield a document in parts: with the places of its file what is found in that too, the rest as it was put together."""
        if not whole or whole.endswith(document.source.text):
            yield document
            return
        own = mdderive.check(whole, path=document.source.path, settings=self.gate.settings)
        here, there = ({(f.code, _text(d, f)) for f in d.findings} for d in (own, document))
        yield replace(own, findings=tuple(f for f in own.findings if (f.code, _text(own, f)) in there))
        rest = tuple(f for f in document.findings if (f.code, _text(document, f)) not in here)
        yield replace(document, source=replace(document.source, path=f"{document.source.path} (as put together)"), findings=rest)


def _text(document: Document, finding: Finding) -> str:
    return document.source.text[finding.span.start : finding.span.end]


def _page(md: Markdown) -> _Page:
    """Return what Zensical says of the page, if it is Zensical that converts."""
    context = next((known for known in md.preprocessors if getattr(known, "name", "") == CONTEXT), None)
    if context is None:
        return _Page(boxed=watched())
    file = Path(context.config["root_dir"], context.config["docs_dir"], context.page.path)
    kept_apart = any(
        isinstance(fence.get("format"), Fence)
        for fence in context.config["mdx_configs"].get("pymdownx.superfences", {}).get("custom_fences", [])
    )
    try:
        whole = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        whole = ""
    here = file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file
    return _Page(str(here), whole, watched() and kept_apart)


def watched() -> bool:
    """Tell whether a generator runs for somebody who writes and watches."""
    program = Path(sys.argv[0])
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    return words[:1] == ["serve"] and not {program.stem, program.parent.name}.isdisjoint(WATCHING)


def makeExtension(**options: object) -> Derivations:
    """Return the extension, for Python-Markdown."""
    return Derivations(**options)
