"""Pages of a MkDocs site to pages with derivations; findings of all pages to one error.

MkDocs stops at the first exception of a page, so findings are collected while pages are read and raised together in `on_env`,
before anything is written. `mkdocs serve` logs them, shows them on the page, and goes on.
"""

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html import escape
from typing import Literal

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.contrib.search import SearchPlugin
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

import mdderive
from mdderive import Document, Finding, Gate, Settings, Span
from mdderive_mkdocs import assets, components, katex
from mdderive_mkdocs.keeping import Kept
from mdderive_mkdocs.net import Net, hidden_openings, stretch
from mdderive_mkdocs.options import MdderiveConfig
from mdderive_mkdocs.places import Places, merged
from mdderive_mkdocs.ready import Ready, ready, remembered
from mdderive_mkdocs.searched import searched

Language = Literal["en", "zh"]
log = logging.getLogger("mkdocs.plugins.mdderive")

ORDINARY = "Page.render"  # the name of what converts a page, unless a plugin puts something else in its place
HOW = {
    "late": ("by another plugin, after the text of the page was read", "在读取页面文字之后由其他插件"),
    "notebook": ("in a file that another plugin makes the page from", "在由其他插件生成页面的文件中"),
}
BOX = '<div class="mdderive-error"'


@dataclass
class _Seen:
    """The page that is being made: what it came to when it was read, and the texts that were looked at while it is converted."""

    path: str
    document: Document
    settings: Settings
    looked: list[str] = field(default_factory=list)

    def unknown(self, document: Document) -> Document:
        """Return what a text made from the page comes to, without what the page came to already and still holds."""
        blocks = {_text(self.document, block.span) for block in self.document.blocks if not block.sound}
        findings = {(f.code, _text(self.document, f.span)) for f in self.document.findings}
        return replace(
            document,
            blocks=tuple(b for b in document.blocks if _text(document, b.span) not in blocks),
            findings=tuple(f for f in document.findings if (f.code, _text(document, f.span)) not in findings),
        )


def _spoken(chosen: str, around: str) -> Language:
    """Return the language of words: the one that is chosen, or that of what stands around."""
    return "zh" if (around if chosen == "auto" else chosen).startswith("zh") else "en"


def _language_of(config: MkDocsConfig) -> str:
    """Return the language of a site, as its theme or a plugin for languages says."""
    theme = config.theme
    return str(theme.get("language") or theme.get("locale") or "en")


def _text(document: Document, span: Span) -> str:
    return document.source.text[span.start : span.end]


def _bare(text: str) -> str:
    """Return a text without what lists, quotes and indentation put before its lines."""
    return "\n".join(line.strip("> \t") for line in text.splitlines())


class MdderivePlugin(BasePlugin[MdderiveConfig]):
    """Expands derive blocks and holds the build to what they say."""

    def __init__(self) -> None:
        self.serving = False
        self.settings = Settings()
        self.render = ""
        self.gate = Gate()
        self.page = _Seen("-", mdderive.check(""), self.settings)
        self.kept = Kept()
        self.content: str | None = None
        self.drawing = False
        self.undrawn: dict[str, str] = {}
        self.documents: dict[tuple[str, ...], Document] = {}
        self.ready: dict[tuple[str, ...], Ready] = {}  # the pages of which nothing is to be told
        self.earlier: dict[tuple[str, ...], Document | Ready] = {}
        self.loose: dict[tuple[str, ...], str] = {}  # those whose places are not those of a file, each with the file of its page

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Note whether somebody is writing (`serve`); its presence also keeps the plugin alive between builds."""
        self.serving = command == "serve"

    @event_priority(-100)  # what a site loads is known when everything else had its turn
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Begin a build."""
        options, before = self.config, (self.settings, self.render)
        self.settings = Settings(
            layout=options.layout,
            steps=options.steps,
            result=options.result,
            lang=_spoken(options.lang, _language_of(config)),
            equations=options.equations != "off",
        )
        self.gate = Gate(self.settings, options.equations, options.undecided)
        self.earlier = {**self.documents, **self.ready} if (self.settings, options.render) == before else {}
        self.documents, self.ready, self.loose = {}, {}, {}
        self.render = options.render
        self.undrawn = {}
        stretch(config, Net(self.read_again, self.kept.put), self.caught)
        self.drawing = options.math == "auto" and not katex.draws_itself(config)
        if self.drawing:
            katex.bring(config)
        if options.render == "html":
            components.bring(config)
        return config

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Return the page with its blocks expanded, and keep what was found."""
        whole = page.file.content_string
        above = whole.removesuffix(markdown)  # all of it where another plugin changed the page: places are those of what it made
        path = page.file.abs_src_path
        path = os.path.relpath(path) if path else page.file.src_uri
        lang = _spoken(self.config.lang, str(getattr(page.file, "locale", None) or _language_of(config)))
        settings = replace(self.settings, lang=lang)
        line_offset = above.count("\n") if len(above) < len(whole) else 0
        if len(above) == len(whole):
            self.loose[path, markdown, lang] = path
        self.page = _Seen(path, Document(replace(self.page.document.source, path=path)), settings)
        return self._read(markdown, line_offset)

    def read_again(self, text: str) -> str:
        """Return a text that is about to be converted with the blocks expanded that were not in the page when it was read."""
        self.page.looked.append(_bare(text))
        more = self.page.unknown(self._blocks(text, f"{self.page.path} (as put together)"))
        if not more.blocks and not more.findings:
            return text
        self.documents[more.source.path, text] = more
        self.loose[more.source.path, text] = self.page.path
        return self._expanded(more)

    def caught(self, body: str) -> str:
        """Return a derive fence as code, and keep it as a finding where its text was never looked at."""
        if not any(_bare(body) in text for text in self.page.looked):
            self._tell(f"```derive\n{body}\n```\n", 0, "late")
        return f"<pre><code>{escape(body)}</code></pre>"

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Look through a page that came by the net: made from its file by another plugin, or converted without the net."""
        html = self.kept.put(html)
        if self.drawing and (formula := katex.raw(html)):
            self.undrawn.setdefault(self.page.path, formula)
        if self.page.looked:
            return html
        if page.render.__qualname__ != ORDINARY:
            for at in hidden_openings(page.file.content_string):
                self._tell(page.file.content_string, at, "notebook")
        else:
            text = page.markdown or ""
            for block in self.page.unknown(self._blocks(text)).blocks:
                self._tell(text, block.span.start, "late")
        return html

    def _blocks(self, text: str, path: str = "-") -> Document:
        settings = replace(self.page.settings, equations=False)
        return mdderive.check(text, path=path, settings=settings, cache=self.config.cache)

    def _tell(self, text: str, at: int, how: str) -> None:
        end = text.find("\n", at)
        facts = dict(zip(("how", "how_zh"), HOW[how], strict=True))
        finding = Finding("DRV195", Span(at, end if end >= 0 else len(text)), facts)
        source = replace(self.page.document.source, text=text, path=self.page.path, line_offset=0)
        known = self.documents.get((source.path, text), Document(source))
        self.documents[source.path, text] = replace(known, findings=(*known.findings, finding))

    def _read(self, text: str, line_offset: int) -> str:
        """Return the text of the page with its blocks expanded, and keep what a site is told of it."""
        page, cache = self.page, self.config.cache

        def made() -> Ready | None:
            page.document = mdderive.check(text, path=page.path, settings=page.settings, line_offset=line_offset, cache=cache)
            told = any(finding.severity != "info" for finding in page.document.findings)
            if told or not page.document.blocks:
                return None
            return ready(page.document, expanded := self._expanded(page.document), self.kept.parts(expanded))

        key = (page.path, text, page.settings.lang)
        known = self.earlier.get(key)
        if isinstance(known, Document) and known.source.line_offset == line_offset:
            page.document, known = known, None
        elif not isinstance(known, Ready):
            known = remembered(made, text, self.render, page.settings, cache)
        if known is None:
            self.documents[key] = page.document
            return self._expanded(page.document)
        self.ready[key] = known
        for part in known.parts:
            self.kept.keep(part)
        return known.text

    def _expanded(self, document: Document) -> str:
        if not document.blocks and not document.findings:
            return document.source.text  # and what writes derivations is not imported
        boxes = self.page.settings.lang if self.serving else None
        if self.render == "html":
            return mdderive.convert(document, "html", boxes=boxes, place=self.kept.keep)
        return mdderive.convert(document, boxes=boxes, place=self._kept_box)

    def _kept_box(self, text: str) -> str:
        """Keep a box, and leave Markdown to Markdown."""
        return self.kept.keep(text) if text.startswith(BOX) else text

    def on_env(self, env: object, *, config: MkDocsConfig, files: Files) -> None:
        """Tell everything that was found; raises `PluginError` where a build must not go on."""
        places = Places(config, self.settings)
        documents = merged(
            told
            for key, document in self.documents.items()
            for told in (places.told(document, self.loose[key]) if key in self.loose else (document,))
        )
        told = [(self.gate.stops(d, finding), text) for d in documents for finding, text in self.gate.told(d)]
        fatal = sum(stops for stops, _ in told)
        if fatal and not self.serving:
            report = mdderive.report([*documents, *self._silent()], lang=self.settings.lang)
            raise PluginError(f"mdderive: {fatal} finding(s)\n\n{report}")
        for stops, text in told:
            log.log(logging.ERROR if stops else logging.WARNING, text)
        self._tell_undrawn(katex.treats(config))
        log.info(self._counts())

    @event_priority(100)
    def _before_search(self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation) -> None:
        self.content = page.content
        if isinstance(config.plugins.get("search"), SearchPlugin):  # others know the mark themselves
            page.content = searched(page.content or "")

    @event_priority(-100)
    def _behind_search(self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation) -> None:
        page.content = self.content

    on_page_context = CombinedEvent(_before_search, _behind_search)  # the index is made between them

    @event_priority(50)  # before anything rewrites the page
    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Return a page with the links of captions led to the rules, and say when its theme does not load what it is given."""
        if self.drawing and katex.MARK in output and katex.SCRIPT not in output:
            self.drawing = False  # said once
            log.warning(
                "mdderive: the theme does not load extra_javascript, so formulas are not drawn: write in its template "
                "{% for script in config.extra_javascript %}{{ script | script_tag }}{% endfor %}"
            )
        return components.linked(output, page.url)

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Put what pages load beside them, and the rules that their captions link to."""
        assets.copy(config)
        components.write_rules(config, self._pages(), self.config.cache)

    def _tell_undrawn(self, treated: bool) -> None:
        """Warn of pages on which a formula stays between dollars, with what to add."""
        for path, formula in self.undrawn.items():
            mend = "leave a blank line above and below $$" if treated else "pip install pymdown-extensions"
            log.warning("mdderive: %s: %s stays as it is written on the page: %s", path, " ".join(formula.split())[:60], mend)

    def _pages(self) -> list[Ready]:
        return [*self.ready.values(), *map(ready, self.documents.values())]

    def _silent(self) -> Iterator[Document]:
        """Yield the documents of the pages of which there is nothing to tell, which a report counts."""
        for path, text, lang in self.ready:
            settings = replace(self.settings, lang=_spoken(lang, lang))
            yield mdderive.check(text, path=path, settings=settings, cache=self.config.cache)

    def _counts(self) -> str:
        pages = self._pages()
        blocks, verified, skipped = (sum(getattr(page, name) for page in pages) for name in ("blocks", "verified", "skipped"))
        rest = blocks - skipped - verified
        more = [f"{skipped} skipped"] * bool(skipped) + [f"{rest} not verified"] * bool(rest)
        return "mdderive: " + ", ".join([f"{verified} blocks verified", *more])
