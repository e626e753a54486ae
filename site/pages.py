"""The two languages of the site: the words, the navigation and the sibling of a page.

A page and its translation have the same path, the translation's under `zh/`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mkdocs.structure import StructureItem
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page

from mdderive.model.diagnostics import Language

FOLDER = "zh/"
CHINESE = "中文"


@dataclass(frozen=True, slots=True)
class Sibling:
    """A page in one of the languages, as the theme's language switch asks for it."""

    name: str
    lang: str
    link: str


def language(page: Page) -> Language:
    """Return the language of a page."""
    return "zh" if page.file.src_uri.startswith(FOLDER) else "en"


def in_language(page: Page, other: Page | None) -> Page | None:
    """Return another page where it is in the language of a page."""
    return other if other and language(other) == language(page) else None


def siblings(paths: Mapping[str, str], path: str) -> list[Sibling]:
    """Return a page in both languages; the first page of a language stands for a page that is not translated.

    `paths` are the addresses of the pages by their file.
    """
    path = path.removeprefix(FOLDER)
    return [
        Sibling(name, lang, paths.get(folder + path) or paths[folder + "index.md"])
        for name, lang, folder in (("English", "en", ""), (CHINESE, "zh", FOLDER))
    ]


def navigation(nav: Navigation, lang: Language) -> Navigation:
    """Return what a page in a language shows as the navigation: the sections in that language."""
    chinese = next(item for item in nav.items if isinstance(item, Section) and item.title == CHINESE)
    items: list[StructureItem] = chinese.children if lang == "zh" else [item for item in nav.items if item is not chinese]
    return Navigation(items, list(_pages(items)))


def _pages(items: list[StructureItem]) -> Iterator[Page]:
    for item in items:
        if isinstance(item, Page):
            yield item
        elif isinstance(item, Section):
            yield from _pages(item.children)
