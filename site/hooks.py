"""Hooks of the documentation site: KaTeX beside the pages, and pages made from the tables of the project.

Rules, diagnostics and changelog are pages without a file of their own, so they cannot drift from what they describe. KaTeX comes
from npm by the lock file, so that the built site asks no other server for anything; without npm the build says so and links
a CDN.
"""

import logging
import shutil
import subprocess
from itertools import groupby
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from mdderive.diagnostics import CATALOG, Language
from mdderive.render.markdown import escaped
from mdderive.report.machine import general
from mdderive.rules import RULES

log = logging.getLogger("mkdocs.hooks.site")

HERE = Path(__file__).parent
KATEX = HERE / "node_modules" / "katex" / "dist"
FILES = ("katex.min.css", "katex.min.js", "contrib/auto-render.min.js")
CDN = "https://cdn.jsdelivr.net/npm/katex@0.16/dist"

FAMILIES = {"1": "Block and file", "2": "Notation", "3": "Shapes", "4": "Mathematics", "9": "Internal"}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Link the stylesheet and scripts of KaTeX, its own copy where there is one."""
    if not KATEX.is_dir():
        _install()
    base = "katex" if KATEX.is_dir() else CDN
    if base == CDN:
        log.info("KaTeX is not installed (npm ci in %s): pages link %s", HERE, CDN)
    css, *scripts = (f"{base}/{name}" for name in FILES)
    config.extra_css.insert(0, css)
    config.extra_javascript[:0] = scripts
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made from tables."""
    changelog = (HERE.parent / "CHANGELOG.md").read_text(encoding="utf-8")
    for name, text in {"rules.md": rules_page(), "diagnostics/index.md": codes_page(), "changelog.md": changelog}.items():
        files.append(File.generated(config, name, content=text))
    return files


def on_post_build(config: MkDocsConfig) -> None:
    """Copy KaTeX and its fonts into the output."""
    if not KATEX.is_dir():
        return
    target = Path(config.site_dir) / "katex"
    for name in FILES:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(KATEX / name, target / name)
    (target / "fonts").mkdir(exist_ok=True)
    for font in KATEX.glob("fonts/*.woff2"):
        shutil.copyfile(font, target / "fonts" / font.name)


def rules_page() -> str:
    """Return the page that lists all rules."""
    parts = [
        "# Rules",
        "A rule is its statement. Lower-case Greek letters stand for numbers, lower-case Latin letters for columns, capitals for "
        "any shape that fits; $k$ is any number, $n$ an integer of at least 2, $\\sigma$ any elementwise function. Every rule is "
        "verified, at several sizes, by the same judge that verifies notes.",
    ]
    for rule in RULES:
        premise = f" Where {rule.when}." if rule.when else ""
        source = f" {rule.ref[0].upper()}{rule.ref[1:]}." if rule.ref else ""
        parts.append(f"**`{rule.name}`** {escaped(f'{rule.en} · {rule.zh}.{premise}{source}')}")
        parts.append(f"$$\n{rule.lhs} = {rule.rhs}\n$$")
    return "\n\n".join(parts) + "\n"


def codes_page() -> str:
    """Return the page that lists all codes."""
    parts = ["# Diagnostics", "Every finding has a code. `mdderive explain CODE` prints its page."]
    for family, codes in groupby(sorted(CATALOG), key=lambda code: code[3]):
        rows = [f"| [{c}]({c}.md) | {CATALOG[c].severity} | {_cell(c, 'en')} | {_cell(c, 'zh')} |" for c in codes]
        parts += [f"## {FAMILIES[family]}", "\n".join(["| code | severity | says | 中文 |", "|---|---|---|---|", *rows])]
    return "\n\n".join(parts) + "\n"


def _cell(code: str, lang: Language) -> str:
    return escaped(general(CATALOG[code].words[lang]))


def _install() -> None:
    npm = shutil.which("npm")
    if npm is None:
        return
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
    if done.returncode:
        log.info("npm ci failed: %s", done.stderr.strip())
