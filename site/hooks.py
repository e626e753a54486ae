"""Hooks of the documentation site: pages made from the tables of the project, and pages in two languages."""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from heads import description, head, split_index
from pages import in_language, language, navigation, siblings
from reference import filled, made

ADDRESSES = "addresses"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made from tables."""
    for name, content in made().items():
        files.append(File.generated(config, name, content=content))
    return files


def on_page_markdown(markdown: str, *, page: Page, **_: object) -> str:
    """Put what is made from the package where a page asks for it."""
    return filled(markdown, language(page))


def on_page_content(html: str, *, page: Page, config: MkDocsConfig, **_: object) -> str:
    """Describe a page by its first sentences where it has no description of its own."""
    page.meta.setdefault("description", description(html, language(page)) or config.site_description)
    return html


def on_nav(nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
    """Keep where each page is, for the link to its translation."""
    config.extra[ADDRESSES] = {file.src_uri: file.url for file in files.documentation_pages()}
    return nav


def on_page_context(context: dict[str, object], *, page: Page, config: MkDocsConfig, nav: Navigation) -> dict[str, object]:
    """Write a page in its language, with the navigation in that language and a link to its translation."""
    config.theme["language"] = language(page)
    config.extra["alternate"] = siblings(config.extra[ADDRESSES], page.file.src_uri)
    page.previous_page, page.next_page = in_language(page, page.previous_page), in_language(page, page.next_page)
    return context | {"nav": navigation(nav, language(page))}


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    """Write what stands around a page."""
    return head(output, page, config)


@event_priority(-100)  # when the search plugin has written its index
def on_post_build(config: MkDocsConfig) -> None:
    """Give each language an index of its own."""
    split_index(Path(config.site_dir))
