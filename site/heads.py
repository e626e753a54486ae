"""What stands around a page: its description, what a link to it shows elsewhere, and the index that its search reads."""

import json
import re
from html import escape, unescape
from pathlib import Path
from posixpath import relpath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

import mdderive
from pages import FOLDER, language

LONGEST = 160
INDEX = "search/search_index.json"
PICTURE = "img/social-{lang}.png"
DIALOG = 'data-md-component="search" role="dialog"'
BASE = re.compile(r'(?<="base": )"[./]*"')  # in the settings that the theme's scripts read
PARAGRAPH = re.compile(r"<p>(.+?)</p>", re.DOTALL)
DERIVATION = re.compile(r'<section class="mdderive.*?</section>', re.DOTALL)
TAG, FORMULA = re.compile(r"<[^>]+>"), re.compile(r"\\\((.+?)\\\)", re.DOTALL)
STOPS: dict[str, str] = {"en": ". ", "zh": "。"}


def description(html: str, lang: str) -> str:
    """Return the first sentences of a page, formulas in plain text; empty where it has no paragraph of its own."""
    found = PARAGRAPH.search(DERIVATION.sub("", html))
    if found is None:
        return ""
    text = FORMULA.sub(lambda formula: mdderive.plain(formula[1]), unescape(TAG.sub("", found[1])))
    text = re.sub(r"\s+", " ", text).strip().rstrip(":：")
    if len(text) <= LONGEST:
        return text
    end = text.rfind(STOPS[lang], 0, LONGEST)
    return text[: end + 1] if end > 0 else text[: LONGEST - 1] + "…"


def head(html: str, page: Page, config: MkDocsConfig) -> str:
    """Return a page with the name of its search, the address of its index, and what a link to it shows elsewhere."""
    lang = language(page)
    html = html.replace(DIALOG, f'{DIALOG} aria-label="{"搜索" if lang == "zh" else "Search"}"')
    if lang == "zh":
        html = BASE.sub(f'"{relpath(FOLDER, page.url or ".")}"', html)
    said = {"og:type": "article", "og:title": f"{page.title} - {config.site_name}", "og:description": page.meta["description"]}
    if config.site_url:  # a picture is named by its whole address
        said["twitter:card"] = "summary_large_image"
        said["og:image"] = f"{config.site_url.rstrip('/')}/{PICTURE.format(lang=lang)}"
    tags = "".join(f'<meta property="{name}" content="{escape(text)}">\n' for name, text in said.items())
    return html.replace("</head>", f"{tags}</head>", 1)


def split_index(public: Path) -> None:
    """Give each language an index of its own, so that a page loads half, and finds what is in its language."""
    index = json.loads((public / INDEX).read_text(encoding="utf-8"))
    parts: dict[str, list[dict[str, object]]] = {"": [], FOLDER: []}
    for part in index["docs"]:
        folder = FOLDER if part["location"].startswith(FOLDER) else ""
        parts[folder].append(part | {"location": part["location"].removeprefix(folder)})
    for folder, docs in parts.items():
        path = public / folder / INDEX
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(index | {"docs": docs}, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
