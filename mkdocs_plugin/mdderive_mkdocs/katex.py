"""What draws the formulas of a site: the MathJax or KaTeX that it has, or the KaTeX that mdderive brings along.

The small script stands on every page, so that a page reached by instant navigation is drawn too; KaTeX itself is loaded by the
first page that has a formula. Nothing is asked of another server.
"""

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from mdderive_mkdocs.assets import HOME

SCRIPT = f"{HOME}/math.js"
MARK = 'class="arithmatex"'
ARITHMATEX = "pymdownx.arithmatex"
_DRAWS = re.compile(r"mathjax|katex|tex-(?:mml|chtml|svg)", re.IGNORECASE)
_TREATS = re.compile(r"arithmatex|math|katex|latex", re.IGNORECASE)
_SET_APART = re.compile(r"<(pre|code|script|style|textarea)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_DOLLARS = re.compile(r"\$\$[^$]+\$\$|(?<![\\$\w])\$(?=[^\s$])[^$<]*(?<=[^\s\\$])\$(?![\d$])")


def draws_itself(config: MkDocsConfig) -> bool:
    """Tell whether a site loads something that draws formulas, by its configuration, a plugin or a template of its theme."""
    named = [*map(str, config.extra_javascript), *map(str, config.plugins)]
    return any(_DRAWS.search(name) for name in named) or any(_DRAWS.search(page) for page in _templates(config))


def _templates(config: MkDocsConfig) -> Iterator[str]:
    for folder in map(Path, config.theme.dirs):
        for page in folder.rglob("*.html"):
            yield page.read_text(encoding="utf-8", errors="replace")


def treats(config: MkDocsConfig) -> bool:
    """Tell whether Markdown is told what formulas are."""
    return any(isinstance(name, str) and _TREATS.search(name) for name in config.markdown_extensions)


def bring(config: MkDocsConfig) -> None:
    """Put KaTeX into a configuration, once, and arithmatex where nothing hands formulas on and it is installed."""
    if SCRIPT not in map(str, config.extra_javascript):
        config.extra_javascript.append(SCRIPT)
    if not treats(config) and find_spec("pymdownx"):
        config.markdown_extensions.append(ARITHMATEX)
        config.mdx_configs[ARITHMATEX] = {"generic": True}


def raw(html: str) -> str:
    """Return the first formula of a page that stands on it between dollars, for nothing took it for one."""
    found = _DOLLARS.search(_SET_APART.sub("", html))
    return found[0] if found else ""
