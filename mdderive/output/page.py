"""A note to a web page: all of its Markdown rendered, its derivations as components, the rules they use listed at its end.

The page stands alone: scripts, styles and fonts are in it.
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files
from pathlib import PurePath

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.texmath import texmath_plugin

from mdderive.model.diagnostics import Language
from mdderive.model.results import Derivation, Document
from mdderive.output.html import entry
from mdderive.output.pages import expand
from mdderive.output.words import word
from mdderive.rules.book import BOOK

ASSETS = files("mdderive") / "assets"
_FONT = re.compile(r"url\((fonts/[\w-]+\.woff2)\)(?: format\(\"woff2\"\))?(?:,url\([^)]*\) format\(\"\w+\"\))*")
_HAN = re.compile(r"[\u3400-\u9fff]")
_FORMULA = 'class="arithmatex"'
_PAGE = """\
<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
{head}</head>
<body>
<main>
{body}</main>
{scripts}</body>
</html>
"""


def parser() -> MarkdownIt:
    """Return what reads the Markdown of a note: CommonMark with tables, formulas, footnotes, definition lists and admonitions."""
    md = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    md.use(front_matter_plugin).use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    md.use(texmath_plugin, delimiters="brackets").use(amsmath_plugin)
    return md.use(footnote_plugin).use(deflist_plugin).use(admon_plugin).use(anchors_plugin, max_level=4)


def body(document: Document) -> str:
    """Return what stands between the tags of the body: the text, and the rules that it links to."""
    md = parser()
    for kind in ("math_inline", "math_inline_double", "math_block", "math_block_label", "math_single", "amsmath"):
        md.add_render_rule(kind, _formula)
    return str(md.render(expand(document, "html"))) + "\n".join(_rulebook(document))


def page(document: Document) -> str:
    """Return the whole page."""
    inside = body(document)
    drawn = _FORMULA in inside
    styles = ["page.css", *["derivation.css"] * bool(document.blocks), *["katex/katex.min.css", "math.css"] * drawn]
    scripts = [*["derivation.js"] * bool(document.blocks), *["katex/katex.min.js", "katex/auto-render.min.js", "math.js"] * drawn]
    return _PAGE.format(
        lang=language(document),
        title=escape(title(document)),
        head="".join(f"<style>\n{_style(name)}\n</style>\n" for name in styles),
        body=inside,
        scripts="".join(f"<script>\n{_asset(name)}\n</script>\n" for name in scripts),
    )


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
    if any(block.lang == "zh" for block in document.blocks) or len(_HAN.findall(document.source.text)) * 5 > len(
        document.source.text
    ):
        return "zh"
    return "en"


def _formula(_self: RendererHTML, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: EnvType) -> str:
    token = tokens[at]
    left, right, tag = (r"\(", r"\)", "span") if token.type == "math_inline" else (r"\[", r"\]", "span")
    if token.type.startswith(("math_block", "amsmath")):
        tag = "div"
    content = escape(token.content.strip(), quote=False)
    return f"<{tag} {_FORMULA}>{left}{content}{right}</{tag}>" + "\n" * (tag == "div")


def _rulebook(document: Document) -> Iterator[str]:
    """Yield the list of the rules that derivations of a note link to."""
    used = {
        name
        for answer in document.derivations
        if isinstance(answer, Derivation)
        for step in (*answer.steps, *answer.solution_steps)
        for name in step.rules
    }
    rules = [rule for rule in BOOK if rule.name in used]
    if not rules:
        return
    lang = language(document)
    yield f'<section class="mdderive-rulebook">\n<h2>{word("used rules", lang)}</h2>\n<dl>'
    yield from (entry(rule, lang) for rule in rules)
    yield "</dl>\n</section>\n"


def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8").strip()


def _style(name: str) -> str:
    return _FONT.sub(_font, _asset(name))


def _font(found: re.Match[str]) -> str:
    data = b64encode((ASSETS / "katex" / found[1]).read_bytes()).decode("ascii")
    return f'url(data:font/woff2;base64,{data}) format("woff2")'
