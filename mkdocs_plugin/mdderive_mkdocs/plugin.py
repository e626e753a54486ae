"""Pages of a MkDocs site to pages with derivations; findings of all pages to one error.

MkDocs stops at the first exception of a page, so findings are collected while pages are read and raised together in `on_env`,
before anything is written. `mkdocs serve` logs them, shows them on the page, and goes on.
"""

import logging
import os
from html import escape

from mkdocs.config import config_options as c
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from mdderive.config import CHOICES
from mdderive.diagnostics import Diagnostic, Language
from mdderive.glance import checked
from mdderive.render import apply, edits
from mdderive.report import FORMATS, found, report
from mdderive.results import BlockResult, Document, Settings
from mdderive.source import Source, Span

log = logging.getLogger("mkdocs.plugins.mdderive")

UNDECIDED = "DRV404"
UNREAD = ("DRV108", "DRV109")
JUDGED = ("DRV402", "DRV403")
BOX = (
    '<div class="mdderive-error" style="border: 2px solid #c62828; border-radius: 4px; padding: .5em 1em; margin: 1em 0; '
    'background: #ffebee; color: #7f0000">{}</div>'
)


class Level(c.Choice[str]):
    """A choice in which YAML's reading of a bare `off` as False is what the author wrote."""

    def run_validation(self, value: object) -> str:
        """Return the choice; raises `ValidationError` for any other value."""
        return super().run_validation("off" if value is False else value)


class MdderiveConfig(Config):
    """Options of the plugin."""

    layout = c.Choice(CHOICES["layout"], default="denominator")
    lang = c.Choice(CHOICES["lang"], default="en")
    steps = c.Choice(CHOICES["steps"], default="normal")
    equations = Level(("off", "warn", "fail"), default="off")
    undecided = c.Choice(("warn", "fail"), default="warn")


class MdderivePlugin(BasePlugin[MdderiveConfig]):
    """Expands derive blocks and holds the build to what they say."""

    def __init__(self) -> None:
        self.serving = False
        self.settings = Settings()
        self.documents: dict[tuple[str, str], Document] = {}
        self.earlier: dict[tuple[str, str], Document] = {}

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Note whether somebody is writing (`serve`); its presence also keeps the plugin alive between builds."""
        self.serving = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Begin a build."""
        options = self.config
        self.settings = Settings(
            layout=options.layout,
            steps=options.steps,
            lang="zh" if options.lang == "zh" else "en",
            equations=options.equations != "off",
        )
        self.earlier, self.documents = self.documents, {}
        return config

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Return the page with its blocks expanded, and keep what was found."""
        whole = page.file.content_string
        start = len(whole) - len(markdown)
        if not whole.endswith(markdown):  # another plugin changed the page: places are those of what it made
            whole, start = markdown, 0
        path = page.file.abs_src_path
        document = self._document(whole, os.path.relpath(path) if path else page.file.src_uri)
        boxes = _boxes(document, start, self.settings.lang) if self.serving else []
        return apply(whole, [*edits(document), *boxes])[start:]

    def _document(self, text: str, path: str) -> Document:
        key = (path, text)
        if key not in self.documents:
            self.documents[key] = self.earlier.get(key) or checked(Source(text, path), self.settings)
        return self.documents[key]

    def on_env(self, env: object, *, config: MkDocsConfig, files: Files) -> None:
        """Tell everything that was found; raises `PluginError` where a build must not go on."""
        made = report(self.documents.values(), self.settings.lang)
        told = [(document, finding) for document, finding in made.findings() if finding.severity != "info"]
        fatal = [finding for document, finding in told if self._fatal(document, finding)]
        if fatal and not self.serving:
            raise PluginError(f"mdderive: {len(fatal)} finding(s)\n\n{FORMATS['full'](made)}")
        for document, finding in told:
            one = FORMATS["full"](report([Document(document.source, findings=(finding,))], self.settings.lang)).rpartition(
                "\n\n"
            )[0]
            log.log(logging.ERROR if self._fatal(document, finding) else logging.WARNING, one)
        log.info(self._counts())

    def _fatal(self, document: Document, finding: Diagnostic) -> bool:
        if self.config.equations == "warn" and finding.code in JUDGED and not _in_block(document, finding):
            return False
        return (
            finding.severity == "error"
            or finding.code in UNREAD
            or (finding.code == UNDECIDED and self.config.undecided == "fail")
        )

    def _counts(self) -> str:
        blocks = [block for document in self.documents.values() for block in document.blocks]
        skipped = sum(bool(block.skipped) for block in blocks)
        verified = sum(_verified(block) for block in blocks)
        rest = len(blocks) - skipped - verified
        more = [f"{skipped} skipped"] * bool(skipped) + [f"{rest} not verified"] * bool(rest)
        return "mdderive: " + ", ".join([f"{verified} blocks verified", *more])


def _in_block(document: Document, finding: Diagnostic) -> bool:
    return any(block.span.start <= finding.span.start < block.span.end for block in document.blocks)


def _verified(block: BlockResult) -> bool:
    sound = all(answer.judgement.outcome == "holds" for answer in block.answers)
    return sound and not block.skipped and not any(finding.severity == "error" for finding in block.findings)


def _boxes(document: Document, start: int, lang: Language) -> list[tuple[Span, str]]:
    """Return a box before every faulty block, and one at `start` for findings that belong to no block."""
    out = []
    outside = [finding for finding in found(document) if finding.severity == "error"]
    for block in document.blocks:
        inside = [finding for finding in outside if block.span.start <= finding.span.start < block.span.end]
        outside = [finding for finding in outside if finding not in inside]
        if inside:
            box = _box(document.source, inside, lang)
            out.append((Span(block.span.start, block.span.start), f"{box}\n{block.prefix.rstrip()}\n{block.prefix}"))
    if outside:
        out.append((Span(start, start), _box(document.source, outside, lang) + "\n\n"))
    return out


def _box(source: Source, findings: list[Diagnostic], lang: Language) -> str:
    rows = []
    for finding in findings:
        line, column = source.place(finding.span.start)
        place = escape(f"{source.path}:{line}:{column}")
        rows.append(
            f"<b>{finding.code}</b> {place}: {escape(finding.message(lang))}<br><code>{escape(finding.help(lang))}</code>"
        )
    return BOX.format("<br>".join(rows))
