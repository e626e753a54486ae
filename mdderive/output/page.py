"""A note to a web page: all of its Markdown rendered, its derivations as components, the rules they use listed at its end.

The page stands alone: scripts, styles and fonts are in it.
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from mdderive.model.results import Document
from mdderive.output.html import entry
from mdderive.output.markup import DISPLAYED, INLINE, language, parser, title
from mdderive.output.pages import expand
from mdderive.output.words import word
from mdderive.rules.book import BOOK

ASSETS = files("mdderive") / "assets"
_FONT = re.compile(r"url\((fonts/[\w-]+\.woff2)\)(?: format\(\"woff2\"\))?(?:,url\([^)]*\) format\(\"\w+\"\))*")
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


def body(document: Document) -> str:
    """Return what stands between the tags of the body: the text, and the rules that it links to."""
    md = parser()
    for kind in (*INLINE, *DISPLAYED):
        md.add_render_rule(kind, _formula)
    return str(md.render(expand(document, "html"))) + "\n".join(_rulebook(document))


def page(document: Document) -> str:
    """Return the whole page."""
    inside = body(document)
    drawn = _FORMULA in inside
    derived = bool(document.blocks)
    styles = ["page.css", *["derivation.css"] * derived, *["katex/katex.min.css", "math.css"] * drawn]
    scripts = [*["derivation.js"] * derived, *["katex/katex.min.js", "katex/auto-render.min.js", "math.js"] * drawn]
    return _PAGE.format(
        lang=language(document),
        title=escape(title(document)),
        head="".join(f"<style>\n{_style(name)}\n</style>\n" for name in styles),
        body=inside,
        scripts="".join(f"<script>\n{_asset(name)}\n</script>\n" for name in scripts),
    )


def _formula(_self: RendererHTML, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: EnvType) -> str:
    token = tokens[at]
    content = escape(token.content.strip(), quote=False)
    if token.type in INLINE:
        return rf"<span {_FORMULA}>\({content}\)</span>"
    tag = "div" if token.block else "span"
    return rf"<{tag} {_FORMULA}>\[{content}\]</{tag}>" + "\n" * token.block


def _rulebook(document: Document) -> Iterator[str]:
    """Yield the list of the rules that derivations of a note link to."""
    steps = (step for one in document.derivations for step in (*one.steps, *one.solution_steps))
    used = {name for step in steps for name in step.rules}
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
