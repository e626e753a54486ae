"""Derivations as components of a page: what they load, and the rules that their captions link to."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.utils import get_relative_url

import mdderive
from mdderive_mkdocs.assets import HOME
from mdderive_mkdocs.ready import Ready

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


def write_rules(config: MkDocsConfig, pages: Sequence[Ready], cache: bool | str) -> None:
    """Write a page with the rules that a site uses, each with its proof."""
    names = sorted({name for page in pages for name in page.rules})
    lang: Language = "zh" if any("zh" in page.langs for page in pages) else "en"
    text = mdderive.remembered(lambda: _rules(frozenset(names), lang), json.dumps(["rules", lang, names]), cache=cache)
    if text:
        (Path(config.site_dir) / RULES).write_text(text, encoding="utf-8")


@cache
def _rules(names: frozenset[str], lang: Language) -> str:
    """Return the page, empty where no rule is used; while somebody writes (`serve`) it is the same at most builds."""
    known = [rule.name for rule in mdderive.rules() if rule.name in names] if names else []
    parts = [f'<div id="rule-{name}"></div>\n\n{mdderive.explain(f"rule:{name}", lang)}' for name in known]
    text = "\n\n".join([f"# {TITLE[lang]}", *parts, ""])
    return mdderive.convert(mdderive.check(text, path="rules.md"), "html", standalone=True) if known else ""
