"""Derivations as components of a page: what they load, and the rules that their captions link to."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.utils import get_relative_url

import mdderive
from mdderive import Document
from mdderive_mkdocs.assets import HOME

STYLE, SCRIPT = f"{HOME}/derivation.css", f"{HOME}/derivation.js"
RULES = f"{HOME}/rules.html"
LINK = 'class="mdderive-rule" href="{}#rule-'
Language = Literal["en", "zh"]
TITLE: Mapping[Language, str] = {"en": "Rules", "zh": "法则"}


def bring(config: MkDocsConfig) -> None:
    """Put the style and the script of derivations into a configuration, once."""
    if STYLE not in config.extra_css:
        config.extra_css.insert(0, STYLE)  # a site's own styles come later and win
    if SCRIPT not in map(str, config.extra_javascript):
        config.extra_javascript.append(SCRIPT)


def linked(page: str, url: str) -> str:
    """Return a page with the links of captions led to the rules of the site."""
    return page.replace(LINK.format(""), LINK.format(get_relative_url(RULES, url)))


def write_rules(config: MkDocsConfig, documents: Sequence[Document]) -> None:
    """Write a page with the rules that a site uses, each with its proof."""
    names = {
        name
        for document in documents
        for one in document.derivations
        for step in (*one.steps, *one.solution_steps)
        for name in step.rules
    }
    known = [rule.name for rule in mdderive.rules() if rule.name in names]
    if not known:
        return
    lang: Language = "zh" if any(block.lang == "zh" for document in documents for block in document.blocks) else "en"
    (Path(config.site_dir) / RULES).write_text(_rules(tuple(known), lang), encoding="utf-8")


@cache
def _rules(names: tuple[str, ...], lang: Language) -> str:
    """Return the page; while somebody writes (`serve`) it is the same at most builds."""
    parts = [f'<div id="rule-{name}"></div>\n\n{mdderive.explain(f"rule:{name}", lang)}' for name in names]
    text = "\n\n".join([f"# {TITLE[lang]}", *parts, ""])
    return mdderive.convert(mdderive.check(text, path="rules.md"), "html", standalone=True)
