"""The Markdown of a whole note, for outputs that render all of it: how it is read, what the note is called, its language."""

import re
from pathlib import PurePath

from markdown_it import MarkdownIt
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.texmath import texmath_plugin

from mdderive.model.diagnostics import Language
from mdderive.model.results import Document

_HAN = re.compile(r"[\u3400-\u9fff]")
_SHARE = 5  # one character in so many makes a note Chinese
INLINE = ("math_inline", "math_single")
DISPLAYED = ("math_inline_double", "math_block", "math_block_label", "math_block_eqno", "amsmath")


def parser() -> MarkdownIt:
    """Return what reads the Markdown of a note: CommonMark with tables, formulas, footnotes, definition lists and admonitions."""
    md = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    md.use(front_matter_plugin).use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    md.use(texmath_plugin, delimiters="brackets").use(amsmath_plugin)
    return md.use(footnote_plugin).use(deflist_plugin).use(admon_plugin).use(anchors_plugin, max_level=4)


def title(document: Document) -> str:
    """Return what a note is called: by its front matter, its first heading, or its file."""
    tokens = parser().parse(document.source.text)
    for token in tokens:
        if token.type == "front_matter" and (named := re.search(r"^title:[ \t]*(.+)$", token.content, re.MULTILINE)):
            return named[1].strip().strip("\"'")
    heads = (tokens[i + 1].content for i, token in enumerate(tokens) if token.type == "heading_open")
    return next(heads, "") or PurePath(document.source.name).stem


def language(document: Document) -> Language:
    """Return the language of a note: that of its derivations, else the one its characters are of."""
    text = document.source.text
    chinese = any(block.lang == "zh" for block in document.blocks) or len(_HAN.findall(text)) * _SHARE > len(text)
    return "zh" if chinese else "en"
